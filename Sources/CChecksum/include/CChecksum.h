// CRC-32C (Castagnoli), reflected, initial value and final xor of all ones.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Goes on from `crc` (0 at the beginning) over `count` bytes, in the fastest way that this machine has and that is used (see
/// CProcessor.h).
uint32_t burns_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same with tables: what others are compared with.
uint32_t burns_crc32c_tables(uint32_t crc, const void *bytes, size_t count);

/// The sum of two stretches, one after the other, the second `second_count` bytes long.
uint32_t burns_crc32c_combine(uint32_t first, uint32_t second, uint64_t second_count);
