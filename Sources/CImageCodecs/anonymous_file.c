#define _GNU_SOURCE
#include "CImageCodecs.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int codec_anonymous_file(void) {
#ifdef __linux__
    return memfd_create("liif", MFD_CLOEXEC);
#else
    char name[] = "/tmp/liif-XXXXXX";
    int descriptor = mkstemp(name);
    if (descriptor >= 0) unlink(name);
    return descriptor;
#endif
}
