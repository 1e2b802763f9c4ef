/* SPDX-License-Identifier: BSD-3-Clause */
/* Where events come from, and what they have changed: inputs, detectors, connections' weights. */
#include "error.h"
#include "save.h"
#include <stdlib.h>
#include <string.h>

/* ---- weights */

hk_status save_pass_weights(struct save_stream *s, void *data) {
    const struct save *all = data;
    const hk_net *net = all->net;
    for (uint32_t c = 0; all->run.begun && c < net->n_connection; c++) {
        uint32_t point = (uint32_t)series_get(&net->connection.point, c);
        const struct hk_plugin *plugin = network_point_spec(net, point)->of->plugin;
        if (plugin->flags & HK_LINEAR) {
            continue; /* its events change none */
        }
        const struct group *g = save_target(&all->map, c);
        double *weight = g->weight + g->link_kind[g->link[all->map.link[c]].kind].weight;
        for (uint32_t w = 0, n = plugin_weights(plugin); w < n; w++) {
            save_value(s, &weight[w]);
        }
    }
    return HK_OK;
}

/* ---- detectors */

hk_status save_pass_detectors(struct save_stream *s, void *data) {
    const struct save *all = data;
    const hk_net *net = all->net;
    /* Each group has its own in the network's order. */
    uint32_t *next = calloc((size_t)all->layout->n_group + 1, sizeof *next);
    hk_status status = next ? HK_OK : fail_memory(s->ctx, "a network's file");
    for (uint32_t d = 0; all->run.begun && !status && d < net->n_detector; d++) {
        uint32_t k = all->layout->group_of[net->detector[d].cell];
        struct group_detector *detector = &all->layout->group[k].detector[next[k]++];
        unsigned char above = detector->above;
        const unsigned char *byte = save_bytes(s, &above, 1);
        if (byte && *byte > 1) {
            status = save_damaged(s, "a detector is neither above nor below its threshold");
        } else if (byte && s->way == SAVE_READ) {
            detector->above = *byte;
        }
    }
    free(next);
    return status;
}

/* ---- inputs */

static void pass_input(struct save_stream *s, struct group *g, uint32_t generator) {
    struct generators *kind = save_kind(g, generator);
    double *state = kind->state + (size_t)(generator - kind->first) * kind->n_state;
    for (uint32_t j = 0; j < kind->n_state; j++) {
        save_value(s, &state[j]);
    }
    save_value(s, &g->waking.t[generator]);
}

/* Gives the group's copies the state of the first one, and puts all to sleep until their next
 * event. */
static void wake_later(const struct save *all, struct group *g, int64_t epoch) {
    alarm_clear(&g->waking);
    g->waking.today = epoch;
    for (uint32_t p = 0; p < g->n_kind; p++) {
        struct generators *kind = &g->kind[p];
        for (uint32_t k = 0; k < kind->n; k++) {
            struct save_input from = all->map.input[series_get(&kind->input, k)];
            struct group *there = &all->layout->group[from.group];
            const struct generators *first = save_kind(there, from.generator);
            uint32_t at = from.generator - first->first;
            if (first != kind || at != k) {
                memcpy(kind->state + (size_t)k * kind->n_state,
                       first->state + (size_t)at * first->n_state,
                       kind->n_state * sizeof *kind->state);
            }
            alarm_set(&g->waking, kind->first + k, there->waking.t[from.generator]);
        }
    }
}

hk_status save_pass_inputs(struct save_stream *s, void *data) {
    const struct save *all = data;
    struct layout *layout = all->layout;
    for (uint32_t i = 0; all->run.begun && i < all->net->n_input; i++) {
        struct save_input input = all->map.input[i];
        if (input.group != HK_NONE) {
            pass_input(s, &layout->group[input.group], input.generator);
        }
    }
    for (uint32_t k = 0; s->way == SAVE_READ && all->run.begun && k < layout->n_group; k++) {
        wake_later(all, &layout->group[k], engine_epoch(layout, all->run.step));
    }
    return HK_OK;
}
