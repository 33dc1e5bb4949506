#include "tiff_file.h"

#include <string.h>
#include <sys/stat.h>

/// No single allocation of libtiff is larger; the rows and tiles of sensible files are far below.
static const tmsize_t allocation_limit = (tmsize_t)1 << 31;

static tmsize_t read_bytes(thandle_t handle, void *bytes, tmsize_t count) {
    codec_tiff_file *file = handle;
    tmsize_t done = 0;
    while (done < count) {
        ssize_t got = pread(file->descriptor, (uint8_t *)bytes + done, (size_t)(count - done), file->position);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && !file->system_error) file->system_error = errno;
        if (got == 0) file->hit_end = 1;
        if (got <= 0) break;
        done += got;
        file->position += got;
    }
    return done;
}

static tmsize_t write_bytes(thandle_t handle, void *bytes, tmsize_t count) {
    codec_tiff_file *file = handle;
    tmsize_t done = file->skips ? count : 0;
    while (done < count) {
        ssize_t put =
            pwrite(file->descriptor, (uint8_t *)bytes + done, (size_t)(count - done), file->position + done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0 && !file->system_error) file->system_error = errno;
        if (put < 0) break;
        done += put;
    }
    file->position += done;
    if (file->position > file->end) file->end = file->position;
    return done;
}

void codec_tiff_file_append(codec_tiff_file *file, const void *bytes, size_t count) {
    file->position = file->end;
    write_bytes(file, (void *)bytes, (tmsize_t)count);
}

static uint64_t size_of(thandle_t handle) {
    codec_tiff_file *file = handle;
    return (uint64_t)file->end;
}

static uint64_t seek_to(thandle_t handle, uint64_t offset, int whence) {
    codec_tiff_file *file = handle;
    uint64_t origin = whence == SEEK_SET ? 0 : (uint64_t)(whence == SEEK_CUR ? file->position : file->end);
    uint64_t target = origin + offset;
    if (target > INT64_MAX) return UINT64_MAX;
    file->position = (off_t)target;
    return target;
}

static int close_nothing(thandle_t handle) {
    (void)handle;
    return 0;
}

static int map_nothing(thandle_t handle, void **base, toff_t *size) {
    (void)handle, (void)base, (void)size;
    return 0;
}

static void unmap_nothing(thandle_t handle, void *base, toff_t size) { (void)handle, (void)base, (void)size; }

/// Whether the decoder of fax, which goes on after damage, speaks.
static int is_fax(const char *module) { return module && strncmp(module, "Fax", 3) == 0; }

static void record_damage(codec_tiff_file *file, const char *words) {
    file->damaged = 1;
    if (!file->message[0]) snprintf(file->message, sizeof file->message, "a strip or tile is damaged: %s", words);
}

__attribute__((format(printf, 4, 0))) static int
record_error(TIFF *tiff, void *user_data, const char *module, const char *format, va_list arguments) {
    codec_tiff_file *file = user_data;
    char words[200];
    (void)tiff;
    vsnprintf(words, sizeof words, format, arguments);
    if (is_fax(module)) {
        record_damage(file, words);
    } else if (!file->message[0]) {
        snprintf(file->message, sizeof file->message, "%s", words);
    }
    return 1;
}

/// What libjpeg says of oddities that cost no pixel.
static const char *const harmless[] = {"extraneous bytes", "JFIF revision", "Adobe color transform", "ICC marker",
                                       "Invalid SOS parameters"};

/// libtiff goes on with grey where libjpeg warns that data are damaged or end early, and with what it has where lines of fax
/// are. Of a strip or tile libjpeg tells only the first oddity.
__attribute__((format(printf, 4, 0))) static int
record_warning(TIFF *tiff, void *user_data, const char *module, const char *format, va_list arguments) {
    codec_tiff_file *file = user_data;
    char words[150];
    (void)tiff;
    if (!is_fax(module) && (!module || (strcmp(module, "JPEGLib") != 0 && strcmp(module, "LibJpeg") != 0))) return 1;
    vsnprintf(words, sizeof words, format, arguments);
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        if (strstr(words, harmless[i])) return 1;
    }
    record_damage(file, words);
    return 1;
}

int codec_tiff_file_open(codec_tiff_file *file, int descriptor, const char *mode) {
    struct stat status;
    file->descriptor = descriptor;
    if (mode[0] == 'r' && fstat(descriptor, &status) == 0) file->end = status.st_size;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) return 0;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, allocation_limit);
    TIFFOpenOptionsSetErrorHandlerExtR(options, record_error, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, record_warning, file);
    file->tiff = TIFFClientOpenExt("picture", mode, file, read_bytes, write_bytes, seek_to, close_nothing, size_of,
                                   map_nothing, unmap_nothing, options);
    TIFFOpenOptionsFree(options);
    return file->tiff != NULL;
}

void codec_tiff_file_close(codec_tiff_file *file) {
    if (file->tiff) {
        // Whatever libtiff has not written yet belongs to a file that is given up.
        file->skips = 1;
        TIFFClose(file->tiff);
    }
    close(file->descriptor);
}

codec_status codec_tiff_file_fail(const codec_tiff_file *file, codec_failure *failure) {
    if (file->system_error) {
        errno = file->system_error;
        return codec_fail(failure, CODEC_SYSTEM, "input or output failed");
    }
    if (file->hit_end) return codec_fail(failure, CODEC_TRUNCATED, "the data ends early");
    return codec_fail(failure, CODEC_CORRUPT, file->message[0] ? file->message : "libtiff cannot read it");
}
