// AVX2: 16 samples of 16 bits at a time; products and sums of pairs in one instruction (vpmaddwd).
#include "frame_levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/// Two coefficients side by side in every 32-bit lane, to be multiplied with two interleaved rows.
AVX2 static inline __m256i coefficient_pair(const int16_t *c) {
    int32_t pair;
    __builtin_memcpy(&pair, c, sizeof pair);
    return _mm256_set1_epi32(pair);
}

/// Rows a and b interleaved, times their coefficients, added to the sums of samples 0–3 & 8–11 (low) and 4–7 & 12–15 (high).
AVX2 static inline void add_row_pair(const int16_t *a, const int16_t *b, __m256i pair, __m256i *low, __m256i *high) {
    __m256i va = _mm256_loadu_si256((const __m256i *)a);
    __m256i vb = _mm256_loadu_si256((const __m256i *)b);
    *low = _mm256_add_epi32(*low, _mm256_madd_epi16(_mm256_unpacklo_epi16(va, vb), pair));
    *high = _mm256_add_epi32(*high, _mm256_madd_epi16(_mm256_unpackhi_epi16(va, vb), pair));
}

/// The pack undoes the interleaving's order of lanes.
AVX2 static inline void store_rounded(int16_t *out, __m256i low, __m256i high) {
    _mm256_storeu_si256((__m256i *)out, _mm256_packs_epi32(_mm256_srai_epi32(low, 14), _mm256_srai_epi32(high, 14)));
}

/// One loop per even number of taps that moves of up to 2:1 need, so that the compiler unrolls it and keeps the coefficients.
#define VERTICAL_OF(TAPS)                                                                                              \
    AVX2 static ptrdiff_t vertical_##TAPS(const int16_t *const *rows, const int16_t *c, int16_t *out,                  \
                                          ptrdiff_t count) {                                                           \
        const __m256i half = _mm256_set1_epi32(1 << 13);                                                               \
        __m256i pairs[TAPS / 2];                                                                                       \
        const int16_t *row[TAPS];                                                                                      \
        for (int k = 0; k < TAPS; k++) row[k] = rows[k];                                                               \
        for (int k = 0; k < TAPS / 2; k++) pairs[k] = coefficient_pair(c + 2 * k);                                     \
        ptrdiff_t x = 0;                                                                                               \
        for (; x + 16 <= count; x += 16) {                                                                             \
            __m256i low = half, high = half;                                                                           \
            for (int k = 0; k < TAPS / 2; k++)                                                                         \
                add_row_pair(row[2 * k] + x, row[2 * k + 1] + x, pairs[k], &low, &high);                               \
            store_rounded(out + x, low, high);                                                                         \
        }                                                                                                              \
        return x;                                                                                                      \
    }

VERTICAL_OF(4)
VERTICAL_OF(6)
VERTICAL_OF(8)

AVX2 static ptrdiff_t vertical_any(const int16_t *const *rows, const int16_t *c, ptrdiff_t taps, int16_t *out,
                                   ptrdiff_t count) {
    const __m256i half = _mm256_set1_epi32(1 << 13);
    ptrdiff_t x = 0;
    for (; x + 16 <= count; x += 16) {
        __m256i low = half, high = half;
        for (ptrdiff_t k = 0; k < taps; k += 2)
            add_row_pair(rows[k] + x, rows[k + 1] + x, coefficient_pair(c + k), &low, &high);
        store_rounded(out + x, low, high);
    }
    return x;
}

static void vertical(const int16_t *const *rows, const int16_t *coefficients, ptrdiff_t taps, int16_t *out,
                     ptrdiff_t count) {
    ptrdiff_t done = taps == 4   ? vertical_4(rows, coefficients, out, count)
                     : taps == 6 ? vertical_6(rows, coefficients, out, count)
                     : taps == 8 ? vertical_8(rows, coefficients, out, count)
                                 : vertical_any(rows, coefficients, taps, out, count);
    burns_vertical_scalar(rows, coefficients, taps, out, done, count);
}

/// Four samples each of two places: a's in the low half, b's in the high half.
AVX2 static inline __m128i load_4_4(const int16_t *a, const int16_t *b) {
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)a), _mm_loadl_epi64((const __m128i *)b));
}

AVX2 static inline __m256i load_8_8(const int16_t *a, const int16_t *b) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)a)),
                                   _mm_loadu_si128((const __m128i *)b), 1);
}

/// 8 outputs of 4 taps. Outputs 0–3 go through the low 128 bits and 4–7 through the high ones, so that one horizontal add
/// leaves them in order.
AVX2 static ptrdiff_t horizontal_4(const int16_t *row, const int32_t *first, const uint16_t *phase,
                                   const int16_t *table, int16_t *out, ptrdiff_t count) {
    const __m256i half = _mm256_set1_epi32(1 << 13);
    ptrdiff_t x = 0;
    for (; x + 8 <= count; x += 8) {
#define INPUT(i) (row + first[x + (i)])
#define COEFFICIENTS(i) (table + (ptrdiff_t)phase[x + (i)] * 4)
        __m256i even = _mm256_madd_epi16(
            _mm256_set_m128i(load_4_4(INPUT(4), INPUT(5)), load_4_4(INPUT(0), INPUT(1))),
            _mm256_set_m128i(load_4_4(COEFFICIENTS(4), COEFFICIENTS(5)), load_4_4(COEFFICIENTS(0), COEFFICIENTS(1))));
        __m256i odd = _mm256_madd_epi16(
            _mm256_set_m128i(load_4_4(INPUT(6), INPUT(7)), load_4_4(INPUT(2), INPUT(3))),
            _mm256_set_m128i(load_4_4(COEFFICIENTS(6), COEFFICIENTS(7)), load_4_4(COEFFICIENTS(2), COEFFICIENTS(3))));
#undef INPUT
#undef COEFFICIENTS
        __m256i sums = _mm256_srai_epi32(_mm256_add_epi32(_mm256_hadd_epi32(even, odd), half), 14);
        _mm_storeu_si128((__m128i *)(out + x),
                         _mm_packs_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1)));
    }
    return x;
}

/// Products of outputs `x + a` (low half) and `x + b` (high half), 8 taps at a time, summed to 4 lanes each.
AVX2 static inline __m256i products_8(const int16_t *row, const int32_t *first, const uint16_t *phase,
                                      const int16_t *table, ptrdiff_t stride, ptrdiff_t a, ptrdiff_t b) {
    const int16_t *inA = row + first[a], *inB = row + first[b];
    const int16_t *cA = table + phase[a] * stride, *cB = table + phase[b] * stride;
    __m256i sum = _mm256_madd_epi16(load_8_8(inA, inB), load_8_8(cA, cB));
    for (ptrdiff_t k = 8; k < stride; k += 8)
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(load_8_8(inA + k, inB + k), load_8_8(cA + k, cB + k)));
    return sum;
}

AVX2 static inline __attribute__((always_inline)) ptrdiff_t
horizontal_8n(const int16_t *row, const int32_t *first, const uint16_t *phase, const int16_t *table, ptrdiff_t stride,
              int16_t *out, ptrdiff_t count) {
    const __m256i half = _mm256_set1_epi32(1 << 13);
    ptrdiff_t x = 0;
    for (; x + 8 <= count; x += 8) {
        __m256i s0 = products_8(row, first, phase, table, stride, x + 0, x + 4);
        __m256i s1 = products_8(row, first, phase, table, stride, x + 1, x + 5);
        __m256i s2 = products_8(row, first, phase, table, stride, x + 2, x + 6);
        __m256i s3 = products_8(row, first, phase, table, stride, x + 3, x + 7);
        __m256i sums = _mm256_hadd_epi32(_mm256_hadd_epi32(s0, s1), _mm256_hadd_epi32(s2, s3));
        sums = _mm256_srai_epi32(_mm256_add_epi32(sums, half), 14);
        _mm_storeu_si128((__m128i *)(out + x),
                         _mm_packs_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1)));
    }
    return x;
}

AVX2 static ptrdiff_t horizontal_8(const int16_t *row, const int32_t *first, const uint16_t *phase,
                                   const int16_t *table, int16_t *out, ptrdiff_t count) {
    return horizontal_8n(row, first, phase, table, 8, out, count);
}

AVX2 static ptrdiff_t horizontal_any(const int16_t *row, const int32_t *first, const uint16_t *phase,
                                     const int16_t *table, ptrdiff_t stride, int16_t *out, ptrdiff_t count) {
    return horizontal_8n(row, first, phase, table, stride, out, count);
}

static void horizontal(const int16_t *row, const int32_t *first, const uint16_t *phase, const int16_t *table,
                       ptrdiff_t stride, int16_t *out, ptrdiff_t count) {
    ptrdiff_t done = stride == 4   ? horizontal_4(row, first, phase, table, out, count)
                     : stride == 8 ? horizontal_8(row, first, phase, table, out, count)
                                   : horizontal_any(row, first, phase, table, stride, out, count);
    burns_horizontal_scalar(row, first, phase, table, stride, out, done, count);
}

AVX2 static void mix(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t count) {
    const __m256i weights = _mm256_set1_epi32((int32_t)((uint32_t)weightB << 16 | (uint32_t)weightA));
    const __m256i offset = _mm256_set1_epi32(bias);
    ptrdiff_t x = 0;
    for (; x + 16 <= count; x += 16) {
        __m256i low = offset, high = offset;
        add_row_pair(a + x, b + x, weights, &low, &high);
        store_rounded(a + x, low, high);
    }
    burns_mix_scalar(a, weightA, b, weightB, bias, x, count);
}

AVX2 static void finish(const int16_t *in, uint8_t *out, ptrdiff_t count) {
    const __m256i half = _mm256_set1_epi16(32);
    ptrdiff_t x = 0;
    for (; x + 32 <= count; x += 32) {
        // The saturating add only differs from the exact one far above 255.
        __m256i a = _mm256_srai_epi16(_mm256_adds_epi16(_mm256_loadu_si256((const __m256i *)(in + x)), half), 6);
        __m256i b = _mm256_srai_epi16(_mm256_adds_epi16(_mm256_loadu_si256((const __m256i *)(in + x + 16)), half), 6);
        __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xD8);
        _mm256_storeu_si256((__m256i *)(out + x), bytes);
    }
    burns_finish_scalar(in, out, x, count);
}

const struct burns_frame_kernels burns_frame_avx2 = {
    .name = "avx2", .vertical = vertical, .horizontal = horizontal, .mix = mix, .finish = finish};
#endif
