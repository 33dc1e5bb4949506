#include "CViewerPage.h"

// C23's #embed, as in CEmbeddedWeights.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char html[] = {
#embed "page/index.html"
};
static const unsigned char style[] = {
#embed "page/viewer.css"
};
static const unsigned char script[] = {
#embed "page/viewer.js"
};
static const unsigned char openseadragon[] = {
#embed "openseadragon/openseadragon.js"
};
static const unsigned char licence[] = {
#embed "openseadragon/LICENSE"
};

static const liif_page_file files[] = {
    {"index.html", "text/html; charset=utf-8", html, sizeof html},
    {"viewer.css", "text/css; charset=utf-8", style, sizeof style},
    {"viewer.js", "text/javascript; charset=utf-8", script, sizeof script},
    {"openseadragon.js", "text/javascript; charset=utf-8", openseadragon, sizeof openseadragon},
    {"openseadragon-LICENSE.txt", "text/plain; charset=utf-8", licence, sizeof licence},
};

size_t liif_page_file_count(void) { return sizeof files / sizeof files[0]; }

liif_page_file liif_page_file_at(size_t index) { return files[index]; }
