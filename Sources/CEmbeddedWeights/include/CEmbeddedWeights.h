// The default model, a safetensors file that lies in the binary itself.
#ifndef LIIF_EMBEDDED_WEIGHTS_H
#define LIIF_EMBEDDED_WEIGHTS_H

#include <stddef.h>

typedef struct {
    const unsigned char *bytes;
    size_t count;
} liif_embedded_file;

liif_embedded_file liif_default_model(void);

#endif
