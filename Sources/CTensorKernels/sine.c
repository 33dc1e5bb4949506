#include "Kernel.h"

// x = sin(f·x), slope = f·cos(f·x).
//
// The argument is brought into ±π/4 by subtracting a multiple of π/2 that is split in three parts (Cody & Waite),
// exact for |f·x| up to 8192; the polynomials there are the Cephes library's, good to 1 ulp.
INLINE void sine_and_slope(float argument, float *sine, float *cosine) {
    // Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits.
    const float shifted = argument * 0.63661977236f + 12582912.0f;
    const float multiple = shifted - 12582912.0f;
    uint32_t quadrant;
    memcpy(&quadrant, &shifted, 4);
    const float r = ((argument - multiple * 1.5703125f) - multiple * 4.837512969970703125e-4f)
        - multiple * 7.54978995489188216e-8f;
    const float r2 = r * r;
    const float s = r + r * r2 * (-1.6666654611e-1f + r2 * (8.3321608736e-3f + r2 * -1.9515295891e-4f));
    const float c = 1 - 0.5f * r2
        + r2 * r2 * (4.166664568298827e-2f + r2 * (-1.388731625493765e-3f + r2 * 2.443315711809948e-5f));
    const float first = (quadrant & 1) ? c : s;
    const float second = (quadrant & 1) ? s : c;
    *sine = (quadrant & 2) ? -first : first;
    *cosine = ((quadrant + 1) & 2) ? -second : second;
}

KERNEL void liif_sine(float *x, float frequency, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float sine, cosine;
        sine_and_slope(frequency * x[i], &sine, &cosine);
        x[i] = sine;
    }
}

KERNEL void liif_sine_and_slope(float *restrict x, float *restrict slope, float frequency, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float sine, cosine;
        sine_and_slope(frequency * x[i], &sine, &cosine);
        x[i] = sine;
        slope[i] = frequency * cosine;
    }
}

KERNEL void liif_multiply(float *restrict product, const float *restrict x, size_t count) {
    for (size_t i = 0; i < count; i++) product[i] *= x[i];
}
