/* SPDX-License-Identifier: BSD-3-Clause */
/* events: spikes -> deliveries, by integer step.
 *
 * An event due at time t is delivered at the start of the first step n with t <= t_n + dt/2. Where
 * events meet they apply in the order (time, source, connection); the number of a group's
 * connections says the latter two. */
#ifndef HK_CORE_EVENTS_H
#define HK_CORE_EVENTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first step n >= 0 with t <= n dt + dt/2; a tie within 1e-9 of a step counts as equal.
 * INT64_MAX for times beyond any run. */
int64_t event_step(double t, double dt);

struct delivery {
    double t;
    uint32_t connection; /* in the group; or a generator's index, in its own calendar */
};

/* What is due later, in buckets of one epoch each; what is far off waits in one more and is dealt
 * out when its turn comes. */
enum { CALENDAR_DAYS = 64 };
struct bucket {
    struct delivery *item;
    uint32_t n, room;
};
enum { CALENDAR_SPARE = 6 };
struct calendar {
    double dt;
    int64_t epoch_steps;
    int64_t today; /* the epoch that was begun last */
    struct bucket day[CALENDAR_DAYS], later;
    struct bucket spare[CALENDAR_SPARE]; /* room of days that are over, for those to come */
    uint32_t n_spare;
};

void calendar_init(struct calendar *c, double dt, int64_t epoch_steps);
void calendar_clear(struct calendar *c); /* back to epoch 0, empty */
void calendar_free(struct calendar *c);
/* Puts down a delivery; one due before the epoch that was begun last counts as due in it. False
 * where memory is short. */
bool calendar_add(struct calendar *c, double t, uint32_t connection);
/* Begins an epoch (they come in order) and gives its bucket, which the caller empties by setting n
 * = 0; NULL where memory is short. */
struct bucket *calendar_begin(struct calendar *c, int64_t epoch);
size_t calendar_bytes(const struct calendar *c); /* that it has taken */

/* In the order (t, connection). */
void deliveries_sort(struct delivery *item, size_t n);

/* When each of n sleepers is to be woken next, one time each: they stand in lists of one epoch
 * each, in no order. It never grows. */
struct alarm {
    double dt;
    int64_t epoch_steps, today;
    double *t;      /* [n] */
    uint32_t *next; /* [n] in the list of the same epoch; UINT32_MAX: the last one */
    uint32_t day[CALENDAR_DAYS], later;
};
/* t and next: room for as many as there are sleepers. */
void alarm_init(struct alarm *a, double dt, int64_t epoch_steps, double *t, uint32_t *next);
void alarm_clear(struct alarm *a); /* back to epoch 0, nobody to wake */
/* Wakes sleeper k, who waits for nothing, at t; where that is before the epoch that was begun last,
 * in it. t[k] is its time, even where that is never. */
void alarm_set(struct alarm *a, uint32_t k, double t);
/* Begins an epoch (they come in order) and takes its list out: the first sleeper, UINT32_MAX if
 * there is none. Before a sleeper is set again its next is to be read. */
uint32_t alarm_begin(struct alarm *a, int64_t epoch);

/* Events that instances send to themselves: a heap in the order (t, instance, sent first). */
struct self_event {
    double t, flag;
    double *weight;           /* of the event in which it was sent */
    uint32_t point, instance; /* the group's point patch and its instance */
    uint64_t sent;
};
struct self_queue {
    struct self_event *item;
    uint32_t n, room;
    uint64_t sent;
};
bool self_queue_add(struct self_queue *q, struct self_event event);
struct self_event self_queue_pop(struct self_queue *q); /* of a queue that is not empty */
void self_queue_free(struct self_queue *q);

#endif
