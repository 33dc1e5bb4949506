// What the linked library and this processor are.
#include "primitive.h"

#include <stdio.h>

const char *liif_onednn_version(void) {
    static char text[32];
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, sizeof text, "%d.%d.%d", v->major, v->minor, v->patch);
    return text;
}

static int supports(dnnl_cpu_isa_t wanted) {
#if defined(__x86_64__)
    return (dnnl_get_effective_cpu_isa() & wanted) == wanted;
#else
    (void)wanted;
    return 0;
#endif
}

int liif_supports_bfloat16(void) { return supports(dnnl_cpu_isa_avx512_core_bf16); }

// Without VNNI, sums of pairs of 8-bit products saturate at 16 bits.
int liif_supports_uint8(void) { return supports(dnnl_cpu_isa_avx512_core_vnni) || supports(dnnl_cpu_isa_avx2_vnni); }
int liif_supports_bfloat16_tiles(void) { return supports(dnnl_cpu_isa_avx512_core_amx); }
int liif_supports_wide_vectors(void) { return supports(dnnl_cpu_isa_avx512_core); }
