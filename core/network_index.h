/* SPDX-License-Identifier: BSD-3-Clause */
/* network_index: what the files network*.c share: growth of arrays, look-ups, and things that are
 * prepared before they are made.
 *
 * A function that makes things writes them beyond the counts of their arrays and series, where
 * nobody looks; when nothing can fail any more it raises the counts, and where something fails it
 * calls network_drop. */
#ifndef HK_CORE_NETWORK_INDEX_H
#define HK_CORE_NETWORK_INDEX_H
#include "intern.h"
#include "network.h"
#include "table.h"

struct network_index {
    struct table identity; /* -> cell */
    struct table spec, detector, stream;
    uint64_t greatest; /* identity so far, */
    uint64_t greatest_artificial;
    struct intern values; /* of specs */
    struct arena lists;   /* of specs: */
    double *list_at;      /* where the next one begins, */
    size_t list_room;     /* with room for so many numbers */
    bool *claimed;        /* [hk_net.room_stream] by a bulk call: nobody else may use the name */
    uint32_t room_claimed;
};

static inline struct network_index *network_index(const hk_net *net) {
    return net->index;
}

/* Room for `need` elements; `array` is the address of the pointer. */
bool network_room(void *array, uint32_t *room, uint64_t need, size_t size);
bool network_room_wide(void *array, uint64_t *room, uint64_t need, size_t size);
#define NETWORK_ROOM(net, what, more)                                                              \
    network_room(&(net)->what, &(net)->room_##what, (uint64_t)(net)->n_##what + (more),            \
                 sizeof *(net)->what)

enum { NETWORK_MOST = 1 << 30 }; /* points, inputs, detectors: see SOURCE */

/* Whether there may be n more. */
hk_status network_points_room(hk_net *net, uint64_t n);
hk_status network_inputs_room(hk_net *net, uint64_t n);
hk_status network_connections_room(hk_net *net, uint64_t n);
hk_status network_weights_room(hk_net *net, uint64_t n); /* and makes it */

/* Writes one more beyond the count. */
hk_status network_point_add(hk_net *net, struct point point);
/* The ions of points of a spec on cells of a type: made where the type lacks them; noted at their
 * segments for n points beyond the count, which it raises. */
hk_status network_point_ions(hk_net *net, uint32_t spec, hk_cell *type);
void network_points_put(hk_net *net, uint32_t spec, uint32_t n);

hk_status network_input_add(hk_net *net, struct input input);
hk_status network_connection_add(hk_net *net, struct connection connection);
/* Takes back what stands beyond the counts of points, inputs and connections. */
void network_drop(hk_net *net);

const struct population *network_population(const hk_net *net, uint32_t cell);

/* As hk_net_population; of cells that stand for artificial ones, too. */
hk_status network_population_add(hk_net *net, const char *name, hk_cell *cell, uint32_t n,
                                 const uint64_t *identity, bool artificial, uint32_t *first);

/* Of a cell: as users know it. */
uint64_t network_identity(const hk_net *net, uint32_t cell);

/* The point that an artificial cell is. */
uint32_t network_artificial_point(const hk_net *net, uint32_t cell);

/* Whether the cells are no artificial ones, which have no membrane. */
hk_status network_membranes(hk_net *net, uint32_t n, const uint32_t *cell);

/* Whether the cells, the segment of a type, or the segments of the cells exist. */
hk_status network_cells(hk_net *net, uint32_t n, const uint32_t *cell);
hk_status network_segment(hk_net *net, const hk_cell *type, uint32_t segment);
hk_status network_places(hk_net *net, uint32_t n, const uint32_t *cell, const uint32_t *segment);

/* A stream's name, new or known, for a single call (many may use one name) or for a bulk call
 * (which needs a new one). What is prepared is either kept, which gives its index, or dropped. */
struct network_stream {
    uint32_t known; /* HK_NONE: it is new */
    bool claimed;
    char *name;
    uint64_t purpose;
};
hk_status network_stream_prepare(hk_net *net, const char *name, bool bulk,
                                 struct network_stream *out);
uint32_t network_stream_index(const hk_net *net,
                              const struct network_stream *stream); /* that it will have */
void network_stream_keep(hk_net *net, struct network_stream *stream);
void network_stream_drop(struct network_stream *stream);

/* The detector there, or HK_NONE; and one more, for which there is room in the array and the table.
 */
uint32_t network_detector_find(const hk_net *net, const struct detector *detector);
void network_detector_add(hk_net *net, const struct detector *detector);
hk_status network_detectors_room(hk_net *net, uint64_t n);

/* A field of the plugin by its name, or HK_NONE; the message then names the nearest. */
uint32_t network_field(hk_context *ctx, const struct hk_plugin *plugin, const char *name);

/* The spec with one value changed, made if need be. */
hk_status network_spec_with(hk_net *net, uint32_t spec, uint32_t field, double value,
                            uint32_t *out);

/* The weights that a point of this spec gives a connection that names none: as many as
 * plugin_weights says. */
void network_spec_weights(const struct spec *spec, double *out);

/* Whether a connection to a point of this spec may have these weights; what is not given must have
 * a default. */
hk_status network_weights(hk_net *net, const struct spec *spec, const double *weight,
                          uint32_t given);

/* Whether a connection from a source of this kind may have this delay. */
hk_status network_delay(hk_net *net, enum hk_source_kind kind, double delay);

/* Whether connections may end at points of this plugin. */
hk_status network_receives(hk_context *ctx, const struct hk_plugin *plugin);

void network_specs_free(hk_net *net);
void network_series_free(hk_net *net);
uint64_t network_series_bytes(const hk_net *net);
void network_series_settle(hk_net *net);
uint64_t network_specs_bytes(const hk_net *net);

#endif
