/* SPDX-License-Identifier: BSD-3-Clause */
#include "step.h"
#include "group_currents.h"
#include "group_events.h"
#include "group_ports.h"
#include "init.h"
#include "group_sample.h"
#include "profile.h"
#include "unit.h"
#include <math.h>
#include <string.h>

static void note_bad(struct group *g, int64_t n, uint32_t lane) {
    g->status = HK_DIVERGED;
    g->bad_step = n;
    g->bad_lane = lane;
    g->bad_row = 0;
}

/* The row whose v is farthest from 0. */
static void find_farthest(struct group *g, uint32_t lane) {
    double most = 0;
    for (uint32_t row = 0; row < g->n_row; row++) {
        double size = fabs(g->v[g->row_at[row] + lane]);
        if (!(size <= most)) {
            most = size;
            g->bad_row = row;
        }
    }
}

/* Where it began, while g->i still is the solver's right side. */
static void find_bad(struct group *g, int64_t n, uint32_t lane) {
    const struct solver *s = &g->solver;
    note_bad(g, n, lane);
    for (uint32_t k = s->n;
         k-- > 0;) { /* children stand behind their parents: the first one met is where it began */
        if (!isfinite(g->i[s->at[k] + lane])) {
            for (uint32_t row = 0; row < g->n_row; row++) {
                g->bad_row = g->row_at[row] == s->at[k] ? row : g->bad_row;
            }
            return;
        }
    }
    find_farthest(g, lane);
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
                note_bad(g, n, lane);
                find_farthest(g, lane);
                return false;
            }
        }
    }
    return true;
}

/* In some epochs a profile has the plugins' kernels run one by one, to tell their shares. */
static bool taken_apart(const struct group *g, int64_t n) {
    return !g->unit || (g->profile && n / g->due.epoch_steps % PROFILE_SPLIT == 0);
}

/* From i and g of the channels, which advance has left where there is a unit, to the matrix. */
static void make_matrix(struct group *g, int64_t n) {
    double t = ((double)n + 0.5) * g->dt;
    group_set_time(g, t);
    if (g->unit_finish && !taken_apart(g, n)) {
        unit_finish(g, t);
        profile_mark(g, PROFILE_FINISH);
        return;
    }
    if (!g->unit) {
        group_channel_currents(g);
    }
    group_point_currents(g);
    group_assemble(g);
    profile_mark(g, PROFILE_ASSEMBLE);
}

static void advance(struct group *g, int64_t n) {
    if (g->n_port) {
        group_take(g, AFTER_CURRENT);
    }
    double t = (double)(n + 1) * g->dt, next = ((double)(n + 1) + 0.5) * g->dt;
    bool apart = taken_apart(g, n);
    group_set_time(g, t);
    if (!apart) {
        unit_step(g, t, next);
        profile_mark(g, PROFILE_CHANNELS);
    } else {
        group_advance_channels(g);
    }
    group_advance_points(g, g->unit_finish && !apart);
    if (apart && g->unit) {
        group_set_time(g, next);
        group_channel_currents(g);
    }
}

/* The parts of a step, between which ports go from group to group. */
static void arrive(struct group *g, int64_t n) {
    group_sample(g, n);
    profile_mark(g, PROFILE_SAMPLE);
    group_detect(g, n);
    profile_mark(g, PROFILE_DETECT);
    group_deliver(g, g->today, &g->delivered, n);
    profile_mark(g, PROFILE_DELIVER);
    if (g->n_tap) {
        group_put_down(g, BEFORE_CURRENT);
    }
}

static bool solve(struct group *g, int64_t n) {
    if (g->n_port) {
        group_take(g, BEFORE_CURRENT);
    }
    make_matrix(g, n);
    solver_solve(&g->solver, g->g, g->i, g->v);
    profile_mark(g, PROFILE_SOLVE);
    if (!roots_are_sane(g, n + 1)) {
        return false;
    }
    profile_mark(g, PROFILE_CHECK);
    if (g->n_tap) {
        group_put_down(g, AFTER_CURRENT);
    }
    return true;
}

/* ---- an epoch */

static bool begin_epoch(struct group *g, int64_t from, int64_t to, const struct spike *spike,
                        uint32_t n_spike) {
    int64_t epoch = from / g->due.epoch_steps;
    g->out.n = g->logged.n = 0;
    struct bucket *bucket = calendar_begin(&g->due, epoch);
    bool fine = bucket && group_hear(g, spike, n_spike);
    profile_mark(g, PROFILE_EXCHANGE);
    fine = fine && group_wake(g, epoch, to);
    profile_mark(g, PROFILE_INPUTS);
    if (!fine) {
        g->status = HK_NO_MEMORY;
        return false;
    }
    deliveries_sort(bucket->item, bucket->n);
    profile_mark(g, PROFILE_DELIVER);
    g->today = bucket;
    g->delivered = 0;
    return true;
}

static void end_epoch(struct group *g, int64_t to) {
    struct bucket *bucket = g->today;
    if (g->delivered > 0) {
        memmove(bucket->item, bucket->item + g->delivered,
                (bucket->n - g->delivered) * sizeof *bucket->item);
    }
    bucket->n -= g->delivered;
    all_is_sane(g, to);
    profile_mark(g, PROFILE_CHECK);
}

hk_status group_epoch(struct group *g, int64_t from, int64_t to, const struct spike *spike,
                      uint32_t n_spike) {
    profile_start(g);
    if (!begin_epoch(g, from, to, spike, n_spike)) {
        return g->status;
    }
    for (int64_t n = from; n < to; n++) {
        arrive(g, n);
        if (solve(g, n)) {
            advance(g, n);
        }
        if (g->status) {
            g->bad_step = n + 1;
            return g->status;
        }
    }
    end_epoch(g, to);
    return g->status;
}

void group_first_half(struct group *g, int64_t n, int64_t from, int64_t to,
                      const struct spike *spike, uint32_t n_spike) {
    profile_start(g);
    if (n > from && !g->status) {
        g->bad_step = n;
        advance(g, n - 1);
    }
    if (g->status || (n == from && !begin_epoch(g, from, to, spike, n_spike))) {
        return;
    }
    if (n < to) {
        g->bad_step = n + 1;
        arrive(g, n);
    } else {
        end_epoch(g, to);
    }
}

void group_second_half(struct group *g, int64_t n) {
    profile_start(g);
    if (!g->status) {
        solve(g, n);
    }
}

/* ---- t = 0 */

static void init_padding(struct group *g) {
    for (uint32_t k = 0; k < g->n_flat; k++) {
        g->v[k] = g->v[g->copy_of[k]];
    }
}

/* start for each instance of a patch, or connect for each connection to it. */
static void call_all(struct group *g, uint32_t p, bool connect) {
    const struct point_patch *point = &g->point[p];
    struct event_place place = {g, p};
    for (uint32_t k = 0; k < point->n; k++) {
        struct hk_event event = {.t = 0, .instance = k, .host = g->host, .from = &place};
        if (!connect) {
            point->plugin->start(&point->block, &event);
            continue;
        }
        for (uint32_t j = 0; (event.weight = group_connection(g, p, k, j)) != NULL; j++) {
            point->plugin->connect(&point->block, &event);
        }
    }
}

static void init_points(struct group *g) {
    group_gather(g);
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        point->block.t = 0;
        group_gather_ions(point);
        if (!init_block(point->plugin, &point->block)) {
            g->status = HK_NO_MEMORY;
            return;
        }
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        if (g->point[p].plugin->connect) {
            call_all(g, p, true);
        }
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        if (g->point[p].plugin->start) {
            call_all(g, p, false);
        }
    }
}

/* Before step n, as advance leaves them where there is a unit. */
static void leave_currents(struct group *g, int64_t n) {
    if (g->unit) {
        group_set_time(g, ((double)n + 0.5) * g->dt);
        group_channel_currents(g);
    }
}

static hk_status init(struct group *g) {
    g->events = 0;
    g->out.n = g->logged.n = 0;
    g->self.n = 0;
    g->self.sent = 0;
    calendar_clear(&g->due);
    memcpy(g->weight, g->initial_weight, g->n_own * sizeof *g->weight);
    group_set_time(g, 0);
    for (uint32_t p = 0; p < g->n_patch; p++) {
        if (p == g->n_pool) {
            group_nernst(g);
        }
        if (!init_block(g->patch[p].plugin, &g->patch[p].block)) {
            return g->status = HK_NO_MEMORY;
        }
    }
    if (g->n_pool == g->n_patch) {
        group_nernst(g);
    }
    init_points(g);
    leave_currents(g, 0);
    for (uint32_t d = 0; d < g->n_detector; d++) {
        g->detector[d].above = g->v[g->detector[d].at] > g->detector[d].threshold;
    }
    group_init_generators(g);
    return g->status;
}

void group_begin(struct group *g, double v_init) {
    for (uint32_t k = 0; k < g->n_flat; k++) {
        g->v[k] = v_init;
    }
    init_padding(g);
    for (uint32_t m = 0; m < g->n_ion; m++) {
        if (g->ion[m].current) {
            memset(g->ion[m].current, 0, g->n_flat * sizeof *g->ion[m].current);
        }
    }
    if (g->n_tap) {
        group_put_down(g, BEFORE_CURRENT);
    }
}

hk_status group_init(struct group *g) {
    struct profile_group *profile = g->profile; /* this is no step's time */
    g->profile = NULL;
    if (g->n_port) {
        group_take(g, BEFORE_CURRENT);
    }
    hk_status status = init(g);
    if (g->n_tap) {
        group_put_down(g, AFTER_CURRENT);
    }
    g->profile = profile;
    return status;
}

void group_look(struct group *g) {
    if (g->n_port) {
        group_take(g, AFTER_CURRENT);
    }
}

void group_enter_unit(struct group *g, int64_t n) {
    struct profile_group *profile = g->profile;
    g->profile = NULL;
    leave_currents(g, n);
    g->profile = profile;
}
