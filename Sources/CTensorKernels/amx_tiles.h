// What the files on AMX share: the instruction set, and the shape of its tiles.
#ifndef LIIF_AMX_KERNEL_H
#define LIIF_AMX_KERNEL_H

#include "Kernel.h"

#if defined(__x86_64__) && defined(__linux__)
#define LIIF_HAS_AMX 1
#include <immintrin.h>

#define AMX_KERNEL \
    __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#define AMX_INLINE AMX_KERNEL INLINE

// A tile: 16 rows of 64 bytes.
#define TILE_ROWS 16
#define TILE_BYTES 1024
// BF16 numbers of a tile's row: the inputs that a product sums over.
#define TILE_INNER 32

// All eight tiles as large as they come, until _tile_release.
AMX_INLINE void configure_tiles(void) {
    struct {
        uint8_t palette, startRow, reserved[14];
        uint16_t rowBytes[16];
        uint8_t rows[16];
    } configuration = {.palette = 1};
    for (int i = 0; i < 8; i++) {
        configuration.rowBytes[i] = 64;
        configuration.rows[i] = TILE_ROWS;
    }
    _tile_loadconfig(&configuration);
}

AMX_INLINE __m256i narrowed(__m512 x) { return (__m256i)_mm512_cvtneps_pbh(x); }
AMX_INLINE __m512 widened(const liif_bf16 *x) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)x)), 16));
}
#endif
#endif
