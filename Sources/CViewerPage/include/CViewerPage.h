// The viewer's page, as files that lie in the binary itself.
#ifndef LIIF_VIEWER_PAGE_H
#define LIIF_VIEWER_PAGE_H

#include <stddef.h>

typedef struct {
    const char *name;
    const char *media_type;
    const unsigned char *bytes;
    size_t count;
} liif_page_file;

/// The files, in no particular order.
size_t liif_page_file_count(void);
liif_page_file liif_page_file_at(size_t index);

#endif
