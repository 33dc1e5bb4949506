/// libjpeg's errors as a longjmp to the caller and a filled `codec_failure`.
#ifndef CIMAGECODECS_JPEG_ERRORS_H
#define CIMAGECODECS_JPEG_ERRORS_H

#include "failure.h"

#include <jpeglib.h>
#include <setjmp.h>

typedef struct {
    /// First, so that libjpeg's pointer to it is a pointer to the whole.
    struct jpeg_error_mgr base;
    jmp_buf escape;
    codec_failure *failure;
} codec_jpeg_errors;

/// Installs silent handlers that leave libjpeg on errors, and on warnings that mean missing or damaged picture data.
struct jpeg_error_mgr *codec_jpeg_errors_install(codec_jpeg_errors *errors);

#endif
