/* SPDX-License-Identifier: BSD-3-Clause */
/* step: what happens to one group from t to t + dt, and over an epoch. */
#ifndef HK_CORE_STEP_H
#define HK_CORE_STEP_H
#include "group.h"

#define V_LIMIT_MV 1e4 /* beyond it, a membrane potential is taken to have run away */

/* t = 0: v_init everywhere, all kernels' init, queues and generators from their beginning. */
hk_status group_init(struct group *g, double v_init);

/* The group has got a unit between runs, before step n. */
void group_enter_unit(struct group *g, int64_t n);

/* From step `from` to step `to`, within one epoch, after the spikes that all groups made before
 * `from` and have not been told of. HK_DIVERGED leaves bad_step, bad_row and bad_lane;
 * HK_NO_MEMORY. Also in g->status. */
hk_status group_epoch(struct group *g, int64_t from, int64_t to, const struct spike *spike,
                      uint32_t n_spike);

#endif
