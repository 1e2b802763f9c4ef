/* SPDX-License-Identifier: BSD-3-Clause */
/* groups: what all groups of a network do, on whichever thread is free: their start, an epoch.
 *
 * Each does it by itself, but for those that look into each other by ports: they make each half of
 * a step together. */
#ifndef HK_CORE_GROUPS_H
#define HK_CORE_GROUPS_H
#include "crew.h"
#include "layout.h"

struct groups_work {
    const hk_net *net;
    struct layout *layout;
    struct crew *crew;         /* NULL: this thread alone */
    int64_t from, until;       /* of the epoch */
    const struct spike *spike; /* of the epoch before, all groups' */
    uint32_t n_spike;
    int64_t at; /* where those are that step together */
};

/* t = 0. What goes wrong is in each group's status. */
void groups_start(struct groups_work *work);
void groups_epoch(struct groups_work *work);

#endif
