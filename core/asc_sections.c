/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules are those of NEURON 8.2.2, share/lib/hoc/import3d/read_nlcda3.hoc (contours, trees,
 * what joins what) and import3d_gui.hoc (what becomes a section). */
#include "arena.h"
#include "asc.h"
#include "error.h"
#include "morphology.h"
#include "swc.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Trees may begin so far outside of a soma of one contour. */
static const double MARGIN = 0.5;
/* hoc's comparisons forgive so much. */
static const double EPSILON = 1e-11;

/* A branch on its way to a section. */
struct limb {
    uint32_t parent; /* branch; HK_NONE: the soma, or nothing */
    double parent_x;
    bool copies; /* begins with a copy of its parent's last point */
    bool out;    /* left out: it has no length */
    uint32_t section;
};

struct import {
    const struct asc *asc;
    struct asc_soma soma; /* n 0: none */
    struct limb *limb;
    float (*point)[4];      /* of a section, as it is made */
    double low[2], high[2]; /* of all contours, in x and y */
    uint32_t n_outside, n_out, n_section;
};

/* ---- the soma */

static void find_box(const struct asc *asc, uint32_t c, double low[2], double high[2]) {
    const struct asc_contour *contour = &asc->contour[c];
    for (uint32_t k = 0; k < 2; k++) {
        low[k] = HUGE_VAL;
        high[k] = -HUGE_VAL;
        for (uint32_t i = 0; i < contour->n; i++) {
            low[k] = fmin(low[k], asc->point[contour->first + i].at[k]);
            high[k] = fmax(high[k], asc->point[contour->first + i].at[k]);
        }
    }
}

/* Contours are of one soma if each one's box touches that of the contour before, as seen along z.
 */
static hk_status join_contours(struct import *m, hk_context *ctx) {
    const struct asc *asc = m->asc;
    double low[2] = {0}, high[2] = {0};
    for (uint32_t c = 0; c < asc->n_contour; c++) {
        double last_low[2] = {low[0], low[1]}, last_high[2] = {high[0], high[1]};
        find_box(asc, c, low, high);
        for (uint32_t k = 0; k < 2; k++) {
            bool apart = c && (last_low[k] > high[k] + EPSILON || low[k] > last_high[k] + EPSILON);
            if (apart) {
                return fail(ctx, HK_SYNTAX,
                            "%s:%u: this soma does not touch that of line %u; a cell has one soma: "
                            "its contours overlap as seen along z",
                            asc->name, (unsigned)asc->contour[c].line,
                            (unsigned)asc->contour[c - 1].line);
            }
            m->low[k] = c ? fmin(m->low[k], low[k]) : low[k];
            m->high[k] = c ? fmax(m->high[k], high[k]) : high[k];
        }
    }
    for (uint32_t k = 0; k < 2 && asc->n_contour == 1; k++) {
        m->low[k] -= MARGIN;
        m->high[k] += MARGIN;
    }
    return HK_OK;
}

/* ---- trees */

static const struct asc_point *last_point(const struct asc *asc, uint32_t b) {
    return &asc->point[asc->branch[b].first + asc->branch[b].n - 1];
}

static bool same_place(const struct asc_point *a, const struct asc_point *b, double apart) {
    return fabs(a->at[0] - b->at[0]) <= apart && fabs(a->at[1] - b->at[1]) <= apart &&
           fabs(a->at[2] - b->at[2]) <= apart;
}

static bool is_inside(const struct import *m, const struct asc_point *p) {
    for (uint32_t k = 0; k < 2; k++) { /* in single precision, as the importer asks */
        if ((float)p->at[k] < (float)m->low[k] || (float)p->at[k] > (float)m->high[k]) {
            return false;
        }
    }
    return true;
}

/* A branch that has no length as a section. */
static bool is_nothing(const struct asc *asc, uint32_t b, bool copies) {
    const struct asc_point *p = &asc->point[asc->branch[b].first];
    uint32_t n = asc->branch[b].n + copies;
    return n == 1 || (n == 2 && !copies && same_place(p, p + 1, EPSILON));
}

static void join_branches(struct import *m) {
    const struct asc *asc = m->asc;
    for (uint32_t b = 0; b < asc->n_branch; b++) {
        const struct asc_branch *branch = &asc->branch[b];
        const struct asc_point *p = &asc->point[branch->first];
        struct limb *limb = &m->limb[b];
        *limb = (struct limb){.parent = branch->parent, .parent_x = 1};
        if (branch->parent != HK_NONE) {
            limb->copies = !same_place(p, last_point(asc, branch->parent), EPSILON);
        } else if (m->soma.n) {
            limb->parent_x = 0.5;
            m->n_outside += !is_inside(m, p);
        }
        limb->out = (branch->parent != HK_NONE || m->soma.n) && is_nothing(asc, b, limb->copies);
        m->n_out += limb->out;
        if (limb->parent != HK_NONE && m->limb[limb->parent].out) {
            const struct limb *parent = &m->limb[limb->parent];
            limb->parent_x = parent->parent_x;
            limb->parent = parent->parent;
        }
    }
}

/* ---- sections */

static void put_point(float to[4], const struct asc_point *from, double diam) {
    for (uint32_t k = 0; k < 3; k++) {
        to[k] = (float)from->at[k];
    }
    to[3] = (float)diam;
}

static uint32_t make_points(struct import *m, uint32_t b) {
    const struct asc_branch *branch = &m->asc->branch[b];
    const struct asc_point *own = &m->asc->point[branch->first];
    uint32_t n = 0;
    if (m->limb[b].copies) {
        put_point(m->point[n++], last_point(m->asc, branch->parent), own->diam);
    }
    for (uint32_t i = 0; i < branch->n; i++) {
        put_point(m->point[n++], &own[i], own[i].diam);
    }
    if (n == 1) { /* a ball: the cylinder with its area, along x */
        struct asc_point end = *own;
        for (n = 0; n < 3; n++) {
            end.at[0] = own->at[0] + ((double)n - 1) * own->diam / 2;
            put_point(m->point[n], &end, own->diam);
        }
    }
    return n;
}

static hk_status add_section(struct import *m, hk_morph *morph, int type, uint32_t line,
                             struct hk_section_spec spec) {
    char name[SWC_TYPE_NAME];
    swc_type_name(type, name);
    spec.domain = name;
    spec.type = type;
    hk_status status = morphology_add(morph, name, &spec);
    m->n_section++;
    return status == HK_INVALID
               ? fail_within(morph->ctx, HK_SYNTAX, "%s:%u", m->asc->name, (unsigned)line)
               : status;
}

static hk_status add_soma(struct import *m, hk_morph *morph) {
    return add_section(m, morph, SWC_SOMA, m->asc->contour[0].line,
                       (struct hk_section_spec){.parent = HK_NONE,
                                                .n_point = m->soma.n,
                                                .point = (const float(*)[4])m->soma.point});
}

/* By type. So a section's number is known before its children come. */
static hk_status add_branches(struct import *m, hk_morph *morph) {
    static const int types[] = {0, 2, 3, 4};
    const struct asc *asc = m->asc;
    uint32_t n = m->n_section;
    for (uint32_t t = 0; t < sizeof types / sizeof *types; t++) {
        for (uint32_t b = 0; b < asc->n_branch; b++) {
            if (asc->branch[b].type == types[t] && !m->limb[b].out) {
                m->limb[b].section = n++;
            }
        }
    }
    hk_status status = HK_OK;
    for (uint32_t t = 0; t < sizeof types / sizeof *types; t++) {
        for (uint32_t b = 0; b < asc->n_branch && !status; b++) {
            const struct limb *limb = &m->limb[b];
            if (asc->branch[b].type != types[t] || limb->out) {
                continue;
            }
            uint32_t parent = limb->parent != HK_NONE ? m->limb[limb->parent].section
                              : m->soma.n             ? 0
                                                      : HK_NONE;
            status = add_section(
                m, morph, types[t], asc->branch[b].line,
                (struct hk_section_spec){.parent = parent,
                                         .parent_x = parent == HK_NONE ? 0 : limb->parent_x,
                                         .n_point = make_points(m, b),
                                         .point = (const float(*)[4])m->point});
        }
    }
    return status;
}

/* ---- the report */

struct list {
    char text[1024];
    const char *between;
};

/* "3 markers", if there are any. */
static void say(struct list *list, uint32_t n, const char *one, const char *many) {
    size_t used = strlen(list->text);
    if (n) {
        snprintf(list->text + used, sizeof list->text - used, "%s%u %s", list->between, (unsigned)n,
                 n == 1 ? one : many);
        list->between = ", ";
    }
}

static void say_soma(const struct import *m, struct list *list) {
    size_t used = strlen(list->text), room = sizeof list->text - used;
    if (m->asc->n_contour > 1) {
        snprintf(list->text + used, room, ", soma of %u contours read as a chain of circles",
                 (unsigned)m->asc->n_contour);
    } else if (m->asc->n_contour == 1) {
        snprintf(list->text + used, room, ", soma of 1 contour read as %d circles on its axis",
                 ASC_AXIS);
    } else {
        snprintf(list->text + used, room, ", no soma");
    }
}

/* Of the report: "1087 points, soma of 1 contour read as 21 circles on its axis, 1 tree from
 * outside of it; skipped 3 markers, 20 spines". */
static hk_status tell(const struct import *m, hk_morph *morph) {
    const struct asc_skipped *s = &m->asc->skipped;
    struct list list = {.between = ""};
    say(&list, m->asc->n_point, "point", "points");
    say_soma(m, &list);
    say(&list, m->n_outside, "tree from outside joined to its middle",
        "trees from outside joined to its middle");
    list.between = "; left out ";
    say(&list, m->n_out, "branch without length", "branches without length");
    say(&list, s->empty_branches, "branch without points", "branches without points");
    say(&list, s->short_contours, "contour of a soma with less than three points",
        "contours of a soma with less than three points");
    say(&list, s->contours, "other contour", "other contours");
    say(&list, s->spines, "spine", "spines");
    say(&list, s->markers, "marker", "markers");
    say(&list, s->texts, "text", "texts");
    say(&list, s->blocks, "other block", "other blocks");
    size_t size = strlen(list.text) + 1;
    char *kept = arena_take(&morph->arena, size, 1);
    if (!kept) {
        return fail_memory(morph->ctx, "a morphology");
    }
    memcpy(kept, list.text, size);
    morph->origin = kept;
    return HK_OK;
}

/* ---- the whole */

static hk_status check_roots(hk_context *ctx, const struct asc *asc) {
    uint32_t first = HK_NONE;
    for (uint32_t b = 0; b < asc->n_branch; b++) {
        if (asc->branch[b].parent == HK_NONE && first == HK_NONE) {
            first = b;
        } else if (asc->branch[b].parent == HK_NONE && asc->n_contour == 0) {
            return fail(ctx, HK_SYNTAX,
                        "%s:%u: a second tree after that of line %u, and no soma to join them: no "
                        "contour is a \"CellBody\"",
                        asc->name, (unsigned)asc->branch[b].line,
                        (unsigned)asc->branch[first].line);
        }
    }
    return asc->n_contour || asc->n_branch
               ? HK_OK
               : fail(ctx, HK_SYNTAX,
                      "%s: no soma and no trees: neither a \"CellBody\" contour "
                      "nor points of a tree",
                      asc->name);
}

hk_status asc_sections(const struct asc *asc, hk_morph *morph) {
    uint32_t most = asc->n_contour > ASC_AXIS ? asc->n_contour : ASC_AXIS;
    struct arena arena = {0};
    struct import m = {
        .asc = asc,
        .soma = {.point = arena_take(&arena, most, sizeof(float[4]))},
        .limb = ARENA_NEW(&arena, asc->n_branch, struct limb),
        .point = arena_take(&arena, (size_t)asc->n_point + 3, sizeof(float[4])),
    };
    hk_status status = arena.failed ? fail_memory(morph->ctx, "sections") : HK_OK;
    if (!status && !(status = check_roots(morph->ctx, asc))) {
        status = join_contours(&m, morph->ctx);
    }
    if (!status && asc->n_contour && !(status = asc_find_soma(morph->ctx, asc, &m.soma))) {
        status = add_soma(&m, morph);
    }
    if (!status) {
        join_branches(&m);
        status = add_branches(&m, morph);
    }
    if (!status) {
        status = tell(&m, morph);
    }
    arena_free(&arena);
    return status;
}
