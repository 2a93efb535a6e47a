// AVX-512 with VNNI: 32 samples of 16 bits at a time; products of pairs are added to the sums in one instruction (vpdpwssd), and
// samples are brought to their columns by permutations of whole registers (vpermw).
#include "frame_levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Without the tuning, clang takes vpdpwssd apart into a product and a sum.
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,tune=znver4")))
#define INLINE512 AVX512 static inline __attribute__((always_inline))

/// Two coefficients side by side in every 32-bit lane.
INLINE512 __m512i coefficient_pair(const int16_t *c) {
    int32_t pair;
    __builtin_memcpy(&pair, c, sizeof pair);
    return _mm512_set1_epi32(pair);
}

/// The pack undoes the interleaving's order of lanes.
INLINE512 __m512i rounded(__m512i low, __m512i high) {
    return _mm512_packs_epi32(_mm512_srai_epi32(low, 14), _mm512_srai_epi32(high, 14));
}

/// The sums of 64 columns of one output row: the low and the high halves of lanes, twice.
struct sums {
    __m512i low, high, low2, high2;
};

/// Two input rows of 64 columns, interleaved within lanes.
struct interleaved {
    __m512i low, high, low2, high2;
};

INLINE512 struct interleaved interleave(const int16_t *a, const int16_t *b) {
    __m512i a1 = _mm512_loadu_si512(a), b1 = _mm512_loadu_si512(b);
    __m512i a2 = _mm512_loadu_si512(a + 32), b2 = _mm512_loadu_si512(b + 32);
    return (struct interleaved){_mm512_unpacklo_epi16(a1, b1), _mm512_unpackhi_epi16(a1, b1),
                                _mm512_unpacklo_epi16(a2, b2), _mm512_unpackhi_epi16(a2, b2)};
}

INLINE512 void add(struct sums *sums, struct interleaved rows, const int16_t *coefficients) {
    __m512i pair = coefficient_pair(coefficients);
    sums->low = _mm512_dpwssd_epi32(sums->low, rows.low, pair);
    sums->high = _mm512_dpwssd_epi32(sums->high, rows.high, pair);
    sums->low2 = _mm512_dpwssd_epi32(sums->low2, rows.low2, pair);
    sums->high2 = _mm512_dpwssd_epi32(sums->high2, rows.high2, pair);
}

/// 64 columns of a group's rows at a time.
AVX512 static void vertical(const struct burns_rows *group, ptrdiff_t count) {
    struct burns_row_schedule schedule;
    burns_schedule(group, &schedule);
    const __m512i half = _mm512_set1_epi32(1 << 13);
    const int16_t *const *rows = group->rows;
    for (ptrdiff_t x = 0; x < count; x += 64) {
        struct sums sums[BURNS_GROUP_ROWS];
        for (int r = 0; r < BURNS_GROUP_ROWS; r++) sums[r] = (struct sums){half, half, half, half};
        burns_prefetch(group->ahead, x);
        burns_prefetch(group->ahead, x + 32);
#define STEP(k, from, to)                                                                                              \
    do {                                                                                                               \
        struct interleaved pair = interleave(rows[k] + x, rows[(k) + 1] + x);                                          \
        for (int r = from; r < to; r++) add(&sums[r], pair, schedule.coefficients[r] + (k));                           \
    } while (0)
        BURNS_FOR_ROW_PAIRS(schedule, STEP);
#undef STEP
        for (int r = 0; r < BURNS_GROUP_ROWS; r++) {
            _mm512_storeu_si512(group->out[r] + x, rounded(sums[r].low, sums[r].high));
            _mm512_storeu_si512(group->out[r] + x + 32, rounded(sums[r].low2, sums[r].high2));
        }
    }
}

/// Arranged for 16 columns to one window of 32 or 64 input samples, which begins at the first column's first tap: in the window,
/// the places of each column's first two samples; then for each pair of taps the coefficients of all 16 columns.
static void arrange(struct burns_columns *columns) {
    columns->span = 0;
    ptrdiff_t span = 0;
    if (columns->taps > 64) return;
    uint8_t *group = columns->groups;
    for (ptrdiff_t x = 0; x < columns->count; x += BURNS_GROUP_COLUMNS, group += burns_group_bytes(columns->taps)) {
        ptrdiff_t last = columns->first[burns_inside(columns, x + BURNS_GROUP_COLUMNS - 1)] - columns->first[x];
        if (last + columns->taps > 64) return;
        if (last + columns->taps > span) span = last + columns->taps;
        uint16_t *places = (uint16_t *)group;
        for (ptrdiff_t j = 0; j < BURNS_GROUP_COLUMNS; j++) {
            uint16_t place = (uint16_t)(columns->first[burns_inside(columns, x + j)] - columns->first[x]);
            places[2 * j] = place;
            places[2 * j + 1] = place + 1;
        }
        burns_arrange_coefficients(columns, x, group + 64);
    }
    columns->span = span;
}

/// 16 columns of four rows, from sums to bytes. The packs leave four columns of each row in every lane; the permutation brings
/// rows together.
INLINE512 void store_four_rows(uint8_t *out, ptrdiff_t stride, const __m512i *sums, ptrdiff_t rest) {
    const __m512i byRow = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
    __m512i upper = _mm512_packs_epi32(_mm512_srai_epi32(sums[0], 20), _mm512_srai_epi32(sums[1], 20));
    __m512i lower = _mm512_packs_epi32(_mm512_srai_epi32(sums[2], 20), _mm512_srai_epi32(sums[3], 20));
    __m512i rows = _mm512_permutexvar_epi32(byRow, _mm512_packus_epi16(upper, lower));
    __m128i bytes[4] = {_mm512_castsi512_si128(rows), _mm512_extracti32x4_epi32(rows, 1), _mm512_extracti32x4_epi32(rows, 2),
                        _mm512_extracti32x4_epi32(rows, 3)};
    for (int r = 0; r < 4; r++, out += stride) {
        if (rest >= BURNS_GROUP_COLUMNS) _mm_storeu_si128((__m128i *)out, bytes[r]);
        else __builtin_memcpy(out, &bytes[r], (size_t)rest);
    }
}

/// 16 columns of eight rows, which share places and coefficients.
INLINE512 void groups_of(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns, ptrdiff_t begin,
                         ptrdiff_t end, struct burns_ahead ahead, const ptrdiff_t taps, const int wide, const int finishes,
                         void *out, ptrdiff_t outStride) {
    const __m512i rounding = _mm512_set1_epi32(finishes ? (1 << 13) + (1 << 19) : 1 << 13);
    const __m512i two = _mm512_set1_epi16(2);
    for (ptrdiff_t x = begin; x < end; x += BURNS_GROUP_COLUMNS) {
        const uint8_t *group = columns->groups + x / BURNS_GROUP_COLUMNS * burns_group_bytes(taps);
        const int16_t *in = rows + columns->first[x];
        __m512i places = _mm512_load_si512(group);
        burns_prefetch(ahead, columns->first[x]);
        __m512i sums[BURNS_BLOCK_ROWS], left[BURNS_BLOCK_ROWS], right[BURNS_BLOCK_ROWS];
        for (int r = 0; r < BURNS_BLOCK_ROWS; r++) {
            sums[r] = rounding;
            left[r] = _mm512_loadu_si512(in + r * rowStride);
            if (wide) right[r] = _mm512_loadu_si512(in + r * rowStride + 32);
        }
        for (ptrdiff_t k = 0; k < taps; k += 2) {
            __m512i c = _mm512_load_si512(group + 64 + k * 32);
            for (int r = 0; r < BURNS_BLOCK_ROWS; r++) {
                __m512i pairs = wide ? _mm512_permutex2var_epi16(left[r], places, right[r])
                                     : _mm512_permutexvar_epi16(places, left[r]);
                sums[r] = _mm512_dpwssd_epi32(sums[r], pairs, c);
            }
            places = _mm512_add_epi16(places, two);
        }
        ptrdiff_t rest = end - x;
        if (finishes) {
            uint8_t *to = (uint8_t *)out + x - begin;
            for (int r = 0; r < BURNS_BLOCK_ROWS; r += 4) store_four_rows(to + r * outStride, outStride, sums + r, rest);
        } else {
            int16_t *to = (int16_t *)out + x - begin;
            for (int r = 0; r < BURNS_BLOCK_ROWS; r++, to += outStride) {
                __m256i words = _mm512_cvtsepi32_epi16(_mm512_srai_epi32(sums[r], 14));
                if (rest >= BURNS_GROUP_COLUMNS) _mm256_storeu_si256((__m256i *)to, words);
                else __builtin_memcpy(to, &words, (size_t)rest * sizeof(int16_t));
            }
        }
    }
}

INLINE512 void groups(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns, ptrdiff_t begin,
                      ptrdiff_t end, struct burns_ahead ahead, const int finishes, void *out, ptrdiff_t outStride) {
#define GROUPS(TAPS, WIDE) groups_of(rows, rowStride, columns, begin, end, ahead, TAPS, WIDE, finishes, out, outStride)
    if (columns->span <= 32) {
        switch (columns->taps) {
        case 6: return GROUPS(6, 0);
        case 8: return GROUPS(8, 0);
        default: return GROUPS(columns->taps, 0);
        }
    }
    switch (columns->taps) {
    case 10: return GROUPS(10, 1);
    case 12: return GROUPS(12, 1);
    default: return GROUPS(columns->taps, 1);
    }
#undef GROUPS
}

AVX512 static void horizontal(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                              ptrdiff_t begin, ptrdiff_t end, struct burns_ahead ahead, int16_t *out,
                              ptrdiff_t outStride) {
    if (columns->span == 0) return burns_horizontal_wide_avx2(rows, rowStride, columns, begin, end, out, outStride);
    groups(rows, rowStride, columns, begin, end, ahead, 0, out, outStride);
}

AVX512 static void horizontal_finish(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                                     ptrdiff_t begin, ptrdiff_t end, struct burns_ahead ahead, uint8_t *out,
                                     ptrdiff_t outStride) {
    if (columns->span == 0)
        return burns_horizontal_finish_wide_avx2(rows, rowStride, columns, begin, end, out, outStride);
    groups(rows, rowStride, columns, begin, end, ahead, 1, out, outStride);
}

const struct burns_frame_kernels burns_frame_avx512 = {
    .name = "avx512", .vertical = vertical, .arrange = arrange, .horizontal = horizontal,
    .horizontal_finish = horizontal_finish, .mix = burns_mix_avx2, .finish = burns_finish_avx2};
#endif
