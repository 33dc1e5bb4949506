/// What every format's reader and writer begin with: the functions that serve it.
#ifndef CIMAGECODECS_CODEC_H
#define CIMAGECODECS_CODEC_H

#include "CImageCodecs.h"

struct codec_reader {
    codec_status (*read_row)(codec_reader *, void *row, codec_failure *);
    void (*close)(codec_reader *);
};

struct codec_writer {
    codec_status (*write_row)(codec_writer *, const void *row, codec_failure *);
    codec_status (*finish)(codec_writer *, codec_failure *);
    void (*close)(codec_writer *);
};

#endif
