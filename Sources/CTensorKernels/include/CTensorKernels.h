// Kernels below the networks: here the element-wise ones, plain loops that are compiled once per instruction set and chosen at
// load time; in headers of their own convolutions (AMX.h, Winograd.h) and products of 16-bit integers (SixteenBit.h).
//
// Swift's SIMD types compile for the package's baseline (SSE2 on x86-64) and have no run-time dispatch
// without unsafe flags, which a library must not ask of its users; see Docs/Decisions/0002-c-kernels.md
// for the measurement. BF16 values are the upper halves of float32, rounded to nearest even.
#ifndef LIIF_TENSOR_KERNELS_H
#define LIIF_TENSOR_KERNELS_H

#include "AMX.h"
#include "SixteenBit.h"
#include "Winograd.h"
#include <stddef.h>
#include <stdint.h>

typedef uint16_t liif_bf16;

// MARK: Conversion
void liif_bf16_from_float(liif_bf16 *restrict out, const float *restrict in, size_t count);
void liif_float_from_bf16(float *restrict out, const liif_bf16 *restrict in, size_t count);

// MARK: Sums and masks
// sum += x
void liif_add(float *restrict sum, const float *restrict x, size_t count);
// gradient is zeroed where the rectified output is zero. Of NaN all rectifiers of this module think as PyTorch does: it stays NaN,
// and its gradient passes. Whole steps have no NaN: there it becomes 0, and oneDNN's rectifiers make 0 of it with AVX, too.
void liif_rectifier_backward_float(float *restrict gradient, const float *restrict output, size_t count);
void liif_rectifier_backward_bf16(liif_bf16 *restrict gradient, const liif_bf16 *restrict output, size_t count);
// As above for a float32 gradient under a BF16 output.
void liif_rectifier_backward_mixed(float *restrict gradient, const liif_bf16 *restrict output, size_t count);
// x · x, summed in double.
double liif_sum_of_squares(const float *x, size_t count);
void liif_scale(float *x, float factor, size_t count);

// MARK: Sine activations (SIREN). Arguments frequency·x up to 8192 in magnitude.
// x = sin(frequency·x)
void liif_sine(float *x, float frequency, size_t count);
// The same, and slope = frequency·cos(frequency·x), its derivative by x.
void liif_sine_and_slope(float *restrict x, float *restrict slope, float frequency, size_t count);
// product *= x
void liif_multiply(float *restrict product, const float *restrict x, size_t count);

// MARK: The implicit decoder. Rows are query–latent pairs; a query has `corners` of them, 1 or 4.
// out[r] = max(0, latents[index[r]] + relY[r]·weightY + relX[r]·weightX + constant), each `width` wide.
void liif_first_layer_float(
    float *restrict out, const float *restrict latents, const int32_t *restrict index, const float *restrict relY,
    const float *restrict relX, const float *restrict weightY, const float *restrict weightX,
    const float *restrict constant, size_t rows, size_t width);
void liif_first_layer_bf16(
    liif_bf16 *restrict out, const float *restrict latents, const int32_t *restrict index,
    const float *restrict relY, const float *restrict relX, const float *restrict weightY,
    const float *restrict weightX, const float *restrict constant, size_t rows, size_t width);
// The same in whole steps of 1/scale, to the nearest, 0…255 or 0…LIIF_I16_GREATEST.
void liif_first_layer_u8(
    uint8_t *restrict out, const float *restrict latents, const int32_t *restrict index,
    const float *restrict relY, const float *restrict relX, const float *restrict weightY,
    const float *restrict weightX, const float *restrict constant, float scale, size_t rows, size_t width);
void liif_first_layer_i16(
    int16_t *restrict out, const float *restrict latents, const int32_t *restrict index,
    const float *restrict relY, const float *restrict relX, const float *restrict weightY,
    const float *restrict weightX, const float *restrict constant, float scale, size_t rows, size_t width);
// Adds each row of the gradient to its latent, and to the sums ∑ relY·g, ∑ relX·g and ∑ g.
void liif_first_layer_backward_float(
    float *restrict latents, float *restrict gradientY, float *restrict gradientX, float *restrict gradientConstant,
    const float *restrict gradient, const int32_t *restrict index, const float *restrict relY,
    const float *restrict relX, size_t rows, size_t width);
void liif_first_layer_backward_bf16(
    float *restrict latents, float *restrict gradientY, float *restrict gradientX, float *restrict gradientConstant,
    const liif_bf16 *restrict gradient, const int32_t *restrict index, const float *restrict relY,
    const float *restrict relX, size_t rows, size_t width);

// The last layer is linear, so the local ensemble averages its inputs:
// mean = ∑ ensemble[k]·hidden[q·corners + k]; colour[q, o] = weight[o]·mean + bias[o], o red, green, blue. `mean` ([queries,
// width]) may be null.
void liif_last_layer_float(
    float *restrict colours, float *restrict mean, const float *restrict hidden, const float *restrict ensemble,
    const float *restrict weight, const float *restrict bias, size_t queries, size_t corners, size_t width);
void liif_last_layer_bf16(
    float *restrict colours, float *restrict mean, const liif_bf16 *restrict hidden, const float *restrict ensemble,
    const float *restrict weight, const float *restrict bias, size_t queries, size_t corners, size_t width);
void liif_last_layer_u8(
    float *restrict colours, float *restrict mean, const uint8_t *restrict hidden, const float *restrict ensemble,
    const float *restrict weight, const float *restrict bias, size_t queries, size_t corners, size_t width);
void liif_last_layer_i16(
    float *restrict colours, float *restrict mean, const int16_t *restrict hidden, const float *restrict ensemble,
    const float *restrict weight, const float *restrict bias, size_t queries, size_t corners, size_t width);
// From the colours' gradient [queries, 3]: the hidden activations' gradient, already masked by their
// rectifier, and the weight's and bias's added to what they hold.
void liif_last_layer_backward_float(
    float *restrict hiddenGradient, float *restrict weightGradient, float *restrict biasGradient,
    const float *restrict colourGradient, const float *restrict hidden, const float *restrict mean,
    const float *restrict ensemble, const float *restrict weight, size_t queries, size_t corners, size_t width);
void liif_last_layer_backward_bf16(
    liif_bf16 *restrict hiddenGradient, float *restrict weightGradient, float *restrict biasGradient,
    const float *restrict colourGradient, const liif_bf16 *restrict hidden, const float *restrict mean,
    const float *restrict ensemble, const float *restrict weight, size_t queries, size_t corners, size_t width);
// sum[c] += ∑ over rows of x[r, c]
void liif_add_rows_float(float *restrict sum, const float *restrict x, size_t rows, size_t width);
void liif_add_rows_bf16(float *restrict sum, const liif_bf16 *restrict x, size_t rows, size_t width);

// MARK: MetaSR's meta-upscale module. A latent's table holds T [3, width] and t [3], `stride` floats in all.
// hidden = max(0, constant + relY·weightY + relX·weightX); colour[q, o] = T[o]·hidden + t[o], T and t of latent index[q].
void liif_meta_upscale(
    float *restrict colours, const float *restrict tables, const int32_t *restrict index, const float *restrict relY,
    const float *restrict relX, const float *restrict weightY, const float *restrict weightX,
    const float *restrict constant, size_t queries, size_t width, size_t stride);
// From the colours' gradient: adds to the tables' gradients, and to the sums ∑ relY·g, ∑ relX·g and ∑ g over the hidden
// layer's gradients g.
void liif_meta_upscale_backward(
    float *restrict tableGradients, float *restrict gradientY, float *restrict gradientX,
    float *restrict gradientConstant, const float *restrict colourGradient, const float *restrict tables,
    const int32_t *restrict index, const float *restrict relY, const float *restrict relX,
    const float *restrict weightY, const float *restrict weightX, const float *restrict constant, size_t queries,
    size_t width, size_t stride);

// MARK: Numbers below 2⁻¹²⁶
// From now on they are zero on the calling thread, as operands and as results; returns what restores the state before. Processors
// need over a hundred cycles for each, and they come by themselves: the running mean of the gradient of a unit that never fires
// is among them after 1,700 steps. Muon's products of 576×64×64 then took 2 to 14 ms instead of 0.03 each, and a training step
// three times as long.
uint64_t liif_flush_denormals(void);
void liif_restore_denormals(uint64_t before);

// MARK: Memory
// From now on blocks of a megabyte and more go back to the system when they are freed. Left to itself, glibc raises that
// threshold to 32 MB as they come and go, and what its heaps keep of them grows: a server with 64 viewers took 594 MB at the
// most instead of 447, and 594 instead of 378 afterwards (Scripts/load-server 20). Nothing elsewhere.
void liif_return_freed_memory(void);

// MARK: Adam (Kingma & Ba, algorithm 1, in PyTorch's order of operations)
typedef struct {
    float beta1, beta2, epsilon;
    float stepSize;             // rate / (1 − β₁ᵗ)
    float secondMomentScale;    // √(1 − β₂ᵗ)
} liif_adam;
void liif_adam_step(
    float *restrict parameters, float *restrict firstMoment, float *restrict secondMoment,
    const float *restrict gradient, const liif_adam *settings, size_t count);
// average = decay·average + (1 − decay)·x
void liif_exponential_average(float *restrict average, const float *restrict x, float decay, size_t count);

#endif
