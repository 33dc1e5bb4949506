#include "codec.h"

#include <zlib.h>

uint32_t codec_crc32(uint32_t crc, const void *bytes, size_t count) { return (uint32_t)crc32_z(crc, bytes, count); }

codec_inflation codec_inflate(const void *bytes, size_t count, void *out, size_t capacity, size_t *made) {
    uLongf length = (uLongf)capacity;
    int status = uncompress(out, &length, bytes, (uLong)count);
    *made = status == Z_OK ? length : 0;
    return status == Z_OK          ? CODEC_INFLATED
           : status == Z_BUF_ERROR ? CODEC_INFLATED_TOO_LARGE
                                   : CODEC_INFLATED_DAMAGED;
}
