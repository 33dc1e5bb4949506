// Convolutions of channels-last BF16 maps by AMX's tile products: float32 sums of 16 pixels × 16 outputs over 32 inputs an
// instruction. A pixel's sum is made in the same order wherever it lies, so strips of a map give the whole map's bits.
// Docs/Decisions/0019-amx.md has the measurements.
#ifndef LIIF_AMX_H
#define LIIF_AMX_H

#include <stddef.h>
#include <stdint.h>

// A convolution of stride 1 over one map; kernel/2 columns of zeros stand on each side.
typedef struct {
    size_t height, width;    // of the source
    size_t inputs, outputs;  // channels, multiples of LIIF_AMX_CHANNELS
    size_t kernel;           // 1 or 3
    int padRows;             // whether kernel/2 rows of zeros stand above and below the source
    int relu;                // forward: rectify at the end
    int destinationIsBF16;   // forward: destination and addend; float32 otherwise
} liif_amx;

#define LIIF_AMX_CHANNELS 32

// Whether this processor has such products and the system lets the process use them. Asks for that.
int liif_amx_available(void);

// Bytes of packed weights, and of the scratch memory that a call needs. Packed weights and scratch memory begin at multiples of
// 64 bytes.
size_t liif_amx_weights(const liif_amx *c);
size_t liif_amx_forward_scratch(const liif_amx *c);
size_t liif_amx_gradient_scratch(const liif_amx *c);

// Plain weights [outputs, inputs, kernel, kernel], outputs `rowStride` floats apart, to BF16 tiles. With `backward` the packed
// weights are those of the source's gradient, as a convolution of `c`, whose inputs are then the plain weights' outputs.
void liif_amx_pack(const liif_amx *c, uint16_t *packed, const float *plain, size_t rowStride, int backward);

// destination = [addend +] source ∗ weights [+ bias]. `addend` may be null or the destination itself; `copy` may be null or
// receives a float32 destination rounded to BF16.
void liif_amx_forward(
    const liif_amx *c, const uint16_t *source, const uint16_t *packed, const float *bias, const void *addend,
    void *destination, uint16_t *copy, void *scratch);

// weightGradient (kernel²·inputs·outputs floats in a layout of its own) [+]= source ⋆ gradient; biasGradient [+]= ∑ gradient.
// The rows must be padded.
void liif_amx_weight_gradient(
    const liif_amx *c, const uint16_t *source, const uint16_t *gradient, float *weightGradient, float *biasGradient,
    int accumulate, void *scratch);
// That layout to plain weights.
void liif_amx_unpack(const liif_amx *c, const float *weightGradient, float *plain, size_t rowStride);

#endif
