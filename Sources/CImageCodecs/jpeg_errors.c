#include "jpeg_errors.h"

#include <jerror.h>

static codec_status status_of(int code) {
    switch (code) {
    case JWRN_JPEG_EOF:
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF:
        return CODEC_TRUNCATED;
    case JERR_FILE_READ:
    case JERR_FILE_WRITE:
    case JERR_OUT_OF_MEMORY:
        return CODEC_SYSTEM;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_IMAGE_TOO_BIG:
    case JERR_NOTIMPL:
    case JERR_SOF_UNSUPPORTED:
        return CODEC_UNSUPPORTED;
    default:
        return CODEC_CORRUPT;
    }
}

static void leave(j_common_ptr codec) {
    codec_jpeg_errors *errors = (codec_jpeg_errors *)codec->err;
    if (errors->failure->status == CODEC_OK) {
        char message[JMSG_LENGTH_MAX];
        codec_status status = status_of(codec->err->msg_code);
        int system_error = errno;
        codec->err->format_message(codec, message);
        errno = system_error;
        codec_fail(errors->failure, status, message);
    }
    longjmp(errors->escape, 1);
}

static void handle_message(j_common_ptr codec, int level) {
    if (level >= 0) return;
    switch (codec->err->msg_code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
        leave(codec);
        break;
    default:  // Oddities that cost no pixel, such as bytes before a marker.
        codec->err->num_warnings++;
    }
}

static void print_nothing(j_common_ptr codec) { (void)codec; }

struct jpeg_error_mgr *codec_jpeg_errors_install(codec_jpeg_errors *errors) {
    jpeg_std_error(&errors->base);
    errors->base.error_exit = leave;
    errors->base.emit_message = handle_message;
    errors->base.output_message = print_nothing;
    return &errors->base;
}
