/* SPDX-License-Identifier: BSD-3-Clause */
#include "engine.h"
#include "crew.h"
#include "error.h"
#include "group_check.h"
#include "group_currents.h"
#include "groups.h"
#include "probe.h"
#include "profile.h"
#include "progress.h"
#include "group_sample.h"
#include "step.h"
#include "unit.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct engine {
    hk_net *net;
    struct layout *layout;
    struct crew *crew; /* worker threads; NULL for one */
    uint32_t threads;
    int64_t step;                     /* where the network is */
    int64_t until;                    /* where the epoch that is being run ends */
    bool begun;                       /* t = 0 has been made */
    bool broken;                      /* a run diverged: only reset helps */
    struct spike_list spikes, logged; /* of the epoch that was run last, all groups', sorted */
    uint64_t n_spike, n_step;
    double build_s, run_s;
};

uint32_t engine_threads(const hk_net *net) {
    if (net->options.threads) {
        return net->options.threads;
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors > 0 ? (uint32_t)processors : 1;
}

hk_status engine_new(hk_net *net, struct layout *layout) {
    struct engine *e = layout->engine = calloc(1, sizeof *e);
    if (!e) {
        return fail_memory(net->ctx, "the engine");
    }
    e->net = net;
    e->layout = layout;
    e->threads = engine_threads(net);
    if (e->threads > 1) {
        uint32_t helpers = (e->threads < layout->n_group ? e->threads : layout->n_group) - 1;
        e->crew = crew_new(helpers);
        if (!e->crew) {
            return fail(net->ctx, HK_NO_MEMORY, "%" PRIu32 " threads could not be started",
                        e->threads);
        }
    }
    if (net->options.profile) {
        layout->profile = profile_new(layout, crew_threads(e->crew));
        if (!layout->profile) {
            return fail_memory(net->ctx, "a profile");
        }
    }
    for (uint32_t p = 0; p < net->n_probe; p++) {
        hk_status status = probe_room(net->probe[p], layout->epoch_steps);
        if (status) {
            return status;
        }
    }
    return HK_OK;
}

bool engine_begun(const struct engine *e) {
    return e->begun;
}

int64_t engine_step(const struct engine *e) {
    return e->step;
}

void engine_free(struct engine *e) {
    if (e) {
        crew_free(e->crew);
        profile_free(e->layout->profile);
        free(e->spikes.item);
        free(e->logged.item);
        free(e);
    }
}

/* ---- between epochs */

static int by_time(const void *left, const void *right) {
    const struct spike *a = left, *b = right;
    if (a->t != b->t) {
        return a->t < b->t ? -1 : 1;
    }
    return (a->source > b->source) - (a->source < b->source);
}

static bool collect(struct engine *e, struct spike_list *all, size_t list) {
    size_t n = 0;
    for (uint32_t k = 0; k < e->layout->n_group; k++) {
        n += ((const struct spike_list *)((const char *)&e->layout->group[k] + list))->n;
    }
    if (n > all->room) {
        struct spike *item = realloc(all->item, 2 * n * sizeof *item);
        if (!item) {
            return false;
        }
        all->item = item;
        all->room = (uint32_t)(2 * n);
    }
    all->n = 0;
    for (uint32_t k = 0; k < e->layout->n_group; k++) {
        struct spike_list *own = (struct spike_list *)((char *)&e->layout->group[k] + list);
        for (uint32_t i = 0; i < own->n; i++) {
            all->item[all->n++] = own->item[i];
        }
        own->n = 0;
    }
    if (all->n > 1) {
        qsort(all->item, all->n, sizeof *all->item, by_time);
    }
    return true;
}

/* Collects the events of all groups and hands them to their recorders. One recorder's failure takes
 * nothing from the others; the last one's is told. */
static hk_status pass_events(struct engine *e) {
    const hk_net *net = e->net;
    if (!collect(e, &e->spikes, offsetof(struct group, out)) ||
        !collect(e, &e->logged, offsetof(struct group, logged))) {
        return fail_memory(net->ctx, "spikes");
    }
    profile_engine(e->layout->profile, PROFILE_EXCHANGE);
    hk_status last = HK_OK;
    e->n_spike += e->spikes.n;
    for (uint32_t p = 0; p < net->n_probe; p++) {
        struct probe *probe = net->probe[p];
        const struct spike_list *list = probe->kind == HK_PROBE_EVENTS ? &e->logged : &e->spikes;
        hk_status status = HK_OK;
        if (probe->kind != HK_PROBE_VALUES && list->n) {
            status = probe_pass_events(net, probe, list->item, list->n);
        }
        last = status ? status : last;
    }
    profile_engine(e->layout->profile, PROFILE_RECORD);
    return last;
}

/* The same of the samples of steps up to `sampled`. */
static hk_status pass_samples(struct engine *e, int64_t sampled) {
    hk_status last = HK_OK;
    for (uint32_t p = 0; p < e->net->n_probe; p++) {
        hk_status status = probe_pass(e->net->probe[p], sampled, e->net->options.dt);
        last = status ? status : last;
    }
    profile_engine(e->layout->profile, PROFILE_RECORD);
    return last;
}

static hk_status pass(struct engine *e, int64_t sampled) {
    hk_status samples = pass_samples(e, sampled), events = pass_events(e);
    return events ? events : samples;
}

/* ---- when it goes wrong */

/* The first group's failure, by time. */
static hk_status find_failure(struct engine *e, int64_t *step) {
    const struct group *first = NULL;
    for (uint32_t k = 0; k < e->layout->n_group; k++) {
        const struct group *g = &e->layout->group[k];
        if (g->status == HK_DIVERGED && (!first || g->bad_step < first->bad_step)) {
            first = g;
        } else if (g->status && g->status != HK_DIVERGED) {
            *step = g->bad_step;
            return g->status == HK_NO_MEMORY ? fail_memory(e->net->ctx, "events")
                                             : group_check_say(e->net, g);
        }
    }
    if (first) {
        *step = first->bad_step;
        return group_diverged_say(e->net, first);
    }
    return HK_OK;
}

/* ---- the run */

hk_status engine_prepare(struct engine *e) {
    hk_net *net = e->net;
    e->begun = false;
    e->step = 0;
    e->broken = false;
    e->n_spike = e->n_step = 0;
    e->run_s = 0;
    e->spikes.n = e->logged.n = 0;
    groups_start(&(struct groups_work){.net = net, .layout = e->layout, .crew = e->crew});
    for (uint32_t k = 0; k < e->layout->n_group; k++) {
        const struct group *g = &e->layout->group[k];
        if (g->status) {
            return g->status == HK_NO_MEMORY ? fail_memory(net->ctx, "events")
                                             : group_check_say(net, g);
        }
    }
    return HK_OK;
}

static hk_status begin(struct engine *e) {
    hk_net *net = e->net;
    hk_status status = engine_prepare(e);
    for (uint32_t p = 0; !status && p < net->n_probe; p++) {
        status = probe_begin(net->probe[p]);
    }
    if (status) {
        return status;
    }
    status = pass_events(e); /* what points emitted at the start */
    e->begun = !status;
    return status;
}

static hk_status one_epoch(struct engine *e, int64_t until) {
    int64_t steps = e->layout->epoch_steps, end = (e->step / steps + 1) * steps;
    e->until = end < until ? end : until;
    groups_epoch(&(struct groups_work){.net = e->net,
                                       .layout = e->layout,
                                       .crew = e->crew,
                                       .from = e->step,
                                       .until = e->until,
                                       .spike = e->spikes.item,
                                       .n_spike = e->spikes.n});
    int64_t bad_step = 0;
    hk_status status = find_failure(e, &bad_step);
    if (status) {
        char *message = strdup(hk_message(e->net->ctx));
        e->broken = true;
        pass(e, bad_step - 1); /* what was recorded until then is kept */
        fail(e->net->ctx, status, "%s", message ? message : "the run diverged");
        free(message);
        return status;
    }
    e->n_step += (uint64_t)(e->until - e->step);
    e->step = e->until;
    return pass(e, e->step - 1);
}

/* The samples of the step at which a run ends. */
static hk_status sample_end(struct engine *e) {
    for (uint32_t k = 0; k < e->layout->n_group; k++) {
        group_sample(&e->layout->group[k], e->step);
    }
    profile_engine(e->layout->profile, PROFILE_SAMPLE);
    return pass_samples(e, e->step);
}

hk_status hk_net_build(hk_net *net) {
    if (net->layout) {
        return HK_OK;
    }
    double start = progress_clock();
    hk_status status = layout_new(net);
    if (!status) {
        net->layout->engine->build_s = progress_clock() - start;
    }
    return status;
}

static hk_status flush_all(hk_net *net) {
    hk_status first = HK_OK;
    for (uint32_t p = 0; p < net->n_probe; p++) {
        hk_status status = probe_flush(net->probe[p]);
        first = first ? first : status;
    }
    return first;
}

static hk_status check_until(const hk_net *net, double until) {
    double now = hk_net_time(net);
    double rounding = 1e-6 * net->options.dt; /* 28 steps of 0.025 ms are not quite 0.7 ms */
    if (!(until >= now - rounding) || until / net->options.dt > 9e15) {
        return fail(net->ctx, HK_INVALID,
                    "a run until %g ms: the network is at %g ms, and time goes forward", until,
                    now);
    }
    return HK_OK;
}

/* Tells how far the run is that began at step `from`, where it is time to. */
static void tell_progress(struct engine *e, int64_t from, int64_t last, double start,
                          double *next) {
    const struct hk_net_options *o = &e->net->options;
    double now = progress_clock();
    if (now < *next) {
        return;
    }
    *next = now + o->progress_s;
    struct hk_progress progress = {.from = (double)from * o->dt,
                                   .t = (double)e->step * o->dt,
                                   .until = (double)last * o->dt,
                                   .wall_s = now - start,
                                   .spikes = e->n_spike};
    o->progress(o->progress_data, &progress);
    profile_engine(e->layout->profile, PROFILE_OTHER);
}

static hk_status go_on(struct engine *e, int64_t last) {
    const struct hk_net_options *o = &e->net->options;
    double start = progress_clock(), next = start + o->progress_s;
    hk_status status = e->begun ? HK_OK : begin(e);
    int64_t from = e->step;
    while (!status && e->step < last) {
        if (o->stop && *o->stop) {
            status = HK_INTERRUPTED;
            break;
        }
        status = one_epoch(e, last);
        if (o->progress && !status) {
            tell_progress(e, from, last, start, &next);
        }
    }
    if (!status) {
        status = sample_end(e);
    }
    e->run_s += progress_clock() - start;
    return status;
}

/* Ends a run that ended so: recorders write what they hold, and the first failure is told. */
static hk_status end_run(struct engine *e, hk_status status) {
    hk_net *net = e->net;
    if (status == HK_INTERRUPTED) {
        flush_all(net);
        return fail(net->ctx, HK_INTERRUPTED,
                    "interrupted at t = %g ms; what was recorded until then is kept",
                    (double)e->step * net->options.dt);
    }
    if (status) {
        char *message = strdup(hk_message(net->ctx));
        flush_all(net);
        fail(net->ctx, status, "%s", message ? message : "the run failed");
        free(message);
        return status;
    }
    return flush_all(net);
}

hk_status hk_net_run(hk_net *net, double until) {
    hk_status status = hk_net_build(net);
    if (!status) {
        status = check_until(net, until);
    }
    if (status) {
        return status;
    }
    struct engine *e = net->layout->engine;
    if (e->broken) {
        return fail(net->ctx, HK_ORDER,
                    "the run has diverged: reset the network before it runs again");
    }
    uint64_t steps = e->begun ? e->n_step : 0, spikes = e->begun ? e->n_spike : 0;
    profile_enter(e->layout->profile);
    status = end_run(e, go_on(e, llround(until / net->options.dt)));
    profile_engine(e->layout->profile, PROFILE_RECORD);
    profile_leave(e->layout->profile, e->n_step - steps, e->n_spike - spikes);
    return status;
}

hk_status hk_net_reset(hk_net *net) {
    if (!net->layout) {
        return HK_OK;
    }
    struct engine *e = net->layout->engine;
    profile_enter(e->layout->profile);
    hk_status status = begin(e);
    profile_leave(e->layout->profile, 0, e->n_spike);
    return status;
}

hk_status hk_net_flush(hk_net *net) {
    return flush_all(net);
}

hk_status hk_net_close(hk_net *net) {
    hk_status first = HK_OK;
    for (uint32_t p = 0; p < net->n_probe; p++) {
        hk_status status = probe_close(net->probe[p]);
        first = first ? first : status;
    }
    return first;
}

/* ---- for save.c */

struct engine_state engine_look(const struct engine *e) {
    struct engine_state state = {.begun = e->begun,
                                 .broken = e->broken,
                                 .step = e->step,
                                 .n_spike = e->n_spike,
                                 .n_step = e->n_step,
                                 .spike = e->spikes.item,
                                 .n_spike_new = e->spikes.n};
    for (uint32_t k = 0; k < e->layout->n_group; k++) {
        state.n_event += e->layout->group[k].events;
    }
    return state;
}

int64_t engine_epoch(const struct layout *layout, int64_t step) {
    return step > 0 ? (step - 1) / layout->epoch_steps : 0;
}

hk_status engine_forget(struct engine *e) {
    hk_status first = HK_OK;
    for (uint32_t p = 0; p < e->net->n_probe; p++) {
        hk_status status = probe_close(e->net->probe[p]);
        first = first ? first : status;
    }
    e->begun = e->broken = false;
    e->step = 0;
    e->n_spike = e->n_step = 0;
    e->spikes.n = e->logged.n = 0;
    return first;
}

void engine_resume(struct engine *e, const struct engine_state *state) {
    e->step = state->step;
    e->n_spike = state->n_spike;
    e->n_step = state->n_step;
    double t = (double)state->step * e->net->options.dt;
    for (uint32_t k = 0; k < e->layout->n_group; k++) {
        struct group *g = &e->layout->group[k];
        g->events = k ? 0 : state->n_event;
        group_set_time(g, t);
        group_gather(g);
        group_enter_unit(g, state->step);
    }
    e->begun = true;
}

double hk_net_time(const hk_net *net) {
    return net->layout ? (double)net->layout->engine->step * net->options.dt : 0;
}

struct hk_net_facts hk_net_facts(const hk_net *net) {
    struct hk_net_facts facts = {.cells = net->n_cell - net->n_artificial,
                                 .points = net->n_point,
                                 .connections = net->n_connection,
                                 .inputs = net->n_input,
                                 .threads = engine_threads(net),
                                 .bytes = network_bytes(net)};
    for (uint32_t p = 0; p < net->n_population; p++) {
        const struct population *of = &net->population[p];
        facts.compartments += of->artificial ? 0 : (uint64_t)of->n * of->type->cable->n_segment;
    }
    if (net->layout) {
        const struct engine *e = net->layout->engine;
        facts.groups = net->layout->n_group;
        for (uint32_t u = 0; u < net->layout->n_unit; u++) {
            facts.units += net->layout->unit[u].code != NULL;
        }
        facts.instances = net->layout->instances;
        facts.bytes +=
            layout_bytes(net) + (e->spikes.room + e->logged.room) * sizeof *e->spikes.item;
        facts.epoch_ms = (double)net->layout->epoch_steps * net->options.dt;
        facts.steps = e->n_step;
        facts.spikes = e->n_spike;
        facts.build_s = e->build_s;
        facts.run_s = e->run_s;
        for (uint32_t k = 0; k < net->layout->n_group; k++) {
            facts.events += net->layout->group[k].events;
        }
    }
    return facts;
}
