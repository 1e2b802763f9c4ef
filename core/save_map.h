/* SPDX-License-Identifier: BSD-3-Clause */
/* save_map: what the instances, links and generators of groups are in the network. A layout forgets
 * it once it is made; a file of a saved network knows nothing else. */
#ifndef HK_CORE_SAVE_MAP_H
#define HK_CORE_SAVE_MAP_H
#include "layout.h"

struct save_group {
    struct places places;
    uint32_t *first;      /* [n_point] where the instances of each patch begin in owner */
    uint32_t *owner;      /* the first point that an instance is; HK_NONE: none */
    uint32_t *connection; /* [n_link] */
};

struct save_input { /* where the network's input runs first; the others' copies are its equals */
    uint32_t group, generator; /* group HK_NONE: nobody listens */
};

struct save_map {
    struct plan plan;
    struct save_group *group;
    uint32_t *link; /* [n_connection] in the group of its target */
    uint32_t
        *shadow; /* [n_connection] the same to the target's shadow; HK_NONE; NULL: no shadows */
    struct save_input *input; /* [n_input] */
};

/* Of a network that has been built; false where memory is short. Closing a zero one is fine. */
bool save_map_open(hk_net *net, struct save_map *out);
void save_map_close(struct save_map *map);

/* The group and the link of a connection. */
struct group *save_target(const struct save_map *map, uint32_t connection);

/* Where a point is, or its shadow: patch HK_NONE where it has none. */
struct place save_place(const struct save_map *map, uint32_t point, bool shadow);

/* The first point that an instance is. */
uint32_t save_owner(const struct save_map *map, const struct group *g, struct place place);

/* The kind of a generator of a group. */
struct generators *save_kind(const struct group *g, uint32_t generator);

#endif
