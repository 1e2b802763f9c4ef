/* SPDX-License-Identifier: BSD-3-Clause */
#include "events.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

int64_t event_step(double t, double dt) {
    double n = ceil(t / dt - 0.5 - 1e-9);
    return n < 0 ? 0 : n < 9e15 ? (int64_t)n : INT64_MAX;
}

static bool bucket_add(struct calendar *c, struct bucket *bucket, double t, uint32_t connection) {
    if (!bucket->room && c->n_spare) {
        *bucket = c->spare[--c->n_spare];
    }
    if (bucket->n == bucket->room) {
        uint32_t room = bucket->room ? 2 * bucket->room : 16;
        struct delivery *item = realloc(bucket->item, room * sizeof *item);
        if (!item) {
            return false;
        }
        bucket->item = item;
        bucket->room = room;
    }
    bucket->item[bucket->n++] = (struct delivery){t, connection};
    return true;
}

/* Lays by the room of an empty bucket. */
static void bucket_rest(struct calendar *c, struct bucket *bucket) {
    if (bucket->n || !bucket->room) {
        return;
    }
    if (c->n_spare < CALENDAR_SPARE) {
        c->spare[c->n_spare++] = *bucket;
    } else {
        free(bucket->item);
    }
    *bucket = (struct bucket){0};
}

void calendar_init(struct calendar *c, double dt, int64_t epoch_steps) {
    memset(c, 0, sizeof *c);
    c->dt = dt;
    c->epoch_steps = epoch_steps;
}

void calendar_clear(struct calendar *c) {
    for (int i = 0; i < CALENDAR_DAYS; i++) {
        c->day[i].n = 0;
        bucket_rest(c, &c->day[i]);
    }
    c->later.n = 0;
    c->today = 0;
}

void calendar_free(struct calendar *c) {
    for (int i = 0; i < CALENDAR_DAYS; i++) {
        free(c->day[i].item);
    }
    for (uint32_t i = 0; i < c->n_spare; i++) {
        free(c->spare[i].item);
    }
    free(c->later.item);
    memset(c, 0, sizeof *c);
}

size_t calendar_bytes(const struct calendar *c) {
    size_t rooms = c->later.room;
    for (int i = 0; i < CALENDAR_DAYS; i++) {
        rooms += c->day[i].room;
    }
    for (uint32_t i = 0; i < c->n_spare; i++) {
        rooms += c->spare[i].room;
    }
    return rooms * sizeof(struct delivery);
}

bool calendar_add(struct calendar *c, double t, uint32_t connection) {
    int64_t step = event_step(t, c->dt);
    if (step == INT64_MAX) {
        return true; /* never due */
    }
    int64_t epoch = step / c->epoch_steps;
    epoch = epoch < c->today ? c->today : epoch;
    bool near = epoch - c->today < CALENDAR_DAYS;
    return bucket_add(c, near ? &c->day[epoch % CALENDAR_DAYS] : &c->later, t, connection);
}

struct bucket *calendar_begin(struct calendar *c, int64_t epoch) {
    if (epoch != c->today) {
        bucket_rest(c, &c->day[c->today % CALENDAR_DAYS]);
    }
    c->today = epoch;
    if (epoch % (CALENDAR_DAYS / 2) == 0 && c->later.n) {
        struct bucket old = c->later;
        memset(&c->later, 0, sizeof c->later);
        bool fine = true;
        for (uint32_t i = 0; i < old.n; i++) {
            fine = calendar_add(c, old.item[i].t, old.item[i].connection) && fine;
        }
        free(old.item);
        if (!fine) {
            return NULL;
        }
    }
    return &c->day[epoch % CALENDAR_DAYS];
}

static int compare(const void *left, const void *right) {
    const struct delivery *a = left, *b = right;
    if (a->t != b->t) {
        return a->t < b->t ? -1 : 1;
    }
    return (a->connection > b->connection) - (a->connection < b->connection);
}

void deliveries_sort(struct delivery *item, size_t n) {
    if (n > 32) {
        qsort(item, n, sizeof *item, compare);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct delivery moving = item[i];
        size_t j = i;
        for (; j && compare(&moving, &item[j - 1]) < 0; j--) {
            item[j] = item[j - 1];
        }
        item[j] = moving;
    }
}

/* ---- alarms */

void alarm_init(struct alarm *a, double dt, int64_t epoch_steps, double *t, uint32_t *next) {
    *a = (struct alarm){.dt = dt, .epoch_steps = epoch_steps, .t = t, .next = next};
    alarm_clear(a);
}

void alarm_clear(struct alarm *a) {
    for (int i = 0; i < CALENDAR_DAYS; i++) {
        a->day[i] = UINT32_MAX;
    }
    a->later = UINT32_MAX;
    a->today = 0;
}

void alarm_set(struct alarm *a, uint32_t k, double t) {
    int64_t step = event_step(t, a->dt);
    a->t[k] = t;
    if (step == INT64_MAX) {
        return; /* never */
    }
    int64_t epoch = step / a->epoch_steps;
    epoch = epoch < a->today ? a->today : epoch;
    uint32_t *list = epoch - a->today < CALENDAR_DAYS ? &a->day[epoch % CALENDAR_DAYS] : &a->later;
    a->next[k] = *list;
    *list = k;
}

uint32_t alarm_begin(struct alarm *a, int64_t epoch) {
    a->today = epoch;
    if (epoch % (CALENDAR_DAYS / 2) == 0) {
        uint32_t k = a->later;
        a->later = UINT32_MAX;
        while (k != UINT32_MAX) {
            uint32_t after = a->next[k];
            alarm_set(a, k, a->t[k]);
            k = after;
        }
    }
    uint32_t first = a->day[epoch % CALENDAR_DAYS];
    a->day[epoch % CALENDAR_DAYS] = UINT32_MAX;
    return first;
}

/* ---- events to oneself */

static bool before(const struct self_event *a, const struct self_event *b) {
    if (a->t != b->t) {
        return a->t < b->t;
    }
    if (a->point != b->point) {
        return a->point < b->point;
    }
    if (a->instance != b->instance) {
        return a->instance < b->instance;
    }
    return a->sent < b->sent;
}

bool self_queue_add(struct self_queue *q, struct self_event event) {
    if (q->n == q->room) {
        uint32_t room = q->room ? 2 * q->room : 16;
        struct self_event *item = realloc(q->item, room * sizeof *item);
        if (!item) {
            return false;
        }
        q->item = item;
        q->room = room;
    }
    event.sent = q->sent++;
    uint32_t i = q->n++;
    for (; i && before(&event, &q->item[(i - 1) / 2]); i = (i - 1) / 2) {
        q->item[i] = q->item[(i - 1) / 2];
    }
    q->item[i] = event;
    return true;
}

struct self_event self_queue_pop(struct self_queue *q) {
    struct self_event top = q->item[0], last = q->item[--q->n];
    uint32_t i = 0;
    for (uint32_t child; (child = 2 * i + 1) < q->n; i = child) {
        if (child + 1 < q->n && before(&q->item[child + 1], &q->item[child])) {
            child++;
        }
        if (!before(&q->item[child], &last)) {
            break;
        }
        q->item[i] = q->item[child];
    }
    if (q->n) {
        q->item[i] = last;
    }
    return top;
}

void self_queue_free(struct self_queue *q) {
    free(q->item);
    memset(q, 0, sizeof *q);
}
