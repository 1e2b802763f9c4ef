/* SPDX-License-Identifier: BSD-3-Clause */
/* save: a network between two runs, as a file and back.
 *
 * What the file says it says of cells, points, connections and inputs by their numbers in the
 * network, never of groups: so it fits the same model in any layout. What a unit has computed
 * ahead, the others' mechanisms compute too before they are written. */
#ifndef HK_CORE_SAVE_H
#define HK_CORE_SAVE_H
#include "engine.h"
#include "save_file.h"
#include "save_map.h"

struct save_delivery {
    double t;
    uint32_t connection;
};

/* An event that an instance has sent to itself. */
struct save_self {
    double t, flag;
    uint32_t point; /* the first one that the instance is */
    bool shadow;
    uint32_t connection; /* whose weights it has; HK_NONE: no weights; SAVE_WEIGHTLESS: those of a
                            connection that has none */
    uint64_t sent;
};
#define SAVE_WEIGHTLESS (HK_NONE - 1)

struct save { /* a network on its way to a file or from it */
    hk_net *net;
    struct layout *layout;
    const char *path;
    struct engine_state run;
    struct save_map map;
    uint64_t n_delivery, n_self;
    struct save_delivery *delivery; /* under way, sorted */
    struct save_self *self;
    uint64_t *held; /* [n_probe] how many bytes each recorder holds */
};

/* What the sections hold; `all` is a struct save. save.c: where the run is. */
hk_status save_pass_run(struct save_stream *s, void *all);

/* save_cells.c: cells, their mechanisms and points. */
hk_status save_pass_cells(struct save_stream *s, void *all);

/* save_sources.c: weights, detectors and inputs. */
hk_status save_pass_weights(struct save_stream *s, void *all);
hk_status save_pass_detectors(struct save_stream *s, void *all);
hk_status save_pass_inputs(struct save_stream *s, void *all);

/* save_events.c: events under way, which are gathered before they are written. */
bool save_gather_events(struct save *all);
hk_status save_pass_deliveries(struct save_stream *s, void *all);
hk_status save_pass_selves(struct save_stream *s, void *all);

/* save_probes.c: probes and what their recorders hold. */
hk_status save_check_probes(const struct save *all); /* whether all can be saved */
hk_status save_pass_probes(struct save_stream *s, void *all);

#endif
