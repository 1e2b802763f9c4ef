/* SPDX-License-Identifier: BSD-3-Clause */
/* morphology_text: what the readers of shapes have in common: pieces of text, decimal numbers, and
 * the bounds beyond which a file is in nanometres. */
#ifndef HK_CORE_MORPHOLOGY_TEXT_H
#define HK_CORE_MORPHOLOGY_TEXT_H
#include "hillock/context.h"
#include <locale.h>

struct span {
    const char *text;
    size_t length;
};

/* The span for a message: printable, and not long. Returns text. */
enum { SPAN_SHOWN = 24 };
const char *span_shown(struct span span, char text[SPAN_SHOWN + 4]);

/* Whether the span is a decimal number (no hexadecimal, no "nan", no "1,5"), and which; `c` is C's
 * locale. Too large a one is infinite. */
bool span_number(struct span span, locale_t c, double *value);

/* Whether a file may say so; `format` names it, as in "SWC is in um". HK_SYNTAX: no; the message
 * lacks the place. A thickness is what `what` says: a radius, or (scale 1) a diameter. */
hk_status text_check_place(hk_context *ctx, const char *format, const double at[3]);
hk_status text_check_thickness(hk_context *ctx, const char *format, const char *what, double value,
                               double scale);

/* The box of points that were added one by one. */
struct text_extent {
    bool any;
    double low[3], high[3];
};
void text_extend(struct text_extent *extent, const double at[3]);
hk_status text_check_extent(hk_context *ctx, const char *format, const char *name,
                            const struct text_extent *extent);

#endif
