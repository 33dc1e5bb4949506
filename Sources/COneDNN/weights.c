// Plain weights to a primitive's own layout, and back.
#include "primitive.h"

size_t liif_weights_size(const liif_primitive *p) {
    return dnnl_memory_desc_get_size(onednn_query_memory(p, p->weightsArgument));
}

static dnnl_status_t describePlain(const liif_primitive *p, int64_t rowStride, int transposed, descriptor *plain) {
    if (p->kernel == 0) {
        const dnnl_dims_t dims = {p->inputs, p->outputs};
        const dnnl_dims_t strides = {transposed ? 1 : rowStride, transposed ? rowStride : 1};
        return describeStrides(plain, 2, dims, p->scales ? dnnl_s8 : dnnl_f32, strides);
    }
    const dnnl_dims_t dims = {p->outputs, p->inputs, p->kernel, p->kernel};
    const dnnl_dims_t strides = {rowStride, p->kernel * p->kernel, p->kernel, 1};
    return describeStrides(plain, 4, dims, dnnl_f32, strides);
}

static dnnl_status_t reorder(descriptor_ref from, const void *source, descriptor_ref to, void *destination) {
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;
    onednn_lock_creation();
    dnnl_status_t status = dnnl_reorder_primitive_desc_create(&description, from, onednn_engine, to, onednn_engine, NULL);
    if (!status) {
        status = dnnl_primitive_create(&primitive, description);
        dnnl_primitive_desc_destroy(description);
    }
    onednn_unlock_creation();
    CHECK(status);
    dnnl_memory_t in = NULL, out = NULL;
    status = dnnl_memory_create(&in, from, onednn_engine, (void *)source);
    if (!status) status = dnnl_memory_create(&out, to, onednn_engine, destination);
    dnnl_exec_arg_t arguments[2] = {{DNNL_ARG_FROM, in}, {DNNL_ARG_TO, out}};
    if (!status) status = dnnl_primitive_execute(primitive, onednn_stream(), 2, arguments);
    if (!status) status = dnnl_stream_wait(onednn_stream());
    if (in) dnnl_memory_destroy(in);
    if (out) dnnl_memory_destroy(out);
    dnnl_primitive_destroy(primitive);
    return status;
}

int liif_pack(const liif_primitive *p, const void *plain, int64_t rowStride, int transposed, void *packed) {
    onednn_stream();
    descriptor from;
    CHECK(describePlain(p, rowStride, transposed, &from));
    dnnl_status_t status = reorder(REF(from), plain, onednn_query_memory(p, p->weightsArgument), packed);
    release(from);
    return status;
}

int liif_unpack(const liif_primitive *p, const void *packed, float *plain, int64_t rowStride) {
    onednn_stream();
    descriptor to;
    CHECK(describePlain(p, rowStride, 0, &to));
    dnnl_status_t status = reorder(onednn_query_memory(p, p->weightsArgument), packed, REF(to), plain);
    release(to);
    return status;
}
