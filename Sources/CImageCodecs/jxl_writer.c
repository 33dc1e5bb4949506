#include "codec.h"
#include "failure.h"
#include "quiet.h"

#include <jxl/encode.h>
#include <jxl/thread_parallel_runner.h>
#include <string.h>

typedef struct {
    codec_writer base;
    codec_info info;
    FILE *file;
    int quality;
    JxlEncoder *encoder;
    void *threads;
    /// The picture's samples until they are compressed.
    uint8_t *whole;
    uint32_t next_row;
} codec_jxl_writer;

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure);
static codec_status finish(codec_writer *base, codec_failure *failure);
static void close_writer(codec_writer *base);

static size_t row_size(const codec_jxl_writer *writer) {
    return (size_t)writer->info.width * writer->info.channels * (writer->info.bits_per_sample / 8);
}

static JxlBasicInfo basic_info(const codec_info *info) {
    JxlBasicInfo basic;
    JxlEncoderInitBasicInfo(&basic);
    basic.xsize = info->width;
    basic.ysize = info->height;
    basic.bits_per_sample = info->bits_per_sample;
    basic.num_color_channels = info->channels < 3 ? 1 : 3;
    if (info->channels % 2 == 0) {
        basic.num_extra_channels = 1;
        basic.alpha_bits = info->bits_per_sample;
    }
    return basic;
}

static int set_header(codec_jxl_writer *writer, const codec_metadata *metadata) {
    JxlBasicInfo basic = basic_info(&writer->info);
    if (metadata->orientation) basic.orientation = (JxlOrientation)metadata->orientation;
    // Without loss the samples stay in their own colour space, otherwise they are compressed in XYB.
    basic.uses_original_profile = writer->quality < 0;
    return JxlEncoderSetBasicInfo(writer->encoder, &basic) == JXL_ENC_SUCCESS;
}

/// 0 where libjxl cannot use the profile. Debian's prints why.
static int set_profile(JxlEncoder *encoder, const void *profile, size_t count) {
    codec_quiet_begin();
    JxlEncoderStatus status = JxlEncoderSetICCProfile(encoder, profile, count);
    codec_quiet_end();
    return status == JXL_ENC_SUCCESS;
}

int codec_jxl_takes_profile(const void *profile, size_t count, const codec_info *info) {
    JxlEncoder *encoder = JxlEncoderCreate(NULL);
    JxlBasicInfo basic = basic_info(info);
    int taken = encoder && JxlEncoderSetBasicInfo(encoder, &basic) == JXL_ENC_SUCCESS && set_profile(encoder, profile, count);
    if (encoder) JxlEncoderDestroy(encoder);
    return taken;
}

static int set_color(codec_jxl_writer *writer, const codec_metadata *metadata) {
    const codec_block *profile = codec_find_block(metadata, CODEC_BLOCK_ICC);
    if (profile && set_profile(writer->encoder, profile->bytes, profile->count)) return 1;
    JxlColorEncoding srgb;
    JxlColorEncodingSetToSRGB(&srgb, writer->info.channels < 3);
    return JxlEncoderSetColorEncoding(writer->encoder, &srgb) == JXL_ENC_SUCCESS;
}

static int add_box(codec_jxl_writer *writer, const codec_block *block, const char *type, size_t offset) {
    if (!block) return 1;
    uint8_t *bytes = calloc(1, block->count + offset);
    if (!bytes) return 0;
    memcpy(bytes + offset, block->bytes, block->count);
    JxlEncoderStatus status = JxlEncoderAddBox(writer->encoder, type, bytes, block->count + offset, JXL_FALSE);
    free(bytes);
    return status == JXL_ENC_SUCCESS;
}

static int add_boxes(codec_jxl_writer *writer, const codec_metadata *metadata) {
    const codec_block *exif = codec_find_block(metadata, CODEC_BLOCK_EXIF);
    const codec_block *xmp = codec_find_block(metadata, CODEC_BLOCK_XMP);
    if (!exif && !xmp) return 1;
    if (JxlEncoderUseBoxes(writer->encoder) != JXL_ENC_SUCCESS) return 0;
    // EXIF's box begins with the offset of its first byte, 0.
    int done = add_box(writer, exif, "Exif", 4) && add_box(writer, xmp, "xml ", 0);
    JxlEncoderCloseBoxes(writer->encoder);
    return done;
}

codec_writer *codec_jxl_writer_open(int descriptor, const codec_info *info, int quality, const codec_metadata *metadata,
                                    codec_failure *failure) {
    FILE *file;
    codec_jxl_writer *writer = codec_allocate(sizeof *writer, descriptor, "wb", &file, failure);
    if (!writer) return NULL;
    writer->file = file;
    writer->base = (codec_writer){write_row, finish, close_writer};
    writer->info = *info;
    writer->quality = quality;
    writer->encoder = JxlEncoderCreate(NULL);
    writer->threads = JxlThreadParallelRunnerCreate(NULL, JxlThreadParallelRunnerDefaultNumWorkerThreads());
    writer->whole = malloc(row_size(writer) * info->height);
    if (writer->encoder && writer->threads && writer->whole &&
        JxlEncoderSetParallelRunner(writer->encoder, JxlThreadParallelRunner, writer->threads) == JXL_ENC_SUCCESS &&
        set_header(writer, metadata) && set_color(writer, metadata) && add_boxes(writer, metadata)) {
        return &writer->base;
    }
    errno = ENOMEM;
    codec_fail(failure, CODEC_SYSTEM, "no memory");
    close_writer(&writer->base);
    return NULL;
}

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure) {
    codec_jxl_writer *writer = (codec_jxl_writer *)base;
    failure->status = CODEC_OK;
    memcpy(writer->whole + row_size(writer) * writer->next_row++, row, row_size(writer));
    return CODEC_OK;
}

/// libjxl's measure, 1 where a difference begins to be seen, from the scale of JPEG; as its own programs do.
static float distance(int quality) {
    float q = (float)quality;
    return quality >= 30 ? 0.1f + (100 - q) * 0.09f : 53.0f / 3000 * q * q - 23.0f / 20 * q + 25;
}

static int add_picture(codec_jxl_writer *writer) {
    JxlEncoderFrameSettings *settings = JxlEncoderFrameSettingsCreate(writer->encoder, NULL);
    JxlPixelFormat format = {writer->info.channels, writer->info.bits_per_sample == 16 ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8,
                             JXL_NATIVE_ENDIAN, 0};
    int is_lossless = writer->quality < 0;
    // More saves little or nothing, and draws patches of one colour with errors: Docs/Decisions/0015.
    const int effort = 3;
    JxlEncoderStatus status = is_lossless ? JxlEncoderSetFrameLossless(settings, JXL_TRUE)
                                          : JxlEncoderSetFrameDistance(settings, distance(writer->quality));
    if (status != JXL_ENC_SUCCESS ||
        JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_EFFORT, effort) != JXL_ENC_SUCCESS ||
        // Colours below full transparency stay.
        JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_KEEP_INVISIBLE, 1) != JXL_ENC_SUCCESS ||
        JxlEncoderAddImageFrame(settings, &format, writer->whole, row_size(writer) * writer->info.height) !=
            JXL_ENC_SUCCESS) {
        return 0;
    }
    JxlEncoderCloseInput(writer->encoder);
    free(writer->whole);
    writer->whole = NULL;
    return 1;
}

static codec_status finish(codec_writer *base, codec_failure *failure) {
    codec_jxl_writer *writer = (codec_jxl_writer *)base;
    failure->status = CODEC_OK;
    if (!add_picture(writer)) {
        errno = ENOMEM;
        return codec_fail(failure, CODEC_SYSTEM, "compressing failed");
    }
    static const size_t piece = 1 << 18;
    uint8_t *buffer = malloc(piece);
    JxlEncoderStatus status = buffer ? JXL_ENC_NEED_MORE_OUTPUT : JXL_ENC_ERROR;
    while (status == JXL_ENC_NEED_MORE_OUTPUT && failure->status == CODEC_OK) {
        uint8_t *next = buffer;
        size_t room = piece;
        status = JxlEncoderProcessOutput(writer->encoder, &next, &room);
        if (status != JXL_ENC_ERROR && fwrite(buffer, 1, piece - room, writer->file) != piece - room) {
            codec_fail(failure, CODEC_SYSTEM, "writing failed");
        }
    }
    free(buffer);
    if (failure->status != CODEC_OK) return failure->status;
    if (status != JXL_ENC_SUCCESS) {
        errno = ENOMEM;
        return codec_fail(failure, CODEC_SYSTEM, "compressing failed");
    }
    return fflush(writer->file) == 0 ? CODEC_OK : codec_fail(failure, CODEC_SYSTEM, "writing failed");
}

static void close_writer(codec_writer *base) {
    codec_jxl_writer *writer = (codec_jxl_writer *)base;
    if (writer->encoder) JxlEncoderDestroy(writer->encoder);
    if (writer->threads) JxlThreadParallelRunnerDestroy(writer->threads);
    free(writer->whole);
    fclose(writer->file);
    free(writer);
}
