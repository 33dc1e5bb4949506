#include "CEmbeddedWeights.h"

// C23's #embed: clang 19 and later, the one of Swift 6.3 included. The compiler lists the file among this
// one's dependencies, so a new model is built in without further ado.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char model[] = {
#embed "default.safetensors"
};

liif_embedded_file liif_default_model(void) { return (liif_embedded_file){model, sizeof model}; }
