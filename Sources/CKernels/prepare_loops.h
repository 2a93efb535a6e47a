// The loops of prepare_kernels.h, once for all instruction sets: the compiler makes what it can of the vectors.
#pragma once

#include "levels.h"
#include "prepare_kernels.h"

#include <string.h>

// Where fused multiply-add exists the compiler may not use it: it rounds once where others round twice.
#pragma STDC FP_CONTRACT OFF

/// A pixel: four lanes, which every machine of interest has.
typedef float pixel __attribute__((vector_size(16)));
/// A pixel of each of BURNS_ABREAST rows, or as many of one row: one vector of AVX-512, two of AVX2, four of SSE.
typedef float pixels __attribute__((vector_size(16 * BURNS_ABREAST)));

// Macros, as vectors of this size cannot be handed to functions on every machine.
#define LOAD(into, from) memcpy(&(into), (from), sizeof(into))
#define STORE(to, value) memcpy((to), &(value), sizeof(value))

enum { floatsAbreast = 4 * BURNS_ABREAST };

LOOP linearize(const uint16_t *const rgba[BURNS_ABREAST], float *out, ptrdiff_t count, const float *eotf) {
    for (ptrdiff_t x = 0; x < count; x++) {
        for (int row = 0; row < BURNS_ABREAST; row++, out += 4) {
            const uint16_t *in = rgba[row] + x * 4;
            pixel value = {eotf[in[0]], eotf[in[1]], eotf[in[2]], 1};
            if (in[3] != 65535) value *= (float)in[3] / 65535;
            STORE(out, value);
        }
    }
}

LOOP scale_horizontal(const float *in, ptrdiff_t inputCount, struct burns_scale_axis axis, float *const out[BURNS_ABREAST],
                      ptrdiff_t outputCount) {
    for (ptrdiff_t x = 0; x < outputCount; x++) {
        const float *c = axis.coefficients + x * axis.taps;
        const ptrdiff_t first = axis.first[x];
        pixels sum = {0}, value;
        if (first >= 0 && first + axis.taps <= inputCount) {
            for (ptrdiff_t k = 0; k < axis.taps; k++) {
                LOAD(value, in + (first + k) * floatsAbreast);
                sum += value * c[k];
            }
        } else {
            for (ptrdiff_t k = 0; k < axis.taps; k++) {
                ptrdiff_t column = first + k;
                column = column < 0 ? 0 : column >= inputCount ? inputCount - 1 : column;
                LOAD(value, in + column * floatsAbreast);
                sum += value * c[k];
            }
        }
        for (int row = 0; row < BURNS_ABREAST; row++) {
            pixel one = {sum[row * 4], sum[row * 4 + 1], sum[row * 4 + 2], sum[row * 4 + 3]};
            STORE(out[row] + x * 4, one);
        }
    }
}

LOOP scale_vertical(const float *const *rows, const float *coefficients, ptrdiff_t taps, float *out, ptrdiff_t count) {
    ptrdiff_t x = 0;
    for (; x + 2 * floatsAbreast <= count * 4; x += 2 * floatsAbreast) {
        pixels left = {0}, right = {0}, value;
        for (ptrdiff_t k = 0; k < taps; k++) {
            LOAD(value, rows[k] + x);
            left += value * coefficients[k];
            LOAD(value, rows[k] + x + floatsAbreast);
            right += value * coefficients[k];
        }
        STORE(out + x, left);
        STORE(out + x + floatsAbreast, right);
    }
    for (; x < count * 4; x += 4) {
        pixel sum = {0}, value;
        for (ptrdiff_t k = 0; k < taps; k++) {
            LOAD(value, rows[k] + x);
            sum += value * coefficients[k];
        }
        STORE(out + x, sum);
    }
}

LOOP delinearize(const float *in, const float background[3], uint16_t *rgba, ptrdiff_t count, const uint16_t *oetf) {
    typedef int32_t indices __attribute__((vector_size(16)));
    const pixel behind = {background[0], background[1], background[2], 0};
    const pixel black = {0}, white = {262144, 262144, 262144, 262144};
    for (ptrdiff_t x = 0; x < count; x++, in += 4, rgba += 4) {
        pixel value;
        LOAD(value, in);
        value = (value + (1 - value[3]) * behind) * 262144 + 0.5f;
        value = __builtin_elementwise_min(__builtin_elementwise_max(value, black), white);
        const indices index = __builtin_convertvector(value, indices);
        rgba[0] = oetf[index[0]];
        rgba[1] = oetf[index[1]];
        rgba[2] = oetf[index[2]];
        rgba[3] = 65535;
    }
}

LOOP to_ycbcr(const uint16_t *restrict rgba, int16_t *restrict y, int16_t *restrict cb, int16_t *restrict cr, ptrdiff_t step,
              ptrdiff_t count) {
    // BT.709 luma weights and chroma divisors, times the working range over 65535, in 17 fractional bits. Each row of the matrix
    // sums to exactly what white needs: 219 · 64 · 2^17 / 65535 for luma, 0 for chroma.
    enum {
        yR = 5960, yG = 20049, yB = 2024,
        cbR = -3285, cbG = -11051, cbB = 14336,
        crR = 14336, crG = -13022, crB = -1314,
        blackLuma = 16 << 6,
        neutralChroma = 128 << 6,
        half = 1 << 16,
    };
    for (ptrdiff_t x = 0; x < count; x++) {
        const int32_t r = rgba[x * 4], g = rgba[x * 4 + 1], b = rgba[x * 4 + 2];
        y[x * step] = (int16_t)(((yR * r + yG * g + yB * b + half) >> 17) + blackLuma);
        cb[x * step] = (int16_t)(((cbR * r + cbG * g + cbB * b + half) >> 17) + neutralChroma);
        cr[x * step] = (int16_t)(((crR * r + crG * g + crB * b + half) >> 17) + neutralChroma);
    }
}

LOOP rgb_to_ycbcr(const uint16_t *rgba, int16_t *y, int16_t *cb, int16_t *cr, ptrdiff_t step, ptrdiff_t count) {
    // A step known to the compiler gives vectors.
    if (step == 1) to_ycbcr(rgba, y, cb, cr, 1, count);
    else to_ycbcr(rgba, y, cb, cr, step, count);
}

LOOP subsample_chroma(const int16_t *upper, const int16_t *lower, ptrdiff_t inputCount, int16_t *restrict out) {
#define SUBSAMPLED(left, x, right)                                                                                             \
    (int16_t)((upper[left] + 2 * upper[x] + upper[right] + lower[left] + 2 * lower[x] + lower[right] + 4) >> 3)
    out[0] = SUBSAMPLED(0, 0, inputCount > 1);
    const ptrdiff_t whole = inputCount / 2;
    for (ptrdiff_t x = 1; x < whole; x++) out[x] = SUBSAMPLED(2 * x - 1, 2 * x, 2 * x + 1);
    if (inputCount > 1 && inputCount % 2 == 1) out[whole] = SUBSAMPLED(inputCount - 2, inputCount - 1, inputCount - 1);
#undef SUBSAMPLED
}

#undef LOAD
#undef STORE
