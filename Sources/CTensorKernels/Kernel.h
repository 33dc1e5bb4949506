// What every kernel file shares: run-time dispatch, BF16's two conversions and the rectifiers.
#ifndef LIIF_KERNEL_H
#define LIIF_KERNEL_H

#include "CTensorKernels.h"
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif
#define INLINE static inline __attribute__((always_inline))

INLINE liif_bf16 narrow(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    // NaN keeps its sign and stays NaN; all else rounds to nearest even.
    return (bits & 0x7fffffffu) > 0x7f800000u ? (liif_bf16)((bits >> 16) | 0x40)
                                              : (liif_bf16)((bits + 0x7fffu + ((bits >> 16) & 1)) >> 16);
}

INLINE float widen(liif_bf16 value) {
    const uint32_t bits = (uint32_t)value << 16;
    float result;
    memcpy(&result, &bits, 4);
    return result;
}

// Rectifiers as CTensorKernels.h has them. In this form the first is one instruction on x86-64, whose maximum of two is its second
// operand where one is NaN.
INLINE float rectified(float x) { return x < 0 ? 0 : x; }
INLINE float masked(float gradient, float output) { return output <= 0 ? 0 : gradient; }

// The same loop serves both element types through these.
INLINE float load_float(const float *p) { return *p; }
INLINE float load_bf16(const liif_bf16 *p) { return widen(*p); }
INLINE float load_u8(const uint8_t *p) { return *p; }
INLINE float load_i16(const int16_t *p) { return *p; }
INLINE void store_float(float *p, float value) { *p = value; }
INLINE void store_u8(uint8_t *p, int32_t value) { *p = (uint8_t)value; }
INLINE void store_i16(int16_t *p, int32_t value) { *p = (int16_t)value; }
INLINE void store_bf16(liif_bf16 *p, float value) { *p = narrow(value); }

#endif
