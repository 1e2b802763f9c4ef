/* SPDX-License-Identifier: BSD-3-Clause */
#include "group_currents.h"
#include "hillock/unit.h"
#include "profile.h"
#include <string.h>

void group_set_time(struct group *g, double t) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        g->patch[p].block.t = t;
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        g->point[p].block.t = t;
    }
}

void group_gather(struct group *g) {
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        if (point->dense) {
            continue; /* it looks at g->v itself */
        }
        const double *v = g->v;
        const uint32_t *position = point->position;
        for (uint32_t k = 0; k < point->padded; k++) {
            point->v[k] = v[position[k]];
        }
    }
}

void group_gather_ions(const struct point_patch *p) {
    for (uint32_t j = 0; j < p->n_read; j++) {
        for (uint32_t k = 0; k < p->padded; k++) {
            p->read[j].column[k] = p->read[j].ion[p->position[k]];
        }
    }
}

static void add_dense(const struct point_patch *p, double *restrict total_i,
                      double *restrict total_g) {
    const double *restrict scale = p->scale, *restrict i = p->i, *restrict slope = p->g;
    HK_LOOP
    for (uint32_t k = 0; k < p->padded; k++) {
        total_i[k] += scale[k] * i[k];
        total_g[k] += scale[k] * slope[k];
    }
}

static void add_sparse(const struct point_patch *p, double *total_i, double *total_g) {
    for (uint32_t k = 0; k < p->n; k++) {
        const uint32_t at = p->position[k];
        total_i[at] += p->scale[k] * p->i[k];
        total_g[at] += p->scale[k] * p->g[k];
    }
}

static void scatter(const struct group *g, const struct point_patch *p) {
    if (p->dense) {
        add_dense(p, p->total_i + p->at, g->g + p->at);
    } else {
        add_sparse(p, p->total_i, g->g);
    }
}

static void point_currents(struct group *g) {
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        if (point->shadow || !point->plugin->current) {
            continue;
        }
        group_gather_ions(point);
        memset(point->i, 0, point->padded * sizeof *point->i);
        memset(point->g, 0, point->padded * sizeof *point->g);
        point->plugin->current(&point->block);
        scatter(g, point);
        profile_point(g, p, PROFILE_CURRENT);
    }
}

void group_channel_currents(struct group *g) {
    memset(g->i, 0, g->n_flat * sizeof *g->i);
    memset(g->g, 0, g->n_flat * sizeof *g->g);
    for (uint32_t m = 0; m < g->n_ion; m++) {
        if (g->ion[m].current) {
            memset(g->ion[m].current, 0, g->n_flat * sizeof *g->i);
        }
    }
    profile_mark(g, PROFILE_SUMS);
    for (uint32_t p = 0; p < g->n_patch; p++) {
        struct patch *patch = &g->patch[p];
        if (patch->plugin->current) {
            patch->plugin->current(&patch->block);
            profile_patch(g, p, PROFILE_CURRENT);
        }
    }
}

void group_add_shares(struct group *g) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        for (uint32_t j = 0; j < patch->n_share; j++) {
            const double *restrict from = patch->share[j].column;
            double *restrict total = patch->share[j].ion;
            for (uint32_t k = 0; k < patch->run.n; k++) {
                total[k] += from[k];
            }
        }
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        const struct point_patch *point = &g->point[p];
        for (uint32_t j = 0; !point->shadow && j < point->n_share; j++) {
            for (uint32_t k = 0; k < point->n; k++) {
                point->share[j].ion[point->position[k]] +=
                    point->scale[k] * point->share[j].column[k];
            }
        }
    }
}

/* Adds to the membrane's current what plugins that carry an ion have given to the ion's. The shares
 * of others, which are in the membrane's already, follow. */
static void add_ions(struct group *g) {
    for (uint32_t m = 0; m < g->n_ion; m++) {
        const struct group_ion *ion = &g->ion[m];
        for (uint32_t r = 0; ion->current && r < ion->n_run; r++) {
            const double *restrict from = ion->current + ion->run[r].at;
            double *restrict to = g->i + ion->run[r].at;
            for (uint32_t k = 0; k < ion->run[r].n; k++) {
                to[k] += from[k];
            }
        }
    }
    group_add_shares(g);
    profile_mark(g, PROFILE_SUMS);
}

void group_point_currents(struct group *g) {
    point_currents(g);
    add_ions(g);
}

void group_advance_points(struct group *g, bool shadows) {
    group_gather(g);
    profile_mark(g, PROFILE_GATHER);
    for (uint32_t p = 0; p < g->n_point; p++) {
        if (g->point[p].plugin->advance && (g->point[p].shadow || !shadows)) {
            group_gather_ions(&g->point[p]);
            g->point[p].plugin->advance(&g->point[p].block);
            profile_point(g, p, PROFILE_ADVANCE);
        }
    }
}

void group_advance_channels(struct group *g) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        if (p == g->n_pool) {
            group_nernst(g);
            profile_mark(g, PROFILE_POOLS);
        }
        if (g->patch[p].plugin->advance) {
            g->patch[p].plugin->advance(&g->patch[p].block);
            profile_patch(g, p, PROFILE_ADVANCE);
        }
    }
    if (g->n_pool == g->n_patch) {
        group_nernst(g);
        profile_mark(g, PROFILE_POOLS);
    }
}

/* (cm/dt + g + axial) v(t + dt) = (cm/dt + g) v(t) - i(t) + axial terms: backward Euler with the
 * current linearised at v(t). */
void group_assemble(struct group *g) {
    const double *restrict v = g->v, *restrict cv = g->cv, *restrict d0 = g->d0;
    double *restrict slope = g->g, *restrict right = g->i;
    for (uint32_t k = 0; k < g->n_flat; k++) {
        right[k] = (cv[k] + slope[k]) * v[k] - right[k];
        slope[k] = d0[k] + slope[k];
    }
}

static void nernst(const struct group_ion *ion) {
    for (uint32_t r = 0; r < ion->n_nernst; r++) {
        const uint32_t at = ion->nernst[r].at, n = ion->nernst[r].n;
        double *restrict e = ion->reversal + at;
        const double *restrict in = ion->inside + at, *restrict out = ion->outside + at;
        const double factor = ion->factor;
        HK_LOOP
        for (uint32_t k = 0; k < n; k++) {
            e[k] = hk_nernst(factor, in[k], out[k]);
        }
    }
}

void group_nernst(struct group *g) {
    for (uint32_t m = 0; m < g->n_ion; m++) {
        nernst(&g->ion[m]);
    }
}
