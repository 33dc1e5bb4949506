// Convolutions in their three directions.
#include "primitive.h"

static dnnl_status_t describeConvolution(
    dnnl_primitive_desc_t *out, const liif_convolution *w, descriptor_ref source, descriptor_ref weights,
    descriptor_ref bias, descriptor_ref destination, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint) {
    const dnnl_dims_t stride = {1, 1}, padding = {w->padRows, w->padColumns};
    const dnnl_alg_kind_t kind = dnnl_convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
    const dnnl_dims_t dilation = {0, 0};
    switch (w->direction) {
    case LIIF_FORWARD:
        return dnnl_convolution_forward_primitive_desc_create(
            out, onednn_engine, dnnl_forward_training, kind, source, weights, bias, destination, stride, dilation,
            padding, padding, attributes);
    case LIIF_BACKWARD_DATA:
        return dnnl_convolution_backward_data_primitive_desc_create(
            out, onednn_engine, kind, source, weights, destination, stride, dilation, padding, padding, hint, attributes);
    default:
        return dnnl_convolution_backward_weights_primitive_desc_create(
            out, onednn_engine, kind, source, weights, bias, destination, stride, dilation, padding, padding, hint,
            attributes);
    }
#else
    dnnl_convolution_desc_t operation;
    switch (w->direction) {
    case LIIF_FORWARD:
        CHECK(dnnl_convolution_forward_desc_init(
            &operation, dnnl_forward_training, kind, source, weights, bias, destination, stride, padding, padding));
        break;
    case LIIF_BACKWARD_DATA:
        CHECK(dnnl_convolution_backward_data_desc_init(
            &operation, kind, source, weights, destination, stride, padding, padding));
        break;
    default:
        CHECK(dnnl_convolution_backward_weights_desc_init(
            &operation, kind, source, weights, bias, destination, stride, padding, padding));
    }
    return dnnl_primitive_desc_create(out, &operation, attributes, onednn_engine, hint);
#endif
}

static dnnl_status_t create(liif_primitive *p, const void *specification) {
    const liif_convolution *w = specification;
    const dnnl_dims_t sourceDims = {1, w->inputChannels, w->height, w->width};
    const dnnl_dims_t weightDims = {w->outputChannels, w->inputChannels, w->kernel, w->kernel};
    const dnnl_dims_t biasDims = {w->outputChannels};
    const dnnl_dims_t destinationDims = {
        1, w->outputChannels, w->height + 2 * w->padRows - w->kernel + 1,
        w->width + 2 * w->padColumns - w->kernel + 1};
    const int backwardWeights = w->direction == LIIF_BACKWARD_WEIGHTS;
    // Weights are in the narrower type of the two sides that they meet.
    const dnnl_data_type_t compute = (w->source == LIIF_BFLOAT16 || w->destination == LIIF_BFLOAT16)
            && !(w->direction == LIIF_FORWARD && w->source == LIIF_FLOAT32)
        ? dnnl_bf16 : dnnl_f32;
    descriptor source, weights, bias, destination;
    CHECK(describeTag(&source, 4, sourceDims, dataType(w->source), dnnl_nhwc));
    CHECK(describeTag(&weights, 4, weightDims, backwardWeights ? dnnl_f32 : compute, dnnl_format_tag_any));
    CHECK(describeTag(&bias, 1, biasDims, dnnl_f32, dnnl_a));
    CHECK(describeTag(&destination, 4, destinationDims, dataType(w->destination), dnnl_nhwc));

    dnnl_primitive_attr_t attributes = NULL;
    CHECK(onednn_post_operations(&attributes, w->accumulate, w->relu));
    dnnl_primitive_desc_t hint = NULL;
    dnnl_status_t status = dnnl_success;
    if (w->direction != LIIF_FORWARD) {
        liif_convolution forward = *w;
        forward.direction = LIIF_FORWARD;
        descriptor hintSource, hintWeights, hintDestination;
        CHECK(describeTag(&hintSource, 4, sourceDims, compute, dnnl_nhwc));
        CHECK(describeTag(&hintWeights, 4, weightDims, compute, dnnl_format_tag_any));
        CHECK(describeTag(&hintDestination, 4, destinationDims, compute, dnnl_nhwc));
        status = describeConvolution(
            &hint, &forward, REF(hintSource), REF(hintWeights), NULL, REF(hintDestination), NULL, NULL);
        release(hintSource), release(hintWeights), release(hintDestination);
    }
    if (!status)
        status = describeConvolution(
            &p->description, w, REF(source), REF(weights), w->bias ? REF(bias) : NULL, REF(destination),
            attributes, hint);
    if (hint) dnnl_primitive_desc_destroy(hint);
    dnnl_primitive_attr_destroy(attributes);
    release(source), release(weights), release(bias), release(destination);
    CHECK(status);
    CHECK(dnnl_primitive_create(&p->primitive, p->description));

    p->outputs = w->outputChannels;
    p->inputs = w->inputChannels;
    p->kernel = w->kernel;
    switch (w->direction) {
    case LIIF_FORWARD:
        p->weightsArgument = DNNL_ARG_WEIGHTS;
        CHECK(onednn_add_argument(p, DNNL_ARG_SRC));
        CHECK(onednn_add_argument(p, DNNL_ARG_WEIGHTS));
        if (w->bias) CHECK(onednn_add_argument(p, DNNL_ARG_BIAS));
        CHECK(onednn_add_argument(p, DNNL_ARG_DST));
        break;
    case LIIF_BACKWARD_DATA:
        p->weightsArgument = DNNL_ARG_WEIGHTS;
        CHECK(onednn_add_argument(p, DNNL_ARG_DIFF_SRC));
        CHECK(onednn_add_argument(p, DNNL_ARG_WEIGHTS));
        CHECK(onednn_add_argument(p, DNNL_ARG_DIFF_DST));
        break;
    default:
        p->weightsArgument = DNNL_ARG_DIFF_WEIGHTS;
        CHECK(onednn_add_argument(p, DNNL_ARG_SRC));
        CHECK(onednn_add_argument(p, DNNL_ARG_DIFF_WEIGHTS));
        if (w->bias) CHECK(onednn_add_argument(p, DNNL_ARG_DIFF_BIAS));
        CHECK(onednn_add_argument(p, DNNL_ARG_DIFF_DST));
    }
    return dnnl_success;
}

int liif_convolution_create(liif_primitive **out, const liif_convolution *what) {
    return onednn_create_primitive(out, what, create);
}
