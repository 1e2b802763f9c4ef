/* SPDX-License-Identifier: BSD-3-Clause */
#include "profile.h"
#include "arena.h"
#include "crew.h"
#include "error.h"
#include "layout.h"
#include <stdlib.h>
#include <string.h>
#if defined __x86_64__ || defined __i386__
#include <cpuid.h>
#endif

struct profile_thread { /* written by itself alone: a cache line of its own */
    _Alignas(64) uint64_t busy, init, looks;
};

struct profile {
    struct layout *layout;
    uint32_t n_thread;
    struct profile_thread *thread;
    struct profile_group engine; /* what its thread does between the groups' epochs */
    uint64_t in_crew;            /* ticks of that thread in profile_crew */
    struct timespec entered;
    uint64_t entered_tick;
    double wall_s; /* between enter and leave, and the same in ticks */
    uint64_t wall;
    uint64_t runs, steps, spikes;
    struct arena arena;
    /* what was told: */
    struct hk_profile_phase phase[PROFILE_N];
    struct hk_profile_mechanism *mechanism;
    uint32_t n_mechanism;
    double *busy_s;
};

/* ---- recording */

/* Does the processor's counter go on at one rate, whatever the processor's clock and sleep? */
static bool even_counter(void) {
#if defined __x86_64__ || defined __i386__
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid(0x80000007u, &a, &b, &c, &d) && (d & 1u << 8);
#else
    return false;
#endif
}

static bool watch(struct profile *p, struct group *g) {
    struct profile_group *own = ARENA_NEW(&p->arena, 1, struct profile_group);
    if (!own) {
        return false;
    }
    own->counter = p->engine.counter;
    own->patch = ARENA_NEW(&p->arena, g->n_patch, struct profile_patch);
    own->point = ARENA_NEW(&p->arena, g->n_point, struct profile_patch);
    g->profile = own;
    return own->patch && own->point;
}

struct profile *profile_new(struct layout *layout, uint32_t threads) {
    struct profile *p = calloc(1, sizeof *p);
    if (!p) {
        return NULL;
    }
    p->layout = layout;
    p->n_thread = threads;
    p->engine.counter = even_counter();
    p->thread = ARENA_NEW(&p->arena, threads, struct profile_thread);
    p->busy_s = ARENA_NEW(&p->arena, threads, double);
    bool fine = p->thread && p->busy_s;
    for (uint32_t k = 0; fine && k < layout->n_group; k++) {
        fine = watch(p, &layout->group[k]);
    }
    if (!fine) {
        profile_free(p);
        return NULL;
    }
    return p;
}

void profile_free(struct profile *p) {
    if (p) {
        for (uint32_t k = 0; k < p->layout->n_group; k++) {
            p->layout->group[k].profile = NULL;
        }
        free(p->mechanism);
        arena_free(&p->arena);
        free(p);
    }
}

void profile_enter(struct profile *p) {
    if (p) {
        clock_gettime(CLOCK_MONOTONIC, &p->entered);
        p->engine.last = p->entered_tick = profile_clock(p->engine.counter);
    }
}

void profile_leave(struct profile *p, uint64_t steps, uint64_t spikes) {
    if (p) {
        struct timespec now;
        profile_engine(p, PROFILE_OTHER);
        clock_gettime(CLOCK_MONOTONIC, &now);
        p->wall += p->engine.last - p->entered_tick;
        p->wall_s += (double)(now.tv_sec - p->entered.tv_sec) +
                     1e-9 * (double)(now.tv_nsec - p->entered.tv_nsec);
        p->runs += steps > 0;
        p->steps += steps;
        p->spikes += spikes;
    }
}

void profile_engine(struct profile *p, enum profile_phase phase) {
    if (p) {
        profile_lap(&p->engine, &p->engine.phase[phase]);
    }
}

struct errand {
    struct profile *p;
    enum profile_phase phase;
    const struct crew *crew;
    void (*work)(void *all, uint32_t k);
    void *all;
};

static void timed(void *all, uint32_t k) {
    const struct errand *errand = all;
    bool counter = errand->p->engine.counter;
    struct profile_thread *thread = &errand->p->thread[crew_self(errand->crew)];
    uint64_t begin = profile_clock(counter);
    errand->work(errand->all, k);
    uint64_t end = profile_clock(counter), took = end > begin ? end - begin : 0;
    thread->busy += took;
    thread->init += errand->phase == PROFILE_INIT ? took : 0;
    thread->looks += 2;
}

void profile_crew(struct profile *p, enum profile_phase phase, struct crew *crew,
                  void (*work)(void *all, uint32_t k), void *all, uint32_t n) {
    if (!p) {
        crew_run(crew, work, all, n);
        return;
    }
    profile_engine(p, PROFILE_OTHER);
    struct errand errand = {p, phase, crew, work, all};
    crew_run(crew, timed, &errand, n);
    profile_lap(&p->engine, &p->in_crew);
}

/* ---- telling */

struct piece { /* of memory that a step touches */
    const void *at;
    size_t bytes;
};

static int by_place(const void *left, const void *right) {
    uintptr_t a = (uintptr_t)((const struct piece *)left)->at,
              b = (uintptr_t)((const struct piece *)right)->at;
    return (a > b) - (a < b);
}

/* Columns of an ion's variable are the ion's own arrays, but a point's are copies. */
static uint32_t add_columns(struct piece *piece, const struct hk_plugin *plugin, const hk_col *col,
                            uint32_t n, bool copies) {
    uint32_t added = 0;
    for (uint32_t j = 0, c = 0; c < plugin->n_column; j++) {
        const uint32_t role = plugin->field[j].role;
        if (role >= HK_GLOBAL) {
            continue;
        }
        bool ions = (role >= HK_REVERSAL && role <= HK_WRITE_OUTSIDE) || role == HK_WRITE_REVERSAL;
        if ((copies || !ions) && role != HK_OBSERVED) {
            piece[added++] = (struct piece){col[c], n * sizeof(double)};
        }
        c++;
    }
    return added;
}

static uint32_t all_columns(const struct group *g, struct piece *piece) {
    uint32_t n = 0;
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        n += add_columns(piece + n, patch->plugin, patch->col, patch->run.n, false);
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        const struct point_patch *point = &g->point[p];
        n += add_columns(piece + n, point->plugin, point->col, point->padded, true);
    }
    return n;
}

static uint32_t count_columns(const struct group *g) {
    uint32_t n = 0;
    for (uint32_t p = 0; p < g->n_patch; p++) {
        n += g->patch[p].plugin->n_column;
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        n += g->point[p].plugin->n_column;
    }
    return n;
}

/* Flat arrays, the tree, points' places, and each column once: patches may share them. */
static bool working_set(const struct group *g, uint64_t *bytes) {
    uint64_t flat = 5, row = 2 * sizeof(uint32_t) + 2 * sizeof(double);
    for (uint32_t m = 0; m < g->n_ion; m++) {
        const struct group_ion *ion = &g->ion[m];
        flat += 1u + (ion->current != NULL) + (ion->n_nernst ? 2u : 0u);
    }
    *bytes = flat * g->n_flat * sizeof(double) + row * g->n_row;
    for (uint32_t p = 0; p < g->n_point; p++) {
        const struct point_patch *point = &g->point[p];
        uint64_t dense = 3 * sizeof(double), gathered = sizeof(double) + sizeof(uint32_t);
        *bytes += (dense + (point->dense ? 0 : gathered)) * point->padded;
    }
    struct piece *piece = calloc((size_t)count_columns(g) + 1, sizeof *piece);
    if (!piece) {
        return false;
    }
    uint32_t n = all_columns(g, piece);
    qsort(piece, n, sizeof *piece, by_place);
    for (uint32_t k = 0; k < n; k++) {
        bool again = k + 1 < n && piece[k + 1].at == piece[k].at;
        *bytes += again ? 0 : piece[k].bytes;
    }
    free(piece);
    return true;
}

static struct hk_profile_mechanism *mechanism_of(struct profile *p,
                                                 const struct hk_plugin *plugin) {
    for (uint32_t k = 0; k < p->n_mechanism; k++) {
        if (strcmp(p->mechanism[k].name, plugin->name) == 0) {
            return &p->mechanism[k];
        }
    }
    struct hk_profile_mechanism *more =
        realloc(p->mechanism, ((size_t)p->n_mechanism + 1) * sizeof *more);
    if (!more) {
        return NULL;
    }
    p->mechanism = more;
    more[p->n_mechanism] =
        (struct hk_profile_mechanism){.name = plugin->name, .kind = plugin->kind};
    return &more[p->n_mechanism++];
}

static bool add_mechanism(struct profile *p, const struct hk_plugin *plugin, uint64_t instances,
                          const struct profile_patch *from, double current, double advance,
                          double second) {
    struct hk_profile_mechanism *to = mechanism_of(p, plugin);
    if (to) {
        to->instances += instances;
        to->events += from->events;
        to->current_s += (double)from->kernel[PROFILE_CURRENT] * current * second;
        to->advance_s += (double)from->kernel[PROFILE_ADVANCE] * advance * second;
        to->receive_s += (double)from->kernel[PROFILE_RECEIVE] * second;
    }
    return to != NULL;
}

static uint64_t count_channels(const struct group *g, const struct patch *patch) {
    uint64_t n = 0;
    for (uint32_t k = patch->run.at; k < patch->run.at + patch->run.n; k++) {
        n += g->copy_of[k] == k;
    }
    return n;
}

static uint64_t count_points(const struct point_patch *point) {
    uint64_t n = 0;
    for (uint32_t k = 0; k < point->n; k++) {
        n += point->scale[k] != 0;
    }
    return n;
}

/* By what a group's ticks of its plugins' kernels are to be multiplied: those that were taken apart
 * stand for all of the one kernel's that they are in. */
struct stands_for {
    double channels;
    double current, advance; /* of point processes */
};

static double times(uint64_t all, uint64_t apart) {
    return apart ? 1 + (double)all / (double)apart : 1;
}

static struct stands_for stands_for(const struct group *g) {
    const uint64_t *phase = g->profile->phase;
    uint64_t step = 0, finish = phase[PROFILE_SUMS] + phase[PROFILE_ASSEMBLE];
    struct stands_for factor = {1, 1, 1};
    for (uint32_t j = 0; j < g->n_patch; j++) {
        const uint64_t *kernel = g->profile->patch[j].kernel;
        step += kernel[PROFILE_CURRENT] + kernel[PROFILE_ADVANCE];
    }
    for (uint32_t j = 0; g->unit_finish && j < g->n_point; j++) {
        const uint64_t *kernel = g->profile->point[j].kernel;
        step += kernel[PROFILE_ADVANCE];
        finish += kernel[PROFILE_CURRENT];
    }
    if (g->unit) {
        factor.channels = times(phase[PROFILE_CHANNELS], step);
    }
    if (g->unit_finish) {
        factor.advance = factor.channels;
        factor.current = times(phase[PROFILE_FINISH], finish);
    }
    return factor;
}

static bool tell_mechanisms(struct profile *p, double second) {
    bool fine = true;
    p->n_mechanism = 0;
    for (uint32_t k = 0; k < p->layout->n_group; k++) {
        const struct group *g = &p->layout->group[k];
        const struct stands_for factor = stands_for(g);
        for (uint32_t j = 0; fine && j < g->n_patch; j++) {
            fine = add_mechanism(p, g->patch[j].plugin, count_channels(g, &g->patch[j]),
                                 &g->profile->patch[j], factor.channels, factor.channels, second);
        }
    }
    for (uint32_t k = 0; k < p->layout->n_group; k++) {
        const struct group *g = &p->layout->group[k];
        const struct stands_for factor = stands_for(g);
        for (uint32_t j = 0; fine && j < g->n_point; j++) {
            fine = add_mechanism(p, g->point[j].plugin, count_points(&g->point[j]),
                                 &g->profile->point[j], factor.current, factor.advance, second);
        }
    }
    return fine;
}

/* Adds a group's ticks to those of all by phase; gives how many it marked. */
static uint64_t add_group(const struct group *g, uint64_t *phase) {
    const struct profile_group *own = g->profile;
    uint64_t before = 0, after = 0;
    for (int k = 0; k < PROFILE_N; k++) {
        before += phase[k];
        phase[k] += own->phase[k];
    }
    for (uint32_t j = 0; j < g->n_patch; j++) {
        const uint64_t *kernel = own->patch[j].kernel;
        bool pool = j < g->n_pool;
        phase[g->unit ? PROFILE_CHANNELS
              : pool  ? PROFILE_POOLS
                      : PROFILE_CHANNELS_CURRENT] += kernel[PROFILE_CURRENT];
        phase[g->unit ? PROFILE_CHANNELS
              : pool  ? PROFILE_POOLS
                      : PROFILE_CHANNELS_ADVANCE] += kernel[PROFILE_ADVANCE];
    }
    for (uint32_t j = 0; j < g->n_point; j++) {
        const uint64_t *kernel = own->point[j].kernel;
        bool inside = g->unit_finish != NULL;
        phase[inside ? PROFILE_FINISH : PROFILE_POINTS_CURRENT] += kernel[PROFILE_CURRENT];
        phase[inside ? PROFILE_CHANNELS : PROFILE_POINTS_ADVANCE] += kernel[PROFILE_ADVANCE];
        phase[PROFILE_POINTS_RECEIVE] += kernel[PROFILE_RECEIVE];
    }
    for (int k = 0; k < PROFILE_N; k++) {
        after += phase[k];
    }
    return after - before;
}

static uint64_t above(uint64_t all, uint64_t part) {
    return all > part ? all - part : 0;
}

static void tell_phases(struct profile *p, double second) {
    static const char *const name[] = {
#define PROFILE_TEXT(name, text) text,
        PROFILE_PHASES(PROFILE_TEXT)
#undef PROFILE_TEXT
    };
    uint64_t phase[PROFILE_N] = {0}, marked = 0, busy = 0, init = 0, alone = 0;
    for (uint32_t k = 0; k < p->layout->n_group; k++) {
        marked += add_group(&p->layout->group[k], phase);
    }
    for (int k = 0; k < PROFILE_N; k++) {
        phase[k] += p->engine.phase[k];
        alone += p->engine.phase[k];
    }
    for (uint32_t k = 0; k < p->n_thread; k++) {
        busy += p->thread[k].busy;
        init += p->thread[k].init;
        p->busy_s[k] = (double)(p->thread[k].busy + (k == 0 ? alone : 0)) * second;
    }
    phase[PROFILE_INIT] += init;
    phase[PROFILE_OTHER] += above(busy, init + marked);
    phase[p->n_thread > 1 ? PROFILE_WAIT : PROFILE_OTHER] +=
        above(p->n_thread * (p->in_crew + alone), busy + alone);
    for (int k = 0; k < PROFILE_N; k++) {
        p->phase[k] = (struct hk_profile_phase){name[k], (double)phase[k] * second};
    }
}

/* What a look at the clock costs, in ticks: the least of some tries, in which nothing else ran. */
static double look_cost(bool counter) {
    enum { TRIES = 5, LOOKS = 400 };
    struct profile_group g = {.counter = counter};
    uint64_t least = UINT64_MAX;
    for (int k = 0; k < TRIES; k++) {
        uint64_t took = 0;
        g.last = profile_clock(counter);
        for (int look = 0; look < LOOKS; look++) {
            profile_lap(&g, &took);
        }
        least = took < least ? took : least;
    }
    return (double)least / LOOKS;
}

static uint64_t all_looks(const struct profile *p) {
    uint64_t n = p->engine.looks;
    for (uint32_t k = 0; k < p->layout->n_group; k++) {
        n += p->layout->group[k].profile->looks;
    }
    for (uint32_t k = 0; k < p->n_thread; k++) {
        n += p->thread[k].looks;
    }
    return n;
}

static bool tell_groups(const struct profile *p, struct hk_profile *out) {
    out->groups = p->layout->n_group;
    out->least_cells = UINT32_MAX;
    for (uint32_t k = 0; k < p->layout->n_group; k++) {
        const struct group *g = &p->layout->group[k];
        uint64_t bytes = 0;
        if (!working_set(g, &bytes)) {
            return false;
        }
        out->compartments += (uint64_t)g->lanes * g->n_segment;
        out->least_cells = g->lanes < out->least_cells ? g->lanes : out->least_cells;
        out->most_cells = g->lanes > out->most_cells ? g->lanes : out->most_cells;
        out->group_bytes = bytes > out->group_bytes ? bytes : out->group_bytes;
        for (uint32_t j = 0; j < g->n_point; j++) {
            out->events += g->profile->point[j].events;
        }
    }
    return true;
}

static hk_status tell(struct profile *p, const hk_net *net, struct hk_profile *out) {
    double second = p->wall ? p->wall_s / (double)p->wall : 0;
    struct hk_profile told = {.runs = p->runs, .steps = p->steps, .spikes = p->spikes};
    if (!tell_groups(p, &told) || !tell_mechanisms(p, second)) {
        return fail_memory(net->ctx, "a profile");
    }
    tell_phases(p, second);
    told.build_s = hk_net_facts(net).build_s;
    told.run_s = p->wall_s;
    told.total_s = p->wall_s * p->n_thread;
    told.overhead_s = (double)all_looks(p) * look_cost(p->engine.counter) * second;
    told.n_phase = PROFILE_N;
    told.phase = p->phase;
    told.n_mechanism = p->n_mechanism;
    told.mechanism = p->mechanism;
    told.n_thread = p->n_thread;
    told.busy_s = p->busy_s;
    *out = told;
    return HK_OK;
}

hk_status hk_net_profile(hk_net *net, struct hk_profile *out) {
    if (!net->options.profile) {
        return fail(net->ctx, HK_ORDER,
                    "there is no profile: the network's options did not ask for one");
    }
    if (!net->layout) {
        return fail(net->ctx, HK_ORDER, "there is no profile yet: the network has not been built");
    }
    return tell(net->layout->profile, net, out);
}
