// The inner loops of a frame. `ReferenceResampler.swift` says what they compute, to the bit.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Input samples that one output sample reads at most.
#define BURNS_MAXIMUM_TAPS 384
/// Rows that the horizontal pass takes at once.
#define BURNS_BLOCK_ROWS 8
/// Output columns of a group: what the horizontal pass takes at once.
#define BURNS_GROUP_COLUMNS 16
/// Input columns that one call of the horizontal pass may span.
#define BURNS_TILE_COLUMNS 2048
/// Columns past the last one needed that the horizontal pass may read, whatever is in them.
#define BURNS_TILE_MARGIN 64

/// Samples of a working row that the vertical pass takes at least: it is given whole multiples of these.
#define BURNS_VECTOR_COLUMNS 64

/// Input rows that will be needed soon. A pass brings the columns that it works on of them nearer meanwhile: each of the two does
/// half of it, or memory would rest during the other one.
struct burns_ahead {
    const int16_t *_Nonnull const *_Nonnull rows;
    ptrdiff_t count;
};

/// Output rows that the vertical pass makes at once: neighbours read mostly the same input rows.
#define BURNS_GROUP_ROWS 4

/// A group of neighbouring output rows.
struct burns_rows {
    /// Input rows: output row r reads rows[first[r] + k], k in 0 ..< taps. Where first[r] is odd, one more may be read, whatever is
    /// in it.
    const int16_t *_Nonnull const *_Nonnull rows;
    /// 0 ... taps, rising; first[0] is 0.
    ptrdiff_t first[BURNS_GROUP_ROWS];
    /// Even.
    ptrdiff_t taps;
    const int16_t *_Nonnull coefficients[BURNS_GROUP_ROWS];
    int16_t *_Nonnull out[BURNS_GROUP_ROWS];
    /// Its rows begin at the same column as `rows`.
    struct burns_ahead ahead;
};

/// The columns of an output plane: where in the input each begins, and with which coefficients.
struct burns_columns {
    /// Input column of each output column's first tap; rises.
    const int32_t *_Nonnull first;
    const uint16_t *_Nonnull phase;
    /// Phase p owns table[p · taps ..< (p + 1) · taps].
    const int16_t *_Nonnull table;
    /// Even.
    ptrdiff_t taps;
    ptrdiff_t count;
    /// The same, as vectors want it: see `arrange`.
    uint8_t *_Nonnull groups;
    /// Input columns that a group spans at most; 0 where groups are not arranged.
    ptrdiff_t span;
};

/// What `groups` points to: room for this many bytes, aligned to 64.
static inline ptrdiff_t burns_group_bytes(ptrdiff_t taps) { return 64 + taps / 2 * 64; }

/// One table per instruction set. Every function of every table gives the same results.
struct burns_frame_kernels {
    /// "scalar", "avx2", "avx512".
    const char *_Nonnull name;

    /// out[r][x] = sat16((Σ rows[first[r] + k][x] · coefficients[r][k] + 2^13) >> 14) for x in 0 ..< count, which is a multiple of
    /// BURNS_VECTOR_COLUMNS.
    void (*_Nonnull vertical)(const struct burns_rows *_Nonnull group, ptrdiff_t count);

    /// Prepares `columns` for the two below: once per frame and plane, for all of its rows. Sets `span`, fills `groups`.
    void (*_Nonnull arrange)(struct burns_columns *_Nonnull columns);

    /// For each of BURNS_BLOCK_ROWS rows, which lie `rowStride` and `outStride` samples apart:
    /// out[x - begin] = sat16((Σ row[first[x] + k] · table[phase[x] · taps + k] + 2^13) >> 14) for x in begin ..< end.
    /// The rows of `ahead` begin at input column 0. Where groups are arranged, `begin` is a multiple of
    /// BURNS_GROUP_COLUMNS. Always first[end - 1] + taps - first[begin] <= BURNS_TILE_COLUMNS.
    void (*_Nonnull horizontal)(const int16_t *_Nonnull rows, ptrdiff_t rowStride,
                                const struct burns_columns *_Nonnull columns, ptrdiff_t begin, ptrdiff_t end,
                                struct burns_ahead ahead, int16_t *_Nonnull out, ptrdiff_t outStride);

    /// `horizontal` and `finish` in one, for frames of one layer: the samples stay in registers.
    void (*_Nonnull horizontal_finish)(const int16_t *_Nonnull rows, ptrdiff_t rowStride,
                                       const struct burns_columns *_Nonnull columns, ptrdiff_t begin, ptrdiff_t end,
                                       struct burns_ahead ahead, uint8_t *_Nonnull out, ptrdiff_t outStride);

    /// a[x] = (a[x] · weightA + b[x] · weightB + bias) >> 14; `bias` holds black's share and the rounding.
    void (*_Nonnull mix)(int16_t *_Nonnull a, int weightA, const int16_t *_Nonnull b, int weightB, int32_t bias,
                         ptrdiff_t count);

    /// out[x] = clamp((in[x] + 2^5) >> 6, 0, 255).
    void (*_Nonnull finish)(const int16_t *_Nonnull in, uint8_t *_Nonnull out, ptrdiff_t count);
};

/// The kernels that this machine can run, worst first: index 0 is "scalar"; NULL past the last.
const struct burns_frame_kernels *_Nullable burns_frame_kernels_at(ptrdiff_t index);
