// Winograd's convolution F(4×4, 3×3) (Lavin & Gray 2016) on channels-last maps of float32 or BF16: 36 products for 16 outputs of
// a channel pair, where a direct convolution takes 144. It computes in float32 whatever the maps are; weights are float32.
// Docs/Decisions/0016-winograd.md has the measurements.
#ifndef LIIF_WINOGRAD_H
#define LIIF_WINOGRAD_H

#include <stddef.h>

// A 3×3 convolution of stride 1 over one map; a zero column stands on each side.
typedef struct {
    size_t height, width;     // of the source
    size_t inputs, outputs;   // channels, multiples of LIIF_WINOGRAD_CHANNELS
    int padRows;              // whether a zero row stands above and below the source
    int relu;                 // forward: rectify at the end
    int sourceIsBF16;         // of the weights' gradient, both maps
    int destinationIsBF16;    // forward: destination and addend
    int variant;              // the instruction set; liif_winograd_fastest() or, for tests, any below it
} liif_winograd;

#define LIIF_WINOGRAD_CHANNELS 16
// Extent of a tile of outputs: tiles begin at multiples of it.
#define LIIF_WINOGRAD_TILE 4

// The last of the variants 0, 1, … that this processor runs.
int liif_winograd_fastest(void);

// Floats of packed weights, and of the scratch memory that a call needs.
size_t liif_winograd_weights(const liif_winograd *w);
size_t liif_winograd_forward_scratch(const liif_winograd *w);
size_t liif_winograd_gradient_scratch(const liif_winograd *w);

// Plain weights [outputs, inputs, 3, 3], outputs `rowStride` floats apart, to frequencies. With `backward` the packed weights
// are those of the source's gradient, as a convolution of `w`, whose inputs are then the plain weights' outputs.
void liif_winograd_pack(const liif_winograd *w, float *packed, const float *plain, size_t rowStride, int backward);

// destination = [addend +] source ∗ weights [+ bias], for the tiles [firstTile, endTile) of liif_winograd_tiles(w). `addend`
// may be null or the destination itself.
void liif_winograd_forward(
    const liif_winograd *w, const void *source, const float *packed, const float *bias, const void *addend,
    void *destination, float *scratch, size_t firstTile, size_t endTile);
size_t liif_winograd_tiles(const liif_winograd *w);

// weightGradient (9·inputs·outputs floats in a layout of its own) = source ⋆ gradient; biasGradient = ∑ gradient.
void liif_winograd_weight_gradient(
    const liif_winograd *w, const void *source, const void *gradient, float *weightGradient, float *biasGradient,
    float *scratch);
// That layout to plain weights [outputs, inputs, 3, 3].
void liif_winograd_unpack(const liif_winograd *w, const float *weightGradient, float *plain, size_t rowStride);

#endif
