#include "codec.h"
#include "failure.h"

#include <webp/encode.h>
#include <webp/mux.h>

typedef struct {
    codec_writer base;
    codec_info info;
    FILE *file;
    WebPConfig config;
    WebPPicture picture;
    uint32_t next_row;
    /// The chunks beside the picture, or NULL.
    WebPMux *chunks;
} codec_webp_writer;

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure);
static codec_status finish(codec_writer *base, codec_failure *failure);
static void close_writer(codec_writer *base);

static int add_chunks(codec_webp_writer *writer, const codec_metadata *metadata) {
    for (size_t i = 0; i < metadata->block_count; i++) {
        const codec_block *block = &metadata->blocks[i];
        const char *name = block->kind == CODEC_BLOCK_ICC    ? "ICCP"
                           : block->kind == CODEC_BLOCK_EXIF ? "EXIF"
                           : block->kind == CODEC_BLOCK_XMP  ? "XMP "
                                                             : NULL;
        if (!name) continue;
        if (!writer->chunks) writer->chunks = WebPMuxNew();
        WebPData data = {block->bytes, block->count};
        if (!writer->chunks || WebPMuxSetChunk(writer->chunks, name, &data, 1) != WEBP_MUX_OK) return 0;
    }
    return 1;
}

codec_writer *codec_webp_writer_open(int descriptor, const codec_info *info, int quality,
                                     const codec_metadata *metadata, codec_failure *failure) {
    FILE *file;
    codec_webp_writer *writer = codec_allocate(sizeof *writer, descriptor, "wb", &file, failure);
    if (!writer) return NULL;
    writer->file = file;
    writer->base = (codec_writer){write_row, finish, close_writer};
    writer->info = *info;
    int ready = WebPConfigInit(&writer->config) && WebPPictureInit(&writer->picture);
    writer->config.lossless = quality < 0;
    writer->config.quality = quality < 0 ? 75 : (float)quality;  // lossless: the effort
    writer->config.exact = 1;                                     // colours below full transparency stay
    writer->config.use_sharp_yuv = 1;
    writer->picture.use_argb = 1;
    writer->picture.width = (int)info->width;
    writer->picture.height = (int)info->height;
    if (ready && WebPValidateConfig(&writer->config) && WebPPictureAlloc(&writer->picture) &&
        add_chunks(writer, metadata)) {
        return &writer->base;
    }
    errno = ENOMEM;
    codec_fail(failure, CODEC_SYSTEM, "no memory");
    close_writer(&writer->base);
    return NULL;
}

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure) {
    codec_webp_writer *writer = (codec_webp_writer *)base;
    failure->status = CODEC_OK;
    const uint8_t *source = row;
    uint32_t *target = writer->picture.argb + (size_t)writer->next_row++ * (size_t)writer->picture.argb_stride;
    unsigned channels = writer->info.channels, green = channels < 3 ? 0 : 1, blue = channels < 3 ? 0 : 2;
    for (uint32_t x = 0; x < writer->info.width; x++, source += channels) {
        uint32_t alpha = channels % 2 == 0 ? source[channels - 1] : 255;
        target[x] = alpha << 24 | (uint32_t)source[0] << 16 | (uint32_t)source[green] << 8 | source[blue];
    }
    return CODEC_OK;
}

static codec_status put(codec_webp_writer *writer, const uint8_t *bytes, size_t count, codec_failure *failure) {
    if (fwrite(bytes, 1, count, writer->file) == count && fflush(writer->file) == 0) return CODEC_OK;
    return codec_fail(failure, CODEC_SYSTEM, "writing failed");
}

static codec_status finish(codec_writer *base, codec_failure *failure) {
    codec_webp_writer *writer = (codec_webp_writer *)base;
    failure->status = CODEC_OK;
    WebPMemoryWriter memory;
    WebPMemoryWriterInit(&memory);
    writer->picture.writer = WebPMemoryWrite;
    writer->picture.custom_ptr = &memory;
    if (!WebPEncode(&writer->config, &writer->picture)) {
        errno = writer->picture.error_code == VP8_ENC_ERROR_FILE_TOO_BIG ? EFBIG : ENOMEM;
        codec_fail(failure, CODEC_SYSTEM, "compressing failed");
    } else if (!writer->chunks) {
        put(writer, memory.mem, memory.size, failure);
    } else {
        WebPData picture = {memory.mem, memory.size}, whole = {NULL, 0};
        errno = ENOMEM;
        if (WebPMuxSetImage(writer->chunks, &picture, 0) != WEBP_MUX_OK ||
            WebPMuxAssemble(writer->chunks, &whole) != WEBP_MUX_OK) {
            codec_fail(failure, CODEC_SYSTEM, "assembling failed");
        } else {
            put(writer, whole.bytes, whole.size, failure);
        }
        WebPDataClear(&whole);
    }
    WebPMemoryWriterClear(&memory);
    return failure->status;
}

static void close_writer(codec_writer *base) {
    codec_webp_writer *writer = (codec_webp_writer *)base;
    WebPPictureFree(&writer->picture);
    WebPMuxDelete(writer->chunks);
    fclose(writer->file);
    free(writer);
}
