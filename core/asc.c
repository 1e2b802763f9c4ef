/* SPDX-License-Identifier: BSD-3-Clause */
/* The grammar, as NEURON 8.2.2 has it in share/lib/hoc/import3d/read_nlcda3.hoc, with markers and
 * properties wherever Neurolucida writes them. What may nest without end, a tree, is read without
 * recursion. */
#include "asc.h"
#include "asc_lex.h"
#include "error.h"
#include "morphology.h"
#include "names.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char FORMAT[] = "Neurolucida's text";
static const char *const AXIS[] = {"x", "y", "z", "the diameter"};
static const char *const SOMA[] = {"CellBody", "Cell Body", "Soma"};
static const char *const KIND[] = {"Axon", "Dendrite", "Apical", "CellBody"};
static const int KIND_TYPE[] = {2, 3, 4, 0};
static const char *const END[] = {"Normal",   "Incomplete", "High",     "Low",
                                  "Midpoint", "Origin",     "Generated"};
enum { WORD = 63, NEAR = 4 }; /* NEAR: one letter wrong, or a few in the other case */
#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof(a)[0]))

/* An open parenthesis of a tree, its own or a split's. */
struct level {
    uint32_t line;
    uint32_t parent; /* branch that has split; HK_NONE for the tree's own */
    uint32_t branch; /* that is read; HK_NONE before its first point */
    uint32_t ended;  /* line where it has split or ended by a word; 0: not yet */
};

struct reader {
    hk_context *ctx;
    struct asc *asc;
    struct asc_lex lex;
    locale_t c;
    struct text_extent extent;
    uint32_t sets; /* that are open */
    uint32_t set_line;
    int type; /* of the tree */
    struct level *level;
    size_t n_level, level_room;
};

#define WITHIN(r, at, status) fail_within((r)->ctx, status, "%s:%u", (r)->asc->name, (unsigned)(at))
#define BAD(r, at, ...) WITHIN(r, at, fail((r)->ctx, HK_SYNTAX, __VA_ARGS__))

/* What the text has instead of something else. */
static hk_status unexpected(struct reader *r, struct asc_token token, const char *wanted,
                            uint32_t open_line) {
    char show[ASC_SHOWN];
    if (token.kind == ASC_BAD) {
        return HK_SYNTAX;
    }
    if (token.kind == ASC_END) {
        return BAD(r, open_line, "the ( of this line is never closed");
    }
    return BAD(r, token.line, "%s where %s should be", asc_shown(token, show), wanted);
}

static void copy_word(struct asc_token token, char word[WORD + 1]) {
    size_t n = token.span.length < WORD ? token.span.length : WORD;
    memcpy(word, token.span.text, n);
    word[n] = 0;
}

/* The known word that a token is, or (exact false) that it is nearly; NULL if neither. */
static const char *find_word(struct asc_token token, uint32_t n, const char *const *known,
                             bool *exact) {
    char word[WORD + 1];
    copy_word(token, word);
    const char *nearest = names_nearest(word, n, known);
    uint32_t apart = names_distance(word, nearest);
    *exact = apart == 0 && token.span.length == strlen(nearest);
    size_t length = strlen(word);
    bool same_letters = length == strlen(nearest) && apart < length;
    return apart <= NEAR || same_letters ? nearest : NULL;
}

/* From after an open parenthesis (or <) to after the one that closes it. */
static hk_status skip(struct reader *r, uint32_t line, bool spine) {
    uint32_t open = 0;
    for (;;) {
        struct asc_token token = asc_next(&r->lex);
        bool closes = token.kind == (spine ? ASC_SPINE_END : ASC_CLOSE);
        if (closes && open == 0) {
            return HK_OK;
        }
        if (token.kind == ASC_BAD || token.kind == ASC_END) {
            return spine && token.kind == ASC_END
                       ? BAD(r, line, "the < of this line is never closed")
                       : unexpected(r, token, "", line);
        }
        if (token.kind == ASC_CLOSE && open == 0) {
            return BAD(r, token.line, ") where > should be: a spine begins in line %u",
                       (unsigned)line);
        }
        open += token.kind == ASC_OPEN;
        open -= token.kind == ASC_CLOSE;
    }
}

/* ---- points */

/* From after a point's parenthesis to after its end: as many numbers as there are, then a section's
 * label, then the handles of a curve. */
static hk_status read_numbers(struct reader *r, uint32_t line, double v[4], uint32_t *n) {
    char show[SPAN_SHOWN + 4];
    struct asc_token token;
    for (*n = 0; asc_is_numeric(token = asc_next(&r->lex)); ++*n) {
        double value = 0;
        if (!span_number(token.span, r->c, &value) || !isfinite(value)) {
            return BAD(r, token.line, "%s is \"%s\", not a %snumber",
                       *n < 4 ? AXIS[*n] : "a value of a point", span_shown(token.span, show),
                       isinf(value) ? "finite " : "");
        }
        if (*n < 4) {
            v[*n] = value;
        }
    }
    if (*n > 4) {
        return BAD(r, line,
                   "a point of %u numbers; it has x y z and diameter (a decimal comma is none)",
                   (unsigned)*n);
    }
    if (*n < 2) {
        return unexpected(r, token, *n ? "y" : "x", line);
    }
    while (token.kind == ASC_WORD) {
        token = asc_next(&r->lex);
    }
    if (*n == 4 && token.kind == ASC_OPEN) {
        hk_status status = skip(r, token.line, false);
        if (status) {
            return status;
        }
        token = asc_next(&r->lex);
    }
    return token.kind == ASC_CLOSE ? HK_OK : unexpected(r, token, "the ) of a point", line);
}

static hk_status add_point(struct reader *r, uint32_t line, const double v[4]) {
    struct asc *asc = r->asc;
    struct asc_point *point =
        morphology_room(asc->point, &asc->point_room, asc->n_point, sizeof *point);
    if (!point) {
        return fail_memory(r->ctx, "points");
    }
    asc->point = point;
    point[asc->n_point++] = (struct asc_point){.at = {v[0], v[1], v[2]}, .diam = v[3]};
    hk_status status = text_check_place(r->ctx, FORMAT, v);
    if (status) {
        return WITHIN(r, line, status);
    }
    return HK_OK;
}

/* ---- what is skipped */

/* A property or a marker, from its word to after its end. A marker has points: (Dot (Color Red) (1
 * 2 3 4)). */
static hk_status skip_property(struct reader *r, uint32_t line, bool *marker) {
    struct asc_token word = asc_next(&r->lex);
    char show[ASC_SHOWN];
    for (size_t i = 0; i < word.span.length; i++) {
        char c = word.span.text[i];
        if (c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')) {
            return BAD(r, word.line, "%s is no number, and no name of a property or marker",
                       asc_shown(word, show));
        }
    }
    if (asc_is(word, "nan") || asc_is(word, "NaN") || asc_is(word, "inf") || asc_is(word, "Inf")) {
        return BAD(r, word.line, "x is %s, not a finite number", asc_shown(word, show));
    }
    *marker = asc_peek(&r->lex).kind == ASC_OPEN;
    return skip(r, line, false);
}

/* As skip_property, but counts it. */
static hk_status pass_property(struct reader *r, uint32_t line) {
    bool marker = false;
    hk_status status = skip_property(r, line, &marker);
    r->asc->skipped.markers += marker;
    return status;
}

/* ---- contours */

/* Whether the contour is the soma's by its label, if its properties did not say so. */
static hk_status is_soma(struct reader *r, struct asc_token label, bool *soma) {
    bool exact = false;
    const char *known = find_word(label, COUNT(SOMA), SOMA, &exact);
    char show[ASC_SHOWN];
    if (known && !exact && !*soma) {
        return BAD(r, label.line, "the contour %s is no soma; did you mean \"%s\"?",
                   asc_shown(label, show), known);
    }
    *soma = *soma || exact;
    return HK_OK;
}

static hk_status read_contour_item(struct reader *r, struct asc_token open, bool *soma) {
    struct asc_token token = asc_peek(&r->lex);
    if (asc_is_numeric(token)) {
        double v[4] = {0};
        uint32_t n;
        hk_status status = read_numbers(r, open.line, v, &n);
        return status ? status : add_point(r, open.line, v);
    }
    if (token.kind != ASC_WORD) {
        return unexpected(r, token, "a point or a property of a contour", open.line);
    }
    *soma = *soma || asc_is(token, "CellBody");
    return pass_property(r, open.line);
}

/* From before its label. */
static hk_status read_contour(struct reader *r, uint32_t line) {
    struct asc *asc = r->asc;
    uint32_t first = asc->n_point;
    struct asc_token label = asc_next(&r->lex), token;
    bool soma = false;
    hk_status status = HK_OK;
    while (!status && (token = asc_next(&r->lex)).kind != ASC_CLOSE) {
        status = token.kind == ASC_OPEN
                     ? read_contour_item(r, token, &soma)
                     : unexpected(r, token, "a point or the ) of a contour", line);
    }
    if (status || (status = is_soma(r, label, &soma))) {
        return status;
    }
    uint32_t n = asc->n_point - first;
    if (!soma || n < 3) {
        asc->skipped.contours += !soma;
        asc->skipped.short_contours += soma;
        asc->n_point = first;
        return HK_OK;
    }
    struct asc_contour *contour =
        morphology_room(asc->contour, &asc->contour_room, asc->n_contour, sizeof *contour);
    if (!contour) {
        return fail_memory(r->ctx, "contours");
    }
    asc->contour = contour;
    contour[asc->n_contour++] = (struct asc_contour){first, n, line};
    for (uint32_t i = first; i < asc->n_point; i++) {
        text_extend(&r->extent, asc->point[i].at);
    }
    return HK_OK;
}

/* ---- trees */

static hk_status open_level(struct reader *r, uint32_t line, uint32_t parent) {
    struct level *level = morphology_room(r->level, &r->level_room, r->n_level, sizeof *level);
    if (!level) {
        return fail_memory(r->ctx, "a tree");
    }
    r->level = level;
    level[r->n_level++] = (struct level){line, parent, HK_NONE, 0};
    return HK_OK;
}

/* A property before the tree's first point: its type, if it is one. The last one counts. */
static hk_status read_tree_property(struct reader *r, uint32_t line) {
    struct asc_token word = asc_peek(&r->lex);
    bool exact = false, marker = false;
    const char *known = find_word(word, COUNT(KIND), KIND, &exact);
    char show[ASC_SHOWN];
    hk_status status = skip_property(r, line, &marker);
    r->asc->skipped.markers += marker;
    if (status || marker || !known) {
        return status;
    }
    if (!exact) {
        return BAD(r, word.line, "there is no type %s of trees; did you mean \"%s\"?",
                   asc_shown(word, show), known);
    }
    for (uint32_t i = 0; i < COUNT(KIND); i++) {
        r->type = known == KIND[i] ? KIND_TYPE[i] : r->type;
    }
    return HK_OK;
}

static hk_status begin_branch(struct reader *r, struct level *level, uint32_t line) {
    struct asc *asc = r->asc;
    struct asc_branch *branch =
        morphology_room(asc->branch, &asc->branch_room, asc->n_branch, sizeof *branch);
    if (!branch) {
        return fail_memory(r->ctx, "branches");
    }
    asc->branch = branch;
    asc->n_tree += level->parent == HK_NONE;
    level->branch = asc->n_branch++;
    branch[level->branch] = (struct asc_branch){
        .first = asc->n_point, .parent = level->parent, .line = line, .type = r->type};
    return HK_OK;
}

/* Whether a point before is that of a text: (Color White) (10 20 0) "layer 4"). */
static bool is_text(const struct reader *r) {
    struct asc_lex lex = r->lex;
    return r->n_level == 1 && r->level[0].branch == HK_NONE && asc_next(&lex).kind == ASC_STRING &&
           asc_next(&lex).kind == ASC_CLOSE;
}

static hk_status read_tree_point(struct reader *r, struct level *level, uint32_t line) {
    double v[4] = {0};
    uint32_t n;
    hk_status status = read_numbers(r, line, v, &n);
    if (status || is_text(r)) {
        return status;
    }
    if (level->ended) {
        return BAD(r, line, "a point of a branch that has ended in line %u",
                   (unsigned)level->ended);
    }
    if (n < 4) {
        return BAD(r, line, "%s is missing: a point of a tree has x y z and diameter", AXIS[n]);
    }
    if (level->branch == HK_NONE && (status = begin_branch(r, level, line))) {
        return status;
    }
    if ((status = text_check_thickness(r->ctx, FORMAT, AXIS[3], v[3], 1))) {
        return WITHIN(r, line, status);
    }
    r->asc->branch[level->branch].n++;
    text_extend(&r->extent, v);
    return add_point(r, line, v);
}

static hk_status read_split(struct reader *r, struct level *level, uint32_t line) {
    if (level->branch == HK_NONE) {
        return BAD(r, line, "a split before the first point of its branch");
    }
    if (level->ended) {
        return BAD(r, line, "a split of a branch that has ended in line %u",
                   (unsigned)level->ended);
    }
    level->ended = line;
    return open_level(r, line, level->branch);
}

/* Whether what follows a parenthesis is a split: a list, or a branch without points. */
static bool begins_split(const struct reader *r) {
    struct asc_lex lex = r->lex;
    struct asc_token token = asc_next(&lex);
    return token.kind == ASC_OPEN || token.kind == ASC_BAR ||
           (token.kind == ASC_WORD && asc_next(&lex).kind == ASC_BAR);
}

static hk_status read_tree_list(struct reader *r, struct level *level, uint32_t line) {
    struct asc_token token = asc_peek(&r->lex);
    if (asc_is_numeric(token)) {
        return read_tree_point(r, level, line);
    }
    if (begins_split(r)) {
        return read_split(r, level, line);
    }
    if (token.kind != ASC_WORD) {
        return unexpected(r, token, "a point, a split, a property or a marker", line);
    }
    bool head = r->n_level == 1 && level->branch == HK_NONE;
    return head ? read_tree_property(r, line) : pass_property(r, line);
}

/* How a branch ends: Normal, Incomplete ... */
static hk_status read_end(struct reader *r, struct level *level, struct asc_token token) {
    bool exact = false;
    char show[ASC_SHOWN], word[WORD + 1];
    if (!asc_is_numeric(token)) {
        copy_word(token, word);
        find_word(token, COUNT(END), END, &exact);
        if (!exact) {
            return BAD(r, token.line, "no branch ends in %s; did you mean \"%s\"?",
                       asc_shown(token, show), names_nearest(word, COUNT(END), END));
        }
        level->ended = token.line;
        return HK_OK;
    }
    return unexpected(r, token, "( of a point", token.line);
}

static void end_branch(struct reader *r, struct level *level) {
    r->asc->skipped.empty_branches += level->branch == HK_NONE;
    level->branch = HK_NONE;
    level->ended = 0;
}

static hk_status read_tree_token(struct reader *r, struct asc_token token) {
    struct level *level = &r->level[r->n_level - 1];
    switch (token.kind) {
    case ASC_OPEN: return read_tree_list(r, level, token.line);
    case ASC_WORD: return read_end(r, level, token);
    case ASC_SPINE: r->asc->skipped.spines++; return skip(r, token.line, true);
    case ASC_BAR:
        if (r->n_level == 1) {
            return BAD(r, token.line, "| outside of a split");
        }
        end_branch(r, level);
        return HK_OK;
    case ASC_CLOSE:
        end_branch(r, level);
        r->n_level--;
        return HK_OK;
    default: return unexpected(r, token, "a point, a split, |, an end or )", level->line);
    }
}

/* From after its parenthesis. */
static hk_status read_tree(struct reader *r, uint32_t line) {
    r->type = 0;
    hk_status status = open_level(r, line, HK_NONE);
    while (!status && r->n_level) {
        struct asc_token token = asc_next(&r->lex);
        if (token.kind == ASC_STRING && r->n_level == 1 && r->level[0].branch == HK_NONE &&
            asc_peek(&r->lex).kind == ASC_CLOSE) {
            r->asc->skipped.texts++;
            asc_next(&r->lex);
            r->n_level = 0;
        } else {
            status = read_tree_token(r, token);
        }
    }
    return status;
}

/* ---- the whole */

/* (Set "name" ...), which may hold trees and contours. */
static hk_status open_set(struct reader *r, uint32_t line) {
    struct asc_token token = asc_next(&r->lex);
    token = asc_next(&r->lex);
    r->set_line = line;
    r->sets++;
    return token.kind == ASC_STRING ? HK_OK : unexpected(r, token, "the name of a set", line);
}

static hk_status read_object(struct reader *r, uint32_t line) {
    struct asc_token token = asc_peek(&r->lex);
    if (token.kind == ASC_STRING) {
        return read_contour(r, line);
    }
    if (token.kind == ASC_OPEN) {
        return read_tree(r, line);
    }
    if (token.kind != ASC_WORD) {
        return unexpected(r, token, "a contour, a tree, a marker or a property", line);
    }
    if (asc_is_numeric(token)) {
        return BAD(r, line, "a point outside of trees and contours");
    }
    if (asc_is(token, "Set") || asc_is(token, "set") || asc_is(token, "SET")) {
        return open_set(r, line);
    }
    r->asc->skipped.blocks++;
    return skip(r, line, false);
}

static hk_status read_objects(struct reader *r) {
    hk_status status = HK_OK;
    struct asc_token token;
    while (!status && (token = asc_next(&r->lex)).kind != ASC_END) {
        if (token.kind == ASC_OPEN) {
            status = read_object(r, token.line);
        } else if (token.kind == ASC_CLOSE && r->sets) {
            r->sets--;
        } else if (token.kind == ASC_CLOSE) {
            status = BAD(r, token.line, ") without a ( before it");
        } else {
            status = unexpected(r, token, "( of a contour, tree, marker or property", token.line);
        }
    }
    if (!status && r->sets) {
        status = BAD(r, r->set_line, "the ( of this line is never closed");
    }
    return status ? status : text_check_extent(r->ctx, FORMAT, r->asc->name, &r->extent);
}

hk_status asc_read(hk_context *ctx, const char *name, const char *text, size_t length,
                   struct asc *out) {
    *out = (struct asc){.name = name};
    struct reader reader = {.ctx = ctx,
                            .asc = out,
                            .lex = {ctx, name, text, 0, length, 1},
                            .c = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    if (!reader.c) {
        return fail_memory(ctx, "a locale");
    }
    hk_status status = length >= HK_NONE ? fail(ctx, HK_SYNTAX, "%s: larger than 4 GB", name)
                                         : read_objects(&reader);
    freelocale(reader.c);
    free(reader.level);
    return status;
}

void asc_free(struct asc *asc) {
    free(asc->point);
    free(asc->branch);
    free(asc->contour);
    *asc = (struct asc){0};
}
