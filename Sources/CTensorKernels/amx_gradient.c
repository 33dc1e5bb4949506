// The weights' gradient: products over pixels, of the source turned to [inputs][pixels] and of the gradient as pairs of pixels
// [outputs / 16][pairs][16][2]. Both are laid out as one line of pixels with the padding's zeros between the rows, so that a
// tap of the kernel is an offset.
#include "amx_tiles.h"

#ifdef LIIF_HAS_AMX
// Pixels whose sources and gradients stay in the core's first cache while all taps are added up.
#define CHUNK 256

typedef struct {
    size_t pad;
    size_t line;      // pixels from one row to the next
    size_t pixels;    // of the gradient's line, a multiple of a product's
    size_t sources;   // numbers from one input's line to the next
} layout;

static layout layoutOf(const liif_amx *c) {
    layout l = {.pad = c->kernel / 2};
    // One column of zeros is the right end of a row and the left end of the next.
    l.line = c->width + l.pad;
    l.pixels = (c->height * l.line + TILE_INNER - 1) / TILE_INNER * TILE_INNER;
    const size_t last = l.pixels + 2 * l.pad * l.line + 2 * l.pad;
    // Whole cache lines, an odd number, or the lines of all inputs would fall into the same sets. A row's zeros may be
    // written beyond its end.
    l.sources = ((last + TILE_INNER) / TILE_INNER | 1) * TILE_INNER;
    return l;
}

size_t liif_amx_gradient_scratch(const liif_amx *c) {
    const layout l = layoutOf(c);
    return (c->inputs * l.sources + l.pixels * c->outputs) * sizeof(liif_bf16);
}

// Exchanges rows and columns of 16×16 numbers of 32 bits.
AMX_INLINE void turn(__m512i *r) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4)
        for (int j = 0; j < 2; j++) {
            r[i + 2 * j] = _mm512_unpacklo_epi64(t[i + j], t[i + j + 2]);
            r[i + 2 * j + 1] = _mm512_unpackhi_epi64(t[i + j], t[i + j + 2]);
        }
    // r[4·b + j] has column 4·l + j of rows 4·b … 4·b + 3 in its lane l.
    for (int j = 0; j < 4; j++) {
        const __m512i a = _mm512_shuffle_i32x4(r[j], r[4 + j], 0x88), b = _mm512_shuffle_i32x4(r[8 + j], r[12 + j], 0x88);
        const __m512i d = _mm512_shuffle_i32x4(r[j], r[4 + j], 0xdd), e = _mm512_shuffle_i32x4(r[8 + j], r[12 + j], 0xdd);
        t[j] = _mm512_shuffle_i32x4(a, b, 0x88);
        t[8 + j] = _mm512_shuffle_i32x4(a, b, 0xdd);
        t[4 + j] = _mm512_shuffle_i32x4(d, e, 0x88);
        t[12 + j] = _mm512_shuffle_i32x4(d, e, 0xdd);
    }
    for (int i = 0; i < 16; i++) r[i] = t[i];
}

// 32 numbers whose i-th is number 2·i + `odd` of two registers, or, interleaved, the (16·odd + i)-th pair of theirs.
AMX_INLINE __m512i every_other(int odd) {
    uint16_t index[32];
    for (int i = 0; i < 32; i++) index[i] = (uint16_t)(2 * i + odd);
    return _mm512_loadu_si512(index);
}
AMX_INLINE __m512i interleaving(int high) {
    uint16_t index[32];
    for (int i = 0; i < 32; i++) index[i] = (uint16_t)(16 * high + i / 2 + i % 2 * 32);
    return _mm512_loadu_si512(index);
}

AMX_KERNEL static void turn_source(const liif_amx *c, const layout *l, const liif_bf16 *source, liif_bf16 *to) {
    const size_t channels = c->inputs, start = l->pad * l->line;
    for (size_t i = 0; i < channels; i++) {
        liif_bf16 *line = to + i * l->sources;
        memset(line, 0, start * sizeof *line);
        if (l->pad)
            for (size_t y = 0; y < c->height; y++) line[start + y * l->line] = 0;
    }
    const __m512i evens = every_other(0), odds = every_other(1);
    for (size_t y = 0; y < c->height; y++)
        for (size_t x = 0; x < c->width; x += 32)
            for (size_t channel = 0; channel < channels; channel += 32) {
                const liif_bf16 *from = source + (y * c->width + x) * channels + channel;
                const size_t count = c->width - x < 32 ? c->width - x : 32;
                __m512i a[16], b[16];
                for (size_t p = 0; p < 16; p++) {
                    a[p] = p < count ? _mm512_loadu_si512(from + p * channels) : _mm512_setzero_si512();
                    b[p] = p + 16 < count ? _mm512_loadu_si512(from + (p + 16) * channels) : _mm512_setzero_si512();
                }
                turn(a), turn(b);
                // Beyond the row's end are zeros; the next row is written over what is too far.
                liif_bf16 *at = to + channel * l->sources + start + y * l->line + l->pad + x;
                for (size_t pair = 0; pair < 16; pair++, at += 2 * l->sources) {
                    _mm512_storeu_si512(at, _mm512_permutex2var_epi16(a[pair], evens, b[pair]));
                    _mm512_storeu_si512(at + l->sources, _mm512_permutex2var_epi16(a[pair], odds, b[pair]));
                }
            }
    const size_t end = start + c->height * l->line;
    for (size_t i = 0; i < channels; i++) memset(to + i * l->sources + end, 0, (l->sources - end) * sizeof *to);
}

// Pairs the gradient's pixels and sums them up.
AMX_KERNEL static void pair_gradient(
    const liif_amx *c, const layout *l, const liif_bf16 *gradient, liif_bf16 *to, float *sums) {
    const __m512i low = interleaving(0), high = interleaving(1), zero = _mm512_setzero_si512();
    const __m512bh ones = (__m512bh)_mm512_set1_epi16(0x3f80);
    const size_t outputs = c->outputs;
    for (size_t o = 0; o < outputs; o += 32) {
        __m512 s0 = _mm512_setzero_ps(), s1 = s0;
        liif_bf16 *to0 = to + o * l->pixels, *to1 = to0 + 16 * l->pixels;
        const liif_bf16 *from = gradient + o;
        size_t x = 0, y = 0;
        for (size_t p = 0; p < l->pixels; p += 2, to0 += 32, to1 += 32) {
            __m512i pixel[2];
            for (int i = 0; i < 2; i++) {
                const int inside = x < c->width && y < c->height;
                pixel[i] = inside ? _mm512_loadu_si512(from) : zero;
                if (inside) from += outputs;
                if (++x == l->line) x = 0, y++;
            }
            const __m512i a = _mm512_permutex2var_epi16(pixel[0], low, pixel[1]);
            const __m512i b = _mm512_permutex2var_epi16(pixel[0], high, pixel[1]);
            s0 = _mm512_dpbf16_ps(s0, (__m512bh)a, ones), s1 = _mm512_dpbf16_ps(s1, (__m512bh)b, ones);
            _mm512_store_si512(to0, a), _mm512_store_si512(to1, b);
        }
        _mm512_storeu_ps(sums + o, _mm512_add_ps(s0, _mm512_loadu_ps(sums + o)));
        _mm512_storeu_ps(sums + o + 16, _mm512_add_ps(s1, _mm512_loadu_ps(sums + o + 16)));
    }
}

AMX_KERNEL void liif_amx_weight_gradient(
    const liif_amx *c, const liif_bf16 *source, const liif_bf16 *gradient, float *weightGradient, float *biasGradient,
    int accumulate, void *scratch) {
    const layout l = layoutOf(c);
    liif_bf16 *lines = scratch, *pairs = lines + c->inputs * l.sources;
    turn_source(c, &l, source, lines);
    if (!accumulate) memset(biasGradient, 0, c->outputs * sizeof *biasGradient);
    pair_gradient(c, &l, gradient, pairs, biasGradient);
    const size_t lineBytes = l.sources * sizeof *lines;
    configure_tiles();
    for (size_t first = 0; first < l.pixels; first += CHUNK) {
        const size_t end = l.pixels - first < CHUNK ? l.pixels : first + CHUNK;
        const int begun = accumulate || first > 0;
        float *to = weightGradient;
        for (size_t i = 0; i < c->inputs; i += 32)
            for (size_t o = 0; o < c->outputs; o += 32)
                for (size_t tap = 0; tap < c->kernel * c->kernel; tap++, to += 1024) {
                    if (begun) {
                        _tile_loadd(0, to, 64), _tile_loadd(1, to + 256, 64);
                        _tile_loadd(2, to + 512, 64), _tile_loadd(3, to + 768, 64);
                    } else {
                        _tile_zero(0), _tile_zero(1), _tile_zero(2), _tile_zero(3);
                    }
                    const liif_bf16 *s0 = lines + i * l.sources + tap / c->kernel * l.line + tap % c->kernel;
                    const liif_bf16 *s1 = s0 + 16 * l.sources;
                    const liif_bf16 *g0 = pairs + o * l.pixels, *g1 = g0 + 16 * l.pixels;
                    for (size_t p = first; p < end; p += TILE_INNER) {
                        _tile_loadd(4, s0 + p, lineBytes), _tile_loadd(6, g0 + 16 * p, 64);
                        _tile_loadd(7, g1 + 16 * p, 64), _tile_loadd(5, s1 + p, lineBytes);
                        _tile_dpbf16ps(0, 4, 6), _tile_dpbf16ps(1, 4, 7);
                        _tile_dpbf16ps(2, 5, 6), _tile_dpbf16ps(3, 5, 7);
                    }
                    _tile_stored(0, to, 64), _tile_stored(1, to + 256, 64);
                    _tile_stored(2, to + 512, 64), _tile_stored(3, to + 768, 64);
                }
    }
    _tile_release();
}

void liif_amx_unpack(const liif_amx *c, const float *weightGradient, float *plain, size_t rowStride) {
    const size_t taps = c->kernel * c->kernel;
    // [inputs / 32][outputs / 32][taps][2][2][16][16]: halves of the inputs, of the outputs, inputs, outputs.
    for (size_t o = 0; o < c->outputs; o++)
        for (size_t i = 0; i < c->inputs; i++) {
            const float *from = weightGradient + (i / 32 * (c->outputs / 32) + o / 32) * taps * 1024
                + (i % 32 / 16 * 2 + o % 32 / 16) * 256 + i % 16 * 16 + o % 16;
            for (size_t t = 0; t < taps; t++) plain[o * rowStride + taps * i + t] = from[t * 1024];
        }
}
#endif
