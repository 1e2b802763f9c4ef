/* SPDX-License-Identifier: BSD-3-Clause */
/* A group's connections: what it listens to, and the generators that drive its points. */
#include "error.h"
#include "layout.h"
#include "table.h"
#include <stdlib.h>
#include <string.h>

/* A source by what it is, not by when it was made: two networks with the same identities order
 * their links alike. */
struct source_key {
    uint32_t kind;
    uint64_t a, b, c;
};

struct wire { /* a connection on its way to a link */
    struct source_key key;
    uint32_t source, point, instance, n_weight;
    uint32_t connection; /* of the network */
    double delay;
    const double *weight;
};

static uint64_t bits(double value) {
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static struct source_key source_key(const struct plan *plan, uint32_t source) {
    const struct hk_net *net = plan->net;
    uint32_t i = SOURCE_INDEX(source);
    switch (SOURCE_KIND(source)) {
    case HK_DETECTOR:
        return (struct source_key){0, net->identity[net->detector[i].cell],
                                   net->detector[i].segment, bits(net->detector[i].threshold)};
    case HK_FROM_INPUT: {
        struct input input = network_input(net, i);
        return (struct source_key){1, net->stream[input.stream].purpose, input.identity,
                                   input.index};
    }
    case HK_FROM_POINT: break;
    }
    return (struct source_key){2, net->identity[network_point_cell(net, i)], plan_number(plan, i),
                               0};
}

#define BY(field)                                                                                  \
    if (a->field != b->field) {                                                                    \
        return a->field < b->field ? -1 : 1;                                                       \
    }

static int by_source_and_target(const void *left, const void *right) {
    const struct wire *a = left, *b = right;
    BY(key.kind)
    BY(key.a)
    BY(key.b)
    BY(key.c)
    BY(source) /* two inputs that draw from one stream */
    BY(point)
    BY(instance)
    BY(delay)
    for (uint32_t w = 0; w < a->n_weight; w++) {
        BY(weight[w])
    }
    BY(connection)
    return 0;
}

static int by_source(const void *left, const void *right) {
    const struct listened *a = left, *b = right;
    return (a->source > b->source) - (a->source < b->source);
}

static struct wire wire_of(const struct plan *plan, const struct places *places,
                           uint32_t connection) {
    const struct hk_net *net = plan->net;
    struct connection c = network_connection(net, connection);
    struct place place = *places_of(places, c.point);
    return (struct wire){.key = source_key(plan, c.source),
                         .source = c.source,
                         .point = place.patch,
                         .instance = place.instance,
                         .connection = connection,
                         .n_weight = plugin_weights(network_point_spec(net, c.point)->of->plugin),
                         .delay = c.delay,
                         .weight = net->weight + c.weight};
}

/* The group's connections, those to points with a shadow twice; sorted. */
static struct wire *gather_wires(const struct plan *plan, uint32_t group,
                                 const struct places *places, uint32_t *n) {
    uint32_t first = plan->link_first[group], end = plan->link_first[group + 1];
    struct wire *wire = calloc(2 * (size_t)(end - first) + 1, sizeof *wire);
    *n = 0;
    for (uint32_t k = first; wire && k < end; k++) {
        struct wire one = wire_of(plan, places, plan->link_of[k]);
        wire[(*n)++] = one;
        uint32_t point = network_connection(plan->net, plan->link_of[k]).point;
        const struct probed *probed = plan_probed(plan, point);
        if (probed && probed->shadow) {
            one.point = probed->patch;
            one.instance = probed->instance;
            wire[(*n)++] = one;
        }
    }
    if (wire) {
        qsort(wire, *n, sizeof *wire, by_source_and_target);
    }
    return wire;
}

/* ---- kinds of links: where events leave the weights alone, those alike are kept once */

struct kinds { /* on their way to a group's */
    struct table table;
    struct link_kind *kind;
    uint32_t n;
    uint64_t n_weight; /* so far */
};

static bool keeps_weights(const struct group *g, const struct wire *wire) {
    return g->point[wire->point].plugin->flags & HK_LINEAR;
}

static uint64_t kind_hash(const struct wire *wire) {
    uint64_t hash = table_hash_double(wire->point, wire->delay);
    for (uint32_t w = 0; w < wire->n_weight; w++) {
        hash = table_hash_double(hash, wire->weight[w]);
    }
    return hash;
}

/* The kind of a wire whose weights never change, or HK_NONE; `weight` is the group's so far. */
static uint32_t find_kind(const struct kinds *kinds, const struct wire *wire, uint64_t hash,
                          const double *weight) {
    for (uint32_t at = 0, i; (i = table_next(&kinds->table, hash, &at)) != HK_NONE;) {
        const struct link_kind *kind = &kinds->kind[i];
        if (kind->point == wire->point && bits(kind->delay) == bits(wire->delay) &&
            (!wire->n_weight ||
             memcmp(weight + kind->weight, wire->weight, wire->n_weight * sizeof *weight) == 0)) {
            return i;
        }
    }
    return HK_NONE;
}

static uint32_t add_kind(struct kinds *kinds, const struct wire *wire, double *weight) {
    kinds->kind[kinds->n] = (struct link_kind){
        .point = wire->point, .weight = (uint32_t)kinds->n_weight, .delay = wire->delay};
    if (wire->n_weight) {
        memcpy(weight + kinds->n_weight, wire->weight, wire->n_weight * sizeof *weight);
    }
    kinds->n_weight += wire->n_weight;
    return kinds->n++;
}

/* Gives each link its kind: first those that own their weights, so that these stand together. */
static bool find_kinds(struct group *g, const struct wire *wire, uint32_t n, struct kinds *kinds,
                       double *weight) {
    for (uint32_t k = 0; k < n; k++) {
        if (!keeps_weights(g, &wire[k])) {
            g->link[k].kind = add_kind(kinds, &wire[k], weight) & LINK_KINDS;
        }
    }
    g->n_own = (uint32_t)kinds->n_weight;
    for (uint32_t k = 0; k < n; k++) {
        if (!keeps_weights(g, &wire[k])) {
            continue;
        }
        uint64_t hash = kind_hash(&wire[k]);
        uint32_t kind = find_kind(kinds, &wire[k], hash, weight);
        if (kind == HK_NONE) {
            if (!table_reserve(&kinds->table, 1)) {
                return false;
            }
            kind = add_kind(kinds, &wire[k], weight);
            table_add(&kinds->table, hash, kind);
        }
        g->link[k].kind = kind & LINK_KINDS;
    }
    return true;
}

static bool keep_kinds(struct group *g, const struct kinds *kinds, const double *weight) {
    struct arena *arena = &g->arena;
    g->link_kind = ARENA_NEW(arena, kinds->n, struct link_kind);
    g->weight = ARENA_NEW(arena, kinds->n_weight, double);
    g->initial_weight = ARENA_NEW(arena, g->n_own, double);
    if (arena->failed) {
        return false;
    }
    if (kinds->n) {
        memcpy(g->link_kind, kinds->kind, kinds->n * sizeof *kinds->kind);
        memcpy(g->weight, weight, kinds->n_weight * sizeof *weight);
        memcpy(g->initial_weight, weight, g->n_own * sizeof *weight);
    }
    return true;
}

static bool lay_wires(struct group *g, const struct wire *wire, uint32_t n) {
    uint64_t weights = 0;
    for (uint32_t k = 0; k < n; k++) {
        weights += wire[k].n_weight;
    }
    g->n_link = n;
    g->link = ARENA_NEW(&g->arena, n, struct link);
    struct kinds kinds = {.kind = calloc((size_t)n + 1, sizeof *kinds.kind)};
    double *weight = calloc(weights + 1, sizeof *weight);
    bool fine = g->link && kinds.kind && weight && weights <= UINT32_MAX &&
                find_kinds(g, wire, n, &kinds, weight) && keep_kinds(g, &kinds, weight);
    for (uint32_t k = 0; fine && k < n; k++) {
        g->link[k].instance = wire[k].instance;
        g->link[k].more = k + 1 < n && wire[k + 1].source == wire[k].source;
    }
    table_free(&kinds.table);
    free(kinds.kind);
    free(weight);
    return fine;
}

/* ---- connections of those that ask for them */

static bool asks(const struct hk_plugin *plugin) {
    return (plugin->flags & HK_CONNECTIONS) || plugin->connect;
}

struct end { /* of a connection at an instance */
    uint32_t instance, connection, weight;
};

static int by_instance(const void *left, const void *right) {
    const struct end *a = left, *b = right;
    BY(instance)
    return (a->connection > b->connection) - (a->connection < b->connection);
}

/* The n ends of a patch. */
static bool keep_ends(struct group *g, struct point_patch *p, struct end *end, uint32_t n) {
    qsort(end, n, sizeof *end, by_instance);
    p->first_connection = ARENA_NEW(&g->arena, (size_t)p->n + 1, uint32_t);
    p->connection = ARENA_NEW(&g->arena, n, uint32_t);
    if (g->arena.failed) {
        return false;
    }
    for (uint32_t k = 0, i = 0; i <= p->n; i++) {
        p->first_connection[i] = k;
        for (; k < n && end[k].instance == i; k++) {
            p->connection[k] = end[k].weight;
        }
    }
    return true;
}

static bool lay_connections(struct group *g, const struct wire *wire, uint32_t n) {
    bool fine = true;
    for (uint32_t p = 0; fine && p < g->n_point; p++) {
        if (!asks(g->point[p].plugin)) {
            continue;
        }
        struct end *end = calloc((size_t)n + 1, sizeof *end);
        uint32_t found = 0;
        for (uint32_t k = 0; end && k < n; k++) {
            if (wire[k].point == p) {
                end[found++] = (struct end){wire[k].instance, wire[k].connection,
                                            g->link_kind[g->link[k].kind].weight};
            }
        }
        fine = end && keep_ends(g, &g->point[p], end, found);
        free(end);
    }
    return fine;
}

static bool is_input(uint32_t source) {
    return SOURCE_KIND(source) == HK_FROM_INPUT;
}

static bool lay_listened(struct group *g, const struct wire *wire, uint32_t n) {
    uint32_t sources = 0;
    for (uint32_t k = 0; k < n; k++) {
        sources += !is_input(wire[k].source) && (k == 0 || wire[k].source != wire[k - 1].source);
    }
    g->listened = ARENA_NEW(&g->arena, sources, struct listened);
    for (uint32_t k = 0; g->listened && k < n; k++) {
        if (is_input(wire[k].source)) {
            continue;
        }
        if (k == 0 || wire[k].source != wire[k - 1].source) {
            g->listened[g->n_listened++] = (struct listened){wire[k].source, k};
        }
    }
    if (g->listened) {
        qsort(g->listened, g->n_listened, sizeof *g->listened, by_source);
    }
    return g->listened != NULL;
}

/* ---- generators */

struct awake {                    /* an input that this group runs */
    uint32_t class, input, first; /* first: link, HK_NONE without one */
};

static int by_class(const void *left, const void *right) {
    const struct awake *a = left, *b = right;
    BY(class)
    BY(first)
    return (a->input > b->input) - (a->input < b->input);
}

static bool lay_kind(const struct plan *plan, struct group *g, const struct awake *awake,
                     uint32_t n) {
    const struct hk_net *net = plan->net;
    struct generators *kind = &g->kind[g->n_kind++];
    const struct spec *spec = &net->spec[network_input(net, awake[0].input).spec];
    kind->first = g->n_generator;
    if (!generators_open(net, plan->layout, &g->arena, kind, spec, n)) {
        return false;
    }
    bool fine = true;
    for (uint32_t k = 0; fine && k < n; k++) {
        fine =
            series_add(&kind->input, awake[k].input) && series_add(&g->first_link, awake[k].first);
    }
    series_settle(&kind->input);
    g->n_generator += n;
    return fine;
}

/* Those whose events a probe wants; the first group that runs one tells. */
static bool lay_logged(const struct plan *plan, struct group *g, const struct awake *awake,
                       uint32_t n) {
    bool any = false;
    for (uint32_t j = 0; plan->wanted && j < n; j++) {
        any = any || plan->wanted[awake[j].input];
    }
    if (!any) {
        return true;
    }
    g->is_logged = ARENA_NEW(&g->arena, n, bool);
    for (uint32_t j = 0; g->is_logged && j < n; j++) {
        g->is_logged[j] = plan->wanted[awake[j].input];
        plan->wanted[awake[j].input] = false;
    }
    return g->is_logged != NULL;
}

/* Inputs that are connected to the group's points; and in the last group those that a probe wants
 * though nothing hears them. */
static struct awake *gather_awake(const struct plan *plan, uint32_t group, const struct wire *wire,
                                  uint32_t n, uint32_t *found) {
    const struct hk_net *net = plan->net;
    bool last = plan->wanted && group + 1 == plan->layout->n_group;
    struct awake *awake = calloc((size_t)n + (last ? net->n_input : 0) + 1, sizeof *awake);
    *found = 0;
    for (uint32_t k = 0; awake && k < n; k++) {
        if (!is_input(wire[k].source)) {
            continue;
        }
        uint32_t input = SOURCE_INDEX(wire[k].source);
        if (k == 0 || wire[k].source != wire[k - 1].source) {
            awake[(*found)++] =
                (struct awake){plan->class_of[network_input(net, input).spec], input, k};
        }
    }
    for (uint32_t input = 0; awake && last && input < net->n_input; input++) {
        if (plan->wanted[input] && plan->unheard[input]) {
            awake[(*found)++] =
                (struct awake){plan->class_of[network_input(net, input).spec], input, HK_NONE};
        }
    }
    if (awake) {
        qsort(awake, *found, sizeof *awake, by_class);
    }
    return awake;
}

static bool lay_generators(const struct plan *plan, struct group *g, uint32_t group,
                           const struct wire *wire, uint32_t n) {
    const hk_net *net = plan->net;
    uint32_t found, classes = 0;
    struct awake *awake = gather_awake(plan, group, wire, n, &found);
    for (uint32_t k = 0; awake && k < found; k++) {
        classes += k == 0 || awake[k].class != awake[k - 1].class;
    }
    g->kind = ARENA_NEW(&g->arena, classes, struct generators);
    bool fine = awake && g->kind && lay_logged(plan, g, awake, found);
    for (uint32_t first = 0, end; fine && first < found; first = end) {
        end = first + 1;
        while (end < found && awake[end].class == awake[first].class) {
            end++;
        }
        fine = lay_kind(plan, g, awake + first, end - first);
    }
    free(awake);
    series_settle(&g->first_link);
    double *t = ARENA_NEW(&g->arena, found, double);
    uint32_t *next = ARENA_NEW(&g->arena, found, uint32_t);
    alarm_init(&g->waking, net->options.dt, plan->layout->epoch_steps, t, next);
    return fine && !g->arena.failed;
}

/* ---- sources within the group */

/* A patch's sources, none so far. */
static uint32_t *open_emitter(struct group *g, const struct point_patch *point) {
    uint32_t *source = ARENA_NEW(&g->arena, point->padded, uint32_t);
    for (uint32_t k = 0; source && k < point->padded; k++) {
        source[k] = HK_NONE;
    }
    return source;
}

static bool lay_emitters(const struct plan *plan, struct group *g, const struct places *places) {
    for (uint32_t lane = 0; plan->emitting && lane < g->lanes; lane++) {
        uint32_t first = plan->point_first[g->cell[lane]];
        for (uint32_t k = first; k < plan->point_first[g->cell[lane] + 1]; k++) {
            if (!plan->emitting[plan->point_of[k]]) {
                continue;
            }
            struct place at = places->place[places->first[lane] + k - first];
            g->emits = g->emits ? g->emits : ARENA_NEW(&g->arena, g->n_point, uint32_t *);
            if (g->emits && !g->emits[at.patch]) {
                g->emits[at.patch] = open_emitter(g, &g->point[at.patch]);
            }
            if (g->arena.failed) {
                return false;
            }
            g->emits[at.patch][at.instance] = SOURCE(HK_FROM_POINT, plan->point_of[k]);
        }
    }
    return true;
}

uint32_t *layout_find_links(const struct plan *plan, uint32_t group, const struct places *places) {
    uint32_t n;
    struct wire *wire = gather_wires(plan, group, places, &n);
    uint32_t *connection = wire ? malloc(((size_t)n + 1) * sizeof *connection) : NULL;
    for (uint32_t k = 0; connection && k < n; k++) {
        connection[k] = wire[k].connection;
    }
    free(wire);
    return connection;
}

hk_status layout_links(struct plan *plan, struct group *g, uint32_t group,
                       const struct places *places) {
    const struct hk_net *net = plan->net;
    uint32_t n;
    struct wire *wire = gather_wires(plan, group, places, &n);
    bool fine = wire && lay_wires(g, wire, n) && lay_connections(g, wire, n) &&
                lay_listened(g, wire, n) && lay_generators(plan, g, group, wire, n) &&
                lay_emitters(plan, g, places);
    free(wire);
    calendar_init(&g->due, net->options.dt, plan->layout->epoch_steps);
    return fine ? HK_OK : fail_memory(net->ctx, "a group's connections");
}
