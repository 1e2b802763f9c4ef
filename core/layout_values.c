/* SPDX-License-Identifier: BSD-3-Clause */
/* What the cells of a group hold: the model's values at t = 0. What no kernel writes is interned:
 * groups of one cell type have most of it in common. */
#include "error.h"
#include "field.h"
#include "layout.h"
#include <stdlib.h>
#include <string.h>

/* ---- ions */

/* Where the ion's variable of this role is kept; NULL for another role. */
static double **ion_array(struct group_ion *ion, uint32_t role) {
    switch (role) {
    case HK_REVERSAL: return &ion->reversal;
    case HK_INSIDE:
    case HK_WRITE_INSIDE: return &ion->inside;
    case HK_OUTSIDE:
    case HK_WRITE_OUTSIDE: return &ion->outside;
    case HK_ION_CURRENT: return &ion->current;
    default: return NULL;
    }
}

static double *ion_column(struct group *g, const struct hk_field *field) {
    struct group_ion *ion = layout_ion(g, field->ion);
    double **array = ion ? ion_array(ion, field->role) : NULL;
    return array ? *array : NULL;
}

/* Points the patches' columns of ions to the ions' arrays. */
static void join_ions(struct group *g) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        struct patch *patch = &g->patch[p];
        for (uint32_t j = 0; j < patch->plugin->n_column; j++) {
            double *ion = ion_column(g, &patch->plugin->field[j]);
            if (ion) {
                patch->col[j] = ion + patch->run.at;
            }
        }
    }
}

static void fill_ion(const struct group *g, struct group_ion *ion) {
    const struct cell_ion *from = &g->type->ion[ion->ion];
    double reversal, inside, outside;
    ion_defaults(from->name, &reversal, &inside, &outside);
    for (uint32_t k = 0; k < g->n_flat; k++) {
        ion->reversal[k] = reversal;
        ion->inside[k] = inside;
        ion->outside[k] = outside;
    }
    for (uint32_t s = 0; s < g->n_segment; s++) {
        for (uint32_t k = g->row_at[s]; k < g->row_at[s] + g->lanes; k++) {
            ion->reversal[k] = from->reversal[s];
            ion->inside[k] = from->inside[s];
            ion->outside[k] = from->outside[s];
        }
    }
}

/* Whether some mechanism of the cell writes the ion's variable of this role. */
static bool writes(const struct group *g, const char *ion, uint32_t role) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct hk_plugin *plugin = g->patch[p].plugin;
        for (uint32_t j = 0; j < plugin->n_column; j++) {
            if (plugin->field[j].role == role && !strcmp(plugin->field[j].ion, ion)) {
                return true;
            }
        }
    }
    return false;
}

/* Keeps the array's values for each beginning; where it varies, the array becomes the group's own.
 */
static bool keep(struct intern *shared, struct group *g, double **array, double **start,
                 bool varies) {
    *start = intern(shared, *array, g->n_flat * sizeof **array);
    *array = varies ? ARENA_NEW(&g->arena, g->n_flat, double) : *start;
    return *start && *array;
}

static bool keep_ions(struct intern *shared, struct group *g) {
    bool fine = true;
    for (uint32_t m = 0; m < g->n_ion; m++) {
        struct group_ion *ion = &g->ion[m];
        const char *name = g->type->ion[ion->ion].name;
        bool inside = writes(g, name, HK_WRITE_INSIDE), outside = writes(g, name, HK_WRITE_OUTSIDE);
        fine = fine && keep(shared, g, &ion->reversal, &ion->start.reversal, ion->n_nernst > 0) &&
               keep(shared, g, &ion->inside, &ion->start.inside, inside) &&
               keep(shared, g, &ion->outside, &ion->start.outside, outside);
    }
    return fine;
}

static void start_ions(struct group *g) {
    size_t size = g->n_flat * sizeof(double);
    for (uint32_t m = 0; m < g->n_ion; m++) {
        const struct group_ion *ion = &g->ion[m];
        if (ion->reversal != ion->start.reversal) {
            memcpy(ion->reversal, ion->start.reversal, size);
        }
        if (ion->inside != ion->start.inside) {
            memcpy(ion->inside, ion->start.inside, size);
        }
        if (ion->outside != ion->start.outside) {
            memcpy(ion->outside, ion->start.outside, size);
        }
    }
}

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
    case CELL_GLOBAL: break; /* refused by hk_net_set */
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
    for (uint32_t m = 0; m < g->n_ion; m++) {
        fill_ion(g, &g->ion[m]);
    }
    join_ions(g);
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

hk_status layout_values(const hk_net *net, struct intern *shared, struct group *g) {
    struct arena room = {0};
    bool fine = fill_all(g, &room);
    if (fine) {
        apply_overrides(net, g);
        layout_fill_matrix(net, g);
        pad_all(g);
        fine = keep_ions(shared, g);
    }
    if (fine) {
        start_ions(g);
        join_ions(g);
        derive(net, g);
        fine = keep_columns(shared, g);
    }
    arena_free(&room);
    return fine ? HK_OK : fail_memory(net->ctx, "the values of a group of cells");
}

void layout_start(const hk_net *net, struct group *g) {
    start_ions(g);
    start_states(g);
    layout_fill_points(net, g);
}
