// Which kernels this machine can run: the one place where the processor is asked.
#include "frame_levels.h"

const struct burns_frame_kernels *burns_frame_kernels_at(ptrdiff_t index) {
    const struct burns_frame_kernels *levels[3] = {&burns_frame_scalar};
    ptrdiff_t count = 1;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        levels[count++] = &burns_frame_avx2;
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512vnni"))
            levels[count++] = &burns_frame_avx512;
    }
#endif
    return index < count ? levels[index] : NULL;
}

void burns_arrange_coefficients(const struct burns_columns *columns, ptrdiff_t x, uint8_t *out) {
    for (ptrdiff_t j = 0; j < BURNS_GROUP_COLUMNS; j++) {
        const int16_t *c = columns->table + columns->phase[burns_inside(columns, x + j)] * columns->taps;
        for (ptrdiff_t k = 0; k < columns->taps; k += 2) __builtin_memcpy(out + k / 2 * 64 + j * 4, c + k, 4);
    }
}
