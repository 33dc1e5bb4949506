/// Row-by-row PNG and JPEG over libpng and libjpeg. Everything that longjmp and varargs touch ends here: each call
/// returns a status and fills a `codec_failure`; nothing is printed.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

/// Why a call failed.
typedef enum {
    CODEC_OK = 0,
    /// The file ends too early.
    CODEC_TRUNCATED,
    /// The file's contents contradict the format.
    CODEC_CORRUPT,
    /// The file is valid, but uses a feature not handled here.
    CODEC_UNSUPPORTED,
    /// The operating system refused; `system_error` holds errno.
    CODEC_SYSTEM,
} codec_status;

/// The evidence of a failure.
typedef struct {
    codec_status status;
    int system_error;
    char message[256];
} codec_failure;

/// What a header says about the rows that reading gives.
typedef struct {
    uint32_t width;
    uint32_t height;
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    uint32_t channels;
    /// 8 or 16; 16-bit samples in the machine's byte order.
    uint32_t bits_per_sample;
} codec_info;

/// An open picture of any format.
typedef struct codec_reader codec_reader;
typedef struct codec_writer codec_writer;

// Every `open` takes ownership of the file descriptor, also when it fails, and returns NULL on failure.
// A reader or writer that failed once may only be closed.

/// Reads the header only; nothing that grows with the picture is allocated.
codec_reader *codec_png_reader_open(int descriptor, codec_info *info, codec_failure *failure);
codec_reader *codec_jpeg_reader_open(int descriptor, codec_info *info, codec_failure *failure);
/// Reads the next row, width · channels · bits / 8 bytes. The last row also checks the rest of the file.
codec_status codec_reader_read_row(codec_reader *reader, void *row, codec_failure *failure);
/// Accepts NULL.
void codec_reader_close(codec_reader *reader);

/// `compression`: zlib's level, 0…9.
codec_writer *codec_png_writer_open(int descriptor, const codec_info *info, int compression, codec_failure *failure);
/// Grey or RGB of 8 bits, at most 65500 pixels a side. `quality`: libjpeg's scale, 1…100; chroma in full resolution.
codec_writer *codec_jpeg_writer_open(int descriptor, const codec_info *info, int quality, codec_failure *failure);
codec_status codec_writer_write_row(codec_writer *writer, const void *row, codec_failure *failure);
/// Writes the end of the file and flushes it. To be called after the last row.
codec_status codec_writer_finish(codec_writer *writer, codec_failure *failure);
/// Accepts NULL.
void codec_writer_close(codec_writer *writer);

/// An empty file without a name, to read and to write, that lies in memory where the system has such; −1 sets errno.
int codec_anonymous_file(void);

#endif
