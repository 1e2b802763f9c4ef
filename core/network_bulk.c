/* SPDX-License-Identifier: BSD-3-Clause */
#include "network_bulk.h"
#include "error.h"
#include "field.h"
#include "progress.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a bulk call begins with */

hk_status bulk_cells(hk_net *net, const char *list, uint32_t n, const uint32_t *cell,
                     hk_cell **type) {
    if (!n) {
        return fail(net->ctx, HK_INVALID, "the list of %s is empty", list);
    }
    hk_status status = network_cells(net, n, cell);
    if (status) {
        return status;
    }
    bool *seen = calloc(net->n_cell, sizeof *seen);
    if (!seen) {
        return fail_memory(net->ctx, "a list of cells");
    }
    *type = network_population(net, cell[0])->type;
    for (uint32_t i = 0; !status && i < n; i++) {
        const hk_cell *mine = network_population(net, cell[i])->type;
        if (seen[cell[i]]) {
            status = fail(net->ctx, HK_INVALID, "cell %" PRIu32 " is twice in the list of %s",
                          cell[i], list);
        } else if (mine != *type) {
            status = fail(net->ctx, HK_INVALID,
                          "the %s are of more than one type: cell %" PRIu32
                          " is \"%s\", cell %" PRIu32 " is \"%s\"",
                          list, cell[0], (*type)->name, cell[i], mine->name);
        }
        seen[cell[i]] = true;
    }
    free(seen);
    return status;
}

static hk_status purposes(struct bulk *b) {
    hk_status status;
    (void)((status = draw_purpose(b->net->ctx, b->name, "place", &b->place_purpose)) ||
           (status = draw_purpose(b->net->ctx, b->name, "weight", &b->weight_purpose)) ||
           (status = draw_purpose(b->net->ctx, b->name, "delay", &b->delay_purpose)));
    return status;
}

static hk_status open_spec(struct bulk *b, const struct hk_spec *point) {
    hk_net *net = b->net;
    hk_status status = HK_OK;
    if (b->to) {
        b->spec = network_point(net, b->to->point).spec;
    } else {
        status = network_spec(net, point, HK_POINT, &b->spec);
    }
    if (status) {
        return status;
    }
    const struct spec *spec = &net->spec[b->spec];
    for (uint32_t f = spec->of->plugin->n_field; f-- > 0;) {
        if (spec->of->plugin->field[f].role == HK_WEIGHT) {
            b->field = &spec->of->plugin->field[f];
        }
    }
    b->n_weight = plugin_weights(spec->of->plugin);
    b->one_weight = b->weight->distribution == HK_CONSTANT && b->weight->low == b->weight->high;
    b->base = malloc((b->n_weight + (size_t)1) * sizeof *b->base);
    if (!b->base) {
        return fail_memory(net->ctx, "weights");
    }
    network_spec_weights(spec, b->base);
    return network_receives(net->ctx, spec->of->plugin);
}

hk_status bulk_open(struct bulk *b, const struct hk_spec *point, hk_cell *type,
                    const struct hk_place *place) {
    hk_context *ctx = b->net->ctx;
    hk_status status = network_stream_prepare(b->net, b->name, true, &b->stream);
    if (status || (status = open_spec(b, point)) ||
        (status = draw_check(ctx, "weight", b->weight)) ||
        (status = draw_check(ctx, "delay", b->delay)) ||
        (!b->to && ((status = draw_places_open(ctx, type, place, &b->places)) ||
                    (status = network_point_ions(b->net, b->spec, type))))) {
        return status;
    }
    return purposes(b);
}

void bulk_close(struct bulk *b) {
    network_drop(b->net);
    network_stream_drop(&b->stream);
    draw_places_close(&b->places);
    free(b->base);
    b->base = NULL;
}

/* ---- one after the other */

hk_status bulk_room(struct bulk *b, uint64_t n) {
    hk_status status = b->to ? HK_OK : network_points_room(b->net, n);
    if (status || (status = network_connections_room(b->net, n)) ||
        (status = network_weights_room(b->net, b->one_weight ? b->n_weight : n * b->n_weight))) {
        return status;
    }
    b->room = n;
    return HK_OK;
}

/* Draws weights and delay of the next one. */
static hk_status draw(struct bulk *b, const struct draw_key *key, double *weight, double *delay) {
    hk_net *net = b->net;
    hk_status status = draw_number(net->ctx, "delay", b->delay, b->delay_purpose, key, delay);
    if (status || (status = network_delay(net, b->kind, *delay)) || !b->n_weight) {
        return status;
    }
    memcpy(weight, b->base, b->n_weight * sizeof *weight);
    status = draw_number(net->ctx, "weight", b->weight, b->weight_purpose, key, &weight[0]);
    if (status || b->n) {
        return status ? status
                      : field_check(net->ctx, NULL, net->spec[b->spec].of->plugin, b->field,
                                    weight[0]);
    }
    return network_weights(net, &net->spec[b->spec], weight,
                           1); /* the others are the same for each */
}

hk_status bulk_put(struct bulk *b, uint32_t cell, uint32_t source, const struct draw_key *key) {
    hk_net *net = b->net;
    if (b->n == b->room) {
        hk_status status = bulk_room(b, (uint64_t)b->n + 1);
        if (status) {
            return status;
        }
    }
    uint64_t weight = net->n_weight + (b->one_weight ? 0 : (uint64_t)b->n * b->n_weight);
    double delay;
    hk_status status = draw(b, key, b->n_weight ? net->weight + weight : NULL, &delay);
    if (status) {
        return fail_within(net->ctx, status, "cell %" PRIu32, cell);
    }
    struct connection connection = {
        .source = source, .point = net->n_point + b->n, .delay = delay, .weight = weight};
    if (b->to) {
        connection.point = network_artificial_point(net, cell);
    } else {
        uint32_t segment = draw_place(&b->places, b->place_purpose, key);
        status = network_point_add(
            net, (struct point){.spec = b->spec, .cell = cell, .segment = segment});
    }
    if (status || (status = network_connection_add(net, connection))) {
        return status;
    }
    b->n++;
    return HK_OK;
}

void bulk_keep(struct bulk *b, struct hk_made *made) {
    hk_net *net = b->net;
    network_stream_keep(net, &b->stream);
    if (made) {
        *made = (struct hk_made){.point = net->n_point,
                                 .n_point = b->to ? 0 : b->n,
                                 .input = net->n_input,
                                 .connection = net->n_connection,
                                 .n_connection = b->n};
    }
    network_points_put(net, b->spec, b->to ? 0 : b->n);
    net->n_connection += b->n;
    net->n_weight += (uint64_t)b->n_weight * (b->one_weight && b->n ? 1 : b->n);
}

/* ---- stimuli */

/* Writes the inputs of all cells beyond the count. */
static hk_status put_inputs(hk_net *net, const struct hk_stimulus *s, uint32_t spec,
                            uint32_t stream, uint32_t each) {
    hk_status status = HK_OK;
    for (uint32_t c = 0; c < s->n_cell; c++) {
        struct input input = {
            .spec = spec, .stream = stream, .identity = net->identity[s->cell[c]]};
        for (; !status && input.index < each; input.index++) {
            status = network_input_add(net, input);
        }
    }
    return status;
}

static hk_status stimulate(struct bulk *b, const struct hk_stimulus *s, uint32_t *n_input) {
    hk_net *net = b->net;
    hk_cell *type;
    uint32_t input, each = s->one_input && s->count ? 1 : s->count;
    hk_status status = bulk_cells(net, "cells", s->n_cell, s->cell, &type);
    if (!status && network_population(net, s->cell[0])->artificial) {
        b->to = network_population(net, s->cell[0]);
    }
    if (status || (status = bulk_open(b, &s->point, type, &s->place)) ||
        (status = network_spec(net, &s->input, HK_INPUT, &input)) ||
        (status = network_inputs_room(net, (uint64_t)s->n_cell * each)) ||
        (status = bulk_room(b, (uint64_t)s->n_cell * s->count)) ||
        (status = put_inputs(net, s, input, network_stream_index(net, &b->stream), each))) {
        return status;
    }
    struct progress progress = progress_begin(&net->options, "stimuli", s->n_cell);
    for (uint32_t c = 0; c < s->n_cell; c++) {
        progress_tell(&progress, c);
        struct draw_key key = {.seed = net->options.seed, .cell = net->identity[s->cell[c]]};
        for (uint32_t k = 0; k < s->count; k++) {
            uint32_t from = net->n_input + c * each + (s->one_input ? 0 : k);
            key.index = k;
            status = bulk_put(b, s->cell[c], SOURCE(HK_FROM_INPUT, from), &key);
            if (status) {
                return status;
            }
        }
    }
    *n_input = s->n_cell * each;
    return HK_OK;
}

hk_status hk_net_stimulate(hk_net *net, const struct hk_stimulus *s, struct hk_made *made) {
    hk_status status = network_open(net, "stimuli");
    if (status) {
        return status;
    }
    struct bulk bulk = {.net = net,
                        .name = s->stream,
                        .kind = HK_FROM_INPUT,
                        .weight = &s->weight,
                        .delay = &s->delay};
    uint32_t n_input = 0;
    status = stimulate(&bulk, s, &n_input);
    if (status) {
        fail_within(net->ctx, status, "stimulus \"%s\"", s->stream ? s->stream : "");
    } else {
        bulk_keep(&bulk, made);
        net->n_input += n_input;
        if (made) {
            made->n_input = n_input;
        }
    }
    bulk_close(&bulk);
    return status;
}
