// AVX2: 16 samples of 16 bits at a time; products and sums of pairs in one instruction (vpmaddwd).
#include "frame_levels.h"

#if defined(__x86_64__)
#include "avx2.h"

/// The pack undoes the interleaving's order of lanes.
AVX2 static inline void store_rounded(int16_t *out, __m256i low, __m256i high) {
    _mm256_storeu_si256((__m256i *)out, _mm256_packs_epi32(_mm256_srai_epi32(low, 14), _mm256_srai_epi32(high, 14)));
}

/// The sums of 16 columns of one output row, in the order of the interleaving.
struct sums {
    __m256i low, high;
};

/// Two input rows of 16 columns, interleaved within lanes.
struct interleaved {
    __m256i low, high;
};

INLINE2 struct interleaved interleave(const int16_t *a, const int16_t *b) {
    __m256i above = _mm256_loadu_si256((const __m256i *)a), below = _mm256_loadu_si256((const __m256i *)b);
    return (struct interleaved){_mm256_unpacklo_epi16(above, below), _mm256_unpackhi_epi16(above, below)};
}

INLINE2 void add(struct sums *sums, struct interleaved rows, const int16_t *coefficients) {
    __m256i pair = coefficient_pair(coefficients);
    sums->low = _mm256_add_epi32(sums->low, _mm256_madd_epi16(rows.low, pair));
    sums->high = _mm256_add_epi32(sums->high, _mm256_madd_epi16(rows.high, pair));
}

/// 16 columns of a group's rows at a time: as many sums as there are registers for.
AVX2 static void vertical(const struct burns_rows *group, ptrdiff_t count) {
    struct burns_row_schedule schedule;
    burns_schedule(group, &schedule);
    const __m256i half = _mm256_set1_epi32(1 << 13);
    const int16_t *const *rows = group->rows;
    for (ptrdiff_t x = 0; x < count; x += 16) {
        struct sums sums[BURNS_GROUP_ROWS];
        for (int r = 0; r < BURNS_GROUP_ROWS; r++) sums[r] = (struct sums){half, half};
        if (x % 32 == 0) burns_prefetch(group->ahead, x);
#define STEP(k, from, to)                                                                                              \
    do {                                                                                                               \
        struct interleaved pair = interleave(rows[k] + x, rows[(k) + 1] + x);                                          \
        for (int r = from; r < to; r++) add(&sums[r], pair, schedule.coefficients[r] + (k));                           \
    } while (0)
        BURNS_FOR_ROW_PAIRS(schedule, STEP);
#undef STEP
        for (int r = 0; r < BURNS_GROUP_ROWS; r++) store_rounded(group->out[r] + x, sums[r].low, sums[r].high);
    }
}

/// Arranged for four columns of output to a lane of eight input samples: bytes that bring each column's first two samples to
/// its place, then for each pair of taps the coefficients of all 16 columns. A group's lanes begin at columns 0, 4, 8 and 12.
static void arrange(struct burns_columns *columns) {
    columns->span = 0;
    if (columns->taps > 12) return;
    uint8_t *group = columns->groups;
    for (ptrdiff_t x = 0; x < columns->count; x += BURNS_GROUP_COLUMNS, group += burns_group_bytes(columns->taps)) {
        for (ptrdiff_t j = 0; j < BURNS_GROUP_COLUMNS; j++) {
            ptrdiff_t column = burns_inside(columns, x + j);
            int32_t from = columns->first[column] - columns->first[burns_inside(columns, x + j / 4 * 4)];
            if (from > 6) return;
            for (int byte = 0; byte < 4; byte++) group[j * 4 + byte] = (uint8_t)(from * 2 + byte);
        }
        burns_arrange_coefficients(columns, x, group + 64);
    }
    columns->span = 8;
}

/// Eight columns: the sums of two lanes of one row.
#define LANES(row, at, k)                                                                                              \
    _mm256_inserti128_si256(                                                                                           \
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)((row) + base[at] + (k)))),                            \
        _mm_loadu_si128((const __m128i *)((row) + base[(at) + 1] + (k))), 1)

/// Four rows at a time, which share the coefficients; 16 columns of each.
INLINE2 void
groups_of_four_rows(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns, ptrdiff_t begin,
                    ptrdiff_t end, struct burns_ahead ahead, const ptrdiff_t taps, const int finishes, void *out,
                    ptrdiff_t outStride) {
    enum { rowCount = 4 };
    const __m256i rounding = _mm256_set1_epi32(finishes ? (1 << 13) + (1 << 19) : 1 << 13);
    for (ptrdiff_t x = begin; x < end; x += BURNS_GROUP_COLUMNS) {
        const uint8_t *group = columns->groups + x / BURNS_GROUP_COLUMNS * burns_group_bytes(taps);
        const __m256i *c = (const __m256i *)(group + 64);
        const __m256i selectA = _mm256_load_si256((const __m256i *)group);
        const __m256i selectB = _mm256_load_si256((const __m256i *)group + 1);
        burns_prefetch(ahead, columns->first[x]);
        ptrdiff_t base[4];
        for (int lane = 0; lane < 4; lane++) base[lane] = columns->first[burns_inside(columns, x + 4 * lane)];
        __m256i a[rowCount], b[rowCount];
        for (int r = 0; r < rowCount; r++) a[r] = b[r] = rounding;
        for (ptrdiff_t k = 0; k < taps; k += 2, c += 2) {
            for (int r = 0; r < rowCount; r++) {
                const int16_t *row = rows + r * rowStride;
                __m256i va = _mm256_shuffle_epi8(LANES(row, 0, k), selectA);
                __m256i vb = _mm256_shuffle_epi8(LANES(row, 2, k), selectB);
                a[r] = _mm256_add_epi32(a[r], _mm256_madd_epi16(va, _mm256_load_si256(c)));
                b[r] = _mm256_add_epi32(b[r], _mm256_madd_epi16(vb, _mm256_load_si256(c + 1)));
            }
        }
        for (int r = 0; r < rowCount; r++) {
            const int shift = finishes ? 20 : 14;
            // The pack takes lanes in turn; columns 4–7 and 8–11 change places again.
            __m256i words = _mm256_permute4x64_epi64(
                _mm256_packs_epi32(_mm256_srai_epi32(a[r], shift), _mm256_srai_epi32(b[r], shift)), 0xD8);
            ptrdiff_t at = r * outStride + x - begin, rest = end - x;
            if (finishes) {
                __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
                if (rest >= BURNS_GROUP_COLUMNS) _mm_storeu_si128((__m128i *)((uint8_t *)out + at), bytes);
                else __builtin_memcpy((uint8_t *)out + at, &bytes, (size_t)rest);
            } else {
                if (rest >= BURNS_GROUP_COLUMNS) _mm256_storeu_si256((__m256i *)((int16_t *)out + at), words);
                else __builtin_memcpy((int16_t *)out + at, &words, (size_t)rest * 2);
            }
        }
    }
}

#define FOUR_ROWS(TAPS, FINISHES)                                                                                      \
    groups_of_four_rows(in, rowStride, columns, begin, end, ahead, TAPS, FINISHES, out + r * outStride, outStride)

/// The taps that moves of up to 2:1 need are constants, so that their loops are unrolled.
#define GROUPS(FINISHES)                                                                                               \
    for (ptrdiff_t r = 0; r < BURNS_BLOCK_ROWS; r += 4, ahead.count = 0) {                                             \
        const int16_t *in = rows + r * rowStride;                                                                      \
        switch (columns->taps) {                                                                                       \
        case 6: FOUR_ROWS(6, FINISHES); break;                                                                         \
        case 8: FOUR_ROWS(8, FINISHES); break;                                                                         \
        case 10: FOUR_ROWS(10, FINISHES); break;                                                                       \
        default: FOUR_ROWS(12, FINISHES);                                                                              \
        }                                                                                                              \
    }

AVX2 static void horizontal(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                            ptrdiff_t begin, ptrdiff_t end, struct burns_ahead ahead, int16_t *out, ptrdiff_t outStride) {
    if (columns->span == 0) return burns_horizontal_wide_avx2(rows, rowStride, columns, begin, end, out, outStride);
    GROUPS(0)
}

AVX2 static void horizontal_finish(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                                   ptrdiff_t begin, ptrdiff_t end, struct burns_ahead ahead, uint8_t *out,
                                   ptrdiff_t outStride) {
    if (columns->span == 0)
        return burns_horizontal_finish_wide_avx2(rows, rowStride, columns, begin, end, out, outStride);
    GROUPS(1)
}

AVX2 void burns_mix_avx2(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t count) {
    const __m256i weights = _mm256_set1_epi32((int32_t)((uint32_t)weightB << 16 | (uint32_t)weightA));
    const __m256i offset = _mm256_set1_epi32(bias);
    ptrdiff_t x = 0;
    for (; x + 16 <= count; x += 16) {
        __m256i low = offset, high = offset;
        __m256i va = _mm256_loadu_si256((const __m256i *)(a + x)), vb = _mm256_loadu_si256((const __m256i *)(b + x));
        low = _mm256_add_epi32(low, _mm256_madd_epi16(_mm256_unpacklo_epi16(va, vb), weights));
        high = _mm256_add_epi32(high, _mm256_madd_epi16(_mm256_unpackhi_epi16(va, vb), weights));
        store_rounded(a + x, low, high);
    }
    burns_mix_scalar(a, weightA, b, weightB, bias, x, count);
}

AVX2 void burns_finish_avx2(const int16_t *in, uint8_t *out, ptrdiff_t count) {
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
    .name = "avx2", .vertical = vertical, .arrange = arrange, .horizontal = horizontal,
    .horizontal_finish = horizontal_finish, .mix = burns_mix_avx2, .finish = burns_finish_avx2};
#endif
