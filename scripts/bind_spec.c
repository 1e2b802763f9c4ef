/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_spec: what is said with a table: a plugin with values, { "ExpSyn", tau = 2 }, and numbers
 * that may be drawn. */
#include "bind.h"
#include "hillock/plugin.h"
#include <math.h>
#include <string.h>

/* The number of numbers in the list at the top: itself a list of numbers or a list of rows of
 * numbers. */
static size_t list_length(lua_State *L, const char *field) {
    struct bind_array *array = bind_array_test(L, -1);
    if (array)
        return array->n;
    size_t rows = lua_rawlen(L, -1), n = 0;
    for (size_t i = 1; i <= rows; i++) {
        int type = lua_rawgeti(L, -1, (lua_Integer)i);
        if (type == LUA_TNUMBER)
            n++;
        else if (type == LUA_TTABLE)
            n += lua_rawlen(L, -1);
        else
            bind_fail(L, "%s: element %zu is a %s, not a number or a row of numbers", field, i,
                      lua_typename(L, type));
        lua_pop(L, 1);
    }
    return n;
}

static double element(lua_State *L, const char *field, size_t i) {
    if (lua_type(L, -1) != LUA_TNUMBER)
        bind_fail(L, "%s: in element %zu there is a %s, not a number", field, i,
                  luaL_typename(L, -1));
    return lua_tonumber(L, -1);
}

/* Copies the n numbers of the list at `list` to x; a row that has not `width` numbers is refused.
 */
static void list_copy(lua_State *L, int list, const char *field, uint32_t width, double *x) {
    struct bind_array *array = bind_array_test(L, list);
    if (array) {
        memcpy(x, array->x, array->n * sizeof *x);
        return;
    }
    size_t rows = lua_rawlen(L, list);
    for (size_t i = 1; i <= rows; i++) {
        if (lua_rawgeti(L, list, (lua_Integer)i) == LUA_TTABLE) {
            size_t n = lua_rawlen(L, -1);
            if (n != width)
                bind_fail(L, "%s: row %zu has %zu numbers, not %u", field, i, n, width);
            for (size_t j = 1; j <= n; j++) {
                lua_rawgeti(L, -1, (lua_Integer)j);
                *x++ = element(L, field, i);
                lua_pop(L, 1);
            }
        } else {
            *x++ = element(L, field, i);
        }
        lua_pop(L, 1);
    }
}

uint32_t bind_list_width(const struct hk_plugin *plugin, const char *field) {
    for (uint32_t i = 0; plugin && i < plugin->n_field; i++)
        if ((plugin->field[i].role == HK_LIST || plugin->field[i].role == HK_TABLE) &&
            strcmp(plugin->field[i].name, field) == 0)
            return plugin->field[i].width ? plugin->field[i].width : 1;
    return 0;
}

const double *bind_rows(lua_State *L, const char *field, uint32_t width, uint32_t *rows) {
    int list = lua_gettop(L);
    size_t n = list_length(L, field);
    if (n % width || n / width >= UINT32_MAX)
        bind_fail(L, "%s: %zu numbers are not rows of %u", field, n, width);
    double *x = bind_scratch(L, n, sizeof *x);
    list_copy(L, list, field, width, x);
    lua_replace(L, list);
    *rows = (uint32_t)(n / width);
    return x;
}

/* The value at the top, of the field: a number, a boolean (0 or 1) or a list. Leaves scratch in its
 * place. */
static struct hk_param param(lua_State *L, const struct hk_plugin *plugin, const char *field) {
    struct hk_param p = {.field = field};
    switch (lua_type(L, -1)) {
    case LUA_TNUMBER: p.value = lua_tonumber(L, -1); return p;
    case LUA_TBOOLEAN: p.value = lua_toboolean(L, -1); return p;
    case LUA_TTABLE: break;
    default:
        if (!bind_array_test(L, -1))
            bind_expected(L, -1, field, "a number or a list");
    }
    uint32_t width = bind_list_width(plugin, field);
    if (width == 0) /* no list: the host says whether there is such a field */
        for (uint32_t i = 0; i < plugin->n_field; i++)
            if (strcmp(plugin->field[i].name, field) == 0)
                bind_fail(L, "%s of %s is a number, not a list", field, plugin->name);
    if (width == 0)
        return p;
    p.list = bind_rows(L, field, width, &p.rows);
    return p;
}

struct hk_spec bind_spec(lua_State *L, int arg, const char *what, uint32_t kind) {
    arg = lua_absindex(L, arg);
    if (!lua_istable(L, arg))
        bind_expected(L, arg, what, "a table like { \"NAME\", field = value }");
    if (lua_rawgeti(L, arg, 1) != LUA_TSTRING)
        bind_expected(L, -1, what, "the plugin's name at [1]");
    const char *name = lua_tostring(L, -1); /* the table keeps it */
    lua_pop(L, 1);
    const struct hk_plugin *plugin = NULL;
    bind_check(L, hk_plugin_find(bind_world(L)->ctx, name, kind, &plugin));
    uint32_t n = 0;
    for (lua_pushnil(L); lua_next(L, arg); lua_pop(L, 1))
        n++;
    struct hk_param *list = bind_scratch(L, n, sizeof *list);
    struct hk_spec spec = {.plugin = name, .param = list};
    lua_pushnil(L);
    while (lua_next(L, arg)) {
        if (lua_type(L, -2) == LUA_TNUMBER && lua_tonumber(L, -2) == 1) {
            lua_pop(L, 1);
            continue;
        }
        if (lua_type(L, -2) != LUA_TSTRING)
            bind_expected(L, -2, what, "names of fields as keys");
        luaL_checkstack(L, 8, "too many fields");
        list[spec.n_param++] = param(L, plugin, lua_tostring(L, -2));
        lua_pushvalue(L, -2); /* scratch (or the value) stays below: ..., key, value, key */
        lua_remove(L, -3);
    }
    return spec;
}

static double get_number(lua_State *L, const char *key, double fallback) {
    double x = fallback;
    if (lua_getfield(L, -1, key) != LUA_TNIL)
        x = bind_number(L, -1, key);
    lua_pop(L, 1);
    return x;
}

struct hk_number bind_drawn(lua_State *L, int table, const char *key) {
    static const char *const names[] = {"constant",  "uniform",     "normal",
                                        "lognormal", "exponential", "gamma"};
    struct hk_number number = {.distribution = HK_CONSTANT};
    int type = lua_getfield(L, table, key);
    if (type == LUA_TNUMBER) {
        number.a = lua_tonumber(L, -1);
        lua_pop(L, 1);
        return number;
    }
    if (type != LUA_TTABLE)
        bind_expected(L, -1, key, "a number or one of hk.random");
    const char *name =
        lua_getfield(L, -1, "distribution") == LUA_TSTRING ? lua_tostring(L, -1) : "";
    lua_pop(L, 1);
    int k = 0;
    while (k < 6 && strcmp(names[k], name) != 0)
        k++;
    if (k == 6)
        bind_fail(L, "%s: no distribution is called '%.60s'", key, name);
    number.distribution = (enum hk_distribution)k;
    number.a = get_number(L, "a", 0);
    number.b = get_number(L, "b", 0);
    number.low = get_number(L, "low", 0);
    number.high = get_number(L, "high", 0);
    lua_pop(L, 1);
    return number;
}
