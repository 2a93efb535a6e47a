// The tables there are, each in the files of its instruction set, and what these share.
#pragma once

#include "frame_kernels.h"
#include "levels.h"

extern const struct burns_frame_kernels burns_frame_scalar;

// Tails of the vector kernels.
void burns_mix_scalar(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t begin,
                      ptrdiff_t end);
void burns_finish_scalar(const int16_t *in, uint8_t *out, ptrdiff_t begin, ptrdiff_t end);

/// Loops of a few turns only, for which unrolling is nothing but weight.
#define BURNS_SHORT_LOOP _Pragma("clang loop unroll(disable)")

/// Into the second level of the cache: the line of column `x`, of each row that is needed soon.
static inline void burns_prefetch(struct burns_ahead ahead, ptrdiff_t x) {
    BURNS_SHORT_LOOP
    for (ptrdiff_t row = 0; row < ahead.count; row++) __builtin_prefetch(ahead.rows[row] + x, 0, 2);
}

/// The vector kernels multiply input rows 2k and 2k + 1 at once, for all output rows of a group, so that rows are interleaved once
/// for all of them. Where one begins at an odd row, its coefficients get a zero in front and one behind.
struct burns_row_schedule {
    /// Output row r takes input rows begin[r] ..< end[r]: even, rising.
    ptrdiff_t begin[BURNS_GROUP_ROWS], end[BURNS_GROUP_ROWS];
    /// What input row k is multiplied with for output row r: coefficients[r][k].
    const int16_t *coefficients[BURNS_GROUP_ROWS];
    int16_t padded[BURNS_GROUP_ROWS][BURNS_MAXIMUM_TAPS + 2];
};

static inline void burns_schedule(const struct burns_rows *group, struct burns_row_schedule *schedule) {
    const ptrdiff_t taps = group->taps;
    for (int r = 0; r < BURNS_GROUP_ROWS; r++) {
        const int16_t *coefficients = group->coefficients[r];
        const ptrdiff_t odd = group->first[r] & 1;
        if (odd) {
            int16_t *padded = schedule->padded[r];
            padded[0] = padded[taps + 1] = 0;
            __builtin_memcpy(padded + 1, coefficients, (size_t)taps * sizeof(int16_t));
            coefficients = padded;
        }
        schedule->begin[r] = group->first[r] - odd;
        schedule->end[r] = group->first[r] + taps + odd;
        schedule->coefficients[r] = coefficients - schedule->begin[r];
    }
}

/// What a vector kernel does for the columns of one vector: STEP(k, from, to) for each pair of input rows k and k + 1, with
/// the output rows from ..< to that read them. All four do in the middle, as first[3] <= taps.
#define BURNS_FOR_ROW_PAIRS(schedule, STEP)                                                                            \
    do {                                                                                                               \
        ptrdiff_t k = 0;                                                                                               \
        BURNS_SHORT_LOOP for (; k < (schedule).begin[1]; k += 2) STEP(k, 0, 1);                                        \
        BURNS_SHORT_LOOP for (; k < (schedule).begin[2]; k += 2) STEP(k, 0, 2);                                        \
        BURNS_SHORT_LOOP for (; k < (schedule).begin[3]; k += 2) STEP(k, 0, 3);                                        \
        BURNS_SHORT_LOOP for (; k < (schedule).end[0]; k += 2) STEP(k, 0, 4);                                          \
        BURNS_SHORT_LOOP for (; k < (schedule).end[1]; k += 2) STEP(k, 1, 4);                                          \
        BURNS_SHORT_LOOP for (; k < (schedule).end[2]; k += 2) STEP(k, 2, 4);                                          \
        BURNS_SHORT_LOOP for (; k < (schedule).end[3]; k += 2) STEP(k, 3, 4);                                          \
    } while (0)

/// The last group's missing columns repeat the last one.
static inline ptrdiff_t burns_inside(const struct burns_columns *columns, ptrdiff_t x) {
    return x < columns->count ? x : columns->count - 1;
}

/// For each pair of taps, the coefficients of the group's 16 columns side by side: taps / 2 × 64 bytes.
void burns_arrange_coefficients(const struct burns_columns *columns, ptrdiff_t x, uint8_t *out);

#if defined(__x86_64__)
extern const struct burns_frame_kernels burns_frame_avx2, burns_frame_avx512;

void burns_horizontal_wide_avx2(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                                ptrdiff_t begin, ptrdiff_t end, int16_t *out, ptrdiff_t outStride);
void burns_horizontal_finish_wide_avx2(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                                       ptrdiff_t begin, ptrdiff_t end, uint8_t *out, ptrdiff_t outStride);
void burns_mix_avx2(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t count);
void burns_finish_avx2(const int16_t *in, uint8_t *out, ptrdiff_t count);
#endif
