/* SPDX-License-Identifier: BSD-3-Clause */
#include "network.h"
#include "context.h"
#include "error.h"
#include "layout.h"
#include "network_index.h"
#include "probe.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the network */

struct hk_net_options hk_net_defaults(void) {
    return (struct hk_net_options){.celsius = (double)NAN,
                                   .v_init = -65,
                                   .dt = 0.025,
                                   .seed = 1,
                                   .threads = 1,
                                   .progress_s = 0.2};
}

static hk_status options_check(hk_context *ctx, const struct hk_net_options *o) {
    if (!(isfinite(o->dt) && o->dt > 0)) {
        return fail(ctx, HK_INVALID, "dt is %g ms, not above 0", o->dt);
    }
    if (!isfinite(o->v_init)) {
        return fail(ctx, HK_INVALID, "v_init is %g mV, not a finite number", o->v_init);
    }
    if (isinf(o->celsius) || o->celsius < -273.15) {
        return fail(ctx, HK_INVALID, "celsius is %g degC, not a temperature", o->celsius);
    }
    if (!(o->progress_s >= 0)) {
        return fail(ctx, HK_INVALID, "progress_s is %g s, not from 0", o->progress_s);
    }
    return HK_OK;
}

hk_status hk_net_new(hk_context *ctx, const struct hk_net_options *options, hk_net **out) {
    struct hk_net_options chosen = options ? *options : hk_net_defaults();
    hk_status status = options_check(ctx, &chosen);
    if (status) {
        return status;
    }
    hk_net *net = calloc(1, sizeof *net);
    struct network_index *index = calloc(1, sizeof *index);
    if (!net || !index) {
        free(net);
        free(index);
        return fail_memory(ctx, "a network");
    }
    net->ctx = ctx;
    net->options = chosen;
    net->index = index;
    *out = net;
    return HK_OK;
}

void hk_net_free(hk_net *net) {
    if (!net) {
        return;
    }
    for (uint32_t i = 0; i < net->n_probe; i++) {
        probe_free(net->probe[i]);
    }
    layout_free(net->layout);
    network_specs_free(net);
    for (uint32_t i = 0; i < net->n_population; i++) {
        free(net->population[i].name);
        hk_cell_free(net->population[i].type);
    }
    for (uint32_t i = 0; i < net->n_stream; i++) {
        free(net->stream[i].name);
    }
    struct network_index *index = network_index(net);
    table_free(&index->identity);
    table_free(&index->spec);
    table_free(&index->detector);
    table_free(&index->stream);
    free(index->claimed);
    free(index);
    free(net->population);
    free(net->identity);
    free(net->cell_population);
    free(net->override);
    free(net->spec);
    network_series_free(net);
    free(net->detector);
    free(net->weight);
    free(net->stream);
    free(net->probe);
    free(net->port);
    free(net->tapped);
    free(net);
}

uint64_t network_bytes(const hk_net *net) {
    const struct network_index *index = network_index(net);
    uint64_t bytes =
        sizeof *net + sizeof *index + network_series_bytes(net) + network_specs_bytes(net) +
        net->room_population * sizeof *net->population +
        net->room_cell * (sizeof *net->identity + sizeof *net->cell_population) +
        net->room_override * sizeof *net->override + net->room_detector * sizeof *net->detector +
        net->room_weight * sizeof *net->weight + net->room_stream * sizeof *net->stream +
        net->room_port * sizeof *net->port + net->room_tapped * sizeof *net->tapped +
        table_bytes(&index->identity) + table_bytes(&index->spec) + table_bytes(&index->detector) +
        table_bytes(&index->stream);
    for (uint32_t p = 0; p < net->n_probe; p++) {
        bytes += probe_bytes(net->probe[p]);
    }
    return bytes;
}

/* Gives back what an array has beyond its n elements. */
static void shrink(void *array, uint64_t *room, uint64_t n, size_t size) {
    void *old;
    memcpy(&old, array, sizeof old);
    void *less = n && n < *room ? realloc(old, n * size) : NULL;
    if (less) {
        memcpy(array, &less, sizeof less);
        *room = n;
    }
}

void network_settle(hk_net *net) {
    struct network_index *index = network_index(net);
    network_series_settle(net);
    shrink(&net->weight, &net->room_weight, net->n_weight, sizeof *net->weight);
    uint64_t room = net->room_detector;
    shrink(&net->detector, &room, net->n_detector, sizeof *net->detector);
    net->room_detector = (uint32_t)room;
    room = net->room_spec;
    shrink(&net->spec, &room, net->n_spec, sizeof *net->spec);
    net->room_spec = (uint32_t)room;
    table_free(&index->identity); /* of use to those who add something */
    table_free(&index->spec);
}

hk_status network_open(hk_net *net, const char *what) {
    if (net->layout) {
        return fail(net->ctx, HK_ORDER,
                    "%s cannot be added or changed: the network is built already", what);
    }
    return HK_OK;
}

bool network_room_wide(void *array, uint64_t *room, uint64_t need, size_t size) {
    if (need <= *room) {
        return true;
    }
    uint64_t least = *room + *room / 2 > 16 ? *room + *room / 2 : 16;
    uint64_t more = need > least ? need : least;
    if (more > SIZE_MAX / size) {
        return false;
    }
    void *old;
    memcpy(&old, array, sizeof old);
    void *grown = realloc(old, more * size);
    if (grown) {
        memcpy(array, &grown, sizeof grown);
        *room = more;
    }
    return grown != NULL;
}

bool network_room(void *array, uint32_t *room, uint64_t need, size_t size) {
    uint64_t wide = *room;
    if (need > UINT32_MAX / 2 + 1 || !network_room_wide(array, &wide, need, size)) {
        return false;
    }
    *room = wide < UINT32_MAX ? (uint32_t)wide : UINT32_MAX;
    return true;
}

/* ---- cells */

static uint64_t identity_hash(uint64_t identity) {
    return table_hash(1, identity);
}

static uint32_t identity_find(const hk_net *net, uint64_t identity) {
    uint32_t at = 0, i;
    while ((i = table_next(&network_index(net)->identity, identity_hash(identity), &at)) !=
           HK_NONE) {
        if (net->identity[i] == identity) {
            break;
        }
    }
    return i;
}

/* Writes the new cells' identities beyond the count and adds them to the table; on failure takes
 * them out again. */
static hk_status identities_add(hk_net *net, const char *name, uint32_t n, const uint64_t *identity,
                                bool artificial) {
    struct network_index *index = network_index(net);
    uint64_t *last = artificial ? &index->greatest_artificial : &index->greatest;
    uint64_t greatest = *last, mark = artificial ? ARTIFICIAL_IDENTITY : 0;
    bool first = artificial ? !net->n_artificial : net->n_cell == net->n_artificial;
    if (!identity && !first && n > UINT64_MAX - greatest) {
        return fail(net->ctx, HK_INVALID,
                    "population \"%s\": %" PRIu32 " identities above %" PRIu64 " do not exist",
                    name, n, greatest);
    }
    uint64_t next = first ? 0 : greatest + 1;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t mine = identity ? identity[i] : next + i;
        uint32_t twin = identity_find(net, mine | mark);
        if (twin != HK_NONE) {
            for (uint32_t j = net->n_cell + i; j-- > net->n_cell;) {
                table_remove_last(&index->identity, identity_hash(net->identity[j]), j);
            }
            return twin >= net->n_cell
                       ? fail(net->ctx, HK_INVALID,
                              "population \"%s\": identity %" PRIu64 " is given twice, at %" PRIu32
                              " and at %" PRIu32 " of the list",
                              name, mine, twin - net->n_cell, i)
                       : fail(net->ctx, HK_INVALID,
                              "population \"%s\": identity %" PRIu64 ", at %" PRIu32
                              " of the list, is that of cell %" PRIu32 " (of \"%s\") already",
                              name, mine, i, twin, network_population(net, twin)->name);
        }
        net->identity[net->n_cell + i] = mine | mark;
        table_add(&index->identity, identity_hash(mine | mark), net->n_cell + i);
        greatest = mine > greatest ? mine : greatest;
    }
    *last = greatest;
    return HK_OK;
}

static bool cells_room(hk_net *net, uint32_t n) {
    uint32_t room = net->room_cell; /* of two arrays: it is raised when both have it */
    uint64_t need = (uint64_t)net->n_cell + n;
    if (!network_room(&net->identity, &room, need, sizeof *net->identity)) {
        return false;
    }
    room = net->room_cell;
    return network_room(&net->cell_population, &room, need, sizeof *net->cell_population) &&
           table_reserve(&network_index(net)->identity, n) && (net->room_cell = room, true);
}

hk_status hk_net_population(hk_net *net, const char *name, hk_cell *cell, uint32_t n,
                            const uint64_t *identity, uint32_t *first) {
    return network_population_add(net, name, cell, n, identity, false, first);
}

hk_status network_population_add(hk_net *net, const char *name, hk_cell *cell, uint32_t n,
                                 const uint64_t *identity, bool artificial, uint32_t *first) {
    hk_status status = network_open(net, "cells");
    if (status) {
        return status;
    }
    if (!name || !*name) {
        return fail(net->ctx, HK_INVALID, "a population needs a name");
    }
    if (!n) {
        return fail(net->ctx, HK_INVALID, "population \"%s\" is empty", name);
    }
    if (!cell || cell->ctx != net->ctx) {
        return fail(net->ctx, HK_INVALID, "population \"%s\": its cell type is of another context",
                    name);
    }
    if (!cell->cable) {
        return fail(net->ctx, HK_ORDER, "population \"%s\": cell type \"%s\" has not been built",
                    name, cell->name);
    }
    if (n > (uint32_t)NETWORK_MOST - net->n_cell) {
        return fail(net->ctx, HK_INVALID, "population \"%s\": %" PRIu32 " cells are too many", name,
                    n);
    }
    char *copy = strdup(name);
    if (!copy || !NETWORK_ROOM(net, population, 1) || !cells_room(net, n)) {
        free(copy);
        return fail_memory(net->ctx, "cells");
    }
    status = identities_add(net, name, n, identity, artificial);
    if (status) {
        free(copy);
        return status;
    }
    for (uint32_t i = 0; i < n; i++) {
        net->cell_population[net->n_cell + i] = net->n_population;
    }
    net->population[net->n_population++] = (struct population){.name = copy,
                                                               .type = cell_retain(cell),
                                                               .first = net->n_cell,
                                                               .n = n,
                                                               .artificial = artificial};
    net->n_artificial += artificial ? n : 0;
    if (first) {
        *first = net->n_cell;
    }
    net->n_cell += n;
    return HK_OK;
}

uint32_t hk_net_cells(const hk_net *net) {
    return net->n_cell;
}

struct hk_cell_of hk_net_cell(const hk_net *net, uint32_t cell) {
    if (cell >= net->n_cell) {
        return (struct hk_cell_of){.population = HK_NONE};
    }
    const struct population *population = network_population(net, cell);
    return (struct hk_cell_of){.identity = network_identity(net, cell),
                               .artificial = population->artificial,
                               .population = net->cell_population[cell],
                               .population_name = population->name,
                               .type = population->type};
}

const struct population *network_population(const hk_net *net, uint32_t cell) {
    return &net->population[net->cell_population[cell]];
}

uint64_t network_identity(const hk_net *net, uint32_t cell) {
    bool artificial = network_population(net, cell)->artificial;
    return net->identity[cell] & ~(artificial ? ARTIFICIAL_IDENTITY : 0);
}

hk_status network_membranes(hk_net *net, uint32_t n, const uint32_t *cell) {
    for (uint32_t i = 0; net->n_artificial && i < n; i++) {
        if (network_population(net, cell[i])->artificial) {
            return fail(net->ctx, HK_INVALID,
                        "cell %" PRIu32 " is artificial (of \"%s\"): it has no membrane", cell[i],
                        network_population(net, cell[i])->name);
        }
    }
    return HK_OK;
}

hk_status network_cells(hk_net *net, uint32_t n, const uint32_t *cell) {
    if (n && !cell) {
        return fail(net->ctx, HK_INVALID, "the list of cells is missing");
    }
    for (uint32_t i = 0; i < n; i++) {
        if (cell[i] >= net->n_cell) {
            return fail(net->ctx, HK_NOT_FOUND,
                        "cell %" PRIu32 " does not exist: there are %" PRIu32, cell[i],
                        net->n_cell);
        }
    }
    return HK_OK;
}

hk_status network_segment(hk_net *net, const hk_cell *type, uint32_t segment) {
    if (segment >= hk_cell_segments(type)) {
        return fail(net->ctx, HK_NOT_FOUND,
                    "segment %" PRIu32 " does not exist: cell type \"%s\" has %" PRIu32, segment,
                    type->name, hk_cell_segments(type));
    }
    return HK_OK;
}

hk_status network_places(hk_net *net, uint32_t n, const uint32_t *cell, const uint32_t *segment) {
    hk_status status = network_cells(net, n, cell);
    if (!status) {
        status = network_membranes(net, n, cell);
    }
    if (!status && n && !segment) {
        status = fail(net->ctx, HK_INVALID, "the list of segments is missing");
    }
    for (uint32_t i = 0; !status && i < n; i++) {
        status = network_segment(net, network_population(net, cell[i])->type, segment[i]);
    }
    return status;
}

/* Adds a plugin to the list unless it is there, or the list is full. */
static uint32_t note_plugin(const struct hk_plugin *plugin, const struct hk_plugin **out,
                            uint32_t n, uint32_t room) {
    for (uint32_t i = 0; i < n; i++) {
        if (out[i] == plugin) {
            return n;
        }
    }
    if (n < room) {
        out[n++] = plugin;
    }
    return n;
}

uint32_t hk_net_plugins(const hk_net *net, const struct hk_plugin **out, uint32_t room) {
    uint32_t n = 0;
    for (uint32_t p = 0; p < net->n_population; p++) {
        const hk_cell *type = net->population[p].type;
        for (uint32_t m = 0; m < hk_cell_mechanisms(type); m++) {
            n = note_plugin(hk_cell_mechanism(type, m), out, n, room);
        }
    }
    for (uint32_t s = 0; s < net->n_spec; s++) {
        n = note_plugin(net->spec[s].of->plugin, out, n, room);
    }
    return n;
}
