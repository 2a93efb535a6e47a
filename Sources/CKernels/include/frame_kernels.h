// The inner loops of a frame. `ReferenceResampler.swift` says what they compute, to the bit.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Rows that the horizontal pass takes at once.
#define BURNS_BLOCK_ROWS 8
/// Input columns that one call of the horizontal pass may span.
#define BURNS_TILE_COLUMNS 1024
/// Columns past the last one needed that the horizontal pass may read, whatever is in them.
#define BURNS_TILE_MARGIN 32

/// One table per instruction set. Every function of every table gives the same results.
struct burns_frame_kernels {
    /// "scalar", "avx2": what is reported, and what BURNS_CPU takes.
    const char *_Nonnull name;

    /// out[x] = sat16((Σ rows[k][x] · coefficients[k] + 2^13) >> 14) for x in 0 ..< count; `taps` is even.
    void (*_Nonnull vertical)(const int16_t *_Nonnull const *_Nonnull rows, const int16_t *_Nonnull coefficients,
                              ptrdiff_t taps, int16_t *_Nonnull out, ptrdiff_t count);

    /// For each of BURNS_BLOCK_ROWS rows, which lie `rowStride` and `outStride` samples apart:
    /// out[x] = sat16((Σ row[first[x] + k] · table[phase[x] · stride + k] + 2^13) >> 14) for x in 0 ..< count.
    /// `taps` is even, `first` rises, and first[count - 1] + taps - first[0] <= BURNS_TILE_COLUMNS.
    void (*_Nonnull horizontal)(const int16_t *_Nonnull rows, ptrdiff_t rowStride, const int32_t *_Nonnull first,
                                const uint16_t *_Nonnull phase, const int16_t *_Nonnull table, ptrdiff_t stride,
                                ptrdiff_t taps, int16_t *_Nonnull out, ptrdiff_t outStride, ptrdiff_t count);

    /// a[x] = (a[x] · weightA + b[x] · weightB + bias) >> 14; `bias` holds black's share and the rounding.
    void (*_Nonnull mix)(int16_t *_Nonnull a, int weightA, const int16_t *_Nonnull b, int weightB, int32_t bias,
                         ptrdiff_t count);

    /// out[x] = clamp((in[x] + 2^5) >> 6, 0, 255).
    void (*_Nonnull finish)(const int16_t *_Nonnull in, uint8_t *_Nonnull out, ptrdiff_t count);
};

/// The kernels that this machine can run, worst first: index 0 is "scalar"; NULL past the last.
const struct burns_frame_kernels *_Nullable burns_frame_kernels_at(ptrdiff_t index);
