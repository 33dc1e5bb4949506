#include "codec.h"
#include "failure.h"

#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

typedef struct {
    codec_reader base;
    codec_info info;
    uint8_t *file;
    size_t file_size;
    uint32_t next_row;
    /// The decoded picture; NULL until the first row is read.
    uint8_t *whole;
} codec_webp_reader;

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure);
static void close_reader(codec_reader *base);

static uint32_t little_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/// Reads as many bytes as the RIFF header announces. They are reserved as they arrive, for the header may lie.
static codec_status read_file(codec_webp_reader *reader, FILE *file, codec_failure *failure) {
    uint8_t header[12];
    if (fread(header, 1, sizeof header, file) != sizeof header) {
        return codec_fail(failure, CODEC_TRUNCATED, "the header is not complete");
    }
    size_t expected = (size_t)little_endian(header + 4) + 8, reserved = 1 << 16;
    reader->file = malloc(reserved);
    if (!reader->file) return codec_fail(failure, CODEC_SYSTEM, "no memory");
    memcpy(reader->file, header, sizeof header);
    reader->file_size = sizeof header;
    while (reader->file_size < expected) {
        if (reader->file_size == reserved) {
            reserved *= 2;
            uint8_t *larger = realloc(reader->file, reserved);
            if (!larger) return codec_fail(failure, CODEC_SYSTEM, "no memory");
            reader->file = larger;
        }
        size_t wanted = (expected < reserved ? expected : reserved) - reader->file_size;
        size_t got = fread(reader->file + reader->file_size, 1, wanted, file);
        reader->file_size += got;
        if (got == wanted) continue;
        if (ferror(file)) return codec_fail(failure, CODEC_SYSTEM, "reading failed");
        return codec_fail(failure, CODEC_TRUNCATED, "the data ends early");
    }
    return CODEC_OK;
}

static void find_block(codec_webp_reader *reader, const WebPDemuxer *demuxer, const char *name, codec_block_kind kind) {
    WebPChunkIterator chunk;
    if (!WebPDemuxGetChunk(demuxer, name, 1, &chunk)) return;
    const uint8_t *bytes = chunk.chunk.bytes;
    size_t count = chunk.chunk.size;
    // Some programs write JPEG's prefix, too.
    if (kind == CODEC_BLOCK_EXIF && count > 6 && memcmp(bytes, "Exif\0\0", 6) == 0) bytes += 6, count -= 6;
    codec_reader_add_block(&reader->base, kind, 0, bytes, count);
    WebPDemuxReleaseChunkIterator(&chunk);
}

static codec_status read_header(codec_webp_reader *reader, codec_failure *failure) {
    WebPData data = {reader->file, reader->file_size};
    WebPDemuxer *demuxer = WebPDemux(&data);
    if (!demuxer) return codec_fail(failure, CODEC_CORRUPT, "its chunks contradict each other");
    WebPBitstreamFeatures features;
    if (WebPDemuxGetI(demuxer, WEBP_FF_FORMAT_FLAGS) & ANIMATION_FLAG) {
        codec_fail(failure, CODEC_UNSUPPORTED, "it is an animation; save one frame of it as a picture");
    } else if (WebPGetFeatures(reader->file, reader->file_size, &features) != VP8_STATUS_OK) {
        codec_fail(failure, CODEC_CORRUPT, "its header is damaged");
    } else {
        reader->info = (codec_info){(uint32_t)features.width, (uint32_t)features.height, features.has_alpha ? 4 : 3, 8, 0};
        find_block(reader, demuxer, "ICCP", CODEC_BLOCK_ICC);
        find_block(reader, demuxer, "EXIF", CODEC_BLOCK_EXIF);
        find_block(reader, demuxer, "XMP ", CODEC_BLOCK_XMP);
    }
    WebPDemuxDelete(demuxer);
    return failure->status;
}

codec_reader *codec_webp_reader_open(int descriptor, codec_info *info, codec_failure *failure) {
    FILE *file;
    codec_webp_reader *reader = codec_allocate(sizeof *reader, descriptor, "rb", &file, failure);
    if (!reader) return NULL;
    reader->base = (codec_reader){.read_row = read_row, .close = close_reader};
    read_file(reader, file, failure);
    fclose(file);
    if (failure->status != CODEC_OK || read_header(reader, failure) != CODEC_OK) {
        close_reader(&reader->base);
        return NULL;
    }
    *info = reader->info;
    return &reader->base;
}

static codec_status decode(codec_webp_reader *reader, codec_failure *failure) {
    size_t row_size = (size_t)reader->info.width * reader->info.channels;
    WebPDecoderConfig config;
    reader->whole = malloc(row_size * reader->info.height);
    if (!reader->whole || !WebPInitDecoderConfig(&config)) return codec_fail(failure, CODEC_SYSTEM, "no memory");
    config.output.colorspace = reader->info.channels == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA = (WebPRGBABuffer){reader->whole, (int)row_size, row_size * reader->info.height};
    VP8StatusCode status = WebPDecode(reader->file, reader->file_size, &config);
    WebPFreeDecBuffer(&config.output);
    switch (status) {
    case VP8_STATUS_OK: return CODEC_OK;
    case VP8_STATUS_OUT_OF_MEMORY: errno = ENOMEM; return codec_fail(failure, CODEC_SYSTEM, "no memory");
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: return codec_fail(failure, CODEC_TRUNCATED, "the data ends early");
    default: return codec_fail(failure, CODEC_CORRUPT, "its compressed data are damaged");
    }
}

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure) {
    codec_webp_reader *reader = (codec_webp_reader *)base;
    failure->status = CODEC_OK;
    if (!reader->whole && decode(reader, failure) != CODEC_OK) return failure->status;
    size_t row_size = (size_t)reader->info.width * reader->info.channels;
    memcpy(row, reader->whole + reader->next_row++ * row_size, row_size);
    return CODEC_OK;
}

static void close_reader(codec_reader *base) {
    codec_webp_reader *reader = (codec_webp_reader *)base;
    codec_reader_free_blocks(base);
    free(reader->file);
    free(reader->whole);
    free(reader);
}
