#include "codec.h"
#include "failure.h"
#include "quiet.h"

#include <jxl/decode.h>
#include <jxl/thread_parallel_runner.h>
#include <jxl/version.h>
#include <string.h>

// Until libjxl 0.9 what tells of colours took a pixel format, without use.
#if JPEGXL_NUMERIC_VERSION < JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
#define UNUSED_FORMAT NULL,
#else
#define UNUSED_FORMAT
#endif

/// A packed box of metadata may unpack to anything; beyond this it is left out.
static const size_t largest_box = 1 << 23;

typedef struct {
    codec_reader base;
    codec_info info;
    uint8_t *file;
    size_t file_size;
    JxlDecoder *decoder;
    void *threads;
    uint32_t next_row;
    /// The decoded picture; NULL until the first row is read.
    uint8_t *whole;
    /// The box of metadata that is being read.
    uint8_t *box;
    size_t box_size;
    codec_block_kind box_kind;
} codec_jxl_reader;

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure);
static void close_reader(codec_reader *base);

/// Reads to the end, for nothing tells the length before.
static codec_status read_file(codec_jxl_reader *reader, FILE *file, codec_failure *failure) {
    size_t reserved = 0, got;
    do {
        if (reader->file_size == reserved) {
            reserved = reserved ? reserved * 2 : 1 << 16;
            uint8_t *larger = realloc(reader->file, reserved);
            if (!larger) return codec_fail(failure, CODEC_SYSTEM, "no memory");
            reader->file = larger;
        }
        got = fread(reader->file + reader->file_size, 1, reserved - reader->file_size, file);
        reader->file_size += got;
    } while (got > 0);
    return ferror(file) ? codec_fail(failure, CODEC_SYSTEM, "reading failed") : CODEC_OK;
}

static codec_status fail(JxlDecoderStatus status, codec_failure *failure) {
    return status == JXL_DEC_NEED_MORE_INPUT ? codec_fail(failure, CODEC_TRUNCATED, "the data end early")
                                             : codec_fail(failure, CODEC_CORRUPT, "its compressed data are damaged");
}

/// Begins at the file's first byte.
static int start(codec_jxl_reader *reader, int events) {
    if (JxlDecoderSubscribeEvents(reader->decoder, events) != JXL_DEC_SUCCESS ||
        JxlDecoderSetInput(reader->decoder, reader->file, reader->file_size) != JXL_DEC_SUCCESS) {
        return 0;
    }
    JxlDecoderCloseInput(reader->decoder);
    return 1;
}

/// On to the next event. Debian's libjxl prints where it finds a damage.
static JxlDecoderStatus process(codec_jxl_reader *reader) {
    codec_quiet_begin();
    JxlDecoderStatus status = JxlDecoderProcessInput(reader->decoder);
    codec_quiet_end();
    return status;
}

static codec_status read_extent(codec_jxl_reader *reader, codec_failure *failure) {
    JxlBasicInfo basic;
    if (JxlDecoderGetBasicInfo(reader->decoder, &basic) != JXL_DEC_SUCCESS) return fail(JXL_DEC_ERROR, failure);
    if (basic.have_animation) {
        return codec_fail(failure, CODEC_UNSUPPORTED, "it is an animation; save one frame of it as a picture");
    }
    if (basic.exponent_bits_per_sample > 0) {
        return codec_fail(failure, CODEC_UNSUPPORTED, "its samples are floating-point numbers; save it with 16 bits");
    }
    for (uint32_t i = 0; i < basic.num_extra_channels; i++) {
        JxlExtraChannelInfo extra;
        if (JxlDecoderGetExtraChannelInfo(reader->decoder, i, &extra) != JXL_DEC_SUCCESS) {
            return fail(JXL_DEC_ERROR, failure);
        }
        if (extra.type == JXL_CHANNEL_BLACK) {
            return codec_fail(failure, CODEC_UNSUPPORTED, "its colours are inks (CMYK); convert it to RGB");
        }
    }
    reader->info = (codec_info){basic.xsize, basic.ysize, basic.num_color_channels + (basic.alpha_bits > 0),
                                basic.bits_per_sample > 8 ? 16 : 8, 0};
    // What EXIF says of it is a copy, without effect.
    reader->base.metadata.orientation = (uint32_t)basic.orientation;
    return CODEC_OK;
}

/// The colours of the decoded samples, which for lossy files need not be the original's.
static void read_color(codec_jxl_reader *reader) {
    JxlColorEncoding color;
    if (JxlDecoderGetColorAsEncodedProfile(reader->decoder, UNUSED_FORMAT JXL_COLOR_PROFILE_TARGET_DATA, &color) ==
            JXL_DEC_SUCCESS &&
        color.transfer_function == JXL_TRANSFER_FUNCTION_SRGB && color.white_point == JXL_WHITE_POINT_D65 &&
        (color.color_space == JXL_COLOR_SPACE_GRAY || color.primaries == JXL_PRIMARIES_SRGB)) {
        reader->base.metadata.srgb = 1;
        return;
    }
    size_t size;
    if (JxlDecoderGetICCProfileSize(reader->decoder, UNUSED_FORMAT JXL_COLOR_PROFILE_TARGET_DATA, &size) !=
            JXL_DEC_SUCCESS ||
        size == 0 || size > largest_box) {
        return;
    }
    uint8_t *profile = malloc(size);
    if (profile && JxlDecoderGetColorAsICCProfile(reader->decoder, UNUSED_FORMAT JXL_COLOR_PROFILE_TARGET_DATA, profile,
                                                  size) == JXL_DEC_SUCCESS) {
        codec_reader_add_block(&reader->base, CODEC_BLOCK_ICC, 0, profile, size);
    }
    free(profile);
}

/// Keeps the box that was read last, whole.
static void end_box(codec_jxl_reader *reader) {
    if (!reader->box) return;
    size_t count = reader->box_size - JxlDecoderReleaseBoxBuffer(reader->decoder), skipped = 0;
    if (reader->box_kind == CODEC_BLOCK_EXIF) {
        // An offset of 4 bytes to the byte-order mark comes first.
        const uint8_t *box = reader->box;
        skipped = count < 4 ? count : 4;
        if (count > 4) skipped += (size_t)box[0] << 24 | (size_t)box[1] << 16 | (size_t)box[2] << 8 | box[3];
    }
    if (skipped < count) {
        codec_reader_add_block(&reader->base, reader->box_kind, 0, reader->box + skipped, count - skipped);
    }
    free(reader->box);
    reader->box = NULL;
}

/// Gives the decoder room for the box it stands before, if it is one of ours.
static void begin_box(codec_jxl_reader *reader) {
    end_box(reader);
    JxlBoxType type;
    if (JxlDecoderGetBoxType(reader->decoder, type, JXL_TRUE) != JXL_DEC_SUCCESS) return;
    int is_exif = memcmp(type, "Exif", 4) == 0;
    if (!is_exif && memcmp(type, "xml ", 4) != 0) return;
    reader->box_kind = is_exif ? CODEC_BLOCK_EXIF : CODEC_BLOCK_XMP;
    reader->box_size = 1 << 16;
    reader->box = malloc(reader->box_size);
    if (reader->box) JxlDecoderSetBoxBuffer(reader->decoder, reader->box, reader->box_size);
}

/// Without a buffer the decoder leaves the box out.
static void enlarge_box(codec_jxl_reader *reader) {
    size_t written = reader->box_size - JxlDecoderReleaseBoxBuffer(reader->decoder);
    uint8_t *larger = reader->box_size < largest_box ? realloc(reader->box, reader->box_size * 2) : NULL;
    if (!larger) {
        free(reader->box);
        reader->box = NULL;
        return;
    }
    reader->box = larger;
    reader->box_size *= 2;
    JxlDecoderSetBoxBuffer(reader->decoder, larger + written, reader->box_size - written);
}

static codec_status read_header(codec_jxl_reader *reader, codec_failure *failure) {
    int has_extent = 0;
    JxlDecoderSetDecompressBoxes(reader->decoder, JXL_TRUE);
    JxlDecoderSetKeepOrientation(reader->decoder, JXL_TRUE);
    if (!start(reader, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_BOX)) return fail(JXL_DEC_ERROR, failure);
    for (;;) {
        JxlDecoderStatus status = process(reader);
        switch (status) {
        case JXL_DEC_BASIC_INFO:
            if (read_extent(reader, failure) != CODEC_OK) return failure->status;
            has_extent = 1;
            break;
        case JXL_DEC_COLOR_ENCODING: read_color(reader); break;
        case JXL_DEC_BOX: begin_box(reader); break;
        case JXL_DEC_BOX_NEED_MORE_OUTPUT: enlarge_box(reader); break;
        case JXL_DEC_SUCCESS:
            end_box(reader);
            return has_extent ? CODEC_OK : fail(JXL_DEC_ERROR, failure);
        default: return fail(status, failure);
        }
    }
}

codec_reader *codec_jxl_reader_open(int descriptor, codec_info *info, codec_failure *failure) {
    FILE *file;
    codec_jxl_reader *reader = codec_allocate(sizeof *reader, descriptor, "rb", &file, failure);
    if (!reader) return NULL;
    reader->base = (codec_reader){.read_row = read_row, .close = close_reader};
    read_file(reader, file, failure);
    fclose(file);
    reader->decoder = JxlDecoderCreate(NULL);
    if (failure->status == CODEC_OK && !reader->decoder) codec_fail(failure, CODEC_SYSTEM, "no memory");
    if (failure->status != CODEC_OK || read_header(reader, failure) != CODEC_OK) {
        close_reader(&reader->base);
        return NULL;
    }
    *info = reader->info;
    return &reader->base;
}

static codec_status decode(codec_jxl_reader *reader, codec_failure *failure) {
    size_t sample = reader->info.bits_per_sample / 8;
    size_t size = (size_t)reader->info.width * reader->info.height * reader->info.channels * sample;
    JxlPixelFormat format = {reader->info.channels, sample == 2 ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
    reader->whole = malloc(size);
    reader->threads = JxlThreadParallelRunnerCreate(NULL, JxlThreadParallelRunnerDefaultNumWorkerThreads());
    if (!reader->whole || !reader->threads) return codec_fail(failure, CODEC_SYSTEM, "no memory");
    JxlDecoderReset(reader->decoder);
    if (JxlDecoderSetParallelRunner(reader->decoder, JxlThreadParallelRunner, reader->threads) != JXL_DEC_SUCCESS ||
        JxlDecoderSetKeepOrientation(reader->decoder, JXL_TRUE) != JXL_DEC_SUCCESS ||
        JxlDecoderSetUnpremultiplyAlpha(reader->decoder, JXL_TRUE) != JXL_DEC_SUCCESS ||
        !start(reader, JXL_DEC_FULL_IMAGE)) {
        return fail(JXL_DEC_ERROR, failure);
    }
    for (int is_complete = 0;;) {
        JxlDecoderStatus status = process(reader);
        if (status == JXL_DEC_NEED_IMAGE_OUT_BUFFER) {
            // Refused where the picture is another than the header said.
            if (JxlDecoderSetImageOutBuffer(reader->decoder, &format, reader->whole, size) == JXL_DEC_SUCCESS) continue;
        } else if (status == JXL_DEC_FULL_IMAGE) {
            is_complete = 1;
            continue;
        } else if (status == JXL_DEC_SUCCESS && is_complete) {
            return CODEC_OK;
        }
        return fail(status, failure);
    }
}

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure) {
    codec_jxl_reader *reader = (codec_jxl_reader *)base;
    failure->status = CODEC_OK;
    if (!reader->whole && decode(reader, failure) != CODEC_OK) return failure->status;
    size_t row_size = (size_t)reader->info.width * reader->info.channels * (reader->info.bits_per_sample / 8);
    memcpy(row, reader->whole + reader->next_row++ * row_size, row_size);
    return CODEC_OK;
}

static void close_reader(codec_reader *base) {
    codec_jxl_reader *reader = (codec_jxl_reader *)base;
    codec_reader_free_blocks(base);
    if (reader->decoder) JxlDecoderDestroy(reader->decoder);
    if (reader->threads) JxlThreadParallelRunnerDestroy(reader->threads);
    free(reader->box);
    free(reader->file);
    free(reader->whole);
    free(reader);
}
