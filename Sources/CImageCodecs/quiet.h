/// For libraries that print what they think of a file.
#ifndef CIMAGECODECS_QUIET_H
#define CIMAGECODECS_QUIET_H

/// From here to `codec_quiet_end` nothing is printed through C's `stderr`, by no thread; what is written to the
/// descriptor itself, as Swift does, is not touched. Pairs may overlap. Without glibc nothing happens.
void codec_quiet_begin(void);
void codec_quiet_end(void);

#endif
