/* SPDX-License-Identifier: BSD-3-Clause */
/* profile: where a run's time goes. A phase of the step ends with a mark: the time since the last
 * mark is that phase's. Without a profile a mark is one branch; with it, one look at the clock.
 *
 * Each group marks its own time, on whichever thread it runs; the engine's thread marks what it
 * does between epochs. */
#ifndef HK_CORE_PROFILE_H
#define HK_CORE_PROFILE_H
#include "group.h"
#include <time.h>

/* What time is spent on, in the order in which it is told. The first ones' time is that of their
 * mechanisms, added up when it is told. */
#define PROFILE_PHASES(X)                                                                          \
    X(CHANNELS, "states and currents, one kernel")                                                 \
    X(FINISH, "synapses and matrix, one kernel")                                                   \
    X(CHANNELS_CURRENT, "channels: currents")                                                      \
    X(CHANNELS_ADVANCE, "channels: states")                                                        \
    X(POINTS_CURRENT, "synapses and clamps: currents")                                             \
    X(POINTS_ADVANCE, "synapses and clamps: states")                                               \
    X(POINTS_RECEIVE, "synapses and clamps: events")                                               \
    X(POOLS, "ion pools and Nernst")                                                               \
    X(GATHER, "v at synapses and clamps")                                                          \
    X(SUMS, "clearing and adding up currents")                                                     \
    X(ASSEMBLE, "matrix assembly")                                                                 \
    X(SOLVE, "matrix solution")                                                                    \
    X(CHECK, "test of v")                                                                          \
    X(DETECT, "detection of spikes")                                                               \
    X(SAMPLE, "sampling")                                                                          \
    X(DELIVER, "delivery of events")                                                               \
    X(INPUTS, "events of inputs")                                                                  \
    X(EXCHANGE, "exchange of spikes")                                                              \
    X(RECORD, "recorders")                                                                         \
    X(INIT, "initialisation")                                                                      \
    X(OTHER, "other")                                                                              \
    X(WAIT, "waiting of threads")

enum profile_phase {
#define PROFILE_NAME(name, text) PROFILE_##name,
    PROFILE_PHASES(PROFILE_NAME)
#undef PROFILE_NAME
        PROFILE_N
};

/* Where channels run as one kernel, one in so many epochs runs mechanism by mechanism: their shares
 * of it are the kernel's. */
enum { PROFILE_SPLIT = 64 };

enum profile_kernel { PROFILE_CURRENT, PROFILE_ADVANCE, PROFILE_RECEIVE, PROFILE_KERNELS };

struct profile_patch {                /* of a patch of channels, or of points */
    uint64_t kernel[PROFILE_KERNELS]; /* ticks */
    uint64_t events;
};

struct profile_group {
    uint64_t last;             /* the time of the last mark */
    uint64_t looks;            /* at the clock */
    bool counter;              /* the clock is the processor's counter */
    uint64_t phase[PROFILE_N]; /* ticks */
    struct profile_patch *patch, *point;
};

/* Ticks: of the processor's counter where it goes on evenly, else nanoseconds. */
static inline uint64_t profile_clock(bool counter) {
#if defined __x86_64__ || defined __i386__
    if (counter) {
        return __builtin_ia32_rdtsc();
    }
#else
    (void)counter;
#endif
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Adds the time since the last mark to *to. */
static inline void profile_lap(struct profile_group *p, uint64_t *to) {
    uint64_t now = profile_clock(p->counter);
    *to += now > p->last ? now - p->last : 0; /* a thread may change its processor */
    p->last = now;
    p->looks++;
}

/* ---- marks of a group, where its step is made */

/* What comes now is of the phase that the next mark names. */
static inline void profile_start(const struct group *g) {
    if (g->profile) {
        g->profile->last = profile_clock(g->profile->counter);
        g->profile->looks++;
    }
}

/* A phase ends here. */
static inline void profile_mark(const struct group *g, enum profile_phase phase) {
    if (g->profile) {
        profile_lap(g->profile, &g->profile->phase[phase]);
    }
}

/* A kernel of patch p of channels ends here, with what it takes to hand its currents on. */
static inline void profile_patch(const struct group *g, uint32_t p, enum profile_kernel kernel) {
    if (g->profile) {
        profile_lap(g->profile, &g->profile->patch[p].kernel[kernel]);
    }
}

/* The same of patch p of points, with gathering and scattering. */
static inline void profile_point(const struct group *g, uint32_t p, enum profile_kernel kernel) {
    if (g->profile) {
        profile_lap(g->profile, &g->profile->point[p].kernel[kernel]);
        g->profile->point[p].events += kernel == PROFILE_RECEIVE;
    }
}

/* ---- the engine's marks: NULL where there is no profile */

struct profile;
struct layout;
struct crew;

/* Begins a profile of the layout's groups, run by so many threads; NULL where memory is short. */
struct profile *profile_new(struct layout *layout, uint32_t threads);
void profile_free(struct profile *p);

/* What is marked between the two is part of a run, which made so many steps and spikes. */
void profile_enter(struct profile *p);
void profile_leave(struct profile *p, uint64_t steps, uint64_t spikes);

/* A phase of the engine's thread ends here. */
void profile_engine(struct profile *p, enum profile_phase phase);

/* As crew_run, and marks what each thread does; `phase` is INIT, or OTHER for work that marks its
 * own. p may be NULL. */
void profile_crew(struct profile *p, enum profile_phase phase, struct crew *crew,
                  void (*work)(void *all, uint32_t k), void *all, uint32_t n);

#endif
