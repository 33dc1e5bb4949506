#include "Kernel.h"

KERNEL void liif_bf16_from_float(liif_bf16 *restrict out, const float *restrict in, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = narrow(in[i]);
}

KERNEL void liif_float_from_bf16(float *restrict out, const liif_bf16 *restrict in, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = widen(in[i]);
}

KERNEL void liif_add(float *restrict sum, const float *restrict x, size_t count) {
    for (size_t i = 0; i < count; i++) sum[i] += x[i];
}

KERNEL void liif_scale(float *x, float factor, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] *= factor;
}

KERNEL void liif_rectifier_backward_float(float *restrict gradient, const float *restrict output, size_t count) {
    for (size_t i = 0; i < count; i++) gradient[i] = masked(gradient[i], output[i]);
}

// A rectified output is positive, (±)zero or NaN, so its bits alone tell.
KERNEL void liif_rectifier_backward_bf16(
    liif_bf16 *restrict gradient, const liif_bf16 *restrict output, size_t count) {
    for (size_t i = 0; i < count; i++) gradient[i] = (output[i] & 0x7fff) ? gradient[i] : 0;
}

KERNEL void liif_rectifier_backward_mixed(float *restrict gradient, const liif_bf16 *restrict output, size_t count) {
    for (size_t i = 0; i < count; i++) gradient[i] = (output[i] & 0x7fff) ? gradient[i] : 0;
}

KERNEL double liif_sum_of_squares(const float *x, size_t count) {
    double lanes[16] = {0};
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (size_t j = 0; j < 16; j++) lanes[j] += (double)x[i + j] * x[i + j];
    for (; i < count; i++) lanes[0] += (double)x[i] * x[i];
    double sum = 0;
    for (size_t j = 0; j < 16; j++) sum += lanes[j];
    return sum;
}

KERNEL void liif_add_rows_float(float *restrict sum, const float *restrict x, size_t rows, size_t width) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < width; c++) sum[c] += x[r * width + c];
}

KERNEL void liif_add_rows_bf16(float *restrict sum, const liif_bf16 *restrict x, size_t rows, size_t width) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < width; c++) sum[c] += widen(x[r * width + c]);
}

KERNEL void liif_adam_step(
    float *restrict parameters, float *restrict firstMoment, float *restrict secondMoment,
    const float *restrict gradient, const liif_adam *settings, size_t count) {
    const float b1 = settings->beta1, b2 = settings->beta2;
    const float epsilon = settings->epsilon, stepSize = settings->stepSize, scale = settings->secondMomentScale;
    for (size_t i = 0; i < count; i++) {
        const float g = gradient[i];
        const float m = firstMoment[i] + (g - firstMoment[i]) * (1 - b1);
        const float v = secondMoment[i] * b2 + g * g * (1 - b2);
        firstMoment[i] = m;
        secondMoment[i] = v;
        // Not sqrtf, which may set errno: with it the loop is not vectorised and takes 3.6 times as long.
        parameters[i] -= stepSize * m / (__builtin_elementwise_sqrt(v) / scale + epsilon);
    }
}

KERNEL void liif_exponential_average(float *restrict average, const float *restrict x, float decay, size_t count) {
    for (size_t i = 0; i < count; i++) average[i] += (x[i] - average[i]) * (1 - decay);
}
