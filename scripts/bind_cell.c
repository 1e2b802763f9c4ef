/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_cell: cell types. Sections and segments are numbered from 1; a list of them may be nil: all.
 */
#include "bind.h"
#include "hillock/plugin.h"
#include <math.h>
#include <string.h>

static hk_cell *check(lua_State *L) {
    return bind_object(L, 1, BIND_CELL);
}

static uint32_t n_section(const hk_cell *cell) {
    return hk_morph_sections(hk_cell_morph(cell));
}

static void destroy(void *it) {
    hk_cell_free(it);
}

/* celltype(name, morphology) */
static int cell_new(lua_State *L) {
    const char *name = bind_text(L, 1, "cell: name");
    const hk_morph *morph = bind_object(L, 2, BIND_MORPH);
    struct bind_object *object = bind_object_new(L, BIND_CELL, destroy);
    hk_cell *cell = NULL;
    bind_check(L, hk_cell_new(bind_world(L)->ctx, name, morph, &cell));
    object->it = cell;
    return 1;
}

/* ---- sections: Ra, cm and the number of segments; (cell, sections, value, ...) */

static uint32_t *sections(lua_State *L, hk_cell *cell, uint32_t *n) {
    lua_settop(L, 4);
    return bind_indices(L, 2, "sections", n_section(cell), n);
}

/* An empty list is none, where NULL is all. */
#define RETURN_IF_NONE(list, n)                                                                    \
    if (list && n == 0)                                                                            \
    return 0

static int cell_Ra(lua_State *L) {
    hk_cell *cell = check(L);
    uint32_t n, *section = sections(L, cell, &n);
    double Ra = bind_number(L, 3, "Ra");
    RETURN_IF_NONE(section, n);
    bind_check(L, hk_cell_Ra(cell, n, section, Ra));
    return 0;
}

static int cell_cm(lua_State *L) {
    hk_cell *cell = check(L);
    uint32_t n, *section = sections(L, cell, &n);
    double cm = bind_number(L, 3, "cm");
    RETURN_IF_NONE(section, n);
    bind_check(L, hk_cell_cm(cell, n, section, cm));
    return 0;
}

static int cell_nseg(lua_State *L) {
    hk_cell *cell = check(L);
    uint32_t n, *section = sections(L, cell, &n), nseg = bind_count(L, 3, "nseg");
    RETURN_IF_NONE(section, n);
    bind_check(L, hk_cell_nseg(cell, n, section, nseg));
    return 0;
}

/* nseg_lambda(sections, d_lambda, frequency) */
static int cell_nseg_lambda(lua_State *L) {
    hk_cell *cell = check(L);
    uint32_t n, *section = sections(L, cell, &n);
    double d = bind_number(L, 3, "d_lambda"), f = bind_number(L, 4, "d_lambda: frequency");
    RETURN_IF_NONE(section, n);
    bind_check(L, hk_cell_nseg_lambda(cell, n, section, d, f));
    return 0;
}

/* nseg_length(sections, longest, odd) */
static int cell_nseg_length(lua_State *L) {
    hk_cell *cell = check(L);
    uint32_t n, *section = sections(L, cell, &n);
    double longest = bind_number(L, 3, "longest");
    RETURN_IF_NONE(section, n);
    bind_check(L, hk_cell_nseg_length(cell, n, section, longest, lua_toboolean(L, 4)));
    return 0;
}

static int cell_build(lua_State *L) {
    bind_check(L, hk_cell_build(check(L)));
    return 0;
}

/* section(i): Ra, cm, nseg, its first segment or nil */
static int cell_section(lua_State *L) {
    hk_cell *cell = check(L);
    struct hk_cell_section s = hk_cell_section(cell, bind_index(L, 2, "section", n_section(cell)));
    lua_pushnumber(L, s.Ra);
    lua_pushnumber(L, s.cm);
    lua_pushinteger(L, s.nseg);
    if (s.first != HK_NONE)
        lua_pushinteger(L, (lua_Integer)s.first + 1);
    return s.first != HK_NONE ? 4 : 3;
}

/* ---- segments */

static int cell_segments(lua_State *L) {
    lua_pushinteger(L, hk_cell_segments(check(L)));
    return 1;
}

/* segment(i): section, index in it, parent or nil, x, length, diam, area, ri, distance */
static int cell_segment(lua_State *L) {
    hk_cell *cell = check(L);
    struct hk_segment s =
        hk_cell_segment(cell, bind_index(L, 2, "segment", hk_cell_segments(cell)));
    lua_pushinteger(L, (lua_Integer)s.section + 1);
    lua_pushinteger(L, (lua_Integer)s.index + 1);
    if (s.parent != HK_NONE)
        lua_pushinteger(L, (lua_Integer)s.parent + 1);
    else
        lua_pushnil(L);
    lua_pushnumber(L, s.x);
    lua_pushnumber(L, s.length_um);
    lua_pushnumber(L, s.diam_um);
    lua_pushnumber(L, s.area_um2);
    lua_pushnumber(L, s.ri_Mohm);
    lua_pushnumber(L, s.distance_um);
    return 9;
}

static int cell_find(lua_State *L) {
    uint32_t section = 0;
    hk_cell *cell = check(L);
    bind_check(L, hk_cell_find(cell, bind_text(L, 2, "section"), &section));
    lua_pushinteger(L, (lua_Integer)section + 1);
    return 1;
}

/* locate(section, x): the segment there */
static int cell_locate(lua_State *L) {
    hk_cell *cell = check(L);
    uint32_t section = bind_index(L, 2, "section", n_section(cell)), segment = 0;
    bind_check(L, hk_cell_locate(cell, section, bind_number(L, 3, "location"), &segment));
    lua_pushinteger(L, (lua_Integer)segment + 1);
    return 1;
}

/* ---- mechanisms */

static uint32_t *segments(lua_State *L, int arg, hk_cell *cell, uint32_t *n) {
    return bind_indices(L, arg, "segments", hk_cell_segments(cell), n);
}

/* insert(mechanism, segments) */
static int cell_insert(lua_State *L) {
    hk_cell *cell = check(L);
    lua_settop(L, 3);
    const char *mechanism = bind_text(L, 2, "insert: mechanism");
    uint32_t n, *segment = segments(L, 3, cell, &n);
    RETURN_IF_NONE(segment, n);
    bind_check(L, hk_cell_insert(cell, mechanism, n, segment));
    return 0;
}

/* mechanisms(): their names, in the order of insertion */
static int cell_mechanisms(lua_State *L) {
    hk_cell *cell = check(L);
    uint32_t n = hk_cell_mechanisms(cell);
    lua_createtable(L, (int)n, 0);
    for (uint32_t i = 0; i < n; i++) {
        lua_pushstring(L, hk_cell_mechanism(cell, i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* plugin(name): the description of the mechanism of that name, nil where the cell has none */
static int cell_plugin(lua_State *L) {
    const hk_cell *cell = check(L);
    const char *name = bind_text(L, 2, "mechanism");
    for (uint32_t m = 0; m < hk_cell_mechanisms(cell); m++) {
        const struct hk_plugin *plugin = hk_cell_mechanism(cell, m);
        if (strcmp(plugin->name, name) == 0) {
            bind_push_plugin(L, plugin);
            return 1;
        }
    }
    return 0;
}

/* has(i): the segments that have the i-th mechanism */
static int cell_has(lua_State *L) {
    hk_cell *cell = check(L);
    uint32_t i = bind_index(L, 2, "mechanism", hk_cell_mechanisms(cell)),
             n = hk_cell_segments(cell), m = 0;
    for (uint32_t s = 0; s < n; s++)
        m += hk_cell_has(cell, i, s);
    struct bind_array *a = bind_array_new(L, m, true);
    m = 0;
    for (uint32_t s = 0; s < n; s++)
        if (hk_cell_has(cell, i, s))
            a->x[m++] = s + 1.0;
    return 1;
}

/* set(mechanism or nil, field, segments or nil, value or one value a segment) */
static int cell_set(lua_State *L) {
    hk_cell *cell = check(L);
    lua_settop(L, 5);
    const char *mechanism = bind_optional_text(L, 2, "set: mechanism"),
               *field = bind_text(L, 3, "set: field");
    uint32_t n, *segment = segments(L, 4, cell, &n);
    double one = 0;
    const double *value = &one;
    size_t n_value = 1, want = segment ? n : hk_cell_segments(cell);
    bool each = lua_type(L, 5) != LUA_TNUMBER;
    if (each)
        value = bind_numbers(L, 5, field, &n_value);
    else
        one = lua_tonumber(L, 5);
    if (each && n_value != want)
        return bind_fail(L, "%s: %zu values for %zu segments", field, n_value, want);
    RETURN_IF_NONE(segment, n);
    bind_check(L, hk_cell_set(cell, mechanism, field, n, segment, value, each));
    return 0;
}

/* set_table(mechanism, field, rows) */
static int cell_set_table(lua_State *L) {
    hk_cell *cell = check(L);
    lua_settop(L, 4);
    const char *mechanism = bind_text(L, 2, "set: mechanism"),
               *field = bind_text(L, 3, "set: field");
    uint32_t width = 0, rows = 0;
    for (uint32_t m = 0; m < hk_cell_mechanisms(cell); m++)
        if (strcmp(hk_cell_mechanism(cell, m)->name, mechanism) == 0)
            width = bind_list_width(hk_cell_mechanism(cell, m), field);
    if (!lua_istable(L, 4) && !bind_array_test(L, 4))
        bind_expected(L, 4, field, "a list of rows of numbers");
    const double *value = width ? bind_rows(L, field, width, &rows) : NULL;
    bind_check(L, hk_cell_set_table(cell, mechanism, field, rows, value));
    return 0;
}

/* get(mechanism or nil, field, segments or nil): an array */
static int cell_get(lua_State *L) {
    hk_cell *cell = check(L);
    lua_settop(L, 4);
    const char *mechanism = bind_optional_text(L, 2, "get: mechanism"),
               *field = bind_text(L, 3, "get: field");
    uint32_t n, *segment = segments(L, 4, cell, &n);
    uint32_t want = segment ? n : hk_cell_segments(cell);
    struct bind_array *a = bind_array_new(L, want, false);
    bind_check(L, hk_cell_get(cell, mechanism, field, want, segment, a->x));
    return 1;
}

void bind_open_cell(lua_State *L) {
    static const luaL_Reg methods[] = {{"Ra", cell_Ra},
                                       {"cm", cell_cm},
                                       {"nseg", cell_nseg},
                                       {"nseg_lambda", cell_nseg_lambda},
                                       {"nseg_length", cell_nseg_length},
                                       {"build", cell_build},
                                       {"section", cell_section},
                                       {"segments", cell_segments},
                                       {"segment", cell_segment},
                                       {"find", cell_find},
                                       {"locate", cell_locate},
                                       {"insert", cell_insert},
                                       {"mechanisms", cell_mechanisms},
                                       {"plugin", cell_plugin},
                                       {"has", cell_has},
                                       {"set", cell_set},
                                       {"set_table", cell_set_table},
                                       {"get", cell_get},
                                       {NULL, NULL}};
    static const luaL_Reg functions[] = {{"celltype", cell_new}, {NULL, NULL}};
    bind_type(L, BIND_CELL, methods);
    luaL_setfuncs(L, functions, 0);
}
