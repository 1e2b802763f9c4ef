/* SPDX-License-Identifier: BSD-3-Clause */
#include "step.h"
#include "hillock/math.h"
#include "probe.h"
#include "random.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool spike_add(struct spike_list *list, double t, uint32_t source) {
    if (list->n == list->room) {
        uint32_t room = list->room ? 2 * list->room : 64;
        struct spike *item = realloc(list->item, room * sizeof *item);
        if (!item) {
            return false;
        }
        list->item = item;
        list->room = room;
    }
    list->item[list->n++] = (struct spike){t, source};
    return true;
}

/* ---- services for kernels */

static void host_send(const struct hk_event *event, double t, double flag) {
    struct event_place *place = event->from;
    struct self_event self = {.t = t, .flag = flag, .point = place->point, .instance = event->instance};
    if (!self_queue_add(&place->group->self, self)) {
        place->group->status = HK_NO_MEMORY;
    }
}

static void host_emit(const struct hk_event *event) {
    struct event_place *place = event->from;
    uint32_t source = place->group->emits[place->point][event->instance];
    if (source != HK_NONE && !spike_add(&place->group->out, event->t, source)) {
        place->group->status = HK_NO_MEMORY;
    }
}

static struct random_stream open_stream(const struct hk_stream *stream) {
    struct random_stream open;
    _Static_assert(sizeof open <= sizeof *stream, "a stream fits what plugins see of it");
    memcpy(&open, stream, sizeof open);
    return open;
}

static double host_uniform(const struct hk_stream *stream, uint64_t draw) {
    struct random_stream open = open_stream(stream);
    return random_uniform(&open, draw);
}

static double host_normal(const struct hk_stream *stream, uint64_t draw) {
    struct random_stream open = open_stream(stream);
    return random_normal(&open, draw);
}

const struct hk_host *step_host(void) {
    static const struct hk_host host = {
        .size = sizeof host, .send = host_send, .emit = host_emit, .uniform = host_uniform, .normal = host_normal};
    return &host;
}

/* ---- samples */

/* The ion's variable that a point's column is a copy of, or NULL. */
static const double *read_ion(const struct point_patch *p, hk_col column) {
    for (uint32_t j = 0; p && j < p->n_read; j++) {
        if (p->read[j].column == column) {
            return p->read[j].ion;
        }
    }
    return NULL;
}

/* `current` works on copies of the columns: what is sampled leaves no trace in the run. */
static double term_value(const struct sample_term *term, double t) {
    const struct hk_block *whole = term->patch ? &term->patch->block : &term->point->block;
    const struct hk_plugin *plugin = term->patch ? term->patch->plugin : term->point->plugin;
    hk_col *all = term->patch ? term->patch->col : term->point->col;
    enum { MOST = 256 };
    hk_col col[MOST];
    double copy[MOST][HK_LANES] __attribute__((aligned(64)));
    uint32_t first = term->instance & ~(uint32_t)(HK_LANES - 1);
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        const double *ion = read_ion(term->point, all[j]);
        for (uint32_t k = 0; k < HK_LANES; k++) {
            copy[j][k] = ion ? ion[term->point->position[first + k]] : all[j][first + k];
        }
        col[j] = copy[j];
    }
    const struct hk_list *list[MOST];
    uint32_t n_list = 0;
    for (uint32_t j = 0; j < plugin->n_field; j++) {
        if (plugin->field[j].role == HK_LIST) {
            list[n_list] = whole->list[n_list] + first;
            n_list++;
        }
    }
    double i[HK_LANES] __attribute__((aligned(64))) = {0}, g[HK_LANES] __attribute__((aligned(64))) = {0};
    struct hk_block block = *whole;
    block.n = HK_LANES;
    block.t = t;
    block.v = whole->v + first;
    block.i = i;
    block.g = g;
    block.col = col;
    block.list = list;
    block.stream = whole->stream ? whole->stream + first : NULL;
    plugin->current(&block);
    uint32_t k = term->instance - first;
    double value = term->what == TERM_CURRENT ? i[k] : term->what == TERM_SLOPE ? g[k] : col[term->column][k];
    return value * term->factor;
}

static void set_time(struct group *g, double t) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        g->patch[p].block.t = t;
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        g->point[p].block.t = t;
    }
}

void group_sample(struct group *g, int64_t n) {
    const struct probe *last = NULL;
    bool due = false;
    for (uint32_t s = 0; s < g->n_sample; s++) {
        const struct sample *sample = &g->sample[s];
        if (sample->probe != last) { /* samples of one probe stand together */
            last = sample->probe;
            due = probe_due(last, n) && (n - last->first) / last->every >= last->base;
        }
        if (!due) {
            continue;
        }
        double value = 0;
        if (sample->where) {
            value = *sample->where;
        } else {
            for (uint32_t j = 0; j < sample->n_term; j++) {
                value += term_value(&sample->term[j], ((double)n + 0.5) * g->dt);
            }
        }
        *probe_cell(last, n, sample->column) = value;
    }
}

/* ---- events */

static void detect(struct group *g, int64_t n) {
    for (uint32_t d = 0; d < g->n_detector; d++) {
        struct group_detector *detector = &g->detector[d];
        bool above = g->v[detector->at] > detector->threshold;
        if (above && !detector->above && !spike_add(&g->out, (double)n * g->dt, detector->source)) {
            g->status = HK_NO_MEMORY;
        }
        detector->above = above;
    }
}

static void receive(struct group *g, uint32_t point, uint32_t instance, double t, double flag, double *weight) {
    struct event_place place = {g, point};
    struct point_patch *p = &g->point[point];
    struct hk_event event = {.t = t, .flag = flag, .weight = weight, .instance = instance, .host = g->host, .from = &place};
    if (p->plugin->receive) {
        p->plugin->receive(&p->block, &event);
    }
    g->events++;
}

/* Delivers what is due at step n: links' events from *next of the epoch's bucket on, and events to oneself, by time. At equal
 * times an instance's own event comes first. */
static void deliver(struct group *g, const struct bucket *bucket, uint32_t *next, int64_t n) {
    for (;;) {
        bool link = *next < bucket->n && event_step(bucket->item[*next].t, g->dt) <= n;
        bool own = g->self.n && event_step(g->self.item[0].t, g->dt) <= n;
        if (own && link && bucket->item[*next].t < g->self.item[0].t) {
            own = false;
        }
        if (own) {
            struct self_event e = self_queue_pop(&g->self);
            receive(g, e.point, e.instance, e.t, e.flag, NULL);
        } else if (link) {
            struct delivery d = bucket->item[(*next)++];
            struct link *l = &g->link[d.connection];
            receive(g, l->point, l->instance, d.t, 0, l->weight);
        } else {
            return;
        }
    }
}

static bool send_along(struct group *g, uint32_t first, uint32_t n, double t) {
    bool fine = true;
    for (uint32_t l = first; l < first + n; l++) {
        fine = calendar_add(&g->due, t + g->link[l].delay, l) && fine;
    }
    return fine;
}

static bool hear(struct group *g, const struct spike *spike, uint32_t n_spike) {
    bool fine = true;
    for (uint32_t s = 0; s < n_spike; s++) {
        uint32_t low = 0, high = g->n_listened;
        while (low < high) {
            uint32_t middle = (low + high) / 2;
            if (g->listened[middle].source < spike[s].source) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low < g->n_listened && g->listened[low].source == spike[s].source) {
            fine = send_along(g, g->listened[low].first, g->listened[low].n, spike[s].t) && fine;
        }
    }
    return fine;
}

/* Lets generator j make its events up to step `to`, the first one at t; then it sleeps until the next. */
static bool generate(struct group *g, uint32_t j, double t, int64_t to) {
    struct generator *source = &g->generator[j];
    struct generators *kind = &g->kind[source->kind];
    bool fine = true;
    while (event_step(t, g->dt) < to) {
        fine = send_along(g, source->first, source->n, t) && fine;
        if (source->logged) {
            fine = spike_add(&g->logged, t, SOURCE(HK_FROM_INPUT, kind->input[source->instance])) && fine;
        }
        t = kind->plugin->next(&kind->block, source->instance);
    }
    return calendar_add(&g->waking, t, j) && fine;
}

static bool wake(struct group *g, int64_t epoch, int64_t to) {
    struct bucket *bucket = calendar_begin(&g->waking, epoch);
    if (!bucket) {
        return false;
    }
    struct bucket now = *bucket; /* generate may put some back in the same bucket */
    memset(bucket, 0, sizeof *bucket);
    bool fine = true;
    for (uint32_t i = 0; i < now.n; i++) {
        fine = generate(g, now.item[i].connection, now.item[i].t, to) && fine;
    }
    if (!bucket->item) { /* keep the room */
        now.n = 0;
        *bucket = now;
    } else {
        free(now.item);
    }
    return fine;
}

/* ---- currents */

static void add_shares(const struct patch *p) {
    for (uint32_t j = 0; j < p->n_share; j++) {
        const double *restrict from = p->share[j].column;
        double *restrict total = p->share[j].ion;
        for (uint32_t k = 0; k < p->run.n; k++) {
            total[k] += from[k];
        }
    }
}

static void gather(struct group *g) {
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

static void gather_ions(const struct point_patch *p) {
    for (uint32_t j = 0; j < p->n_read; j++) {
        for (uint32_t k = 0; k < p->padded; k++) {
            p->read[j].column[k] = p->read[j].ion[p->position[k]];
        }
    }
}

static void add_dense(const struct point_patch *p, double *restrict total_i, double *restrict total_g) {
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
    for (uint32_t j = 0; j < p->n_share; j++) {
        for (uint32_t k = 0; k < p->n; k++) {
            p->share[j].ion[p->position[k]] += p->scale[k] * p->share[j].column[k];
        }
    }
}

static void point_currents(struct group *g) {
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        if (point->shadow || !point->plugin->current) {
            continue;
        }
        gather_ions(point);
        memset(point->i, 0, point->padded * sizeof *point->i);
        memset(point->g, 0, point->padded * sizeof *point->g);
        point->plugin->current(&point->block);
        scatter(g, point);
    }
}

static void currents(struct group *g) {
    memset(g->i, 0, g->n_flat * sizeof *g->i);
    memset(g->g, 0, g->n_flat * sizeof *g->g);
    for (uint32_t m = 0; m < g->n_ion; m++) {
        if (g->ion[m].current) {
            memset(g->ion[m].current, 0, g->n_flat * sizeof *g->i);
        }
    }
    for (uint32_t p = 0; p < g->n_patch; p++) {
        struct patch *patch = &g->patch[p];
        if (patch->plugin->current) {
            patch->plugin->current(&patch->block);
            add_shares(patch);
        }
    }
    point_currents(g);
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
}

/* (cm/dt + g + axial) v(t + dt) = (cm/dt + g) v(t) - i(t) + axial terms: backward Euler with the current linearised at v(t). */
static void assemble(struct group *g) {
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
            double ratio = factor * hk_log(out[k] / in[k]);
            ratio = in[k] <= 0 ? 1e6 : ratio; /* as NEURON's nernst() */
            e[k] = out[k] <= 0 ? -1e6 : ratio;
        }
    }
}

static void all_nernst(struct group *g) {
    for (uint32_t m = 0; m < g->n_ion; m++) {
        nernst(&g->ion[m]);
    }
}

/* ---- the step */

static void find_bad(struct group *g, int64_t n, uint32_t lane) {
    const struct solver *s = &g->solver;
    g->status = HK_DIVERGED;
    g->bad_step = n;
    g->bad_lane = lane;
    g->bad_row = 0;
    for (uint32_t k = s->n; k-- > 0;) { /* children stand behind their parents: the first one met is where it began */
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

/* What is not finite anywhere in a cell reaches its root in the same solution, so a look at the roots is enough. */
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
    set_time(g, (double)(n + 1) * g->dt);
    for (uint32_t p = 0; p < g->n_patch; p++) {
        if (p == g->n_pool) {
            all_nernst(g);
        }
        if (g->patch[p].plugin->advance) {
            g->patch[p].plugin->advance(&g->patch[p].block);
        }
    }
    if (g->n_pool == g->n_patch) {
        all_nernst(g);
    }
    gather(g);
    for (uint32_t p = 0; p < g->n_point; p++) {
        if (g->point[p].plugin->advance) {
            g->point[p].plugin->advance(&g->point[p].block);
        }
    }
}

static bool step(struct group *g, int64_t n, const struct bucket *bucket, uint32_t *next) {
    group_sample(g, n);
    detect(g, n);
    deliver(g, bucket, next, n);
    set_time(g, ((double)n + 0.5) * g->dt);
    currents(g);
    assemble(g);
    solver_solve(&g->solver, g->g, g->i, g->v);
    if (!roots_are_sane(g, n + 1)) {
        return false;
    }
    advance(g, n);
    return g->status == HK_OK;
}

hk_status group_epoch(struct group *g, int64_t from, int64_t to, const struct spike *spike, uint32_t n_spike) {
    int64_t epoch = from / g->due.epoch_steps;
    g->out.n = g->logged.n = 0;
    struct bucket *bucket = calendar_begin(&g->due, epoch);
    bool fine = bucket && hear(g, spike, n_spike) && wake(g, epoch, to);
    if (!fine) {
        return g->status = HK_NO_MEMORY;
    }
    deliveries_sort(bucket->item, bucket->n);
    uint32_t next = 0;
    for (int64_t n = from; n < to; n++) {
        if (!step(g, n, bucket, &next)) {
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

static hk_status init_generators(struct group *g) {
    for (uint32_t p = 0; p < g->n_kind; p++) {
        if (g->kind[p].plugin->init) {
            g->kind[p].plugin->init(&g->kind[p].block);
        }
    }
    for (uint32_t j = 0; j < g->n_generator; j++) {
        const struct generator *source = &g->generator[j];
        const struct generators *kind = &g->kind[source->kind];
        if (!calendar_add(&g->waking, kind->plugin->next(&kind->block, source->instance), j)) {
            return HK_NO_MEMORY;
        }
    }
    return HK_OK;
}

static void init_points(struct group *g) {
    gather(g);
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        point->block.t = 0;
        gather_ions(point);
        if (point->plugin->init) {
            point->plugin->init(&point->block);
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
    calendar_clear(&g->waking);
    for (uint32_t k = 0; k < g->n_flat; k++) {
        g->v[k] = v_init;
    }
    init_padding(g);
    memcpy(g->weight, g->initial_weight, g->n_weight * sizeof *g->weight);
    set_time(g, 0);
    for (uint32_t p = 0; p < g->n_patch; p++) {
        if (p == g->n_pool) {
            all_nernst(g);
        }
        if (g->patch[p].plugin->init) {
            g->patch[p].plugin->init(&g->patch[p].block);
        }
    }
    if (g->n_pool == g->n_patch) {
        all_nernst(g);
    }
    init_points(g);
    for (uint32_t d = 0; d < g->n_detector; d++) {
        g->detector[d].above = g->v[g->detector[d].at] > g->detector[d].threshold;
    }
    hk_status status = init_generators(g);
    return status ? status : g->status;
}
