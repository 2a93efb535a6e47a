#include "picture_rows.h"

#include "levels.h"

// A function of the loops below for each instruction set, and one that calls the best that is used: the compiler makes what it
// can of the vectors. These are integers only, which come out the same.
#if defined(__x86_64__)
#define AT_BEST_LEVEL(name, parameters, arguments)                                                                             \
    static void name##_scalar parameters { name##_loop arguments; }                                                            \
    BURNS_AVX2 static void name##_avx2 parameters { name##_loop arguments; }                                                   \
    BURNS_AVX512 static void name##_avx512 parameters { name##_loop arguments; }                                               \
    void name parameters {                                                                                                     \
        const ptrdiff_t levels = burns_used_level_count();                                                                     \
        (levels > 2 ? name##_avx512 : levels > 1 ? name##_avx2 : name##_scalar) arguments;                                     \
    }
#else
#define AT_BEST_LEVEL(name, parameters, arguments)                                                                             \
    void name parameters { name##_loop arguments; }
#endif

static inline uint16_t clamp16(int32_t v) { return (uint16_t)(v < 0 ? 0 : v > 65535 ? 65535 : v); }

// The vertical mix, with one replicated sample at either end so that the horizontal filters have no edge cases.
LOOP mix_rows(uint16_t *restrict t, const void *near_row, const void *far_row, int sample_bytes, int n, int wn, int wf) {
    if (sample_bytes == 1) {
        const uint8_t *a = near_row, *b = far_row;
        for (int i = 0; i < n; i++) t[i + 1] = (uint16_t)(a[i] * wn + b[i] * wf);
    } else {
        const uint16_t *a = near_row, *b = far_row;
        for (int i = 0; i < n; i++) t[i + 1] = (uint16_t)(a[i] * wn + b[i] * wf);
    }
    t[0] = t[1];
    t[n + 1] = t[n];
}

LOOP burns_picture_chroma_row_loop(uint16_t *out, int width, const void *near_row, const void *far_row, int sample_bytes,
                                   int chroma_width, int near_weight, int far_weight, int shift,
                                   enum burns_chroma_layout layout, uint16_t *scratch) {
    mix_rows(scratch, near_row, far_row, sample_bytes, chroma_width, near_weight, far_weight);
    const uint16_t *restrict t = scratch + 1;
    uint16_t *restrict o = out;
    const int pairs = width / 2;
    switch (layout) {
    case burns_chroma_full:
        for (int i = 0; i < width; i++) o[i] = (uint16_t)(t[i] * 4);
        break;
    case burns_chroma_half_centred:
        for (int i = 0; i < pairs; i++) {
            o[2 * i] = (uint16_t)(3 * t[i] + t[i - 1]);
            o[2 * i + 1] = (uint16_t)(3 * t[i] + t[i + 1]);
        }
        if (width & 1) o[width - 1] = (uint16_t)(3 * t[pairs] + t[pairs - 1]);
        break;
    case burns_chroma_half_cosited:
        for (int i = 0; i < pairs; i++) {
            o[2 * i] = (uint16_t)(4 * t[i]);
            o[2 * i + 1] = (uint16_t)(2 * t[i] + 2 * t[i + 1]);
        }
        if (width & 1) o[width - 1] = (uint16_t)(4 * t[pairs]);
        break;
    case burns_chroma_quarter_centred:
        for (int i = 0; i < width; i++) {
            static const int side[4] = {-1, -1, 1, 1}, far_part[4] = {3, 1, 1, 3};
            const int c = i / 4, p = i & 3;
            o[i] = (uint16_t)((8 - far_part[p]) * t[c] + far_part[p] * t[c + side[p]]);
        }
        break;
    }
    if (shift) {
        const int half = 1 << (shift - 1);
        for (int i = 0; i < width; i++) o[i] = (uint16_t)((o[i] + half) >> shift);
    }
}

AT_BEST_LEVEL(burns_picture_chroma_row,
              (uint16_t * out, int width, const void *near_row, const void *far_row, int sample_bytes, int chroma_width,
               int near_weight, int far_weight, int shift, enum burns_chroma_layout layout, uint16_t *scratch),
              (out, width, near_row, far_row, sample_bytes, chroma_width, near_weight, far_weight, shift, layout, scratch))

#define YUV_ROW(SAMPLE)                                                                                                        \
    for (int i = 0; i < width; i++) {                                                                                          \
        const int32_t yy = m.y * (SAMPLE), uu = u[i], vv = v[i];                                                               \
        rgba[4 * i] = clamp16((yy + m.rv * vv + m.r0) >> 13);                                                                  \
        rgba[4 * i + 1] = clamp16((yy + m.gu * uu + m.gv * vv + m.g0) >> 13);                                                  \
        rgba[4 * i + 2] = clamp16((yy + m.bu * uu + m.b0) >> 13);                                                              \
        rgba[4 * i + 3] = 65535;                                                                                               \
    }

LOOP yuv_row(uint16_t *restrict rgba, const void *luma, int sample_bytes, const uint16_t *restrict u,
             const uint16_t *restrict v, int width, const struct burns_yuv_matrix m) {
    if (sample_bytes == 1) {
        const uint8_t *restrict y = luma;
        YUV_ROW(y[i])
    } else {
        const uint16_t *restrict y = luma;
        YUV_ROW(y[i])
    }
}

LOOP burns_picture_yuv_row_loop(uint16_t *rgba, const void *luma, int sample_bytes, const uint16_t *u, const uint16_t *v,
                                int width, const struct burns_yuv_matrix *matrix) {
    yuv_row(rgba, luma, sample_bytes, u, v, width, *matrix);
}
AT_BEST_LEVEL(burns_picture_yuv_row,
              (uint16_t * rgba, const void *luma, int sample_bytes, const uint16_t *u, const uint16_t *v, int width,
               const struct burns_yuv_matrix *matrix),
              (rgba, luma, sample_bytes, u, v, width, matrix))

LOOP packed8(uint16_t *restrict o, const uint8_t *r, const uint8_t *g, const uint8_t *b, const uint8_t *a, int step,
             int width) {
    for (int i = 0; i < width; i++) {
        const ptrdiff_t at = (ptrdiff_t)i * step;
        o[4 * i] = (uint16_t)(r[at] * 257);
        o[4 * i + 1] = (uint16_t)(g[at] * 257);
        o[4 * i + 2] = (uint16_t)(b[at] * 257);
        o[4 * i + 3] = a ? (uint16_t)(a[at] * 257) : 65535;
    }
}

LOOP burns_picture_packed8_row_loop(uint16_t *rgba, const uint8_t *r, const uint8_t *g, const uint8_t *b, const uint8_t *a,
                                    int step, int width) {
    // A step known to the compiler halves the time.
    if (step == 4 && a) packed8(rgba, r, g, b, a, 4, width);
    else if (step == 3 && !a) packed8(rgba, r, g, b, NULL, 3, width);
    else if (step == 1 && !a) packed8(rgba, r, g, b, NULL, 1, width);
    else packed8(rgba, r, g, b, a, step, width);
}
AT_BEST_LEVEL(burns_picture_packed8_row,
              (uint16_t * rgba, const uint8_t *r, const uint8_t *g, const uint8_t *b, const uint8_t *a, int step, int width),
              (rgba, r, g, b, a, step, width))

static inline uint16_t load16(const uint8_t *p, int big_endian) {
    return (uint16_t)(big_endian ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

void burns_picture_packed16_row(uint16_t *restrict rgba, const uint8_t *r, const uint8_t *g, const uint8_t *b, const uint8_t *a,
                                int step, int width, int big_endian) {
    for (int i = 0; i < width; i++) {
        const ptrdiff_t at = (ptrdiff_t)i * step;
        rgba[4 * i] = load16(r + at, big_endian);
        rgba[4 * i + 1] = load16(g + at, big_endian);
        rgba[4 * i + 2] = load16(b + at, big_endian);
        rgba[4 * i + 3] = a ? load16(a + at, big_endian) : 65535;
    }
}

void burns_picture_palette_row(uint16_t *restrict rgba, const uint8_t *indices, const uint16_t *colours, int width) {
    for (int i = 0; i < width; i++)
        for (int c = 0; c < 4; c++) rgba[4 * i + c] = colours[4 * indices[i] + c];
}

static inline uint16_t scaled(uint32_t v, uint32_t maximum) {
    return v >= maximum ? 65535 : (uint16_t)((v * 65535u + maximum / 2) / maximum);
}

void burns_picture_components_row(uint16_t *restrict rgba, const uint16_t *const rows[3], const uint16_t *alpha,
                                  const int32_t maximum[4], int width) {
    for (int i = 0; i < width; i++) {
        for (int c = 0; c < 3; c++) rgba[4 * i + c] = scaled(rows[c][i], (uint32_t)maximum[c]);
        rgba[4 * i + 3] = alpha ? scaled(alpha[i], (uint32_t)maximum[3]) : 65535;
    }
}

void burns_picture_alpha_row(uint16_t *restrict rgba, const void *alpha, int sample_bytes, int maximum, int width) {
    if (sample_bytes == 1) {
        const uint8_t *a = alpha;
        for (int i = 0; i < width; i++) rgba[4 * i + 3] = (uint16_t)(a[i] * 257);
    } else {
        const uint16_t *a = alpha;
        for (int i = 0; i < width; i++) rgba[4 * i + 3] = scaled(a[i], (uint32_t)maximum);
    }
}

void burns_picture_cmyk_row(uint16_t *rgba, int width) {
    for (int i = 0; i < width; i++) {
        uint16_t *p = rgba + 4 * i;
        const uint32_t black = p[3];
        for (int c = 0; c < 3; c++) p[c] = (uint16_t)((p[c] * black + 32767u) / 65535u);
        p[3] = 65535;
    }
}

void burns_picture_unpremultiply_row(uint16_t *rgba, int width) {
    for (int i = 0; i < width; i++) {
        uint16_t *p = rgba + 4 * i;
        for (int c = 0; c < 3; c++) p[c] = p[3] ? scaled(p[c], p[3]) : 0;
    }
}

static inline uint16_t encoded(int64_t linear, const uint16_t *low, const uint16_t *high) {
    if (linear < 0) return low[0];
    if (linear < 65536) return low[linear];
    return high[linear >= 1 << 20 ? 65536 : (linear + 8) >> 4];
}

void burns_picture_shaper_row(uint16_t *rgba, int width, const uint32_t *curves, const int32_t matrix[9],
                              const uint16_t *encoding_low, const uint16_t *encoding_high) {
    for (int i = 0; i < width; i++) {
        uint16_t *p = rgba + 4 * i;
        const int64_t r = curves[p[0]], g = curves[65536 + p[1]], b = curves[131072 + p[2]];
        for (int c = 0; c < 3; c++) {
            const int32_t *m = matrix + 3 * c;
            p[c] = encoded((r * m[0] + g * m[1] + b * m[2] + (1 << 13)) >> 14, encoding_low, encoding_high);
        }
    }
}

void burns_picture_curve_row(uint16_t *rgba, int width, const uint16_t *curve) {
    for (int i = 0; i < width; i++)
        for (int c = 0; c < 3; c++) rgba[4 * i + c] = curve[rgba[4 * i + c]];
}
