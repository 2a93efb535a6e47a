// The tables there are, each in the files of its instruction set, and what these share.
#pragma once

#include "frame_kernels.h"

extern const struct burns_frame_kernels burns_frame_scalar;

// Tails of the vector kernels.
void burns_vertical_scalar(const int16_t *const *rows, const int16_t *coefficients, ptrdiff_t taps, int16_t *out,
                           ptrdiff_t begin, ptrdiff_t end);
void burns_mix_scalar(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t begin,
                      ptrdiff_t end);
void burns_finish_scalar(const int16_t *in, uint8_t *out, ptrdiff_t begin, ptrdiff_t end);

/// One line of the cache, of each row, into the second level.
static inline void burns_prefetch(const int16_t *const *rows, ptrdiff_t count, ptrdiff_t x) {
    if (x % 32 == 0)
        for (ptrdiff_t row = 0; row < count; row++) __builtin_prefetch(rows[row] + x, 0, 2);
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
