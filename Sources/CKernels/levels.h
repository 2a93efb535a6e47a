// Instruction sets that there are kernels for.
#pragma once

#include <stddef.h>

/// How many of scalar, AVX2, AVX-512 this machine has: the first so many.
ptrdiff_t burns_level_count(void);

#define BURNS_AVX2 __attribute__((target("avx2")))
#define BURNS_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))
