#include "tiff_pixels.h"

#include "failure.h"

#include <string.h>

static void refuse(codec_failure *failure, const char *format, unsigned number) {
    char message[120];
    snprintf(message, sizeof message, format, number);
    codec_fail(failure, CODEC_UNSUPPORTED, message);
}

static void expand_palette(codec_tiff_pixels *pixels, TIFF *tiff, codec_failure *failure) {
    uint16_t *maps[3];
    if (pixels->bits > 8) {
        refuse(failure, "its palette is one of %u bits; those of 1, 2, 4 and 8 are read, so convert it to RGB first",
               pixels->bits);
        return;
    }
    if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &maps[0], &maps[1], &maps[2])) {
        codec_fail(failure, CODEC_CORRUPT, "its palette is missing");
        return;
    }
    size_t count = (size_t)1 << pixels->bits;
    pixels->palette = malloc(count * 3);
    if (!pixels->palette) {
        codec_fail(failure, CODEC_SYSTEM, "no memory");
        return;
    }
    // Palettes have 16 bits; some programs write 8.
    int shift = 0;
    for (size_t i = 0; i < count; i++) {
        for (int color = 0; color < 3; color++) shift = maps[color][i] > 255 ? 8 : shift;
    }
    for (size_t i = 0; i < count; i++) {
        for (int color = 0; color < 3; color++) pixels->palette[3 * i + color] = (uint8_t)(maps[color][i] >> shift);
    }
}

static void describe_colors(codec_tiff_pixels *pixels, codec_info *info, TIFF *tiff, codec_failure *failure) {
    uint16_t compression = 0, inks = INKSET_CMYK;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    uint32_t channels = 3;
    pixels->colors = 3;
    switch (pixels->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
        pixels->inverted = pixels->photometric == PHOTOMETRIC_MINISWHITE;
        pixels->colors = 1;
        channels = 1;
        break;
    case PHOTOMETRIC_PALETTE:
        pixels->colors = 1;
        expand_palette(pixels, tiff, failure);
        break;
    case PHOTOMETRIC_RGB:
        break;
    case PHOTOMETRIC_SEPARATED:
        TIFFGetFieldDefaulted(tiff, TIFFTAG_INKSET, &inks);
        if (inks != INKSET_CMYK) codec_fail(failure, CODEC_UNSUPPORTED, "its inks are not CMYK");
        pixels->colors = 4;
        info->cmyk = 1;
        channels = 4;
        break;
    case PHOTOMETRIC_YCBCR:
        if (pixels->separate) {
            // libtiff converts pixels only, and would give the planes as they are.
            codec_fail(failure, CODEC_UNSUPPORTED, "its colours are YCbCr, each stored apart; convert it to RGB first");
            break;
        }
        if (compression == COMPRESSION_JPEG) {
            TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
            break;
        }
        codec_fail(failure, CODEC_UNSUPPORTED, "its colours are YCbCr and not compressed as JPEG; convert it to RGB first");
        break;
    default:
        refuse(failure, "its colours are of kind %u; grey, RGB, palettes and CMYK are read", pixels->photometric);
    }
    info->channels = channels;
}

void codec_tiff_pixels_describe(codec_tiff_pixels *pixels, codec_info *info, TIFF *tiff, codec_failure *failure) {
    uint16_t format = SAMPLEFORMAT_UINT, planar = PLANARCONFIG_CONTIG, extra_count = 0, *extras = NULL, compression = 1;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &info->width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &info->height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &pixels->bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &pixels->samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    if (info->width == 0 || info->height == 0) {
        codec_fail(failure, CODEC_CORRUPT, "it has no pixels");
        return;
    }
    if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &pixels->photometric)) {
        pixels->photometric = pixels->samples < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB;
    }
    if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID) {
        codec_fail(failure, CODEC_UNSUPPORTED,
                   format == SAMPLEFORMAT_IEEEFP ? "its samples are floating-point numbers; save it with 8 or 16 bits"
                                                 : "its samples are signed or complex numbers");
        return;
    }
    if (pixels->bits != 1 && pixels->bits != 2 && pixels->bits != 4 && pixels->bits != 8 && pixels->bits != 16) {
        refuse(failure, "its samples have %u bits; 1, 2, 4, 8 and 16 are read", pixels->bits);
        return;
    }
    if (compression == COMPRESSION_CCITTRLEW) {
        // Where libtiff, up to 4.7 at least, has looked into the next word at a row's end, it leaves that word out.
        codec_fail(failure, CODEC_UNSUPPORTED,
                   "it is fax in words of 16 bits (compression 32771), which libtiff reads wrongly; save it with another "
                   "compression");
        return;
    }
    if (!TIFFIsCODECConfigured(compression)) {
        refuse(failure, "libtiff was built without its compression, number %u", compression);
        return;
    }
    pixels->separate = planar == PLANARCONFIG_SEPARATE && pixels->samples > 1;
    info->bits_per_sample = pixels->bits == 16 ? 16 : 8;
    describe_colors(pixels, info, tiff, failure);
    if (failure->status != CODEC_OK) return;
    if (pixels->samples < pixels->colors) {
        codec_fail(failure, CODEC_CORRUPT, "it has fewer samples a pixel than its colours need");
        return;
    }
    if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extras) && extra_count > 0) {
        int alpha = extras[0] == EXTRASAMPLE_ASSOCALPHA || extras[0] == EXTRASAMPLE_UNASSALPHA;
        pixels->alpha = alpha && pixels->samples > pixels->colors;
        pixels->premultiplied = pixels->alpha && extras[0] == EXTRASAMPLE_ASSOCALPHA;
    } else {
        // Some programs forget to say that the one sample behind the colours is alpha.
        pixels->alpha = pixels->samples == pixels->colors + 1;
    }
    if (pixels->alpha) info->channels++;
}

/// One sample of a row in its own range.
static inline uint32_t sample(const codec_tiff_pixels *pixels, const uint8_t *plane, size_t index) {
    switch (pixels->bits) {
    case 8: return plane[index];
    case 16: return ((const uint16_t *)plane)[index];
    default: {
        size_t bit = index * pixels->bits;
        return (plane[bit / 8] >> (8 - pixels->bits - bit % 8)) & ((1u << pixels->bits) - 1);
    }
    }
}

static inline void store(const codec_info *info, void *row, size_t index, uint32_t value) {
    if (info->bits_per_sample == 16) {
        ((uint16_t *)row)[index] = (uint16_t)value;
    } else {
        ((uint8_t *)row)[index] = (uint8_t)value;
    }
}

void codec_tiff_pixels_unpack(const codec_tiff_pixels *pixels, const codec_info *info, const uint8_t *const *planes,
                              void *row) {
    int plain = !pixels->separate && !pixels->palette && !pixels->inverted && !pixels->premultiplied;
    if (plain && pixels->samples == info->channels && pixels->bits >= 8) {
        memcpy(row, planes[0], (size_t)info->width * info->channels * (pixels->bits / 8));
        return;
    }
    uint32_t largest = (1u << pixels->bits) - 1, largest_out = info->bits_per_sample == 16 ? 65535 : 255;
    for (size_t x = 0; x < info->width; x++) {
        uint32_t values[6];
        unsigned stored = pixels->colors + (pixels->alpha ? 1 : 0);
        for (unsigned i = 0; i < stored; i++) {
            values[i] = pixels->separate ? sample(pixels, planes[i], x)
                                         : sample(pixels, planes[0], x * pixels->samples + i);
        }
        size_t target = x * info->channels;
        uint32_t alpha = pixels->alpha ? values[pixels->colors] : largest;
        if (pixels->palette) {
            for (int color = 0; color < 3; color++) store(info, row, target++, pixels->palette[3 * values[0] + color]);
        } else {
            for (unsigned i = 0; i < pixels->colors; i++) {
                uint32_t value = values[i];
                if (pixels->premultiplied && alpha > 0) {
                    uint64_t straight = ((uint64_t)value * largest + alpha / 2) / alpha;
                    value = straight < largest ? (uint32_t)straight : largest;
                }
                if (pixels->inverted) value = largest - value;
                store(info, row, target++, value * (largest_out / largest));
            }
        }
        if (pixels->alpha) store(info, row, target, alpha * (largest_out / largest));
    }
}
