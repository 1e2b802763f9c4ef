/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_pack: plain values as bytes: nil, booleans, numbers, strings, arrays, and tables of them
 * without metatables. A table that stands in two places becomes two; a table within itself is
 * refused as too deep. */
#include "bind.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 100 };

static bool put(struct bind_pack *pack, const void *from, size_t n) {
    if (n > pack->room - pack->n) {
        size_t room = 2 * pack->room + n + 64;
        char *byte = realloc(pack->byte, room);
        if (!byte)
            return false;
        pack->byte = byte;
        pack->room = room;
    }
    if (n > 0)
        memcpy(pack->byte + pack->n, from, n);
    pack->n += n;
    return true;
}

static bool put_tagged(struct bind_pack *pack, char tag, const void *from, size_t n) {
    return put(pack, &tag, 1) && put(pack, from, n);
}

static bool put_sized(struct bind_pack *pack, char tag, uint64_t size, const void *from, size_t n) {
    return put_tagged(pack, tag, &size, sizeof size) && put(pack, from, n);
}

/* Puts the key at the top in front of the path. */
static void within(lua_State *L, struct bind_pack *pack) {
    char path[sizeof pack->path + 64];
    if (lua_type(L, -1) == LUA_TSTRING)
        snprintf(path, sizeof path, ".%.40s%s", lua_tostring(L, -1), pack->path);
    else if (lua_isinteger(L, -1))
        snprintf(path, sizeof path, "[%lld]%s", (long long)lua_tointeger(L, -1), pack->path);
    else
        snprintf(path, sizeof path, "[%s]%s", luaL_typename(L, -1), pack->path);
    memcpy(pack->path, path, sizeof pack->path - 1); /* its last byte stays 0 */
}

static const char *pack_value(lua_State *L, int arg, struct bind_pack *pack, int depth);

static const char *pack_table(lua_State *L, int arg, struct bind_pack *pack, int depth) {
    static const char memory[] = "more than memory holds";
    if (depth > DEPTH)
        return "a table within itself, or too deep,";
    if (lua_getmetatable(L, arg)) {
        lua_pop(L, 1);
        return "an object";
    }
    uint64_t n = 0;
    luaL_checkstack(L, 4, "too deep");
    for (lua_pushnil(L); lua_next(L, arg); lua_pop(L, 1))
        n++;
    if (!put_sized(pack, 't', n, NULL, 0))
        return memory;
    lua_pushnil(L);
    while (lua_next(L, arg)) {
        int top = lua_gettop(L);
        const char *why = pack_value(L, top - 1, pack, depth + 1);
        if (!why)
            why = pack_value(L, top, pack, depth + 1);
        lua_settop(L, top - 1);
        if (why) {
            within(L, pack);
            return why;
        }
    }
    return NULL;
}

static const char *pack_value(lua_State *L, int arg, struct bind_pack *pack, int depth) {
    bool good;
    switch (lua_type(L, arg)) {
    case LUA_TNONE:
    case LUA_TNIL: good = put_tagged(pack, 'z', NULL, 0); break;
    case LUA_TBOOLEAN: good = put_tagged(pack, lua_toboolean(L, arg) ? 'y' : 'n', NULL, 0); break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, arg)) {
            lua_Integer i = lua_tointeger(L, arg);
            good = put_tagged(pack, 'i', &i, sizeof i);
        } else {
            double x = lua_tonumber(L, arg);
            good = put_tagged(pack, 'd', &x, sizeof x);
        }
        break;
    case LUA_TSTRING: {
        size_t n = 0;
        const char *s = lua_tolstring(L, arg, &n);
        good = put_sized(pack, 's', n, s, n);
        break;
    }
    case LUA_TTABLE: return pack_table(L, arg, pack, depth);
    case LUA_TFUNCTION: return "a function";
    default: {
        const struct bind_array *a = bind_array_test(L, arg);
        if (!a)
            return "an object";
        good = put_sized(pack, a->whole ? 'w' : 'a', a->n, a->x, a->n * sizeof *a->x);
    }
    }
    return good ? NULL : "more than memory holds";
}

const char *bind_pack_value(lua_State *L, int arg, struct bind_pack *pack) {
    pack->path[0] = 0;
    return pack_value(L, lua_absindex(L, arg), pack, 0);
}

static void get(const struct bind_pack *pack, size_t *at, void *to, size_t n) {
    if (n > 0)
        memcpy(to, pack->byte + *at, n);
    *at += n;
}

void bind_unpack_value(lua_State *L, const struct bind_pack *pack, size_t *at) {
    luaL_checkstack(L, 6, "too deep");
    char tag = pack->byte[(*at)++];
    uint64_t n = 0;
    lua_Integer i;
    double x;
    if (strchr("stwa", tag))
        get(pack, at, &n, sizeof n);
    switch (tag) {
    case 'y':
    case 'n': lua_pushboolean(L, tag == 'y'); return;
    case 'i':
        get(pack, at, &i, sizeof i);
        lua_pushinteger(L, i);
        return;
    case 'd':
        get(pack, at, &x, sizeof x);
        lua_pushnumber(L, x);
        return;
    case 's':
        lua_pushlstring(L, pack->byte + *at, n);
        *at += n;
        return;
    case 'w':
    case 'a': get(pack, at, bind_array_new(L, n, tag == 'w')->x, n * sizeof x); return;
    case 't':
        lua_newtable(L);
        for (; n > 0; n--) {
            bind_unpack_value(L, pack, at);
            bind_unpack_value(L, pack, at);
            lua_rawset(L, -3);
        }
        return;
    default: lua_pushnil(L); return;
    }
}

void bind_pack_free(struct bind_pack *pack) {
    free(pack->byte);
    *pack = (struct bind_pack){0};
}
