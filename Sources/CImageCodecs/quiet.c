#include "quiet.h"

#include <pthread.h>
#include <stdio.h>

#ifdef __GLIBC__

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned depth;
/// What swallows the words; NULL until it is needed.
static FILE *nowhere;
/// The real one, while `depth` is above 0.
static FILE *shown;

void codec_quiet_begin(void) {
    pthread_mutex_lock(&lock);
    if (!nowhere) nowhere = fopen("/dev/null", "we");
    if (depth++ == 0) {
        shown = stderr;
        // glibc declares it as a variable that may be set.
        if (nowhere) stderr = nowhere;
    }
    pthread_mutex_unlock(&lock);
}

void codec_quiet_end(void) {
    pthread_mutex_lock(&lock);
    if (--depth == 0) stderr = shown;
    pthread_mutex_unlock(&lock);
}

#else

void codec_quiet_begin(void) {}
void codec_quiet_end(void) {}

#endif
