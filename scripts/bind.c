/* SPDX-License-Identifier: BSD-3-Clause */
/* bind: the module's beginning and what all its files need: the context, errors with the user's
 * line, arguments, objects. */
#include "bind.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

volatile sig_atomic_t hillock_stop;
uint32_t hillock_threads;

static const char world_key, home_key, threads_key; /* of the registry */

/* ---- the context */

static void release(struct bind_world **world) {
    if (*world && --(*world)->holders == 0) {
        hk_free((*world)->ctx);
        free(*world);
    }
    *world = NULL;
}

static int world_gc(lua_State *L) {
    release(lua_touserdata(L, 1));
    return 0;
}

struct bind_world *bind_world(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &world_key);
    struct bind_world **at = lua_touserdata(L, -1);
    lua_pop(L, 1);
    if (!at || !*at)
        bind_fail(L, "hillock is closing: nothing new can be made");
    return *at;
}

uint32_t bind_threads(lua_State *L) {
    uint32_t n = hillock_threads;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &threads_key) == LUA_TNUMBER)
        n = (uint32_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return n;
}

void bind_set_threads(lua_State *L, uint32_t threads) {
    lua_pushinteger(L, threads);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &threads_key);
}

static void open_world(lua_State *L) {
    struct bind_world **at = lua_newuserdatauv(L, sizeof *at, 0);
    *at = NULL;
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, world_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    struct bind_world *world = malloc(sizeof *world);
    if (world)
        *world = (struct bind_world){.ctx = hk_new(), .holders = 1};
    if (!world || !world->ctx) {
        free(world);
        luaL_error(L, "there is no memory for a context");
    }
    *at = world;
    lua_rawsetp(L, LUA_REGISTRYINDEX, &world_key);
}

/* ---- errors */

/* Is the function of `ar` one of hillock's own modules? */
static bool own(lua_State *L, const lua_Debug *ar) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &home_key);
    size_t n = 0;
    const char *home = lua_tolstring(L, -1, &n);
    bool is = home && strncmp(ar->source, home, n) == 0;
    lua_pop(L, 1);
    return is;
}

/* Pushes "script.lua:12: ", or "" where no line of a script is running. */
static void push_where(lua_State *L) {
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline > 0 && !own(L, &ar)) {
            lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
            return;
        }
    }
    lua_pushliteral(L, "");
}

int bind_fail(lua_State *L, const char *format, ...) {
    char text[2048];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    luaL_checkstack(L, 4, NULL);
    push_where(L);
    lua_pushstring(L, text);
    lua_concat(L, 2);
    lua_error(L);
    abort(); /* lua_error does not return */
}

void bind_check(lua_State *L, hk_status status) {
    if (status == HK_OK)
        return;
    luaL_checkstack(L, 4, NULL);
    push_where(L);
    lua_pushstring(L, hk_message(bind_world(L)->ctx));
    lua_concat(L, 2);
    lua_error(L);
}

/* fail(text): for the Lua modules. */
static int fail_lua(lua_State *L) {
    push_where(L);
    lua_pushvalue(L, 1);
    lua_concat(L, 2);
    return lua_error(L);
}

/* home(prefix): sources that begin so are hillock's own. */
static int home_lua(lua_State *L) {
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &home_key);
    return 0;
}

/* where(): the position that an error would have, without the colon at its end. */
static int where_lua(lua_State *L) {
    push_where(L);
    return 1;
}

/* ---- arguments */

int bind_expected(lua_State *L, int arg, const char *what, const char *wanted) {
    const char *got = luaL_typename(L, arg);
    if (luaL_getmetafield(L, arg, "__name") == LUA_TSTRING)
        got = lua_tostring(L, -1);
    if (lua_type(L, arg) == LUA_TNUMBER || lua_type(L, arg) == LUA_TSTRING)
        bind_fail(L, "%s: expected %s, got %s %.60s", what, wanted, got,
                  luaL_tolstring(L, arg, NULL));
    bind_fail(L, "%s: expected %s, got %s", what, wanted, got);
}

double bind_number(lua_State *L, int arg, const char *what) {
    if (lua_type(L, arg) != LUA_TNUMBER)
        bind_expected(L, arg, what, "a number");
    return lua_tonumber(L, arg);
}

uint32_t bind_count(lua_State *L, int arg, const char *what) {
    int whole = 0;
    lua_Integer n = lua_type(L, arg) == LUA_TNUMBER ? lua_tointegerx(L, arg, &whole) : 0;
    if (!whole || n < 0 || n >= UINT32_MAX)
        bind_expected(L, arg, what, "a whole number from 0");
    return (uint32_t)n;
}

uint32_t bind_index(lua_State *L, int arg, const char *what, uint32_t n) {
    int whole = 0;
    lua_Integer i = lua_type(L, arg) == LUA_TNUMBER ? lua_tointegerx(L, arg, &whole) : 0;
    if (!whole)
        bind_expected(L, arg, what, "a whole number");
    if (i < 1 || i > n)
        bind_fail(L, "%s: %lld is out of range, there are 1 to %u", what, (long long)i, n);
    return (uint32_t)(i - 1);
}

const char *bind_text(lua_State *L, int arg, const char *what) {
    size_t n = 0;
    const char *text = lua_type(L, arg) == LUA_TSTRING ? lua_tolstring(L, arg, &n) : NULL;
    if (!text || strlen(text) != n)
        bind_expected(L, arg, what, "a string");
    return text;
}

const char *bind_optional_text(lua_State *L, int arg, const char *what) {
    return lua_isnoneornil(L, arg) ? NULL : bind_text(L, arg, what);
}

void *bind_scratch(lua_State *L, size_t n, size_t size) {
    luaL_checkstack(L, 4, "too many arguments");
    if (n > SIZE_MAX / 2 / size)
        bind_fail(L, "%zu elements are too many", n);
    return lua_newuserdatauv(L, n ? n * size : 1, 0);
}

const double *bind_numbers(lua_State *L, int arg, const char *what, size_t *n) {
    struct bind_array *array = bind_array_test(L, arg);
    if (array) {
        *n = array->n;
        return array->x;
    }
    if (!lua_istable(L, arg))
        bind_expected(L, arg, what, "a list or an array of numbers");
    *n = lua_rawlen(L, arg);
    double *x = bind_scratch(L, *n, sizeof *x);
    for (size_t i = 0; i < *n; i++) {
        if (lua_rawgeti(L, arg, (lua_Integer)i + 1) != LUA_TNUMBER)
            bind_fail(L, "%s: element %zu is not a number but a %s", what, i + 1,
                      luaL_typename(L, -1));
        x[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    return x;
}

uint32_t *bind_indices(lua_State *L, int arg, const char *what, uint32_t limit, uint32_t *n) {
    *n = 0;
    if (lua_isnoneornil(L, arg))
        return NULL;
    size_t many = 0;
    const double *x = bind_numbers(L, arg, what, &many);
    if (many >= UINT32_MAX)
        bind_fail(L, "%s: %zu are too many", what, many);
    uint32_t *index = bind_scratch(L, many, sizeof *index);
    for (size_t i = 0; i < many; i++) {
        if (!(x[i] >= 1 && x[i] <= limit && floor(x[i]) == x[i]))
            bind_fail(L, "%s: element %zu is %.15g, there are 1 to %u", what, i + 1, x[i], limit);
        index[i] = (uint32_t)(x[i] - 1);
    }
    *n = (uint32_t)many;
    return index;
}

uint64_t *bind_identities(lua_State *L, int arg, const char *what, size_t *n) {
    *n = 0;
    if (lua_isnoneornil(L, arg))
        return NULL;
    const double *x = bind_numbers(L, arg, what, n);
    uint64_t *identity = bind_scratch(L, *n, sizeof *identity);
    for (size_t i = 0; i < *n; i++) {
        if (!(x[i] >= 0 && x[i] <= 9007199254740992.0 && floor(x[i]) == x[i]))
            bind_fail(L, "%s: element %zu is %.15g, not a whole number from 0", what, i + 1, x[i]);
        identity[i] = (uint64_t)x[i];
    }
    return identity;
}

/* ---- objects */

struct bind_object *bind_object_new(lua_State *L, const char *type, void (*destroy)(void *)) {
    struct bind_world *world = bind_world(L);
    struct bind_object *object = lua_newuserdatauv(L, sizeof *object, 0);
    *object = (struct bind_object){.it = NULL, .free = destroy, .world = world};
    world->holders++;
    luaL_setmetatable(L, type);
    return object;
}

void *bind_object(lua_State *L, int arg, const char *type) {
    struct bind_object *object = luaL_testudata(L, arg, type);
    const char *name = type + strlen("hillock.");
    if (!object)
        bind_expected(L, arg, "argument", name);
    if (!object->it)
        bind_fail(L, "this %s is closed", name);
    return object->it;
}

static int object_close(lua_State *L) {
    struct bind_object *object = lua_touserdata(L, 1);
    if (object && object->it) {
        void *it = object->it;
        object->it = NULL;
        object->free(it);
    }
    return 0;
}

static int object_gc(lua_State *L) {
    object_close(L);
    release(&((struct bind_object *)lua_touserdata(L, 1))->world);
    return 0;
}

/* close(object) from Lua, where anything may be passed. */
static int object_close_lua(lua_State *L) {
    if (!lua_getmetatable(L, 1) || !lua_rawequal(L, -1, lua_upvalueindex(1)))
        bind_expected(L, 1, "close", "an object of hillock");
    return object_close(L);
}

void bind_type(lua_State *L, const char *type, const luaL_Reg *methods) {
    luaL_newmetatable(L, type);
    lua_pushcfunction(L, object_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, object_close);
    lua_setfield(L, -2, "__close");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, object_close_lua, 1);
    lua_setfield(L, -2, "close");
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

/* ---- the module */

int luaopen_hillock_core(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"fail", fail_lua}, {"home", home_lua}, {"where", where_lua}, {NULL, NULL}};
    open_world(L);
    luaL_newlib(L, functions);
    lua_pushliteral(L, HK_VERSION);
    lua_setfield(L, -2, "version");
    bind_open_array(L);
    bind_open_plugins(L);
    bind_open_morphology(L);
    bind_open_cell(L);
    bind_open_network(L);
    bind_open_parallel(L);
    bind_open_sandbox(L);
    bind_open_csv(L);
    return 1;
}

void bind_set_whole(lua_State *L, const char *key, uint64_t n) {
    lua_pushinteger(L, (lua_Integer)n);
    lua_setfield(L, -2, key);
}

void bind_set_real(lua_State *L, const char *key, double x) {
    lua_pushnumber(L, x);
    lua_setfield(L, -2, key);
}

void bind_set_text(lua_State *L, const char *key, const char *text) {
    if (text) {
        lua_pushstring(L, text);
        lua_setfield(L, -2, key);
    }
}
