#include "md5_lanes.h"

#include "CProcessor.h"

#include <string.h>

burns_md5_states burns_md5_begin(void) {
    static const uint32_t start[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    burns_md5_states states;
    for (int word = 0; word < 4; word++) {
        for (int lane = 0; lane < burns_md5_most_lanes; lane++) states.words[word][lane] = start[word];
    }
    return states;
}

#if defined(__x86_64__)

// RFC 1321, section 3.4: floor(2^32 * abs(sin(i + 1))).
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, //
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, //
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, //
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, //
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, //
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, //
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, //
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

#define F(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define G(x, y, z) ((y) ^ ((z) & ((x) ^ (y))))
#define H(x, y, z) ((x) ^ (y) ^ (z))
#define I(x, y, z) ((y) ^ ((x) | ~(z)))

#define STEP(f, a, b, c, d, step, word, shift)                                                                                  \
    a += f(b, c, d) + message[(word) % 16] + sines[step];                                                                       \
    a = (a << shift | a >> (32 - shift)) + b;

// Four steps from `step` on; their words are `stride` apart.
#define STEPS(f, step, word, stride, s0, s1, s2, s3)                                                                            \
    STEP(f, a, b, c, d, step, word, s0)                                                                                         \
    STEP(f, d, a, b, c, step + 1, word + stride, s1)                                                                            \
    STEP(f, c, d, a, b, step + 2, word + 2 * stride, s2)                                                                        \
    STEP(f, b, c, d, a, step + 3, word + 3 * stride, s3)

#define ROUND(f, step, word, stride, s0, s1, s2, s3)                                                                            \
    STEPS(f, step, word, stride, s0, s1, s2, s3)                                                                                \
    STEPS(f, step + 4, word + 4 * stride, stride, s0, s1, s2, s3)                                                               \
    STEPS(f, step + 8, word + 8 * stride, stride, s0, s1, s2, s3)                                                               \
    STEPS(f, step + 12, word + 12 * stride, stride, s0, s1, s2, s3)

#define ADD(name, instructions, lane_count)                                                                                     \
    typedef uint32_t name##_vector __attribute__((vector_size(4 * lane_count)));                                                \
    __attribute__((target(instructions))) static void name(                                                                     \
        burns_md5_states *states, const uint8_t *const *lanes, size_t block_count) {                                            \
        name##_vector a, b, c, d, message[16];                                                                                  \
        memcpy(&a, states->words[0], sizeof a);                                                                                 \
        memcpy(&b, states->words[1], sizeof b);                                                                                 \
        memcpy(&c, states->words[2], sizeof c);                                                                                 \
        memcpy(&d, states->words[3], sizeof d);                                                                                 \
        for (size_t at = 0; at < 64 * block_count; at += 64) {                                                                  \
            uint32_t words[16][lane_count];                                                                                     \
            for (int lane = 0; lane < lane_count; lane++) {                                                                     \
                for (int word = 0; word < 16; word++) memcpy(&words[word][lane], lanes[lane] + at + 4 * word, 4);               \
            }                                                                                                                   \
            memcpy(message, words, sizeof message);                                                                             \
            const name##_vector a0 = a, b0 = b, c0 = c, d0 = d;                                                                 \
            ROUND(F, 0, 0, 1, 7, 12, 17, 22)                                                                                    \
            ROUND(G, 16, 1, 5, 5, 9, 14, 20)                                                                                    \
            ROUND(H, 32, 5, 3, 4, 11, 16, 23)                                                                                   \
            ROUND(I, 48, 0, 7, 6, 10, 15, 21)                                                                                   \
            a += a0, b += b0, c += c0, d += d0;                                                                                 \
        }                                                                                                                       \
        memcpy(states->words[0], &a, sizeof a);                                                                                 \
        memcpy(states->words[1], &b, sizeof b);                                                                                 \
        memcpy(states->words[2], &c, sizeof c);                                                                                 \
        memcpy(states->words[3], &d, sizeof d);                                                                                 \
    }

ADD(add_avx2, "avx2", 8)
ADD(add_avx512, "avx512f", 16)

ptrdiff_t burns_md5_lane_count(void) {
    const ptrdiff_t levels = burns_used_level_count();
    return levels > 2 ? 16 : levels > 1 ? 8 : 1;
}

void burns_md5_add(burns_md5_states *states, ptrdiff_t lane_count, const uint8_t *const *lanes, size_t block_count) {
    if (lane_count == 16) {
        add_avx512(states, lanes, block_count);
    } else {
        add_avx2(states, lanes, block_count);
    }
}

#else

ptrdiff_t burns_md5_lane_count(void) { return 1; }

void burns_md5_add(burns_md5_states *states, ptrdiff_t lane_count, const uint8_t *const *lanes, size_t block_count) {}

#endif

void burns_md5_end(burns_md5_states *states, ptrdiff_t lane_count, const uint8_t *const *rests, uint64_t byte_count) {
    uint8_t blocks[burns_md5_most_lanes][128] = {{0}};
    const uint8_t *lanes[burns_md5_most_lanes];
    const size_t rest = byte_count % 64, block_count = rest < 56 ? 1 : 2;
    for (ptrdiff_t lane = 0; lane < lane_count; lane++) {
        memcpy(blocks[lane], rests[lane], rest);
        blocks[lane][rest] = 0x80;
        for (int byte = 0; byte < 8; byte++) blocks[lane][64 * block_count - 8 + byte] = (uint8_t)(8 * byte_count >> 8 * byte);
        lanes[lane] = blocks[lane];
    }
    burns_md5_add(states, lane_count, lanes, block_count);
}

burns_md5_digest burns_md5_digest_of(const burns_md5_states *states, ptrdiff_t lane) {
    burns_md5_digest digest;
    for (int byte = 0; byte < 16; byte++) digest.bytes[byte] = (uint8_t)(states->words[byte / 4][lane] >> 8 * (byte % 4));
    return digest;
}
