#include "codec.h"
#include "jpeg_errors.h"

#include <stdlib.h>
#include <unistd.h>

/// A progressive file may hold any number of scans over the whole picture; real ones hold about ten.
static const int scan_limit = 500;

typedef struct {
    codec_reader base;
    codec_jpeg_errors errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_decompress_struct jpeg;
    FILE *file;
    int started;
} codec_jpeg_reader;

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure);
static void close_reader(codec_reader *base);

static void check_scans(j_common_ptr codec) {
    codec_jpeg_errors *errors = (codec_jpeg_errors *)codec->err;
    if (((j_decompress_ptr)codec)->input_scan_number <= scan_limit) return;
    codec_fail(errors->failure, CODEC_CORRUPT, "more than 500 scans");
    codec->err->error_exit(codec);
}

codec_reader *codec_jpeg_reader_open(int descriptor, codec_info *info, codec_failure *failure) {
    FILE *file;
    codec_jpeg_reader *reader = codec_allocate(sizeof *reader, descriptor, "rb", &file, failure);
    if (!reader) return NULL;
    reader->file = file;
    reader->base = (codec_reader){read_row, close_reader};
    reader->errors.failure = failure;
    reader->jpeg.err = codec_jpeg_errors_install(&reader->errors);
    if (setjmp(reader->errors.escape)) {
        close_reader(&reader->base);
        return NULL;
    }
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    jpeg_create_decompress(jpeg);
    reader->progress.progress_monitor = check_scans;
    jpeg->progress = &reader->progress;
    jpeg_stdio_src(jpeg, reader->file);
    jpeg_read_header(jpeg, TRUE);
    if (jpeg->num_components == 4) {
        codec_fail(failure, CODEC_UNSUPPORTED, "its colours are CMYK; convert it to RGB first");
    } else if (jpeg->num_components != 1 && jpeg->num_components != 3) {
        codec_fail(failure, CODEC_UNSUPPORTED, "it has neither one channel nor three");
    }
    if (failure->status != CODEC_OK) {
        close_reader(&reader->base);
        return NULL;
    }
    jpeg->out_color_space = jpeg->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    *info = (codec_info){jpeg->image_width, jpeg->image_height, (uint32_t)jpeg->num_components, 8};
    return &reader->base;
}

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure) {
    codec_jpeg_reader *reader = (codec_jpeg_reader *)base;
    failure->status = CODEC_OK;
    reader->errors.failure = failure;
    if (setjmp(reader->errors.escape)) return failure->status;
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    if (!reader->started) {
        jpeg_start_decompress(jpeg);
        reader->started = 1;
    }
    JSAMPROW rows[] = {row};
    jpeg_read_scanlines(jpeg, rows, 1);
    if (jpeg->output_scanline == jpeg->output_height) jpeg_finish_decompress(jpeg);
    return CODEC_OK;
}

static void close_reader(codec_reader *base) {
    codec_jpeg_reader *reader = (codec_jpeg_reader *)base;
    jpeg_destroy_decompress(&reader->jpeg);
    fclose(reader->file);
    free(reader);
}
