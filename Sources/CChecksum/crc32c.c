#include "crc.h"

#include <pthread.h>

#if defined(__x86_64__) || defined(__aarch64__)
#if defined(__x86_64__)
#include <nmmintrin.h>
#define PROCESSOR __attribute__((target("sse4.2")))
#define ADD_WORD(sum, word) (uint32_t)_mm_crc32_u64(sum, word)
#define ADD_BYTE(sum, byte) _mm_crc32_u8(sum, byte)
#else
#include <arm_acle.h>
#define PROCESSOR __attribute__((target("+crc")))
#define ADD_WORD(sum, word) __crc32cd(sum, word)
#define ADD_BYTE(sum, byte) __crc32cb(sum, byte)
#endif

// The instruction takes three cycles, but one begins in each: three stretches side by side, put together afterwards. Short ones, as
// what is left of a block goes word after word: eight times three of them are a little shorter than the 16 KiB in which libcurl
// hands over what it receives.
enum { stretch = 680 };
static uint32_t over_stretch_tables[4][256]; // tables[k][b]: what byte k of a sum, if it is b, has become a stretch later
static pthread_once_t over_stretch_once = PTHREAD_ONCE_INIT;

static void make_over_stretch_tables(void) {
    const uint64_t factor = burns_crc_power(burns_crc32c, 8 * stretch);
    for (int k = 0; k < 4; k++) {
        for (uint64_t b = 0; b < 256; b++) over_stretch_tables[k][b] = (uint32_t)burns_crc_multiply(burns_crc32c, factor, b << 8 * k);
    }
}

static uint32_t over_stretch(uint32_t crc) {
    uint32_t(*tables)[256] = over_stretch_tables;
    return tables[0][crc & 255] ^ tables[1][crc >> 8 & 255] ^ tables[2][crc >> 16 & 255] ^ tables[3][crc >> 24];
}

PROCESSOR uint32_t burns_crc32c_by_instruction(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    crc = ~crc;
    if (count >= 3 * stretch) pthread_once(&over_stretch_once, make_over_stretch_tables);
    for (; count >= 3 * stretch; count -= 3 * stretch, p += 3 * stretch) {
        uint32_t second = 0, third = 0;
        for (size_t at = 0; at < stretch; at += 8) {
            crc = ADD_WORD(crc, burns_word_at(p + at));
            second = ADD_WORD(second, burns_word_at(p + stretch + at));
            third = ADD_WORD(third, burns_word_at(p + 2 * stretch + at));
        }
        crc = over_stretch(over_stretch(crc) ^ second) ^ third;
    }
    for (; count >= 8; count -= 8, p += 8) crc = ADD_WORD(crc, burns_word_at(p));
    for (; count > 0; count--) crc = ADD_BYTE(crc, *p++);
    return ~crc;
}
#endif
