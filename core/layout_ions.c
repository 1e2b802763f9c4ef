/* SPDX-License-Identifier: BSD-3-Clause */
/* The ions of a group's cells at t = 0. As in NEURON, a reversal potential is the model's where
 * nobody there reads or writes a concentration of the ion, what Nernst's equation gives of the
 * model's concentrations where somebody does, and a mechanism's where one stores it. Point
 * processes count, each in its own cell. */
#include "field.h"
#include "hillock/unit.h"
#include "layout.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- whose concentrations point processes read */

static bool reads_concentration(const struct hk_field *field) {
    return cell_ion_use(field->role) & CELL_ION_CONCENTRATION;
}

static bool plugin_reads(const struct hk_plugin *plugin) {
    bool reads = false;
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        reads = reads || reads_concentration(&plugin->field[j]);
    }
    return reads;
}

static int by_cell(const void *left, const void *right) {
    const struct ion_reader *a = left, *b = right;
    return (a->cell > b->cell) - (a->cell < b->cell);
}

bool plan_find_readers(struct plan *plan) {
    const hk_net *net = plan->net;
    bool *reads = calloc((size_t)net->n_spec + 1, sizeof *reads), any = false;
    for (uint32_t s = 0; reads && s < net->n_spec; s++) {
        reads[s] = plugin_reads(net->spec[s].of->plugin);
        any = any || reads[s];
    }
    bool fine = reads != NULL;
    for (int pass = 0; fine && any && pass < 2; pass++) { /* counts, then fills */
        plan->n_reader = 0;
        for (uint32_t i = 0; i < net->n_point; i++) {
            struct point p = network_point(net, i);
            if (reads[p.spec] && plan->reader) {
                plan->reader[plan->n_reader] =
                    (struct ion_reader){p.cell, p.segment, net->spec[p.spec].of->plugin};
            }
            plan->n_reader += reads[p.spec];
        }
        if (pass == 0) {
            plan->reader = calloc((size_t)plan->n_reader + 1, sizeof *plan->reader);
            fine = plan->reader != NULL;
        }
    }
    if (fine && any) {
        qsort(plan->reader, plan->n_reader, sizeof *plan->reader, by_cell);
    }
    free(reads);
    return fine;
}

/* ---- reversal potentials */

/* Whether the ion's reversal potential at the segment is not the model's. */
static bool is_nernst(const struct cell_ion *ion, uint32_t segment) {
    return (ion->use[segment] & (CELL_ION_CONCENTRATION | CELL_ION_WRITES_REVERSAL)) ==
           CELL_ION_CONCENTRATION;
}

bool layout_needs_nernst(const struct cell_ion *ion, uint32_t segment) {
    return cell_ion_follows(ion, segment) ||
           (is_nernst(ion, segment) && (ion->use[segment] & CELL_ION_READS_REVERSAL));
}

hk_status plan_check_readers(const struct plan *plan) {
    const hk_net *net = plan->net;
    for (uint32_t k = 0; isnan(net->options.celsius) && k < plan->n_reader; k++) {
        const struct ion_reader *reader = &plan->reader[k];
        const hk_cell *type = hk_net_cell(net, reader->cell).type;
        for (uint32_t j = 0; j < reader->plugin->n_column; j++) {
            const struct hk_field *field = &reader->plugin->field[j];
            if (!reads_concentration(field)) {
                continue;
            }
            uint8_t use = type->ion[cell_ion_find(type, field->ion)].use[reader->segment];
            if ((use & (CELL_ION_READS_REVERSAL | CELL_ION_WRITES_REVERSAL)) ==
                CELL_ION_READS_REVERSAL) {
                return layout_no_celsius(net, field->ion);
            }
        }
    }
    return HK_OK;
}

static void nernst_at(struct group_ion *ion, uint32_t at) {
    ion->reversal[at] = hk_nernst(ion->factor, ion->inside[at], ion->outside[at]);
}

/* Where a point process of the lane's cell reads a concentration. */
static void nernst_of_readers(const struct plan *plan, struct group *g, uint32_t lane) {
    uint32_t low = 0, high = plan->n_reader; /* the first of the cell */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (plan->reader[middle].cell < g->cell[lane]) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < plan->n_reader && plan->reader[low].cell == g->cell[lane]; low++) {
        const struct ion_reader *reader = &plan->reader[low];
        for (uint32_t j = 0; j < reader->plugin->n_column; j++) {
            const struct hk_field *field = &reader->plugin->field[j];
            struct group_ion *ion = reads_concentration(field) ? layout_ion(g, field->ion) : NULL;
            if (ion && !(g->type->ion[ion->ion].use[reader->segment] & CELL_ION_WRITES_REVERSAL)) {
                nernst_at(ion, g->row_at[reader->segment] + lane);
            }
        }
    }
}

/* Without a temperature nobody looks at what would depend on it: layout.c has seen to that. */
void layout_nernst(const struct plan *plan, struct group *g) {
    if (isnan(plan->net->options.celsius)) {
        return;
    }
    for (uint32_t m = 0; m < g->n_ion; m++) {
        struct group_ion *ion = &g->ion[m];
        for (uint32_t s = 0; s < g->n_segment; s++) {
            for (uint32_t lane = 0; is_nernst(&g->type->ion[ion->ion], s) && lane < g->lanes;
                 lane++) {
                nernst_at(ion, g->row_at[s] + lane);
            }
        }
    }
    for (uint32_t lane = 0; lane < g->lanes; lane++) {
        nernst_of_readers(plan, g, lane);
    }
}

/* ---- the ions' arrays */

/* Where the ion's variable of this role is kept; NULL for another role. */
static double **ion_array(struct group_ion *ion, uint32_t role) {
    switch (role) {
    case HK_REVERSAL:
    case HK_WRITE_REVERSAL: return &ion->reversal;
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

void layout_join_ions(struct group *g) {
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

void layout_fill_ions(struct group *g) {
    for (uint32_t m = 0; m < g->n_ion; m++) {
        fill_ion(g, &g->ion[m]);
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

bool layout_keep_ions(const struct plan *plan, struct group *g) {
    struct intern *shared = &plan->layout->shared;
    bool fine = true;
    for (uint32_t m = 0; m < g->n_ion; m++) {
        struct group_ion *ion = &g->ion[m];
        const char *name = g->type->ion[ion->ion].name;
        bool inside = writes(g, name, HK_WRITE_INSIDE), outside = writes(g, name, HK_WRITE_OUTSIDE),
             reversal = ion->n_nernst > 0 || writes(g, name, HK_WRITE_REVERSAL);
        fine = fine && keep(shared, g, &ion->reversal, &ion->start.reversal, reversal) &&
               keep(shared, g, &ion->inside, &ion->start.inside, inside) &&
               keep(shared, g, &ion->outside, &ion->start.outside, outside);
    }
    return fine;
}

void layout_start_ions(struct group *g) {
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
