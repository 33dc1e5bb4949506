/// Row-by-row PNG, JPEG, TIFF, WebP and JPEG XL over libpng, libjpeg, libtiff, libwebp and libjxl, and colours over
/// lcms2. Everything that longjmp and varargs touch ends here: each call returns a status and fills a `codec_failure`;
/// nothing is printed.
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
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha; with `cmyk` 4 inks, or 5 with alpha.
    uint32_t channels;
    /// 8 or 16; 16-bit samples in the machine's byte order.
    uint32_t bits_per_sample;
    /// Not 0 if the first four samples are cyan, magenta, yellow and black, 0 no ink.
    uint32_t cmyk;
} codec_info;

/// What a piece of metadata is.
typedef enum {
    /// An ICC profile.
    CODEC_BLOCK_ICC,
    /// EXIF in its TIFF structure, from the byte-order mark on.
    CODEC_BLOCK_EXIF,
    /// An XMP packet.
    CODEC_BLOCK_XMP,
    /// A text that `tag` says the place of: TIFF's tag of type ASCII; PNG's "Software" whatever the tag. Ends with a 0.
    CODEC_BLOCK_TEXT,
    /// TIFF, writing only: directories that go right behind the file's header.
    CODEC_BLOCK_TIFF_DIRECTORIES,
} codec_block_kind;

typedef struct {
    codec_block_kind kind;
    uint32_t tag;
    const uint8_t *bytes;
    size_t count;
} codec_block;

/// What comes with a picture beside its rows.
typedef struct {
    const codec_block *blocks;
    size_t block_count;
    /// Pixels per inch, or 0 where unknown.
    double density_x, density_y;
    /// Not 0 where the file says that it is sRGB (PNG, JPEG XL).
    uint32_t srgb;
    /// TIFF's orientation, 1…8; 0 where the file has none of its own.
    uint32_t orientation;
    /// PNG's gAMA, samples = light ^ gamma; 0 where missing.
    double gamma;
    /// PNG's cHRM: white, red, green, blue, each x and y; `chromaticities[1]` is 0 where missing.
    double chromaticities[8];
    /// TIFF, writing only: absolute positions of the directories in the block of them, or 0.
    uint64_t exif_position, gps_position;
} codec_metadata;

/// An open picture of any format.
typedef struct codec_reader codec_reader;
typedef struct codec_writer codec_writer;

// Every `open` takes ownership of the file descriptor, also when it fails, and returns NULL on failure.
// A reader or writer that failed once may only be closed.

/// Reads the header only; nothing that grows with the picture is allocated. WebP and JPEG XL: read the compressed file.
codec_reader *codec_png_reader_open(int descriptor, codec_info *info, codec_failure *failure);
codec_reader *codec_jpeg_reader_open(int descriptor, codec_info *info, codec_failure *failure);
codec_reader *codec_tiff_reader_open(int descriptor, codec_info *info, codec_failure *failure);
codec_reader *codec_webp_reader_open(int descriptor, codec_info *info, codec_failure *failure);
codec_reader *codec_jxl_reader_open(int descriptor, codec_info *info, codec_failure *failure);
/// What the header brought; it lives as long as the reader.
const codec_metadata *codec_reader_metadata(const codec_reader *reader);
/// Reads the next row, width · channels · bits / 8 bytes. The last row also checks the rest of the file.
codec_status codec_reader_read_row(codec_reader *reader, void *row, codec_failure *failure);
/// Accepts NULL.
void codec_reader_close(codec_reader *reader);

// The metadata are read during the call only.

/// `compression`: zlib's level, 0…9.
codec_writer *codec_png_writer_open(int descriptor, const codec_info *info, int compression,
                                    const codec_metadata *metadata, codec_failure *failure);
/// Grey or RGB of 8 bits, at most 65500 pixels a side. `quality`: libjpeg's scale, 1…100; chroma in full resolution.
/// A block of EXIF or XMP must fit one marker.
codec_writer *codec_jpeg_writer_open(int descriptor, const codec_info *info, int quality,
                                     const codec_metadata *metadata, codec_failure *failure);
/// 8 bits, at most 16383 pixels a side; grey is written as RGB. Keeps the whole picture and compresses it at the end.
/// `quality`: libwebp's scale, 0…100, or below 0 for lossless.
codec_writer *codec_webp_writer_open(int descriptor, const codec_info *info, int quality,
                                     const codec_metadata *metadata, codec_failure *failure);
/// 8 or 16 bits. Keeps the whole picture and compresses it at the end. `quality`: on JPEG's scale, 1…100, or below 0 for
/// lossless.
codec_writer *codec_jxl_writer_open(int descriptor, const codec_info *info, int quality,
                                    const codec_metadata *metadata, codec_failure *failure);

/// How a TIFF file is laid out.
typedef struct {
    /// TIFF's number: 1 none, 5 LZW, 8 deflate, 50000 zstd.
    int compression;
    /// Of deflate 1…9, of zstd 1…22.
    int level;
    /// Pixels of a tile's side, a multiple of 16; 0 for strips of about a megabyte.
    uint32_t tile;
    int big;
    int big_endian;
} codec_tiff_layout;

/// Whether libtiff was built with this compression.
int codec_tiff_can_compress(int compression);
codec_writer *codec_tiff_writer_open(int descriptor, const codec_info *info, const codec_tiff_layout *layout,
                                     const codec_metadata *metadata, codec_failure *failure);
/// The position behind everything written.
uint64_t codec_tiff_writer_end(const codec_writer *writer);
/// Compressed sizes of `count` tiles from `first` on, all written.
void codec_tiff_writer_tile_sizes(codec_writer *writer, uint32_t first, uint32_t count, uint64_t *sizes);
/// Takes the next tiles, whole rows of them, as already in the file with these sizes: accounts for them without
/// touching the file. Only before the first row.
codec_status codec_tiff_writer_resume(codec_writer *writer, const uint64_t *sizes, uint32_t count, codec_failure *failure);

codec_status codec_writer_write_row(codec_writer *writer, const void *row, codec_failure *failure);
/// Writes the end of the file and flushes it. To be called after the last row.
codec_status codec_writer_finish(codec_writer *writer, codec_failure *failure);
/// Accepts NULL.
void codec_writer_close(codec_writer *writer);

/// An empty file without a name, to read and to write, that lies in memory where the system has such; −1 sets errno.
int codec_anonymous_file(void);

/// zlib's CRC-32, from 0.
uint32_t codec_crc32(uint32_t crc, const void *bytes, size_t count);

/// What zlib has to say of compressed bytes.
typedef enum { CODEC_INFLATED, CODEC_INFLATED_TOO_LARGE, CODEC_INFLATED_DAMAGED } codec_inflation;

/// Decompresses a whole zlib stream; `made` receives the bytes written, of at most `capacity`.
codec_inflation codec_inflate(const void *bytes, size_t count, void *out, size_t capacity, size_t *made);

/// A conversion of pixels to sRGB, or to grey with sRGB's curve where the pixels are grey.
typedef struct codec_color codec_color;

/// The colour space of an ICC profile as in its header, 'GRAY', 'RGB ' or 'CMYK' for instance, or 0 if it is damaged or
/// none of a device's.
uint32_t codec_profile_space(const void *profile, size_t count);
/// Whether the profile's colours are sRGB's: white, primaries and curve; of a profile of grey, the curve.
int codec_profile_is_srgb(const void *profile, size_t count);
/// Curves of profiles by their numbers in ITU-T H.273; PQ's and HLG's light is in shares of the largest.
typedef enum { CODEC_CURVE_GAMMA = 0, CODEC_CURVE_SRGB = 13, CODEC_CURVE_PQ = 16, CODEC_CURVE_HLG = 18 } codec_curve;
/// Writes a profile, grey or RGB, to at most `capacity` bytes; returns its size, 0 where this fails. `gamma` is for
/// `CODEC_CURVE_GAMMA`: light = sample ^ gamma.
size_t codec_profile_make(int grey, codec_curve curve, double gamma, const double chromaticities[8], void *profile,
                          size_t capacity);
/// Whether libpng or libjxl takes the profile for such a picture; both examine profiles more closely than lcms2.
int codec_png_takes_profile(const void *profile, size_t count, const codec_info *info);
int codec_jxl_takes_profile(const void *profile, size_t count, const codec_info *info);
/// `info` describes the source pixels; NULL if the profile does not fit them.
codec_color *codec_color_open(const void *profile, size_t count, const codec_info *info);
/// The target has 1 or 3 channels and the source's alpha and depth.
void codec_color_apply(codec_color *color, const void *source, void *target, size_t pixels);
/// Inks to RGB without a profile: (1 − ink) · (1 − black).
void codec_cmyk_to_rgb(const void *source, void *target, size_t pixels, const codec_info *info);
/// Accepts NULL.
void codec_color_close(codec_color *color);

#endif
