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

/// Columns of eight rows as vectors: element [c][r] holds samples c and c + 1 of row r side by side, ready for vpmaddwd.
/// Eight outputs of one column then cost one instruction for two taps, and no horizontal additions.
typedef int32_t column_pairs[BURNS_TILE_COLUMNS + 16][BURNS_BLOCK_ROWS];

/// Four pairs of columns, at every second column from `rows` on: a transposition of 32-bit elements.
AVX2 static inline void transpose_pairs(const int16_t *rows, ptrdiff_t stride, int32_t (*pairs)[BURNS_BLOCK_ROWS]) {
#define ROW(r) _mm_loadu_si128((const __m128i *)(rows + (r) * stride))
#define ROWS(r) _mm256_inserti128_si256(_mm256_castsi128_si256(ROW(r)), ROW((r) + 4), 1)
    __m256i a = ROWS(0), b = ROWS(1), c = ROWS(2), d = ROWS(3);
#undef ROWS
#undef ROW
    __m256i ab01 = _mm256_unpacklo_epi32(a, b), ab23 = _mm256_unpackhi_epi32(a, b);
    __m256i cd01 = _mm256_unpacklo_epi32(c, d), cd23 = _mm256_unpackhi_epi32(c, d);
    _mm256_store_si256((__m256i *)pairs[0], _mm256_unpacklo_epi64(ab01, cd01));
    _mm256_store_si256((__m256i *)pairs[2], _mm256_unpackhi_epi64(ab01, cd01));
    _mm256_store_si256((__m256i *)pairs[4], _mm256_unpacklo_epi64(ab23, cd23));
    _mm256_store_si256((__m256i *)pairs[6], _mm256_unpackhi_epi64(ab23, cd23));
}

/// One output column of eight rows, rounded: rows 0–3 in the low half, 4–7 in the high one.
AVX2 static inline __attribute__((always_inline)) __m256i
output_column(const int32_t (*pairs)[BURNS_BLOCK_ROWS], const int16_t *c, ptrdiff_t taps) {
    __m256i sum = _mm256_set1_epi32(1 << 13);
    for (ptrdiff_t k = 0; k < taps; k += 2)
        sum = _mm256_add_epi32(
            sum, _mm256_madd_epi16(_mm256_load_si256((const __m256i *)pairs[k]), coefficient_pair(c + k)));
    return _mm256_srai_epi32(sum, 14);
}

/// Eight output columns at a time, turned back into rows.
AVX2 static inline __attribute__((always_inline)) ptrdiff_t
output_columns(const column_pairs pairs, ptrdiff_t origin, const int32_t *first, const uint16_t *phase,
               const int16_t *table, ptrdiff_t stride, ptrdiff_t taps, int16_t *out, ptrdiff_t outStride,
               ptrdiff_t count) {
    ptrdiff_t x = 0;
    for (; x + 8 <= count; x += 8) {
#define COLUMN(i) output_column(pairs + (first[x + (i)] - origin), table + phase[x + (i)] * stride, taps)
        // Each holds two columns: c0r0 c0r1 c0r2 c0r3 c1r0 …
        __m256i c01 = _mm256_packs_epi32(COLUMN(0), COLUMN(1)), c23 = _mm256_packs_epi32(COLUMN(2), COLUMN(3));
        __m256i c45 = _mm256_packs_epi32(COLUMN(4), COLUMN(5)), c67 = _mm256_packs_epi32(COLUMN(6), COLUMN(7));
#undef COLUMN
        __m256i c02 = _mm256_unpacklo_epi16(c01, c23), c13 = _mm256_unpackhi_epi16(c01, c23);
        __m256i c46 = _mm256_unpacklo_epi16(c45, c67), c57 = _mm256_unpackhi_epi16(c45, c67);
        __m256i left01 = _mm256_unpacklo_epi16(c02, c13), left23 = _mm256_unpackhi_epi16(c02, c13);
        __m256i right01 = _mm256_unpacklo_epi16(c46, c57), right23 = _mm256_unpackhi_epi16(c46, c57);
        __m256i rows[4] = {
            _mm256_unpacklo_epi64(left01, right01), _mm256_unpackhi_epi64(left01, right01),
            _mm256_unpacklo_epi64(left23, right23), _mm256_unpackhi_epi64(left23, right23)};
        for (int r = 0; r < 4; r++) {
            _mm_storeu_si128((__m128i *)(out + r * outStride + x), _mm256_castsi256_si128(rows[r]));
            _mm_storeu_si128((__m128i *)(out + (r + 4) * outStride + x), _mm256_extracti128_si256(rows[r], 1));
        }
    }
    return x;
}

AVX2 static void horizontal(const int16_t *rows, ptrdiff_t rowStride, const int32_t *first, const uint16_t *phase,
                            const int16_t *table, ptrdiff_t stride, ptrdiff_t taps, int16_t *out, ptrdiff_t outStride,
                            ptrdiff_t count) {
    _Alignas(32) column_pairs pairs;
    ptrdiff_t origin = first[0], columns = first[count - 1] + taps - origin;
    for (ptrdiff_t c = 0; c < columns; c += 8) {
        transpose_pairs(rows + origin + c, rowStride, pairs + c);
        transpose_pairs(rows + origin + c + 1, rowStride, pairs + c + 1);
    }
    // The taps that moves of up to 2:1 need are constants, so that their loops are unrolled.
#define OUTPUT(TAPS) output_columns(pairs, origin, first, phase, table, stride, TAPS, out, outStride, count)
    ptrdiff_t done = taps == 4 ? OUTPUT(4) : taps == 6 ? OUTPUT(6) : taps == 8 ? OUTPUT(8) : OUTPUT(taps);
#undef OUTPUT
    burns_horizontal_scalar(rows, rowStride, first, phase, table, stride, taps, out, outStride, done, count);
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
