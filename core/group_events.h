/* SPDX-License-Identifier: BSD-3-Clause */
/* group_events: events of a group: what its detectors see, its generators make, its instances send,
 * and what is delivered to them. Each returns false where memory is short. */
#ifndef HK_CORE_GROUP_EVENTS_H
#define HK_CORE_GROUP_EVENTS_H
#include "group.h"

/* The services that kernels see as block->host. */
const struct hk_host *step_host(void);

/* The weights of the j-th connection that ends at an instance; NULL beyond the last, and where the
 * plugin does not ask for them. */
double *group_connection(const struct group *g, uint32_t point, uint32_t instance, uint32_t j);

/* Puts down the spikes of detectors whose v is above its threshold at the start of step n and was
 * not before. */
void group_detect(struct group *g, int64_t n);

/* Delivers what is due at step n: links' events from *next of the epoch's bucket on, and events to
 * oneself, by time. At equal times an instance's own event comes first. Between what is due by the
 * step's time and what is due after it, points watch. */
void group_deliver(struct group *g, const struct bucket *bucket, uint32_t *next, int64_t n);

/* The first of the group's links that listen to a source; HK_NONE: none does. */
uint32_t group_listens(const struct group *g, uint32_t source);

/* Sends the spikes of all groups along this group's links. */
bool group_hear(struct group *g, const struct spike *spike, uint32_t n_spike);

/* Lets the generators that are due in the epoch make their events up to step `to`. */
bool group_wake(struct group *g, int64_t epoch, int64_t to);

/* Generators at t = 0, asleep until their first event. */
void group_init_generators(struct group *g);

#endif
