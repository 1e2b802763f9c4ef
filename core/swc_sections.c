/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules are those of NEURON 8.2.2, share/lib/hoc/import3d/read_swc.hoc and import3d_gui.hoc.
 * Where the importer would join points that the file does not join, or put two types into one
 * section, the file is followed: see joins_start, is_cylinder. */
#include "context.h"
#include "error.h"
#include "morphology.h"
#include "swc.h"
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A run of points that becomes a section. */
struct run {
    uint32_t first, n; /* points */
    uint32_t parent;   /* run */
    double parent_x;
    bool wire;        /* the copy of the parent's point is not part of the shape */
    bool out;         /* left out */
    uint32_t section; /* index in the morphology */
};

struct import {
    struct swc *swc;
    uint32_t n_run, n_soma, n_out;
    bool cylinder; /* three points are the soma as NeuroMorpho writes it */
    /* Of each point: */
    uint32_t *run_of;
    uint64_t *weight;     /* 100 for each child, 1 for what ends a section; 100: it goes on */
    uint32_t *soma_child; /* of a point of the soma: its children of the soma */
    bool *proximal;       /* its branch joins the 0 end of its parent's section */
    struct run *run;
    float (*point)[4]; /* of a section, as it is made */
};

void swc_type_name(int type, char name[SWC_TYPE_NAME]) {
    static const char *const known[] = {"soma", "axon", "dend", "apic"};
    if (type >= 1 && type <= 4) {
        strcpy(name, known[type - 1]);
    } else if (type < 0) {
        snprintf(name, SWC_TYPE_NAME, "minus_%lld", -(long long)type);
    } else {
        snprintf(name, SWC_TYPE_NAME, "dend_%d", type);
    }
}

static bool is_soma(const struct swc *swc, uint32_t i) {
    return swc->point[i].type == SWC_SOMA;
}

/* Whether the point after p goes on with p's section, if anything does. */
static bool goes_on(const struct swc *swc, uint32_t p) {
    return p + 1 < swc->n && swc->point[p + 1].parent == p &&
           swc->point[p + 1].type == swc->point[p].type;
}

/* Whether a branch from p, which is not the point before the branch, joins the 0 end of p's
 * section: p is the first point after the soma (by the importer, except where p is the second point
 * of all), or the first of all, and no soma itself. The importer does not ask whether the section
 * goes on. */
static bool joins_start(const struct swc *swc, uint32_t p) {
    const struct swc_point *point = &swc->point[p];
    bool first = p == 0 || (p > 1 && is_soma(swc, point->parent));
    return first && !is_soma(swc, p) && goes_on(swc, p);
}

static void mark_branches(struct import *m) {
    const struct swc *swc = m->swc;
    m->n_soma = is_soma(swc, 0);
    for (uint32_t i = 1; i < swc->n; i++) {
        uint32_t p = swc->point[i].parent;
        m->weight[p] += 100;
        if (p != i - 1) {
            m->weight[p] += 1;
            if (joins_start(swc, p)) {
                m->proximal[i] = true;
                m->weight[p] = 100;
            }
        }
        m->weight[p] += swc->point[p].type != swc->point[i].type;
        if (is_soma(swc, i)) {
            m->n_soma++;
            m->soma_child[p] += is_soma(swc, p);
        }
    }
}

/* NeuroMorpho's soma: a point with two more as the ends of a cylinder around it, as long as wide,
 * on which nothing hangs. (The importer does not ask for the type of the two.) */
static bool is_cylinder(const struct import *m) {
    const struct swc_point *p = m->swc->point;
    if (m->n_soma != 3 || !is_soma(m->swc, 1) || !is_soma(m->swc, 2) || p[1].parent != 0 ||
        p[2].parent != 0 || m->weight[1] || m->weight[2] || p[1].diam != p[0].diam ||
        p[2].diam != p[0].diam) {
        return false;
    }
    double length = 0;
    for (uint32_t i = 1; i < 3; i++) {
        double x = p[i].at[0] - p[0].at[0], y = p[i].at[1] - p[0].at[1],
               z = p[i].at[2] - p[0].at[2];
        length += sqrt(x * x + y * y + z * z);
    }
    return fabs(length / p[0].diam - 1) < 0.01;
}

/* Points of the soma that follow each other are one section unless the soma itself branches there.
 */
static void join_soma(struct import *m) {
    const struct swc *swc = m->swc;
    for (uint32_t i = 0; i + 1 < swc->n; i++) {
        if (is_soma(swc, i) && is_soma(swc, i + 1) && swc->point[i + 1].parent == i &&
            (i == 0 || m->soma_child[i] <= 1)) {
            m->weight[i] = 100;
        }
    }
}

static void cut_runs(struct import *m) {
    for (uint32_t i = 0; i < m->swc->n; i++) {
        if (i == 0 || m->weight[i - 1] != 100) {
            m->run[m->n_run++] = (struct run){.first = i, .parent = HK_NONE, .parent_x = 1};
        }
        m->run_of[i] = m->n_run - 1;
        m->run[m->n_run - 1].n++;
    }
    if (m->cylinder) {
        m->run[0].n = 1;
    }
}

/* Where a run joins its parent, and whether by a wire: a stretch without membrane from inside the
 * soma to its first point. */
static void join(struct import *m, struct run *run) {
    const struct swc *swc = m->swc;
    uint32_t at = swc->point[run->first].parent;
    const struct run *parent = &m->run[run->parent = m->run_of[at]];
    bool from_soma = is_soma(swc, parent->first), leaves = from_soma && !is_soma(swc, run->first);
    bool soma_branches = m->soma_child[at] > 1;
    if (run->parent == 0 && leaves && parent->n == 1) {
        run->parent_x = 0.5;
        run->wire = run->n > 1;
    } else if (run->parent == 0 && at == 0) {
        run->parent_x = 0;
        run->wire = !is_soma(swc, run->first) && soma_branches;
    } else if (from_soma && at < parent->first + parent->n - 1) {
        run->parent_x = 0.5;
        run->wire = leaves && run->n > 1;
    } else if (leaves && run->n > 1) {
        run->wire = soma_branches;
    }
    if (m->proximal[run->first]) {
        run->parent_x = 0;
    }
}

static bool same_place(const struct swc_point *a, const struct swc_point *b) {
    return (float)a->at[0] == (float)b->at[0] && (float)a->at[1] == (float)b->at[1] &&
           (float)a->at[2] == (float)b->at[2];
}

/* A run that has no length as a section. */
static bool is_nothing(const struct import *m, const struct run *run) {
    const struct swc_point *p = &m->swc->point[run->first];
    uint32_t n = run->n + !run->wire;
    return n == 1 || (n == 2 && same_place(run->wire ? p + 1 : &m->swc->point[p->parent], p));
}

static void join_runs(struct import *m) {
    for (uint32_t r = 1; r < m->n_run; r++) {
        join(m, &m->run[r]);
        m->run[r].out = is_nothing(m, &m->run[r]);
        m->n_out += m->run[r].out;
    }
    for (uint32_t r = 1; r < m->n_run; r++) { /* what hung on one that is left out */
        const struct run *parent = &m->run[m->run[r].parent];
        if (parent->out) {
            m->run[r].parent_x = parent->parent_x;
            m->run[r].parent = parent->parent;
        }
    }
}

/* ---- sections */

static void put_point(float to[4], const struct swc_point *from, double diam) {
    for (uint32_t k = 0; k < 3; k++) {
        to[k] = (float)from->at[k];
    }
    to[3] = (float)diam;
}

/* The section's points as the morphology has them; their number. */
static uint32_t make_points(struct import *m, const struct run *run) {
    const struct swc *swc = m->swc;
    const struct swc_point *own = &swc->point[run->first];
    uint32_t n = 0;
    if (run->parent != HK_NONE && !run->wire) {
        bool leaves =
            !is_soma(swc, run->first) && is_soma(swc, m->run[m->run_of[own->parent]].first);
        put_point(m->point[n++], &swc->point[own->parent],
                  leaves ? own->diam : swc->point[own->parent].diam);
    }
    for (uint32_t i = 0; i < run->n; i++) {
        put_point(m->point[n++], &own[i], own[i].diam);
    }
    if (n == 1) { /* a ball: the cylinder with its area, along x */
        struct swc_point end = *own;
        for (uint32_t i = 0; i < 3; i++) {
            end.at[0] = own->at[0] + ((double)i - 1) * own->diam / 2;
            put_point(m->point[i], &end, own->diam);
        }
        n = 3;
    }
    return n;
}

static const char *domain_of(const struct swc *swc, int type, const char *otherwise) {
    for (uint32_t i = 0; i < swc->n_domain; i++) {
        if (swc->domain[i].type == type) {
            return swc->domain[i].name;
        }
    }
    return otherwise;
}

static hk_status add_section(struct import *m, hk_morph *morph, const struct run *run) {
    const struct swc_point *own = &m->swc->point[run->first];
    char type_name[SWC_TYPE_NAME];
    swc_type_name(own->type, type_name);
    struct hk_section_spec spec = {.domain = domain_of(m->swc, own->type, type_name),
                                   .type = own->type,
                                   .parent = run->parent == HK_NONE ? HK_NONE
                                                                    : m->run[run->parent].section,
                                   .parent_x = run->parent == HK_NONE ? 0 : run->parent_x,
                                   .n_point = make_points(m, run),
                                   .point = (const float(*)[4])m->point};
    hk_status status = morphology_add(morph, type_name, &spec);
    return status == HK_INVALID
               ? fail_within(morph->ctx, HK_SYNTAX, "%s:%u", m->swc->name, (unsigned)own->line)
               : status;
}

struct ranked {
    long long type;
    uint32_t run;
};

static int by_type(const void *left, const void *right) {
    const struct ranked *a = left, *b = right;
    int order = (a->type > b->type) - (a->type < b->type);
    return order ? order : (a->run > b->run) - (a->run < b->run);
}

static hk_status add_sections(struct import *m, hk_morph *morph) {
    struct ranked *ranked = calloc(m->n_run, sizeof *ranked);
    if (!ranked) {
        return fail_memory(morph->ctx, "sections");
    }
    uint32_t n = 0;
    for (uint32_t r = 0; r < m->n_run; r++) {
        int type = m->swc->point[m->run[r].first].type;
        if (!m->run[r].out) {
            ranked[n++] = (struct ranked){type == SWC_SOMA ? LLONG_MIN : type, r};
        }
    }
    qsort(ranked, n, sizeof *ranked, by_type);
    for (uint32_t i = 0; i < n; i++) {
        m->run[ranked[i].run].section = i;
    }
    hk_status status = HK_OK;
    for (uint32_t i = 0; i < n && !status; i++) {
        status = add_section(m, morph, &m->run[ranked[i].run]);
    }
    free(ranked);
    return status;
}

/* Of the report: "1087 points, soma of 3 read as a cylinder of 20.4 um, 2 branches without length
 * left out". */
static hk_status tell(const struct import *m, hk_morph *morph) {
    char text[256], soma[96], out[64] = "";
    if (m->n_soma == 1 || m->cylinder) {
        snprintf(soma, sizeof soma, "soma of %u read as a cylinder %.4g um long and wide",
                 (unsigned)m->n_soma, morph->section[0].diam_um);
    } else {
        snprintf(soma, sizeof soma, "soma of %u read as a chain of frusta", (unsigned)m->n_soma);
    }
    if (m->n_out) {
        snprintf(out, sizeof out, ", %u branch%s without length left out", (unsigned)m->n_out,
                 m->n_out == 1 ? "" : "es");
    }
    int length = snprintf(text, sizeof text, "%u points, %s%s", (unsigned)m->swc->n, soma, out);
    char *kept = arena_take(&morph->arena, (size_t)length + 1, 1);
    if (!kept) {
        return fail_memory(morph->ctx, "a morphology");
    }
    memcpy(kept, text, (size_t)length + 1);
    morph->origin = kept;
    return HK_OK;
}

hk_status swc_sections(struct swc *swc, hk_morph *morph) {
    struct arena arena = {0};
    struct import m = {.swc = swc,
                       .run_of = ARENA_NEW(&arena, swc->n, uint32_t),
                       .weight = ARENA_NEW(&arena, swc->n, uint64_t),
                       .soma_child = ARENA_NEW(&arena, swc->n, uint32_t),
                       .proximal = ARENA_NEW(&arena, swc->n, bool),
                       .run = ARENA_NEW(&arena, swc->n, struct run),
                       .point = arena_take(&arena, (size_t)swc->n + 3, sizeof(float[4]))};
    hk_status status = arena.failed ? fail_memory(morph->ctx, "sections") : HK_OK;
    if (!status) {
        mark_branches(&m);
        m.cylinder = is_cylinder(&m);
        if (m.cylinder) {
            swc->point[2].parent = 1; /* so that the soma is one section */
        }
        join_soma(&m);
        cut_runs(&m);
        join_runs(&m);
        status = add_sections(&m, morph);
    }
    if (!status) {
        status = tell(&m, morph);
    }
    arena_free(&arena);
    return status;
}
