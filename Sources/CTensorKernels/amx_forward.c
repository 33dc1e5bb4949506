// The convolution itself: two tiles of pixels by two of outputs at a time, from rows that are copied with their columns of zeros
// into a ring that stays in the core's first cache.
#include "amx_tiles.h"

#ifdef LIIF_HAS_AMX
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

// Columns that are made together, a multiple of a tile's pixels.
#define PANEL 64
// Bytes of the sums of two blocks of four tiles: one is written to the result while the other is made.
#define SUMS (8 * TILE_BYTES)

int liif_amx_available(void) {
    unsigned a, b, c, d;
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")
        || !__builtin_cpu_supports("avx512dq") || !__get_cpuid_count(7, 0, &a, &b, &c, &d))
        return 0;
    const unsigned tiles = 1u << 24, products = 1u << 22;
    if ((d & tiles) == 0 || (d & products) == 0) return 0;
    const unsigned conversions = 1u << 5;
    if (!__get_cpuid_count(7, 1, &a, &b, &c, &d) || (a & conversions) == 0) return 0;
    // Linux keeps the tiles' 8 KB of every thread only for processes that asked: ARCH_REQ_XCOMP_PERM, XTILEDATA.
    return syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}

size_t liif_amx_weights(const liif_amx *c) { return 2 * c->kernel * c->kernel * c->inputs * c->outputs; }

void liif_amx_pack(const liif_amx *c, liif_bf16 *packed, const float *plain, size_t rowStride, int backward) {
    const size_t taps = c->kernel * c->kernel, steps = c->inputs / TILE_INNER;
    for (size_t o = 0; o < c->outputs; o++)
        for (size_t i = 0; i < c->inputs; i++) {
            // The gradient's kernel is transposed and turned by 180°.
            const float *from = backward ? plain + i * rowStride + taps * o : plain + o * rowStride + taps * i;
            // [outputs / 16][taps][inputs / 32], each a tile [16 pairs of inputs][16 outputs][2].
            liif_bf16 *to = packed + (o / 16 * taps * steps + i / TILE_INNER) * 512 + i % TILE_INNER / 2 * 32 + o % 16 * 2 + i % 2;
            for (size_t t = 0; t < taps; t++) to[t * steps * 512] = narrow(from[backward ? taps - 1 - t : t]);
        }
}

// Rows of the ring: those under two rows of output.
static size_t ringRows(const liif_amx *c) { return c->kernel + 1; }
// Numbers of a row of the ring: whole tiles of pixels and the columns on either side.
static size_t ringWidth(const liif_amx *c) { return (PANEL + c->kernel - 1) * c->inputs; }

size_t liif_amx_forward_scratch(const liif_amx *c) {
    return SUMS + ringRows(c) * ringWidth(c) * sizeof(liif_bf16);
}

// Copies the source's row, counted from the padding's first, for the columns [left, right) of output.
static void fillRow(const liif_amx *c, const liif_bf16 *source, size_t row, size_t left, size_t right, liif_bf16 *to) {
    const size_t pad = c->kernel / 2, channels = c->inputs;
    const size_t above = c->padRows ? pad : 0;
    if (row < above || row - above >= c->height) {
        memset(to, 0, (right - left + 2 * pad) * channels * sizeof *to);
        return;
    }
    const size_t first = left < pad ? 0 : left - pad, end = right + pad < c->width ? right + pad : c->width;
    const size_t zerosBefore = first + pad - left, zerosAfter = right + pad - end;
    memset(to, 0, zerosBefore * channels * sizeof *to);
    memcpy(to + zerosBefore * channels, source + ((row - above) * c->width + first) * channels,
        (end - first) * channels * sizeof *to);
    memset(to + (zerosBefore + end - first) * channels, 0, zerosAfter * channels * sizeof *to);
}

// Four tiles of sums, two of pixels by two of outputs, on their way into the result.
typedef struct {
    const float *sums;
    size_t pixels[2];  // that exist, of each tile's 16
    size_t at[2];      // the first one's place in the result
    size_t next;       // 16 sums of a pixel and an output tile, 0 … 63
} block;

typedef struct {
    const liif_amx *c;
    const float *bias;
    const void *addend;
    void *destination;
    liif_bf16 *copy;
} result;

// Writes up to `count` more pixels' 16 outputs of a block. Between tile products this costs next to nothing.
AMX_INLINE void finish(const result *r, block *b, size_t count, size_t output) {
    const size_t outputs = r->c->outputs;
    const __m512 zero = _mm512_setzero_ps();
    const size_t end = b->next + count < 64 ? b->next + count : 64;
    for (size_t i = b->next; i < end; i++) {
        const size_t tile = i / 32, pixel = i % 16, half = i / 16 % 2 * 16;
        if (pixel >= b->pixels[tile]) continue;
        const size_t at = b->at[tile] + pixel * outputs + half;
        __m512 x = _mm512_load_ps(b->sums + 16 * i);
        if (r->bias) x = _mm512_add_ps(x, _mm512_loadu_ps(r->bias + output + half));
        if (r->c->destinationIsBF16) {
            if (r->addend) x = _mm512_add_ps(x, widened((const liif_bf16 *)r->addend + at));
            if (r->c->relu) x = _mm512_max_ps(zero, x);
            _mm256_storeu_si256((__m256i *)((liif_bf16 *)r->destination + at), narrowed(x));
        } else {
            if (r->addend) x = _mm512_add_ps(x, _mm512_loadu_ps((const float *)r->addend + at));
            if (r->c->relu) x = _mm512_max_ps(zero, x);
            _mm512_storeu_ps((float *)r->destination + at, x);
            if (r->copy) _mm256_storeu_si256((__m256i *)(r->copy + at), narrowed(x));
        }
    }
    b->next = end;
}

AMX_KERNEL void liif_amx_forward(
    const liif_amx *c, const liif_bf16 *source, const liif_bf16 *packed, const float *bias, const void *addend,
    void *destination, liif_bf16 *copy, void *scratch) {
    const result r = {c, bias, addend, destination, copy};
    float *sums = scratch, *otherSums = sums + TILE_BYTES;
    liif_bf16 *ring = (liif_bf16 *)((char *)scratch + SUMS);
    const size_t kernel = c->kernel, inputs = c->inputs, slots = ringRows(c), slot = ringWidth(c);
    const size_t rows = c->height - (c->padRows ? 0 : kernel - 1);
    const size_t weightStep = kernel * kernel * inputs * 16, pixelBytes = inputs * sizeof(liif_bf16);
    const size_t finished = (64 + kernel * kernel * inputs / TILE_INNER - 1) / (kernel * kernel * inputs / TILE_INNER);
    block pending = {.next = 64};
    size_t pendingOutput = 0;
    configure_tiles();
    for (size_t left = 0; left < c->width; left += PANEL) {
        const size_t columns = c->width - left < PANEL ? c->width - left : PANEL;
        const size_t across = (columns + TILE_ROWS - 1) / TILE_ROWS;
        size_t filled = 0;
        for (size_t row = 0; row < rows; row += 2) {
            const size_t made = rows - row < 2 ? 1 : 2;
            for (; filled < row + made + kernel - 1; filled++)
                fillRow(c, source, filled, left, left + columns, ring + filled % slots * slot);
            const size_t count = made * across;
            for (size_t output = 0; output < c->outputs; output += 32)
                for (size_t t = 0; t < count; t += 2) {
                    // An odd last tile is multiplied twice.
                    const size_t u = t + 1 < count ? t + 1 : t;
                    const liif_bf16 *w0 = packed + output / 16 * weightStep, *w1 = w0 + weightStep;
                    _tile_zero(0), _tile_zero(1), _tile_zero(2), _tile_zero(3);
                    for (size_t y = 0; y < kernel; y++) {
                        const liif_bf16 *p0 = ring + (row + t / across + y) % slots * slot + t % across * TILE_ROWS * inputs;
                        const liif_bf16 *p1 = ring + (row + u / across + y) % slots * slot + u % across * TILE_ROWS * inputs;
                        for (size_t k = 0; k < kernel * inputs; k += TILE_INNER, w0 += 512, w1 += 512) {
                            _tile_loadd(4, p0 + k, pixelBytes), _tile_loadd(6, w0, 64);
                            _tile_loadd(7, w1, 64), _tile_loadd(5, p1 + k, pixelBytes);
                            _tile_dpbf16ps(0, 4, 6), _tile_dpbf16ps(1, 4, 7);
                            _tile_dpbf16ps(2, 5, 6), _tile_dpbf16ps(3, 5, 7);
                            finish(&r, &pending, finished, pendingOutput);
                        }
                    }
                    _tile_stored(0, sums, 64), _tile_stored(1, sums + 256, 64);
                    _tile_stored(2, sums + 512, 64), _tile_stored(3, sums + 768, 64);
                    pending = (block){.sums = sums};
                    pendingOutput = output;
                    const size_t tiles[2] = {t, u};
                    for (int i = 0; i < 2; i++) {
                        const size_t x = tiles[i] % across * TILE_ROWS;
                        pending.pixels[i] = i > 0 && u == t ? 0 : columns - x < TILE_ROWS ? columns - x : TILE_ROWS;
                        pending.at[i] = ((row + tiles[i] / across) * c->width + left + x) * c->outputs + output;
                    }
                    float *const swapped = sums;
                    sums = otherSums, otherSums = swapped;
                }
        }
    }
    _tile_release();
    finish(&r, &pending, 64, pendingOutput);
}
#endif
