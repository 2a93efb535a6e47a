// What the files of AVX2 kernels share.
#pragma once

#include <immintrin.h>
#include <stdint.h>

#define AVX2 __attribute__((target("avx2")))
#define INLINE2 AVX2 static inline __attribute__((always_inline))

/// Two coefficients side by side in every 32-bit lane, to be multiplied with two interleaved samples.
INLINE2 __m256i coefficient_pair(const int16_t *c) {
    int32_t pair;
    __builtin_memcpy(&pair, c, sizeof pair);
    return _mm256_set1_epi32(pair);
}
