// The tables there are. Each lives in the file of its instruction set.
#pragma once

#include "frame_kernels.h"

extern const struct burns_frame_kernels burns_frame_scalar;

// Tails of the vector kernels.
void burns_vertical_scalar(const int16_t *const *rows, const int16_t *coefficients, ptrdiff_t taps, int16_t *out,
                           ptrdiff_t begin, ptrdiff_t end);
void burns_horizontal_scalar(const int16_t *rows, ptrdiff_t rowStride, const int32_t *first, const uint16_t *phase,
                             const int16_t *table, ptrdiff_t stride, ptrdiff_t taps, int16_t *out, ptrdiff_t outStride,
                             ptrdiff_t begin, ptrdiff_t end);
void burns_mix_scalar(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t begin,
                      ptrdiff_t end);
void burns_finish_scalar(const int16_t *in, uint8_t *out, ptrdiff_t begin, ptrdiff_t end);

#if defined(__x86_64__)
extern const struct burns_frame_kernels burns_frame_avx2;
#endif
