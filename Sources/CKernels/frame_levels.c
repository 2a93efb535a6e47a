// Which kernels this machine can run: the one place where the processor is asked.
#include "frame_levels.h"

const struct burns_frame_kernels *burns_frame_kernels_at(ptrdiff_t index) {
    const struct burns_frame_kernels *levels[2] = {&burns_frame_scalar};
    ptrdiff_t count = 1;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) levels[count++] = &burns_frame_avx2;
#endif
    return index < count ? levels[index] : NULL;
}
