// Products of 16-bit integers. Packed weights lie in panels of 16 outputs, [outputs / 16][inner / 2][16][2]: one
// multiplication takes a pair of inputs to 8 outputs. What a panel or a pair has too much is zero.
#include "Kernel.h"
#include "SixteenBit.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define PANEL 16

static size_t pairs(const liif_product_i16 *p) { return (p->inner + 1) / 2; }

static size_t panels(const liif_product_i16 *p) { return (p->outputs + PANEL - 1) / PANEL; }

size_t liif_product_i16_weights(const liif_product_i16 *p) { return panels(p) * pairs(p) * PANEL * 2; }

void liif_product_i16_pack(const liif_product_i16 *p, int16_t *packed, const int16_t *plain) {
    for (size_t panel = 0; panel < panels(p); panel++)
        for (size_t k = 0; k < 2 * pairs(p); k++)
            for (size_t j = 0; j < PANEL; j++) {
                const size_t output = panel * PANEL + j;
                const int inside = output < p->outputs && k < p->inner;
                packed[((panel * pairs(p) + k / 2) * PANEL + j) * 2 + k % 2] = inside ? plain[output * p->inner + k] : 0;
            }
}

// Sixteen of a row's sums to activations.
typedef struct {
    float scales[PANEL], bias[PANEL];
    size_t count;  // outputs of this panel
} finish;

static finish finishOf(const liif_product_i16 *p, size_t panel, const float *scales, const float *bias) {
    finish f = {.count = p->outputs - panel * PANEL < PANEL ? p->outputs - panel * PANEL : PANEL};
    memcpy(f.scales, scales + panel * PANEL, f.count * sizeof(float));
    memcpy(f.bias, bias + panel * PANEL, f.count * sizeof(float));
    return f;
}

// MARK: Any processor

static void row_baseline(const int16_t *source, const int16_t *weights, size_t pairs, const finish *f, int16_t *destination) {
    int32_t sums[PANEL] = {0};
    for (size_t k = 0; k < pairs; k++)
        for (size_t j = 0; j < PANEL; j++)
            sums[j] += source[2 * k] * weights[(k * PANEL + j) * 2] + source[2 * k + 1] * weights[(k * PANEL + j) * 2 + 1];
    for (size_t j = 0; j < f->count; j++) {
        const float product = (float)sums[j] * f->scales[j];
        // In a statement of its own, so that the two are not fused: all variants round alike.
        const float steps = product + f->bias[j];
        const float inside = steps > 0 ? (steps < LIIF_I16_GREATEST ? steps : LIIF_I16_GREATEST) : 0;
        // Past 2²³ a float has no fraction, so this sum rounds to the nearest even.
        const float rounded = inside + 8388608.0f;
        destination[j] = (int16_t)(rounded - 8388608.0f);
    }
}

static void run_baseline(
    const liif_product_i16 *p, int16_t *destination, const int16_t *source, const int16_t *packed, const float *scales,
    const float *bias) {
    for (size_t panel = 0; panel < panels(p); panel++) {
        const finish f = finishOf(p, panel, scales, bias);
        for (size_t r = 0; r < p->rows; r++)
            row_baseline(
                source + r * p->inner, packed + panel * pairs(p) * PANEL * 2, pairs(p), &f,
                destination + r * p->outputs + panel * PANEL);
    }
}

// MARK: AVX2

#ifdef __x86_64__
#define TARGET __attribute__((target("avx2,fma")))
// Rows of a tile in registers: measured 157 GFLOP/s with 5, 154 with 6, 140 with 4, where float32's roof is 98.
#define ROWS 5

static inline __attribute__((always_inline)) TARGET __m256i activations(__m256i sums, const float *scales, const float *bias) {
    const __m256 product = _mm256_mul_ps(_mm256_cvtepi32_ps(sums), _mm256_loadu_ps(scales));
    const __m256 steps = _mm256_add_ps(product, _mm256_loadu_ps(bias));
    const __m256 rectified = _mm256_max_ps(steps, _mm256_setzero_ps());
    return _mm256_cvtps_epi32(_mm256_min_ps(rectified, _mm256_set1_ps(LIIF_I16_GREATEST)));
}

static inline __attribute__((always_inline)) TARGET void tile(
    const int rows, const liif_product_i16 *p, const int16_t *source, const int16_t *weights, const finish *f,
    int16_t *destination) {
    __m256i sums[ROWS][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_si256();
    for (size_t k = 0; k < 2 * pairs(p); k += 2) {
        const __m256i low = _mm256_loadu_si256((const __m256i *)(weights + k * PANEL));
        const __m256i high = _mm256_loadu_si256((const __m256i *)(weights + k * PANEL + PANEL));
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            int32_t pair;
            memcpy(&pair, source + r * p->inner + k, sizeof pair);
            const __m256i left = _mm256_set1_epi32(pair);
            sums[r][0] = _mm256_add_epi32(sums[r][0], _mm256_madd_epi16(left, low));
            sums[r][1] = _mm256_add_epi32(sums[r][1], _mm256_madd_epi16(left, high));
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
        const __m256i packed = _mm256_packs_epi32(
            activations(sums[r][0], f->scales, f->bias), activations(sums[r][1], f->scales + 8, f->bias + 8));
        // The instruction before takes halves of 128 bits in turns.
        const __m256i ordered = _mm256_permute4x64_epi64(packed, 0xd8);
        if (f->count == PANEL) {
            _mm256_storeu_si256((__m256i *)(destination + r * p->outputs), ordered);
        } else {
            int16_t all[PANEL];
            _mm256_storeu_si256((__m256i *)all, ordered);
            memcpy(destination + r * p->outputs, all, f->count * sizeof(int16_t));
        }
    }
}

static TARGET void run_avx2(
    const liif_product_i16 *p, int16_t *destination, const int16_t *source, const int16_t *packed, const float *scales,
    const float *bias) {
    for (size_t panel = 0; panel < panels(p); panel++) {
        const finish f = finishOf(p, panel, scales, bias);
        const int16_t *weights = packed + panel * pairs(p) * PANEL * 2;
        int16_t *out = destination + panel * PANEL;
        size_t r = 0;
        for (; r + ROWS <= p->rows; r += ROWS) tile(ROWS, p, source + r * p->inner, weights, &f, out + r * p->outputs);
        for (; r < p->rows; r++) tile(1, p, source + r * p->inner, weights, &f, out + r * p->outputs);
    }
}

int liif_product_i16_fastest(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
int liif_product_i16_fastest(void) { return 0; }
#endif

void liif_product_i16_run(
    const liif_product_i16 *p, int16_t *restrict destination, const int16_t *restrict source,
    const int16_t *restrict packed, const float *restrict scales, const float *restrict bias) {
#ifdef __x86_64__
    if (p->variant == 1) return run_avx2(p, destination, source, packed, scales, bias);
#endif
    run_baseline(p, destination, source, packed, scales, bias);
}
