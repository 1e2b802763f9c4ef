/* SPDX-License-Identifier: BSD-3-Clause */
#include "groups.h"
#include "group_check.h"
#include "profile.h"
#include "step.h"

static void begin(void *work, uint32_t k) {
    const struct groups_work *w = work;
    struct group *g = &w->layout->group[k];
    layout_start(w->net, g);
    if (group_check(g)) {
        group_begin(g, w->net->options.v_init);
    }
}

static void init(void *work, uint32_t k) {
    struct group *g = &((const struct groups_work *)work)->layout->group[k];
    if (!g->status) {
        group_init(g);
    }
}

static void look(void *work, uint32_t k) {
    group_look(&((const struct groups_work *)work)->layout->group[k]);
}

/* The three at once, where no group looks into another. */
static void start(void *work, uint32_t k) {
    begin(work, k);
    init(work, k);
    look(work, k);
}

static void epoch(void *work, uint32_t k) {
    const struct groups_work *w = work;
    group_epoch(&w->layout->group[k], w->from, w->until, w->spike, w->n_spike);
}

static void epoch_single(void *work, uint32_t k) {
    epoch(work, ((const struct groups_work *)work)->layout->single[k]);
}

static void first_half(void *work, uint32_t k) {
    const struct groups_work *w = work;
    group_first_half(&w->layout->group[w->layout->coupled[k]], w->at, w->from, w->until, w->spike,
                     w->n_spike);
}

static void second_half(void *work, uint32_t k) {
    const struct groups_work *w = work;
    group_second_half(&w->layout->group[w->layout->coupled[k]], w->at);
}

static void each(struct groups_work *w, enum profile_phase phase, void (*what)(void *, uint32_t),
                 uint32_t n) {
    profile_crew(w->layout->profile, phase, w->crew, what, w, n);
}

void groups_start(struct groups_work *w) {
    uint32_t n = w->layout->n_group;
    if (!w->layout->n_coupled) {
        each(w, PROFILE_INIT, start, n);
        return;
    }
    each(w, PROFILE_INIT, begin, n);
    each(w, PROFILE_INIT, init, n);
    each(w, PROFILE_INIT, look, n);
}

void groups_epoch(struct groups_work *w) {
    uint32_t coupled = w->layout->n_coupled;
    if (!coupled) {
        each(w, PROFILE_OTHER, epoch, w->layout->n_group);
        return;
    }
    each(w, PROFILE_OTHER, epoch_single, w->layout->n_single);
    for (w->at = w->from; w->at < w->until; w->at++) {
        each(w, PROFILE_OTHER, first_half, coupled);
        each(w, PROFILE_OTHER, second_half, coupled);
    }
    each(w, PROFILE_OTHER, first_half, coupled);
}
