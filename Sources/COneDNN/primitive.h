// What the shim's files share. oneDNN 2.x has operation descriptors and memory descriptors that are values, 3.x has neither:
// the difference ends here, in convolution.c and in product.c.
#ifndef LIIF_ONEDNN_PRIMITIVE_H
#define LIIF_ONEDNN_PRIMITIVE_H

#include "COneDNN.h"

#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>

#define LOCAL __attribute__((visibility("hidden")))

#define CHECK(call)                              \
    do {                                         \
        dnnl_status_t status_ = (call);          \
        if (status_ != dnnl_success) return status_; \
    } while (0)

// MARK: Memory descriptors

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t descriptor;
typedef const_dnnl_memory_desc_t descriptor_ref;
#define REF(d) (d)
static inline dnnl_status_t describeTag(descriptor *d, int n, const dnnl_dims_t dims, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(d, n, dims, type, tag);
}
static inline dnnl_status_t describeStrides(descriptor *d, int n, const dnnl_dims_t dims, dnnl_data_type_t type, const dnnl_dims_t strides) {
    return dnnl_memory_desc_create_with_strides(d, n, dims, type, strides);
}
static inline void release(descriptor d) { dnnl_memory_desc_destroy(d); }
#else
typedef dnnl_memory_desc_t descriptor;
typedef const dnnl_memory_desc_t *descriptor_ref;
#define REF(d) (&(d))
static inline dnnl_status_t describeTag(descriptor *d, int n, const dnnl_dims_t dims, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(d, n, dims, type, tag);
}
static inline dnnl_status_t describeStrides(descriptor *d, int n, const dnnl_dims_t dims, dnnl_data_type_t type, const dnnl_dims_t strides) {
    return dnnl_memory_desc_init_by_strides(d, n, dims, type, strides);
}
static inline void release(descriptor d) { (void)d; }
#endif

static inline dnnl_data_type_t dataType(liif_element e) {
    return e == LIIF_BFLOAT16 ? dnnl_bf16 : e == LIIF_UINT8 ? dnnl_u8 : dnnl_f32;
}

// MARK: Primitives

#define MAX_ARGUMENTS 6  // a product's four, its scales, scratch memory

struct liif_primitive {
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;
    int count, fixed;  // arguments that every execution gives, and those after them that stay
    int weightsArgument;
    dnnl_exec_arg_t arguments[MAX_ARGUMENTS];
    int64_t outputs, inputs, kernel;  // of the plain weights; a product has kernel 0, inputs = inner
    float *scales;                    // of an 8-bit product
};

LOCAL extern dnnl_engine_t onednn_engine;

// This thread's stream; the first call also tells OpenMP that the thread works alone.
LOCAL dnnl_stream_t onednn_stream(void);

// One primitive is made at a time: oneDNN 2.6's generators of convolutions race, and what loses the race computes
// nonsense for as long as it stays in the cache of primitives.
LOCAL void onednn_lock_creation(void);
LOCAL void onednn_unlock_creation(void);

// A new primitive, made by `create` from a specification.
LOCAL int onednn_create_primitive(
    liif_primitive **out, const void *specification, dnnl_status_t (*create)(liif_primitive *, const void *));

LOCAL descriptor_ref onednn_query_memory(const liif_primitive *p, int argument);
// What every execution gives, in this order.
LOCAL dnnl_status_t onednn_add_argument(liif_primitive *p, int argument);
LOCAL dnnl_status_t onednn_post_operations(dnnl_primitive_attr_t *attributes, int accumulate, int relu);

#endif
