/* SPDX-License-Identifier: BSD-3-Clause */
/* A group's connections: what it listens to, and the generators that drive its points. */
#include "error.h"
#include "layout.h"
#include "random.h"
#include "spec_order.h"
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
    case HK_FROM_INPUT:
        return (struct source_key){1, net->stream[net->input[i].stream].purpose,
                                   net->input[i].identity, net->input[i].index};
    case HK_FROM_POINT: break;
    }
    return (struct source_key){2, net->identity[net->point[i].cell], plan->number_of[i], 0};
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
    return 0;
}

static int by_source(const void *left, const void *right) {
    const struct listened *a = left, *b = right;
    return (a->source > b->source) - (a->source < b->source);
}

static struct wire wire_of(const struct plan *plan, uint32_t connection) {
    const struct hk_net *net = plan->net;
    const struct connection *c = &net->connection[connection];
    return (struct wire){.key = source_key(plan, c->source),
                         .source = c->source,
                         .point = plan->patch_of[c->point],
                         .instance = plan->instance_of[c->point],
                         .n_weight = plugin_weights(net->spec[net->point[c->point].spec].plugin),
                         .delay = c->delay,
                         .weight = net->weight + c->weight};
}

/* The group's connections, those to points with a shadow twice; sorted. */
static struct wire *gather_wires(const struct plan *plan, uint32_t group, uint32_t *n) {
    uint32_t first = plan->link_first[group], end = plan->link_first[group + 1];
    struct wire *wire = calloc(2 * (size_t)(end - first) + 1, sizeof *wire);
    *n = 0;
    for (uint32_t k = first; wire && k < end; k++) {
        struct wire one = wire_of(plan, plan->link_of[k]);
        wire[(*n)++] = one;
        uint32_t point = plan->net->connection[plan->link_of[k]].point;
        if (plan->shadow_of[point] != HK_NONE) {
            one.point = plan->shadow_patch[point];
            one.instance = plan->shadow_of[point];
            wire[(*n)++] = one;
        }
    }
    if (wire) {
        qsort(wire, *n, sizeof *wire, by_source_and_target);
    }
    return wire;
}

static bool lay_wires(struct group *g, const struct wire *wire, uint32_t n) {
    for (uint32_t k = 0; k < n; k++) {
        g->n_weight += wire[k].n_weight;
    }
    g->n_link = n;
    g->link = ARENA_NEW(&g->arena, n, struct link);
    g->weight = ARENA_NEW(&g->arena, g->n_weight, double);
    g->initial_weight = ARENA_NEW(&g->arena, g->n_weight, double);
    double *weight = g->weight;
    for (uint32_t k = 0; !g->arena.failed && k < n; k++) {
        g->link[k] = (struct link){wire[k].point, wire[k].instance, wire[k].delay, weight};
        for (uint32_t w = 0; w < wire[k].n_weight; w++) {
            *weight++ = wire[k].weight[w];
        }
    }
    if (!g->arena.failed) {
        memcpy(g->initial_weight, g->weight, g->n_weight * sizeof *weight);
    }
    return !g->arena.failed;
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
            g->listened[g->n_listened++] = (struct listened){wire[k].source, k, 0};
        }
        g->listened[g->n_listened - 1].n++;
    }
    if (g->listened) {
        qsort(g->listened, g->n_listened, sizeof *g->listened, by_source);
    }
    return g->listened != NULL;
}

/* ---- generators */

struct awake { /* an input that this group runs */
    uint32_t class, input, first, n;
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
    struct generators *kind = &g->kind[g->n_kind];
    const struct spec *spec = &net->spec[net->input[awake[0].input].spec];
    kind->plugin = spec->plugin;
    kind->n = n;
    kind->padded = group_padded(n);
    kind->input = ARENA_NEW(&g->arena, n, uint32_t);
    kind->stream = ARENA_NEW(&g->arena, kind->padded, struct hk_stream);
    if (!layout_block(net, &g->arena, spec, kind->padded, &kind->block, &kind->col) ||
        g->arena.failed) {
        return false;
    }
    kind->block.stream = kind->stream;
    for (uint32_t k = 0; k < n; k++) {
        const struct input *input = &net->input[awake[k].input];
        kind->input[k] = awake[k].input;
        struct random_stream stream = random_stream(
            net->options.seed, net->stream[input->stream].purpose, input->identity, input->index);
        memcpy(&kind->stream[k], &stream, sizeof stream);
        g->generator[g->n_generator++] = (struct generator){.kind = g->n_kind,
                                                            .instance = k,
                                                            .first = awake[k].first,
                                                            .n = awake[k].n,
                                                            .logged = plan->wanted[awake[k].input]};
        plan->wanted[awake[k].input] = false; /* one group tells */
    }
    g->n_kind++;
    return true;
}

/* Inputs that are connected to the group's points; and in the last group those that a probe wants
 * though nothing hears them. */
static struct awake *gather_awake(const struct plan *plan, uint32_t group, const struct wire *wire,
                                  uint32_t n, uint32_t *found) {
    const struct hk_net *net = plan->net;
    bool last = group + 1 == plan->layout->n_group;
    struct awake *awake = calloc((size_t)n + (last ? net->n_input : 0) + 1, sizeof *awake);
    *found = 0;
    for (uint32_t k = 0; awake && k < n; k++) {
        if (!is_input(wire[k].source)) {
            continue;
        }
        uint32_t input = SOURCE_INDEX(wire[k].source);
        if (k == 0 || wire[k].source != wire[k - 1].source) {
            awake[(*found)++] = (struct awake){plan->class_of[net->input[input].spec], input, k, 0};
        }
        awake[*found - 1].n++;
    }
    for (uint32_t input = 0; awake && last && input < net->n_input; input++) {
        if (plan->wanted[input] && plan->unheard[input]) {
            awake[(*found)++] = (struct awake){plan->class_of[net->input[input].spec], input, 0, 0};
        }
    }
    if (awake) {
        qsort(awake, *found, sizeof *awake, by_class);
    }
    return awake;
}

static bool lay_generators(const struct plan *plan, struct group *g, uint32_t group,
                           const struct wire *wire, uint32_t n) {
    uint32_t found, classes = 0;
    struct awake *awake = gather_awake(plan, group, wire, n, &found);
    for (uint32_t k = 0; awake && k < found; k++) {
        classes += k == 0 || awake[k].class != awake[k - 1].class;
    }
    g->kind = ARENA_NEW(&g->arena, classes, struct generators);
    g->generator = ARENA_NEW(&g->arena, found, struct generator);
    bool fine = awake && g->kind && g->generator;
    for (uint32_t first = 0, end; fine && first < found; first = end) {
        end = first + 1;
        while (end < found && awake[end].class == awake[first].class) {
            end++;
        }
        fine = lay_kind(plan, g, awake + first, end - first);
    }
    free(awake);
    return fine;
}

/* ---- sources within the group */

static bool lay_emitters(const struct plan *plan, struct group *g) {
    g->emits = ARENA_NEW(&g->arena, g->n_point, uint32_t *);
    for (uint32_t p = 0; g->emits && p < g->n_point; p++) {
        g->emits[p] = ARENA_NEW(&g->arena, g->point[p].padded, uint32_t);
        for (uint32_t k = 0; g->emits[p] && k < g->point[p].padded; k++) {
            g->emits[p][k] = HK_NONE;
        }
    }
    for (uint32_t lane = 0; !g->arena.failed && lane < g->lanes; lane++) {
        for (uint32_t k = plan->point_first[g->cell[lane]];
             k < plan->point_first[g->cell[lane] + 1]; k++) {
            uint32_t point = plan->point_of[k];
            if (plan->emitting[point]) {
                g->emits[plan->patch_of[point]][plan->instance_of[point]] =
                    SOURCE(HK_FROM_POINT, point);
            }
        }
    }
    return !g->arena.failed;
}

hk_status layout_links(struct plan *plan, struct group *g, uint32_t group) {
    const struct hk_net *net = plan->net;
    uint32_t n;
    struct wire *wire = gather_wires(plan, group, &n);
    bool fine = wire && lay_wires(g, wire, n) && lay_listened(g, wire, n) &&
                lay_generators(plan, g, group, wire, n) && lay_emitters(plan, g);
    free(wire);
    calendar_init(&g->due, net->options.dt, plan->layout->epoch_steps);
    calendar_init(&g->waking, net->options.dt, plan->layout->epoch_steps);
    return fine ? HK_OK : fail_memory(net->ctx, "a group's connections");
}
