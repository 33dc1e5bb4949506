// Products of unsigned 12-bit activations and signed 16-bit weights with exact 32-bit sums, for processors that add up pairs of
// 16-bit products (AVX2's vpmaddwd) but no 8-bit ones (VNNI). Docs/Decisions/0010-integer-decoder.md has the measurements.
#ifndef LIIF_SIXTEEN_BIT_H
#define LIIF_SIXTEEN_BIT_H

#include <stddef.h>
#include <stdint.h>

// The greatest activation, in steps.
#define LIIF_I16_GREATEST 4095

typedef struct {
    size_t rows, inner, outputs;
    int variant;  // the instruction set; liif_product_i16_fastest() or, for tests, any below it
} liif_product_i16;

// The last of the variants 0 (any processor) and 1 (AVX2) that this processor runs.
int liif_product_i16_fastest(void);

// Elements of packed weights.
size_t liif_product_i16_weights(const liif_product_i16 *p);
// From plain weights [outputs, inner].
void liif_product_i16_pack(const liif_product_i16 *p, int16_t *packed, const int16_t *plain);

// destination = round(max(0, scales[output]·(source·weights) + bias[output])) to the nearest even, at most LIIF_I16_GREATEST.
// Source [rows, inner] and one element more, which is read and does not count; destination [rows, outputs]. No sum of the
// activations' greatest values times an output's weights' magnitudes may pass INT32_MAX.
void liif_product_i16_run(
    const liif_product_i16 *p, int16_t *restrict destination, const int16_t *restrict source,
    const int16_t *restrict packed, const float *restrict scales, const float *restrict bias);

#endif
