/* SPDX-License-Identifier: BSD-3-Clause */
#include "group_events.h"
#include "group_check.h"
#include "group_currents.h"
#include "profile.h"
#include "random.h"
#include <stdlib.h>
#include <string.h>

static bool spike_add(struct spike_list *list, double t, uint32_t source) {
    if (list->n == list->room) {
        uint32_t room = list->room ? 2 * list->room : 16;
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

double *group_connection(const struct group *g, uint32_t point, uint32_t instance, uint32_t j) {
    const struct point_patch *p = &g->point[point];
    if (!p->first_connection) {
        return NULL;
    }
    uint32_t first = p->first_connection[instance], end = p->first_connection[instance + 1];
    return j < end - first ? g->weight + p->connection[first + j] : NULL;
}

/* ---- services for kernels */

/* Whether the event is of an instance of padding, which only a loop over a block comes upon. */
static bool is_padding(const struct hk_event *event) {
    const struct event_place *place = event->from;
    return event->instance >= place->group->point[place->point].n;
}

static void host_send(const struct hk_event *event, double t, double flag) {
    struct event_place *place = event->from;
    if (is_padding(event)) {
        return;
    }
    struct self_event self = {.t = t,
                              .flag = flag,
                              .weight = event->weight,
                              .point = place->point,
                              .instance = event->instance};
    if (!(t >= event->t) || !(flag != 0)) { /* receive would take it for a connection's event */
        const struct point_patch *point = &place->group->point[place->point];
        group_note(place->group, HK_PLUGIN, point->plugin,
                   flag != 0 ? "it sends an event into the past" : "it sends an event with flag 0",
                   point->position[event->instance], HK_NONE);
    } else if (!self_queue_add(&place->group->self, self)) {
        place->group->status = HK_NO_MEMORY;
    }
}

static void host_emit(const struct hk_event *event) {
    struct event_place *place = event->from;
    uint32_t **emits = place->group->emits;
    uint32_t source = emits && emits[place->point] ? emits[place->point][event->instance] : HK_NONE;
    if (source != HK_NONE && !spike_add(&place->group->out, event->t, source)) {
        place->group->status = HK_NO_MEMORY;
    }
}

static double *host_connection(const struct hk_event *event, uint32_t j) {
    const struct event_place *place = event->from;
    return is_padding(event) ? NULL
                             : group_connection(place->group, place->point, event->instance, j);
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
    static const struct hk_host host = {.size = sizeof host,
                                        .send = host_send,
                                        .emit = host_emit,
                                        .uniform = host_uniform,
                                        .normal = host_normal,
                                        .connection = host_connection};
    return &host;
}

/* ---- events */

void group_detect(struct group *g, int64_t n) {
    for (uint32_t d = 0; d < g->n_detector; d++) {
        struct group_detector *detector = &g->detector[d];
        bool above = g->v[detector->at] > detector->threshold;
        if (above && !detector->above && !spike_add(&g->out, (double)n * g->dt, detector->source)) {
            g->status = HK_NO_MEMORY;
        }
        detector->above = above;
    }
}

static void receive(struct group *g, uint32_t point, uint32_t instance, double t, double flag,
                    double *weight) {
    struct event_place place = {g, point};
    struct point_patch *p = &g->point[point];
    struct hk_event event = {.t = t,
                             .flag = flag,
                             .weight = weight,
                             .instance = instance,
                             .host = g->host,
                             .from = &place};
    profile_mark(g, PROFILE_DELIVER);
    if (p->plugin->receive) {
        p->plugin->receive(&p->block, &event);
    }
    profile_point(g, point, PROFILE_RECEIVE);
    g->events++;
}

/* Due at step n; `early`: at its time or before. */
static inline bool is_due(const struct group *g, double t, int64_t n, bool early) {
    return early ? t <= ((double)n + 1e-9) * g->dt : event_step(t, g->dt) <= n;
}

static void deliver(struct group *g, const struct bucket *bucket, uint32_t *next, int64_t n,
                    bool early) {
    for (;;) {
        bool link = *next < bucket->n && is_due(g, bucket->item[*next].t, n, early);
        bool own = g->self.n && is_due(g, g->self.item[0].t, n, early);
        if (own && link && bucket->item[*next].t < g->self.item[0].t) {
            own = false;
        }
        if (own) {
            struct self_event e = self_queue_pop(&g->self);
            receive(g, e.point, e.instance, e.t, e.flag, e.weight);
        } else if (link) {
            struct delivery d = bucket->item[(*next)++];
            struct link along = g->link[d.connection];
            const struct link_kind *kind = &g->link_kind[along.kind];
            receive(g, kind->point, along.instance, d.t, 0, g->weight + kind->weight);
        } else {
            return;
        }
    }
}

static void watch(struct group *g, int64_t n) {
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        if (point->plugin->watch) {
            struct event_place place = {g, p};
            struct hk_event event = {.t = (double)n * g->dt, .host = g->host, .from = &place};
            point->block.t = event.t;
            group_gather_ions(point);
            point->plugin->watch(&point->block, &event);
        }
    }
}

void group_deliver(struct group *g, const struct bucket *bucket, uint32_t *next, int64_t n) {
    if (g->watches) {
        deliver(g, bucket, next, n, true);
        watch(g, n);
    }
    deliver(g, bucket, next, n, false);
}

static bool send(struct group *g, uint32_t number, double t) {
    return calendar_add(&g->due, t + g->link_kind[g->link[number].kind].delay, number);
}

/* Sends an event along a link and those after it of the same source. */
static bool send_along(struct group *g, uint32_t first, double t) {
    bool fine = send(g, first, t);
    for (uint32_t l = first; g->link[l].more; l++) {
        fine = send(g, l + 1, t) && fine;
    }
    return fine;
}

uint32_t group_listens(const struct group *g, uint32_t source) {
    uint32_t low = 0, high = g->n_listened;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (g->listened[middle].source < source) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < g->n_listened && g->listened[low].source == source;
    return found ? g->listened[low].first : HK_NONE;
}

bool group_hear(struct group *g, const struct spike *spike, uint32_t n_spike) {
    bool fine = true;
    for (uint32_t s = 0; s < n_spike; s++) {
        uint32_t first = group_listens(g, spike[s].source);
        fine = (first == HK_NONE || send_along(g, first, spike[s].t)) && fine;
    }
    return fine;
}

/* Lets instance k make its events up to step `to`, the first one at t; then it sleeps until the
 * next. */
static bool generate(struct group *g, struct generators *kind, uint32_t k, double t, int64_t to) {
    uint32_t j = kind->first + k, link = (uint32_t)series_get(&g->first_link, j);
    bool fine = true;
    while (event_step(t, g->dt) < to) {
        if (link != HK_NONE) {
            fine = send_along(g, link, t) && fine;
        }
        if (g->is_logged && g->is_logged[j]) {
            fine = spike_add(&g->logged, t,
                             SOURCE(HK_FROM_INPUT, (uint32_t)series_get(&kind->input, k))) &&
                   fine;
        }
        t = generators_next(g->net, kind, k);
    }
    alarm_set(&g->waking, j, t);
    return fine;
}

static struct generators *kind_of(struct group *g, uint32_t generator) {
    struct generators *kind = g->kind;
    while (generator - kind->first >= kind->n) {
        kind++;
    }
    return kind;
}

bool group_wake(struct group *g, int64_t epoch, int64_t to) {
    bool fine = true;
    uint32_t j = alarm_begin(&g->waking, epoch);
    while (j != UINT32_MAX) {
        uint32_t after = g->waking.next[j]; /* generate may put j into the same list again */
        struct generators *kind = kind_of(g, j);
        fine = generate(g, kind, j - kind->first, g->waking.t[j], to) && fine;
        j = after;
    }
    return fine;
}

void group_init_generators(struct group *g) {
    alarm_clear(&g->waking);
    for (uint32_t p = 0; p < g->n_kind; p++) {
        struct generators *kind = &g->kind[p];
        generators_init(g->net, kind);
        for (uint32_t k = 0; k < kind->n; k++) {
            alarm_set(&g->waking, kind->first + k, generators_next(g->net, kind, k));
        }
    }
}
