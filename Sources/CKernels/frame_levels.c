// The kernels of frames that this machine can run, and what they share.
#include "frame_levels.h"

const struct burns_frame_kernels *burns_frame_kernels_at(ptrdiff_t index) {
    static const struct burns_frame_kernels *const levels[] = {
        &burns_frame_scalar,
#if defined(__x86_64__)
        &burns_frame_avx2,
        &burns_frame_avx512,
#endif
    };
    return index < burns_level_count() ? levels[index] : NULL;
}

void burns_arrange_coefficients(const struct burns_columns *columns, ptrdiff_t x, uint8_t *out) {
    for (ptrdiff_t j = 0; j < BURNS_GROUP_COLUMNS; j++) {
        const int16_t *c = columns->table + columns->phase[burns_inside(columns, x + j)] * columns->taps;
        for (ptrdiff_t k = 0; k < columns->taps; k += 2) __builtin_memcpy(out + k / 2 * 64 + j * 4, c + k, 4);
    }
}
