/// TIFF's samples of every accepted kind as rows of 8 or 16 bits.
#ifndef CIMAGECODECS_TIFF_PIXELS_H
#define CIMAGECODECS_TIFF_PIXELS_H

#include "CImageCodecs.h"

#include <tiffio.h>

/// How a file stores its pixels.
typedef struct {
    uint16_t bits, samples, photometric;
    /// Whether each channel is stored apart.
    int separate;
    /// Samples of a pixel that are colour, before expansion: 1 for palettes.
    uint16_t colors;
    /// Whether the sample behind the colours is alpha, and whether the colours are multiplied with it.
    int alpha, premultiplied;
    /// Whether 0 is white.
    int inverted;
    /// Expanded palette, red, green and blue of each entry; NULL without one.
    uint8_t *palette;
} codec_tiff_pixels;

/// Finds out how the file stores its pixels, and what rows that gives; `failure` is filled where they are not read.
void codec_tiff_pixels_describe(codec_tiff_pixels *pixels, codec_info *info, TIFF *tiff, codec_failure *failure);
/// One row: `planes` has one pointer, or one for each sample where they are stored apart.
void codec_tiff_pixels_unpack(const codec_tiff_pixels *pixels, const codec_info *info, const uint8_t *const *planes,
                              void *row);

#endif
