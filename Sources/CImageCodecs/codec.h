/// What every format's reader and writer begin with: the functions that serve it.
#ifndef CIMAGECODECS_CODEC_H
#define CIMAGECODECS_CODEC_H

#include "CImageCodecs.h"

struct codec_reader {
    codec_status (*read_row)(codec_reader *, void *row, codec_failure *);
    void (*close)(codec_reader *);
    /// Copies are in `codec_reader_add_block`; released with the reader.
    codec_metadata metadata;
};

struct codec_writer {
    codec_status (*write_row)(codec_writer *, const void *row, codec_failure *);
    codec_status (*finish)(codec_writer *, codec_failure *);
    void (*close)(codec_writer *);
};

/// Keeps a copy of a block; the first of a kind and tag counts. Without memory it is left out.
void codec_reader_add_block(codec_reader *reader, codec_block_kind kind, uint32_t tag, const void *bytes, size_t count);
/// To be called by every `close`.
void codec_reader_free_blocks(codec_reader *reader);
/// The block of this kind, or NULL.
const codec_block *codec_find_block(const codec_metadata *metadata, codec_block_kind kind);

#endif
