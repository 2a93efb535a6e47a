// What kernels of several instruction sets are made with.
#pragma once

#include "CProcessor.h"

#define BURNS_AVX2 __attribute__((target("avx2")))
#define BURNS_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))

/// A loop that becomes part of one function for each instruction set, with the vectors that the compiler makes of it there.
#define LOOP static inline __attribute__((always_inline)) void
