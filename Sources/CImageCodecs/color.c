#include "CImageCodecs.h"

#include <lcms2.h>
#include <math.h>
#include <stdlib.h>

// Each call works in a context of its own: contexts have no locks between threads and print nothing.

struct codec_color {
    cmsContext context;
    cmsHTRANSFORM transform;
};

uint32_t codec_profile_space(const void *profile, size_t count) {
    cmsContext context = cmsCreateContext(NULL, NULL);
    cmsHPROFILE opened = cmsOpenProfileFromMemTHR(context, profile, (cmsUInt32Number)count);
    uint32_t space = 0;
    if (opened) {
        cmsProfileClassSignature class = cmsGetDeviceClass(opened);
        if (class == cmsSigDisplayClass || class == cmsSigInputClass || class == cmsSigOutputClass ||
            class == cmsSigColorSpaceClass) {
            space = (uint32_t)cmsGetColorSpace(opened);
        }
        cmsCloseProfile(opened);
    }
    cmsDeleteContext(context);
    return space;
}

static cmsToneCurve *srgb_curve(cmsContext context) {
    cmsFloat64Number curve[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return cmsBuildParametricToneCurve(context, 4, curve);
}

/// Grey with sRGB's curve, for white as ICC has it.
static cmsHPROFILE open_grey(cmsContext context) {
    cmsToneCurve *tone = srgb_curve(context);
    cmsHPROFILE profile = cmsCreateGrayProfileTHR(context, cmsD50_xyY(), tone);
    cmsFreeToneCurve(tone);
    return profile;
}

static cmsUInt32Number pixel_type(const codec_info *info, int space, unsigned colors) {
    unsigned bytes = info->bits_per_sample / 8;
    unsigned alpha = (info->cmyk ? info->channels == 5 : info->channels % 2 == 0) ? 1 : 0;
    return (cmsUInt32Number)(COLORSPACE_SH(space) | CHANNELS_SH(colors) | EXTRA_SH(alpha) | BYTES_SH(bytes));
}

codec_color *codec_color_open(const void *profile, size_t count, const codec_info *info) {
    codec_color *color = calloc(1, sizeof *color);
    if (!color) return NULL;
    color->context = cmsCreateContext(NULL, NULL);
    int grey = !info->cmyk && info->channels < 3;
    int space = info->cmyk ? PT_CMYK : grey ? PT_GRAY : PT_RGB;
    cmsHPROFILE from = cmsOpenProfileFromMemTHR(color->context, profile, (cmsUInt32Number)count);
    cmsHPROFILE to = grey ? open_grey(color->context) : cmsCreate_sRGBProfileTHR(color->context);
    if (from && to && (int)_cmsLCMScolorSpace(cmsGetColorSpace(from)) == space) {
        color->transform = cmsCreateTransformTHR(
            color->context, from, pixel_type(info, space, info->cmyk ? 4 : grey ? 1 : 3), to,
            pixel_type(info, grey ? PT_GRAY : PT_RGB, grey ? 1 : 3), INTENT_RELATIVE_COLORIMETRIC,
            cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_COPY_ALPHA | cmsFLAGS_HIGHRESPRECALC | cmsFLAGS_NOCACHE);
    }
    if (from) cmsCloseProfile(from);
    if (to) cmsCloseProfile(to);
    if (color->transform) return color;
    codec_color_close(color);
    return NULL;
}

void codec_color_apply(codec_color *color, const void *source, void *target, size_t pixels) {
    cmsDoTransform(color->transform, source, target, (cmsUInt32Number)pixels);
}

void codec_color_close(codec_color *color) {
    if (!color) return;
    if (color->transform) cmsDeleteTransform(color->transform);
    cmsDeleteContext(color->context);
    free(color);
}

void codec_cmyk_to_rgb(const void *source, void *target, size_t pixels, const codec_info *info) {
    unsigned alpha = info->channels == 5;
    uint64_t largest = info->bits_per_sample == 16 ? 65535 : 255;
    for (size_t pixel = 0; pixel < pixels; pixel++) {
        size_t from = pixel * info->channels, to = pixel * (3 + alpha);
        for (unsigned i = 0; i < 3 + alpha; i++) {
            size_t ink = from + (i < 3 ? i : 4);
            if (largest == 255) {
                const uint8_t *s = source;
                uint64_t product = (largest - s[ink]) * (largest - s[from + 3]);
                ((uint8_t *)target)[to + i] = i == 3 ? s[ink] : (uint8_t)((product + largest / 2) / largest);
            } else {
                const uint16_t *s = source;
                uint64_t product = (largest - s[ink]) * (largest - s[from + 3]);
                ((uint16_t *)target)[to + i] = i == 3 ? s[ink] : (uint16_t)((product + largest / 2) / largest);
            }
        }
    }
}

int codec_profile_is_srgb(const void *bytes, size_t count) {
    int grey = codec_profile_space(bytes, count) == (uint32_t)cmsSigGrayData;
    codec_info info = {.channels = grey ? 1 : 3, .bits_per_sample = 16};
    codec_color *color = codec_color_open(bytes, count, &info);
    if (!color) return 0;
    // A profile is sRGB's if it changes no colour visibly: by a level of 8 bits. The rounded numbers of the usual
    // profile, Hewlett-Packard's, alone make half a level and a little more.
    int same = 1;
    for (unsigned i = 0; same && i < 9 * 9 * 9; i++) {
        uint16_t from[3] = {(uint16_t)(i % 9 * 8191), (uint16_t)(i / 9 % 9 * 8191), (uint16_t)(i / 81 * 8191)}, to[3];
        if (grey) from[0] = (uint16_t)(i * 90);
        codec_color_apply(color, from, to, 1);
        for (unsigned c = 0; c < info.channels; c++) same = same && abs((int)from[c] - (int)to[c]) <= 257;
    }
    codec_color_close(color);
    return same;
}

/// Light in 0…1 of a sample in 0…1, by ITU-R BT.2100.
static double light(codec_curve curve, double sample) {
    if (curve == CODEC_CURVE_PQ) {
        double root = pow(sample, 32.0 / 2523), above = root - 107.0 / 128;
        return pow((above > 0 ? above : 0) / (2413.0 / 128 - 2392.0 / 128 * root), 8192.0 / 1305);
    }
    double a = 0.17883277, b = 1 - 4 * a, c = 0.5 - a * log(4 * a);
    return sample <= 0.5 ? sample * sample / 3 : (exp((sample - c) / a) + b) / 12;
}

static cmsToneCurve *open_curve(cmsContext context, codec_curve curve, double gamma) {
    if (curve == CODEC_CURVE_GAMMA) return cmsBuildGamma(context, gamma);
    if (curve == CODEC_CURVE_SRGB) return srgb_curve(context);
    cmsUInt16Number table[4096];
    for (int i = 0; i < 4096; i++) table[i] = (cmsUInt16Number)(fmin(light(curve, i / 4095.0), 1) * 65535 + 0.5);
    return cmsBuildTabulatedToneCurve16(context, 4096, table);
}

size_t codec_profile_make(int grey, codec_curve kind, double gamma, const double c[8], void *bytes, size_t capacity) {
    cmsContext context = cmsCreateContext(NULL, NULL);
    cmsCIExyY white = {c[0], c[1], 1};
    cmsCIExyYTRIPLE primaries = {{c[2], c[3], 1}, {c[4], c[5], 1}, {c[6], c[7], 1}};
    cmsToneCurve *curve = open_curve(context, kind, gamma);
    cmsToneCurve *curves[] = {curve, curve, curve};
    cmsHPROFILE profile = NULL;
    if (curve && grey) {
        profile = cmsCreateGrayProfileTHR(context, cmsD50_xyY(), curve);
    } else if (curve) {
        profile = cmsCreateRGBProfileTHR(context, &white, &primaries, curves);
    }
    cmsUInt32Number size = 0;
    if (profile && cmsSaveProfileToMem(profile, NULL, &size) && size <= capacity) {
        if (!cmsSaveProfileToMem(profile, bytes, &size)) size = 0;
    } else {
        size = 0;
    }
    if (profile) cmsCloseProfile(profile);
    if (curve) cmsFreeToneCurve(curve);
    cmsDeleteContext(context);
    return size;
}
