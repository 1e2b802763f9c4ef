/* SPDX-License-Identifier: BSD-3-Clause */
/* group_sample: what probes see of a group. */
#ifndef HK_CORE_GROUP_SAMPLE_H
#define HK_CORE_GROUP_SAMPLE_H
#include "group.h"

/* Takes the samples that are due at step n and were not taken. Currents are evaluated for the
 * sample alone: the run's own columns and bits stay as they are. */
void group_sample(struct group *g, int64_t n);

#endif
