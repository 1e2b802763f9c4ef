/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"
#include "error.h"
#include "field.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* ---- arrays */

const struct unit_array *unit_find(const struct unit_set *set, unsigned what, uint32_t owner,
                                   uint32_t column) {
    for (uint32_t k = 0; k < set->n_array; k++) {
        const struct unit_array *array = &set->array[k];
        if (array->what == what && array->owner == owner && array->column == column) {
            return array;
        }
    }
    return NULL;
}

static void add_array(struct unit_set *set, unsigned what, uint32_t owner, uint32_t column,
                      bool varies, bool stored) {
    struct unit_array *array = (struct unit_array *)(uintptr_t)unit_find(set, what, owner, column);
    if (array) {
        array->varies = array->varies || varies;
        array->stored = array->stored || stored;
    } else {
        set->array[set->n_array++] = (struct unit_array){
            .what = what, .owner = owner, .column = column, .varies = varies, .stored = stored};
    }
}

bool unit_covers(const struct run *run, uint32_t n, uint32_t at) {
    for (uint32_t k = 0; k < n; k++) {
        if (at >= run[k].at && at - run[k].at < run[k].n) {
            return true;
        }
    }
    return false;
}

/* The arrays of a mechanism's columns. */
static void add_columns(const struct group *g, struct unit_set *set, uint32_t mechanism) {
    const struct hk_plugin *plugin = g->type->mechanism[mechanism].plugin;
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        const struct hk_field *field = &plugin->field[j];
        const struct group_ion *ion = layout_ion(g, field->ion);
        uint32_t m = ion ? (uint32_t)(ion - g->ion) : 0;
        switch (field->role) {
        case HK_REVERSAL: add_array(set, ARRAY_REVERSAL, m, 0, false, false); break;
        case HK_WRITE_REVERSAL: add_array(set, ARRAY_REVERSAL, m, 0, true, true); break;
        case HK_INSIDE: add_array(set, ARRAY_INSIDE, m, 0, false, false); break;
        case HK_WRITE_INSIDE: add_array(set, ARRAY_INSIDE, m, 0, true, true); break;
        case HK_OUTSIDE: add_array(set, ARRAY_OUTSIDE, m, 0, false, false); break;
        case HK_WRITE_OUTSIDE: add_array(set, ARRAY_OUTSIDE, m, 0, true, true); break;
        case HK_ION_CURRENT: break; /* all of them are below */
        case HK_OBSERVED: break;    /* no kernel of a step has it */
        default:
            add_array(set, ARRAY_COLUMN, mechanism, j, field_varies(field->role),
                      field_varies(field->role));
            break;
        }
    }
}

static void add_ions(const struct group *g, uint32_t at, struct unit_set *set) {
    for (uint32_t m = 0; m < g->n_ion; m++) {
        const struct group_ion *ion = &g->ion[m];
        if (ion->current) {
            add_array(set, ARRAY_CURRENT, m, 0, true, true);
        }
        if (unit_covers(ion->nernst, ion->n_nernst, at)) {
            add_array(set, ARRAY_INSIDE, m, 0, false, false);
            add_array(set, ARRAY_OUTSIDE, m, 0, false, false);
            add_array(set, ARRAY_REVERSAL, m, 0, true, true);
        }
    }
}

/* ---- point processes */

const struct point_patch *unit_point(const struct group *g, uint32_t k) {
    for (uint32_t p = 0; p < g->n_point; p++) {
        if (!g->point[p].shadow && k-- == 0) {
            return &g->point[p];
        }
    }
    return NULL;
}

uint32_t unit_points_in(const struct unit *unit, uint32_t set) {
    return set + 1 < unit->n_set ? unit->n_point : 0;
}

uint32_t unit_plugins(const struct unit *unit) {
    return unit->type->n_mechanism + unit->n_point;
}

const struct hk_plugin *unit_plugin(const struct unit *unit, const struct group *g, uint32_t k) {
    uint32_t n = unit->type->n_mechanism;
    return k < n ? unit->type->mechanism[k].plugin : unit_point(g, k - n)->plugin;
}

static bool has_lists(const struct hk_plugin *plugin) {
    for (uint32_t j = 0; j < plugin->n_field; j++) {
        if (field_is_list(plugin->field[j].role)) {
            return true;
        }
    }
    return false;
}

/* Whether a unit can have it. */
static bool fits(const struct group *g, const struct point_patch *p) {
    return p->dense && p->at == 0 && p->padded == g->set_at[g->n_set - 1] && !p->n_read &&
           !p->n_share && p->total_i == g->i && !has_lists(p->plugin);
}

/* The number of point processes in the unit. */
static uint32_t count_points(const struct layout *layout, const struct unit *unit) {
    const struct group *first = &layout->group[unit->group];
    uint32_t n = 0;
    while (unit_point(first, n)) {
        n++;
    }
    for (uint32_t j = unit->group; j < unit->group + unit->n_group; j++) {
        const struct group *g = &layout->group[j];
        if (unit_point(g, n)) {
            return 0;
        }
        for (uint32_t k = 0; k < n; k++) {
            const struct point_patch *p = unit_point(g, k);
            if (!p || p->plugin != unit_point(first, k)->plugin || !fits(g, p)) {
                return 0;
            }
        }
    }
    return n;
}

static uint32_t count_point_arrays(const struct unit *unit, const struct group *g) {
    uint32_t n = 0;
    for (uint32_t k = 0; k < unit->n_point; k++) {
        n += 1 + unit_point(g, k)->plugin->n_column;
    }
    return n;
}

/* In finish `current` runs, which writes no states. */
static void add_points(const struct unit *unit, const struct group *g, uint32_t s, bool finish,
                       struct unit_set *set) {
    for (uint32_t k = 0; k < unit_points_in(unit, s); k++) {
        const struct hk_plugin *plugin = unit_point(g, k)->plugin;
        for (uint32_t j = 0; j < plugin->n_column; j++) {
            bool varies = field_varies(plugin->field[j].role);
            if (plugin->field[j].role == HK_OBSERVED) {
                continue;
            }
            add_array(set, ARRAY_POINT, k, j, varies,
                      varies && !(finish && plugin->field[j].role == HK_STATE));
        }
    }
}

/* What finish sees: a state is written by step alone. */
static bool describe_finish(struct unit *unit, const struct group *g, uint32_t s) {
    struct unit_set *set = &unit->finish[s];
    uint32_t at = g->set_at[s];
    set->array =
        ARENA_NEW(&unit->arena, count_point_arrays(unit, g) + g->n_ion + 2, struct unit_array);
    if (!set->array) {
        return false;
    }
    add_points(unit, g, s, true, set);
    for (uint32_t k = 0; k < unit_points_in(unit, s); k++) {
        add_array(set, ARRAY_SCALE, k, 0, false, false);
    }
    for (uint32_t m = 0; m < g->n_ion; m++) {
        const struct group_ion *ion = &g->ion[m];
        if (ion->current && unit_covers(ion->run, ion->n_run, at)) {
            add_array(set, ARRAY_CURRENT, m, 0, true, false);
        }
    }
    add_array(set, ARRAY_CV, 0, 0, false, false);
    add_array(set, ARRAY_D0, 0, 0, false, false);
    return true;
}

/* ---- sets */

bool unit_has_step(const struct unit *unit, uint32_t set) {
    return unit->set[set].n_mechanism || unit_points_in(unit, set);
}

static bool describe_set(struct unit *unit, const struct group *g, uint32_t s) {
    struct unit_set *set = &unit->set[s];
    uint32_t at = g->set_at[s];
    uint32_t columns = 4 * g->n_ion + count_point_arrays(unit, g);
    for (uint32_t m = 0; m < g->type->n_mechanism; m++) {
        columns += g->type->mechanism[m].plugin->n_column;
    }
    set->mechanism = ARENA_NEW(&unit->arena, g->type->n_mechanism, uint32_t);
    set->array = ARENA_NEW(&unit->arena, columns, struct unit_array);
    if (unit->arena.failed) {
        return false;
    }
    for (uint32_t p = 0; p < g->n_patch; p++) {
        if (unit_covers(&g->patch[p].run, 1, at)) {
            set->n_pool += p < g->n_pool;
            set->mechanism[set->n_mechanism++] = g->patch[p].mechanism;
            add_columns(g, set, g->patch[p].mechanism);
        }
    }
    add_ions(g, at, set);
    add_points(unit, g, s, false, set);
    return true;
}

double *unit_locate(const struct group *g, uint32_t at, const struct unit_array *array) {
    switch (array->what) {
    case ARRAY_POINT: return unit_point(g, array->owner)->col[array->column] + at;
    case ARRAY_SCALE: return unit_point(g, array->owner)->scale + at;
    case ARRAY_REVERSAL: return g->ion[array->owner].reversal + at;
    case ARRAY_INSIDE: return g->ion[array->owner].inside + at;
    case ARRAY_OUTSIDE: return g->ion[array->owner].outside + at;
    case ARRAY_CURRENT: return g->ion[array->owner].current + at;
    case ARRAY_CV: return g->cv + at;
    case ARRAY_D0: return g->d0 + at;
    case ARRAY_COLUMN: break;
    }
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        if (patch->mechanism == array->owner && unit_covers(&patch->run, 1, at)) {
            return patch->col[array->column] + (at - patch->run.at);
        }
    }
    return NULL;
}

/* Whether n doubles have the same bits. */
static bool is_uniform(const double *value, uint32_t n) {
    return n < 2 || memcmp(value, value + 1, (n - 1) * sizeof *value) == 0;
}

static void see_array(const struct layout *layout, const struct unit *unit, uint32_t set,
                      struct unit_array *array) {
    static const double zero = 0;
    bool same = !array->varies, zeros = same;
    const double *last = NULL;
    for (uint32_t k = unit->group; same && k < unit->group + unit->n_group; k++) {
        const struct group *g = &layout->group[k];
        uint32_t at = g->set_at[set], n = g->set_at[set + 1] - at;
        const double *value = unit_locate(g, at, array);
        if (n && value != last) { /* branch points may be none */
            same = is_uniform(value, n);
            zeros = zeros && same && memcmp(value, &zero, sizeof zero) == 0;
            last = value;
        }
    }
    array->seen = zeros && same ? SEEN_ZERO : same ? SEEN_SCALAR : SEEN_EACH;
}

static void see_arrays(const struct layout *layout, const struct unit *unit, uint32_t s,
                       struct unit_set *set) {
    for (uint32_t k = 0; k < set->n_array; k++) {
        struct unit_array *array = &set->array[k];
        see_array(layout, unit, s, array);
        array->place = array->seen == SEEN_EACH     ? set->n_each++
                       : array->seen == SEEN_SCALAR ? set->n_scalar++
                                                    : 0;
    }
}

static bool describe(struct layout *layout, struct unit *unit) {
    const struct group *g = &layout->group[unit->group];
    unit->n_set = g->n_set;
    unit->n_point = count_points(layout, unit);
    unit->set = ARENA_NEW(&unit->arena, unit->n_set, struct unit_set);
    unit->finish = ARENA_NEW(&unit->arena, unit->n_set, struct unit_set);
    bool fine = unit->set && unit->finish;
    for (uint32_t s = 0; fine && s < unit->n_set; s++) {
        fine = describe_set(unit, g, s) && describe_finish(unit, g, s);
        if (fine) {
            see_arrays(layout, unit, s, &unit->set[s]);
            see_arrays(layout, unit, s, &unit->finish[s]);
        }
    }
    return fine;
}

hk_status unit_describe(struct hk_net *net, struct layout *layout) {
    for (uint32_t k = 0; k < layout->n_group; k++) {
        bool first = k == 0 || layout->group[k].type != layout->group[k - 1].type;
        layout->n_unit += first && !layout->group[k].artificial; /* these have no mechanisms */
    }
    layout->unit = calloc((size_t)layout->n_unit + 1, sizeof *layout->unit);
    bool fine = layout->unit != NULL;
    uint32_t first = 0;
    for (uint32_t u = 0; fine && u < layout->n_unit; u++) {
        struct unit *unit = &layout->unit[u];
        while (layout->group[first].artificial) {
            first++;
        }
        const struct group *g = &layout->group[first];
        *unit = (struct unit){.type = g->type, .group = first};
        while (first < layout->n_group && layout->group[first].type == unit->type) {
            unit->barred = unit->barred || layout->group[first].barred;
            first++;
        }
        unit->n_group = first - unit->group;
        fine = describe(layout, unit);
    }
    return fine ? HK_OK : fail_memory(net->ctx, "the units of a network");
}

void unit_free(struct layout *layout) {
    for (uint32_t u = 0; layout->unit && u < layout->n_unit; u++) {
        struct unit *unit = &layout->unit[u];
        free(unit->source);
        if (unit->handle) {
            dlclose(unit->handle);
        }
        arena_free(&unit->arena);
    }
    free(layout->unit);
}
