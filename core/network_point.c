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
    hk_status status = room_check(net, net->n_point, n, "points");
    return status || NETWORK_ROOM(net, point, n) ? status : fail_memory(net->ctx, "points");
}

hk_status network_inputs_room(hk_net *net, uint64_t n) {
    hk_status status = room_check(net, net->n_input, n, "inputs");
    return status || NETWORK_ROOM(net, input, n) ? status : fail_memory(net->ctx, "inputs");
}

/* ---- points */

hk_status hk_net_points(hk_net *net, const struct hk_spec *spec, uint32_t n, const uint32_t *cell,
                        const uint32_t *segment, uint32_t *first) {
    hk_status status = network_open(net, "points");
    uint32_t of = 0;
    if (status || (status = network_places(net, n, cell, segment)) ||
        (status = network_points_room(net, n)) ||
        (status = network_spec(net, spec, HK_POINT, &of))) {
        return status;
    }
    for (uint32_t i = 0; i < n; i++) {
        net->point[net->n_point + i] =
            (struct point){.spec = of, .cell = cell[i], .segment = segment[i]};
    }
    if (first) {
        *first = net->n_point;
    }
    net->n_point += n;
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
        uint32_t spec = net->point[point[i]].spec;
        double x = value[(size_t)i * stride];
        if (spec == from && stride == 0) {
            out[i] = to;
            continue;
        }
        uint32_t f = network_field(net->ctx, net->spec[spec].plugin, field);
        hk_status status = network_spec_with(net, spec, f, x, &to);
        if (status) {
            return status;
        }
        from = spec;
        out[i] = to;
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
        const struct hk_plugin *plugin = net->spec[net->point[point[i]].spec].plugin;
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
    for (uint32_t i = 0; !status && i < n; i++) {
        net->point[point[i]].spec = spec[i];
    }
    free(spec);
    return status;
}

hk_status hk_net_point_get(const hk_net *net, uint32_t point, const char *field, double *value) {
    hk_status status = point_check(net, point);
    if (status) {
        return status;
    }
    const struct spec *spec = &net->spec[net->point[point].spec];
    uint32_t f = network_field(net->ctx, spec->plugin, field);
    if (f == HK_NONE) {
        return HK_NOT_FOUND;
    }
    uint32_t role = spec->plugin->field[f].role;
    if (role != HK_PARAMETER && role != HK_GLOBAL && role != HK_WEIGHT) {
        return fail(net->ctx, HK_INVALID, "%s.%s is no parameter: it has no value before the run",
                    spec->plugin->name, field);
    }
    *value = spec->value[f];
    return HK_OK;
}

uint32_t hk_net_n_points(const hk_net *net) {
    return net->n_point;
}

struct hk_point_of hk_net_point(const hk_net *net, uint32_t point) {
    if (point >= net->n_point) {
        return (struct hk_point_of){.cell = HK_NONE, .segment = HK_NONE};
    }
    const struct point *p = &net->point[point];
    return (struct hk_point_of){
        .plugin = net->spec[p->spec].plugin, .cell = p->cell, .segment = p->segment};
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
    for (uint32_t i = 0; i < n; i++) {
        net->input[net->n_input + i] = (struct input){.spec = of,
                                                      .stream = network_stream_index(net, &named),
                                                      .identity = identity ? identity[i] : 0,
                                                      .index = index ? index[i] : i};
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
