/* SPDX-License-Identifier: BSD-3-Clause */
/* network_point: instances of point processes and of inputs, and the names of random streams. */
#include "error.h"
#include "field.h"
#include "hillock/plugin.h"
#include "network_index.h"
#include "random.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static hk_status room_check(hk_net *net, uint64_t have, uint64_t more, const char *what) {
    if (have + more > NETWORK_MOST) {
        return fail(net->ctx, HK_INVALID, "%" PRIu64 " %s are too many: a network has %d at most",
                    have + more, what, (int)NETWORK_MOST);
    }
    return HK_OK;
}

hk_status network_points_room(hk_net *net, uint64_t n) {
    return room_check(net, net->n_point, n, "points");
}

hk_status network_inputs_room(hk_net *net, uint64_t n) {
    return room_check(net, net->n_input, n, "inputs");
}

/* ---- series */

hk_status network_point_add(hk_net *net, struct point point) {
    return series_add(&net->point.spec, point.spec) && series_add(&net->point.cell, point.cell) &&
                   series_add(&net->point.segment, point.segment)
               ? HK_OK
               : fail_memory(net->ctx, "points");
}

hk_status network_input_add(hk_net *net, struct input input) {
    return series_add(&net->input.spec, input.spec) &&
                   series_add(&net->input.stream, input.stream) &&
                   series_add(&net->input.identity, input.identity) &&
                   series_add(&net->input.index, input.index)
               ? HK_OK
               : fail_memory(net->ctx, "inputs");
}

hk_status network_connection_add(hk_net *net, struct connection connection) {
    uint64_t delay;
    memcpy(&delay, &connection.delay, sizeof delay);
    return series_add(&net->connection.source, connection.source) &&
                   series_add(&net->connection.point, connection.point) &&
                   series_add(&net->connection.delay, delay) &&
                   series_add(&net->connection.weight, connection.weight)
               ? HK_OK
               : fail_memory(net->ctx, "connections");
}

/* All series of a network, with the number of things that each is of. */
enum { SERIES = 11 };
static void all_series(hk_net *net, struct series *out[SERIES], uint32_t n[SERIES]) {
    struct series *all[SERIES] = {
        &net->point.spec,       &net->point.cell,        &net->point.segment,
        &net->input.spec,       &net->input.stream,      &net->input.identity,
        &net->input.index,      &net->connection.source, &net->connection.point,
        &net->connection.delay, &net->connection.weight,
    };
    for (uint32_t k = 0; k < SERIES; k++) {
        out[k] = all[k];
        n[k] = k < 3 ? net->n_point : k < 7 ? net->n_input : net->n_connection;
    }
}

void network_drop(hk_net *net) {
    struct series *all[SERIES];
    uint32_t n[SERIES];
    all_series(net, all, n);
    for (uint32_t k = 0; k < SERIES; k++) {
        series_cut(all[k], n[k]);
    }
}

void network_series_free(hk_net *net) {
    struct series *all[SERIES];
    uint32_t n[SERIES];
    all_series(net, all, n);
    for (uint32_t k = 0; k < SERIES; k++) {
        series_free(all[k]);
    }
}

void network_series_settle(hk_net *net) {
    struct series *all[SERIES];
    uint32_t n[SERIES];
    all_series(net, all, n);
    for (uint32_t k = 0; k < SERIES; k++) {
        series_settle(all[k]);
    }
}

uint64_t network_series_bytes(const hk_net *net) {
    struct series *all[SERIES];
    uint32_t n[SERIES];
    uint64_t bytes = 0;
    all_series((hk_net *)(uintptr_t)net, all, n);
    for (uint32_t k = 0; k < SERIES; k++) {
        bytes += all[k]->bytes;
    }
    return bytes;
}

/* ---- points */

static bool names_ions(const struct hk_plugin *plugin) {
    bool names = plugin->carries != NULL;
    for (uint32_t j = 0; !names && j < plugin->n_column; j++) {
        names = plugin->field[j].ion != NULL;
    }
    return names;
}

hk_status network_point_ions(hk_net *net, uint32_t spec, hk_cell *type) {
    const struct hk_plugin *plugin = net->spec[spec].of->plugin;
    return names_ions(plugin) ? cell_add_ions(type, plugin) : HK_OK;
}

void network_points_put(hk_net *net, uint32_t spec, uint32_t n) {
    const struct hk_plugin *plugin = net->spec[spec].of->plugin;
    for (uint32_t i = net->n_point; names_ions(plugin) && i < net->n_point + n; i++) {
        struct point p = network_point(net, i);
        cell_put_point(network_population(net, p.cell)->type, plugin, p.segment);
    }
    net->n_point += n;
}

hk_status hk_net_points(hk_net *net, const struct hk_spec *spec, uint32_t n, const uint32_t *cell,
                        const uint32_t *segment, uint32_t *first) {
    hk_status status = network_open(net, "points");
    uint32_t of = 0;
    if (status || (status = network_places(net, n, cell, segment)) ||
        (status = network_points_room(net, n)) ||
        (status = network_spec(net, spec, HK_POINT, &of))) {
        return status;
    }
    for (uint32_t i = 0; !status && i < n; i++) {
        hk_cell *type = network_population(net, cell[i])->type;
        bool again = i && type == network_population(net, cell[i - 1])->type;
        status = again ? HK_OK : network_point_ions(net, of, type);
    }
    for (uint32_t i = 0; !status && i < n; i++) {
        status = network_point_add(
            net, (struct point){.spec = of, .cell = cell[i], .segment = segment[i]});
    }
    if (status) {
        network_drop(net);
        return status;
    }
    if (first) {
        *first = net->n_point;
    }
    network_points_put(net, of, n);
    return HK_OK;
}

static hk_status point_check(const hk_net *net, uint32_t point) {
    if (point >= net->n_point) {
        return fail(net->ctx, HK_NOT_FOUND, "point %" PRIu32 " does not exist: there are %" PRIu32,
                    point, net->n_point);
    }
    return HK_OK;
}

/* Writes the spec that each point would get. */
static hk_status specs_with(hk_net *net, uint32_t n, const uint32_t *point, const char *field,
                            const double *value, uint32_t stride, uint32_t *out) {
    uint32_t from = HK_NONE,
             to = HK_NONE; /* of the point before: most have one spec and one value */
    for (uint32_t i = 0; i < n; i++) {
        uint32_t spec = network_point(net, point[i]).spec;
        double x = value[(size_t)i * stride];
        if (spec == from && stride == 0) {
            out[i] = to;
            continue;
        }
        uint32_t f = network_field(net->ctx, net->spec[spec].of->plugin, field);
        hk_status status = network_spec_with(net, spec, f, x, &to);
        if (status) {
            return status;
        }
        from = spec;
        out[i] = to;
    }
    return HK_OK;
}

/* Gives the points these specs; where memory is short each has its own again. */
static hk_status exchange_specs(hk_net *net, uint32_t n, const uint32_t *point, uint32_t *spec) {
    for (uint32_t i = 0; i < n; i++) {
        uint32_t before = network_point(net, point[i]).spec;
        if (!series_set(&net->point.spec, point[i], spec[i])) {
            while (i-- > 0) {
                series_set(&net->point.spec, point[i], spec[i]);
            }
            return fail_memory(net->ctx, "values of points");
        }
        spec[i] = before;
    }
    return HK_OK;
}

hk_status hk_net_point_set(hk_net *net, uint32_t n, const uint32_t *point, const char *field,
                           const double *value, uint32_t stride) {
    hk_status status = network_open(net, "points");
    if (status) {
        return status;
    }
    if (n && (!point || !field || !value)) {
        return fail(net->ctx, HK_INVALID, "a list of points, a field and a value are needed");
    }
    for (uint32_t i = 0; i < n; i++) {
        if ((status = point_check(net, point[i]))) {
            return status;
        }
        const struct hk_plugin *plugin = network_point_spec(net, point[i])->of->plugin;
        uint32_t f = network_field(net->ctx, plugin, field);
        if (f == HK_NONE) {
            return HK_NOT_FOUND;
        }
        uint32_t role = plugin->field[f].role;
        if (role != HK_PARAMETER && role != HK_GLOBAL) {
            return fail(net->ctx, HK_INVALID,
                        "%s.%s is no parameter of a point that can be set again", plugin->name,
                        field);
        }
        status = field_check(net->ctx, NULL, plugin, &plugin->field[f], value[(size_t)i * stride]);
        if (status) {
            return fail_within(net->ctx, status, "point %" PRIu32, point[i]);
        }
    }
    uint32_t *spec = malloc((n + (size_t)1) * sizeof *spec);
    if (!spec) {
        return fail_memory(net->ctx, "values of points");
    }
    status = specs_with(net, n, point, field, value, stride, spec);
    if (!status) {
        status = exchange_specs(net, n, point, spec);
    }
    free(spec);
    return status;
}

hk_status hk_net_point_get(const hk_net *net, uint32_t point, const char *field, double *value) {
    hk_status status = point_check(net, point);
    if (status) {
        return status;
    }
    const struct spec *spec = network_point_spec(net, point);
    uint32_t f = network_field(net->ctx, spec->of->plugin, field);
    if (f == HK_NONE) {
        return HK_NOT_FOUND;
    }
    uint32_t role = spec->of->plugin->field[f].role;
    if (role != HK_PARAMETER && role != HK_GLOBAL && role != HK_WEIGHT) {
        return fail(net->ctx, HK_INVALID, "%s.%s is no parameter: it has no value before the run",
                    spec->of->plugin->name, field);
    }
    *value = spec->of->value[f];
    return HK_OK;
}

uint32_t hk_net_n_points(const hk_net *net) {
    return net->n_point;
}

struct hk_point_of hk_net_point(const hk_net *net, uint32_t point) {
    if (point >= net->n_point) {
        return (struct hk_point_of){.cell = HK_NONE, .segment = HK_NONE};
    }
    struct point p = network_point(net, point);
    bool nowhere = network_population(net, p.cell)->artificial;
    return (struct hk_point_of){.plugin = net->spec[p.spec].of->plugin,
                                .cell = nowhere ? HK_NONE : p.cell,
                                .segment = nowhere ? HK_NONE : p.segment};
}

/* ---- names of streams */

static uint32_t stream_find(const hk_net *net, const char *name) {
    uint32_t at = 0, i;
    while ((i = table_next(&network_index(net)->stream, table_hash_text(3, name), &at)) !=
           HK_NONE) {
        if (!strcmp(net->stream[i].name, name)) {
            break;
        }
    }
    return i;
}

static hk_status stream_name_check(hk_net *net, const char *name) {
    if (!name || !*name) {
        return fail(net->ctx, HK_INVALID, "a random stream needs a name");
    }
    for (const char *c = name; *c; c++) {
        if ((unsigned char)*c < ' ') {
            return fail(net->ctx, HK_INVALID,
                        "the name of a random stream has the control character %d at %td", *c,
                        c - name);
        }
    }
    return HK_OK;
}

hk_status network_stream_prepare(hk_net *net, const char *name, bool bulk,
                                 struct network_stream *out) {
    *out = (struct network_stream){.known = HK_NONE, .claimed = bulk};
    hk_status status = stream_name_check(net, name);
    if (status) {
        return status;
    }
    struct network_index *index = network_index(net);
    out->known = stream_find(net, name);
    if (out->known != HK_NONE) {
        if (bulk || index->claimed[out->known]) {
            return fail(
                net->ctx, HK_INVALID,
                "the stream name \"%s\" is used already: the two would draw the same numbers",
                name);
        }
        return HK_OK;
    }
    out->purpose = random_purpose(name);
    out->name = strdup(name);
    if (!out->name || !NETWORK_ROOM(net, stream, 1) || !table_reserve(&index->stream, 1) ||
        !network_room(&index->claimed, &index->room_claimed, (uint64_t)net->n_stream + 1,
                      sizeof *index->claimed)) {
        network_stream_drop(out);
        return fail_memory(net->ctx, "the name of a stream");
    }
    return HK_OK;
}

uint32_t network_stream_index(const hk_net *net, const struct network_stream *stream) {
    return stream->known == HK_NONE ? net->n_stream : stream->known;
}

void network_stream_keep(hk_net *net, struct network_stream *stream) {
    if (stream->known == HK_NONE) {
        struct network_index *index = network_index(net);
        table_add(&index->stream, table_hash_text(3, stream->name), net->n_stream);
        index->claimed[net->n_stream] = stream->claimed;
        net->stream[net->n_stream++] =
            (struct stream_name){.name = stream->name, .purpose = stream->purpose};
        stream->name = NULL;
    }
}

void network_stream_drop(struct network_stream *stream) {
    free(stream->name);
    stream->name = NULL;
}

/* ---- inputs */

hk_status hk_net_inputs(hk_net *net, const struct hk_spec *spec, const char *stream, uint32_t n,
                        const uint64_t *identity, const uint64_t *index, uint32_t *first) {
    hk_status status = network_open(net, "inputs");
    struct network_stream named;
    uint32_t of = 0;
    if (status || (status = network_inputs_room(net, n)) ||
        (status = network_spec(net, spec, HK_INPUT, &of)) ||
        (status = network_stream_prepare(net, stream, false, &named))) {
        return status;
    }
    for (uint32_t i = 0; !status && i < n; i++) {
        status = network_input_add(net, (struct input){.spec = of,
                                                       .stream = network_stream_index(net, &named),
                                                       .identity = identity ? identity[i] : 0,
                                                       .index = index ? index[i] : i});
    }
    if (status) {
        network_drop(net);
        network_stream_drop(&named);
        return status;
    }
    network_stream_keep(net, &named);
    if (first) {
        *first = net->n_input;
    }
    net->n_input += n;
    return HK_OK;
}

uint32_t hk_net_n_inputs(const hk_net *net) {
    return net->n_input;
}
