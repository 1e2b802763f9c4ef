/* SPDX-License-Identifier: BSD-3-Clause */
/* shape_check: what holds of any text at all that is read as a shape. */
#ifndef HK_TESTS_SHAPE_CHECK_H
#define HK_TESTS_SHAPE_CHECK_H
#include "hillock/cell.h"
#include "hillock/morphology.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A reader, and how the messages go on that are about the whole text and have no line. */
struct shape_format {
    hk_status (*read)(hk_context *, const char *, const char *, size_t, hk_morph **);
    const char *name; /* of the text */
    const char *whole[4];
};

static const struct shape_format SHAPE_SWC = {
    hk_morph_swc_text, "mutated.swc", {" no points in ", " no soma: ", " extends "}};
static const struct shape_format SHAPE_ASC = {
    hk_morph_asc_text, "mutated.asc", {" no soma and no trees: ", " extends "}};

struct shape_check {
    bool good;         /* the text was taken */
    char message[400]; /* why it was not */
};

/* The message says where: the file, and the line, unless the fault is the whole file's. */
static inline const char *shape_check_message(const struct shape_format *format,
                                              const char *message) {
    size_t n = strlen(format->name);
    if (strncmp(message, format->name, n) != 0 || message[n] != ':') {
        return "a message does not begin with the name";
    }
    message += n + 1;
    size_t digits = strspn(message, "0123456789");
    bool placed = digits && *message != '0' && message[digits] == ':' && message[digits + 1] == ' ';
    for (size_t i = 0; i < 4 && format->whole[i]; i++) {
        placed = placed || !strncmp(message, format->whole[i], strlen(format->whole[i]));
    }
    for (const char *c = message; *c; c++) {
        if (*c < ' ' || *c > '~') {
            return "a message is not one printable line";
        }
    }
    return placed ? NULL : "a message has no line";
}

static inline const char *shape_check_section(const hk_morph *morph, uint32_t i, uint32_t n) {
    struct hk_section s = hk_morph_get(morph, i);
    if (!s.name || !*s.name || !(s.length_um > 0) || !isfinite(s.length_um) || !(s.diam_um > 0) ||
        !isfinite(s.diam_um)) {
        return "a section has no name, length or diameter";
    }
    if (s.n_point == 1 || !(s.parent == HK_NONE || (s.parent_x >= 0 && s.parent_x <= 1))) {
        return "a section has one point, or hangs nowhere";
    }
    for (uint32_t k = 0; k < s.n_point; k++) {
        if (!isfinite(s.point[k][0]) || !isfinite(s.point[k][1]) || !isfinite(s.point[k][2]) ||
            !(s.point[k][3] > 0)) {
            return "a point is nowhere, or has no diameter";
        }
    }
    uint32_t up = i, steps = 0;
    while (up != HK_NONE && steps++ <= n) {
        up = hk_morph_get(morph, up).parent;
    }
    return up == HK_NONE ? NULL : "sections hang on each other in a circle";
}

static inline const char *shape_check_cell(hk_context *ctx, const hk_morph *morph) {
    hk_cell *cell = NULL;
    const char *wrong = NULL;
    if (hk_cell_new(ctx, "mutated", morph, &cell) || hk_cell_build(cell)) {
        wrong = "no cell can be made of the sections";
    }
    for (uint32_t i = 0; !wrong && i < hk_cell_segments(cell); i++) {
        struct hk_segment s = hk_cell_segment(cell, i);
        if (!(s.area_um2 > 0) || !isfinite(s.area_um2)) {
            wrong = "a segment has no area";
        }
    }
    hk_cell_free(cell);
    return wrong;
}

/* NULL, or what is wrong with what came of the text. */
static inline const char *shape_check(hk_context *ctx, const struct shape_format *format,
                                      const char *text, size_t length, struct shape_check *out) {
    static char never;
    hk_morph *morph = (hk_morph *)(void *)&never;
    hk_status status = format->read(ctx, format->name, text, length, &morph);
    *out = (struct shape_check){.good = !status};
    if (status) {
        strncpy(out->message, hk_message(ctx), sizeof out->message - 1);
        return morph                 ? "a morphology comes of a text that is refused"
               : status != HK_SYNTAX ? "a text is refused by another status than HK_SYNTAX"
                                     : shape_check_message(format, hk_message(ctx));
    }
    uint32_t n = hk_morph_sections(morph), roots = 0;
    const char *wrong = n && *hk_morph_report(morph) ? NULL : "no section, or no report";
    for (uint32_t i = 0; !wrong && i < n; i++) {
        roots += hk_morph_get(morph, i).parent == HK_NONE;
        wrong = shape_check_section(morph, i, n);
    }
    wrong = wrong ? wrong : roots != 1 ? "there is not one root" : shape_check_cell(ctx, morph);
    hk_morph_free(morph);
    return wrong;
}

/* The same for libFuzzer: stops where something is wrong. */
static inline int shape_fuzz(const struct shape_format *format, const uint8_t *data, size_t size) {
    hk_context *ctx = hk_new();
    struct shape_check result;
    /* A copy of the exact size, in which the sanitizer sees a byte too far. */
    char *text = malloc(size ? size : 1);
    if (!ctx || !text) {
        abort();
    }
    memcpy(text, data, size);
    const char *wrong = shape_check(ctx, format, text, size, &result);
    if (wrong) {
        fprintf(stderr, "%s: %s\n", wrong, hk_message(ctx));
        abort();
    }
    free(text);
    hk_free(ctx);
    return 0;
}

#endif
