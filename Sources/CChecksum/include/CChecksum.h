// The cyclic redundancy checks that S3 knows: reflected, initial value and final xor of all ones.
#pragma once

#include "md5_lanes.h"

#include <stddef.h>
#include <stdint.h>

/// Sources: ISO 3309 (as in zip and PNG), RFC 3720 (Castagnoli's), NVM Command Set Specification 1.0, section 5.2.1.3.4.
typedef enum { burns_crc32, burns_crc32c, burns_crc64nvme, burns_crc_kinds } burns_crc_kind;

/// Goes on from `crc` (0 at the beginning) over `count` bytes, in the fastest way that this machine has and that is used (see
/// CProcessor.h).
uint64_t burns_crc(burns_crc_kind kind, uint64_t crc, const void *bytes, size_t count);

/// The same with tables: what others are compared with.
uint64_t burns_crc_tables(burns_crc_kind kind, uint64_t crc, const void *bytes, size_t count);

/// The sum of two stretches, one after the other, the second `second_count` bytes long.
uint64_t burns_crc_combine(burns_crc_kind kind, uint64_t first, uint64_t second, uint64_t second_count);
