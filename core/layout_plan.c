/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of a layout need to know of the whole network: which points and connections are
 * whose. */
#include "layout.h"
#include "probe.h"
#include "spec_order.h"
#include <stdlib.h>
#include <string.h>

/* Sorts 0 .. n-1 by key, keeping their order: first[k] .. first[k + 1] - 1 of `sorted` have key k.
 */
typedef uint32_t key_of(const hk_net *net, const struct layout *layout, uint32_t i);
static bool sort(uint32_t n, key_of *key, const hk_net *net, const struct layout *layout,
                 uint32_t keys, uint32_t **first, uint32_t **sorted) {
    *first = calloc((size_t)keys + 2, sizeof **first);
    *sorted = malloc(((size_t)n + 1) * sizeof **sorted);
    if (!*first || !*sorted) {
        return false;
    }
    uint32_t *next = *first + 1; /* becomes first after the filling below */
    for (uint32_t i = 0; i < n; i++) {
        next[key(net, layout, i) + 1]++;
    }
    for (uint32_t k = 1; k <= keys; k++) {
        next[k] += next[k - 1];
    }
    for (uint32_t i = 0; i < n; i++) {
        (*sorted)[next[key(net, layout, i)]++] = i;
    }
    return true;
}

static uint32_t point_cell(const hk_net *net, const struct layout *layout, uint32_t i) {
    (void)layout;
    return network_point_cell(net, i);
}

static uint32_t link_group(const hk_net *net, const struct layout *layout, uint32_t i) {
    uint32_t point = (uint32_t)series_get(&net->connection.point, i);
    return layout->group_of[network_point_cell(net, point)];
}

static uint32_t override_cell(const hk_net *net, const struct layout *layout, uint32_t i) {
    (void)layout;
    return net->override[i].cell;
}

/* Overrides by cell, so that a group finds its own; those of one cell stay in the order of the
 * calls. */
bool plan_sort_overrides(hk_net *net) {
    uint32_t *first = NULL, *sorted = NULL;
    struct override *copy = calloc((size_t)net->n_override + 1, sizeof *copy);
    bool fine =
        copy && sort(net->n_override, override_cell, net, NULL, net->n_cell, &first, &sorted);
    for (uint32_t i = 0; fine && i < net->n_override; i++) {
        copy[i] = net->override[sorted[i]];
    }
    if (fine && net->n_override) {
        memcpy(net->override, copy, net->n_override * sizeof *copy);
    }
    free(first);
    free(sorted);
    free(copy);
    return fine;
}

static bool find_classes(struct plan *plan) {
    const hk_net *net = plan->net;
    plan->class_of = calloc((size_t)net->n_spec + 1, sizeof *plan->class_of);
    uint32_t *leader = calloc((size_t)net->n_spec + 1, sizeof *leader), n = 0;
    for (uint32_t s = 0; plan->class_of && leader && s < net->n_spec; s++) {
        uint32_t c = 0;
        while (c < n && (net->spec[leader[c]].of->plugin != net->spec[s].of->plugin ||
                         spec_class_compare(&net->spec[leader[c]], &net->spec[s]) != 0)) {
            c++;
        }
        if (c == n) {
            leader[n++] = s;
        }
        plan->class_of[s] = c;
    }
    bool fine = plan->class_of && leader;
    free(leader);
    return fine;
}

/* ---- what probes want, and who is listened to */

static bool want_events(struct plan *plan, const struct probe *probe) {
    const hk_net *net = plan->net;
    if (!plan->wanted) {
        plan->wanted = calloc((size_t)net->n_input + 1, sizeof *plan->wanted);
    }
    if (!plan->wanted) {
        return false;
    }
    if (!probe->n_target) {
        memset(plan->wanted, 1, net->n_input * sizeof *plan->wanted);
    }
    for (uint32_t k = 0; k < probe->n_target; k++) {
        plan->wanted[SOURCE_INDEX(probe->target[k].index)] = true;
    }
    return true;
}

static bool emits(struct plan *plan, uint32_t source) {
    if (SOURCE_KIND(source) != HK_FROM_POINT) {
        return true;
    }
    if (!plan->emitting) {
        plan->emitting = calloc((size_t)plan->net->n_point + 1, sizeof *plan->emitting);
    }
    if (plan->emitting) {
        plan->emitting[SOURCE_INDEX(source)] = true;
    }
    return plan->emitting != NULL;
}

static int by_point(const void *left, const void *right) {
    const struct probed *a = left, *b = right;
    return (a->point > b->point) - (a->point < b->point);
}

static void add_end(struct plan *plan, const struct port_end *end) {
    if (end->point != HK_NONE) {
        plan->probed[plan->n_probed++] = (struct probed){.point = end->point, .alone = true};
    }
}

static bool find_probed(struct plan *plan) {
    const hk_net *net = plan->net;
    size_t most = 1 + 2 * (size_t)net->n_port;
    for (uint32_t p = 0; p < net->n_probe; p++) {
        most += net->probe[p]->kind == HK_PROBE_VALUES ? net->probe[p]->n_target : 0;
    }
    plan->probed = calloc(most, sizeof *plan->probed);
    for (uint32_t p = 0; plan->probed && p < net->n_probe; p++) {
        const struct probe *probe = net->probe[p];
        for (uint32_t k = 0; probe->kind == HK_PROBE_VALUES && k < probe->n_target; k++) {
            if (probe->target[k].at == HK_AT_POINT) {
                plan->probed[plan->n_probed++].point = probe->target[k].index;
            }
        }
    }
    for (uint32_t i = 0; plan->probed && i < net->n_port; i++) {
        add_end(plan, &net->port[i].at);
        add_end(plan, &net->port[i].shown);
    }
    if (plan->probed) {
        qsort(plan->probed, plan->n_probed, sizeof *plan->probed, by_point);
    }
    uint32_t n = 0;
    for (uint32_t k = 0; plan->probed && k < plan->n_probed; k++) {
        if (!n || plan->probed[n - 1].point != plan->probed[k].point) {
            plan->probed[n++] = plan->probed[k];
        }
        plan->probed[n - 1].alone = plan->probed[n - 1].alone || plan->probed[k].alone;
    }
    plan->n_probed = n;
    return plan->probed != NULL;
}

static bool mark_probes(struct plan *plan) {
    bool fine = find_probed(plan);
    for (uint32_t p = 0; fine && p < plan->net->n_probe; p++) {
        const struct probe *probe = plan->net->probe[p];
        for (uint32_t k = 0; probe->kind == HK_PROBE_SPIKES && k < probe->n_target; k++) {
            fine = fine && emits(plan, probe->target[k].index);
        }
        fine = fine && (probe->kind != HK_PROBE_EVENTS || want_events(plan, probe));
    }
    return fine;
}

static bool mark_sources(struct plan *plan) {
    const hk_net *net = plan->net;
    bool fine = mark_probes(plan);
    if (fine && plan->wanted) {
        plan->unheard = malloc((size_t)net->n_input + 1);
        fine = plan->unheard != NULL;
    }
    if (plan->unheard) {
        memset(plan->unheard, 1, net->n_input);
    }
    for (uint32_t i = 0; fine && i < net->n_connection; i++) {
        uint32_t source = (uint32_t)series_get(&net->connection.source, i);
        fine = emits(plan, source);
        if (plan->unheard && SOURCE_KIND(source) == HK_FROM_INPUT) {
            plan->unheard[SOURCE_INDEX(source)] = false;
        }
    }
    return fine;
}

bool plan_open(struct plan *plan) {
    hk_net *net = plan->net;
    return sort(net->n_point, point_cell, net, plan->layout, net->n_cell, &plan->point_first,
                &plan->point_of) &&
           sort(net->n_connection, link_group, net, plan->layout, plan->layout->n_group,
                &plan->link_first, &plan->link_of) &&
           find_classes(plan) && mark_sources(plan);
}

void plan_close(struct plan *plan) {
    free(plan->point_first);
    free(plan->point_of);
    free(plan->link_first);
    free(plan->link_of);
    free(plan->class_of);
    free(plan->probed);
    free(plan->wanted);
    free(plan->unheard);
    free(plan->emitting);
    free(plan->reader);
}

uint32_t plan_number(const struct plan *plan, uint32_t point) {
    uint32_t cell = network_point_cell(plan->net, point);
    const uint32_t *of = plan->point_of + plan->point_first[cell];
    uint32_t low = 0, high = plan->point_first[cell + 1] - plan->point_first[cell];
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (of[middle] <= point) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

struct probed *plan_probed(const struct plan *plan, uint32_t point) {
    struct probed wanted = {.point = point};
    return plan->n_probed ? bsearch(&wanted, plan->probed, plan->n_probed, sizeof wanted, by_point)
                          : NULL;
}

/* ---- places of a group's points */

bool places_open(const struct plan *plan, const struct group *g, struct places *out) {
    uint32_t n = 0;
    *out = (struct places){.plan = plan, .first = calloc(g->lanes, sizeof *out->first)};
    for (uint32_t lane = 0; out->first && lane < g->lanes; lane++) {
        out->first[lane] = n;
        n += plan->point_first[g->cell[lane] + 1] - plan->point_first[g->cell[lane]];
    }
    out->n = n;
    out->place = calloc((size_t)n + 1, sizeof *out->place);
    return out->first && out->place;
}

void places_close(struct places *places) {
    free(places->first);
    free(places->place);
}

struct place *places_of(const struct places *places, uint32_t point) {
    const struct plan *plan = places->plan;
    uint32_t lane = plan->layout->lane_of[network_point_cell(plan->net, point)];
    return &places->place[places->first[lane] + plan_number(plan, point)];
}
