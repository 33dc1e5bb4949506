// The implicit decoder's first and last layer, element type by element type from one definition.
#include "Kernel.h"

// Whole steps of 1/scale, to the nearest, 0…greatest.
INLINE int32_t steps(float sum, float scale, float greatest) {
    const float steps = sum * scale + 0.5f;
    return (int32_t)(steps > 0 ? (steps < greatest ? steps : greatest) : 0);
}

// `result` is what a sum becomes; what follows it are further parameters.
#define FIRST_LAYER(suffix, element, result, ...)                                                         \
    KERNEL void liif_first_layer_##suffix(                                                                \
        element *restrict out, const float *restrict latents, const int32_t *restrict index,              \
        const float *restrict relY, const float *restrict relX, const float *restrict weightY,            \
        const float *restrict weightX, const float *restrict constant, __VA_ARGS__ size_t rows,           \
        size_t width) {                                                                                   \
        for (size_t r = 0; r < rows; r++) {                                                               \
            const float *latent = latents + (size_t)index[r] * width;                                     \
            element *row = out + r * width;                                                               \
            const float y = relY[r], x = relX[r];                                                         \
            for (size_t c = 0; c < width; c++) {                                                          \
                const float sum = latent[c] + constant[c] + y * weightY[c] + x * weightX[c];              \
                store_##suffix(row + c, result);                                                          \
            }                                                                                             \
        }                                                                                                 \
    }

#define FIRST_LAYER_BACKWARD(suffix, element) \
    KERNEL void liif_first_layer_backward_##suffix(                                                       \
        float *restrict latents, float *restrict gradientY, float *restrict gradientX,                    \
        float *restrict gradientConstant, const element *restrict gradient, const int32_t *restrict index, \
        const float *restrict relY, const float *restrict relX, size_t rows, size_t width) {              \
        for (size_t r = 0; r < rows; r++) {                                                               \
            float *latent = latents + (size_t)index[r] * width;                                           \
            const element *row = gradient + r * width;                                                    \
            const float y = relY[r], x = relX[r];                                                         \
            for (size_t c = 0; c < width; c++) {                                                          \
                const float g = load_##suffix(row + c);                                                   \
                latent[c] += g;                                                                           \
                gradientY[c] += y * g;                                                                    \
                gradientX[c] += x * g;                                                                    \
                gradientConstant[c] += g;                                                                 \
            }                                                                                             \
        }                                                                                                 \
    }

FIRST_LAYER(float, float, rectified(sum), )
FIRST_LAYER(bf16, liif_bf16, rectified(sum), )
FIRST_LAYER(u8, uint8_t, steps(sum, scale, 255), float scale, )
FIRST_LAYER(i16, int16_t, steps(sum, scale, LIIF_I16_GREATEST), float scale, )
FIRST_LAYER_BACKWARD(float, float)
FIRST_LAYER_BACKWARD(bf16, liif_bf16)

#define BLOCK 16
#define COLOURS 3

#define LAST_LAYER(suffix, element)                                                                        \
    KERNEL void liif_last_layer_##suffix(                                                                  \
        float *restrict colours, float *restrict mean, const element *restrict hidden,                     \
        const float *restrict ensemble, const float *restrict weight, const float *restrict bias,          \
        size_t queries, size_t corners, size_t width) {                                                    \
        for (size_t q = 0; q < queries; q++) {                                                             \
            float partial[COLOURS][BLOCK] = {{0}};                                                         \
            const element *rows = hidden + q * corners * width;                                            \
            size_t c = 0;                                                                                  \
            for (; c + BLOCK <= width; c += BLOCK) {                                                       \
                float block[BLOCK] = {0};                                                                  \
                for (size_t k = 0; k < corners; k++)                                                       \
                    for (size_t j = 0; j < BLOCK; j++)                                                     \
                        block[j] += ensemble[q * corners + k] * load_##suffix(rows + k * width + c + j);   \
                if (mean)                                                                                  \
                    for (size_t j = 0; j < BLOCK; j++) mean[q * width + c + j] = block[j];                 \
                for (size_t o = 0; o < COLOURS; o++)                                                       \
                    for (size_t j = 0; j < BLOCK; j++) partial[o][j] += block[j] * weight[o * width + c + j]; \
            }                                                                                              \
            for (; c < width; c++) {                                                                       \
                float value = 0;                                                                           \
                for (size_t k = 0; k < corners; k++)                                                       \
                    value += ensemble[q * corners + k] * load_##suffix(rows + k * width + c);              \
                if (mean) mean[q * width + c] = value;                                                     \
                for (size_t o = 0; o < COLOURS; o++) partial[o][0] += value * weight[o * width + c];       \
            }                                                                                              \
            for (size_t o = 0; o < COLOURS; o++) {                                                         \
                float sum = 0;                                                                             \
                for (size_t j = 0; j < BLOCK; j++) sum += partial[o][j];                                   \
                colours[q * COLOURS + o] = sum + bias[o];                                                  \
            }                                                                                              \
        }                                                                                                  \
    }

#define LAST_LAYER_BACKWARD(suffix, element)                                                               \
    KERNEL void liif_last_layer_backward_##suffix(                                                         \
        element *restrict hiddenGradient, float *restrict weightGradient, float *restrict biasGradient,    \
        const float *restrict colourGradient, const element *restrict hidden, const float *restrict mean,  \
        const float *restrict ensemble, const float *restrict weight, size_t queries, size_t corners,      \
        size_t width) {                                                                                    \
        const float *restrict red = weight, *restrict green = weight + width;                              \
        const float *restrict blue = weight + 2 * width;                                                   \
        float *restrict redGradient = weightGradient, *restrict greenGradient = weightGradient + width;    \
        float *restrict blueGradient = weightGradient + 2 * width;                                         \
        for (size_t q = 0; q < queries; q++) {                                                             \
            const float *g = colourGradient + q * COLOURS;                                                 \
            const float r = g[0], s = g[1], b = g[2];                                                      \
            const float *average = mean + q * width;                                                       \
            biasGradient[0] += r;                                                                          \
            biasGradient[1] += s;                                                                          \
            biasGradient[2] += b;                                                                          \
            for (size_t c = 0; c < width; c++) {                                                           \
                redGradient[c] += r * average[c];                                                          \
                greenGradient[c] += s * average[c];                                                        \
                blueGradient[c] += b * average[c];                                                         \
            }                                                                                              \
            for (size_t k = 0; k < corners; k++) {                                                         \
                const float share = ensemble[q * corners + k];                                             \
                const element *in = hidden + (q * corners + k) * width;                                    \
                element *out = hiddenGradient + (q * corners + k) * width;                                 \
                for (size_t c = 0; c < width; c++) {                                                       \
                    const float sum = share * (r * red[c] + s * green[c] + b * blue[c]);                   \
                    store_##suffix(out + c, masked(sum, load_##suffix(in + c)));                           \
                }                                                                                          \
            }                                                                                              \
        }                                                                                                  \
    }

LAST_LAYER(float, float)
LAST_LAYER(bf16, liif_bf16)
LAST_LAYER(u8, uint8_t)
LAST_LAYER(i16, int16_t)
LAST_LAYER_BACKWARD(float, float)
LAST_LAYER_BACKWARD(bf16, liif_bf16)
