// Matrix products, in floating point and in 8-bit integers.
#include "primitive.h"

// MARK: Scales of 8-bit products, in 2.x an attribute that also multiplies the bias, in 3.x an argument that does not

static dnnl_status_t setScales(liif_primitive *p, dnnl_primitive_attr_t attributes, const float *scales, int64_t count) {
    p->scales = malloc((size_t)count * sizeof *scales);
    if (!p->scales) return dnnl_out_of_memory;
    for (int64_t i = 0; i < count; i++) p->scales[i] = scales[i];
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_primitive_attr_set_scales_mask(attributes, DNNL_ARG_WEIGHTS, 1 << 1);
#else
    return dnnl_primitive_attr_set_output_scales(attributes, count, 1 << 1, scales);
#endif
}

static dnnl_status_t addScales(liif_primitive *p) {
#if DNNL_VERSION_MAJOR >= 3
    const dnnl_dims_t dims = {p->outputs};
    descriptor scales;
    dnnl_memory_t memory;
    CHECK(describeTag(&scales, 1, dims, dnnl_f32, dnnl_a));
    const dnnl_status_t status = dnnl_memory_create(&memory, scales, onednn_engine, p->scales);
    release(scales);
    CHECK(status);
    // Its data never change: it stands after those that liif_execute sets.
    p->arguments[p->count + p->fixed++] = (dnnl_exec_arg_t){DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS, memory};
#else
    (void)p;
#endif
    return dnnl_success;
}

void liif_pack_bias(const liif_primitive *p, const float *plain, float *packed) {
    for (int64_t i = 0; i < p->outputs; i++)
        packed[i] = DNNL_VERSION_MAJOR >= 3 ? plain[i] : plain[i] / p->scales[i];
}

static dnnl_status_t create(liif_primitive *p, const void *specification) {
    const liif_product *w = specification;
    const dnnl_dims_t sourceDims = {w->rows, w->inner}, weightDims = {w->inner, w->columns};
    const dnnl_dims_t biasDims = {1, w->columns}, destinationDims = {w->rows, w->columns};
    descriptor source, weights, bias, destination;
    CHECK(describeTag(&source, 2, sourceDims, dataType(w->source), w->transposedSource ? dnnl_ba : dnnl_ab));
    const dnnl_data_type_t weightType = w->source == LIIF_UINT8 ? dnnl_s8 : dataType(w->source);
    CHECK(describeTag(&weights, 2, weightDims, weightType, w->packedWeights ? dnnl_format_tag_any : dnnl_ab));
    CHECK(describeTag(&bias, 2, biasDims, dnnl_f32, dnnl_ab));
    CHECK(describeTag(&destination, 2, destinationDims, dataType(w->destination), dnnl_ab));
    dnnl_primitive_attr_t attributes = NULL;
    CHECK(onednn_post_operations(&attributes, w->accumulate, w->relu));
    dnnl_status_t status = w->scales ? setScales(p, attributes, w->scales, w->columns) : dnnl_success;
    CHECK(status);
#if DNNL_VERSION_MAJOR >= 3
    status = dnnl_matmul_primitive_desc_create(
        &p->description, onednn_engine, source, weights, w->bias ? bias : NULL, destination, attributes);
#else
    dnnl_matmul_desc_t operation;
    status = dnnl_matmul_desc_init(&operation, &source, &weights, w->bias ? &bias : NULL, &destination);
    if (!status) status = dnnl_primitive_desc_create(&p->description, &operation, attributes, onednn_engine, NULL);
#endif
    dnnl_primitive_attr_destroy(attributes);
    release(source), release(weights), release(bias), release(destination);
    CHECK(status);
    CHECK(dnnl_primitive_create(&p->primitive, p->description));
    p->outputs = w->columns;
    p->inputs = w->inner;
    p->kernel = 0;
    p->weightsArgument = DNNL_ARG_WEIGHTS;
    CHECK(onednn_add_argument(p, DNNL_ARG_SRC));
    CHECK(onednn_add_argument(p, DNNL_ARG_WEIGHTS));
    if (w->bias) CHECK(onednn_add_argument(p, DNNL_ARG_BIAS));
    CHECK(onednn_add_argument(p, DNNL_ARG_DST));
    return w->scales ? addScales(p) : dnnl_success;
}

int liif_product_create(liif_primitive **out, const liif_product *what) {
    return onednn_create_primitive(out, what, create);
}
