// The inner loops that make working pictures: once per picture, in linear light.
//
// Single-precision floats in a fixed order of operations and without fused multiply-add: the same bits on every machine.
// A pixel is four floats: red, green, blue, alpha; linear light, premultiplied, 0…1.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Rows that are scaled across side by side: one coefficient is for all of them, and their pixels fill the widest vectors.
#define BURNS_ABREAST 4

/// Where one axis of a scaling reads: output i reads `taps` inputs from `first[i]`, weighted by `coefficients[i * taps …]`.
struct burns_scale_axis {
    const int32_t *_Nonnull first;
    const float *_Nonnull coefficients;
    ptrdiff_t taps;
};

/// One table per instruction set. Every function of every table gives the same results.
struct burns_prepare_kernels {
    /// "scalar", "avx2", "avx512".
    const char *_Nonnull name;

    /// R'G'B'A of 16 bits to linear premultiplied pixels, of BURNS_ABREAST rows: pixel x of row r is
    /// pixels[x * BURNS_ABREAST + r]. `eotf` has 65,536 entries.
    void (*_Nonnull linearize)(const uint16_t *_Nonnull const rgba[_Nonnull BURNS_ABREAST], float *_Nonnull pixels,
                               ptrdiff_t count, const float *_Nonnull eotf);

    /// Rows as `linearize` leaves them, scaled horizontally into a row each; reads outside of 0 ..< inputCount replicate the
    /// edge.
    void (*_Nonnull scale_horizontal)(const float *_Nonnull pixels, ptrdiff_t inputCount, struct burns_scale_axis axis,
                                      float *_Nonnull const out[_Nonnull BURNS_ABREAST], ptrdiff_t outputCount);

    /// The weighted sum of `taps` rows of `count` pixels.
    void (*_Nonnull scale_vertical)(const float *_Nonnull const *_Nonnull rows, const float *_Nonnull coefficients,
                                    ptrdiff_t taps, float *_Nonnull out, ptrdiff_t count);

    /// Linear pixels over a linear background to R'G'B'A of 16 bits, opaque; `oetf` has 2^18 + 1 entries.
    void (*_Nonnull delinearize)(const float *_Nonnull pixels, const float background[_Nonnull 3], uint16_t *_Nonnull rgba,
                                 ptrdiff_t count, const uint16_t *_Nonnull oetf);

    /// R'G'B' of 16 bits to full-resolution Y'CbCr working samples (BT.709, limited range, code value times 64).
    /// `step` is the distance between output samples: ±1 along a row, ±stride along a column.
    void (*_Nonnull rgb_to_ycbcr)(const uint16_t *_Nonnull rgba, int16_t *_Nonnull y, int16_t *_Nonnull cb,
                                  int16_t *_Nonnull cr, ptrdiff_t step, ptrdiff_t count);

    /// Two rows of full-resolution chroma to one row of 4:2:0, sited left: (1 2 1)/4 across, (1 1)/2 down, edges replicated.
    void (*_Nonnull subsample_chroma)(const int16_t *_Nonnull upper, const int16_t *_Nonnull lower, ptrdiff_t inputCount,
                                      int16_t *_Nonnull out);
};

/// The kernels that this machine can run, worst first: index 0 is "scalar"; NULL past the last.
const struct burns_prepare_kernels *_Nullable burns_prepare_kernels_at(ptrdiff_t index);
