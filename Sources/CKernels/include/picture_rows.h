// Rows of a decoded picture to interleaved R'G'B'A of 16 bits. Integer arithmetic only: equal bytes on every machine.
#pragma once

#include <stddef.h>
#include <stdint.h>

// How chroma samples lie along a row.
enum burns_chroma_layout {
    burns_chroma_full = 0,        // one per luma sample
    burns_chroma_half_centred,    // one per two, between them (JPEG, WebP)
    burns_chroma_half_cosited,    // one per two, on the left one (MPEG-2's place, some AVIF)
    burns_chroma_quarter_centred, // one per four, in their middle (4:1:1)
};

// R' = (y * Y + rv * V + r0) >> 13 and so on; Y is a code value of the picture's depth, U and V sixteen times one.
// The offsets hold black level, chroma's centre and rounding. Whoever makes one answers for sums inside int32_t.
struct burns_yuv_matrix {
    int32_t y, rv, gu, gv, bu;
    int32_t r0, g0, b0;
};

// One row of chroma samples at luma's width, sixteen times their code value.
//
// near, far: the two stored rows that the row lies between, weighted near_weight : far_weight.
// sample_bytes: 1 or 2 (native order); code values of at most 12 bits, 8 where shift is not 0.
// shift: log2 of (sum of the vertical weights * sum of the horizontal ones) less 4; horizontal sums are 4, or 8 for a quarter.
// scratch: chroma_width + 2 samples. out: width samples.
void burns_picture_chroma_row(uint16_t *_Nonnull out, int width, const void *_Nonnull near_row, const void *_Nonnull far_row,
                              int sample_bytes, int chroma_width, int near_weight, int far_weight, int shift,
                              enum burns_chroma_layout layout, uint16_t *_Nonnull scratch);

// One row of Y' and full-width chroma to R'G'B'A with A = 65535.
void burns_picture_yuv_row(uint16_t *_Nonnull rgba, const void *_Nonnull luma, int sample_bytes, const uint16_t *_Nonnull u,
                           const uint16_t *_Nonnull v, int width, const struct burns_yuv_matrix *_Nonnull matrix);

// Samples of 8 bits that stand step bytes apart, v * 257 each; a == NULL: opaque. Grey: r == g == b.
void burns_picture_packed8_row(uint16_t *_Nonnull rgba, const uint8_t *_Nonnull r, const uint8_t *_Nonnull g,
                               const uint8_t *_Nonnull b, const uint8_t *_Nullable a, int step, int width);

// Samples of 16 bits that stand step bytes apart, big-endian or little-endian.
void burns_picture_packed16_row(uint16_t *_Nonnull rgba, const uint8_t *_Nonnull r, const uint8_t *_Nonnull g,
                                const uint8_t *_Nonnull b, const uint8_t *_Nullable a, int step, int width, int big_endian);

// Palette indices through 256 colours of 4 samples.
void burns_picture_palette_row(uint16_t *_Nonnull rgba, const uint8_t *_Nonnull indices, const uint16_t *_Nonnull colours,
                               int width);

// Component rows of any depth; maximum[c] is component c's largest code value; rows[3] == NULL: opaque.
void burns_picture_components_row(uint16_t *_Nonnull rgba, const uint16_t *_Nonnull const rows[_Nonnull 3],
                                  const uint16_t *_Nullable alpha, const int32_t maximum[_Nonnull 4], int width);

// Replaces A by a row of samples of 1 or 2 bytes, maximum the largest code value.
void burns_picture_alpha_row(uint16_t *_Nonnull rgba, const void *_Nonnull alpha, int sample_bytes, int maximum, int width);

// C, M, Y, K in place of R, G, B, A (0: all ink, as in JPEG files) to R'G'B' with A = 65535, as C * K.
void burns_picture_cmyk_row(uint16_t *_Nonnull rgba, int width);

// R, G and B that were multiplied by A, divided by it; 0 where A is 0.
void burns_picture_unpremultiply_row(uint16_t *_Nonnull rgba, int width);

// A shaper-matrix-shaper colour transform in place; A stays.
//
// curves: three tables of 65536 entries, code value to linear light, 1 << 20 = 1.
// matrix: row-major, 1 << 14 = 1, linear light to linear light.
// encoding_low: linear light 0 ..< 65536 (1/1048576 each); encoding_high: linear light / 16, 0 ... 65536.
void burns_picture_shaper_row(uint16_t *_Nonnull rgba, int width, const uint32_t *_Nonnull curves,
                              const int32_t matrix[_Nonnull 9], const uint16_t *_Nonnull encoding_low,
                              const uint16_t *_Nonnull encoding_high);

// A table of 65536 entries on R, G and B in place; A stays.
void burns_picture_curve_row(uint16_t *_Nonnull rgba, int width, const uint16_t *_Nonnull curve);
