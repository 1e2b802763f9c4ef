/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_value: the values of a cell type's parameters, capacitances and ions. */
#include "cell.h"
#include "error.h"
#include "field.h"
#include "names.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a name means */

enum { VARIABLE = 24 }; /* an ion's name and a letter */

/* The ion's variable of this kind: "ena", "nai", "nao". */
static const char *variable(const struct cell_ion *ion, uint32_t kind, char room[VARIABLE]) {
    snprintf(room, VARIABLE, "%s%s%s", kind == CELL_REVERSAL ? "e" : "", ion->name,
             kind == CELL_INSIDE    ? "i"
             : kind == CELL_OUTSIDE ? "o"
                                    : "");
    return room;
}

static hk_status no_variable(const hk_cell *cell, const char *field) {
    uint32_t n = 0;
    char(*text)[VARIABLE] = calloc(3 * (size_t)cell->n_ion + 1, sizeof *text);
    const char **name = calloc(3 * (size_t)cell->n_ion + 1, sizeof *name);
    hk_status status = HK_NO_MEMORY;
    if (text && name) {
        char room[NAMES_ROOM];
        name[n++] = "cm";
        for (uint32_t i = 0; i < cell->n_ion; i++) {
            for (uint32_t kind = CELL_REVERSAL; kind <= CELL_OUTSIDE; kind++, n++) {
                name[n] = variable(&cell->ion[i], kind, text[n]);
            }
        }
        status = fail(cell->ctx, HK_NOT_FOUND,
                      "cell \"%s\" has no variable \"%s\"; nearest: \"%s\"; there are %s (an ion's "
                      "come with a mechanism or point process that uses it)",
                      cell->name, field, names_nearest(field, n, name), names_list(room, n, name));
    } else {
        fail_memory(cell->ctx, "the names of variables");
    }
    free(text);
    free(name);
    return status;
}

static hk_status resolve_variable(const hk_cell *cell, const char *field, struct cell_place *out) {
    if (!strcmp(field, "cm")) {
        out->kind = CELL_CM;
        return HK_OK;
    }
    for (uint32_t i = 0; i < cell->n_ion; i++) {
        for (uint32_t kind = CELL_REVERSAL; kind <= CELL_OUTSIDE; kind++) {
            char room[VARIABLE];
            if (!strcmp(field, variable(&cell->ion[i], kind, room))) {
                out->kind = kind;
                out->ion = i;
                return HK_OK;
            }
        }
    }
    return no_variable(cell, field);
}

static hk_status no_mechanism(const hk_cell *cell, const char *mechanism) {
    if (!cell->n_mechanism) {
        return fail(cell->ctx, HK_NOT_FOUND,
                    "cell \"%s\" has no mechanism \"%s\", nor any other: insert it first",
                    cell->name, mechanism);
    }
    const char **name = calloc(cell->n_mechanism, sizeof *name), *none = "";
    char room[NAMES_ROOM];
    if (!name) {
        return fail_memory(cell->ctx, "the names of mechanisms");
    }
    for (uint32_t m = 0; m < cell->n_mechanism; m++) {
        name[m] = cell->mechanism[m].plugin->name;
    }
    const char *nearest = names_nearest(mechanism, cell->n_mechanism, name);
    hk_status status = fail(
        cell->ctx, HK_NOT_FOUND,
        "cell \"%s\" has no mechanism \"%s\": insert it first; nearest: \"%s\"; there are %s",
        cell->name, mechanism, nearest ? nearest : none, names_list(room, cell->n_mechanism, name));
    free(name);
    return status;
}

static bool is_settable(const struct hk_field *field) {
    return field->role == HK_PARAMETER || field->role == HK_GLOBAL || field->role == HK_TABLE;
}

static hk_status no_field(const hk_cell *cell, const struct hk_plugin *plugin, const char *field) {
    const char **name = calloc(plugin->n_field + 1, sizeof *name);
    char room[NAMES_ROOM];
    uint32_t n = 0;
    if (!name) {
        return fail_memory(cell->ctx, "the names of fields");
    }
    for (uint32_t j = 0; j < plugin->n_field; j++) {
        if (is_settable(&plugin->field[j])) {
            name[n++] = plugin->field[j].name;
        }
    }
    hk_status status =
        n ? fail(cell->ctx, HK_NOT_FOUND,
                 "cell \"%s\": mechanism \"%s\" has no field \"%s\"; nearest: \"%s\"; there are %s",
                 cell->name, plugin->name, field, names_nearest(field, n, name),
                 names_list(room, n, name))
          : fail(cell->ctx, HK_NOT_FOUND,
                 "cell \"%s\": mechanism \"%s\" has no field \"%s\", nor any other to set",
                 cell->name, plugin->name, field);
    free(name);
    return status;
}

/* A field that is there, but not to be set. */
static hk_status not_settable(const hk_cell *cell, const struct hk_plugin *plugin,
                              const struct hk_field *field) {
    return field->ion ? fail(cell->ctx, HK_NOT_FOUND,
                             "cell \"%s\": mechanism \"%s\": \"%s\" belongs to ion %s: set the "
                             "ion's variables (\"e%s\", \"%si\", "
                             "\"%so\") without a mechanism",
                             cell->name, plugin->name, field->name, field->ion, field->ion,
                             field->ion, field->ion)
                      : fail(cell->ctx, HK_NOT_FOUND,
                             "cell \"%s\": mechanism \"%s\": field \"%s\" is of role %s: "
                             "parameters can be set",
                             cell->name, plugin->name, field->name, field_role_name(field->role));
}

static hk_status resolve_field(const hk_cell *cell, uint32_t mechanism, const char *name,
                               struct cell_place *out) {
    const struct hk_plugin *plugin = cell->mechanism[mechanism].plugin;
    for (uint32_t j = 0, global = 0, table = 0; j < plugin->n_field; j++) {
        const struct hk_field *field = &plugin->field[j];
        bool is_global = field->role == HK_GLOBAL, is_table = field->role == HK_TABLE;
        if (!strcmp(field->name, name)) {
            out->kind = is_global ? CELL_GLOBAL : is_table ? CELL_TABLE : CELL_COLUMN;
            out->mechanism = mechanism;
            out->column = is_global ? global : is_table ? table : j;
            out->field = field;
            return is_settable(field) ? HK_OK : not_settable(cell, plugin, field);
        }
        global += is_global;
        table += is_table;
    }
    return no_field(cell, plugin, name);
}

hk_status cell_resolve(const hk_cell *cell, const char *mechanism, const char *field,
                       struct cell_place *out) {
    *out = (struct cell_place){.mechanism = HK_NONE, .column = HK_NONE, .ion = HK_NONE};
    hk_status status = cell_built(cell, "a value");
    if (status) {
        return status;
    }
    if (!field) {
        return fail(cell->ctx, HK_INVALID, "cell \"%s\": a field's name is missing", cell->name);
    }
    if (!mechanism) {
        return resolve_variable(cell, field, out);
    }
    uint32_t m = cell_mechanism_find(cell, mechanism);
    return m == HK_NONE ? no_mechanism(cell, mechanism) : resolve_field(cell, m, field, out);
}

hk_status cell_check(const hk_cell *cell, const struct cell_place *place, const char *field,
                     double value) {
    char where[CELL_PLACE];
    if (place->field) {
        snprintf(where, sizeof where, "cell \"%s\"", cell->name);
        return field_check(cell->ctx, where, cell->mechanism[place->mechanism].plugin, place->field,
                           value);
    }
    const char *unit = place->kind == CELL_CM         ? "uF/cm2"
                       : place->kind == CELL_REVERSAL ? "mV"
                                                      : "mM";
    bool positive = place->kind != CELL_REVERSAL;
    return isfinite(value) && (!positive || value > 0)
               ? HK_OK
               : fail(cell->ctx, HK_INVALID, "cell \"%s\": %s is %g %s, not a %snumber%s",
                      cell->name, field, value, unit, positive ? "" : "finite ",
                      positive ? " above 0" : "");
}

/* ---- values */

static bool is_at(const hk_cell *cell, const struct cell_place *place, uint32_t segment) {
    return place->mechanism != HK_NONE ? cell->mechanism[place->mechanism].in[segment]
           : place->ion != HK_NONE     ? cell->ion[place->ion].use[segment] != 0
                                       : true;
}

/* Its value by segment; of a global field, its one value. */
static double *values_of(const hk_cell *cell, const struct cell_place *place) {
    switch (place->kind) {
    case CELL_CM: return cell->cm;
    case CELL_REVERSAL: return cell->ion[place->ion].reversal;
    case CELL_INSIDE: return cell->ion[place->ion].inside;
    case CELL_OUTSIDE: return cell->ion[place->ion].outside;
    case CELL_COLUMN: return cell->mechanism[place->mechanism].column[place->column];
    case CELL_GLOBAL:
    case CELL_TABLE: break;
    }
    return &cell->mechanism[place->mechanism].global[place->column];
}

static hk_status set_global(hk_cell *cell, const struct cell_place *place, const char *mechanism,
                            const char *field, const uint32_t *segment, const double *value,
                            uint32_t stride) {
    if (segment || stride) {
        return fail(cell->ctx, HK_INVALID,
                    "cell \"%s\": %s.%s is one value for the whole cell type, not one for each of "
                    "some segments",
                    cell->name, mechanism, field);
    }
    hk_status status = cell_check(cell, place, field, *value);
    if (!status) {
        *values_of(cell, place) = *value;
    }
    return status;
}

static hk_status not_a_number(const hk_cell *cell, const char *mechanism, const char *field) {
    return fail(cell->ctx, HK_INVALID, "cell \"%s\": %s.%s is a table of numbers, not a number",
                cell->name, mechanism, field);
}

hk_status hk_cell_set_table(hk_cell *cell, const char *mechanism, const char *field, uint32_t rows,
                            const double *value) {
    struct cell_place place;
    hk_status status = cell_resolve(cell, mechanism, field, &place);
    if (status) {
        return status;
    }
    if (place.kind != CELL_TABLE) {
        return fail(cell->ctx, HK_INVALID, "cell \"%s\": %s%s%s is a number, not a table",
                    cell->name, mechanism ? mechanism : "", mechanism ? "." : "", field);
    }
    size_t width = place.field->width ? place.field->width : 1, n = rows * width;
    for (size_t k = 0; k < n; k++) {
        status = cell_check(cell, &place, field, value[k]);
        if (status) {
            return fail_within(cell->ctx, status, "row %zu", k / width + 1);
        }
    }
    double *copy = malloc((n + 1) * sizeof *copy);
    if (!copy) {
        return fail_memory(cell->ctx, "a table of a cell");
    }
    if (n) {
        memcpy(copy, value, n * sizeof *copy);
    }
    struct hk_list *table = &cell->mechanism[place.mechanism].table[place.column];
    free((void *)(uintptr_t)table->value);
    *table = (struct hk_list){.value = copy, .rows = rows};
    return HK_OK;
}

/* A segment of the list has no such mechanism or ion. */
static hk_status lacks(const hk_cell *cell, const struct cell_place *place, uint32_t segment) {
    char where[CELL_PLACE], room[NAMES_ROOM];
    const char **name = calloc(cell->n_mechanism + 1, sizeof *name);
    uint32_t n = 0;
    if (!name) {
        return fail_memory(cell->ctx, "the names of mechanisms");
    }
    for (uint32_t m = 0; m < cell->n_mechanism; m++) {
        if (cell->mechanism[m].in[segment]) {
            name[n++] = cell->mechanism[m].plugin->name;
        }
    }
    bool ion = place->ion != HK_NONE;
    hk_status status =
        fail(cell->ctx, HK_NOT_FOUND, "cell \"%s\": %s has no %s \"%s\"; there is %s", cell->name,
             cell_where(cell, segment, where), ion ? "mechanism that uses ion" : "mechanism",
             ion ? cell->ion[place->ion].name : cell->mechanism[place->mechanism].plugin->name,
             names_list(room, n, name));
    free(name);
    return status;
}

hk_status hk_cell_set(hk_cell *cell, const char *mechanism, const char *field, uint32_t n,
                      const uint32_t *segment, const double *value, uint32_t stride) {
    struct cell_place place;
    hk_status status = cell_resolve(cell, mechanism, field, &place);
    if (status || (status = cell_segment_list(cell, n, segment))) {
        return status;
    }
    if (place.kind == CELL_TABLE) {
        return not_a_number(cell, mechanism, field);
    }
    if (place.kind == CELL_GLOBAL) {
        return set_global(cell, &place, mechanism, field, segment, value, stride);
    }
    n = segment ? n : cell->cable->n_segment;
    size_t next = 0;
    for (uint32_t i = 0; !status && i < n; i++) {
        if (is_at(cell, &place, segment ? segment[i] : i)) {
            status = cell_check(cell, &place, field, value[next]);
            next += stride;
        } else if (segment) {
            status = lacks(cell, &place, segment[i]);
        }
    }
    double *to = values_of(cell, &place);
    next = 0;
    for (uint32_t i = 0; !status && i < n; i++) {
        uint32_t s = segment ? segment[i] : i;
        if (is_at(cell, &place, s)) {
            to[s] = value[next];
            next += stride;
        }
    }
    return status;
}

hk_status hk_cell_get(const hk_cell *cell, const char *mechanism, const char *field, uint32_t n,
                      const uint32_t *segment, double *value) {
    struct cell_place place;
    hk_status status = cell_resolve(cell, mechanism, field, &place);
    if (status || (status = cell_segment_list(cell, n, segment))) {
        return status;
    }
    if (!segment && n != cell->cable->n_segment) {
        return fail(cell->ctx, HK_INVALID,
                    "cell \"%s\": room for %u values, and it has %u segments", cell->name, n,
                    cell->cable->n_segment);
    }
    if (place.kind == CELL_TABLE) {
        return not_a_number(cell, mechanism, field);
    }
    const double *from = values_of(cell, &place);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t s = segment ? segment[i] : i;
        value[i] = is_at(cell, &place, s) ? from[place.kind == CELL_GLOBAL ? 0 : s] : (double)NAN;
    }
    return HK_OK;
}

/* ---- whether all is set */

static hk_status must_set(const hk_cell *cell, const struct cell_mechanism *m,
                          const struct hk_field *field, uint32_t segment) {
    char where[CELL_PLACE];
    return segment == HK_NONE
               ? fail(cell->ctx, HK_INVALID, "cell \"%s\": %s.%s must be set: it has no default",
                      cell->name, m->plugin->name, field->name)
               : fail(cell->ctx, HK_INVALID,
                      "cell \"%s\": %s: %s.%s must be set: it has no default", cell->name,
                      cell_where(cell, segment, where), m->plugin->name, field->name);
}

static hk_status mechanism_complete(const hk_cell *cell, const struct cell_mechanism *m) {
    for (uint32_t j = 0, global = 0, table = 0; j < m->plugin->n_field; j++) {
        const struct hk_field *field = &m->plugin->field[j];
        if (field->role == HK_GLOBAL && isnan(m->global[global++])) {
            return must_set(cell, m, field, HK_NONE);
        }
        if (field->role == HK_TABLE && !m->table[table++].rows && isnan(field->value)) {
            return must_set(cell, m, field, HK_NONE);
        }
        for (uint32_t s = 0; field->role == HK_PARAMETER && s < cell->cable->n_segment; s++) {
            if (m->in[s] && isnan(m->column[j][s])) {
                return must_set(cell, m, field, s);
            }
        }
    }
    return HK_OK;
}

hk_status cell_complete(const hk_cell *cell) {
    hk_status status = cell_built(cell, "a run");
    for (uint32_t m = 0; !status && m < cell->n_mechanism; m++) {
        status = mechanism_complete(cell, &cell->mechanism[m]);
    }
    return status;
}
