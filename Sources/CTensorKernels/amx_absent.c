// In place of the files on AMX where there cannot be any: other processors, other systems.
#include "amx_tiles.h"

#ifndef LIIF_HAS_AMX
#include <stdlib.h>

int liif_amx_available(void) { return 0; }

// Nobody who has heard that calls what follows.
size_t liif_amx_weights(const liif_amx *c) { abort(); }
size_t liif_amx_forward_scratch(const liif_amx *c) { abort(); }
size_t liif_amx_gradient_scratch(const liif_amx *c) { abort(); }
void liif_amx_pack(const liif_amx *c, uint16_t *packed, const float *plain, size_t rowStride, int backward) { abort(); }
void liif_amx_forward(
    const liif_amx *c, const uint16_t *source, const uint16_t *packed, const float *bias, const void *addend,
    void *destination, uint16_t *copy, void *scratch) {
    abort();
}
void liif_amx_weight_gradient(
    const liif_amx *c, const uint16_t *source, const uint16_t *gradient, float *weightGradient, float *biasGradient,
    int accumulate, void *scratch) {
    abort();
}
void liif_amx_unpack(const liif_amx *c, const float *weightGradient, float *plain, size_t rowStride) { abort(); }
#endif
