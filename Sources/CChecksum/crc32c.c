#include "CChecksum.h"

#include "CProcessor.h"

#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#endif

// 0x1EDC6F41, its bits in reverse.
static const uint32_t polynomial = 0x82F63B78;

// a * b modulo the polynomial; the highest bit is x^0.
static uint32_t multiply(uint32_t a, uint32_t b) {
    uint32_t product = 0;
    for (uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
        if (a & bit) product ^= b;
        b = b & 1 ? b >> 1 ^ polynomial : b >> 1;
    }
    return product;
}

// x^(8 * count): what bytes that follow multiply the sum before them by.
static uint32_t shift_by(uint64_t count) {
    uint32_t power = 1u << 23;  // x^8
    uint32_t factor = 1u << 31; // x^0
    for (; count > 0; count >>= 1) {
        if (count & 1) factor = multiply(factor, power);
        power = multiply(power, power);
    }
    return factor;
}

// tables[k][b]: what byte b does to the sum k bytes later.
static uint32_t tables[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void make_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
        tables[0][byte] = crc;
    }
    for (int k = 1; k < 8; k++) {
        for (int byte = 0; byte < 256; byte++) {
            const uint32_t before = tables[k - 1][byte];
            tables[k][byte] = before >> 8 ^ tables[0][before & 255];
        }
    }
}

// Source: Kounavis, Berry 2005 ("slicing by 8").
uint32_t burns_crc32c_tables(uint32_t crc, const void *bytes, size_t count) {
    pthread_once(&tables_once, make_tables);
    const uint8_t *p = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, p += 8) {
        const uint32_t low = crc ^ (p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
        crc = tables[7][low & 255] ^ tables[6][low >> 8 & 255] ^ tables[5][low >> 16 & 255] ^ tables[4][low >> 24] ^
            tables[3][p[4]] ^ tables[2][p[5]] ^ tables[1][p[6]] ^ tables[0][p[7]];
    }
    for (; count > 0; count--) crc = crc >> 8 ^ tables[0][(crc ^ *p++) & 255];
    return ~crc;
}

#if defined(__x86_64__) || defined(__aarch64__)
#if defined(__x86_64__)
#define PROCESSOR __attribute__((target("sse4.2")))
#define ADD_WORD(sum, word) (uint32_t)_mm_crc32_u64(sum, word)
#define ADD_BYTE(sum, byte) _mm_crc32_u8(sum, byte)
#else
#define PROCESSOR __attribute__((target("+crc")))
#define ADD_WORD(sum, word) __crc32cd(sum, word)
#define ADD_BYTE(sum, byte) __crc32cb(sum, byte)
#endif

// The instruction takes three cycles, but one begins in each: three stretches side by side, put together afterwards. Together they
// are a little shorter than the blocks in which libcurl hands over what it receives.
enum { stretch = 5 << 10 };
static uint32_t stretch_shift;
static pthread_once_t stretch_once = PTHREAD_ONCE_INIT;

static void make_stretch_shift(void) { stretch_shift = shift_by(stretch); }

static inline uint64_t word_at(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

PROCESSOR static uint32_t crc32c_processor(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    crc = ~crc;
    if (count >= 3 * stretch) pthread_once(&stretch_once, make_stretch_shift);
    for (; count >= 3 * stretch; count -= 3 * stretch, p += 3 * stretch) {
        uint32_t second = 0, third = 0;
        for (size_t at = 0; at < stretch; at += 8) {
            crc = ADD_WORD(crc, word_at(p + at));
            second = ADD_WORD(second, word_at(p + stretch + at));
            third = ADD_WORD(third, word_at(p + 2 * stretch + at));
        }
        crc = multiply(stretch_shift, multiply(stretch_shift, crc) ^ second) ^ third;
    }
    for (; count >= 8; count -= 8, p += 8) crc = ADD_WORD(crc, word_at(p));
    for (; count > 0; count--) crc = ADD_BYTE(crc, *p++);
    return ~crc;
}
#endif

uint32_t burns_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(__x86_64__) || defined(__aarch64__)
    if (burns_uses_crc32c_instruction()) return crc32c_processor(crc, bytes, count);
#endif
    return burns_crc32c_tables(crc, bytes, count);
}

uint32_t burns_crc32c_combine(uint32_t first, uint32_t second, uint64_t second_count) {
    return multiply(shift_by(second_count), first) ^ second;
}
