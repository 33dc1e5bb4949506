#include "codec.h"
#include "png_errors.h"

#include <stdlib.h>

typedef struct {
    codec_writer base;
    codec_png_errors errors;
    FILE *file;
    png_structp png;
    png_infop header;
} codec_png_writer;

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure);
static codec_status finish(codec_writer *base, codec_failure *failure);
static void close_writer(codec_writer *base);

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
    codec_png_writer *writer = png_get_io_ptr(png);
    if (fwrite(bytes, 1, count, writer->file) == count) return;
    codec_fail(writer->errors.failure, CODEC_SYSTEM, "writing failed");
    png_error(png, "short write");
}

static void flush_bytes(png_structp png) { (void)png; }

static const int color_types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                  PNG_COLOR_TYPE_RGB_ALPHA};

static png_uint_32 per_metre(double per_inch) {
    double value = per_inch / 0.0254 + 0.5;
    return value < 1 ? 1 : value > PNG_UINT_31_MAX ? PNG_UINT_31_MAX : (png_uint_32)value;
}

static int is_ascii(const codec_block *text) {
    for (size_t i = 0; i < text->count; i++) {
        if (text->bytes[i] >= 0x80) return 0;
    }
    return 1;
}

static void set_metadata(codec_png_writer *writer, const codec_metadata *metadata) {
    png_structp png = writer->png;
    // A profile that libpng dislikes is left out with a warning.
    png_set_benign_errors(png, 1);
    if (metadata->srgb) png_set_sRGB(png, writer->header, PNG_sRGB_INTENT_PERCEPTUAL);
    if (metadata->density_x > 0 && metadata->density_y > 0) {
        png_set_pHYs(png, writer->header, per_metre(metadata->density_x), per_metre(metadata->density_y),
                     PNG_RESOLUTION_METER);
    }
    for (size_t i = 0; i < metadata->block_count; i++) {
        const codec_block *block = &metadata->blocks[i];
        // iTXt, in UTF-8.
        png_text text = {.compression = PNG_ITXT_COMPRESSION_NONE, .text = (char *)block->bytes, .lang = "", .lang_key = ""};
        switch (block->kind) {
        case CODEC_BLOCK_ICC:
            png_set_iCCP(png, writer->header, "ICC profile", 0, block->bytes, (png_uint_32)block->count);
            break;
        case CODEC_BLOCK_EXIF:
            png_set_eXIf_1(png, writer->header, (png_uint_32)block->count, (png_bytep)block->bytes);
            break;
        case CODEC_BLOCK_XMP:
            text.key = "XML:com.adobe.xmp";
            png_set_text(png, writer->header, &text, 1);
            break;
        case CODEC_BLOCK_TEXT:
            text.key = "Software";
            // tEXt, which programs know best, is in Latin-1.
            if (is_ascii(block)) text.compression = PNG_TEXT_COMPRESSION_NONE;
            png_set_text(png, writer->header, &text, 1);
            break;
        case CODEC_BLOCK_TIFF_DIRECTORIES:
            break;
        }
    }
}

int codec_png_takes_profile(const void *profile, size_t count, const codec_info *info) {
    codec_failure failure = {.status = CODEC_OK};
    codec_png_errors errors = {.failure = &failure};
    png_infop header = NULL;
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors, codec_png_error, codec_png_ignore_warning);
    volatile int taken = 0;
    if (png) header = png_create_info_struct(png);
    if (header && !setjmp(errors.escape)) {
        png_set_benign_errors(png, 1);
        png_set_IHDR(png, header, 1, 1, (int)info->bits_per_sample, color_types[info->channels - 1], PNG_INTERLACE_NONE,
                     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        png_set_iCCP(png, header, "ICC profile", 0, profile, (png_uint_32)count);
        taken = png_get_valid(png, header, PNG_INFO_iCCP) != 0;
    }
    png_destroy_write_struct(&png, &header);
    return taken;
}

codec_writer *codec_png_writer_open(int descriptor, const codec_info *info, int compression,
                                    const codec_metadata *metadata, codec_failure *failure) {
    FILE *file;
    codec_png_writer *writer = codec_allocate(sizeof *writer, descriptor, "wb", &file, failure);
    if (!writer) return NULL;
    writer->file = file;
    writer->base = (codec_writer){write_row, finish, close_writer};
    writer->errors.failure = failure;
    writer->png = png_create_write_struct(
        PNG_LIBPNG_VER_STRING, &writer->errors, codec_png_error, codec_png_ignore_warning);
    if (writer->png) writer->header = png_create_info_struct(writer->png);
    if (!writer->header) {
        codec_fail(failure, CODEC_SYSTEM, "libpng does not start");
        close_writer(&writer->base);
        return NULL;
    }
    if (setjmp(writer->errors.escape)) {
        close_writer(&writer->base);
        return NULL;
    }
    const uint16_t one = 1;
    png_set_write_fn(writer->png, writer, write_bytes, flush_bytes);
    png_set_user_limits(writer->png, 0x7fffffff, 0x7fffffff);
    png_set_compression_level(writer->png, compression);
    png_set_IHDR(writer->png, writer->header, info->width, info->height, (int)info->bits_per_sample,
                 color_types[info->channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    set_metadata(writer, metadata);
    png_write_info(writer->png, writer->header);
    if (info->bits_per_sample == 16 && *(const uint8_t *)&one == 1) png_set_swap(writer->png);
    return &writer->base;
}

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure) {
    codec_png_writer *writer = (codec_png_writer *)base;
    failure->status = CODEC_OK;
    writer->errors.failure = failure;
    if (setjmp(writer->errors.escape)) return failure->status;
    png_write_row(writer->png, row);
    return CODEC_OK;
}

static codec_status finish(codec_writer *base, codec_failure *failure) {
    codec_png_writer *writer = (codec_png_writer *)base;
    failure->status = CODEC_OK;
    writer->errors.failure = failure;
    if (setjmp(writer->errors.escape)) return failure->status;
    // Without the header, whose texts and EXIF stand before the rows.
    png_write_end(writer->png, NULL);
    if (fflush(writer->file) != 0) return codec_fail(failure, CODEC_SYSTEM, "writing failed");
    return CODEC_OK;
}

static void close_writer(codec_writer *base) {
    codec_png_writer *writer = (codec_png_writer *)base;
    png_destroy_write_struct(&writer->png, &writer->header);
    fclose(writer->file);
    free(writer);
}
