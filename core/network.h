/* SPDX-License-Identifier: BSD-3-Clause */
/* network: populations of cell types, points, inputs, detectors, connections and probes, as the
 * user said them. The layout reads it and makes what the engine runs. */
#ifndef HK_CORE_NETWORK_H
#define HK_CORE_NETWORK_H
#include "cell.h"
#include "hillock/network.h"
#include "hillock/plugin.h"

/* A plugin with a value for every field. Equal ones are kept once, so that two points have equal
 * parameters exactly when they have the same spec. */
struct spec {
    const struct hk_plugin *plugin;
    double *value;        /* [plugin->n_field], in the order of the table; unused for lists */
    struct hk_list *list; /* [plugin->n_field]; its numbers are owned by the spec */
    uint64_t hash;
};

struct population {
    char *name;
    hk_cell *type;
    uint32_t first, n;
};

struct override { /* a value of one cell's own */
    uint32_t cell, segment;
    struct cell_place place;
    double value;
};

struct point {
    uint32_t spec, cell, segment;
};

struct input {
    uint32_t spec, stream; /* stream: index into hk_net.stream */
    uint64_t identity, index;
};

struct detector {
    uint32_t cell, segment;
    double threshold;
};

/* A source's number is its kind in the two upper bits and the index of its kind below. */
#define SOURCE(kind, index) ((uint32_t)(kind) << 30 | (index))
#define SOURCE_KIND(source) ((enum hk_source_kind)((source) >> 30))
#define SOURCE_INDEX(source) ((source)&0x3fffffffu)

struct connection {
    uint32_t source, point;
    double delay;
    uint64_t
        weight; /* where its weights begin in hk_net.weight; as many as its point's plugin has */
};

struct stream_name {
    char *name;
    uint64_t purpose; /* random_purpose(name) */
};

struct layout; /* layout.h: NULL before hk_net_build */
struct probe;  /* probe.h */

/* An array that grows: n used, room had. */
struct hk_net {
    hk_context *ctx;
    struct hk_net_options options;
    uint32_t n_population, room_population;
    struct population *population;
    uint32_t n_cell, room_cell;
    uint64_t *identity;        /* [n_cell] */
    uint32_t *cell_population; /* [n_cell] */
    uint32_t n_override, room_override;
    struct override *override; /* in the order of the calls: the last one holds */
    uint32_t n_spec, room_spec;
    struct spec *spec;
    uint32_t n_point, room_point;
    struct point *point;
    uint32_t n_input, room_input;
    struct input *input;
    uint32_t n_detector, room_detector;
    struct detector *detector;
    uint32_t n_connection, room_connection;
    struct connection *connection;
    uint64_t n_weight, room_weight;
    double *weight;
    uint32_t n_stream, room_stream;
    struct stream_name *stream;
    uint32_t n_probe, room_probe;
    struct probe **probe;
    void *index; /* network.c's own look-ups: identities, specs, detectors, streams */
    struct layout *layout;
};

/* What network.c does for its neighbours. */
uint32_t plugin_weights(const struct hk_plugin *plugin); /* how many HK_WEIGHT fields */
hk_status network_open(hk_net *net,
                       const char *what); /* HK_ORDER when the network is built already */
/* The spec that equals this one, made if need be; checks every name and value. kind: enum hk_kind
 * that it must be. */
hk_status network_spec(hk_net *net, const struct hk_spec *from, uint32_t kind, uint32_t *out);

#endif
