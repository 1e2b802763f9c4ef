/* SPDX-License-Identifier: BSD-3-Clause */
/* A unit's code: loaded, held against the plugins' kernels, run. */
#include "unit.h"
#include "engine.h"
#include "error.h"
#include "group_currents.h"
#include "picture.h"
#include "step.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- a group's runs */

static struct hk_unit_run *bind_set(const struct hk_net *net, const struct unit_set *set,
                                    struct group *g, uint32_t s, struct hk_unit_run *run) {
    struct arena *arena = &g->arena;
    uint32_t at = g->set_at[s];
    double **each = ARENA_NEW(arena, set->n_each, double *);
    double *scalar = ARENA_NEW(arena, set->n_scalar + g->n_ion, double);
    const double **common = ARENA_NEW(arena, set->n_mechanism, const double *);
    const struct hk_list **table = ARENA_NEW(arena, set->n_mechanism, const struct hk_list *);
    const struct hk_stream **stream = ARENA_NEW(arena, set->n_mechanism, const struct hk_stream *);
    const double **point_common = ARENA_NEW(arena, g->n_point, const double *);
    if (arena->failed) {
        return NULL;
    }
    for (uint32_t k = 0; k < set->n_array; k++) {
        const struct unit_array *array = &set->array[k];
        double *value = unit_locate(g, at, array);
        if (array->seen == SEEN_EACH) {
            each[array->place] = value;
        } else if (array->seen == SEEN_SCALAR) {
            scalar[array->place] = *value;
        }
    }
    for (uint32_t m = 0; m < g->n_ion; m++) {
        scalar[set->n_scalar + m] = g->ion[m].factor;
    }
    for (uint32_t m = 0, p = 0; m < set->n_mechanism; p++) {
        const struct patch *patch = &g->patch[p];
        if (unit_covers(&patch->run, 1, at)) {
            common[m] = patch->block.common;
            table[m] = patch->block.table;
            stream[m++] = patch->block.stream ? patch->block.stream + (at - patch->run.at) : NULL;
        }
    }
    for (uint32_t k = 0; unit_point(g, k); k++) {
        point_common[k] = unit_point(g, k)->block.common;
    }
    *run = (struct hk_unit_run){.n = g->set_at[s + 1] - at,
                                .dt = g->dt,
                                .celsius = net->options.celsius,
                                .v = g->v + at,
                                .i = g->i + at,
                                .g = g->g + at,
                                .array = each,
                                .scalar = scalar,
                                .common = common,
                                .point_common = point_common,
                                .host = g->host,
                                .table = table,
                                .stream = stream};
    return run;
}

static bool bind_group(const struct hk_net *net, const struct unit *unit, struct group *g) {
    g->unit_run = ARENA_NEW(&g->arena, g->n_set, struct hk_unit_run);
    g->unit_finish = unit->n_point ? ARENA_NEW(&g->arena, g->n_set, struct hk_unit_run) : NULL;
    for (uint32_t s = 0; !g->arena.failed && s < g->n_set; s++) {
        bind_set(net, &unit->set[s], g, s, &g->unit_run[s]);
        if (unit->n_point) {
            bind_set(net, &unit->finish[s], g, s, &g->unit_finish[s]);
        }
    }
    return !g->arena.failed;
}

void unit_step(struct group *g, double t_advance, double t_current) {
    for (uint32_t s = 0; s < g->n_set; s++) {
        const struct hk_unit_run *run = &g->unit_run[s];
        if (g->unit->step[s]) {
            g->unit->step[s](run, t_advance, t_current);
            continue;
        }
        memset(run->i, 0, run->n * sizeof *run->i);
        memset(run->g, 0, run->n * sizeof *run->g);
        for (uint32_t m = 0; m < g->n_ion; m++) {
            if (g->ion[m].current) {
                memset(g->ion[m].current + g->set_at[s], 0, run->n * sizeof *run->i);
            }
        }
    }
}

void unit_finish(struct group *g, double t_current) {
    for (uint32_t s = 0; s < g->n_set; s++) {
        g->unit->finish[s](&g->unit_finish[s], t_current);
    }
    group_add_shares(g);
}

/* ---- against the plugins' kernels */

/* The plugins' way to a step's states and the next one's currents, */
static void channels(struct group *g, uint32_t n) {
    group_set_time(g, (n + 1) * g->dt);
    group_advance_channels(g);
    if (g->unit_finish) {
        group_advance_points(g, false);
    }
    group_set_time(g, (n + 1.5) * g->dt);
    group_channel_currents(g);
}

/* and from there to the matrix, where that is the unit's too. */
static void points(struct group *g) {
    group_point_currents(g);
    group_assemble(g);
}

/* All of it, in either way. */
static void one_step(struct group *g, bool by_unit, uint32_t n) {
    if (by_unit) {
        unit_step(g, (n + 1) * g->dt, (n + 1.5) * g->dt);
        if (g->unit_finish) {
            group_advance_points(g, true);
        }
    } else {
        channels(g, n);
    }
    if (g->unit_finish && by_unit) {
        unit_finish(g, (n + 1.5) * g->dt);
    } else if (g->unit_finish) {
        points(g);
    }
}

/* Membrane potentials from -100 to 60 mV, others at each step. */
static void spread_v(struct group *g, uint32_t step) {
    for (uint32_t k = 0; k < g->n_flat; k++) {
        g->v[k] = -100.0 + (k * 37 + step * 53) % 161;
    }
}

/* States of synapses as after events, of some 0.1 nS. */
static void spread_states(struct group *g) {
    for (uint32_t k = 0; unit_point(g, k); k++) {
        const struct point_patch *p = unit_point(g, k);
        for (uint32_t j = 0; j < p->plugin->n_column; j++) {
            for (uint32_t q = 0; p->plugin->field[j].role == HK_STATE && q < p->padded; q++) {
                p->col[j][q] = 1e-5 * ((q * 29 + j * 7) % 31);
            }
        }
    }
}

/* What a trial compares, and what it gives back at its end. */
struct trial {
    struct picture start, before, after;
};

/* One step in both ways. */
static const char *compare_step(struct group *g, struct trial *trial, uint32_t n) {
    spread_v(g, n);
    picture_pass(&trial->before, PICTURE_TAKE, g);
    channels(g, n);
    picture_pass(&trial->after, PICTURE_TAKE, g);
    /* What is recorded is evaluated again, with the unit after `current` and without it before. */
    group_channel_currents(g);
    if (!picture_pass(&trial->after, PICTURE_COMPARE, g)) {
        return "a mechanism's `current` gives another one when it is called again";
    }
    if (g->unit_finish) {
        points(g);
        picture_pass(&trial->after, PICTURE_TAKE, g);
    }
    picture_pass(&trial->before, PICTURE_GIVE, g);
    one_step(g, true, n);
    return picture_pass(&trial->after, PICTURE_COMPARE, g)
               ? NULL
               : "the unit's results differ from its plugins'";
}

/* NULL where the unit gives the plugins' bits, from where the group is, or what is wrong. Eight
 * instances meet each of spread_v's potentials in 32 steps. */
static const char *find_difference(struct group *g, struct trial *trial) {
    enum { STEPS = 32 };
    const char *wrong = NULL;
    spread_states(g);
    for (uint32_t n = 0; !wrong && n < STEPS; n++) {
        wrong = compare_step(g, trial, n);
    }
    return wrong;
}

static void take_steps(struct group *g, bool by_unit) {
    enum { STEPS = 4 };
    spread_states(g);
    for (uint32_t n = 0; n < STEPS; n++) {
        spread_v(g, n);
        one_step(g, by_unit, n);
    }
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The least time of a few steps, of several tries in turn. A compiler may fail to make vectors of a
 * unit: then the plugins' kernels are faster. */
static bool is_faster(struct group *g) {
    enum { TRIES = 9 };
    double best[2] = {1e9, 1e9};
    for (int k = 0; k < 2 * TRIES; k++) {
        double begin = seconds();
        take_steps(g, k % 2);
        double took = seconds() - begin;
        best[k % 2] = took < best[k % 2] ? took : best[k % 2];
    }
    return best[1] < 1.05 * best[0];
}

/* Holds the unit against the plugins in one group, and leaves it as it was. */
static hk_status try_unit(struct hk_net *net, struct group *g, const char *path, bool if_faster) {
    size_t n = picture_size(g);
    double *room = calloc(3 * n, sizeof *room);
    if (!room) {
        return fail_memory(net->ctx, "the trial of a unit");
    }
    struct trial trial = {{.value = room}, {.value = room + n}, {.value = room + 2 * n}};
    struct profile_group *profile = g->profile; /* this is no step's time */
    g->profile = NULL;
    picture_pass(&trial.start, PICTURE_TAKE, g);
    const char *wrong = find_difference(g, &trial);
    if (!wrong && if_faster && !is_faster(g)) {
        wrong = "the unit is slower than its plugins";
    }
    picture_pass(&trial.start, PICTURE_GIVE, g);
    g->profile = profile;
    free(room);
    return wrong ? fail(net->ctx, HK_INVALID, "%s: %s", path, wrong) : HK_OK;
}

/* ---- loading */

static bool same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Whether a source's descriptor is the plugin's: a source may be newer than what stands beside it.
 */
static bool is_same_plugin(const struct hk_plugin *a, const struct hk_plugin *b) {
    bool same = same_text(a->name, b->name) && a->kind == b->kind && a->flags == b->flags &&
                a->n_field == b->n_field && a->n_column == b->n_column &&
                a->n_common == b->n_common && same_text(a->carries, b->carries) &&
                !a->current == !b->current && !a->advance == !b->advance;
    for (uint32_t j = 0; same && j < a->n_field; j++) {
        same = same_text(a->field[j].name, b->field[j].name) &&
               a->field[j].role == b->field[j].role && same_text(a->field[j].ion, b->field[j].ion);
    }
    return same;
}

static bool has_plugins(const struct hk_unit *code, const struct unit *unit,
                        const struct group *g) {
    bool same = code->n_plugin == unit_plugins(unit);
    for (uint32_t k = 0; same && k < unit_plugins(unit); k++) {
        same = is_same_plugin(code->plugin[k], unit_plugin(unit, g, k));
    }
    return same;
}

static hk_status open_code(struct hk_net *net, const struct unit *unit, const char *path,
                           void **handle, const struct hk_unit **code) {
    char here[PATH_MAX]; /* a name without a folder would be looked for among the libraries */
    snprintf(here, sizeof here, "%s%s", strchr(path, '/') ? "" : "./", path);
    /* It stays with the process: threads that run networks of their own share it. */
    *handle = dlopen(here, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!*handle) {
        const char *reason = dlerror();
        return fail(net->ctx, HK_FILE, "%s: it cannot be loaded: %s", path,
                    reason ? reason : "for no reason given");
    }
    const struct hk_unit *found = dlsym(*handle, "hk_unit");
    const char *wrong = !found ? "it exports no symbol hk_unit"
                        : memcmp(found->magic, HK_UNIT_MAGIC, sizeof found->magic) != 0
                            ? "its hk_unit is none"
                        : found->version != HK_UNIT_VERSION || found->size != sizeof *found
                            ? "it is of another version"
                        : strcmp(found->key, unit->key) != 0 || found->n_set != unit->n_set ||
                                !found->finish != !unit->n_point
                            ? "it is of another cell type"
                        : !has_plugins(found, unit, &net->layout->group[unit->group])
                            ? "a plugin is not made of the source beside it"
                            : NULL;
    if (wrong) {
        dlclose(*handle);
        *handle = NULL;
        return fail(net->ctx, HK_INVALID, "%s: no unit for this cell type: %s", path, wrong);
    }
    *code = found;
    return HK_OK;
}

static void set_code(struct layout *layout, const struct unit *unit, const struct hk_unit *code) {
    for (uint32_t k = unit->group; k < unit->group + unit->n_group; k++) {
        layout->group[k].unit = code;
        layout->group[k].unit_finish = code ? layout->group[k].unit_finish : NULL;
    }
}

static hk_status find_unit(hk_net *net, uint32_t k, struct unit **out) {
    hk_status status = hk_net_build(net);
    if (status) {
        return status;
    }
    if (k >= net->layout->n_unit) {
        return fail(net->ctx, HK_NOT_FOUND, "unit %u: the network has %u", k, net->layout->n_unit);
    }
    *out = &net->layout->unit[k];
    return HK_OK;
}

uint32_t hk_net_units(const hk_net *net) {
    return net->layout ? net->layout->n_unit : 0;
}

hk_status hk_net_unit_source(hk_net *net, uint32_t k, const char **text) {
    struct unit *unit = NULL;
    hk_status status = find_unit(net, k, &unit);
    if (!status && !unit->source) {
        status = unit_source(net, unit);
    }
    *text = status ? NULL : unit->source;
    return status;
}

hk_status hk_net_unit_load(hk_net *net, uint32_t k, const char *path, bool if_faster) {
    struct unit *unit = NULL;
    const char *text;
    hk_status status = hk_net_unit_source(net, k, &text);
    if (!status) {
        status = find_unit(net, k, &unit);
    }
    if (!status && unit->code) {
        status = fail(net->ctx, HK_ORDER, "unit %u is loaded already", k);
    }
    void *handle = NULL;
    const struct hk_unit *code = NULL;
    if (!status) {
        status = open_code(net, unit, path, &handle, &code);
    }
    if (status) {
        return status;
    }
    bool fine = true;
    for (uint32_t j = unit->group; fine && j < unit->group + unit->n_group; j++) {
        fine = bind_group(net, unit, &net->layout->group[j]);
    }
    set_code(net->layout, unit, code);
    status = fine ? try_unit(net, &net->layout->group[unit->group], path, if_faster)
                  : fail_memory(net->ctx, "a unit");
    if (status) {
        set_code(net->layout, unit, NULL);
        dlclose(handle);
        return status;
    }
    unit->handle = handle;
    unit->code = code;
    for (uint32_t j = unit->group; j < unit->group + unit->n_group; j++) {
        if (engine_begun(net->layout->engine)) {
            group_enter_unit(&net->layout->group[j], engine_step(net->layout->engine));
        }
    }
    return HK_OK;
}
