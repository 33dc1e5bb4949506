/// libpng's errors as a longjmp to the caller and a filled `codec_failure`.
#ifndef CIMAGECODECS_PNG_ERRORS_H
#define CIMAGECODECS_PNG_ERRORS_H

#include "failure.h"

#include <png.h>
#include <setjmp.h>

typedef struct {
    jmp_buf escape;
    codec_failure *failure;
} codec_png_errors;

/// Records the message, unless input or output has recorded a more precise one, and leaves libpng.
static inline void codec_png_error(png_structp png, png_const_charp message) {
    codec_png_errors *errors = png_get_error_ptr(png);
    if (errors->failure->status == CODEC_OK) codec_fail(errors->failure, CODEC_CORRUPT, message);
    longjmp(errors->escape, 1);
}

static inline void codec_png_ignore_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

#endif
