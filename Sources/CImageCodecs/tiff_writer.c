#include "codec.h"
#include "tiff_file.h"

#include <string.h>

/// Bytes of a strip, roughly.
static const size_t strip_size = 1 << 20;

typedef struct {
    codec_writer base;
    codec_tiff_file file;
    codec_info info;
    size_t row_size;
    /// Rows of a strip, or of a row of tiles.
    uint32_t band_height;
    /// Pixels of a tile's side, or 0.
    uint32_t tile;
    uint32_t next_row;
    /// The rows of the band that is being filled.
    uint8_t *band;
    /// One tile.
    uint8_t *block;
} codec_tiff_writer;

int codec_tiff_can_compress(int compression) { return TIFFIsCODECConfigured((uint16_t)compression); }


static void set_structure(codec_tiff_writer *writer, const codec_tiff_layout *layout) {
    TIFF *tiff = writer->file.tiff;
    const codec_info *info = &writer->info;
    uint16_t straight_alpha = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, info->width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, info->height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, info->bits_per_sample);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, info->channels);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, info->channels < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    if (info->channels % 2 == 0) TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &straight_alpha);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, layout->compression);
    if (layout->compression != COMPRESSION_NONE) TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    if (layout->compression == COMPRESSION_ADOBE_DEFLATE) TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, layout->level);
    if (layout->compression == COMPRESSION_ZSTD) TIFFSetField(tiff, TIFFTAG_ZSTD_LEVEL, layout->level);
    if (writer->tile) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, writer->tile);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, writer->tile);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, writer->band_height);
    }
}

static void set_metadata(codec_tiff_writer *writer, const codec_metadata *metadata) {
    TIFF *tiff = writer->file.tiff;
    for (size_t i = 0; i < metadata->block_count; i++) {
        const codec_block *block = &metadata->blocks[i];
        switch (block->kind) {
        case CODEC_BLOCK_ICC:
            TIFFSetField(tiff, TIFFTAG_ICCPROFILE, (uint32_t)block->count, block->bytes);
            break;
        case CODEC_BLOCK_XMP:
            TIFFSetField(tiff, TIFFTAG_XMLPACKET, (uint32_t)block->count, block->bytes);
            break;
        case CODEC_BLOCK_TEXT:
            TIFFSetField(tiff, block->tag, block->bytes);
            break;
        case CODEC_BLOCK_TIFF_DIRECTORIES:
            codec_tiff_file_append(&writer->file, block->bytes, block->count);
            break;
        case CODEC_BLOCK_EXIF:
            break;
        }
    }
    if (metadata->density_x > 0 && metadata->density_y > 0) {
        TIFFSetField(tiff, TIFFTAG_XRESOLUTION, metadata->density_x);
        TIFFSetField(tiff, TIFFTAG_YRESOLUTION, metadata->density_y);
        TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    }
    if (metadata->orientation) TIFFSetField(tiff, TIFFTAG_ORIENTATION, metadata->orientation);
    if (metadata->exif_position) TIFFSetField(tiff, TIFFTAG_EXIFIFD, metadata->exif_position);
    if (metadata->gps_position) TIFFSetField(tiff, TIFFTAG_GPSIFD, metadata->gps_position);
}

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure);
static codec_status finish(codec_writer *base, codec_failure *failure);
static void close_writer(codec_writer *base);

codec_writer *codec_tiff_writer_open(int descriptor, const codec_info *info, const codec_tiff_layout *layout,
                                     const codec_metadata *metadata, codec_failure *failure) {
    failure->status = CODEC_OK;
    codec_tiff_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        codec_fail(failure, CODEC_SYSTEM, "no memory");
        close(descriptor);
        return NULL;
    }
    char mode[] = {'w', layout->big_endian ? 'b' : 'l', layout->big ? '8' : '4', 0};
    writer->base = (codec_writer){write_row, finish, close_writer};
    writer->info = *info;
    writer->tile = layout->tile;
    writer->row_size = (size_t)info->width * info->channels * (info->bits_per_sample / 8);
    size_t rows = writer->row_size < strip_size ? strip_size / writer->row_size : 1;
    writer->band_height = layout->tile ? layout->tile : rows < info->height ? (uint32_t)rows : info->height;
    writer->band = malloc(writer->band_height * writer->row_size);
    size_t pixel_size = info->channels * (info->bits_per_sample / 8);
    writer->block = malloc(layout->tile ? (size_t)layout->tile * layout->tile * pixel_size : 1);
    if (!writer->band || !writer->block) {
        codec_fail(failure, CODEC_SYSTEM, "no memory");
        writer->file.descriptor = descriptor;
    } else if (!codec_tiff_file_open(&writer->file, descriptor, mode)) {
        codec_tiff_file_fail(&writer->file, failure);
    } else {
        set_structure(writer, layout);
        set_metadata(writer, metadata);
        if (writer->file.message[0] || writer->file.system_error) codec_tiff_file_fail(&writer->file, failure);
    }
    if (failure->status == CODEC_OK) return &writer->base;
    close_writer(&writer->base);
    return NULL;
}

/// Compresses and writes the `rows` rows of the band.
static int write_tiles(codec_tiff_writer *writer, uint32_t top, uint32_t rows) {
    size_t pixel = writer->info.channels * (writer->info.bits_per_sample / 8);
    size_t line = writer->tile * pixel;
    for (uint32_t left = 0; left < writer->info.width; left += writer->tile) {
        uint32_t columns = writer->info.width - left < writer->tile ? writer->info.width - left : writer->tile;
        for (uint32_t y = 0; y < writer->tile; y++) {
            // Beyond the picture its last row and column go on: that compresses well.
            uint32_t row = y < rows ? y : rows - 1;
            uint8_t *target = writer->block + y * line;
            memcpy(target, writer->band + row * writer->row_size + left * pixel, columns * pixel);
            for (uint32_t x = columns; x < writer->tile; x++) {
                memcpy(target + x * pixel, target + (columns - 1) * pixel, pixel);
            }
        }
        uint32_t tile = TIFFComputeTile(writer->file.tiff, left, top, 0, 0);
        tmsize_t size = (tmsize_t)(line * writer->tile);
        if (TIFFWriteEncodedTile(writer->file.tiff, tile, writer->block, size) != size) return 0;
    }
    return 1;
}

static codec_status write_row(codec_writer *base, const void *row, codec_failure *failure) {
    codec_tiff_writer *writer = (codec_tiff_writer *)base;
    failure->status = CODEC_OK;
    uint32_t index = writer->next_row % writer->band_height;
    memcpy(writer->band + index * writer->row_size, row, writer->row_size);
    writer->next_row++;
    uint32_t rows = index + 1;
    if (rows < writer->band_height && writer->next_row < writer->info.height) return CODEC_OK;
    uint32_t top = writer->next_row - rows;
    int written;
    if (writer->tile) {
        written = write_tiles(writer, top, rows);
    } else {
        tmsize_t size = (tmsize_t)(rows * writer->row_size);
        written = TIFFWriteEncodedStrip(writer->file.tiff, top / writer->band_height, writer->band, size) == size;
    }
    return written ? CODEC_OK : codec_tiff_file_fail(&writer->file, failure);
}

static codec_status finish(codec_writer *base, codec_failure *failure) {
    codec_tiff_writer *writer = (codec_tiff_writer *)base;
    failure->status = CODEC_OK;
    if (!TIFFWriteDirectory(writer->file.tiff) || writer->file.system_error) {
        return codec_tiff_file_fail(&writer->file, failure);
    }
    return CODEC_OK;
}

static void close_writer(codec_writer *base) {
    codec_tiff_writer *writer = (codec_tiff_writer *)base;
    codec_tiff_file_close(&writer->file);
    free(writer->band);
    free(writer->block);
    free(writer);
}

uint64_t codec_tiff_writer_end(const codec_writer *writer) {
    return (uint64_t)((const codec_tiff_writer *)writer)->file.end;
}

void codec_tiff_writer_tile_sizes(codec_writer *base, uint32_t first, uint32_t count, uint64_t *sizes) {
    codec_tiff_writer *writer = (codec_tiff_writer *)base;
    for (uint32_t i = 0; i < count; i++) sizes[i] = TIFFGetStrileByteCount(writer->file.tiff, first + i);
}

codec_status codec_tiff_writer_resume(codec_writer *base, const uint64_t *sizes, uint32_t count, codec_failure *failure) {
    codec_tiff_writer *writer = (codec_tiff_writer *)base;
    failure->status = CODEC_OK;
    if (count == 0) return CODEC_OK;
    uint64_t largest = 1;
    for (uint32_t i = 0; i < count; i++) largest = sizes[i] > largest ? sizes[i] : largest;
    // libtiff counts and places the bytes; they do not go anywhere.
    uint8_t *nothing = calloc(1, largest);
    if (!nothing) return codec_fail(failure, CODEC_SYSTEM, "no memory");
    writer->file.skips = 1;
    int done = 1;
    for (uint32_t i = 0; done && i < count; i++) {
        done = TIFFWriteRawTile(writer->file.tiff, i, nothing, (tmsize_t)sizes[i]) == (tmsize_t)sizes[i];
    }
    writer->file.skips = 0;
    free(nothing);
    if (!done) return codec_tiff_file_fail(&writer->file, failure);
    uint32_t across = (writer->info.width + writer->tile - 1) / writer->tile;
    uint64_t rows = (uint64_t)(count / across) * writer->tile;
    writer->next_row = rows < writer->info.height ? (uint32_t)rows : writer->info.height;
    return CODEC_OK;
}
