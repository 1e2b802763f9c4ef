/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree matrix of a group. */
#include "layout.h"

/* What a node's balance of currents is divided by. mS/cm2: 100 uS/um2; a branch point has no area
 * and keeps its balance in nA. */
static double area_um2(const struct group *g, uint32_t row) {
    return row < g->n_segment ? g->type->cable->segment[row].area_um2 : 100;
}

/* The solver's root need not be the cable's: up may be either end of the conductance. */
static double conductance_uS(const struct cable *cable, uint32_t row, uint32_t up) {
    return cable->parent[row] == up ? cable->g_uS[row] : cable->g_uS[up];
}

bool layout_matrix(const struct shape *shape, struct group *g) {
    uint32_t n = g->n_row;
    uint32_t *at = ARENA_NEW(&g->arena, n, uint32_t), *up = ARENA_NEW(&g->arena, n, uint32_t);
    double *a = ARENA_NEW(&g->arena, n, double), *b = ARENA_NEW(&g->arena, n, double);
    if (g->arena.failed) {
        return false;
    }
    for (uint32_t k = 0; k < n; k++) {
        uint32_t row = shape->order[k], parent = shape->up[row];
        at[k] = g->row_at[row];
        if (parent != HK_NONE) {
            double g_uS = conductance_uS(g->type->cable, row, parent);
            up[k] = g->row_at[parent];
            a[k] = -100 * g_uS / area_um2(g, parent);
            b[k] = -100 * g_uS / area_um2(g, row);
        }
    }
    g->solver = (struct solver){.n = n, .lanes = g->lanes, .at = at, .up = up, .a = a, .b = b};
    return true;
}

void layout_fill_matrix(const hk_net *net, struct group *g) {
    const struct solver *s = &g->solver;
    for (uint32_t k = 0; k < g->n_flat; k++) {
        g->cv[k] *= 1e-3 / net->options.dt; /* uF/cm2 / ms = 1e-3 (mA/cm2)/mV */
        g->d0[k] = g->cv[k];
    }
    for (uint32_t k = 1; k < s->n; k++) {
        for (uint32_t lane = 0; lane < g->lanes; lane++) {
            g->d0[s->at[k] + lane] -= s->b[k];
            g->d0[s->up[k] + lane] -= s->a[k];
        }
    }
}
