/* SPDX-License-Identifier: BSD-3-Clause */
#include "crew.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* An epoch lasts some 100 us, a thread's sleep and waking 50: helpers look for new work for a while
 * before they sleep. */
enum { LOOKS = 20000 };

struct crew {
    uint32_t helpers;
    pthread_t *thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    atomic_uint call;    /* rises with each call of crew_run, and at the end */
    atomic_uint next;    /* piece of work */
    atomic_uint working; /* helpers that have not finished the call */
    atomic_uint sleeping;
    atomic_bool end;
    void (*work)(void *, uint32_t);
    void *all;
    uint32_t n;
};

static void relax(void) {
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#endif
}

static void take_pieces(struct crew *c) {
    for (uint32_t k; (k = atomic_fetch_add(&c->next, 1)) < c->n;) {
        c->work(c->all, k);
    }
}

static unsigned wait_for_call(struct crew *c, unsigned last) {
    for (int look = 0; look < LOOKS; look++) {
        unsigned call = atomic_load(&c->call);
        if (call != last) {
            return call;
        }
        relax();
    }
    pthread_mutex_lock(&c->mutex);
    atomic_fetch_add(&c->sleeping, 1);
    unsigned call;
    while ((call = atomic_load(&c->call)) == last) {
        pthread_cond_wait(&c->wake, &c->mutex);
    }
    atomic_fetch_sub(&c->sleeping, 1);
    pthread_mutex_unlock(&c->mutex);
    return call;
}

static void *help(void *crew) {
    struct crew *c = crew;
    unsigned call = 0;
    for (;;) {
        call = wait_for_call(c, call);
        if (atomic_load(&c->end)) {
            return NULL;
        }
        take_pieces(c);
        atomic_fetch_sub(&c->working, 1);
    }
}

static void announce(struct crew *c) {
    atomic_fetch_add(&c->call, 1);
    if (atomic_load(&c->sleeping)) {
        pthread_mutex_lock(&c->mutex);
        pthread_cond_broadcast(&c->wake);
        pthread_mutex_unlock(&c->mutex);
    }
}

void crew_run(struct crew *c, void (*work)(void *, uint32_t), void *all, uint32_t n) {
    if (!c || n < 2) {
        for (uint32_t k = 0; k < n; k++) {
            work(all, k);
        }
        return;
    }
    c->work = work;
    c->all = all;
    c->n = n;
    atomic_store(&c->next, 0);
    atomic_store(&c->working, c->helpers);
    announce(c);
    take_pieces(c);
    for (unsigned look = 0; atomic_load(&c->working); look++) {
        if (look < LOOKS) {
            relax();
        } else {
            sched_yield();
        }
    }
}

uint32_t crew_threads(const struct crew *c) {
    return c ? c->helpers + 1 : 1;
}

uint32_t crew_self(const struct crew *c) {
    for (uint32_t k = 0; c && k < c->helpers; k++) {
        if (pthread_equal(c->thread[k], pthread_self())) {
            return k + 1;
        }
    }
    return 0;
}

struct crew *crew_new(uint32_t helpers) {
    struct crew *c = calloc(1, sizeof *c);
    pthread_t *thread = calloc((size_t)helpers + 1, sizeof *thread);
    if (!c || !thread || pthread_mutex_init(&c->mutex, NULL) != 0) {
        free(thread);
        free(c);
        return NULL;
    }
    pthread_cond_init(&c->wake, NULL);
    c->thread = thread;
    while (c->helpers < helpers && pthread_create(&thread[c->helpers], NULL, help, c) == 0) {
        c->helpers++;
    }
    if (c->helpers < helpers) {
        crew_free(c);
        return NULL;
    }
    return c;
}

void crew_free(struct crew *c) {
    if (!c) {
        return;
    }
    atomic_store(&c->end, true);
    announce(c);
    for (uint32_t k = 0; k < c->helpers; k++) {
        pthread_join(c->thread[k], NULL);
    }
    pthread_cond_destroy(&c->wake);
    pthread_mutex_destroy(&c->mutex);
    free(c->thread);
    free(c);
}
