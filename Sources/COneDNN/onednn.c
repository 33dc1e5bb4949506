#include "COneDNN.h"

#include <oneapi/dnnl/dnnl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(call)                              \
    do {                                         \
        dnnl_status_t status_ = (call);          \
        if (status_ != dnnl_success) return status_; \
    } while (0)

// oneDNN's OpenMP run-time, if it has one: looked up weakly, so that builds without OpenMP work too.
extern void omp_set_num_threads(int) __attribute__((weak));

static dnnl_engine_t engine;
static pthread_once_t engineOnce = PTHREAD_ONCE_INIT;
static _Thread_local dnnl_stream_t stream;

// One primitive is made at a time: oneDNN 2.6's generators of convolutions race, and what loses the race computes
// nonsense for as long as it stays in the cache of primitives.
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;

static void createEngine(void) { dnnl_engine_create(&engine, dnnl_cpu, 0); }

// This thread's stream; the first call also tells OpenMP that the thread works alone.
static dnnl_stream_t threadStream(void) {
    if (!stream) {
        pthread_once(&engineOnce, createEngine);
        if (omp_set_num_threads) omp_set_num_threads(1);
        dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    }
    return stream;
}

// MARK: Memory descriptors in 2.x (values) and 3.x (objects)

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t descriptor;
typedef const_dnnl_memory_desc_t descriptor_ref;
#define REF(d) (d)
static dnnl_status_t describeTag(descriptor *d, int n, const dnnl_dims_t dims, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(d, n, dims, type, tag);
}
static dnnl_status_t describeStrides(descriptor *d, int n, const dnnl_dims_t dims, dnnl_data_type_t type, const dnnl_dims_t strides) {
    return dnnl_memory_desc_create_with_strides(d, n, dims, type, strides);
}
static void release(descriptor d) { dnnl_memory_desc_destroy(d); }
#else
typedef dnnl_memory_desc_t descriptor;
typedef const dnnl_memory_desc_t *descriptor_ref;
#define REF(d) (&(d))
static dnnl_status_t describeTag(descriptor *d, int n, const dnnl_dims_t dims, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(d, n, dims, type, tag);
}
static dnnl_status_t describeStrides(descriptor *d, int n, const dnnl_dims_t dims, dnnl_data_type_t type, const dnnl_dims_t strides) {
    return dnnl_memory_desc_init_by_strides(d, n, dims, type, strides);
}
static void release(descriptor d) { (void)d; }
#endif

static dnnl_data_type_t dataType(liif_element e) {
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

static descriptor_ref queryMemory(const liif_primitive *p, int argument) {
    return dnnl_primitive_desc_query_md(p->description, dnnl_query_exec_arg_md, argument);
}

static dnnl_status_t addArgument(liif_primitive *p, int argument) {
    dnnl_memory_t memory;
    CHECK(dnnl_memory_create(&memory, queryMemory(p, argument), engine, DNNL_MEMORY_NONE));
    p->arguments[p->count++] = (dnnl_exec_arg_t){argument, memory};
    return dnnl_success;
}

// Scratch memory of the primitive's own. Left to itself the library takes that of the thread that executes, which is there
// and large enough only if that thread has made such a primitive: Docs/Decisions/0007-onednn-threads.md.
static dnnl_status_t addScratchpad(liif_primitive *p) {
    const descriptor_ref scratchpad = dnnl_primitive_desc_query_md(p->description, dnnl_query_scratchpad_md, 0);
    if (!scratchpad || dnnl_memory_desc_get_size(scratchpad) == 0) return dnnl_success;
    dnnl_memory_t memory;
    CHECK(dnnl_memory_create(&memory, scratchpad, engine, DNNL_MEMORY_ALLOCATE));
    p->arguments[p->count + p->fixed++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, memory};
    return dnnl_success;
}

static dnnl_status_t postOperations(dnnl_primitive_attr_t *attributes, int accumulate, int relu) {
    dnnl_post_ops_t operations;
    CHECK(dnnl_primitive_attr_create(attributes));
    CHECK(dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user));
    CHECK(dnnl_post_ops_create(&operations));
    dnnl_status_t status = dnnl_success;
#if DNNL_VERSION_MAJOR >= 3
    if (accumulate) status = dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
    if (relu && !status) status = dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, 0, 0);
#else
    if (accumulate) status = dnnl_post_ops_append_sum(operations, 1);
    if (relu && !status) status = dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0);
#endif
    if (!status) status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
    dnnl_post_ops_destroy(operations);
    return status;
}

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
            out, engine, dnnl_forward_training, kind, source, weights, bias, destination, stride, dilation,
            padding, padding, attributes);
    case LIIF_BACKWARD_DATA:
        return dnnl_convolution_backward_data_primitive_desc_create(
            out, engine, kind, source, weights, destination, stride, dilation, padding, padding, hint, attributes);
    default:
        return dnnl_convolution_backward_weights_primitive_desc_create(
            out, engine, kind, source, weights, bias, destination, stride, dilation, padding, padding, hint,
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
    return dnnl_primitive_desc_create(out, &operation, attributes, engine, hint);
#endif
}

static dnnl_status_t createConvolution(liif_primitive *p, const liif_convolution *w) {
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
    CHECK(postOperations(&attributes, w->accumulate, w->relu));
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
        CHECK(addArgument(p, DNNL_ARG_SRC));
        CHECK(addArgument(p, DNNL_ARG_WEIGHTS));
        if (w->bias) CHECK(addArgument(p, DNNL_ARG_BIAS));
        CHECK(addArgument(p, DNNL_ARG_DST));
        break;
    case LIIF_BACKWARD_DATA:
        p->weightsArgument = DNNL_ARG_WEIGHTS;
        CHECK(addArgument(p, DNNL_ARG_DIFF_SRC));
        CHECK(addArgument(p, DNNL_ARG_WEIGHTS));
        CHECK(addArgument(p, DNNL_ARG_DIFF_DST));
        break;
    default:
        p->weightsArgument = DNNL_ARG_DIFF_WEIGHTS;
        CHECK(addArgument(p, DNNL_ARG_SRC));
        CHECK(addArgument(p, DNNL_ARG_DIFF_WEIGHTS));
        if (w->bias) CHECK(addArgument(p, DNNL_ARG_DIFF_BIAS));
        CHECK(addArgument(p, DNNL_ARG_DIFF_DST));
    }
    return dnnl_success;
}

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
    const dnnl_status_t status = dnnl_memory_create(&memory, scales, engine, p->scales);
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

static dnnl_status_t createProduct(liif_primitive *p, const liif_product *w) {
    const dnnl_dims_t sourceDims = {w->rows, w->inner}, weightDims = {w->inner, w->columns};
    const dnnl_dims_t biasDims = {1, w->columns}, destinationDims = {w->rows, w->columns};
    descriptor source, weights, bias, destination;
    CHECK(describeTag(&source, 2, sourceDims, dataType(w->source), w->transposedSource ? dnnl_ba : dnnl_ab));
    const dnnl_data_type_t weightType = w->source == LIIF_UINT8 ? dnnl_s8 : dataType(w->source);
    CHECK(describeTag(&weights, 2, weightDims, weightType, w->packedWeights ? dnnl_format_tag_any : dnnl_ab));
    CHECK(describeTag(&bias, 2, biasDims, dnnl_f32, dnnl_ab));
    CHECK(describeTag(&destination, 2, destinationDims, dataType(w->destination), dnnl_ab));
    dnnl_primitive_attr_t attributes = NULL;
    CHECK(postOperations(&attributes, w->accumulate, w->relu));
    dnnl_status_t status = w->scales ? setScales(p, attributes, w->scales, w->columns) : dnnl_success;
    CHECK(status);
#if DNNL_VERSION_MAJOR >= 3
    status = dnnl_matmul_primitive_desc_create(
        &p->description, engine, source, weights, w->bias ? bias : NULL, destination, attributes);
#else
    dnnl_matmul_desc_t operation;
    status = dnnl_matmul_desc_init(&operation, &source, &weights, w->bias ? &bias : NULL, &destination);
    if (!status) status = dnnl_primitive_desc_create(&p->description, &operation, attributes, engine, NULL);
#endif
    dnnl_primitive_attr_destroy(attributes);
    release(source), release(weights), release(bias), release(destination);
    CHECK(status);
    CHECK(dnnl_primitive_create(&p->primitive, p->description));
    p->outputs = w->columns;
    p->inputs = w->inner;
    p->kernel = 0;
    p->weightsArgument = DNNL_ARG_WEIGHTS;
    CHECK(addArgument(p, DNNL_ARG_SRC));
    CHECK(addArgument(p, DNNL_ARG_WEIGHTS));
    if (w->bias) CHECK(addArgument(p, DNNL_ARG_BIAS));
    CHECK(addArgument(p, DNNL_ARG_DST));
    return w->scales ? addScales(p) : dnnl_success;
}

static int finishCreation(liif_primitive **out, liif_primitive *p, dnnl_status_t status) {
    if (status == dnnl_success) status = addScratchpad(p);
    if (status != dnnl_success) {
        liif_primitive_destroy(p);
        return status;
    }
    *out = p;
    return 0;
}

int liif_convolution_create(liif_primitive **out, const liif_convolution *what) {
    threadStream();
    liif_primitive *p = calloc(1, sizeof *p);
    if (!p) return dnnl_out_of_memory;
    pthread_mutex_lock(&creation);
    const dnnl_status_t status = createConvolution(p, what);
    pthread_mutex_unlock(&creation);
    return finishCreation(out, p, status);
}

int liif_product_create(liif_primitive **out, const liif_product *what) {
    threadStream();
    liif_primitive *p = calloc(1, sizeof *p);
    if (!p) return dnnl_out_of_memory;
    pthread_mutex_lock(&creation);
    const dnnl_status_t status = createProduct(p, what);
    pthread_mutex_unlock(&creation);
    return finishCreation(out, p, status);
}

void liif_primitive_destroy(liif_primitive *p) {
    for (int i = 0; i < p->count + p->fixed; i++) dnnl_memory_destroy(p->arguments[i].memory);
    if (p->primitive) dnnl_primitive_destroy(p->primitive);
    if (p->description) dnnl_primitive_desc_destroy(p->description);
    free(p->scales);
    free(p);
}

const char *liif_primitive_kernel(const liif_primitive *p) {
    const char *name = "";
    dnnl_primitive_desc_query(p->description, dnnl_query_impl_info_str, 0, (void *)&name);
    return name;
}

int liif_execute(liif_primitive *p, void *const *arguments) {
    dnnl_stream_t s = threadStream();
    for (int i = 0; i < p->count; i++)
        CHECK(dnnl_memory_set_data_handle(p->arguments[i].memory, arguments[i]));
    CHECK(dnnl_primitive_execute(p->primitive, s, p->count + p->fixed, p->arguments));
    return dnnl_stream_wait(s);
}

// MARK: Weight layouts

size_t liif_weights_size(const liif_primitive *p) {
    return dnnl_memory_desc_get_size(queryMemory(p, p->weightsArgument));
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
    pthread_mutex_lock(&creation);
    dnnl_status_t status = dnnl_reorder_primitive_desc_create(&description, from, engine, to, engine, NULL);
    if (!status) {
        status = dnnl_primitive_create(&primitive, description);
        dnnl_primitive_desc_destroy(description);
    }
    pthread_mutex_unlock(&creation);
    CHECK(status);
    dnnl_memory_t in = NULL, out = NULL;
    status = dnnl_memory_create(&in, from, engine, (void *)source);
    if (!status) status = dnnl_memory_create(&out, to, engine, destination);
    dnnl_exec_arg_t arguments[2] = {{DNNL_ARG_FROM, in}, {DNNL_ARG_TO, out}};
    if (!status) status = dnnl_primitive_execute(primitive, threadStream(), 2, arguments);
    if (!status) status = dnnl_stream_wait(threadStream());
    if (in) dnnl_memory_destroy(in);
    if (out) dnnl_memory_destroy(out);
    dnnl_primitive_destroy(primitive);
    return status;
}

int liif_pack(const liif_primitive *p, const void *plain, int64_t rowStride, int transposed, void *packed) {
    threadStream();
    descriptor from;
    CHECK(describePlain(p, rowStride, transposed, &from));
    dnnl_status_t status = reorder(REF(from), plain, queryMemory(p, p->weightsArgument), packed);
    release(from);
    return status;
}

int liif_unpack(const liif_primitive *p, const void *packed, float *plain, int64_t rowStride) {
    threadStream();
    descriptor to;
    CHECK(describePlain(p, rowStride, 0, &to));
    dnnl_status_t status = reorder(queryMemory(p, p->weightsArgument), packed, REF(to), plain);
    release(to);
    return status;
}

// MARK: The machine

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
int liif_supports_wide_vectors(void) { return supports(dnnl_cpu_isa_avx512_core); }
