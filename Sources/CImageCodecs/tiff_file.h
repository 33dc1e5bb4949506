/// libtiff over a file descriptor, without memory maps and with its errors recorded.
#ifndef CIMAGECODECS_TIFF_FILE_H
#define CIMAGECODECS_TIFF_FILE_H

#include "failure.h"

#include <sys/types.h>
#include <tiffio.h>

typedef struct {
    TIFF *tiff;
    int descriptor;
    off_t position;
    /// Writing: the position behind everything written.
    off_t end;
    /// Not 0 while writing advances the position and leaves the file as it is.
    int skips;
    /// Reading: something lies behind the file's end.
    int hit_end;
    /// Reading: a decoder went on after something that costs pixels; `message` has its words.
    int damaged;
    /// The first errno of reading or writing.
    int system_error;
    /// libtiff's first words about an error or damage, or "".
    char message[200];
} codec_tiff_file;

/// Opens libtiff with its `mode`; 0 on failure, with `file->message` filled. The caller keeps the descriptor.
int codec_tiff_file_open(codec_tiff_file *file, int descriptor, const char *mode);
/// Writes bytes of our own behind everything written; an error is recorded.
void codec_tiff_file_append(codec_tiff_file *file, const void *bytes, size_t count);
/// Closes libtiff and the descriptor.
void codec_tiff_file_close(codec_tiff_file *file);
/// Fills `failure` with what is known about the call of libtiff that failed.
codec_status codec_tiff_file_fail(const codec_tiff_file *file, codec_failure *failure);

#endif
