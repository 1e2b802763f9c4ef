/* SPDX-License-Identifier: BSD-3-Clause */
/* cable_tree: how a cable's segments hang together. */
#ifndef HK_CORE_CABLE_TREE_H
#define HK_CORE_CABLE_TREE_H
#include "cable.h"

/* Of a cable whose segments have their section and resistance: fills their parents and distances,
 * and the tree of nodes. right_Mohm[s]: from the middle of section s's last segment to its 1 end.
 */
hk_status cable_tree(hk_context *ctx, struct cable *cable, const hk_morph *morph,
                     const double *right_Mohm);

/* The segment of nseg ones at x of a section, as NEURON's node_index. */
static inline uint32_t cable_index(uint32_t nseg, double x) {
    uint32_t i = (uint32_t)(nseg * x);
    return i < nseg ? i : nseg - 1;
}

#endif
