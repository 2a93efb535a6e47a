// The one place where the processor is asked.
#include "levels.h"

ptrdiff_t burns_level_count(void) {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2")) return 1;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512vnni") ? 3 : 2;
#else
    return 1;
#endif
}
