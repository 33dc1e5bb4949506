// A narrow C seam over oneDNN: convolutions and products on channels-last maps, one thread each.
//
// oneDNN 2.x has operation descriptors and value-typed memory descriptors, 3.x has neither; the
// difference ends in this module. Every call returns 0 or oneDNN's status. A primitive may be executed by
// one thread at a time; create one per worker. Execution never starts threads of its own.
#ifndef LIIF_ONEDNN_H
#define LIIF_ONEDNN_H

#include <stddef.h>
#include <stdint.h>

// LIIF_UINT8: products only, whose weights are then signed 8-bit integers and whose sums are 32-bit.
typedef enum { LIIF_FLOAT32 = 0, LIIF_BFLOAT16 = 1, LIIF_UINT8 = 2 } liif_element;

typedef enum {
    LIIF_FORWARD = 0,           // arguments: source, weights, bias, destination
    LIIF_BACKWARD_DATA = 1,     // arguments: source gradient, weights, destination gradient
    LIIF_BACKWARD_WEIGHTS = 2,  // arguments: source, weight gradient, bias gradient, destination gradient
} liif_direction;

// A convolution of stride 1 over one channels-last map.
typedef struct {
    int64_t height, width;           // of the source
    int64_t inputChannels, outputChannels, kernel;
    int64_t padRows, padColumns;     // zeros added on each side
    liif_direction direction;
    liif_element source, destination;  // element types; weights take the source's, their gradient is float32
    int accumulate;                    // forward: add to what the destination holds
    int relu;                          // forward: rectify at the end
    int bias;                          // forward and backward weights
} liif_convolution;

// destination[rows, columns] = source[rows, inner] · weights[inner, columns] (+ bias) …
typedef struct {
    int64_t rows, columns, inner;
    int transposedSource;    // the source is stored as [inner, rows]
    int packedWeights;       // the weights are in the layout that liif_pack makes; else [inner, columns]
    liif_element source, destination;
    int accumulate, relu, bias;
    // With 8-bit elements: destination = round(rectified(scales[column] · sum + bias)), 0…255; read at creation.
    const float *scales;
} liif_product;

typedef struct liif_primitive liif_primitive;

// "2.6.3", say.
const char *liif_onednn_version(void);
// Whether this processor computes the element type natively.
int liif_supports_bfloat16(void);
int liif_supports_uint8(void);
int liif_supports_bfloat16_tiles(void);
int liif_supports_wide_vectors(void);

int liif_convolution_create(liif_primitive **out, const liif_convolution *what);
int liif_product_create(liif_primitive **out, const liif_product *what);
void liif_primitive_destroy(liif_primitive *primitive);

// The arguments are in the order that liif_direction names (a product's is source, weights, bias,
// destination); an absent bias is left out.
int liif_execute(liif_primitive *primitive, void *const *arguments);

// Bytes of the primitive's weights (or their gradient) in its own layout.
size_t liif_weights_size(const liif_primitive *primitive);
// Plain weights, float32 (or signed 8-bit for an 8-bit product), into the primitive's layout and element type. The plain weights are
// [outputChannels, inputChannels, kernel, kernel] with `rowStride` floats from one output channel to the
// next; a product's are [inner, columns], or with `transposed` [columns, inner], rows `rowStride` apart.
int liif_pack(const liif_primitive *primitive, const void *plain, int64_t rowStride, int transposed, void *packed);
// An 8-bit product's bias, in units of its destination, as the primitive wants it.
void liif_pack_bias(const liif_primitive *primitive, const float *plain, float *packed);
// A backward-weights primitive's float32 result into plain weights.
int liif_unpack(const liif_primitive *primitive, const void *packed, float *plain, int64_t rowStride);

#endif
