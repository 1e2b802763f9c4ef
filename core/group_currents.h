/* SPDX-License-Identifier: BSD-3-Clause */
/* group_currents: from v and the states of a group to the matrix of the step. */
#ifndef HK_CORE_GROUP_CURRENTS_H
#define HK_CORE_GROUP_CURRENTS_H
#include "group.h"

/* The time that kernels see. */
void group_set_time(struct group *g, double t);

/* v, and the ions' variables, to the point processes that do not look at them in place. */
void group_gather(struct group *g);
void group_gather_ions(const struct point_patch *p);

/* The channels' i and g, and the currents of ions that somebody reads; and their states of the next
 * step. */
void group_channel_currents(struct group *g);
void group_advance_channels(struct group *g);

/* Adds the currents of point processes, and those of ions, to i and g; and the states of point
 * processes, or only of shadows, of the next step. */
void group_point_currents(struct group *g);
void group_add_shares(struct group *g); /* its end: HK_WRITE_CURRENT columns to ions' currents */
void group_advance_points(struct group *g, bool shadows);

/* The diagonal and right side, in g's and i's place. */
void group_assemble(struct group *g);

/* Reversal potentials where a concentration is integrated. */
void group_nernst(struct group *g);

#endif
