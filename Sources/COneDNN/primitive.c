// A primitive's life: the engine it belongs to, its arguments, its execution.
#include "primitive.h"

#include <dlfcn.h>
#include <pthread.h>

// oneDNN's OpenMP run-time, if it has one: looked up by name, so that builds without OpenMP work too.
static void (*setThreads)(int);

dnnl_engine_t onednn_engine;
static pthread_once_t engineOnce = PTHREAD_ONCE_INIT;
static _Thread_local dnnl_stream_t stream;
static pthread_key_t streamKey;  // destroys a thread's stream with the thread
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;

static void destroyStream(void *ended) { dnnl_stream_destroy(ended); }

static void createEngine(void) {
    pthread_key_create(&streamKey, destroyStream);
    setThreads = (void (*)(int))dlsym(dlopen(NULL, RTLD_LAZY), "omp_set_num_threads");
    dnnl_engine_create(&onednn_engine, dnnl_cpu, 0);
}

dnnl_stream_t onednn_stream(void) {
    if (!stream) {
        pthread_once(&engineOnce, createEngine);
        if (setThreads) setThreads(1);
        dnnl_stream_create(&stream, onednn_engine, dnnl_stream_default_flags);
        pthread_setspecific(streamKey, stream);
    }
    return stream;
}

void onednn_lock_creation(void) { pthread_mutex_lock(&creation); }
void onednn_unlock_creation(void) { pthread_mutex_unlock(&creation); }

descriptor_ref onednn_query_memory(const liif_primitive *p, int argument) {
    return dnnl_primitive_desc_query_md(p->description, dnnl_query_exec_arg_md, argument);
}

dnnl_status_t onednn_add_argument(liif_primitive *p, int argument) {
    dnnl_memory_t memory;
    CHECK(dnnl_memory_create(&memory, onednn_query_memory(p, argument), onednn_engine, DNNL_MEMORY_NONE));
    p->arguments[p->count++] = (dnnl_exec_arg_t){argument, memory};
    return dnnl_success;
}

// Scratch memory of the primitive's own. Left to itself the library takes that of the thread that executes, which is there
// and large enough only if that thread has made such a primitive: Docs/Decisions/0007-onednn-threads.md.
static dnnl_status_t addScratchpad(liif_primitive *p) {
    const descriptor_ref scratchpad = dnnl_primitive_desc_query_md(p->description, dnnl_query_scratchpad_md, 0);
    if (!scratchpad || dnnl_memory_desc_get_size(scratchpad) == 0) return dnnl_success;
    dnnl_memory_t memory;
    CHECK(dnnl_memory_create(&memory, scratchpad, onednn_engine, DNNL_MEMORY_ALLOCATE));
    p->arguments[p->count + p->fixed++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, memory};
    return dnnl_success;
}

dnnl_status_t onednn_post_operations(dnnl_primitive_attr_t *attributes, int accumulate, int relu) {
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

int onednn_create_primitive(
    liif_primitive **out, const void *specification, dnnl_status_t (*create)(liif_primitive *, const void *)) {
    onednn_stream();
    liif_primitive *p = calloc(1, sizeof *p);
    if (!p) return dnnl_out_of_memory;
    onednn_lock_creation();
    dnnl_status_t status = create(p, specification);
    onednn_unlock_creation();
    if (status == dnnl_success) status = addScratchpad(p);
    if (status != dnnl_success) {
        liif_primitive_destroy(p);
        return status;
    }
    *out = p;
    return 0;
}

void liif_primitive_destroy(liif_primitive *p) {
    for (int i = 0; i < p->count + p->fixed; i++) dnnl_memory_destroy(p->arguments[i].memory);
    if (p->primitive) dnnl_primitive_destroy(p->primitive);
    if (p->description) dnnl_primitive_desc_destroy(p->description);
    free(p->scales);
    free(p);
}

int liif_execute(liif_primitive *p, void *const *arguments) {
    dnnl_stream_t s = onednn_stream();
    for (int i = 0; i < p->count; i++)
        CHECK(dnnl_memory_set_data_handle(p->arguments[i].memory, arguments[i]));
    CHECK(dnnl_primitive_execute(p->primitive, s, p->count + p->fixed, p->arguments));
    return dnnl_stream_wait(s);
}
