/* SPDX-License-Identifier: BSD-3-Clause */
#include "swc.h"
#include "error.h"
#include "morphology.h"
#include "morphology_text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double ID_LIMIT = 2147483647;
static const char *const COLUMN[] = {"id", "type", "x", "y", "z", "radius", "parent"};
enum { COLUMNS = 7 };

struct reader {
    hk_context *ctx;
    struct swc *swc;
    locale_t c; /* numbers are C's, whatever the program's locale */
    uint32_t line;
};

#define WITHIN(reader, status)                                                                     \
    fail_within((reader)->ctx, status, "%s:%u", (reader)->swc->name, (unsigned)(reader)->line)
#define BAD(reader, ...) WITHIN(reader, fail((reader)->ctx, HK_SYNTAX, __VA_ARGS__))

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* The next word of the line's rest, of length 0 at its end or at a comment. */
static struct span next_token(struct span *rest) {
    while (rest->length && is_blank(*rest->text)) {
        rest->text++, rest->length--;
    }
    struct span token = {rest->text, 0};
    if (rest->length && *rest->text == '#') {
        return token;
    }
    while (rest->length && !is_blank(*rest->text) && *rest->text != '#') {
        rest->text++, rest->length--, token.length++;
    }
    return token;
}

/* ---- one line */

static hk_status read_number(struct reader *r, uint32_t column, struct span token, double *value) {
    char show[SPAN_SHOWN + 4];
    if (!span_number(token, r->c, value)) {
        return BAD(r, "%s is \"%s\", not a number", COLUMN[column], span_shown(token, show));
    }
    return isfinite(*value)
               ? HK_OK
               : BAD(r, "%s is %s, not a finite number", COLUMN[column], span_shown(token, show));
}

static hk_status check_values(struct reader *r, const double *v) {
    static const uint32_t whole[] = {0, 1, 6};
    for (uint32_t i = 0; i < 3; i++) {
        double value = v[whole[i]];
        if (!(value == floor(value)) || fabs(value) > ID_LIMIT) {
            return BAD(r, "%s is %.9g, not an integer of 32 bits", COLUMN[whole[i]], value);
        }
    }
    if (v[0] < 0) {
        return BAD(r, "id is %.0f; ids begin at 0 or 1", v[0]);
    }
    if (v[6] < -1) {
        return BAD(r, "parent is %.0f; the root has -1, any other point its parent's id", v[6]);
    }
    hk_status status = text_check_place(r->ctx, "SWC", v + 2);
    if (!status) {
        status = text_check_thickness(r->ctx, "SWC", "radius", v[5], 2);
    }
    return status ? WITHIN(r, status) : HK_OK;
}

static hk_status read_point(struct reader *r, struct span rest) {
    double v[COLUMNS] = {0};
    uint32_t n = 0;
    for (struct span token; (token = next_token(&rest)).length; n++) {
        hk_status status = n < COLUMNS ? read_number(r, n, token, &v[n]) : HK_OK;
        if (status) {
            return status;
        }
    }
    if (n == 0) {
        return HK_OK;
    }
    if (n != COLUMNS) {
        return BAD(r, "%u column%s; a point has 7: id type x y z radius parent", (unsigned)n,
                   n == 1 ? "" : "s");
    }
    hk_status status = check_values(r, v);
    if (status) {
        return status;
    }
    struct swc *swc = r->swc;
    struct swc_point *point = morphology_room(swc->point, &swc->point_room, swc->n, sizeof *point);
    if (!point) {
        return fail_memory(r->ctx, "points");
    }
    swc->point = point;
    point[swc->n++] = (struct swc_point){.id = (int32_t)v[0],
                                         .type = (int32_t)v[1],
                                         .parent_id = (int32_t)v[6],
                                         .parent = HK_NONE,
                                         .line = r->line,
                                         .at = {v[2], v[3], v[4]},
                                         .diam = 2 * v[5]};
    return HK_OK;
}

/* "80:tuft" */
static hk_status read_domain(struct reader *r, struct span token) {
    struct swc *swc = r->swc;
    char show[SPAN_SHOWN + 4], name[MORPHOLOGY_NAME + 1] = "";
    const char *colon = memchr(token.text, ':', token.length);
    struct span type = {token.text, colon ? (size_t)(colon - token.text) : 0};
    size_t length = colon ? token.length - type.length - 1 : 0;
    double value = 0;
    if (type.length && length <= MORPHOLOGY_NAME) {
        memcpy(name, colon + 1, length);
        name[length] = 0;
    }
    if (!morphology_is_name(name) || read_number(r, 1, type, &value) || value != floor(value) ||
        fabs(value) > ID_LIMIT) {
        return BAD(r, "DOMAIN_NAMES has \"%s\", not a type and a name as in 80:tuft",
                   span_shown(token, show));
    }
    for (uint32_t i = 0; i < swc->n_domain; i++) {
        if (swc->domain[i].type == (int32_t)value) {
            return BAD(r, "DOMAIN_NAMES names type %.0f again, after line %u", value,
                       (unsigned)swc->domain[i].line);
        }
    }
    char *kept = arena_take(&swc->arena, length + 1, 1);
    struct swc_domain *domain =
        morphology_room(swc->domain, &swc->domain_room, swc->n_domain, sizeof *domain);
    swc->domain = domain ? domain : swc->domain;
    if (!kept || !domain) {
        return fail_memory(r->ctx, "domains");
    }
    memcpy(kept, name, length + 1);
    domain[swc->n_domain++] = (struct swc_domain){(int32_t)value, r->line, kept};
    return HK_OK;
}

static hk_status read_comment(struct reader *r, struct span rest) {
    static const char key[] = "DOMAIN_NAMES";
    rest.text++, rest.length--;
    struct span token = next_token(&rest);
    hk_status status = HK_OK;
    if (token.length == strlen(key) && memcmp(token.text, key, token.length) == 0) {
        while (!status && (token = next_token(&rest)).length) {
            status = read_domain(r, token);
        }
    }
    return status;
}

static hk_status read_line(struct reader *r, struct span line) {
    bool comment = false;
    for (size_t i = 0; i < line.length; i++) {
        unsigned char c = (unsigned char)line.text[i];
        comment = comment || c == '#';
        if (c == 127 || (c < ' ' && c != '\t') || (c > 127 && !comment)) {
            return BAD(r, "byte 0x%02x in column %u: SWC is plain text", c, (unsigned)i + 1);
        }
    }
    while (line.length && is_blank(*line.text)) {
        line.text++, line.length--;
    }
    return line.length && *line.text == '#' ? read_comment(r, line) : read_point(r, line);
}

/* Lines end with LF, CR LF or CR. */
static hk_status read_lines(struct reader *r, const char *text, size_t length) {
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, which some editors put first */
    size_t at = length >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    while (at < length) {
        size_t end = at;
        while (end < length && text[end] != '\n' && text[end] != '\r') {
            end++;
        }
        r->line++;
        hk_status status = read_line(r, (struct span){text + at, end - at});
        if (status) {
            return status;
        }
        at = end + 1 + (end + 1 < length && text[end] == '\r' && text[end + 1] == '\n');
    }
    return HK_OK;
}

/* ---- the tree */

static int by_id(const void *left, const void *right) {
    const struct swc_point *a = left, *b = right;
    int order = (a->id > b->id) - (a->id < b->id);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* The index of the point of that id among the sorted ones, HK_NONE if there is none. */
static uint32_t find_id(const struct swc *swc, int32_t id) {
    uint32_t low = 0, high = swc->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (swc->point[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < swc->n && swc->point[low].id == id ? low : HK_NONE;
}

/* Whether the way up from point i comes back to it. A way of n steps goes in circles. */
static bool is_cycle(const struct swc *swc, uint32_t i) {
    uint32_t at = i;
    for (uint32_t step = 0; step < swc->n && at != HK_NONE; step++) {
        at = find_id(swc, swc->point[at].parent_id);
        if (at == i) {
            return true;
        }
    }
    return false;
}

static hk_status check_parent(struct reader *r, uint32_t i) {
    struct swc *swc = r->swc;
    struct swc_point *p = &swc->point[i];
    r->line = p->line;
    if (i > 0 && p->id == swc->point[i - 1].id) {
        return BAD(r, "id %d is that of line %u already", p->id, (unsigned)swc->point[i - 1].line);
    }
    if (p->parent_id == -1) {
        return i == 0 ? HK_OK
                      : BAD(r, "a second root (parent -1) after line %u; a cell is one tree",
                            (unsigned)swc->point[0].line);
    }
    uint32_t parent = find_id(swc, p->parent_id);
    if (parent == HK_NONE) {
        return BAD(r, "parent %d of point %d does not exist; ids go from %d to %d", p->parent_id,
                   p->id, swc->point[0].id, swc->point[swc->n - 1].id);
    }
    if (parent == i) {
        return BAD(r, "point %d is its own parent; the root has parent -1", p->id);
    }
    if (parent > i) {
        return is_cycle(swc, i) ? BAD(r, "point %d is in a cycle: its parent %d descends from it",
                                      p->id, p->parent_id)
                                : BAD(r,
                                      "point %d comes before its parent %d; a parent has a lower "
                                      "id than its children",
                                      p->id, p->parent_id);
    }
    p->parent = parent;
    return HK_OK;
}

/* The whole: a soma, and a size that can be micrometres. */
static hk_status check_cell(hk_context *ctx, const struct swc *swc) {
    uint32_t soma = 0;
    struct text_extent extent = {0};
    for (uint32_t i = 0; i < swc->n; i++) {
        soma += swc->point[i].type == SWC_SOMA;
        text_extend(&extent, swc->point[i].at);
    }
    hk_status status = text_check_extent(ctx, "SWC", swc->name, &extent);
    if (status) {
        return status;
    }
    return soma ? HK_OK : fail(ctx, HK_SYNTAX, "%s: no soma: no point has type 1", swc->name);
}

static hk_status check_tree(struct reader *r) {
    struct swc *swc = r->swc;
    if (swc->n == 0) {
        return fail(r->ctx, HK_SYNTAX, "%s: no points in %u line%s", swc->name, (unsigned)r->line,
                    r->line == 1 ? "" : "s");
    }
    qsort(swc->point, swc->n, sizeof *swc->point, by_id);
    for (uint32_t i = 0; i < swc->n; i++) {
        hk_status status = check_parent(r, i);
        if (status) {
            return status;
        }
    }
    return check_cell(r->ctx, swc);
}

hk_status swc_read(hk_context *ctx, const char *name, const char *text, size_t length,
                   struct swc *out) {
    *out = (struct swc){.name = name};
    struct reader reader = {.ctx = ctx, .swc = out, .c = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    if (!reader.c) {
        return fail_memory(ctx, "a locale");
    }
    hk_status status = length >= HK_NONE ? fail(ctx, HK_SYNTAX, "%s: larger than 4 GB", name)
                                         : read_lines(&reader, text, length);
    if (!status) {
        status = check_tree(&reader);
    }
    freelocale(reader.c);
    return status;
}

void swc_free(struct swc *swc) {
    free(swc->point);
    free(swc->domain);
    arena_free(&swc->arena);
    *swc = (struct swc){0};
}
