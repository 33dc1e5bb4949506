#include "codec.h"
#include "tiff_file.h"
#include "tiff_pixels.h"

#include <string.h>

/// Rows are decoded a band at a time: the rows of a tile or, where strips are decoded as a whole, of a strip; else one row.
typedef struct {
    codec_reader base;
    codec_tiff_file file;
    codec_tiff_pixels pixels;
    codec_info info;
    uint32_t next_row;
    /// Whether strips are decoded as a whole: where channels are stored apart, and of PackBits, whose runs some programs let
    /// go on into the next row.
    int whole_strips;
    /// Pixels of a tile or strip across and down; rows of the band. All 0 until decoding begins.
    uint32_t block_width, block_height;
    /// Bytes of a row in the band, and of one plane of it.
    size_t line_size, plane_size;
    uint8_t *band;
    uint8_t *block;
    size_t block_size;
} codec_tiff_reader;

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure);
static void close_reader(codec_reader *base);

static void find_metadata(codec_tiff_reader *reader) {
    TIFF *tiff = reader->file.tiff;
    codec_metadata *metadata = &reader->base.metadata;
    uint32_t count = 0;
    void *bytes = NULL;
    if (TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &count, &bytes)) {
        codec_reader_add_block(&reader->base, CODEC_BLOCK_ICC, 0, bytes, count);
    }
    if (TIFFGetField(tiff, TIFFTAG_XMLPACKET, &count, &bytes)) {
        codec_reader_add_block(&reader->base, CODEC_BLOCK_XMP, 0, bytes, count);
    }
    float x = 0, y = 0;
    uint16_t unit = RESUNIT_INCH, orientation = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    if (TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) && TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y) &&
        unit != RESUNIT_NONE) {
        double scale = unit == RESUNIT_CENTIMETER ? 2.54 : 1;
        metadata->density_x = x * scale;
        metadata->density_y = y * scale;
    }
    if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation)) metadata->orientation = orientation;
}

/// Whether the picture is a small copy of one elsewhere in the file.
static int is_reduced_copy(TIFF *tiff) {
    uint32_t kind = 0;
    uint16_t count = 0;
    uint64_t *places = NULL;
    if (!TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind) || !(kind & FILETYPE_REDUCEDIMAGE)) return 0;
    return !TIFFLastDirectory(tiff) || (TIFFGetField(tiff, TIFFTAG_SUBIFD, &count, &places) && count > 0);
}

codec_reader *codec_tiff_reader_open(int descriptor, codec_info *info, codec_failure *failure) {
    failure->status = CODEC_OK;
    codec_tiff_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        codec_fail(failure, CODEC_SYSTEM, "no memory");
        close(descriptor);
        return NULL;
    }
    reader->base = (codec_reader){.read_row = read_row, .close = close_reader};
    // m: no memory map, for the file may become shorter while it is read.
    if (!codec_tiff_file_open(&reader->file, descriptor, "rm")) {
        codec_tiff_file_fail(&reader->file, failure);
    } else if (is_reduced_copy(reader->file.tiff)) {
        codec_fail(failure, CODEC_UNSUPPORTED,
                   "its first picture is a reduced copy of another, as in camera raw files; develop it to a plain TIFF first");
    } else {
        codec_tiff_pixels_describe(&reader->pixels, &reader->info, reader->file.tiff, failure);
    }
    if (failure->status != CODEC_OK) {
        close_reader(&reader->base);
        return NULL;
    }
    find_metadata(reader);
    *info = reader->info;
    return &reader->base;
}

/// Planes that are needed: channels beyond the colours and alpha are left out.
static unsigned plane_count(const codec_tiff_pixels *pixels) {
    return pixels->separate ? pixels->colors + (pixels->alpha ? 1u : 0u) : 1;
}

/// Reserves the band. A small picture in huge tiles is refused, for memory would be reserved for the tiles.
static codec_status start(codec_tiff_reader *reader, codec_failure *failure) {
    TIFF *tiff = reader->file.tiff;
    const codec_info *info = &reader->info;
    unsigned stored = reader->pixels.separate ? 1 : reader->pixels.samples;
    unsigned planes = plane_count(&reader->pixels);
    int tiled = TIFFIsTiled(tiff);
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    reader->whole_strips = !tiled && (reader->pixels.separate || compression == COMPRESSION_PACKBITS);
    uint32_t width = info->width, height = 1;
    if (tiled) {
        TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
        TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
    } else if (reader->whole_strips) {
        TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &height);
        height = height < info->height ? height : info->height;
    }
    double bits = (double)stored * reader->pixels.bits;
    if (width == 0 || height == 0) return codec_fail(failure, CODEC_CORRUPT, "its tiles or strips are empty");
    if (tiled && (uint64_t)width * (uint64_t)bits % 8 != 0) {
        return codec_fail(failure, CODEC_CORRUPT, "a row of a tile does not end with a byte");
    }
    double across = ((double)info->width + width - 1) * bits / 8 + 1;
    double picture = (double)info->width * info->height * bits / 8 * planes;
    double band = across * height * planes;
    if (band > 2 * picture + (64 << 20)) {
        return codec_fail(failure, CODEC_CORRUPT, "its tiles are far larger than the picture");
    }
    reader->line_size = ((size_t)across + 7) / 8 * 8;
    reader->plane_size = reader->line_size * height;
    size_t scanline = tiled ? 0 : (size_t)TIFFScanlineSize(tiff);
    if (scanline > reader->line_size) return codec_fail(failure, CODEC_CORRUPT, "a row has an unexpected size");
    reader->block_size = (size_t)(tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff));
    size_t expected = (size_t)(((double)width * bits + 7) / 8) * height;
    if (tiled && reader->block_size != expected) {
        return codec_fail(failure, CODEC_CORRUPT, "a tile has an unexpected size");
    }
    if (!tiled && !reader->whole_strips) reader->block_size = 0;
    if (reader->block_size > reader->plane_size + (64 << 20)) {
        return codec_fail(failure, CODEC_CORRUPT, "a strip has an unexpected size");
    }
    reader->band = calloc(planes, reader->plane_size);
    reader->block = malloc(reader->block_size + 1);
    if (!reader->band || !reader->block) return codec_fail(failure, CODEC_SYSTEM, "no memory");
    reader->block_width = width;
    reader->block_height = height;
    return CODEC_OK;
}

/// Whether the file has this tile or strip; libtiff would read a missing one from the file's start.
static int exists(codec_tiff_reader *reader, uint32_t block) {
    if (TIFFGetStrileOffset(reader->file.tiff, block) != 0) return 1;
    snprintf(reader->file.message, sizeof reader->file.message, "a strip or tile is missing");
    return 0;
}

/// Decodes the tiles or strips that begin at the row `top`.
static int read_band(codec_tiff_reader *reader, uint32_t top) {
    TIFF *tiff = reader->file.tiff;
    const codec_info *info = &reader->info;
    unsigned planes = plane_count(&reader->pixels);
    unsigned bits = reader->pixels.bits * (reader->pixels.separate ? 1 : reader->pixels.samples);
    uint32_t rows = info->height - top < reader->block_height ? info->height - top : reader->block_height;
    for (unsigned plane = 0; plane < planes; plane++) {
        uint8_t *target = reader->band + plane * reader->plane_size;
        if (!TIFFIsTiled(tiff)) {
            size_t line = (size_t)TIFFScanlineSize(tiff);
            uint32_t strip = TIFFComputeStrip(tiff, top, (uint16_t)plane);
            tmsize_t wanted = (tmsize_t)(line * rows);
            if (!exists(reader, strip)) return 0;
            if (TIFFReadEncodedStrip(tiff, strip, reader->block, (tmsize_t)reader->block_size) < wanted) return 0;
            for (uint32_t y = 0; y < rows; y++) {
                memcpy(target + y * reader->line_size, reader->block + y * line, line);
            }
            continue;
        }
        size_t line = reader->block_size / reader->block_height;
        for (uint32_t left = 0; left < info->width; left += reader->block_width) {
            uint32_t tile = TIFFComputeTile(tiff, left, top, 0, (uint16_t)plane);
            if (!exists(reader, tile)) return 0;
            if (TIFFReadEncodedTile(tiff, tile, reader->block, (tmsize_t)reader->block_size) < 0) return 0;
            size_t start = (size_t)left * bits / 8;
            size_t count = line < reader->line_size - start ? line : reader->line_size - start;
            for (uint32_t y = 0; y < rows; y++) {
                memcpy(target + y * reader->line_size + start, reader->block + y * line, count);
            }
            if (info->width - left <= reader->block_width) break;
        }
    }
    return 1;
}

static codec_status read_row(codec_reader *base, void *row, codec_failure *failure) {
    codec_tiff_reader *reader = (codec_tiff_reader *)base;
    failure->status = CODEC_OK;
    if (!reader->block_height && start(reader, failure) != CODEC_OK) return failure->status;
    uint32_t index = reader->next_row % reader->block_height;
    int done = 1;
    if (!TIFFIsTiled(reader->file.tiff) && !reader->whole_strips) {
        done = exists(reader, TIFFComputeStrip(reader->file.tiff, reader->next_row, 0)) &&
               TIFFReadScanline(reader->file.tiff, reader->band, reader->next_row, 0) == 1;
    } else if (index == 0) {
        done = read_band(reader, reader->next_row);
    }
    if (!done || reader->file.damaged) return codec_tiff_file_fail(&reader->file, failure);
    const uint8_t *planes[6] = {0};
    for (unsigned plane = 0; plane < plane_count(&reader->pixels); plane++) {
        planes[plane] = reader->band + plane * reader->plane_size + index * reader->line_size;
    }
    codec_tiff_pixels_unpack(&reader->pixels, &reader->info, planes, row);
    reader->next_row++;
    return CODEC_OK;
}

static void close_reader(codec_reader *base) {
    codec_tiff_reader *reader = (codec_tiff_reader *)base;
    codec_tiff_file_close(&reader->file);
    codec_reader_free_blocks(base);
    free(reader->pixels.palette);
    free(reader->band);
    free(reader->block);
    free(reader);
}
