/// How the codecs record what went wrong.
#ifndef CIMAGECODECS_FAILURE_H
#define CIMAGECODECS_FAILURE_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L  // fdopen
#endif

#include "CImageCodecs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/// Fills `failure`; `message` is copied.
static inline codec_status codec_fail(codec_failure *failure, codec_status status, const char *message) {
    failure->status = status;
    failure->system_error = status == CODEC_SYSTEM ? errno : 0;
    snprintf(failure->message, sizeof failure->message, "%s", message);
    return status;
}

/// A zeroed codec of `size` bytes and a stream over the descriptor, or NULL with `failure` filled and the descriptor
/// closed.
static inline void *codec_allocate(size_t size, int descriptor, const char *mode, FILE **file, codec_failure *failure) {
    failure->status = CODEC_OK;
    void *codec = calloc(1, size);
    *file = codec ? fdopen(descriptor, mode) : NULL;
    if (*file) return codec;
    codec_fail(failure, CODEC_SYSTEM, "opening failed");
    close(descriptor);
    free(codec);
    return NULL;
}

#endif
