// The tables there are, each in the files of its instruction set, and what these share.
#pragma once

#include "frame_kernels.h"

extern const struct burns_frame_kernels burns_frame_scalar;

// Tails of the vector kernels.
void burns_mix_scalar(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t begin,
                      ptrdiff_t end);
void burns_finish_scalar(const int16_t *in, uint8_t *out, ptrdiff_t begin, ptrdiff_t end);

/// One line of the cache, of each row that is needed soon, into the second level.
static inline void burns_prefetch(const struct burns_row_pair *pair, ptrdiff_t x) {
    for (ptrdiff_t row = 0; row < pair->aheadCount; row++) __builtin_prefetch(pair->ahead[row] + x, 0, 2);
}

/// The vector kernels multiply input rows 2k and 2k + 1 at once, for both output rows of a pair, so that rows are interleaved once for
/// both. Where the lower one begins at an odd row, its coefficients get a zero in front and one behind.
struct burns_row_schedule {
    /// The upper output row takes input rows 0 ..< taps, the lower one those from `lowerBegin` to `lowerEnd`. All even.
    ptrdiff_t lowerBegin, lowerEnd;
    const int16_t *lowerCoefficients;
    int16_t padded[BURNS_MAXIMUM_TAPS + 2];
};

static inline void burns_schedule(const struct burns_row_pair *pair, struct burns_row_schedule *schedule) {
    ptrdiff_t odd = pair->step & 1, taps = pair->taps;
    schedule->lowerBegin = pair->step - odd;
    schedule->lowerEnd = pair->step + taps + odd;
    schedule->lowerCoefficients = pair->lowerCoefficients;
    if (!odd) return;
    schedule->padded[0] = schedule->padded[taps + 1] = 0;
    __builtin_memcpy(schedule->padded + 1, pair->lowerCoefficients, (size_t)taps * sizeof(int16_t));
    schedule->lowerCoefficients = schedule->padded;
}

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
