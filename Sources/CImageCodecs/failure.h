/// How the codecs record what went wrong.
#ifndef CIMAGECODECS_FAILURE_H
#define CIMAGECODECS_FAILURE_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L  // fdopen
#endif

#include "CImageCodecs.h"

#include <errno.h>
#include <stdio.h>

/// Fills `failure`; `message` is copied.
static inline codec_status codec_fail(codec_failure *failure, codec_status status, const char *message) {
    failure->status = status;
    failure->system_error = status == CODEC_SYSTEM ? errno : 0;
    snprintf(failure->message, sizeof failure->message, "%s", message);
    return status;
}

#endif
