// One instruction set's build of Winograd's convolution; winograd.c includes this once for each and defines
//   NAME(x)  the variant's name of x
//   TARGET   the attribute that selects the instruction set
//   LANES    floats of a vector
//   ROWS     rows of a product's tile in registers, an even number; VECTORS its width in vectors

typedef float NAME(vector) __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef uint32_t NAME(words) __attribute__((vector_size(LANES * 4)));
typedef liif_bf16 NAME(halves) __attribute__((vector_size(LANES * 2), aligned(2), may_alias));
#define VECTOR NAME(vector)
#define LOCAL static inline __attribute__((always_inline)) TARGET

LOCAL VECTOR NAME(load)(const float *p) { return *(const VECTOR *)p; }
LOCAL void NAME(store)(float *p, VECTOR v) { *(VECTOR *)p = v; }

// BF16, to and from: `narrow` of Kernel.h, many at once.
LOCAL VECTOR NAME(load_bf16)(const liif_bf16 *p) {
    return (VECTOR)(__builtin_convertvector(*(const NAME(halves) *)p, NAME(words)) << 16);
}
LOCAL void NAME(store_bf16)(liif_bf16 *p, VECTOR v) {
    const NAME(words) bits = (NAME(words))v, upper = bits >> 16;
    const NAME(words) rounded = (bits + 0x7fffu + (upper & 1)) >> 16;
    const NAME(words) isNaN = (NAME(words))((bits & 0x7fffffffu) > 0x7f800000u);
    *(NAME(halves) *)p = __builtin_convertvector((rounded & ~isNaN) | ((upper | 0x40) & isNaN), NAME(halves));
}

// Elements of a map, which is BF16 or float32; `isBF16` is a constant.
LOCAL VECTOR NAME(load_from)(const void *map, size_t i, const int isBF16) {
    return isBF16 ? NAME(load_bf16)((const liif_bf16 *)map + i) : NAME(load)((const float *)map + i);
}
LOCAL void NAME(store_to)(void *map, size_t i, VECTOR v, const int isBF16) {
    if (isBF16) NAME(store_bf16)((liif_bf16 *)map + i, v);
    else NAME(store)((float *)map + i, v);
}

// MARK: Products

// c[r, 0..<PANEL] = [c +] ∑ₖ a[r·aRow + k·aStep] · b[k, 0..<PANEL], rows of b and c PANEL floats apart; `rows` and `ahead`
// are constants. With `ahead` it asks for the panel behind b, which the next product reads.
LOCAL void NAME(tile)(
    const int rows, const float *restrict a, size_t aRow, size_t aStep, const float *restrict b, size_t inner,
    float *restrict c, int accumulate, const int ahead) {
    for (int half = 0; half < PANEL / (LANES * VECTORS); half++) {
        VECTOR sum[ROWS][VECTORS];
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
            for (int v = 0; v < VECTORS; v++)
                sum[r][v] = accumulate ? NAME(load)(c + r * PANEL + (half * VECTORS + v) * LANES) : (VECTOR){0};
        const float *in = b + half * VECTORS * LANES;
        for (size_t k = 0; k < inner; k++) {
            VECTOR right[VECTORS];
            if (ahead) __builtin_prefetch(in + (inner + k) * PANEL);
#pragma clang loop unroll(full)
            for (int v = 0; v < VECTORS; v++) right[v] = NAME(load)(in + k * PANEL + v * LANES);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                const float left = a[r * aRow + k * aStep];
#pragma clang loop unroll(full)
                for (int v = 0; v < VECTORS; v++) sum[r][v] += left * right[v];
            }
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
            for (int v = 0; v < VECTORS; v++) NAME(store)(c + r * PANEL + (half * VECTORS + v) * LANES, sum[r][v]);
    }
}

static TARGET void NAME(product)(
    const float *restrict a, size_t aRow, size_t aStep, const float *restrict b, size_t rows, size_t inner,
    float *restrict c, int accumulate) {
    size_t r = 0;
    if (r + ROWS <= rows) {
        NAME(tile)(ROWS, a, aRow, aStep, b, inner, c, accumulate, 1);
        r += ROWS;
    }
    for (; r + ROWS <= rows; r += ROWS)
        NAME(tile)(ROWS, a + r * aRow, aRow, aStep, b, inner, c + r * PANEL, accumulate, 0);
    for (; r + 4 <= rows; r += 4) NAME(tile)(4, a + r * aRow, aRow, aStep, b, inner, c + r * PANEL, accumulate, 0);
    for (; r < rows; r++) NAME(tile)(1, a + r * aRow, aRow, aStep, b, inner, c + r * PANEL, accumulate, 0);
}

// MARK: Transforms. d, m and g run over one axis of a tile, `step` vectors apart.

// Bᵀ·d: six inputs to six frequencies.
LOCAL void NAME(input_axis)(const VECTOR *d, VECTOR *t, int step) {
    const VECTOR evenA = d[4 * step] - 2.0f * d[2 * step], oddA = A * (d[3 * step] - 2.0f * d[step]);
    const VECTOR evenB = d[4 * step] - 0.5f * d[2 * step], oddB = B * (d[3 * step] - 0.5f * d[step]);
    t[0] = d[0] - 2.5f * d[2 * step] + d[4 * step];
    t[step] = evenA + oddA;
    t[2 * step] = evenA - oddA;
    t[3 * step] = evenB + oddB;
    t[4 * step] = evenB - oddB;
    t[5 * step] = d[step] - 2.5f * d[3 * step] + d[5 * step];
}

// Aᵀ·m: six frequencies to four outputs.
LOCAL void NAME(output_axis)(const VECTOR *m, VECTOR *y, int step, int outStep) {
    const VECTOR sumA = m[step] + m[2 * step], differenceA = m[step] - m[2 * step];
    const VECTOR sumB = m[3 * step] + m[4 * step], differenceB = m[3 * step] - m[4 * step];
    y[0] = m[0] + sumA + sumB;
    y[outStep] = A * differenceA + B * differenceB;
    y[2 * outStep] = 0.5f * sumA + 2.0f * sumB;
    y[3 * outStep] = m[5 * step] + A * A * A * differenceA + B * B * B * differenceB;
}

// A·g: four outputs' gradients to six frequencies.
LOCAL void NAME(gradient_axis)(const VECTOR *g, VECTOR *t, int step, int outStep) {
    const VECTOR evenA = g[0] + 0.5f * g[2 * step], oddA = A * g[step] + A * A * A * g[3 * step];
    const VECTOR evenB = g[0] + 2.0f * g[2 * step], oddB = B * g[step] + B * B * B * g[3 * step];
    t[0] = g[0];
    t[outStep] = evenA + oddA;
    t[2 * outStep] = evenA - oddA;
    t[3 * outStep] = evenB + oddB;
    t[4 * outStep] = evenB - oddB;
    t[5 * outStep] = g[3 * step];
}

// A tile's 6×6 inputs to 36 frequencies, [36][…][channels], `frequency` floats apart.
LOCAL void NAME(input_tile_of)(
    const void *const *pixels, const int isBF16, size_t channels, float *out, size_t frequency) {
    for (size_t c = 0; c < channels; c += LANES) {
        VECTOR d[36], t[36];
        for (int i = 0; i < 36; i++) d[i] = NAME(load_from)(pixels[i], c, isBF16);
        for (int x = 0; x < 6; x++) NAME(input_axis)(d + x, t + x, 6);
        for (int y = 0; y < 6; y++) {
            VECTOR u[6];
            NAME(input_axis)(t + 6 * y, u, 1);
            for (int x = 0; x < 6; x++) NAME(store)(out + (6 * y + x) * frequency + c, u[x]);
        }
    }
}

static TARGET void NAME(input_tile)(
    const void *const *pixels, int isBF16, size_t channels, float *out, size_t frequency) {
    if (isBF16) NAME(input_tile_of)(pixels, 1, channels, out, frequency);
    else NAME(input_tile_of)(pixels, 0, channels, out, frequency);
}

// A tile's 36 frequencies, in panels `panel` floats apart, to 4×4 outputs; those of null pixels are dropped.
LOCAL void NAME(output_tile_of)(
    const float *in, size_t frequency, size_t panel, const float *bias, const void *const *addends,
    void *const *pixels, const int isBF16, size_t channels, int relu) {
    for (size_t c = 0; c < channels; c += LANES) {
        const float *from = in + c / PANEL * panel + c % PANEL;
        VECTOR m[36], t[24], y[16];
        for (int i = 0; i < 36; i++) m[i] = NAME(load)(from + i * frequency);
        for (int x = 0; x < 6; x++) NAME(output_axis)(m + x, t + x, 6, 6);
        for (int r = 0; r < 4; r++) NAME(output_axis)(t + 6 * r, y + 4 * r, 1, 1);
        const VECTOR constant = bias ? NAME(load)(bias + c) : (VECTOR){0};
        for (int i = 0; i < 16; i++) {
            if (!pixels[i]) continue;
            VECTOR value = y[i] + constant;
            if (addends) value += NAME(load_from)(addends[i], c, isBF16);
            // `rectified` of Kernel.h, many at once.
            if (relu) value = (VECTOR)((NAME(words))value & ~(NAME(words))(value < (VECTOR){0}));
            NAME(store_to)(pixels[i], c, value, isBF16);
        }
    }
}

static TARGET void NAME(output_tile)(
    const float *in, size_t frequency, size_t panel, const float *bias, const void *const *addends,
    void *const *pixels, int isBF16, size_t channels, int relu) {
    if (isBF16) NAME(output_tile_of)(in, frequency, panel, bias, addends, pixels, 1, channels, relu);
    else NAME(output_tile_of)(in, frequency, panel, bias, addends, pixels, 0, channels, relu);
}

// A tile's 4×4 gradients to 36 frequencies in panels.
LOCAL void NAME(gradient_tile_of)(
    const void *const *pixels, const int isBF16, size_t channels, float *out, size_t frequency, size_t panel) {
    for (size_t c = 0; c < channels; c += LANES) {
        float *to = out + c / PANEL * panel + c % PANEL;
        VECTOR g[16], t[24];
        for (int i = 0; i < 16; i++) g[i] = NAME(load_from)(pixels[i], c, isBF16);
        for (int x = 0; x < 4; x++) NAME(gradient_axis)(g + x, t + x, 4, 4);
        for (int y = 0; y < 6; y++) {
            VECTOR u[6];
            NAME(gradient_axis)(t + 4 * y, u, 1, 1);
            for (int x = 0; x < 6; x++) NAME(store)(to + (6 * y + x) * frequency, u[x]);
        }
    }
}

static TARGET void NAME(gradient_tile)(
    const void *const *pixels, int isBF16, size_t channels, float *out, size_t frequency, size_t panel) {
    if (isBF16) NAME(gradient_tile_of)(pixels, 1, channels, out, frequency, panel);
    else NAME(gradient_tile_of)(pixels, 0, channels, out, frequency, panel);
}

// Gᵀ·dU·G: the weight gradient's 36 frequencies to 3×3, [3, 3, inputs·outputs].
static TARGET void NAME(weight_gradient)(const float *in, size_t frequency, float *out, size_t count) {
    for (size_t c = 0; c < count; c += LANES) {
        VECTOR t[18];
        for (int x = 0; x < 6; x++) {
            VECTOR u[6];
            for (int y = 0; y < 6; y++) u[y] = NAME(load)(in + (6 * y + x) * frequency + c);
            for (int k = 0; k < 3; k++) {
                VECTOR sum = {0};
                for (int y = 0; y < 6; y++) sum += weightTransform[y][k] * u[y];
                t[6 * k + x] = sum;
            }
        }
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++) {
                VECTOR sum = {0};
                for (int x = 0; x < 6; x++) sum += weightTransform[x][k] * t[6 * i + x];
                NAME(store)(out + (3 * i + k) * count + c, sum);
            }
    }
}

static const struct kernels NAME(kernels) = {
    NAME(product), NAME(input_tile), NAME(output_tile), NAME(gradient_tile), NAME(weight_gradient)};

#undef VECTOR
#undef LOCAL
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef VECTORS
