/* SPDX-License-Identifier: BSD-3-Clause */
/* network_connect: detectors, sources, and connections from sources to points. */
#include "error.h"
#include "field.h"
#include "network_index.h"
#include <inttypes.h>
#include <math.h>

/* ---- detectors */

static uint64_t detector_hash(const struct detector *d) {
    return table_hash_double(table_hash(4, (uint64_t)d->cell << 32 | d->segment), d->threshold);
}

uint32_t network_detector_find(const hk_net *net, const struct detector *detector) {
    uint32_t at = 0, i;
    while ((i = table_next(&network_index(net)->detector, detector_hash(detector), &at)) !=
           HK_NONE) {
        const struct detector *d = &net->detector[i];
        if (d->cell == detector->cell && d->segment == detector->segment &&
            d->threshold == detector->threshold) {
            break;
        }
    }
    return i;
}

void network_detector_add(hk_net *net, const struct detector *detector) {
    table_add(&network_index(net)->detector, detector_hash(detector), net->n_detector);
    net->detector[net->n_detector++] = *detector;
}

hk_status network_detectors_room(hk_net *net, uint64_t n) {
    if (net->n_detector + n > NETWORK_MOST) {
        return fail(net->ctx, HK_INVALID,
                    "%" PRIu64 " detectors are too many: a network has %d at most",
                    net->n_detector + n, (int)NETWORK_MOST);
    }
    if (!NETWORK_ROOM(net, detector, n) || !table_reserve(&network_index(net)->detector, n)) {
        return fail_memory(net->ctx, "detectors");
    }
    return HK_OK;
}

hk_status hk_net_detector(hk_net *net, uint32_t cell, uint32_t segment, double threshold,
                          uint32_t *source) {
    hk_status status = network_places(net, 1, &cell, &segment);
    if (status) {
        return status;
    }
    if (!isfinite(threshold)) {
        return fail(net->ctx, HK_INVALID,
                    "the threshold at cell %" PRIu32 " is %g mV, not a finite number", cell,
                    threshold);
    }
    struct detector wanted = {.cell = cell, .segment = segment, .threshold = threshold + 0.0};
    uint32_t i = network_detector_find(net, &wanted);
    if (i == HK_NONE) {
        if ((status = network_open(net, "detectors")) ||
            (status = network_detectors_room(net, 1))) {
            return status;
        }
        i = net->n_detector;
        network_detector_add(net, &wanted);
    }
    *source = SOURCE(HK_DETECTOR, i);
    return HK_OK;
}

uint32_t hk_net_n_detectors(const hk_net *net) {
    return net->n_detector;
}

/* ---- sources */

static hk_status source_check(const hk_net *net, uint32_t kind, uint32_t index) {
    const char *what = "";
    uint32_t n = 0;
    switch (kind) {
    case HK_DETECTOR: n = net->n_detector, what = "detector"; break;
    case HK_FROM_INPUT: n = net->n_input, what = "input"; break;
    case HK_FROM_POINT: n = net->n_point, what = "point"; break;
    default: return fail(net->ctx, HK_NOT_FOUND, "no kind of source has the number %" PRIu32, kind);
    }
    return index < n
               ? HK_OK
               : fail(net->ctx, HK_NOT_FOUND,
                      "source: %s %" PRIu32 " does not exist: there are %" PRIu32, what, index, n);
}

hk_status hk_net_source(hk_net *net, enum hk_source_kind kind, uint32_t index, uint32_t *source) {
    hk_status status = source_check(net, (uint32_t)kind, index);
    if (!status) {
        *source = SOURCE(kind, index);
    }
    return status;
}

hk_status hk_net_source_get(const hk_net *net, uint32_t source, struct hk_source_of *out) {
    enum hk_source_kind kind = SOURCE_KIND(source);
    uint32_t index = SOURCE_INDEX(source);
    hk_status status = source_check(net, (uint32_t)kind, index);
    if (status) {
        return status;
    }
    *out = (struct hk_source_of){.kind = kind,
                                 .cell = HK_NONE,
                                 .segment = HK_NONE,
                                 .index = index,
                                 .threshold = (double)NAN};
    if (kind == HK_DETECTOR) {
        out->cell = net->detector[index].cell;
        out->segment = net->detector[index].segment;
        out->threshold = net->detector[index].threshold;
    } else if (kind == HK_FROM_POINT) {
        out->cell = hk_net_point(net, index).cell;
        out->segment = hk_net_point(net, index).segment;
    }
    return HK_OK;
}

/* ---- connections */

hk_status network_connections_room(hk_net *net, uint64_t n) {
    if (net->n_connection + n > UINT32_MAX / 2) {
        return fail(net->ctx, HK_INVALID,
                    "%" PRIu64 " connections are too many: a network has %" PRIu32 " at most",
                    net->n_connection + n, UINT32_MAX / 2);
    }
    return HK_OK;
}

hk_status network_weights_room(hk_net *net, uint64_t n) {
    return network_room_wide(&net->weight, &net->room_weight, net->n_weight + n,
                             sizeof *net->weight)
               ? HK_OK
               : fail_memory(net->ctx, "connections");
}

hk_status network_delay(hk_net *net, enum hk_source_kind kind, double delay) {
    if (!(isfinite(delay) && delay >= 0)) {
        return fail(net->ctx, HK_INVALID, "the delay is %g ms, not a number from 0", delay);
    }
    if (kind != HK_FROM_INPUT && delay < net->options.dt) {
        return fail(net->ctx, HK_INVALID,
                    "the delay is %.17g ms, less than dt, %.17g ms: what a cell sends in a step "
                    "arrives in a later one",
                    delay, net->options.dt);
    }
    return HK_OK;
}

/* Checks connection i; *n_weight: as many as its point's plugin has. */
static hk_status connection_check(hk_net *net, uint32_t source, uint32_t point,
                                  const double *weight, uint32_t given, double delay,
                                  uint32_t *n_weight) {
    hk_status status = source_check(net, source >> 30, SOURCE_INDEX(source));
    if (status) {
        return status;
    }
    if (point >= net->n_point) {
        return fail(net->ctx, HK_NOT_FOUND, "point %" PRIu32 " does not exist: there are %" PRIu32,
                    point, net->n_point);
    }
    const struct spec *spec = network_point_spec(net, point);
    if ((status = network_receives(net->ctx, spec->of->plugin)) ||
        (status = network_delay(net, SOURCE_KIND(source), delay))) {
        return status;
    }
    *n_weight = plugin_weights(spec->of->plugin);
    if (given > *n_weight) {
        return fail(net->ctx, HK_INVALID, "%" PRIu32 " weights are given, but %s has %" PRIu32,
                    given, spec->of->plugin->name, *n_weight);
    }
    return network_weights(net, spec, weight, given);
}

hk_status network_weights(hk_net *net, const struct spec *spec, const double *weight,
                          uint32_t given) {
    for (uint32_t f = 0, k = 0; f < spec->of->plugin->n_field; f++) {
        const struct hk_field *field = &spec->of->plugin->field[f];
        if (field->role != HK_WEIGHT) {
            continue;
        }
        if (k >= given && isnan(spec->of->value[f])) {
            return fail(net->ctx, HK_INVALID, "%s.%s must be given: it has no default",
                        spec->of->plugin->name, field->name);
        }
        if (k < given) {
            hk_status status = field_check(net->ctx, NULL, spec->of->plugin, field, weight[k]);
            if (status) {
                return status;
            }
        }
        k++;
    }
    return HK_OK;
}

/* Writes a connection's weights; gives their number. */
static uint32_t connection_weights(hk_net *net, const struct spec *spec, const double *weight,
                                   uint32_t given, uint64_t to) {
    uint32_t has = plugin_weights(spec->of->plugin);
    if (has) {
        network_spec_weights(spec, net->weight + to);
    }
    for (uint32_t k = 0; k < given; k++) {
        net->weight[to + k] = weight[k];
    }
    return has;
}

hk_status hk_net_connect(hk_net *net, uint32_t n, const uint32_t *source, const uint32_t *point,
                         const double *weight, uint32_t n_weight, const double *delay) {
    hk_status status = network_open(net, "connections");
    if (status) {
        return status;
    }
    if (n && (!source || !point || !delay)) {
        return fail(net->ctx, HK_INVALID,
                    "a source, a point and a delay are needed for each connection");
    }
    uint32_t given = weight ? n_weight : 0;
    uint64_t weights = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t has = 0;
        status =
            connection_check(net, source[i], point[i], weight ? weight + (size_t)i * given : NULL,
                             given, delay[i], &has);
        if (status) {
            return fail_within(net->ctx, status, "connection %" PRIu32 " of %" PRIu32, i, n);
        }
        weights += has;
    }
    if ((status = network_connections_room(net, n)) ||
        (status = network_weights_room(net, weights))) {
        return status;
    }
    uint64_t to = net->n_weight;
    for (uint32_t i = 0; !status && i < n; i++) {
        const struct spec *spec = network_point_spec(net, point[i]);
        status = network_connection_add(
            net, (struct connection){
                     .source = source[i], .point = point[i], .delay = delay[i], .weight = to});
        to += connection_weights(net, spec, weight ? weight + (size_t)i * given : NULL, given, to);
    }
    if (status) {
        network_drop(net);
        return status;
    }
    net->n_connection += n;
    net->n_weight = to;
    return HK_OK;
}

uint32_t hk_net_n_connections(const hk_net *net) {
    return net->n_connection;
}

struct hk_connection_of hk_net_connection(const hk_net *net, uint32_t connection) {
    if (connection >= net->n_connection) {
        return (struct hk_connection_of){.source = HK_NONE, .point = HK_NONE};
    }
    struct connection c = network_connection(net, connection);
    uint32_t n = plugin_weights(network_point_spec(net, c.point)->of->plugin);
    return (struct hk_connection_of){.source = c.source,
                                     .point = c.point,
                                     .delay = c.delay,
                                     .weight = n ? net->weight + c.weight : NULL,
                                     .n_weight = n};
}
