#include "codec.h"
#include "png_errors.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    codec_reader base;
    codec_png_errors errors;
    FILE *file;
    png_structp png;
    png_infop header;
    codec_info info;
    uint32_t next_row;
    /// Whether decoding has begun.
    int started;
    /// All rows of an interlaced picture, which cannot be decoded one by one; else NULL.
    uint8_t *whole;
    size_t row_size;
} codec_png_reader;

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure);
static void close_reader(codec_reader *base);

static void read_bytes(png_structp png, png_bytep bytes, size_t count) {
    codec_png_reader *reader = png_get_io_ptr(png);
    if (fread(bytes, 1, count, reader->file) == count) return;
    if (ferror(reader->file)) {
        codec_fail(reader->errors.failure, CODEC_SYSTEM, "reading failed");
    } else {
        codec_fail(reader->errors.failure, CODEC_TRUNCATED, "the data ends early");
    }
    png_error(png, "short read");
}

/// What `start` will make of the header: palettes and packed grey expanded, transparency as alpha.
static void describe(codec_png_reader *reader) {
    png_structp png = reader->png;
    int color = png_get_color_type(png, reader->header);
    int transparent = (color & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, reader->header, PNG_INFO_tRNS);
    reader->info.width = png_get_image_width(png, reader->header);
    reader->info.height = png_get_image_height(png, reader->header);
    reader->info.channels = (color & PNG_COLOR_MASK_COLOR ? 3 : 1) + (transparent ? 1 : 0);
    reader->info.bits_per_sample = png_get_bit_depth(png, reader->header) == 16 ? 16 : 8;
}

static void find_metadata(codec_png_reader *reader) {
    png_structp png = reader->png;
    codec_metadata *metadata = &reader->base.metadata;
    png_charp name;
    png_bytep profile;
    png_uint_32 count, x, y;
    int compression, intent, unit;
    if (png_get_iCCP(png, reader->header, &name, &compression, &profile, &count)) {
        codec_reader_add_block(&reader->base, CODEC_BLOCK_ICC, 0, profile, count);
    }
    metadata->srgb = png_get_sRGB(png, reader->header, &intent) != 0;
    png_get_gAMA(png, reader->header, &metadata->gamma);
    double *c = metadata->chromaticities;
    png_get_cHRM(png, reader->header, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6], &c[7]);
    if (png_get_pHYs(png, reader->header, &x, &y, &unit) && unit == PNG_RESOLUTION_METER) {
        metadata->density_x = x * 0.0254;
        metadata->density_y = y * 0.0254;
    }
}

/// Chunks that our caller looks for itself, or that nobody needs.
static png_const_bytep passed_over = (png_const_bytep) "tEXt\0zTXt\0iTXt\0eXIf\0sPLT\0hIST\0tIME\0";

codec_reader *codec_png_reader_open(int descriptor, codec_info *info, codec_failure *failure) {
    FILE *file;
    codec_png_reader *reader = codec_allocate(sizeof *reader, descriptor, "rb", &file, failure);
    if (!reader) return NULL;
    reader->file = file;
    reader->base = (codec_reader){.read_row = read_row, .close = close_reader};
    reader->errors.failure = failure;
    reader->png = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, &reader->errors, codec_png_error, codec_png_ignore_warning);
    if (reader->png) reader->header = png_create_info_struct(reader->png);
    if (!reader->header) {
        codec_fail(failure, CODEC_SYSTEM, "libpng does not start");
        close_reader(&reader->base);
        return NULL;
    }
    if (setjmp(reader->errors.escape)) {
        close_reader(&reader->base);
        return NULL;
    }
    png_set_read_fn(reader->png, reader, read_bytes);
    png_set_user_limits(reader->png, 0x7fffffff, 0x7fffffff);  // The caller has its own limit.
    png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, passed_over, 7);
    png_read_info(reader->png, reader->header);
    describe(reader);
    find_metadata(reader);
    *info = reader->info;
    return &reader->base;
}

/// Sets the transformations and, if the picture is interlaced, decodes it. Called below a setjmp.
static void start(codec_png_reader *reader) {
    png_structp png = reader->png;
    const uint16_t one = 1;
    png_set_expand(png);
    if (*(const uint8_t *)&one == 1) png_set_swap(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, reader->header);
    reader->row_size = png_get_rowbytes(png, reader->header);
    size_t expected = (size_t)reader->info.width * reader->info.channels * (reader->info.bits_per_sample / 8);
    if (reader->row_size != expected) png_error(png, "a row has an unexpected size");
    reader->started = 1;
    if (passes == 1) return;
    reader->whole = calloc(reader->info.height, reader->row_size);
    if (!reader->whole) {
        codec_fail(reader->errors.failure, CODEC_SYSTEM, "no memory for an interlaced picture");
        png_error(png, "no memory");
    }
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < reader->info.height; y++) {
            png_read_row(png, reader->whole + y * reader->row_size, NULL);
        }
    }
}

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure) {
    codec_png_reader *reader = (codec_png_reader *)base;
    failure->status = CODEC_OK;
    reader->errors.failure = failure;
    if (setjmp(reader->errors.escape)) return failure->status;
    if (!reader->started) start(reader);
    if (reader->whole) {
        memcpy(row, reader->whole + reader->next_row * reader->row_size, reader->row_size);
    } else {
        png_read_row(reader->png, row, NULL);
    }
    if (++reader->next_row == reader->info.height) png_read_end(reader->png, NULL);
    return CODEC_OK;
}

static void close_reader(codec_reader *base) {
    codec_png_reader *reader = (codec_png_reader *)base;
    png_destroy_read_struct(&reader->png, &reader->header, NULL);
    codec_reader_free_blocks(base);
    fclose(reader->file);
    free(reader->whole);
    free(reader);
}
