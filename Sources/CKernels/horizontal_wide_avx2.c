// The horizontal pass where outputs lie far apart in the input: eight rows become the lanes of vectors.
#include "frame_levels.h"

#if defined(__x86_64__)
#include "avx2.h"

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
               const int16_t *table, ptrdiff_t taps, int16_t *out, ptrdiff_t outStride,
               ptrdiff_t count) {
    ptrdiff_t x = 0;
    for (; x + 8 <= count; x += 8) {
#define COLUMN(i) output_column(pairs + (first[x + (i)] - origin), table + phase[x + (i)] * taps, taps)
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

/// The horizontal pass of any number of taps.
AVX2 void burns_horizontal_wide_avx2(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                                     ptrdiff_t begin, ptrdiff_t end, int16_t *out, ptrdiff_t outStride) {
    const int32_t *first = columns->first + begin;
    _Alignas(32) column_pairs pairs;
    ptrdiff_t origin = first[0], inputColumns = columns->first[end - 1] + columns->taps - origin;
    for (ptrdiff_t c = 0; c < inputColumns; c += 8) {
        transpose_pairs(rows + origin + c, rowStride, pairs + c);
        transpose_pairs(rows + origin + c + 1, rowStride, pairs + c + 1);
    }
    const struct burns_ahead none = {&rows, 0};
    ptrdiff_t done = output_columns(pairs, origin, first, columns->phase + begin, columns->table, columns->taps, out,
                                    outStride, end - begin);
    if (begin + done < end)
        burns_frame_scalar.horizontal(rows, rowStride, columns, begin + done, end, none, out + done, outStride);
}

void burns_horizontal_finish_wide_avx2(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                                       ptrdiff_t begin, ptrdiff_t end, uint8_t *out, ptrdiff_t outStride) {
    enum { width = 128 };
    int16_t samples[BURNS_BLOCK_ROWS][width];
    for (ptrdiff_t x = begin; x < end; x += width) {
        ptrdiff_t stop = x + width < end ? x + width : end;
        burns_horizontal_wide_avx2(rows, rowStride, columns, x, stop, samples[0], width);
        for (ptrdiff_t r = 0; r < BURNS_BLOCK_ROWS; r++)
            burns_finish_avx2(samples[r], out + r * outStride + x - begin, stop - x);
    }
}
#endif
