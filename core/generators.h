/* SPDX-License-Identifier: BSD-3-Clause */
/* generators: a group's own copies of the inputs that some of its points are connected to.
 *
 * There are ten for each compartment, and each makes some events a second. So only what an
 * instance's hooks change is kept for each; its parameters, lists and random stream are looked up
 * in the network when it is to make an event. */
#ifndef HK_CORE_GENERATORS_H
#define HK_CORE_GENERATORS_H
#include "arena.h"
#include "hillock/plugin.h"
#include "network.h"

struct generators { /* of one plugin and one set of globals */
    const struct hk_plugin *plugin;
    uint32_t n, first;     /* first: the group's number of the first of them */
    struct series input;   /* [n] their numbers in the network */
    uint32_t n_state;      /* columns that are an instance's own: all but parameters */
    double *state;         /* [n][n_state] */
    struct hk_block block; /* of HK_LANES instances: where they stand when a hook is called */
    hk_col *col;
    struct hk_stream *stream;
};

/* Their memory, for n instances of the spec's plugin. */
struct layout;
bool generators_open(const hk_net *net, struct layout *layout, struct arena *arena,
                     struct generators *all, const struct spec *spec, uint32_t n);

/* What the plugin's check says of instance k; NULL: nothing. */
const char *generators_check(const hk_net *net, struct generators *all, uint32_t k);

/* Every instance at t = 0. */
void generators_init(const hk_net *net, struct generators *all);

void generators_close(struct generators *all);

/* The time of instance k's next event. */
double generators_next(const hk_net *net, struct generators *all, uint32_t k);

#endif
