// The loops that prepare pictures, for each instruction set.
#include "levels.h"
#include "prepare_loops.h"

#define LEVEL(name, attribute)                                                                                                 \
    attribute static void linearize_##name(const uint16_t *const rgba[BURNS_ABREAST], float *out, ptrdiff_t count,             \
                                           const float *eotf) {                                                                \
        linearize(rgba, out, count, eotf);                                                                                     \
    }                                                                                                                          \
    attribute static void scale_horizontal_##name(const float *in, ptrdiff_t inputCount, struct burns_scale_axis axis,         \
                                                  float *const out[BURNS_ABREAST], ptrdiff_t outputCount) {                    \
        scale_horizontal(in, inputCount, axis, out, outputCount);                                                              \
    }                                                                                                                          \
    attribute static void scale_vertical_##name(const float *const *rows, const float *coefficients, ptrdiff_t taps,           \
                                                float *out, ptrdiff_t count) {                                                 \
        scale_vertical(rows, coefficients, taps, out, count);                                                                  \
    }                                                                                                                          \
    attribute static void delinearize_##name(const float *in, const float background[3], uint16_t *rgba, ptrdiff_t count,      \
                                             const uint16_t *oetf) {                                                           \
        delinearize(in, background, rgba, count, oetf);                                                                        \
    }                                                                                                                          \
    attribute static void rgb_to_ycbcr_##name(const uint16_t *rgba, int16_t *y, int16_t *cb, int16_t *cr, ptrdiff_t step,      \
                                              ptrdiff_t count) {                                                               \
        rgb_to_ycbcr(rgba, y, cb, cr, step, count);                                                                            \
    }                                                                                                                          \
    attribute static void subsample_chroma_##name(const int16_t *upper, const int16_t *lower, ptrdiff_t inputCount,            \
                                                  int16_t *out) {                                                              \
        subsample_chroma(upper, lower, inputCount, out);                                                                       \
    }                                                                                                                          \
    static const struct burns_prepare_kernels name##_kernels = {                                                               \
        #name, linearize_##name, scale_horizontal_##name, scale_vertical_##name, delinearize_##name, rgb_to_ycbcr_##name,      \
        subsample_chroma_##name,                                                                                               \
    };

LEVEL(scalar, )
#if defined(__x86_64__)
LEVEL(avx2, BURNS_AVX2)
LEVEL(avx512, BURNS_AVX512)
#endif

const struct burns_prepare_kernels *burns_prepare_kernels_at(ptrdiff_t index) {
    static const struct burns_prepare_kernels *const levels[] = {
        &scalar_kernels,
#if defined(__x86_64__)
        &avx2_kernels,
        &avx512_kernels,
#endif
    };
    return index < burns_level_count() ? levels[index] : NULL;
}
