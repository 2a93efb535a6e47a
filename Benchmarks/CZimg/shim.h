// What Swift's importer cannot see of zimg.
#pragma once

#include <zimg.h>

// Macros over other macros and casts.
static const unsigned burns_zimg_api_version = ZIMG_API_VERSION;

// Arrays of structs without a name.
static inline void burns_zimg_set_source(zimg_image_buffer_const *buffer, int plane, const void *data, ptrdiff_t stride) {
    buffer->plane[plane].data = data;
    buffer->plane[plane].stride = stride;
    buffer->plane[plane].mask = ZIMG_BUFFER_MAX;
}

static inline void burns_zimg_set_target(zimg_image_buffer *buffer, int plane, void *data, ptrdiff_t stride) {
    buffer->plane[plane].data = data;
    buffer->plane[plane].stride = stride;
    buffer->plane[plane].mask = ZIMG_BUFFER_MAX;
}
