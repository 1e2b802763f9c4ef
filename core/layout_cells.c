/* SPDX-License-Identifier: BSD-3-Clause */
/* A group's rows, ions and channels. */
#include "error.h"
#include "field.h"
#include "layout.h"
#include "group_events.h"
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* CODATA 2018, the values that NEURON 8.2 computes with. */
static const double GAS_CONSTANT = 8.31446261815324; /* J/(mol K) */
static const double FARADAY = 96485.3321233100184;   /* C/mol */
static const double ZERO_CELSIUS = 273.15;           /* K */

/* ---- rows */

static bool lay_rows(const struct shape *shape, struct group *g, uint32_t *set_at) {
    uint32_t at = 0;
    g->row_at = ARENA_NEW(&g->arena, g->n_row, uint32_t);
    for (uint32_t set = 0; g->row_at && set < shape->n_set; set++) {
        set_at[set] = at;
        for (uint32_t k = shape->set_first[set]; k < shape->set_first[set + 1]; k++) {
            g->row_at[shape->row[k]] = at;
            at += g->lanes;
        }
        at = group_padded(at);
    }
    set_at[shape->n_set] = g->n_flat = at;
    g->copy_of = ARENA_NEW(&g->arena, at, uint32_t);
    for (uint32_t set = 0; g->copy_of && set < shape->n_set; set++) {
        uint32_t rows = shape->set_first[set + 1] - shape->set_first[set];
        uint32_t end = set_at[set] + rows * g->lanes;
        for (uint32_t k = set_at[set]; k < set_at[set + 1]; k++) {
            g->copy_of[k] = k < end ? k : end - 1;
        }
    }
    return !g->arena.failed;
}

/* The runs of sets for which `has` holds of some row. */
static uint32_t find_runs(const struct shape *shape, const uint32_t *set_at, const bool *has,
                          struct run *run) {
    uint32_t n = 0;
    bool open = false;
    for (uint32_t set = 0; set + 1 < shape->n_set; set++) { /* the last set is the branch points' */
        bool here = false;
        for (uint32_t k = shape->set_first[set]; k < shape->set_first[set + 1]; k++) {
            here = here || has[shape->row[k]];
        }
        if (here && open) {
            run[n - 1].n = set_at[set + 1] - run[n - 1].at;
        } else if (here) {
            run[n++] = (struct run){set_at[set], set_at[set + 1] - set_at[set]};
        }
        open = here;
    }
    return n;
}

/* ---- ions */

static bool reads_current(const hk_net *net, const hk_cell *type, uint32_t ion) {
    const char *name = type->ion[ion].name;
    for (uint32_t m = 0; m < type->n_mechanism; m++) {
        const struct hk_plugin *plugin = type->mechanism[m].plugin;
        for (uint32_t j = 0; j < plugin->n_column; j++) {
            if (plugin->field[j].role == HK_ION_CURRENT && !strcmp(plugin->field[j].ion, name)) {
                return true;
            }
        }
    }
    return network_taps(net, type, ion);
}

/* The runs where the ion is, and those where its reversal potential follows its concentrations. */
static void ion_runs(const struct shape *shape, const uint32_t *set_at,
                     const struct cell_ion *cell_ion, uint32_t n_segment, bool *has,
                     struct group_ion *ion) {
    for (uint32_t s = 0; s < n_segment; s++) {
        has[s] = cell_ion->use[s] != 0;
    }
    ion->n_run = find_runs(shape, set_at, has, ion->run);
    for (uint32_t s = 0; s < n_segment; s++) {
        has[s] = cell_ion_follows(cell_ion, s);
    }
    ion->n_nernst = find_runs(shape, set_at, has, ion->nernst);
}

static bool lay_ions(const hk_net *net, const struct shape *shape, const uint32_t *set_at,
                     struct group *g) {
    struct arena *arena = &g->arena;
    bool *has = calloc(g->n_segment, sizeof *has);
    g->n_ion = g->type->n_ion;
    g->ion = ARENA_NEW(arena, g->n_ion, struct group_ion);
    for (uint32_t m = 0; g->ion && m < g->n_ion; m++) {
        const struct cell_ion *cell_ion = &g->type->ion[m];
        struct group_ion *ion = &g->ion[m];
        ion->ion = m;
        if (reads_current(net, g->type, m)) {
            ion->current = ARENA_NEW(arena, g->n_flat, double);
        }
        ion->run = ARENA_NEW(arena, shape->n_set, struct run);
        ion->nernst = ARENA_NEW(arena, shape->n_set, struct run);
        if (arena->failed || !has) {
            free(has);
            return false;
        }
        ion_runs(shape, set_at, cell_ion, g->n_segment, has, ion);
        ion->factor = cell_ion->valence
                          ? 1e3 * GAS_CONSTANT * (net->options.celsius + ZERO_CELSIUS) /
                                (cell_ion->valence * FARADAY)
                          : 0;
    }
    free(has);
    return !arena->failed;
}

struct group_ion *layout_ion(const struct group *g, const char *name) {
    for (uint32_t m = 0; name && m < g->n_ion; m++) {
        if (!strcmp(g->type->ion[g->ion[m].ion].name, name)) {
            return &g->ion[m];
        }
    }
    return NULL;
}

/* ---- channels */

/* When its init and advance run: those that write a concentration first, those that write a
 * reversal potential, of concentrations, next. */
enum turn { TURN_POOL, TURN_REVERSAL, TURN_OTHER, N_TURN };
static enum turn turn_of(const struct hk_plugin *plugin) {
    enum turn turn = TURN_OTHER;
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        uint32_t role = plugin->field[j].role;
        if (role == HK_WRITE_INSIDE || role == HK_WRITE_OUTSIDE) {
            return TURN_POOL;
        }
        turn = role == HK_WRITE_REVERSAL ? TURN_REVERSAL : turn;
    }
    return turn;
}

const struct patch *layout_patch(const struct group *g, uint32_t mechanism, uint32_t at) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        if (patch->mechanism == mechanism && at >= patch->run.at &&
            at - patch->run.at < patch->run.n) {
            return patch;
        }
    }
    return NULL;
}

double *layout_current(struct group *g, const struct hk_plugin *plugin) {
    struct group_ion *ion = layout_ion(g, plugin->carries);
    return ion && ion->current ? ion->current : g->i;
}

struct flow *layout_shares(struct group *g, const struct hk_plugin *plugin, const hk_col *col,
                           uint32_t offset, uint32_t *n) {
    struct flow *share = ARENA_NEW(&g->arena, plugin->n_column, struct flow);
    *n = 0;
    for (uint32_t j = 0; share && col && j < plugin->n_column; j++) {
        struct group_ion *ion =
            plugin->field[j].role == HK_WRITE_CURRENT ? layout_ion(g, plugin->field[j].ion) : NULL;
        if (ion && ion->current) {
            share[(*n)++] = (struct flow){col[j], ion->current + offset};
        }
    }
    return share;
}

/* A channel that draws does so from the stream (seed, "\tchannel " and its name, which no user's
 * stream can be called, its cell's identity, its segment). */
static struct hk_stream *channel_streams(const hk_net *net, struct group *g,
                                         const struct hk_plugin *plugin, struct run run) {
    char name[80];
    snprintf(name, sizeof name, "\tchannel %s", plugin->name);
    struct hk_stream *all = ARENA_NEW(&g->arena, run.n, struct hk_stream);
    for (uint32_t s = 0; all && s < g->n_segment; s++) {
        for (uint32_t lane = 0; lane < g->lanes; lane++) {
            uint32_t at = g->row_at[s] + lane;
            if (at >= run.at && at - run.at < run.n) {
                struct random_stream stream = random_stream(net->options.seed, random_purpose(name),
                                                            net->identity[g->cell[lane]], s);
                memcpy(&all[at - run.at], &stream, sizeof stream);
            }
        }
    }
    for (uint32_t k = run.at; all && k < run.at + run.n; k++) {
        all[k - run.at] = all[g->copy_of[k] - run.at];
    }
    return all;
}

static bool lay_patch(const hk_net *net, struct group *g, uint32_t mechanism, struct run run,
                      double *common) {
    const struct hk_plugin *plugin = g->type->mechanism[mechanism].plugin;
    struct patch *patch = &g->patch[g->n_patch++];
    patch->plugin = plugin;
    patch->mechanism = mechanism;
    patch->run = run;
    patch->col = ARENA_NEW(&g->arena, plugin->n_column, hk_col);
    for (uint32_t j = 0; patch->col && j < plugin->n_column; j++) {
        if (field_varies(plugin->field[j].role)) {
            patch->col[j] = ARENA_NEW(&g->arena, run.n, double);
        }
    }
    patch->block = (struct hk_block){.n = run.n,
                                     .dt = net->options.dt,
                                     .celsius = net->options.celsius,
                                     .v = g->v + run.at,
                                     .i = layout_current(g, plugin) + run.at,
                                     .g = g->g + run.at,
                                     .common = common,
                                     .col = patch->col,
                                     .host = step_host()};
    patch->share = layout_shares(g, plugin, patch->col, run.at, &patch->n_share);
    if (plugin->flags & HK_RANDOM) {
        patch->block.stream = channel_streams(net, g, plugin, run);
    }
    return !g->arena.failed;
}

void layout_common(const hk_net *net, const struct hk_plugin *plugin, const double *global,
                   double *common) {
    struct hk_setup setup = {
        .celsius = net->options.celsius, .dt = net->options.dt, .global = global};
    if (plugin->setup) {
        plugin->setup(&setup, common);
    }
}

static bool lay_mechanism(const hk_net *net, const struct shape *shape, const uint32_t *set_at,
                          struct group *g, uint32_t m, struct run *run) {
    const struct cell_mechanism *mechanism = &g->type->mechanism[m];
    double *common = ARENA_NEW(&g->arena, HK_COMMON, double);
    if (!common) {
        return false;
    }
    layout_common(net, mechanism->plugin, mechanism->global, common);
    uint32_t n = find_runs(shape, set_at, mechanism->in, run);
    for (uint32_t r = 0; r < n; r++) {
        if (!lay_patch(net, g, m, run[r], common)) {
            return false;
        }
    }
    return true;
}

static bool lay_mechanisms(const hk_net *net, const struct shape *shape, const uint32_t *set_at,
                           struct group *g) {
    uint32_t n = g->type->n_mechanism;
    struct run *run = ARENA_NEW(&g->arena, shape->n_set, struct run);
    g->patch = ARENA_NEW(&g->arena, (size_t)n * shape->n_set, struct patch);
    bool fine = run && g->patch;
    for (enum turn turn = 0; turn < N_TURN; turn++) {
        for (uint32_t m = 0; fine && m < n; m++) {
            if (turn_of(g->type->mechanism[m].plugin) == turn) {
                fine = lay_mechanism(net, shape, set_at, g, m, run);
            }
        }
        g->n_pool = turn == TURN_POOL ? g->n_patch : g->n_pool;
    }
    return fine;
}

hk_status layout_cells(const hk_net *net, const struct shape *shape, struct group *g) {
    struct arena *arena = &g->arena;
    g->n_row = g->type->cable->n_node;
    g->n_segment = g->type->cable->n_segment;
    g->dt = net->options.dt;
    g->host = step_host();
    uint32_t *set_at = ARENA_NEW(arena, shape->n_set + 1, uint32_t);
    g->n_set = shape->n_set;
    g->set_at = set_at;
    bool fine = set_at && lay_rows(shape, g, set_at);
    if (fine) {
        g->v = ARENA_NEW(arena, g->n_flat, double);
        g->i = ARENA_NEW(arena, g->n_flat, double);
        g->g = ARENA_NEW(arena, g->n_flat, double);
    }
    fine = fine && !arena->failed && layout_matrix(shape, g) && lay_ions(net, shape, set_at, g) &&
           lay_mechanisms(net, shape, set_at, g);
    return fine ? HK_OK : fail_memory(net->ctx, "a group of cells");
}
