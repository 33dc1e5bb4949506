// Winograd's convolution. Its points are 0, ±√½, ±√2 and ∞: with them the matrices' entries, and so the rounding errors,
// stay smaller than with the usual 0, ±1, ±2.
//
// For a block of tiles: Bᵀ·d·B of each tile's 6×6 inputs, 36 matrix products, Aᵀ·m·A to its 4×4 outputs. Frequencies of
// inputs are [36][tiles][inputs], those of outputs lie in panels of 16 channels, [36][outputs / 16][tiles][16].
#include "Kernel.h"

#define PANEL LIIF_WINOGRAD_CHANNELS
#define TILE LIIF_WINOGRAD_TILE
#define A 0.70710678118654752440f
#define B 1.41421356237309504880f

// Tiles of a block: forward, so that their frequencies stay in a core's L2; for the weights' gradient more, so that its
// sums are read and written less often. Measured flat from 24 to 72 and from 48 to 144.
#define FORWARD_TILES 36
#define GRADIENT_TILES 72

// G: three weights of a row to six frequencies.
static const float weightTransform[6][3] = {
    {1, 0, 0},
    {-2 / 3.0f, -2 * A / 3.0f, -1 / 3.0f},
    {-2 / 3.0f, 2 * A / 3.0f, -1 / 3.0f},
    {1 / 6.0f, B / 6.0f, 1 / 3.0f},
    {1 / 6.0f, -B / 6.0f, 1 / 3.0f},
    {0, 0, 1},
};

struct kernels {
    void (*product)(
        const float *restrict a, size_t aRow, size_t aStep, const float *restrict b, size_t rows, size_t inner,
        float *restrict c, int accumulate);
    void (*input_tile)(const void *const *pixels, int isBF16, size_t channels, float *out, size_t frequency);
    void (*output_tile)(
        const float *in, size_t frequency, size_t panel, const float *bias, const void *const *addends,
        void *const *pixels, int isBF16, size_t channels, int relu);
    void (*gradient_tile)(
        const void *const *pixels, int isBF16, size_t channels, float *out, size_t frequency, size_t panel);
    void (*weight_gradient)(const float *in, size_t frequency, float *out, size_t count);
};

#define NAME(x) x##_baseline
#define TARGET
#define LANES 4
#define ROWS 6
#define VECTORS 2
#include "winograd_variant.h"

#ifdef __x86_64__
#define NAME(x) x##_v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define ROWS 6
#define VECTORS 2
#include "winograd_variant.h"

#define NAME(x) x##_v4
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define LANES 16
#define ROWS 12
#define VECTORS 1
#include "winograd_variant.h"

static const struct kernels *const variants[] = {&kernels_baseline, &kernels_v3, &kernels_v4};

int liif_winograd_fastest(void) {
    __builtin_cpu_init();
    // All that the variants are compiled for: hypervisors can hide parts of it.
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi")
        || !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("f16c") || !__builtin_cpu_supports("lzcnt")
        || !__builtin_cpu_supports("movbe"))
        return 0;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd")
        ? 2 : 1;
}
#else
static const struct kernels *const variants[] = {&kernels_baseline};

int liif_winograd_fastest(void) { return 0; }
#endif

// MARK: Extents

typedef struct {
    size_t rows, columns;  // of the output
    size_t tilesAcross, tiles;
} grid;

static grid gridOf(const liif_winograd *w) {
    grid g = {.rows = w->padRows ? w->height : w->height - 2, .columns = w->width};
    g.tilesAcross = (g.columns + TILE - 1) / TILE;
    g.tiles = (g.rows + TILE - 1) / TILE * g.tilesAcross;
    return g;
}

size_t liif_winograd_tiles(const liif_winograd *w) { return gridOf(w).tiles; }

// From one frequency to the next: a cache line more than a power of two, or all 36 would fall into the same sets.
static size_t frequencyStride(size_t rows, size_t channels) { return rows * channels + PANEL; }

size_t liif_winograd_weights(const liif_winograd *w) { return 36 * w->inputs * w->outputs; }

static size_t blockScratch(const liif_winograd *w, size_t tiles) {
    const size_t zeros = w->inputs > w->outputs ? w->inputs : w->outputs;
    return 36 * (frequencyStride(tiles, w->inputs) + frequencyStride(tiles, w->outputs)) + zeros;
}

size_t liif_winograd_forward_scratch(const liif_winograd *w) { return blockScratch(w, FORWARD_TILES); }

size_t liif_winograd_gradient_scratch(const liif_winograd *w) {
    return blockScratch(w, GRADIENT_TILES) + 36 * frequencyStride(w->inputs, w->outputs);
}

// MARK: Weights

// Frequencies of one input's weights for a panel of outputs, `w` [9][PANEL].
KERNEL static void packPanel(const float *restrict w, float *restrict out, size_t frequency) {
    float t[18][PANEL];
    for (int i = 0; i < 6; i++)
        for (int x = 0; x < 3; x++)
            for (int k = 0; k < PANEL; k++)
                t[3 * i + x][k] = weightTransform[i][0] * w[x * PANEL + k] + weightTransform[i][1] * w[(3 + x) * PANEL + k]
                    + weightTransform[i][2] * w[(6 + x) * PANEL + k];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            for (int k = 0; k < PANEL; k++)
                out[(6 * i + j) * frequency + k] = weightTransform[j][0] * t[3 * i][k]
                    + weightTransform[j][1] * t[3 * i + 1][k] + weightTransform[j][2] * t[3 * i + 2][k];
}

void liif_winograd_pack(const liif_winograd *w, float *packed, const float *plain, size_t rowStride, int backward) {
    for (size_t panel = 0; panel < w->outputs; panel += PANEL)
        for (size_t c = 0; c < w->inputs; c++) {
            float gathered[9 * PANEL];
            for (size_t k = 0; k < PANEL; k++) {
                // The gradient's kernel is transposed and turned by 180°.
                const float *from = backward ? plain + c * rowStride + 9 * (panel + k) : plain + (panel + k) * rowStride + 9 * c;
                for (int i = 0; i < 9; i++) gathered[i * PANEL + k] = from[backward ? 8 - i : i];
            }
            packPanel(gathered, packed + panel * w->inputs + c * PANEL, w->inputs * w->outputs);
        }
}

void liif_winograd_unpack(const liif_winograd *w, const float *weightGradient, float *plain, size_t rowStride) {
    for (size_t k = 0; k < w->outputs; k++)
        for (size_t c = 0; c < w->inputs; c++)
            for (size_t i = 0; i < 9; i++)
                plain[k * rowStride + 9 * c + i] =
                    weightGradient[i * w->inputs * w->outputs + (k / PANEL * w->inputs + c) * PANEL + k % PANEL];
}

// MARK: Tiles

// A map of channels-last pixels.
typedef struct {
    const char *start;
    size_t pixelBytes;
} map;

static map mapOf(const void *start, size_t channels, int isBF16) {
    return (map){start, channels * (isBF16 ? sizeof(liif_bf16) : sizeof(float))};
}

// Where a tile's 6×6 inputs are; `zeros` outside the source.
static void inputPixels(
    const liif_winograd *w, const grid *g, map source, const void *zeros, size_t tile, const void **pixels) {
    const size_t top = tile / g->tilesAcross * TILE - (w->padRows ? 1 : 0), left = tile % g->tilesAcross * TILE - 1;
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++) {
            const size_t row = top + i, column = left + j;  // those below zero wrap and are too large
            const int inside = row < w->height && column < w->width;
            pixels[6 * i + j] = inside ? source.start + (row * w->width + column) * source.pixelBytes : zeros;
        }
}

// Where a tile's 4×4 outputs are; `outside` beyond the map.
static void outputPixels(const grid *g, map output, const void *outside, size_t tile, const void **pixels) {
    const size_t top = tile / g->tilesAcross * TILE, left = tile % g->tilesAcross * TILE;
    for (size_t i = 0; i < TILE; i++)
        for (size_t j = 0; j < TILE; j++) {
            const int inside = top + i < g->rows && left + j < g->columns;
            pixels[TILE * i + j] =
                inside ? output.start + ((top + i) * g->columns + left + j) * output.pixelBytes : outside;
        }
}

// Asks for the pixels under a run of tiles before they are read one by one: `rows` of each row of tiles, the first `above` it.
static void fetch(const grid *g, map m, size_t height, size_t above, size_t rows, size_t firstTile, size_t endTile) {
    for (size_t t = firstTile, next; t < endTile; t = next) {
        const size_t row = t / g->tilesAcross, left = t % g->tilesAcross * TILE;
        next = (row + 1) * g->tilesAcross < endTile ? (row + 1) * g->tilesAcross : endTile;
        const size_t right = left + (next - t) * TILE < g->columns ? left + (next - t) * TILE : g->columns;
        for (size_t y = row * TILE < above ? 0 : row * TILE - above; y < row * TILE + rows - above && y < height; y++) {
            const char *from = m.start + (y * g->columns + left) * m.pixelBytes;
            const char *end = m.start + (y * g->columns + right) * m.pixelBytes;
            for (; from < end; from += 64) __builtin_prefetch(from);
        }
    }
}

void liif_winograd_forward(
    const liif_winograd *w, const void *source, const float *packed, const float *bias, const void *addend,
    void *destination, float *scratch, size_t firstTile, size_t endTile) {
    const struct kernels *kernels = variants[w->variant];
    const grid g = gridOf(w);
    const size_t inputs = w->inputs, outputs = w->outputs;
    const size_t inStride = frequencyStride(FORWARD_TILES, inputs), outStride = frequencyStride(FORWARD_TILES, outputs);
    float *in = scratch, *out = in + 36 * inStride, *zeros = out + 36 * outStride;
    memset(zeros, 0, inputs * sizeof *zeros);
    const int isBF16 = w->destinationIsBF16;
    const map from = mapOf(source, inputs, w->sourceIsBF16), to = mapOf(destination, outputs, isBF16);
    const map added = mapOf(addend, outputs, isBF16);
    for (size_t first = firstTile; first < endTile; first += FORWARD_TILES) {
        const size_t count = endTile - first < FORWARD_TILES ? endTile - first : FORWARD_TILES;
        fetch(&g, from, w->height, w->padRows ? 1 : 0, 6, first, first + count);
        for (size_t t = 0; t < count; t++) {
            const void *pixels[36];
            inputPixels(w, &g, from, zeros, first + t, pixels);
            kernels->input_tile(pixels, w->sourceIsBF16, inputs, in + t * inputs, inStride);
        }
        for (size_t f = 0; f < 36; f++)
            for (size_t panel = 0; panel < outputs; panel += PANEL)
                kernels->product(
                    in + f * inStride, inputs, 1, packed + (f * outputs + panel) * inputs, count, inputs,
                    out + f * outStride + panel * FORWARD_TILES, 0);
        for (size_t t = 0; t < count; t++) {
            const void *pixels[TILE * TILE], *addends[TILE * TILE];
            outputPixels(&g, to, NULL, first + t, pixels);
            if (addend) outputPixels(&g, added, NULL, first + t, addends);
            kernels->output_tile(
                out + t * PANEL, outStride, FORWARD_TILES * PANEL, bias, addend ? addends : NULL,
                (void *const *)pixels, isBF16, outputs, w->relu);
        }
    }
}

void liif_winograd_weight_gradient(
    const liif_winograd *w, const void *source, const void *gradient, float *weightGradient, float *biasGradient,
    float *scratch) {
    const struct kernels *kernels = variants[w->variant];
    const grid g = gridOf(w);
    const size_t inputs = w->inputs, outputs = w->outputs;
    const size_t inStride = frequencyStride(GRADIENT_TILES, inputs), outStride = frequencyStride(GRADIENT_TILES, outputs);
    const size_t sumStride = frequencyStride(inputs, outputs);
    float *in = scratch, *out = in + 36 * inStride, *sums = out + 36 * outStride, *zeros = sums + 36 * sumStride;
    memset(zeros, 0, (inputs > outputs ? inputs : outputs) * sizeof *zeros);
    const int isBF16 = w->sourceIsBF16;
    const map from = mapOf(source, inputs, isBF16), to = mapOf(gradient, outputs, isBF16);
    for (size_t first = 0; first < g.tiles; first += GRADIENT_TILES) {
        const size_t count = g.tiles - first < GRADIENT_TILES ? g.tiles - first : GRADIENT_TILES;
        fetch(&g, from, w->height, w->padRows ? 1 : 0, 6, first, first + count);
        fetch(&g, to, g.rows, 0, TILE, first, first + count);
        for (size_t t = 0; t < count; t++) {
            const void *pixels[36];
            inputPixels(w, &g, from, zeros, first + t, pixels);
            kernels->input_tile(pixels, isBF16, inputs, in + t * inputs, inStride);
            outputPixels(&g, to, zeros, first + t, pixels);
            kernels->gradient_tile(pixels, isBF16, outputs, out + t * PANEL, outStride, GRADIENT_TILES * PANEL);
        }
        for (size_t f = 0; f < 36; f++)
            for (size_t panel = 0; panel < outputs; panel += PANEL)
                kernels->product(
                    in + f * inStride, 1, inputs, out + f * outStride + panel * GRADIENT_TILES, inputs, count,
                    sums + f * sumStride + panel * inputs, first > 0);
    }
    kernels->weight_gradient(sums, sumStride, weightGradient, inputs * outputs);
    memset(biasGradient, 0, outputs * sizeof *biasGradient);
    if (isBF16) liif_add_rows_bf16(biasGradient, gradient, g.rows * g.columns, outputs);
    else liif_add_rows_float(biasGradient, gradient, g.rows * g.columns, outputs);
}
