// The inner loops that make working pictures: once per picture, in linear light.
//
// Single-precision floats in a fixed order of operations and without fused multiply-add: the same bits on every machine.
// A pixel is four floats: red, green, blue, alpha; linear light, premultiplied, 0…1.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Where one axis of a scaling reads: output i reads `taps` inputs from `first[i]`, weighted by `coefficients[i * taps …]`.
struct burns_scale_axis {
    const int32_t *_Nonnull first;
    const float *_Nonnull coefficients;
    ptrdiff_t taps;
};

/// R'G'B'A of 16 bits to linear premultiplied pixels; `eotf` has 65,536 entries.
void burns_linearize(const uint16_t *_Nonnull rgba, float *_Nonnull pixels, ptrdiff_t count,
                     const float *_Nonnull eotf);

/// One row scaled horizontally; reads outside of 0 ..< inputCount replicate the edge.
void burns_scale_horizontal(const float *_Nonnull pixels, ptrdiff_t inputCount, struct burns_scale_axis axis,
                            float *_Nonnull out, ptrdiff_t outputCount);

/// The weighted sum of `taps` rows of `count` pixels.
void burns_scale_vertical(const float *_Nonnull const *_Nonnull rows, const float *_Nonnull coefficients,
                          ptrdiff_t taps, float *_Nonnull out, ptrdiff_t count);

/// Linear pixels over a linear background to R'G'B'A of 16 bits, opaque; `oetf` has 2^18 + 1 entries.
void burns_delinearize(const float *_Nonnull pixels, const float background[_Nonnull 3], uint16_t *_Nonnull rgba,
                       ptrdiff_t count, const uint16_t *_Nonnull oetf);

/// R'G'B' of 16 bits to full-resolution Y'CbCr working samples (BT.709, limited range, code value times 64).
/// `step` is the distance between output samples: ±1 along a row, ±stride along a column.
void burns_rgb_to_ycbcr(const uint16_t *_Nonnull rgba, int16_t *_Nonnull y, int16_t *_Nonnull cb, int16_t *_Nonnull cr,
                        ptrdiff_t step, ptrdiff_t count);

/// Two rows of full-resolution chroma to one row of 4:2:0, sited left: (1 2 1)/4 across, (1 1)/2 down, edges replicated.
void burns_subsample_chroma(const int16_t *_Nonnull upper, const int16_t *_Nonnull lower, ptrdiff_t inputCount,
                            int16_t *_Nonnull out);
