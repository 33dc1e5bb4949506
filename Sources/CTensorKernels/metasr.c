// MetaSR's meta-upscale module over queries whose latents' tables are there: `tables` holds for each latent three rows
// of `width` and three constants, `stride` floats in all.
#include "Kernel.h"

#define BLOCK 16
#define COLOURS 3

KERNEL void liif_meta_upscale(
    float *restrict colours, const float *restrict tables, const int32_t *restrict index, const float *restrict relY,
    const float *restrict relX, const float *restrict weightY, const float *restrict weightX,
    const float *restrict constant, size_t queries, size_t width, size_t stride) {
    for (size_t q = 0; q < queries; q++) {
        const float *table = tables + (size_t)index[q] * stride;
        const float y = relY[q], x = relX[q];
        float partial[COLOURS][BLOCK] = {{0}};
        size_t c = 0;
        for (; c + BLOCK <= width; c += BLOCK) {
            float hidden[BLOCK];
            for (size_t j = 0; j < BLOCK; j++)
                hidden[j] = rectified(constant[c + j] + y * weightY[c + j] + x * weightX[c + j]);
            for (size_t o = 0; o < COLOURS; o++)
                for (size_t j = 0; j < BLOCK; j++) partial[o][j] += hidden[j] * table[o * width + c + j];
        }
        for (; c < width; c++) {
            const float hidden = rectified(constant[c] + y * weightY[c] + x * weightX[c]);
            for (size_t o = 0; o < COLOURS; o++) partial[o][0] += hidden * table[o * width + c];
        }
        for (size_t o = 0; o < COLOURS; o++) {
            float sum = 0;
            for (size_t j = 0; j < BLOCK; j++) sum += partial[o][j];
            colours[q * COLOURS + o] = sum + table[COLOURS * width + o];
        }
    }
}

KERNEL void liif_meta_upscale_backward(
    float *restrict tableGradients, float *restrict gradientY, float *restrict gradientX,
    float *restrict gradientConstant, const float *restrict colourGradient, const float *restrict tables,
    const int32_t *restrict index, const float *restrict relY, const float *restrict relX,
    const float *restrict weightY, const float *restrict weightX, const float *restrict constant, size_t queries,
    size_t width, size_t stride) {
    for (size_t q = 0; q < queries; q++) {
        const float *red = tables + (size_t)index[q] * stride, *green = red + width, *blue = green + width;
        float *restrict redGradient = tableGradients + (size_t)index[q] * stride;
        float *restrict greenGradient = redGradient + width;
        float *restrict blueGradient = greenGradient + width;
        const float y = relY[q], x = relX[q];
        const float *g = colourGradient + q * COLOURS;
        const float r = g[0], s = g[1], b = g[2];
        for (size_t c = 0; c < width; c++) {
            const float hidden = rectified(constant[c] + y * weightY[c] + x * weightX[c]);
            redGradient[c] += r * hidden;
            greenGradient[c] += s * hidden;
            blueGradient[c] += b * hidden;
            const float sum = masked(r * red[c] + s * green[c] + b * blue[c], hidden);
            gradientY[c] += y * sum;
            gradientX[c] += x * sum;
            gradientConstant[c] += sum;
        }
        for (size_t o = 0; o < COLOURS; o++) redGradient[COLOURS * width + o] += g[o];
    }
}
