// The instruction sets that there are kernels for ("levels"): which of them this machine has, and which are used.
#pragma once

#include <stddef.h>

/// How many of scalar, AVX2, AVX-512 this machine has: the first so many.
ptrdiff_t burns_level_count(void);

/// How many of them are used where nobody asks for a certain one: all, or fewer since `burns_limit_levels`.
ptrdiff_t burns_used_level_count(void);

/// From now on at most the first `count` are used, at least the first. For the whole process; from any thread, at any time, as
/// results do not depend on it.
void burns_limit_levels(ptrdiff_t count);

/// Whether CRC-32C is to be computed by the processor's own instruction: it has one, and more than scalar is used.
int burns_uses_crc32c_instruction(void);

/// Whether polynomials are to be multiplied by the processor's own instruction (PCLMULQDQ, PMULL), in the same way.
int burns_uses_carryless_products(void);
