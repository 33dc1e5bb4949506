#include "codec.h"
#include "jpeg_errors.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct {
    codec_writer base;
    codec_jpeg_errors errors;
    struct jpeg_compress_struct jpeg;
    FILE *file;
} codec_jpeg_writer;

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure);
static codec_status finish(codec_writer *base, codec_failure *failure);
static void close_writer(codec_writer *base);

codec_writer *codec_jpeg_writer_open(int descriptor, const codec_info *info, int quality, codec_failure *failure) {
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
    jpeg_start_compress(jpeg, TRUE);
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
