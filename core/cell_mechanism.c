/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_mechanism: what is inserted in the membrane, and the ions that come with it. */
#include "cell.h"
#include "error.h"
#include "field.h"
#include "hillock/registry.h"
#include "network.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t cell_mechanism_find(const hk_cell *cell, const char *name) {
    for (uint32_t m = 0; m < cell->n_mechanism; m++) {
        if (!strcmp(cell->mechanism[m].plugin->name, name)) {
            return m;
        }
    }
    return HK_NONE;
}

uint32_t cell_ion_find(const hk_cell *cell, const char *name) {
    for (uint32_t i = 0; i < cell->n_ion; i++) {
        if (!strcmp(cell->ion[i].name, name)) {
            return i;
        }
    }
    return HK_NONE;
}

/* ---- memory */

static void mechanism_free(struct cell_mechanism *m) {
    if (m->column) {
        free(m->column[0]); /* all columns are one piece */
    }
    for (uint32_t t = 0; m->table && t < plugin_tables(m->plugin); t++) {
        free((void *)(uintptr_t)m->table[t].value);
    }
    free(m->column);
    free(m->in);
    free(m->global);
    free(m->table);
}

static void ion_free(struct cell_ion *ion) {
    free(ion->use);
    free(ion->reversal);
    free(ion->inside);
    free(ion->outside);
}

void cell_mechanisms_free(hk_cell *cell) {
    for (uint32_t m = 0; m < cell->n_mechanism; m++) {
        mechanism_free(&cell->mechanism[m]);
    }
    for (uint32_t i = 0; i < cell->n_ion; i++) {
        ion_free(&cell->ion[i]);
    }
    free(cell->mechanism);
    free(cell->ion);
}

/* In no segment yet, with defaults everywhere. */
static bool mechanism_new(struct cell_mechanism *m, const struct hk_plugin *plugin, uint32_t n) {
    *m = (struct cell_mechanism){.plugin = plugin};
    m->in = calloc(n, sizeof *m->in);
    m->global = calloc(plugin->n_field + 1, sizeof *m->global);
    m->table = calloc(plugin_tables(plugin) + 1, sizeof *m->table);
    m->column = calloc(plugin->n_column + 1, sizeof *m->column);
    double *value = m->column ? calloc((size_t)plugin->n_column * n + 1, sizeof *value) : NULL;
    if (!m->in || !m->global || !m->table || !value) {
        free(value);
        mechanism_free(m);
        return false;
    }
    m->column[0] = value;
    for (uint32_t j = 0, global = 0; j < plugin->n_field; j++) {
        const struct hk_field *field = &plugin->field[j];
        if (j < plugin->n_column) {
            m->column[j] = value + (size_t)j * n;
            for (uint32_t s = 0; s < n; s++) {
                m->column[j][s] = field->value;
            }
        } else if (field->role == HK_GLOBAL) {
            m->global[global++] = field->value;
        }
    }
    return true;
}

static bool ion_new(struct cell_ion *ion, const char *name, int valence, uint32_t n) {
    *ion = (struct cell_ion){.valence = valence};
    snprintf(ion->name, sizeof ion->name, "%s", name);
    ion->use = calloc(n, sizeof *ion->use);
    ion->reversal = calloc(n, sizeof *ion->reversal);
    ion->inside = calloc(n, sizeof *ion->inside);
    ion->outside = calloc(n, sizeof *ion->outside);
    if (!ion->use || !ion->reversal || !ion->inside || !ion->outside) {
        ion_free(ion);
        return false;
    }
    for (uint32_t s = 0; s < n; s++) {
        ion_defaults(name, &ion->reversal[s], &ion->inside[s], &ion->outside[s]);
    }
    return true;
}

/* ---- insertion */

/* The k-th name of an ion in a plugin: of its columns, then the one that it carries; NULL where
 * there is none. */
static const char *ion_of(const struct hk_plugin *plugin, uint32_t k) {
    return k < plugin->n_column ? plugin->field[k].ion : plugin->carries;
}

static hk_status check_valences(const hk_cell *cell, const struct hk_plugin *plugin) {
    for (uint32_t k = 0; k <= plugin->n_column; k++) {
        const char *name = ion_of(plugin, k);
        uint32_t i = name ? cell_ion_find(cell, name) : HK_NONE;
        int valence = 0;
        if (i != HK_NONE && field_ion(plugin, name, &valence) && valence != cell->ion[i].valence) {
            return fail(cell->ctx, HK_INVALID,
                        "cell \"%s\": ion %s has valence %d; mechanism \"%s\" gives it %d",
                        cell->name, name, cell->ion[i].valence, plugin->name, valence);
        }
    }
    return HK_OK;
}

/* Two mechanisms cannot both write one concentration or reversal potential. */
static hk_status check_writer(const hk_cell *cell, const struct hk_plugin *plugin,
                              const struct hk_field *field, uint32_t segment) {
    for (uint32_t m = 0; m < cell->n_mechanism; m++) {
        const struct cell_mechanism *other = &cell->mechanism[m];
        for (uint32_t j = 0;
             other->plugin != plugin && other->in[segment] && j < other->plugin->n_column; j++) {
            const struct hk_field *its = &other->plugin->field[j];
            if (its->role == field->role && !strcmp(its->ion, field->ion)) {
                char where[CELL_PLACE];
                return fail(cell->ctx, HK_INVALID,
                            "cell \"%s\": %s: mechanism \"%s\" writes %s%s%s, and so does \"%s\", "
                            "which is there",
                            cell->name, cell_where(cell, segment, where), plugin->name,
                            field->role == HK_WRITE_REVERSAL ? "e" : "", field->ion,
                            field->role == HK_WRITE_INSIDE    ? "i"
                            : field->role == HK_WRITE_OUTSIDE ? "o"
                                                              : "",
                            other->plugin->name);
            }
        }
    }
    return HK_OK;
}

static hk_status check_writers(const hk_cell *cell, const struct hk_plugin *plugin, uint32_t n,
                               const uint32_t *segment) {
    hk_status status = HK_OK;
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        for (uint32_t k = 0; !status && field_writes_ion(plugin->field[j].role) && k < n; k++) {
            status = check_writer(cell, plugin, &plugin->field[j], segment ? segment[k] : k);
        }
    }
    return status;
}

/* Room in the cell's list and, for those that it lacks, the plugin's ions; those that were added
 * are dropped again where memory is short. */
static bool add_ions(hk_cell *cell, const struct hk_plugin *plugin) {
    uint32_t before = cell->n_ion;
    struct cell_ion *more = realloc(cell->ion, (cell->n_ion + plugin->n_column + 1) * sizeof *more);
    cell->ion = more ? more : cell->ion;
    bool fine = more != NULL;
    for (uint32_t k = 0; fine && k <= plugin->n_column; k++) {
        const char *name = ion_of(plugin, k);
        int valence = 0;
        if (name && cell_ion_find(cell, name) == HK_NONE) {
            fine = field_ion(plugin, name, &valence) &&
                   ion_new(&cell->ion[cell->n_ion], name, valence, cell->cable->n_segment);
            cell->n_ion += fine;
        }
    }
    while (!fine && cell->n_ion > before) {
        ion_free(&cell->ion[--cell->n_ion]);
    }
    return fine;
}

static bool add_mechanism(hk_cell *cell, const struct hk_plugin *plugin) {
    struct cell_mechanism *more = realloc(cell->mechanism, (cell->n_mechanism + 1) * sizeof *more);
    cell->mechanism = more ? more : cell->mechanism;
    bool fine = more && mechanism_new(&more[cell->n_mechanism], plugin, cell->cable->n_segment);
    cell->n_mechanism += fine;
    return fine;
}

uint8_t cell_ion_use(uint32_t role) {
    switch (role) {
    case HK_REVERSAL: return CELL_ION_HERE | CELL_ION_READS_REVERSAL;
    case HK_INSIDE:
    case HK_OUTSIDE: return CELL_ION_HERE | CELL_ION_CONCENTRATION;
    case HK_WRITE_INSIDE:
    case HK_WRITE_OUTSIDE: return CELL_ION_HERE | CELL_ION_CONCENTRATION | CELL_ION_INTEGRATED;
    case HK_WRITE_REVERSAL: return CELL_ION_HERE | CELL_ION_WRITES_REVERSAL;
    default: return CELL_ION_HERE;
    }
}

bool cell_ion_follows(const struct cell_ion *ion, uint32_t segment) {
    return (ion->use[segment] & (CELL_ION_INTEGRATED | CELL_ION_WRITES_REVERSAL)) ==
           CELL_ION_INTEGRATED;
}

/* Notes at the segment what the plugin does with its ions, as far as `kept` has it. */
static void put_ions(hk_cell *cell, const struct hk_plugin *plugin, uint32_t segment,
                     uint8_t kept) {
    for (uint32_t k = 0; k <= plugin->n_column; k++) {
        const char *name = ion_of(plugin, k);
        if (name) {
            uint32_t role = k < plugin->n_column ? plugin->field[k].role : HK_WRITE_CURRENT;
            cell->ion[cell_ion_find(cell, name)].use[segment] |= cell_ion_use(role) & kept;
        }
    }
}

hk_status cell_add_ions(hk_cell *cell, const struct hk_plugin *plugin) {
    hk_status status = check_valences(cell, plugin);
    return status || add_ions(cell, plugin) ? status : fail_memory(cell->ctx, "an ion of a cell");
}

/* What else it does is its own cell's affair: layout_ions.c. */
void cell_put_point(hk_cell *cell, const struct hk_plugin *plugin, uint32_t segment) {
    put_ions(cell, plugin, segment, CELL_ION_HERE | CELL_ION_READS_REVERSAL);
}

static void put(hk_cell *cell, struct cell_mechanism *m, uint32_t segment) {
    m->in[segment] = true;
    put_ions(cell, m->plugin, segment, UINT8_MAX);
}

hk_status hk_cell_insert(hk_cell *cell, const char *mechanism, uint32_t n,
                         const uint32_t *segment) {
    hk_status status = cell_built(cell, "insert");
    if (status || (status = cell_segment_list(cell, n, segment))) {
        return status;
    }
    n = segment ? n : cell->cable->n_segment;
    /* A cell has one version of a mechanism, whatever has been loaded since. */
    uint32_t m = mechanism ? cell_mechanism_find(cell, mechanism) : HK_NONE;
    const struct hk_plugin *plugin = m != HK_NONE ? cell->mechanism[m].plugin : NULL;
    if (!plugin && (status = hk_plugin_find(cell->ctx, mechanism, HK_CHANNEL, &plugin))) {
        return fail_within(cell->ctx, status, "cell \"%s\"", cell->name);
    }
    m = cell_mechanism_find(cell, plugin->name); /* `mechanism` may be a file's path */
    if (m != HK_NONE && cell->mechanism[m].plugin != plugin) {
        return fail(cell->ctx, HK_INVALID, "cell \"%s\" has another %s than that of %s", cell->name,
                    plugin->name, mechanism);
    }
    if ((status = check_valences(cell, plugin)) ||
        (status = check_writers(cell, plugin, n, segment))) {
        return status;
    }
    uint32_t n_ion = cell->n_ion;
    if (m == HK_NONE) {
        if (!add_ions(cell, plugin) || !add_mechanism(cell, plugin)) {
            while (cell->n_ion > n_ion) {
                ion_free(&cell->ion[--cell->n_ion]);
            }
            return fail_memory(cell->ctx, "a mechanism of a cell");
        }
        m = cell->n_mechanism - 1;
    }
    for (uint32_t k = 0; k < n; k++) {
        put(cell, &cell->mechanism[m], segment ? segment[k] : k);
    }
    return HK_OK;
}

/* ---- what there is */

uint32_t hk_cell_mechanisms(const hk_cell *cell) {
    return cell->n_mechanism;
}

const struct hk_plugin *hk_cell_mechanism(const hk_cell *cell, uint32_t i) {
    return i < cell->n_mechanism ? cell->mechanism[i].plugin : NULL;
}

bool hk_cell_has(const hk_cell *cell, uint32_t mechanism, uint32_t segment) {
    return mechanism < cell->n_mechanism && segment < hk_cell_segments(cell) &&
           cell->mechanism[mechanism].in[segment];
}
