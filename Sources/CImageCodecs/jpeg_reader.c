#include "codec.h"
#include "jpeg_errors.h"

#include <stdlib.h>
#include <string.h>

/// A progressive file may hold any number of scans over the whole picture; real ones hold about ten.
static const int scan_limit = 500;

typedef struct {
    codec_reader base;
    codec_jpeg_errors errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_decompress_struct jpeg;
    FILE *file;
    int started;
    /// Whether the inks are stored as 255 − ink, as Adobe's programs do.
    int inverted;
} codec_jpeg_reader;

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure);
static void close_reader(codec_reader *base);

static void check_scans(j_common_ptr codec) {
    codec_jpeg_errors *errors = (codec_jpeg_errors *)codec->err;
    if (((j_decompress_ptr)codec)->input_scan_number <= scan_limit) return;
    codec_fail(errors->failure, CODEC_CORRUPT, "more than 500 scans");
    codec->err->error_exit(codec);
}

/// Adds the marker's contents behind the prefix as a block, if it begins so.
static void add_marker(codec_jpeg_reader *reader, jpeg_saved_marker_ptr marker, const char *prefix, size_t count,
                       codec_block_kind kind) {
    if (marker->marker != JPEG_APP0 + 1 || marker->data_length <= count) return;
    if (memcmp(marker->data, prefix, count) != 0) return;
    codec_reader_add_block(&reader->base, kind, 0, marker->data + count, marker->data_length - count);
}

static void find_metadata(codec_jpeg_reader *reader) {
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker; marker = marker->next) {
        add_marker(reader, marker, "Exif\0", 6, CODEC_BLOCK_EXIF);
        add_marker(reader, marker, "http://ns.adobe.com/xap/1.0/", 29, CODEC_BLOCK_XMP);
    }
    JOCTET *profile = NULL;
    unsigned count = 0;
    if (jpeg_read_icc_profile(jpeg, &profile, &count)) {
        codec_reader_add_block(&reader->base, CODEC_BLOCK_ICC, 0, profile, count);
        free(profile);
    }
    if (!jpeg->saw_JFIF_marker || jpeg->density_unit == 0 || jpeg->density_unit > 2) return;
    double scale = jpeg->density_unit == 2 ? 2.54 : 1;
    reader->base.metadata.density_x = jpeg->X_density * scale;
    reader->base.metadata.density_y = jpeg->Y_density * scale;
}

codec_reader *codec_jpeg_reader_open(int descriptor, codec_info *info, codec_failure *failure) {
    FILE *file;
    codec_jpeg_reader *reader = codec_allocate(sizeof *reader, descriptor, "rb", &file, failure);
    if (!reader) return NULL;
    reader->file = file;
    reader->base = (codec_reader){.read_row = read_row, .close = close_reader};
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
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(jpeg, JPEG_APP0 + 2, 0xffff);
    jpeg_read_header(jpeg, TRUE);
    int channels = jpeg->num_components;
    if (channels != 1 && channels != 3 && channels != 4) {
        codec_fail(failure, CODEC_UNSUPPORTED, "it has neither one channel nor three or four");
    }
    if (failure->status != CODEC_OK) {
        close_reader(&reader->base);
        return NULL;
    }
    jpeg->out_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
    reader->inverted = channels == 4 && jpeg->saw_Adobe_marker;
    find_metadata(reader);
    *info = (codec_info){jpeg->image_width, jpeg->image_height, (uint32_t)channels, 8, channels == 4};
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
    if (reader->inverted) {
        uint8_t *inks = row;
        for (size_t i = 0; i < (size_t)jpeg->output_width * 4; i++) inks[i] = (uint8_t)(255 - inks[i]);
    }
    if (jpeg->output_scanline == jpeg->output_height) jpeg_finish_decompress(jpeg);
    return CODEC_OK;
}

static void close_reader(codec_reader *base) {
    codec_jpeg_reader *reader = (codec_jpeg_reader *)base;
    jpeg_destroy_decompress(&reader->jpeg);
    codec_reader_free_blocks(base);
    fclose(reader->file);
    free(reader);
}
