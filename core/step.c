/* SPDX-License-Identifier: BSD-3-Clause */
#include "step.h"
#include "group_currents.h"
#include "group_events.h"
#include "group_points.h"
#include "group_sample.h"
#include <math.h>
#include <string.h>

static void find_bad(struct group *g, int64_t n, uint32_t lane) {
    const struct solver *s = &g->solver;
    g->status = HK_DIVERGED;
    g->bad_step = n;
    g->bad_lane = lane;
    g->bad_row = 0;
    for (uint32_t k = s->n;
         k-- > 0;) { /* children stand behind their parents: the first one met is where it began */
        if (!isfinite(g->i[s->at[k] + lane])) {
            for (uint32_t row = 0; row < g->n_row; row++) {
                g->bad_row = g->row_at[row] == s->at[k] ? row : g->bad_row;
            }
            return;
        }
    }
    double most = 0;
    for (uint32_t row = 0; row < g->n_row; row++) {
        double size = fabs(g->v[g->row_at[row] + lane]);
        if (!(size <= most)) {
            most = size;
            g->bad_row = row;
        }
    }
}

/* What is not finite anywhere in a cell reaches its root in the same solution, so a look at the
 * roots is enough. */
static bool roots_are_sane(struct group *g, int64_t n) {
    const double *root = g->v + g->solver.at[0];
    for (uint32_t lane = 0; lane < g->lanes; lane++) {
        if (!(fabs(root[lane]) <= V_LIMIT_MV)) {
            find_bad(g, n, lane);
            return false;
        }
    }
    return true;
}

static bool all_is_sane(struct group *g, int64_t n) {
    for (uint32_t row = 0; row < g->n_row; row++) {
        for (uint32_t lane = 0; lane < g->lanes; lane++) {
            if (!(fabs(g->v[g->row_at[row] + lane]) <= V_LIMIT_MV)) {
                find_bad(g, n, lane);
                return false;
            }
        }
    }
    return true;
}

static void advance(struct group *g, int64_t n) {
    group_set_time(g, (double)(n + 1) * g->dt);
    for (uint32_t p = 0; p < g->n_patch; p++) {
        if (p == g->n_pool) {
            group_nernst(g);
        }
        if (g->patch[p].plugin->advance) {
            g->patch[p].plugin->advance(&g->patch[p].block);
        }
    }
    if (g->n_pool == g->n_patch) {
        group_nernst(g);
    }
    group_gather(g);
    for (uint32_t p = 0; p < g->n_point; p++) {
        if (g->point[p].plugin->advance) {
            g->point[p].plugin->advance(&g->point[p].block);
        }
    }
}

static bool step(struct group *g, int64_t n, const struct bucket *bucket, uint32_t *next) {
    group_sample(g, n);
    group_detect(g, n);
    group_deliver(g, bucket, next, n);
    group_set_time(g, ((double)n + 0.5) * g->dt);
    group_currents(g);
    group_assemble(g);
    solver_solve(&g->solver, g->g, g->i, g->v);
    if (!roots_are_sane(g, n + 1)) {
        return false;
    }
    advance(g, n);
    return g->status == HK_OK;
}

hk_status group_epoch(struct group *g, int64_t from, int64_t to, const struct spike *spike,
                      uint32_t n_spike) {
    int64_t epoch = from / g->due.epoch_steps;
    g->out.n = g->logged.n = 0;
    struct bucket *bucket = calendar_begin(&g->due, epoch);
    bool fine = bucket && group_hear(g, spike, n_spike) && group_wake(g, epoch, to);
    if (!fine) {
        return g->status = HK_NO_MEMORY;
    }
    deliveries_sort(bucket->item, bucket->n);
    uint32_t next = 0;
    for (int64_t n = from; n < to; n++) {
        if (!step(g, n, bucket, &next)) {
            g->bad_step = n + 1;
            return g->status;
        }
    }
    if (next > 0) {
        memmove(bucket->item, bucket->item + next, (bucket->n - next) * sizeof *bucket->item);
    }
    bucket->n -= next;
    all_is_sane(g, to);
    return g->status;
}

/* ---- t = 0 */

static void init_padding(struct group *g) {
    for (uint32_t k = 0; k < g->n_flat; k++) {
        g->v[k] = g->v[g->copy_of[k]];
    }
}

static void init_points(struct group *g) {
    group_gather(g);
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        point->block.t = 0;
        group_gather_ions(point);
        if (!point_init(point)) {
            g->status = HK_NO_MEMORY;
            return;
        }
        for (uint32_t k = 0; point->plugin->start && k < point->n; k++) {
            struct event_place place = {g, p};
            struct hk_event event = {.t = 0, .instance = k, .host = g->host, .from = &place};
            point->plugin->start(&point->block, &event);
        }
    }
}

hk_status group_init(struct group *g, double v_init) {
    g->status = HK_OK;
    g->events = 0;
    g->out.n = g->logged.n = 0;
    g->self.n = 0;
    g->self.sent = 0;
    calendar_clear(&g->due);
    for (uint32_t k = 0; k < g->n_flat; k++) {
        g->v[k] = v_init;
    }
    init_padding(g);
    memcpy(g->weight, g->initial_weight, g->n_own * sizeof *g->weight);
    group_set_time(g, 0);
    for (uint32_t p = 0; p < g->n_patch; p++) {
        if (p == g->n_pool) {
            group_nernst(g);
        }
        if (g->patch[p].plugin->init) {
            g->patch[p].plugin->init(&g->patch[p].block);
        }
    }
    if (g->n_pool == g->n_patch) {
        group_nernst(g);
    }
    init_points(g);
    for (uint32_t d = 0; d < g->n_detector; d++) {
        g->detector[d].above = g->v[g->detector[d].at] > g->detector[d].threshold;
    }
    group_init_generators(g);
    return g->status;
}
