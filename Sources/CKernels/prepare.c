#include "prepare_kernels.h"

#include <string.h>

// Where fused multiply-add exists the compiler may not use it: it rounds once where others round twice.
#pragma STDC FP_CONTRACT OFF

/// A pixel: four lanes, which every machine of interest has.
typedef float pixel __attribute__((vector_size(16)));

static inline pixel load(const float *p) {
    pixel value;
    memcpy(&value, p, sizeof value);
    return value;
}

static inline void store(float *p, pixel value) { memcpy(p, &value, sizeof value); }

void burns_linearize(const uint16_t *rgba, float *pixels, ptrdiff_t count, const float *eotf) {
    for (ptrdiff_t x = 0; x < count; x++, rgba += 4, pixels += 4) {
        pixel value = {eotf[rgba[0]], eotf[rgba[1]], eotf[rgba[2]], 1};
        if (rgba[3] != 65535) value *= (float)rgba[3] / 65535;
        store(pixels, value);
    }
}

void burns_scale_horizontal(const float *pixels, ptrdiff_t inputCount, struct burns_scale_axis axis, float *out,
                            ptrdiff_t outputCount) {
    for (ptrdiff_t x = 0; x < outputCount; x++) {
        const float *c = axis.coefficients + x * axis.taps;
        ptrdiff_t first = axis.first[x];
        pixel sum = {0};
        if (first >= 0 && first + axis.taps <= inputCount) {
            const float *in = pixels + first * 4;
            for (ptrdiff_t k = 0; k < axis.taps; k++) sum += load(in + k * 4) * c[k];
        } else {
            for (ptrdiff_t k = 0; k < axis.taps; k++) {
                ptrdiff_t column = first + k;
                column = column < 0 ? 0 : column >= inputCount ? inputCount - 1 : column;
                sum += load(pixels + column * 4) * c[k];
            }
        }
        store(out + x * 4, sum);
    }
}

void burns_scale_vertical(const float *const *rows, const float *coefficients, ptrdiff_t taps, float *out,
                          ptrdiff_t count) {
    for (ptrdiff_t x = 0; x < count * 4; x += 4) {
        pixel sum = {0};
        for (ptrdiff_t k = 0; k < taps; k++) sum += load(rows[k] + x) * coefficients[k];
        store(out + x, sum);
    }
}

void burns_delinearize(const float *pixels, const float background[3], uint16_t *rgba, ptrdiff_t count,
                       const uint16_t *oetf) {
    for (ptrdiff_t x = 0; x < count; x++, pixels += 4, rgba += 4) {
        float rest = 1 - pixels[3];
        for (int channel = 0; channel < 3; channel++) {
            float value = (pixels[channel] + rest * background[channel]) * 262144 + 0.5f;
            rgba[channel] = oetf[value < 0 ? 0 : value > 262144 ? 262144 : (int32_t)value];
        }
        rgba[3] = 65535;
    }
}

// BT.709 luma weights and chroma divisors, times the working range over 65535, in 17 fractional bits. Each row of a matrix
// sums to exactly what white needs: 219 · 64 · 2^17 / 65535 for luma, 0 for chroma.
enum {
    yR = 5960, yG = 20049, yB = 2024,
    cbR = -3285, cbG = -11051, cbB = 14336,
    crR = 14336, crG = -13022, crB = -1314,
    blackLuma = 16 << 6,
    neutralChroma = 128 << 6,
    half = 1 << 16,
};

void burns_rgb_to_ycbcr(const uint16_t *rgba, int16_t *y, int16_t *cb, int16_t *cr, ptrdiff_t step, ptrdiff_t count) {
    for (ptrdiff_t x = 0; x < count; x++, rgba += 4) {
        int32_t r = rgba[0], g = rgba[1], b = rgba[2];
        y[x * step] = (int16_t)(((yR * r + yG * g + yB * b + half) >> 17) + blackLuma);
        cb[x * step] = (int16_t)(((cbR * r + cbG * g + cbB * b + half) >> 17) + neutralChroma);
        cr[x * step] = (int16_t)(((crR * r + crG * g + crB * b + half) >> 17) + neutralChroma);
    }
}

void burns_subsample_chroma(const int16_t *upper, const int16_t *lower, ptrdiff_t inputCount, int16_t *out) {
    for (ptrdiff_t x = 0; x < inputCount; x += 2) {
        ptrdiff_t left = x > 0 ? x - 1 : 0, right = x + 1 < inputCount ? x + 1 : inputCount - 1;
        int32_t sum = upper[left] + 2 * upper[x] + upper[right] + lower[left] + 2 * lower[x] + lower[right];
        out[x / 2] = (int16_t)((sum + 4) >> 3);
    }
}
