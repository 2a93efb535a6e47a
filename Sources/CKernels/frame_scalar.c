// Portable kernels: for machines without a vector path, and for the tails of the vector kernels.
#include "frame_levels.h"

static inline int16_t saturate16(int32_t value) {
    return (int16_t)(value < INT16_MIN ? INT16_MIN : value > INT16_MAX ? INT16_MAX : value);
}

static inline uint8_t finished(int16_t sample) {
    int32_t value = (sample + 32) >> 6;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void vertical_row(const int16_t *const *rows, const int16_t *coefficients, ptrdiff_t taps, int16_t *out,
                         ptrdiff_t count) {
    // A vector's columns at a time keep the sums in registers while the rows stream past.
    for (ptrdiff_t begin = 0; begin < count; begin += BURNS_VECTOR_COLUMNS) {
        int32_t sums[BURNS_VECTOR_COLUMNS];
        for (ptrdiff_t x = 0; x < BURNS_VECTOR_COLUMNS; x++) sums[x] = 1 << 13;
        for (ptrdiff_t k = 0; k < taps; k++) {
            const int16_t *row = rows[k] + begin;
            int32_t c = coefficients[k];
            for (ptrdiff_t x = 0; x < BURNS_VECTOR_COLUMNS; x++) sums[x] += row[x] * c;
        }
        for (ptrdiff_t x = 0; x < BURNS_VECTOR_COLUMNS; x++) out[begin + x] = saturate16(sums[x] >> 14);
    }
}

static void vertical(const struct burns_rows *group, ptrdiff_t count) {
    for (int r = 0; r < BURNS_GROUP_ROWS; r++)
        vertical_row(group->rows + group->first[r], group->coefficients[r], group->taps, group->out[r], count);
}

/// What a column of a row sums up to, with the rounding of 14 bits.
static inline int32_t column_sum(const int16_t *row, const struct burns_columns *columns, ptrdiff_t x) {
    const int16_t *in = row + columns->first[x];
    const int16_t *c = columns->table + columns->phase[x] * columns->taps;
    int32_t sum = 1 << 13;
    for (ptrdiff_t k = 0; k < columns->taps; k++) sum += in[k] * c[k];
    return sum;
}

void burns_mix_scalar(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t begin,
                      ptrdiff_t end) {
    for (ptrdiff_t x = begin; x < end; x++) a[x] = (int16_t)((a[x] * weightA + b[x] * weightB + bias) >> 14);
}

void burns_finish_scalar(const int16_t *in, uint8_t *out, ptrdiff_t begin, ptrdiff_t end) {
    for (ptrdiff_t x = begin; x < end; x++) out[x] = finished(in[x]);
}

static void arrange(struct burns_columns *columns) { columns->span = 0; }

static void horizontal(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns, ptrdiff_t begin,
                       ptrdiff_t end, struct burns_ahead ahead, int16_t *out, ptrdiff_t outStride) {
    (void)ahead;
    for (ptrdiff_t row = 0; row < BURNS_BLOCK_ROWS; row++, rows += rowStride, out += outStride)
        for (ptrdiff_t x = begin; x < end; x++) out[x - begin] = saturate16(column_sum(rows, columns, x) >> 14);
}

static void horizontal_finish(const int16_t *rows, ptrdiff_t rowStride, const struct burns_columns *columns,
                              ptrdiff_t begin, ptrdiff_t end, struct burns_ahead ahead, uint8_t *out,
                              ptrdiff_t outStride) {
    (void)ahead;
    for (ptrdiff_t row = 0; row < BURNS_BLOCK_ROWS; row++, rows += rowStride, out += outStride)
        for (ptrdiff_t x = begin; x < end; x++)
            out[x - begin] = finished(saturate16(column_sum(rows, columns, x) >> 14));
}

static void mix(int16_t *a, int weightA, const int16_t *b, int weightB, int32_t bias, ptrdiff_t count) {
    burns_mix_scalar(a, weightA, b, weightB, bias, 0, count);
}

static void finish(const int16_t *in, uint8_t *out, ptrdiff_t count) { burns_finish_scalar(in, out, 0, count); }

const struct burns_frame_kernels burns_frame_scalar = {
    .name = "scalar", .vertical = vertical, .arrange = arrange, .horizontal = horizontal,
    .horizontal_finish = horizontal_finish, .mix = mix, .finish = finish};
