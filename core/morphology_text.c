/* SPDX-License-Identifier: BSD-3-Clause */
#include "morphology_text.h"
#include "error.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bounds beyond which a file is in nanometres rather than micrometres. No known soma or axon has a
 * radius of 1 mm (Aplysia's R2 and the squid's giant axon have half of it), and reconstructions
 * span at most a brain of some centimetres, while 100 um of neuropil are 100 000 nm. Beyond 1 m
 * from the origin single precision no longer holds the shape. */
static const double RADIUS_LIMIT = 1000, EXTENT_LIMIT = 100000, PLACE_LIMIT = 1000000;
static const char *const AXIS[] = {"x", "y", "z"};
enum { NUMBER = 128 };

const char *span_shown(struct span span, char text[SPAN_SHOWN + 4]) {
    size_t n = span.length < SPAN_SHOWN ? span.length : SPAN_SHOWN;
    for (size_t i = 0; i < n; i++) {
        char c = span.text[i];
        text[i] = '?';
        if (c >= ' ' && c < 127) {
            text[i] = c;
        }
    }
    strcpy(text + n, n < span.length ? "..." : "");
    return text;
}

bool span_number(struct span span, locale_t c, double *value) {
    char text[NUMBER], *end = text;
    if (span.length >= NUMBER) {
        return false;
    }
    for (size_t i = 0; i < span.length; i++) {
        if (!span.text[i] || !strchr("+-.0123456789eE", span.text[i])) {
            return false;
        }
    }
    memcpy(text, span.text, span.length);
    text[span.length] = 0;
    *value = strtod_l(text, &end, c);
    return !*end && end != text;
}

hk_status text_check_place(hk_context *ctx, const char *format, const double at[3]) {
    for (uint32_t i = 0; i < 3; i++) {
        if (fabs(at[i]) > PLACE_LIMIT) {
            return fail(ctx, HK_SYNTAX,
                        "%s is %g um, more than a metre away; is the file in nanometres? %s is in "
                        "um",
                        AXIS[i], at[i], format);
        }
    }
    return HK_OK;
}

hk_status text_check_thickness(hk_context *ctx, const char *format, const char *what, double value,
                               double scale) {
    double limit = 2 * RADIUS_LIMIT / scale;
    if (!(value > 0)) {
        return fail(ctx, HK_SYNTAX, "%s is %g um, not above 0", what, value);
    }
    if (!((float)(scale * value) > 0)) {
        return fail(ctx, HK_SYNTAX, "%s is %g um, too small for single precision", what, value);
    }
    return value <= limit ? HK_OK
                          : fail(ctx, HK_SYNTAX,
                                 "%s is %g um, above %g; is the file in nanometres? %s is in um",
                                 what, value, limit, format);
}

void text_extend(struct text_extent *extent, const double at[3]) {
    for (uint32_t k = 0; k < 3; k++) {
        extent->low[k] = extent->any ? fmin(extent->low[k], at[k]) : at[k];
        extent->high[k] = extent->any ? fmax(extent->high[k], at[k]) : at[k];
    }
    extent->any = true;
}

hk_status text_check_extent(hk_context *ctx, const char *format, const char *name,
                            const struct text_extent *extent) {
    for (uint32_t k = 0; k < 3; k++) {
        double length = extent->high[k] - extent->low[k];
        if (length > EXTENT_LIMIT) {
            return fail(
                ctx, HK_SYNTAX,
                "%s: extends %g um along %s, above %g; is the file in nanometres? %s is in um",
                name, length, AXIS[k], EXTENT_LIMIT, format);
        }
    }
    return HK_OK;
}
