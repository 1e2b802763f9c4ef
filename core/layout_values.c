/* SPDX-License-Identifier: BSD-3-Clause */
/* What the cells of a group hold: the model's values at t = 0. What no kernel writes is interned:
 * groups of one cell type have most of it in common. */
#include "error.h"
#include "field.h"
#include "layout.h"
#include <stdlib.h>
#include <string.h>

/* ---- mechanisms */

static void fill_column(const struct group *g, const struct patch *patch, uint32_t j) {
    const struct cell_mechanism *from = &g->type->mechanism[patch->mechanism];
    const struct cable *cable = g->type->cable;
    uint32_t role = patch->plugin->field[j].role;
    for (uint32_t s = 0; s < g->n_segment; s++) {
        uint32_t at = g->row_at[s];
        if (at < patch->run.at || at >= patch->run.at + patch->run.n) {
            continue;
        }
        double value = role == HK_DIAMETER ? cable->segment[s].diam_um
                       : role == HK_AREA   ? cable->segment[s].area_um2
                                           : from->column[j][s];
        for (uint32_t lane = 0; lane < g->lanes; lane++) {
            patch->col[j][at - patch->run.at + lane] = value;
        }
    }
}

static void apply_override(struct group *g, const struct override *o, uint32_t lane) {
    uint32_t at = g->row_at[o->segment] + lane;
    const struct patch *patch;
    switch (o->place.kind) {
    case CELL_CM: g->cv[at] = o->value; break;
    case CELL_REVERSAL: g->ion[o->place.ion].reversal[at] = o->value; break;
    case CELL_INSIDE: g->ion[o->place.ion].inside[at] = o->value; break;
    case CELL_OUTSIDE: g->ion[o->place.ion].outside[at] = o->value; break;
    case CELL_COLUMN:
        patch = layout_patch(g, o->place.mechanism, at);
        if (patch) {
            patch->col[o->place.column][at - patch->run.at] = o->value;
        }
        break;
    case CELL_GLOBAL:
    case CELL_TABLE: break; /* refused by hk_net_set */
    }
}

/* The first override of a cell or of one after it; they are sorted by cell. */
static uint32_t first_override(const hk_net *net, uint32_t cell) {
    uint32_t low = 0, high = net->n_override;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (net->override[middle].cell < cell) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void apply_overrides(const hk_net *net, struct group *g) {
    for (uint32_t lane = 0; lane < g->lanes; lane++) {
        uint32_t k = first_override(net, g->cell[lane]);
        for (; k < net->n_override && net->override[k].cell == g->cell[lane]; k++) {
            apply_override(g, &net->override[k], lane);
        }
    }
}

static void copy_padding(const struct group *g, double *array, struct run run) {
    for (uint32_t k = run.at; array && k < run.at + run.n; k++) {
        array[k - run.at] = array[g->copy_of[k] - run.at];
    }
}

/* What mechanisms keep for themselves. */
static void start_states(struct group *g) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        for (uint32_t j = 0; j < patch->plugin->n_column; j++) {
            if (field_varies(patch->plugin->field[j].role)) {
                fill_column(g, patch, j);
                copy_padding(g, patch->col[j], patch->run);
            }
        }
    }
}

/* Gives every array that begins with the model's values room for a while, and fills it. */
static bool fill_all(struct group *g, struct arena *room) {
    g->cv = ARENA_NEW(room, g->n_flat, double);
    g->d0 = ARENA_NEW(room, g->n_flat, double);
    for (uint32_t m = 0; m < g->n_ion; m++) {
        g->ion[m].reversal = ARENA_NEW(room, g->n_flat, double);
        g->ion[m].inside = ARENA_NEW(room, g->n_flat, double);
        g->ion[m].outside = ARENA_NEW(room, g->n_flat, double);
    }
    for (uint32_t p = 0; p < g->n_patch; p++) {
        struct patch *patch = &g->patch[p];
        for (uint32_t j = 0; j < patch->plugin->n_column; j++) {
            if (field_is_constant(patch->plugin->field[j].role)) {
                patch->col[j] = ARENA_NEW(room, patch->run.n, double);
            }
        }
    }
    if (room->failed) {
        return false;
    }
    for (uint32_t s = 0; s < g->n_segment; s++) {
        for (uint32_t lane = 0; lane < g->lanes; lane++) {
            g->cv[g->row_at[s] + lane] = g->type->cm[s];
        }
    }
    layout_fill_ions(g);
    layout_join_ions(g);
    for (uint32_t p = 0; p < g->n_patch; p++) {
        for (uint32_t j = 0; j < g->patch[p].plugin->n_column; j++) {
            if (field_is_constant(g->patch[p].plugin->field[j].role)) {
                fill_column(g, &g->patch[p], j);
            }
        }
    }
    return true;
}

static void pad_all(struct group *g) {
    struct run all = {0, g->n_flat};
    for (uint32_t m = 0; m < g->n_ion; m++) {
        copy_padding(g, g->ion[m].reversal, all);
        copy_padding(g, g->ion[m].inside, all);
        copy_padding(g, g->ion[m].outside, all);
    }
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        for (uint32_t j = 0; j < patch->plugin->n_column; j++) {
            if (field_is_constant(patch->plugin->field[j].role)) {
                copy_padding(g, patch->col[j], patch->run);
            }
        }
    }
}

/* init computes the derived columns; what else it writes begins anew with each run. */
static void derive(const hk_net *net, struct group *g) {
    start_states(g);
    for (uint32_t k = 0; k < g->n_flat; k++) {
        g->v[k] = net->options.v_init;
    }
    for (uint32_t p = 0; p < g->n_patch; p++) {
        if (g->patch[p].plugin->init) {
            g->patch[p].plugin->init(&g->patch[p].block);
        }
    }
}

static bool keep_columns(struct intern *shared, struct group *g) {
    g->cv = intern(shared, g->cv, g->n_flat * sizeof *g->cv);
    g->d0 = intern(shared, g->d0, g->n_flat * sizeof *g->d0);
    bool fine = g->cv && g->d0;
    for (uint32_t p = 0; fine && p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        for (uint32_t j = 0; fine && j < patch->plugin->n_column; j++) {
            if (field_is_constant(patch->plugin->field[j].role)) {
                patch->col[j] = intern(shared, patch->col[j], patch->run.n * sizeof(double));
                fine = patch->col[j] != NULL;
            }
        }
    }
    return fine;
}

/* The tables of the mechanisms, as they are now: the cell type may get others. */
static bool keep_tables(struct intern *shared, struct group *g) {
    bool fine = true;
    for (uint32_t p = 0; fine && p < g->n_patch; p++) {
        struct patch *patch = &g->patch[p];
        const struct hk_plugin *plugin = patch->plugin;
        struct hk_list *table = ARENA_NEW(&g->arena, plugin_tables(plugin), struct hk_list);
        for (uint32_t j = 0, t = 0; table && j < plugin->n_field; j++) {
            if (plugin->field[j].role != HK_TABLE) {
                continue;
            }
            struct hk_list from = g->type->mechanism[patch->mechanism].table[t];
            size_t width = plugin->field[j].width ? plugin->field[j].width : 1;
            table[t] = from;
            if (from.rows) {
                table[t].value = intern(shared, from.value, from.rows * width * sizeof(double));
                fine = fine && table[t].value;
            }
            t++;
        }
        patch->block.table = table;
        fine = fine && table;
    }
    return fine;
}

hk_status layout_values(const struct plan *plan, struct group *g) {
    const hk_net *net = plan->net;
    struct intern *shared = &plan->layout->shared;
    struct arena room = {0};
    bool fine = keep_tables(shared, g) && fill_all(g, &room);
    if (fine) {
        apply_overrides(net, g);
        layout_fill_matrix(net, g);
        layout_nernst(plan, g);
        pad_all(g);
        fine = layout_keep_ions(plan, g);
    }
    if (fine) {
        layout_start_ions(g);
        layout_join_ions(g);
        derive(net, g);
        fine = keep_columns(shared, g);
    }
    arena_free(&room);
    return fine ? HK_OK : fail_memory(net->ctx, "the values of a group of cells");
}

void layout_start(const hk_net *net, struct group *g) {
    layout_start_ions(g);
    start_states(g);
    layout_fill_points(net, g);
}
