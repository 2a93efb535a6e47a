// What the ways to compute a sum share. Bits are in reverse everywhere, so the highest one is x^0, and sums shorter than 64 bits
// lie in the low ones.
#pragma once

#include "CChecksum.h"

#include <string.h>

/// a * b modulo the polynomial.
uint64_t burns_crc_multiply(burns_crc_kind kind, uint64_t a, uint64_t b);

/// x^exponent modulo the polynomial.
uint64_t burns_crc_power(burns_crc_kind kind, uint64_t exponent);

#if defined(__x86_64__) || defined(__aarch64__)
/// As `burns_crc`, only where the processor has the instruction.
uint32_t burns_crc32c_by_instruction(uint32_t crc, const void *bytes, size_t count);
#endif

static inline uint64_t burns_word_at(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}
