// MD5 (RFC 1321) of several messages of one length, side by side. Each of its steps waits for the one before, so that a message by
// itself leaves most of a processor idle.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { burns_md5_most_lanes = 16 };

/// Of a digest in each lane.
typedef struct {
    uint32_t words[4][burns_md5_most_lanes];
} burns_md5_states;

typedef struct {
    uint8_t bytes[16];
} burns_md5_digest;

/// How many lanes vectors have on this machine (8 with AVX2, 16 with AVX-512), as far as they are used (see CProcessor.h);
/// 1: none, and nothing is gained.
ptrdiff_t burns_md5_lane_count(void);

/// The states before anything was added.
burns_md5_states burns_md5_begin(void);

/// Adds `block_count` blocks of 64 bytes in each of 8 or 16 lanes, which this machine has to have.
void burns_md5_add(burns_md5_states *_Nonnull states, ptrdiff_t lane_count, const uint8_t *_Nonnull const *_Nonnull lanes,
                   size_t block_count);

/// Adds the rests of the messages, `byte_count` modulo 64 bytes, and what MD5 puts behind them.
///
/// - byte_count: of each whole message.
void burns_md5_end(burns_md5_states *_Nonnull states, ptrdiff_t lane_count, const uint8_t *_Nonnull const *_Nonnull rests,
                   uint64_t byte_count);

/// Of a lane, after the end.
burns_md5_digest burns_md5_digest_of(const burns_md5_states *_Nonnull states, ptrdiff_t lane);
