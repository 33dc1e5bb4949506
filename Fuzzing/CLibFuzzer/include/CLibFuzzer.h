// The one function of libFuzzer's library form (libclang_rt.fuzzer_no_main), which a program with its own `main`
// calls; documented in LLVM's LibFuzzer.rst, "Using libFuzzer as a library".
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run_one)(const uint8_t *data, size_t size));
