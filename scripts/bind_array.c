/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_array: arrays of numbers outside Lua's tables, for traces and spikes of millions of samples:
 * 8 bytes each, in one piece, read and written with [i] as a list is. An array of whole numbers
 * gives integers. */
#include "bind.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

struct bind_array *bind_array_new(lua_State *L, size_t n, bool whole) {
    luaL_checkstack(L, 4, NULL);
    if (n > (SIZE_MAX / 2 - sizeof(struct bind_array)) / sizeof(double))
        bind_fail(L, "array: %zu numbers are too many", n);
    struct bind_array *a = lua_newuserdatauv(L, sizeof *a + n * sizeof(double), 0);
    a->n = n;
    a->whole = whole;
    luaL_setmetatable(L, BIND_ARRAY);
    return a;
}

struct bind_array *bind_array_test(lua_State *L, int arg) {
    return luaL_testudata(L, arg, BIND_ARRAY);
}

static struct bind_array *check(lua_State *L) {
    struct bind_array *a = bind_array_test(L, 1);
    if (!a)
        bind_expected(L, 1, "array", "an array (call its methods with a colon)");
    return a;
}

static void push(lua_State *L, const struct bind_array *a, size_t i) {
    if (a->whole)
        lua_pushinteger(L, (lua_Integer)a->x[i]);
    else
        lua_pushnumber(L, a->x[i]);
}

static bool whole(double x) {
    return floor(x) == x && fabs(x) <= 9007199254740992.0;
}

/* array(n [, value]), array(list), array(array) */
static int array_new(lua_State *L) {
    lua_settop(L, 2);
    struct bind_array *a;
    if (lua_type(L, 1) == LUA_TNUMBER) {
        uint32_t n = bind_count(L, 1, "array: length");
        double value = lua_isnil(L, 2) ? 0 : bind_number(L, 2, "array: value");
        a = bind_array_new(L, n, false);
        for (size_t i = 0; i < n; i++)
            a->x[i] = value;
        return 1;
    }
    if (!lua_isnil(L, 2))
        bind_expected(L, 2, "array: second argument", "nothing behind a list");
    size_t n = 0;
    const double *x = bind_numbers(L, 1, "array", &n);
    const struct bind_array *from = bind_array_test(L, 1);
    a = bind_array_new(L, n, from && from->whole);
    memcpy(a->x, x, n * sizeof *x);
    return 1;
}

static int array_len(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)check(L)->n);
    return 1;
}

/* a[i]: nil beyond its end; a[name]: a method. */
static int array_index(lua_State *L) {
    const struct bind_array *a = check(L);
    int is = 0;
    lua_Integer i = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &is) : 0;
    if (is) {
        if (i >= 1 && (size_t)i <= a->n)
            push(L, a, (size_t)i - 1);
        else
            lua_pushnil(L);
        return 1;
    }
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
        return bind_fail(L, "an array has no '%.60s'", luaL_tolstring(L, 2, NULL));
    return 1;
}

static int array_newindex(lua_State *L) {
    struct bind_array *a = check(L);
    if (a->n >= UINT32_MAX)
        return bind_fail(L, "array: too long to be written to");
    uint32_t i = bind_index(L, 2, "array: index", (uint32_t)a->n);
    double x = bind_number(L, 3, "array: element");
    if (a->whole && !whole(x))
        return bind_fail(L, "array: %.15g is not a whole number, as all elements of this one are",
                         x);
    a->x[i] = x;
    return 0;
}

static int array_tostring(lua_State *L) {
    const struct bind_array *a = check(L);
    char text[160];
    int at = snprintf(text, sizeof text, "array of %zu", a->n);
    for (size_t i = 0; i < a->n && i < 4; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "%s%.6g", i ? ", " : ": ", a->x[i]);
    if (a->n > 4)
        snprintf(text + at, sizeof text - (size_t)at, "%s%.6g", a->n > 5 ? ", ... " : ", ",
                 a->x[a->n - 1]);
    lua_pushstring(L, text);
    return 1;
}

/* The bounds of arguments 2 and 3 as first and behind last; negative ones count from the end, as in
 * string.sub. */
static void range(lua_State *L, size_t n, size_t *first, size_t *end) {
    lua_Integer bound[2] = {1, -1}, length = (lua_Integer)n;
    for (int k = 0; k < 2; k++) {
        if (lua_isnoneornil(L, k + 2))
            continue;
        int is = 0;
        bound[k] = lua_type(L, k + 2) == LUA_TNUMBER ? lua_tointegerx(L, k + 2, &is) : 0;
        if (!is)
            bind_expected(L, k + 2, k ? "slice: last" : "slice: first", "a whole number");
    }
    for (int k = 0; k < 2; k++)
        if (bound[k] < 0)
            bound[k] = bound[k] < -length ? 0 : length + 1 + bound[k];
    *first = bound[0] < 1 ? 0 : bound[0] > length ? n : (size_t)bound[0] - 1;
    *end = bound[1] < 0 ? 0 : bound[1] > length ? n : (size_t)bound[1];
    if (*end < *first)
        *end = *first;
}

static int array_slice(lua_State *L) {
    const struct bind_array *a = check(L);
    size_t first, end;
    range(L, a->n, &first, &end);
    struct bind_array *b = bind_array_new(L, end - first, a->whole);
    memcpy(b->x, a->x + first, (end - first) * sizeof *b->x);
    return 1;
}

static int array_totable(lua_State *L) {
    const struct bind_array *a = check(L);
    if (a->n > INT32_MAX)
        return bind_fail(L, "totable: %zu numbers are too many for a table", a->n);
    lua_createtable(L, (int)a->n, 0);
    for (size_t i = 0; i < a->n; i++) {
        push(L, a, i);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* The least (sign 1) or greatest (sign -1) element and its index; NaN is passed over; nothing where
 * there is none. */
static int extreme(lua_State *L, double sign) {
    const struct bind_array *a = check(L);
    size_t best = a->n;
    for (size_t i = 0; i < a->n; i++)
        if (!isnan(a->x[i]) && (best == a->n || sign * a->x[i] < sign * a->x[best]))
            best = i;
    if (best == a->n)
        return 0;
    push(L, a, best);
    lua_pushinteger(L, (lua_Integer)best + 1);
    return 2;
}

static int array_min(lua_State *L) {
    return extreme(L, 1);
}

static int array_max(lua_State *L) {
    return extreme(L, -1);
}

static int array_sum(lua_State *L) {
    const struct bind_array *a = check(L);
    double sum = 0;
    for (size_t i = 0; i < a->n; i++)
        sum += a->x[i];
    lua_pushnumber(L, sum);
    return 1;
}

static int array_mean(lua_State *L) {
    const struct bind_array *a = check(L);
    if (a->n == 0)
        return 0;
    array_sum(L);
    lua_pushnumber(L, lua_tonumber(L, -1) / (double)a->n);
    return 1;
}

/* a:lower(x): how many elements of a sorted array are less than x. */
static int array_lower(lua_State *L) {
    const struct bind_array *a = check(L);
    double x = bind_number(L, 2, "lower: x");
    size_t low = 0, high = a->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (a->x[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    lua_pushinteger(L, (lua_Integer)low);
    return 1;
}

/* whole(list): a new array of integers. */
static int array_whole(lua_State *L) {
    size_t n = 0;
    const double *x = bind_numbers(L, 1, "array", &n);
    struct bind_array *a = bind_array_new(L, n, true);
    for (size_t i = 0; i < n; i++) {
        if (!whole(x[i]))
            return bind_fail(L, "array: element %zu is %.15g, not a whole number", i + 1, x[i]);
        a->x[i] = x[i];
    }
    return 1;
}

/* pick(a, indices): the elements at these indices, in their order. */
static int array_pick(lua_State *L) {
    const struct bind_array *a = check(L);
    uint32_t n = 0;
    const uint32_t *index =
        bind_indices(L, 2, "pick", a->n < UINT32_MAX ? (uint32_t)a->n : UINT32_MAX - 1, &n);
    struct bind_array *b = bind_array_new(L, n, a->whole);
    for (uint32_t i = 0; i < n; i++)
        b->x[i] = a->x[index[i]];
    return 1;
}

/* range(first, n): the integers first, first + 1, ... */
static int array_range(lua_State *L) {
    uint32_t first = bind_count(L, 1, "range: first"), n = bind_count(L, 2, "range: length");
    struct bind_array *a = bind_array_new(L, n, true);
    for (uint32_t i = 0; i < n; i++)
        a->x[i] = (double)first + i;
    return 1;
}

static int array_is(lua_State *L) {
    lua_pushboolean(L, bind_array_test(L, 1) != NULL);
    return 1;
}

/* crossings(t, x, threshold, up): where x passes the threshold, by linear interpolation. */
static int array_crossings(lua_State *L) {
    size_t n = 0, m = 0;
    const double *t = bind_numbers(L, 1, "crossings: t", &n),
                 *x = bind_numbers(L, 2, "crossings: values", &m);
    double threshold = bind_number(L, 3, "crossings: threshold"),
           sign = lua_toboolean(L, 4) ? 1 : -1;
    if (n != m)
        return bind_fail(L, "crossings: %zu times and %zu values", n, m);
    double *at = bind_scratch(L, n, sizeof *at);
    size_t found = 0;
    for (size_t i = 1; i < n; i++)
        if (sign * x[i] > sign * threshold && !(sign * x[i - 1] > sign * threshold) &&
            !isnan(x[i - 1]))
            at[found++] =
                t[i - 1] + (t[i] - t[i - 1]) * ((threshold - x[i - 1]) / (x[i] - x[i - 1]));
    struct bind_array *a = bind_array_new(L, found, false);
    memcpy(a->x, at, found * sizeof *at);
    return 1;
}

/* differ(a, b, absolute, relative): of the elements that both have: the first index at which b is
 * not within absolute + relative |a| of a, or nil; the greatest difference and its index, 0 and nil
 * where there is none. What is NaN in one alone differs by infinity; equal infinities do not. */
static int array_differ(lua_State *L) {
    size_t n = 0, m = 0, first = 0, at = 0;
    const double *a = bind_numbers(L, 1, "differ", &n), *b = bind_numbers(L, 2, "differ", &m);
    double absolute = bind_number(L, 3, "differ"), relative = bind_number(L, 4, "differ"), most = 0;
    for (size_t i = 0; i < n && i < m; i++) {
        if (a[i] == b[i] || (isnan(a[i]) && isnan(b[i])))
            continue;
        double d = isnan(a[i] - b[i]) ? HUGE_VAL : fabs(a[i] - b[i]);
        if (first == 0 && !(d <= absolute + relative * fabs(a[i])))
            first = i + 1;
        if (d > most) {
            most = d;
            at = i + 1;
        }
    }
    if (first)
        lua_pushinteger(L, (lua_Integer)first);
    else
        lua_pushnil(L);
    lua_pushnumber(L, most);
    if (at)
        lua_pushinteger(L, (lua_Integer)at);
    else
        lua_pushnil(L);
    return 3;
}

/* bytes(numbers, single): 8 bytes each, or 4 in single precision; the lowest first. */
static int array_bytes(lua_State *L) {
    size_t n = 0, size = lua_toboolean(L, 2) ? 4 : 8;
    const double *x = bind_numbers(L, 1, "bytes", &n);
    luaL_Buffer buffer;
    char *to = luaL_buffinitsize(L, &buffer, n * size);
    for (size_t i = 0; i < n; i++) {
        float single = (float)x[i];
        uint32_t half;
        uint64_t bits;
        memcpy(&half, &single, sizeof half);
        memcpy(&bits, &x[i], sizeof bits);
        bits = size == 4 ? half : bits;
        for (size_t k = 0; k < size; k++)
            *to++ = (char)(bits >> 8 * k & 0xff);
    }
    luaL_pushresultsize(&buffer, n * size);
    return 1;
}

void bind_open_array(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"array", array_new},     {"whole", array_whole}, {"pick", array_pick},
        {"is_array", array_is},   {"range", array_range}, {"crossings", array_crossings},
        {"differ", array_differ}, {"bytes", array_bytes}, {NULL, NULL}};
    static const luaL_Reg methods[] = {{"slice", array_slice}, {"totable", array_totable},
                                       {"min", array_min},     {"max", array_max},
                                       {"sum", array_sum},     {"mean", array_mean},
                                       {"lower", array_lower}, {NULL, NULL}};
    static const luaL_Reg meta[] = {{"__len", array_len},
                                    {"__newindex", array_newindex},
                                    {"__tostring", array_tostring},
                                    {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
    luaL_newmetatable(L, BIND_ARRAY);
    luaL_setfuncs(L, meta, 0);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    luaL_newlib(L, methods);
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, array_index, 1);
    lua_setfield(L, -3, "__index");
    lua_setfield(L, -3, "array_methods"); /* of the module, below the metatable */
    lua_pop(L, 1);
}
