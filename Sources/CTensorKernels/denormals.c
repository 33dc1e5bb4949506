#include "CTensorKernels.h"

#ifdef __x86_64__
#include <immintrin.h>

uint64_t liif_flush_denormals(void) {
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);  // results to zero, operands taken for zero
    return before;
}

void liif_restore_denormals(uint64_t before) { _mm_setcsr((unsigned)before); }
#elif defined(__aarch64__)
uint64_t liif_flush_denormals(void) {
    uint64_t before;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | 1u << 24));
    return before;
}

void liif_restore_denormals(uint64_t before) { __asm__ volatile("msr fpcr, %0" : : "r"(before)); }
#else
uint64_t liif_flush_denormals(void) { return 0; }
void liif_restore_denormals(uint64_t before) { (void)before; }
#endif
