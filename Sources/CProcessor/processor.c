// The one place where our own code asks the processor. Libraries ask for themselves.
#include "CProcessor.h"

#include <stdatomic.h>
#include <stdint.h>

#if defined(__aarch64__)
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif
#ifndef HWCAP_PMULL
#define HWCAP_PMULL (1 << 4)
#endif
#endif

ptrdiff_t burns_level_count(void) {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2")) return 1;
    // Only the frame kernels need VNNI. The others keep to the same levels, so that one name says what is used.
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512vnni") ? 3 : 2;
#else
    return 1;
#endif
}

static atomic_ptrdiff_t limit = PTRDIFF_MAX;

ptrdiff_t burns_used_level_count(void) {
    const ptrdiff_t all = burns_level_count(), most = atomic_load_explicit(&limit, memory_order_relaxed);
    return most < all ? most : all;
}

void burns_limit_levels(ptrdiff_t count) {
    atomic_store_explicit(&limit, count < 1 ? 1 : count, memory_order_relaxed);
}

int burns_uses_crc32c_instruction(void) {
    if (atomic_load_explicit(&limit, memory_order_relaxed) == 1) return 0;
#if defined(__x86_64__)
    return __builtin_cpu_supports("sse4.2") != 0;
#elif defined(__aarch64__)
    return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
#else
    return 0;
#endif
}

int burns_uses_carryless_products(void) {
    if (atomic_load_explicit(&limit, memory_order_relaxed) == 1) return 0;
#if defined(__x86_64__)
    return __builtin_cpu_supports("pclmul") != 0;
#elif defined(__aarch64__)
    return (getauxval(AT_HWCAP) & HWCAP_PMULL) != 0;
#else
    return 0;
#endif
}
