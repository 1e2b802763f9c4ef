/* SPDX-License-Identifier: BSD-3-Clause */
/* network: populations of cell types, points, inputs, detectors, connections and probes, as the
 * user said them. The layout reads it and makes what the engine runs. */
#ifndef HK_CORE_NETWORK_H
#define HK_CORE_NETWORK_H
#include "cell.h"
#include "hillock/network.h"
#include "hillock/plugin.h"
#include "probe_field.h"
#include "series.h"
#include <string.h>

/* A plugin with a value for every field. Equal ones are kept once, so that two points have equal
 * parameters exactly when they have the same spec. There is one for each list of times, so that it
 * is kept small. */
struct spec_values { /* specs with equal ones share them */
    const struct hk_plugin *plugin;
    double value[]; /* [plugin->n_field], in the order of the table; unused for lists */
};
struct spec {
    const struct spec_values *of;
    const double *lists; /* the rows of each list, then the lists' numbers; NULL without lists */
};

struct population {
    char *name;
    hk_cell *type;
    uint32_t first, n;
    bool artificial; /* stands for artificial cells: the type is nobody else's, and */
    uint32_t point;  /* is the first one's point */
};

/* Set in the identities of what stands for artificial cells, which count by themselves. */
#define ARTIFICIAL_IDENTITY ((uint64_t)1 << 63)

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

struct port_end { /* an instance's field, or v or an ion's variable at its place */
    uint32_t cell, segment;
    uint32_t point; /* HK_NONE: of the segment */
    struct probe_field field;
};
struct port { /* what a port shows */
    struct port_end at, shown;
};

struct tapped { /* an ion's total current that a port shows */
    const hk_cell *type;
    uint32_t ion;
};

struct stream_name {
    char *name;
    uint64_t purpose; /* random_purpose(name) */
};

struct layout; /* layout.h: NULL before hk_net_build */
struct probe;  /* probe.h */

/* An array that grows: n used, room had. Points, inputs and connections are many and mostly alike:
 * they are series, one a member, and are had by network_point and its like. */
struct hk_net {
    hk_context *ctx;
    struct hk_net_options options;
    uint32_t n_population, room_population;
    struct population *population;
    uint32_t n_cell, room_cell;
    uint32_t n_artificial;     /* of n_cell */
    uint64_t *identity;        /* [n_cell] */
    uint32_t *cell_population; /* [n_cell] */
    uint32_t n_override, room_override;
    struct override *override; /* in the order of the calls: the last one holds */
    uint32_t n_spec, room_spec;
    struct spec *spec;
    uint32_t n_point, n_input, n_connection;
    struct {
        struct series spec, cell, segment;
    } point;
    struct {
        struct series spec, stream, identity, index;
    } input;
    struct {
        struct series source, point, delay, weight; /* delay: the bits of the double */
    } connection;
    uint32_t n_detector, room_detector;
    struct detector *detector;
    uint64_t n_weight, room_weight;
    double *weight;
    uint32_t n_stream, room_stream;
    struct stream_name *stream;
    uint32_t n_port, room_port;
    struct port *port; /* in the order of the calls: the last one holds */
    uint32_t n_tapped, room_tapped;
    struct tapped *tapped;
    uint32_t n_probe, room_probe;
    struct probe **probe;
    void *index; /* network.c's own look-ups: identities, specs, detectors, streams */
    struct layout *layout;
    unsigned char types[32]; /* once it is built: digest_types of then */
};

/* Point, input or connection i, which must exist. */
static inline struct point network_point(const hk_net *net, uint32_t i) {
    return (struct point){.spec = (uint32_t)series_get(&net->point.spec, i),
                          .cell = (uint32_t)series_get(&net->point.cell, i),
                          .segment = (uint32_t)series_get(&net->point.segment, i)};
}
static inline const struct spec *network_point_spec(const hk_net *net, uint32_t i) {
    return &net->spec[series_get(&net->point.spec, i)];
}
static inline uint32_t network_point_cell(const hk_net *net, uint32_t i) {
    return (uint32_t)series_get(&net->point.cell, i);
}
static inline struct input network_input(const hk_net *net, uint32_t i) {
    return (struct input){.spec = (uint32_t)series_get(&net->input.spec, i),
                          .stream = (uint32_t)series_get(&net->input.stream, i),
                          .identity = series_get(&net->input.identity, i),
                          .index = series_get(&net->input.index, i)};
}
static inline struct connection network_connection(const hk_net *net, uint32_t i) {
    struct connection c = {.source = (uint32_t)series_get(&net->connection.source, i),
                           .point = (uint32_t)series_get(&net->connection.point, i),
                           .weight = series_get(&net->connection.weight, i)};
    uint64_t bits = series_get(&net->connection.delay, i);
    memcpy(&c.delay, &bits, sizeof c.delay);
    return c;
}

/* What network.c does for its neighbours. */
uint32_t plugin_weights(const struct hk_plugin *plugin);           /* how many HK_WEIGHT fields */
uint32_t plugin_lists(const struct hk_plugin *plugin);             /* how many HK_LIST fields */
uint32_t plugin_tables(const struct hk_plugin *plugin);            /* how many HK_TABLE fields */
struct hk_list spec_list(const struct spec *spec, uint32_t field); /* an HK_LIST's or HK_TABLE's */
/* Whether a port shows the ion's total current in cells of this type. */
bool network_taps(const hk_net *net, const hk_cell *type, uint32_t ion);
uint64_t network_bytes(const hk_net *net); /* all that it has taken, but for the layout */
void network_settle(hk_net *net); /* it is built: gives back room, and what adding things needed */
hk_status network_open(hk_net *net,
                       const char *what); /* HK_ORDER when the network is built already */
/* The spec that equals this one, made if need be; checks every name and value. kind: enum hk_kind
 * that it must be. */
hk_status network_spec(hk_net *net, const struct hk_spec *from, uint32_t kind, uint32_t *out);

#endif
