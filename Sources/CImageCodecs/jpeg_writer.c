#include "codec.h"
#include "jpeg_errors.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    codec_writer base;
    codec_jpeg_errors errors;
    struct jpeg_compress_struct jpeg;
    FILE *file;
} codec_jpeg_writer;

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure);
static codec_status finish(codec_writer *base, codec_failure *failure);
static void close_writer(codec_writer *base);

static void write_marker(struct jpeg_compress_struct *jpeg, const char *prefix, size_t prefix_count,
                         const codec_block *block) {
    if (!block || prefix_count + block->count > 65533) return;
    jpeg_write_m_header(jpeg, JPEG_APP0 + 1, (unsigned)(prefix_count + block->count));
    for (size_t i = 0; i < prefix_count; i++) jpeg_write_m_byte(jpeg, prefix[i]);
    for (size_t i = 0; i < block->count; i++) jpeg_write_m_byte(jpeg, block->bytes[i]);
}

static void write_metadata(struct jpeg_compress_struct *jpeg, const codec_metadata *metadata) {
    write_marker(jpeg, "Exif\0", 6, codec_find_block(metadata, CODEC_BLOCK_EXIF));
    write_marker(jpeg, "http://ns.adobe.com/xap/1.0/", 29, codec_find_block(metadata, CODEC_BLOCK_XMP));
    const codec_block *profile = codec_find_block(metadata, CODEC_BLOCK_ICC);
    if (profile) jpeg_write_icc_profile(jpeg, profile->bytes, (unsigned)profile->count);
}

static UINT16 density(double value) {
    return value < 1 ? 1 : value > 65535 ? 65535 : (UINT16)(value + 0.5);
}

codec_writer *codec_jpeg_writer_open(int descriptor, const codec_info *info, int quality,
                                     const codec_metadata *metadata, codec_failure *failure) {
    FILE *file;
    codec_jpeg_writer *writer = codec_allocate(sizeof *writer, descriptor, "wb", &file, failure);
    if (!writer) return NULL;
    writer->file = file;
    writer->base = (codec_writer){write_row, finish, close_writer};
    writer->errors.failure = failure;
    writer->jpeg.err = codec_jpeg_errors_install(&writer->errors);
    if (setjmp(writer->errors.escape)) {
        close_writer(&writer->base);
        return NULL;
    }
    struct jpeg_compress_struct *jpeg = &writer->jpeg;
    jpeg_create_compress(jpeg);
    jpeg_stdio_dest(jpeg, writer->file);
    jpeg->image_width = info->width;
    jpeg->image_height = info->height;
    jpeg->input_components = (int)info->channels;
    jpeg->in_color_space = info->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    for (int component = 0; component < jpeg->num_components; component++) {
        jpeg->comp_info[component].h_samp_factor = 1;
        jpeg->comp_info[component].v_samp_factor = 1;
    }
    if (metadata->density_x > 0 && metadata->density_y > 0) {
        jpeg->density_unit = 1;
        jpeg->X_density = density(metadata->density_x);
        jpeg->Y_density = density(metadata->density_y);
    }
    jpeg_start_compress(jpeg, TRUE);
    write_metadata(jpeg, metadata);
    return &writer->base;
}

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure) {
    codec_jpeg_writer *writer = (codec_jpeg_writer *)base;
    failure->status = CODEC_OK;
    writer->errors.failure = failure;
    if (setjmp(writer->errors.escape)) return failure->status;
    JSAMPROW rows[] = {(JSAMPROW)row};
    jpeg_write_scanlines(&writer->jpeg, rows, 1);
    return CODEC_OK;
}

static codec_status finish(codec_writer *base, codec_failure *failure) {
    codec_jpeg_writer *writer = (codec_jpeg_writer *)base;
    failure->status = CODEC_OK;
    writer->errors.failure = failure;
    if (setjmp(writer->errors.escape)) return failure->status;
    jpeg_finish_compress(&writer->jpeg);
    if (fflush(writer->file) != 0) return codec_fail(failure, CODEC_SYSTEM, "writing failed");
    return CODEC_OK;
}

static void close_writer(codec_writer *base) {
    codec_jpeg_writer *writer = (codec_jpeg_writer *)base;
    jpeg_destroy_compress(&writer->jpeg);
    fclose(writer->file);
    free(writer);
}
