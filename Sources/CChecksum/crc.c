#include "crc.h"

#include "CProcessor.h"

#include <pthread.h>

#if defined(__x86_64__)
#include <wmmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

typedef struct {
    int width;           // in bits
    uint64_t polynomial; // without its highest power
} definition;

static const definition definitions[burns_crc_kinds] = {
    [burns_crc32] = {32, 0xEDB88320},
    [burns_crc32c] = {32, 0x82F63B78},
    [burns_crc64nvme] = {64, 0x9A6C9329AC4BC9B5},
};

static uint64_t one(burns_crc_kind kind) { return (uint64_t)1 << (definitions[kind].width - 1); }
static uint64_t all_ones(burns_crc_kind kind) { return ~(uint64_t)0 >> (64 - definitions[kind].width); }

uint64_t burns_crc_multiply(burns_crc_kind kind, uint64_t a, uint64_t b) {
    uint64_t product = 0;
    for (uint64_t bit = one(kind); bit != 0; bit >>= 1) {
        if (a & bit) product ^= b;
        b = b & 1 ? b >> 1 ^ definitions[kind].polynomial : b >> 1;
    }
    return product;
}

uint64_t burns_crc_power(burns_crc_kind kind, uint64_t exponent) {
    uint64_t product = one(kind);
    for (uint64_t square = one(kind) >> 1; exponent > 0; exponent >>= 1) {
        if (exponent & 1) product = burns_crc_multiply(kind, product, square);
        square = burns_crc_multiply(kind, square, square);
    }
    return product;
}

uint64_t burns_crc_combine(burns_crc_kind kind, uint64_t first, uint64_t second, uint64_t second_count) {
    // Zero stays what it is over any distance.
    if (first == 0) return second;
    return burns_crc_multiply(kind, burns_crc_power(kind, 8 * second_count), first) ^ second;
}

// MARK: Constants, made once

typedef struct {
    uint64_t tables[8][256]; // tables[k][b]: what byte b does to the sum k bytes later
    uint64_t over64[2];      // what takes 16 bytes to where they are 64 bytes further
    uint64_t over16[2];
} constants;

static constants all_constants[burns_crc_kinds];
static pthread_once_t constants_once = PTHREAD_ONCE_INIT;

// A factor for the first 8 of 16 bytes, and one for the others. The product of two reversed numbers is one power of x too high.
static void make_factors(burns_crc_kind kind, uint64_t bytes, uint64_t factors[2]) {
    const int shift = 64 - definitions[kind].width;
    factors[0] = burns_crc_power(kind, 8 * bytes + 64 - 1) << shift;
    factors[1] = burns_crc_power(kind, 8 * bytes - 1) << shift;
}

static void make_constants(void) {
    for (burns_crc_kind kind = 0; kind < burns_crc_kinds; kind++) {
        constants *made = &all_constants[kind];
        for (uint64_t byte = 0; byte < 256; byte++) {
            uint64_t sum = byte;
            for (int bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >> 1 ^ definitions[kind].polynomial : sum >> 1;
            made->tables[0][byte] = sum;
        }
        for (int k = 1; k < 8; k++) {
            for (int byte = 0; byte < 256; byte++) {
                const uint64_t before = made->tables[k - 1][byte];
                made->tables[k][byte] = before >> 8 ^ made->tables[0][before & 255];
            }
        }
        make_factors(kind, 64, made->over64);
        make_factors(kind, 16, made->over16);
    }
}

static const constants *constants_of(burns_crc_kind kind) {
    pthread_once(&constants_once, make_constants);
    return &all_constants[kind];
}

// MARK: Adding bytes to a sum, without its inversions at the beginning and the end

// Source: Kounavis, Berry 2005 ("slicing by 8").
static uint64_t add_by_tables(const constants *made, uint64_t sum, const uint8_t *p, size_t count) {
    const uint64_t(*tables)[256] = made->tables;
    for (; count >= 8; count -= 8, p += 8) {
        const uint64_t word = sum ^ burns_word_at(p);
        sum = tables[7][word & 255] ^ tables[6][word >> 8 & 255] ^ tables[5][word >> 16 & 255] ^ tables[4][word >> 24 & 255] ^
            tables[3][word >> 32 & 255] ^ tables[2][word >> 40 & 255] ^ tables[1][word >> 48 & 255] ^ tables[0][word >> 56];
    }
    for (; count > 0; count--) sum = sum >> 8 ^ tables[0][(sum ^ *p++) & 255];
    return sum;
}

#if defined(__x86_64__)
#define PROCESSOR __attribute__((target("pclmul")))
typedef __m128i block;
#define AT(p) _mm_loadu_si128((const __m128i *)(p))
#define XOR(a, b) _mm_xor_si128(a, b)
#define PRODUCT(a, b, half) _mm_clmulepi64_si128(a, b, (half) ? 0x11 : 0)
#elif defined(__aarch64__)
#define PROCESSOR __attribute__((target("+aes")))
typedef uint64x2_t block;
#define AT(p) vreinterpretq_u64_u8(vld1q_u8((const uint8_t *)(p)))
#define XOR(a, b) veorq_u64(a, b)
#define PRODUCT(a, b, half) vreinterpretq_u64_p128(vmull_p64(vgetq_lane_u64(a, half), vgetq_lane_u64(b, half)))
#endif

#if defined(PROCESSOR)
PROCESSOR static inline block fold(block sum, block factors, block next) {
    return XOR(XOR(PRODUCT(sum, factors, 0), PRODUCT(sum, factors, 1)), next);
}

// At least 64 bytes. Source: Gopal et al. 2009, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction". Four
// blocks side by side, as multiplications begin faster than they end. What is left of them, 16 bytes with the same remainder as
// all before, goes through the tables.
PROCESSOR static uint64_t add_by_products(const constants *made, uint64_t sum, const uint8_t *p, size_t count) {
    const uint64_t start[2] = {sum, 0};
    const block over64 = AT(made->over64), over16 = AT(made->over16);
    block a = XOR(AT(p), AT(start)), b = AT(p + 16), c = AT(p + 32), d = AT(p + 48);
    for (p += 64, count -= 64; count >= 64; p += 64, count -= 64) {
        a = fold(a, over64, AT(p));
        b = fold(b, over64, AT(p + 16));
        c = fold(c, over64, AT(p + 32));
        d = fold(d, over64, AT(p + 48));
    }
    a = fold(fold(fold(a, over16, b), over16, c), over16, d);
    for (; count >= 16; p += 16, count -= 16) a = fold(a, over16, AT(p));
    uint8_t rest[16];
    memcpy(rest, &a, sizeof rest);
    return add_by_tables(made, add_by_tables(made, 0, rest, sizeof rest), p, count);
}
#endif

// MARK: The sum

uint64_t burns_crc_tables(burns_crc_kind kind, uint64_t crc, const void *bytes, size_t count) {
    return add_by_tables(constants_of(kind), crc ^ all_ones(kind), bytes, count) ^ all_ones(kind);
}

uint64_t burns_crc(burns_crc_kind kind, uint64_t crc, const void *bytes, size_t count) {
#if defined(PROCESSOR)
    if (kind == burns_crc32c && burns_uses_crc32c_instruction()) return burns_crc32c_by_instruction((uint32_t)crc, bytes, count);
    if (count >= 64 && burns_uses_carryless_products()) {
        return add_by_products(constants_of(kind), crc ^ all_ones(kind), bytes, count) ^ all_ones(kind);
    }
#endif
    return burns_crc_tables(kind, crc, bytes, count);
}
