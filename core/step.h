/* SPDX-License-Identifier: BSD-3-Clause */
/* step: what happens to one group from t to t + dt, and over an epoch. */
#ifndef HK_CORE_STEP_H
#define HK_CORE_STEP_H
#include "group.h"

#define V_LIMIT_MV 1e4 /* beyond it, a membrane potential is taken to have run away */

/* t = 0: v_init everywhere; then all kernels' init, queues and generators from their beginning;
 * then ports see what that made. Groups that look into each other make each of the three together.
 */
void group_begin(struct group *g, double v_init);
hk_status group_init(struct group *g);
void group_look(struct group *g);

/* The group has got a unit between runs, before step n. */
void group_enter_unit(struct group *g, int64_t n);

/* From step `from` to step `to`, within one epoch, after the spikes that all groups made before
 * `from` and have not been told of. HK_DIVERGED leaves bad_step, bad_row and bad_lane;
 * HK_NO_MEMORY. Also in g->status. */
hk_status group_epoch(struct group *g, int64_t from, int64_t to, const struct spike *spike,
                      uint32_t n_spike);

/* The same of groups that look into each other: the first half of step n (its events, after the end
 * of the step before), all of them; then the second half, all of them; at last a first half for n =
 * to. */
void group_first_half(struct group *g, int64_t n, int64_t from, int64_t to,
                      const struct spike *spike, uint32_t n_spike);
void group_second_half(struct group *g, int64_t n);

#endif
