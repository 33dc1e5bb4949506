#define _GNU_SOURCE
#include "CImageCodecs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int codec_anonymous_file(void) {
#ifdef __linux__
    return memfd_create("liif", MFD_CLOEXEC);
#else
    // Darwin's sandbox keeps programs out of /tmp, and tells them of a folder of their own.
    const char *folder = getenv("TMPDIR");
    char name[1024];
    snprintf(name, sizeof name, "%s/liif-XXXXXX", folder && *folder ? folder : "/tmp");
    int descriptor = mkstemp(name);
    if (descriptor < 0) return descriptor;
    unlink(name);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
#endif
}
