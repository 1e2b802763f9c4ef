/* SPDX-License-Identifier: BSD-3-Clause */
/* The columns of a group's point processes. What only the model says, and what init derives of it,
 * never changes: such columns are kept once for all groups that have them alike. */
#include "field.h"
#include "layout.h"
#include <string.h>

/* The segment at a flat position; the first one where there is none. */
static uint32_t segment_at(const struct group *g, uint32_t position) {
    for (uint32_t s = 0; s < g->n_segment; s++) {
        if (position >= g->row_at[s] && position - g->row_at[s] < g->lanes) {
            return s;
        }
    }
    return 0;
}

/* What a point reads of its place, at instance k of column j. */
static void fill_place(const struct group *g, const struct point_patch *p, hk_col column,
                       uint32_t j, uint32_t k) {
    const struct hk_field *field = &p->plugin->field[j];
    const struct cable *cable = g->type->cable;
    double reversal = 0, inside = 0, outside = 0;
    if (field->ion) {
        ion_defaults(field->ion, &reversal, &inside, &outside);
    }
    switch (field->role) {
    case HK_AREA: column[k] = cable->segment[segment_at(g, p->position[k])].area_um2; break;
    case HK_DIAMETER: column[k] = cable->segment[segment_at(g, p->position[k])].diam_um; break;
    case HK_REVERSAL: column[k] = reversal; break;
    case HK_INSIDE: column[k] = inside; break;
    case HK_OUTSIDE: column[k] = outside; break;
    default: break;
    }
}

/* Column j at t = 0, but for what init makes of it. */
static void fill_column(const hk_net *net, const struct group *g, const struct point_patch *p,
                        hk_col column, uint32_t j) {
    for (uint32_t k = 0; k < p->padded; k++) {
        column[k] = net->spec[p->spec[k]].of->value[j];
        fill_place(g, p, column, j, k);
    }
}

static void fill_lists(const hk_net *net, const struct point_patch *p) {
    for (uint32_t j = p->plugin->n_column, l = 0; j < p->plugin->n_field; j++) {
        if (p->plugin->field[j].role != HK_LIST) {
            continue;
        }
        struct hk_list *list = (struct hk_list *)(uintptr_t)p->block.list[l++];
        for (uint32_t k = 0; k < p->padded; k++) {
            list[k] = spec_list(&net->spec[p->spec[k]], j);
        }
    }
}

static bool is_sane(const struct point_patch *p) {
    for (uint32_t k = 0; p->plugin->check && k < p->n; k++) {
        bool nobody = p->dense && p->scale[k] == 0;
        if (!nobody && p->plugin->check(&p->block, k)) {
            return false;
        }
    }
    return true;
}

/* Lets init derive its columns. What check refuses is not shown to init: the run will say so. */
static void derive(struct point_patch *p, struct arena *scratch) {
    p->block.v = ARENA_NEW(scratch, p->padded, double);
    p->block.i = ARENA_NEW(scratch, p->padded, double);
    p->block.g = ARENA_NEW(scratch, p->padded, double);
    if (!scratch->failed && p->plugin->init && is_sane(p)) {
        p->plugin->init(&p->block);
    }
}

bool layout_point_columns(struct plan *plan, struct group *g, struct point_patch *p) {
    const struct hk_field *field = p->plugin->field;
    struct arena scratch = {0};
    bool derived = false;
    for (uint32_t j = 0; j < p->plugin->n_column; j++) {
        derived = derived || field[j].role == HK_DERIVED;
        p->col[j] = field[j].role == HK_OBSERVED ? NULL : ARENA_NEW(&scratch, p->padded, double);
        if (p->col[j]) {
            fill_column(plan->net, g, p, p->col[j], j);
        }
    }
    fill_lists(plan->net, p);
    if (derived && !scratch.failed) {
        derive(p, &scratch);
    }
    bool fine = !scratch.failed;
    for (uint32_t j = 0; fine && j < p->plugin->n_column; j++) {
        if (field[j].role == HK_OBSERVED) {
            continue;
        }
        size_t size = p->padded * sizeof *p->col[j];
        p->col[j] = field_is_constant(field[j].role)
                        ? intern(&plan->layout->shared, p->col[j], size)
                        : ARENA_NEW(&g->arena, p->padded, double);
        fine = p->col[j] != NULL;
    }
    arena_free(&scratch);
    return fine;
}

void layout_fill_points(const hk_net *net, struct group *g) {
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        for (uint32_t j = 0; j < point->plugin->n_column; j++) {
            if (point->col[j] && !field_is_constant(point->plugin->field[j].role)) {
                fill_column(net, g, point, point->col[j], j);
            }
        }
    }
}
