/* SPDX-License-Identifier: BSD-3-Clause */
#include "layout.h"
#include "digest.h"
#include "engine.h"
#include "error.h"
#include "registry.h"
#include "unit.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#if defined __GLIBC__
#include <malloc.h>
#endif

/* ---- what must hold of the whole model */

static hk_status check_plugin(const hk_net *net, const struct hk_plugin *plugin) {
    if ((plugin->flags & HK_CELSIUS) && isnan(net->options.celsius)) {
        return fail(net->ctx, HK_INVALID,
                    "celsius is not set, and %s depends on it: set the network's celsius (degC)",
                    plugin->name);
    }
    return registry_check_rounding(net->ctx, plugin);
}

hk_status layout_no_celsius(const hk_net *net, const char *ion) {
    return fail(net->ctx, HK_INVALID,
                "celsius is not set, and the reversal potential of %s depends on it: set the "
                "network's celsius (degC)",
                ion);
}

static hk_status check_type(const hk_net *net, const hk_cell *type) {
    for (uint32_t m = 0; m < type->n_mechanism; m++) {
        hk_status status = check_plugin(net, type->mechanism[m].plugin);
        if (status) {
            return status;
        }
    }
    for (uint32_t i = 0; i < type->n_ion; i++) {
        for (uint32_t s = 0; s < type->cable->n_segment; s++) {
            if (layout_needs_nernst(&type->ion[i], s) && isnan(net->options.celsius)) {
                return layout_no_celsius(net, type->ion[i].name);
            }
        }
    }
    return cell_complete(type);
}

static hk_status check_model(const hk_net *net) {
    if (!net->n_cell) {
        return fail(net->ctx, HK_INVALID, "the network has no cells: make a population first");
    }
    for (uint32_t p = 0; p < net->n_population; p++) {
        hk_status status = check_type(net, net->population[p].type);
        if (status) {
            return status;
        }
    }
    for (uint32_t s = 0; s < net->n_spec; s++) {
        hk_status status = check_plugin(net, net->spec[s].of->plugin);
        if (status) {
            return status;
        }
    }
    return HK_OK;
}

/* ---- groups */

enum { GROUP_BYTES = 300 * 1024, LEAST_CELLS = 8, MOST_CELLS = 64 };

/* Most cells of a type in a group: what fits in a second-level cache, 8 to 64. */
static uint32_t most_lanes(const hk_net *net, const hk_cell *type) {
    if (net->options.group) {
        return net->options.group;
    }
    size_t columns = 5 + 3 * (size_t)type->n_ion;
    for (uint32_t m = 0; m < type->n_mechanism; m++) {
        columns += type->mechanism[m].plugin->n_column;
    }
    size_t lanes = GROUP_BYTES / (columns * sizeof(double) * type->cable->n_node);
    return lanes < LEAST_CELLS ? LEAST_CELLS : lanes > MOST_CELLS ? MOST_CELLS : (uint32_t)lanes;
}

/* How many groups for n cells: enough for the cache and for every thread to have as many as the
 * others. */
static uint32_t count_groups(const hk_net *net, const hk_cell *type, uint32_t n, uint32_t threads) {
    uint32_t most = most_lanes(net, type), groups = (n + most - 1) / most;
    if (!net->options.group) {
        groups = (groups + threads - 1) / threads * threads;
    }
    return groups < n ? groups : n;
}

/* How many of n cells come before group k of so many. Where groups are many, they begin at
 * multiples of 8 cells: the solver likes whole strips, and a thread does not mind a cell more or
 * less. */
static uint32_t cells_before(const hk_net *net, uint32_t n, uint32_t groups, uint32_t k,
                             uint32_t threads) {
    uint64_t even = (uint64_t)n * k / groups;
    bool strips = !net->options.group && k < groups && groups >= 4 * threads && n / groups >= 8;
    return (uint32_t)(strips ? (even + 4) / 8 * 8 : even);
}

/* The first population of each type stands for the type. */
static bool is_first_of_type(const hk_net *net, uint32_t population) {
    for (uint32_t p = 0; p < population; p++) {
        if (net->population[p].type == net->population[population].type) {
            return false;
        }
    }
    return true;
}

static uint32_t count_cells(const hk_net *net, const hk_cell *type) {
    uint32_t n = 0;
    for (uint32_t p = 0; p < net->n_population; p++) {
        n += net->population[p].type == type ? net->population[p].n : 0;
    }
    return n;
}

/* Deals a type's cells out to its groups, in the order of their numbers. */
static bool deal_cells(const hk_net *net, const hk_cell *type, struct layout *layout,
                       uint32_t first, uint32_t groups, uint32_t threads) {
    uint32_t n = count_cells(net, type), group = 0, lane = 0;
    for (uint32_t k = 0; k < groups; k++) {
        struct group *g = &layout->group[first + k];
        g->net = net;
        g->type = (hk_cell *)(uintptr_t)type;
        g->lanes =
            cells_before(net, n, groups, k + 1, threads) - cells_before(net, n, groups, k, threads);
        g->cell = ARENA_NEW(&g->arena, g->lanes, uint32_t);
        if (!g->cell) {
            return false;
        }
    }
    for (uint32_t p = 0; p < net->n_population; p++) {
        const struct population *population = &net->population[p];
        for (uint32_t c = population->first;
             population->type == type && c < population->first + population->n; c++) {
            if (lane == layout->group[first + group].lanes) {
                group++;
                lane = 0;
            }
            layout->group[first + group].artificial = population->artificial;
            layout->group[first + group].cell[lane] = c;
            layout->group_of[c] = first + group;
            layout->lane_of[c] = lane++;
        }
    }
    return true;
}

static hk_status make_groups(struct plan *plan) {
    hk_net *net = plan->net;
    struct layout *layout = plan->layout;
    uint32_t threads = engine_threads(net);
    layout->group_of = calloc(net->n_cell, sizeof *layout->group_of);
    layout->lane_of = calloc(net->n_cell, sizeof *layout->lane_of);
    uint32_t n = 0;
    for (uint32_t p = 0; p < net->n_population; p++) {
        const hk_cell *type = net->population[p].type;
        n +=
            is_first_of_type(net, p) ? count_groups(net, type, count_cells(net, type), threads) : 0;
    }
    layout->group = calloc(n, sizeof *layout->group);
    if (!layout->group || !layout->group_of || !layout->lane_of) {
        return fail_memory(net->ctx, "groups of cells");
    }
    plan->progress = progress_begin(&net->options, "layout", 2 * (uint64_t)n);
    for (uint32_t p = 0; p < net->n_population; p++) {
        hk_cell *type = net->population[p].type;
        if (!is_first_of_type(net, p)) {
            continue;
        }
        uint32_t first = layout->n_group,
                 groups = count_groups(net, type, count_cells(net, type), threads);
        layout->n_group += groups;
        if (!deal_cells(net, type, layout, first, groups, threads)) {
            return fail_memory(net->ctx, "groups of cells");
        }
        struct shape shape;
        hk_status status = shape_new(type, &shape);
        for (uint32_t k = first; !status && k < first + groups; k++) {
            progress_tell(&plan->progress, k);
            status = layout_cells(net, &shape, &layout->group[k]);
            if (!status) {
                status = layout_values(plan, &layout->group[k]);
            }
        }
        shape_free(&shape);
        if (status) {
            return status;
        }
    }
    return HK_OK;
}

/* ---- epochs */

/* How many steps a group may run alone: what a spike needs at least from the step of its source to
 * that of its target, at most 1 ms. A point's own event may stand up to half a step before the
 * step's time. */
static int64_t find_epoch(const hk_net *net) {
    double dt = net->options.dt;
    int64_t steps = (int64_t)floor(1 / dt + 1e-9);
    for (uint32_t i = 0; i < net->n_connection; i++) {
        struct connection c = network_connection(net, i);
        enum hk_source_kind kind = SOURCE_KIND(c.source);
        if (kind != HK_FROM_INPUT) {
            int64_t needs =
                kind == HK_DETECTOR ? event_step(c.delay, dt) : event_step(c.delay - dt / 2, dt);
            steps = needs < steps ? needs : steps;
        }
    }
    return steps < 1 ? 1 : steps;
}

/* ---- making it */

static hk_status lay_group(struct plan *plan, uint32_t k) {
    struct group *g = &plan->layout->group[k];
    struct places places;
    if (!places_open(plan, g, &places)) {
        places_close(&places);
        return fail_memory(plan->net->ctx, "a group's point processes");
    }
    hk_status status = layout_points(plan, g, &places);
    if (!status) {
        status = layout_links(plan, g, k, &places);
    }
    places_close(&places);
    return status;
}

static hk_status lay_out(hk_net *net, struct plan *plan) {
    struct layout *layout = plan->layout;
    hk_status status = plan_sort_overrides(net) && plan_find_readers(plan)
                           ? plan_check_readers(plan)
                           : fail_memory(net->ctx, "values of cells");
    if (!status) {
        status = make_groups(plan);
    }
    if (!status && !plan_open(plan)) {
        status = fail_memory(net->ctx, "the plan of a network");
    }
    for (uint32_t k = 0; !status && k < layout->n_group; k++) {
        progress_tell(&plan->progress, layout->n_group + k);
        status = lay_group(plan, k);
    }
    if (!status) {
        status = layout_probes(plan);
    }
    if (!status) {
        status = layout_ports(plan);
    }
    if (!status) {
        status = unit_describe(net, layout);
    }
    return status;
}

/* Of a large network, the plan's memory goes back to the system, not only to the allocator. (A
 * sanitizer brings an allocator of its own, beside which the C library's must not be used.) */
static void give_back(const hk_net *net) {
    enum { LARGE = 100000 };
#if defined __GLIBC__ && !defined __SANITIZE_THREAD__ && !defined __SANITIZE_ADDRESS__
    if (net->n_connection + net->n_point > LARGE) {
        malloc_trim(0);
    }
#else
    (void)net;
#endif
}

hk_status layout_new(hk_net *net) {
    hk_status status = check_model(net);
    if (status) {
        return status;
    }
    struct layout *layout = calloc(1, sizeof *layout);
    if (!layout) {
        return fail_memory(net->ctx, "the layout of a network");
    }
    layout->epoch_steps = find_epoch(net);
    struct plan plan = {.net = net, .layout = layout};
    status = lay_out(net, &plan);
    plan_close(&plan);
    if (!status) {
        status = engine_new(net, layout);
    }
    if (!status) {
        status = digest_types(net, net->types);
    }
    if (status) {
        layout_free(layout);
        return status;
    }
    net->layout = layout;
    network_settle(net);
    give_back(net);
    return HK_OK;
}

static uint64_t group_bytes(const struct group *g) {
    uint64_t bytes = sizeof *g + g->arena.total + calendar_bytes(&g->due) + g->first_link.bytes +
                     g->self.room * sizeof *g->self.item +
                     (g->out.room + g->logged.room) * sizeof *g->out.item;
    for (uint32_t p = 0; p < g->n_kind; p++) {
        bytes += g->kind[p].input.bytes;
    }
    return bytes;
}

uint64_t layout_bytes(const hk_net *net) {
    const struct layout *layout = net->layout;
    uint64_t bytes = sizeof *layout + intern_bytes(&layout->shared) +
                     layout->n_relay * sizeof *layout->relay +
                     net->n_cell * (sizeof *layout->group_of + sizeof *layout->lane_of);
    for (uint32_t k = 0; k < layout->n_group; k++) {
        bytes += group_bytes(&layout->group[k]);
    }
    return bytes;
}

static void free_group(struct group *g) {
    calendar_free(&g->due);
    for (uint32_t p = 0; p < g->n_kind; p++) {
        generators_close(&g->kind[p]);
    }
    series_free(&g->first_link);
    self_queue_free(&g->self);
    free(g->out.item);
    free(g->logged.item);
    arena_free(&g->arena);
}

void layout_free(struct layout *layout) {
    if (!layout) {
        return;
    }
    engine_free(layout->engine);
    for (uint32_t k = 0; k < layout->n_group; k++) {
        free_group(&layout->group[k]);
    }
    unit_free(layout);
    intern_free(&layout->shared);
    free(layout->coupled);
    free(layout->single);
    free(layout->relay);
    free(layout->group);
    free(layout->group_of);
    free(layout->lane_of);
    free(layout);
}
