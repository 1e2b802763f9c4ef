/* SPDX-License-Identifier: BSD-3-Clause */
/* Events under way: along connections, and from instances to themselves. A point that was merged
 * with others and has a shadow gets each of its connections' events twice: the file has it once. */
#include "error.h"
#include "group_events.h"
#include "save.h"
#include <math.h>
#include <stdlib.h>

/* ---- gathering */

static void gather_one(struct save *all, const struct group *g, double t, uint32_t link) {
    const struct save_group *of = &all->map.group[g - all->layout->group];
    if (g->point[g->link_kind[g->link[link].kind].point].shadow) {
        return;
    }
    if (all->delivery) { /* NULL while they are counted */
        all->delivery[all->n_delivery] = (struct save_delivery){t, of->connection[link]};
    }
    all->n_delivery++;
}

static void gather_bucket(struct save *all, const struct group *g, const struct bucket *bucket) {
    for (uint32_t i = 0; i < bucket->n; i++) {
        gather_one(all, g, bucket->item[i].t, bucket->item[i].connection);
    }
}

/* Spikes of which groups have not been told yet: what will come of them. */
static void gather_spikes(struct save *all, const struct group *g) {
    for (uint32_t i = 0; i < all->run.n_spike_new; i++) {
        const struct spike *spike = &all->run.spike[i];
        uint32_t link = group_listens(g, spike->source);
        for (bool more = link != HK_NONE; more; link++) {
            double t = spike->t + g->link_kind[g->link[link].kind].delay;
            if (event_step(t, g->dt) != INT64_MAX) {
                gather_one(all, g, t, link);
            }
            more = g->link[link].more;
        }
    }
}

static void gather_deliveries(struct save *all) {
    all->n_delivery = 0;
    for (uint32_t k = 0; k < all->layout->n_group; k++) {
        const struct group *g = &all->layout->group[k];
        for (int d = 0; d < CALENDAR_DAYS; d++) {
            gather_bucket(all, g, &g->due.day[d]);
        }
        gather_bucket(all, g, &g->due.later);
        gather_spikes(all, g);
    }
}

struct end {                                      /* of a connection */
    uint32_t point, instance, weight, connection; /* point: patch */
};

#define BY(field)                                                                                  \
    if (a->field != b->field) {                                                                    \
        return a->field < b->field ? -1 : 1;                                                       \
    }

static int by_end(const void *left, const void *right) {
    const struct end *a = left, *b = right;
    BY(point)
    BY(instance)
    BY(weight)
    BY(connection)
    return 0;
}

static int by_weight(const void *left, const void *right) {
    const struct end *a = left, *b = right;
    BY(point)
    BY(instance)
    BY(weight)
    return 0;
}

static struct end *sort_ends(const struct group *g, const uint32_t *connection) {
    struct end *end = malloc(((size_t)g->n_link + 1) * sizeof *end);
    for (uint32_t k = 0; end && k < g->n_link; k++) {
        const struct link_kind *kind = &g->link_kind[g->link[k].kind];
        end[k] = (struct end){kind->point, g->link[k].instance, kind->weight, connection[k]};
    }
    if (end) {
        qsort(end, g->n_link, sizeof *end, by_end);
    }
    return end;
}

/* The first connection to the instance with these weights; those of others are the same. */
static uint32_t find_connection(const struct group *g, const struct end *end,
                                const struct self_event *e) {
    if (!e->weight) {
        return HK_NONE;
    }
    if (!plugin_weights(g->point[e->point].plugin)) {
        return SAVE_WEIGHTLESS;
    }
    struct end wanted = {e->point, e->instance, (uint32_t)(e->weight - g->weight), 0};
    const struct end *found = bsearch(&wanted, end, g->n_link, sizeof *end, by_weight);
    while (found && found > end && by_weight(found - 1, found) == 0) {
        found--;
    }
    return found ? found->connection : HK_NONE;
}

static bool gather_selves(struct save *all, uint32_t k) {
    const struct group *g = &all->layout->group[k];
    struct end *end = g->self.n ? sort_ends(g, all->map.group[k].connection) : NULL;
    for (uint32_t i = 0; end && i < g->self.n; i++) {
        const struct self_event *e = &g->self.item[i];
        uint32_t owner = save_owner(&all->map, g, (struct place){e->point, e->instance});
        if (owner == HK_NONE) {
            continue; /* an instance that no point is */
        }
        all->self[all->n_self++] = (struct save_self){.t = e->t,
                                                      .flag = e->flag,
                                                      .point = owner,
                                                      .shadow = g->point[e->point].shadow,
                                                      .connection = find_connection(g, end, e),
                                                      .sent = e->sent};
    }
    bool fine = end || !g->self.n;
    free(end);
    return fine;
}

static int by_delivery(const void *left, const void *right) {
    const struct save_delivery *a = left, *b = right;
    BY(t)
    BY(connection)
    return 0;
}

/* In the order in which they arrive at an instance. */
static int by_self(const void *left, const void *right) {
    const struct save_self *a = left, *b = right;
    BY(t)
    BY(point)
    BY(shadow)
    BY(sent)
    return 0;
}

bool save_gather_events(struct save *all) {
    gather_deliveries(all);
    all->delivery = malloc((all->n_delivery + 1) * sizeof *all->delivery);
    size_t selves = 0;
    for (uint32_t k = 0; k < all->layout->n_group; k++) {
        selves += all->layout->group[k].self.n;
    }
    all->self = malloc((selves + 1) * sizeof *all->self);
    if (!all->delivery || !all->self) {
        return false;
    }
    gather_deliveries(all);
    qsort(all->delivery, all->n_delivery, sizeof *all->delivery, by_delivery);
    bool fine = true;
    for (uint32_t k = 0; fine && k < all->layout->n_group; k++) {
        fine = gather_selves(all, k);
    }
    qsort(all->self, all->n_self, sizeof *all->self, by_self);
    return fine;
}

/* ---- deliveries */

static bool is_time(double t) {
    return isfinite(t) && t >= 0;
}

/* Empties what groups have under way. */
static void clear(const struct save *all) {
    for (uint32_t k = 0; k < all->layout->n_group; k++) {
        struct group *g = &all->layout->group[k];
        calendar_clear(&g->due);
        g->due.today = engine_epoch(all->layout, all->run.step);
        g->out.n = g->logged.n = 0;
        g->self.n = 0;
        g->self.sent = 0;
    }
}

static bool deliver_later(const struct save *all, double t, uint32_t connection) {
    struct group *g = save_target(&all->map, connection);
    uint32_t shadow = all->map.shadow ? all->map.shadow[connection] : HK_NONE;
    return calendar_add(&g->due, t, all->map.link[connection]) &&
           (shadow == HK_NONE || calendar_add(&g->due, t, shadow));
}

hk_status save_pass_deliveries(struct save_stream *s, void *data) {
    const struct save *all = data;
    uint64_t n = save_word(s, all->n_delivery);
    if (s->way == SAVE_READ && all->run.begun) {
        clear(all);
    }
    for (uint64_t i = 0; i < n && !s->is_short; i++) {
        struct save_delivery none = {0}, *own = save_is_read(s) ? &none : &all->delivery[i];
        double t = save_double(s, own->t);
        uint64_t connection = save_word(s, own->connection);
        if (save_is_read(s) && (!is_time(t) || connection >= all->net->n_connection)) {
            return save_damaged(s, "an event goes along no connection, or at no time");
        }
        if (s->way == SAVE_READ && !deliver_later(all, t, (uint32_t)connection)) {
            return fail_memory(s->ctx, "events");
        }
    }
    return HK_OK;
}

/* ---- events to oneself */

/* Whether there is such an instance, and the connection ends at it. */
static bool is_self(const struct save *all, const struct save_self *e) {
    const hk_net *net = all->net;
    if (!is_time(e->t) || e->flag == 0 || e->point >= net->n_point) {
        return false;
    }
    struct place place = save_place(&all->map, e->point, e->shadow);
    if (place.patch == HK_NONE) {
        return false;
    }
    const struct hk_plugin *plugin = network_point_spec(net, e->point)->of->plugin;
    if (e->connection == SAVE_WEIGHTLESS) {
        return plugin_weights(plugin) == 0;
    }
    if (e->connection == HK_NONE) {
        return plugin->start || plugin->watch;
    }
    if (e->connection >= net->n_connection) {
        return false;
    }
    uint32_t target = (uint32_t)series_get(&net->connection.point, e->connection);
    struct place there = save_place(&all->map, target, e->shadow);
    return network_point_cell(net, target) == network_point_cell(net, e->point) &&
           there.patch == place.patch && there.instance == place.instance;
}

static bool send_later(const struct save *all, const struct save_self *e) {
    const struct layout *layout = all->layout;
    struct group *g = &layout->group[layout->group_of[network_point_cell(all->net, e->point)]];
    struct place place = save_place(&all->map, e->point, e->shadow);
    struct self_event event = {
        .t = e->t, .flag = e->flag, .point = place.patch, .instance = place.instance};
    if (e->connection == SAVE_WEIGHTLESS) {
        event.weight = g->weight;
    } else if (e->connection != HK_NONE) {
        uint32_t link = (e->shadow ? all->map.shadow : all->map.link)[e->connection];
        event.weight = g->weight + g->link_kind[g->link[link].kind].weight;
    }
    return self_queue_add(&g->self, event);
}

hk_status save_pass_selves(struct save_stream *s, void *data) {
    const struct save *all = data;
    uint64_t n = save_word(s, all->n_self);
    for (uint64_t i = 0; i < n && !s->is_short; i++) {
        struct save_self none = {0}, e = save_is_read(s) ? none : all->self[i];
        e.t = save_double(s, e.t);
        e.flag = save_double(s, e.flag);
        uint64_t point = save_word(s, (uint64_t)e.shadow << 32 | e.point);
        uint64_t connection = save_word(s, e.connection);
        e.point = (uint32_t)point;
        e.shadow = point >> 32;
        e.connection = (uint32_t)connection;
        if (save_is_read(s) && (point >> 33 || connection >> 32 || !is_self(all, &e))) {
            return save_damaged(s, "an event goes to no instance, or at no time");
        }
        if (s->way == SAVE_READ && !send_later(all, &e)) {
            return fail_memory(s->ctx, "events");
        }
    }
    return HK_OK;
}
