#include "CSystem.h"

#include <malloc.h>

void burns_map_large_blocks(void) {
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 128 << 10);
}
