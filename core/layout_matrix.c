/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree matrix of a group. */
#include "layout.h"

bool layout_matrix(struct group *g) {
    const struct cable *cable = g->type->cable;
    uint32_t n = g->n_row;
    uint32_t *at = ARENA_NEW(&g->arena, n, uint32_t), *up = ARENA_NEW(&g->arena, n, uint32_t);
    double *a = ARENA_NEW(&g->arena, n, double), *b = ARENA_NEW(&g->arena, n, double);
    if (g->arena.failed) {
        return false;
    }
    for (uint32_t k = 0; k < n; k++) {
        uint32_t row = cable->order[k], parent = cable->parent[row];
        at[k] = g->row_at[row];
        if (parent != HK_NONE) {
            /* mS/cm2: 100 uS/um2; a branch point has no area and keeps its balance of currents in
             * nA */
            double own = row < g->n_segment ? cable->segment[row].area_um2 : 100;
            double its = parent < g->n_segment ? cable->segment[parent].area_um2 : 100;
            up[k] = g->row_at[parent];
            a[k] = -100 * cable->g_uS[row] / its;
            b[k] = -100 * cable->g_uS[row] / own;
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
