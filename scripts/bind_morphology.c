/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_morphology: shapes of cells, from SWC or Neurolucida files or section by section. */
#include "bind.h"
#include <math.h>

static hk_morph *check(lua_State *L) {
    return bind_object(L, 1, BIND_MORPH);
}

static void destroy(void *it) {
    hk_morph_free(it);
}

/* swc(path) and the like */
static int from_file(lua_State *L, hk_status (*read)(hk_context *, const char *, hk_morph **)) {
    const char *path = bind_text(L, 1, "morphology");
    struct bind_object *object = bind_object_new(L, BIND_MORPH, destroy);
    hk_morph *morph = NULL;
    bind_check(L, read(bind_world(L)->ctx, path, &morph));
    object->it = morph;
    return 1;
}

/* swc_text(name, text) and the like */
static int from_text(lua_State *L, hk_status (*read)(hk_context *, const char *, const char *,
                                                     size_t, hk_morph **)) {
    const char *name = bind_text(L, 1, "morphology: name");
    if (lua_type(L, 2) != LUA_TSTRING)
        return bind_expected(L, 2, "morphology: text", "a string");
    size_t n = 0;
    const char *text = lua_tolstring(L, 2, &n);
    struct bind_object *object = bind_object_new(L, BIND_MORPH, destroy);
    hk_morph *morph = NULL;
    bind_check(L, read(bind_world(L)->ctx, name, text, n, &morph));
    object->it = morph;
    return 1;
}

static int morph_swc(lua_State *L) {
    return from_file(L, hk_morph_swc);
}

static int morph_swc_text(lua_State *L) {
    return from_text(L, hk_morph_swc_text);
}

static int morph_asc(lua_State *L) {
    return from_file(L, hk_morph_asc);
}

static int morph_asc_text(lua_State *L) {
    return from_text(L, hk_morph_asc_text);
}

static void destroy_points(void *it) {
    hk_swc_free(it);
}

static void push_point(lua_State *L, const hk_swc *swc, uint32_t i) {
    struct hk_swc_point p = hk_swc_get(swc, i);
    lua_createtable(L, 0, 9);
    bind_set_whole(L, "id", (uint64_t)p.id);
    bind_set_whole(L, "line", p.line);
    bind_set_real(L, "x", p.x);
    bind_set_real(L, "y", p.y);
    bind_set_real(L, "z", p.z);
    bind_set_real(L, "diam", p.diam_um);
    bind_set_text(L, "domain", hk_swc_domain(swc, p.type));
    lua_pushinteger(L, p.type);
    lua_setfield(L, -2, "type");
    if (p.parent != HK_NONE)
        bind_set_whole(L, "parent", (uint64_t)p.parent + 1);
}

/* swc_points(path): the points by ascending id, tables { id, type, domain (nil where the file names
 * none), x, y, z, diam, parent (nil at the root), line } */
static int swc_points(lua_State *L) {
    const char *path = bind_text(L, 1, "morphology");
    struct bind_object *object = bind_object_new(L, BIND_SWC, destroy_points);
    hk_swc *swc = NULL;
    bind_check(L, hk_swc_read(bind_world(L)->ctx, path, &swc));
    object->it = swc;
    uint32_t n = hk_swc_points(swc);
    lua_createtable(L, (int)n, 0);
    for (uint32_t i = 0; i < n; i++) {
        push_point(L, swc, i);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* sections(name): an empty one, for add */
static int morph_new(lua_State *L) {
    const char *name = bind_text(L, 1, "morphology: name");
    struct bind_object *object = bind_object_new(L, BIND_MORPH, destroy);
    hk_morph *morph = NULL;
    bind_check(L, hk_morph_new(bind_world(L)->ctx, name, &morph));
    object->it = morph;
    return 1;
}

/* The points at arg, rows of x, y, z and diameter; NULL for nil. */
static const float (*points(lua_State *L, int arg, uint32_t *n))[4] {
    *n = 0;
    if (lua_isnoneornil(L, arg))
        return NULL;
    if (!lua_istable(L, arg))
        bind_expected(L, arg, "points", "a list of { x, y, z, diam }");
    size_t many = lua_rawlen(L, arg);
    if (many >= UINT32_MAX)
        bind_fail(L, "points: %zu are too many", many);
    float(*point)[4] = bind_scratch(L, many, sizeof *point);
    for (size_t i = 0; i < many; i++) {
        if (lua_rawgeti(L, arg, (lua_Integer)i + 1) != LUA_TTABLE || lua_rawlen(L, -1) != 4)
            bind_fail(L, "points: element %zu is no row { x, y, z, diam }", i + 1);
        for (int k = 0; k < 4; k++) {
            lua_rawgeti(L, -1, k + 1);
            point[i][k] = (float)bind_number(L, lua_gettop(L), "points");
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    *n = (uint32_t)many;
    return (const float(*)[4])point;
}

/* add(domain, type, parent or nil, parent_x, L, diam, points or nil): the section's number */
static int morph_add(lua_State *L) {
    hk_morph *morph = check(L);
    lua_settop(L, 8);
    struct hk_section_spec spec = {.domain = bind_optional_text(L, 2, "domain"), .parent = HK_NONE};
    spec.type = (int)(lua_isnil(L, 3) ? 0 : bind_count(L, 3, "type") & 0xffff);
    if (!lua_isnil(L, 4))
        spec.parent = bind_index(L, 4, "parent", hk_morph_sections(morph));
    spec.parent_x = lua_isnil(L, 5) ? 1 : bind_number(L, 5, "at");
    spec.point = points(L, 8, &spec.n_point);
    if (!spec.point) {
        spec.length_um = bind_number(L, 6, "L");
        spec.diam_um = bind_number(L, 7, "diam");
    }
    uint32_t index = 0;
    bind_check(L, hk_morph_section(morph, &spec, &index));
    lua_pushinteger(L, (lua_Integer)index + 1);
    return 1;
}

static int morph_sections(lua_State *L) {
    lua_pushinteger(L, hk_morph_sections(check(L)));
    return 1;
}

static double distance(const float *a, const float *b) {
    double x = (double)b[0] - (double)a[0], y = (double)b[1] - (double)a[1],
           z = (double)b[2] - (double)a[2];
    return sqrt(x * x + y * y + z * z);
}

/* The diameter half way along the section. */
static double middle_diam(const struct hk_section *s) {
    double gone = 0, half = s->length_um / 2;
    for (uint32_t i = 1; i < s->n_point; i++) {
        double step = distance(s->point[i - 1], s->point[i]);
        double a = (double)s->point[i - 1][3], b = (double)s->point[i][3];
        if (step > 0 && gone + step >= half)
            return a + (b - a) * (half - gone) / step;
        gone += step;
    }
    return s->diam_um;
}

/* section(i): name, domain, parent or nil, parent_x, L, diameter in its middle, type's name */
static int morph_section(lua_State *L) {
    const hk_morph *morph = check(L);
    struct hk_section s =
        hk_morph_get(morph, bind_index(L, 2, "section", hk_morph_sections(morph)));
    lua_pushstring(L, s.name);
    lua_pushstring(L, s.domain);
    if (s.parent != HK_NONE)
        lua_pushinteger(L, (lua_Integer)s.parent + 1);
    else
        lua_pushnil(L);
    lua_pushnumber(L, s.parent_x);
    lua_pushnumber(L, s.length_um);
    lua_pushnumber(L, middle_diam(&s));
    lua_pushstring(L, s.type_name);
    return 7;
}

/* points(i): the section's, a list of { x, y, z, diam }; empty of a plain cylinder */
static int morph_points(lua_State *L) {
    const hk_morph *morph = check(L);
    struct hk_section s =
        hk_morph_get(morph, bind_index(L, 2, "section", hk_morph_sections(morph)));
    lua_createtable(L, (int)s.n_point, 0);
    for (uint32_t i = 0; i < s.n_point; i++) {
        lua_createtable(L, 4, 0);
        for (int k = 0; k < 4; k++) {
            lua_pushnumber(L, (double)s.point[i][k]);
            lua_rawseti(L, -2, k + 1);
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int morph_report(lua_State *L) {
    lua_pushstring(L, hk_morph_report(check(L)));
    return 1;
}

void bind_open_morphology(lua_State *L) {
    static const luaL_Reg methods[] = {{"add", morph_add},         {"sections", morph_sections},
                                       {"section", morph_section}, {"points", morph_points},
                                       {"report", morph_report},   {NULL, NULL}};
    static const luaL_Reg none[] = {{NULL, NULL}};
    static const luaL_Reg functions[] = {
        {"swc", morph_swc}, {"swc_text", morph_swc_text}, {"swc_points", swc_points},
        {"asc", morph_asc}, {"asc_text", morph_asc_text}, {"morphology", morph_new},
        {NULL, NULL}};
    bind_type(L, BIND_MORPH, methods);
    bind_type(L, BIND_SWC, none);
    luaL_setfuncs(L, functions, 0);
}
