/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_sandbox: Lua text that is data, a protocol: evaluated in a state of its own, which has
 * arithmetic and little else, takes bounded memory, instructions and time, and gives a plain value.
 *
 * What is offered cannot reach files, other code or the caller's state, and says the same each
 * time: no function that can loop in C for long without being counted (patterns, table.move), no
 * addresses, no order of keys that differs from run to run. Time is looked at because single
 * instructions on long strings can be slow. */
#include "bind.h"
#include <lualib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BOX "hillock.sandbox"
#define MOST_TEXT (16u << 20)   /* bytes of the text */
#define MOST_BYTES (64u << 20)  /* of the state */
#define MOST_BLOCK (32u << 20)  /* of one string or table */
#define MOST_STEPS 50000000     /* instructions of Lua */
#define MOST_SECONDS 2          /* of the thread's processor time */
#define MOST_VALUES 1000000     /* in the result */
#define MOST_RESULT (16u << 20) /* bytes of the result's strings */
#define DEEPEST 32              /* tables in tables */
#define EVERY 100               /* instructions from look to look */

struct box {
    lua_State *S;
    size_t bytes;
    double until;
    long steps;
    size_t values, text; /* of the result, so far */
    char path[256];      /* where in it */
};

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *allocate(void *data, void *block, size_t before, size_t after) {
    struct box *box = data;
    size_t had = block ? before : 0;
    if (after == 0) {
        free(block);
        box->bytes -= had;
        return NULL;
    }
    if (after > had && (after > MOST_BLOCK || box->bytes - had + after > MOST_BYTES))
        return NULL;
    void *new = realloc(block, after);
    if (new)
        box->bytes = box->bytes - had + after;
    return new;
}

static int box_gc(lua_State *L) {
    struct box *box = lua_touserdata(L, 1);
    if (box->S)
        lua_close(box->S);
    box->S = NULL;
    return 0;
}

static void look(lua_State *S, lua_Debug *ar) {
    void *data = NULL;
    lua_getallocf(S, &data);
    struct box *box = data;
    const char *why = NULL;
    if ((box->steps += EVERY) > MOST_STEPS || seconds() > box->until)
        why = "this takes too long: is there a loop without an end?";
    else if (hillock_stop)
        why = "interrupted";
    if (!why)
        return;
    lua_getinfo(S, "Sl", ar);
    lua_pushfstring(S, "%s:%d: %s", ar->short_src, ar->currentline, why);
    lua_error(S);
}

/* ---- what is offered */

static int no_such_global(lua_State *S) {
    const char *name = lua_type(S, 2) == LUA_TSTRING ? lua_tostring(S, 2) : "?";
    return luaL_error(S,
                      "there is no '%s' in a protocol, which is data: it can use math, string and "
                      "table, and no files or modules",
                      name);
}

/* Only what says the same in each run: no addresses. */
static void plain_argument(lua_State *S, int arg, const char *what) {
    int type = lua_type(S, arg);
    if (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TBOOLEAN && type != LUA_TNIL)
        luaL_error(S, "%s: a %s has no text", what, luaL_typename(S, arg));
}

static int to_string(lua_State *S) {
    luaL_checkany(S, 1);
    plain_argument(S, 1, "tostring");
    luaL_tolstring(S, 1, NULL);
    return 1;
}

/* format(...): string.format, the upvalue, without %p. */
static int format(lua_State *S) {
    const char *text = luaL_checkstring(S, 1);
    for (const char *p = text; (p = strchr(p, '%')) != NULL; p++) {
        p += 1 + strspn(p + 1, "-+#0 .123456789");
        if (*p == 'p')
            return luaL_error(S, "format: %%p is not the same in each run");
        if (*p == '\0')
            break;
    }
    int n = lua_gettop(S);
    for (int i = 2; i <= n; i++)
        plain_argument(S, i, "format");
    return lua_tocfunction(S, lua_upvalueindex(1))(S);
}

/* rep(s, n, sep): string.rep, the upvalue, which counts n even where nothing is repeated. */
static int repeat(lua_State *S) {
    if (luaL_checkinteger(S, 2) > 1000000)
        return luaL_error(S, "rep: more than 1000000 times");
    return lua_tocfunction(S, lua_upvalueindex(1))(S);
}

/* next and pairs go by sorted keys: a table's own order is not the same in each run. */
static const char prelude[] =
    "local next, type, sort, error = ...\n"
    "local rank = { number = 1, string = 2 }\n"
    "local function before(a, b)\n"
    "  local x, y = rank[type(a)], rank[type(b)]\n"
    "  if not x or not y then error('pairs: keys that are no numbers or strings', 0) end\n"
    "  if x ~= y then return x < y end\n"
    "  return a < b\n"
    "end\n"
    "local function sorted_pairs(t)\n"
    "  local list, i = {}, 0\n"
    "  for key in next, t do list[#list + 1] = key end\n"
    "  sort(list, before)\n"
    "  return function()\n"
    "    i = i + 1\n"
    "    local key = list[i]\n"
    "    if key ~= nil then return key, t[key] end\n"
    "  end, t\n"
    "end\n"
    "return sorted_pairs, function(t, last)\n"
    "  local least\n"
    "  for key in next, t do\n"
    "    if (last == nil or before(last, key)) and (least == nil or before(key, least)) then\n"
    "      least = key\n"
    "    end\n"
    "  end\n"
    "  if least ~= nil then return least, t[least] end\n"
    "end\n";

/* Opens a library and leaves a table of those of its functions that are named; NULL ends the list.
 */
static void open_library(lua_State *S, lua_CFunction open, const char *const *names) {
    lua_pushcfunction(S, open);
    lua_call(S, 0, 1);
    lua_newtable(S);
    for (int i = 0; names[i]; i++) {
        lua_getfield(S, -2, names[i]);
        lua_setfield(S, -2, names[i]);
    }
    lua_remove(S, -2);
}

/* Replaces a function of the table at the top by a guard, which has it as its upvalue. */
static void guard(lua_State *S, const char *name, lua_CFunction function) {
    lua_getfield(S, -1, name);
    lua_pushcclosure(S, function, 1);
    lua_setfield(S, -2, name);
}

static void open_string(lua_State *S) {
    static const char *const names[] = {"byte",  "char", "format",  "len", "lower",
                                        "upper", "rep",  "reverse", "sub", NULL};
    open_library(S, luaopen_string, names);
    guard(S, "format", format);
    guard(S, "rep", repeat);
    lua_pushliteral(S, ""); /* as in ("x"):rep(3) */
    lua_getmetatable(S, -1);
    lua_pushvalue(S, -3);
    lua_setfield(S, -2, "__index");
    lua_pop(S, 2);
}

/* Leaves pairs and next. */
static void open_pairs(lua_State *S) {
    if (luaL_loadbufferx(S, prelude, sizeof prelude - 1, "=pairs", "t") != LUA_OK)
        lua_error(S);
    lua_getglobal(S, "next");
    lua_getglobal(S, "type");
    lua_getfield(S, -4, "sort");
    lua_getglobal(S, "error");
    lua_call(S, 4, 2);
}

/* Leaves a table of the globals, and takes away the state's own. */
static void open_globals(lua_State *S) {
    static const char *const base[] = {"ipairs", "select", "tonumber", "type",
                                       "error",  "assert", NULL};
    static const char *const math[] = {
        "abs",  "acos", "asin", "atan", "ceil", "cos",  "deg",       "exp",        "floor",
        "fmod", "huge", "log",  "max",  "min",  "modf", "pi",        "maxinteger", "mininteger",
        "rad",  "sin",  "sqrt", "tan",  "ult",  "type", "tointeger", NULL};
    static const char *const table[] = {"concat", "insert", "pack", "remove",
                                        "sort",   "unpack", NULL};
    open_library(S, luaopen_base, base);
    lua_pushcfunction(S, to_string);
    lua_setfield(S, -2, "tostring");
    open_string(S);
    lua_setfield(S, -2, "string");
    open_library(S, luaopen_math, math);
    lua_setfield(S, -2, "math");
    open_library(S, luaopen_table, table);
    open_pairs(S);
    lua_setfield(S, -4, "next");
    lua_setfield(S, -3, "pairs");
    lua_setfield(S, -2, "table");
    lua_createtable(S, 0, 1);
    lua_pushcfunction(S, no_such_global);
    lua_setfield(S, -2, "__index");
    lua_setmetatable(S, -2);
    lua_pushvalue(S, -1);
    lua_rawseti(S, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

/* ---- in the state */

struct source {
    const char *text, *name;
    size_t n;
};

/* evaluate(source): what the text returns. */
static int evaluate(lua_State *S) {
    const struct source *source = lua_touserdata(S, 1);
    open_globals(S);
    if (luaL_loadbufferx(S, source->text, source->n, source->name, "t") != LUA_OK)
        return lua_error(S);
    lua_sethook(S, look, LUA_MASKCOUNT, EVERY);
    lua_call(S, 0, 1);
    lua_sethook(S, NULL, 0, 0);
    return 1;
}

/* ---- the result, copied from one state to the other; nothing here throws in the sandbox */

/* Adds the key at `at` of S, ".key" or "[1]", to the path; gives the length that it had. */
static size_t path_on(struct box *box, lua_State *S, int at) {
    size_t before = strlen(box->path), room = sizeof box->path - before;
    if (lua_isinteger(S, at))
        snprintf(box->path + before, room, "[%lld]", (long long)lua_tointeger(S, at));
    else
        snprintf(box->path + before, room, "%s%.60s", before ? "." : "", lua_tostring(S, at));
    return before;
}

static const char *where(const struct box *box) {
    return box->path[0] ? box->path : "the protocol";
}

/* Pushes the number or text at `at` of S; NULL, or what it is otherwise. */
static const char *copy_plain(struct box *box, lua_State *S, int at, lua_State *L) {
    size_t n = 0;
    switch (lua_type(S, at)) {
    case LUA_TBOOLEAN: lua_pushboolean(L, lua_toboolean(S, at)); return NULL;
    case LUA_TSTRING:
        lua_tolstring(S, at, &n);
        if ((box->text += n) > MOST_RESULT)
            return "too long a text";
        lua_pushlstring(L, lua_tostring(S, at), n);
        return NULL;
    case LUA_TNUMBER:
        if (lua_isinteger(S, at))
            lua_pushinteger(L, lua_tointeger(S, at));
        else if (!isfinite(lua_tonumber(S, at)))
            return isnan(lua_tonumber(S, at)) ? "not a number (nan)" : "infinite";
        else
            lua_pushnumber(L, lua_tonumber(S, at));
        return NULL;
    default: return lua_isfunction(S, at) ? "a function" : "nil";
    }
}

/* Pushes the value at the top of S. NULL, or what is wrong with what is at box->path. */
static const char *copy(struct box *box, lua_State *S, lua_State *L, int depth) {
    if (++box->values > MOST_VALUES)
        return "the millionth value: there are too many";
    if (!lua_istable(S, -1))
        return copy_plain(box, S, -1, L);
    if (depth >= DEEPEST)
        return "a table in too many others, or in itself";
    luaL_checkstack(L, 6, NULL);
    if (!lua_checkstack(S, 6))
        return "a table in too many others";
    lua_newtable(L);
    lua_pushnil(S);
    while (lua_next(S, -2)) {
        if (lua_type(S, -2) != LUA_TSTRING && !lua_isinteger(S, -2))
            return "a table with keys that are no names or whole numbers";
        size_t before = path_on(box, S, -2);
        const char *why = copy_plain(box, S, -2, L);
        if (!why)
            why = copy(box, S, L, depth + 1);
        if (why)
            return why;
        lua_rawset(L, -3);
        box->path[before] = '\0';
        lua_pop(S, 1);
    }
    return NULL;
}

/* nil and the message, where the text did not come to its end. */
static int failure(lua_State *L, lua_State *S, int status, const char *name) {
    lua_pushnil(L);
    const char *text = lua_type(S, -1) == LUA_TSTRING ? lua_tostring(S, -1) : NULL;
    if (status == LUA_ERRMEM)
        lua_pushfstring(L, "%s: this takes more memory than a protocol may", name);
    else if (!text)
        lua_pushfstring(L, "%s: the error is a %s, not a text", name, luaL_typename(S, -1));
    else if (strncmp(text, name, strlen(name)) == 0)
        lua_pushstring(L, text);
    else
        lua_pushfstring(L, "%s: %s", name, text);
    return 2;
}

/* sandbox(text, name): the plain value that the text returns; nil and what is wrong, with file and
 * line where there is one. */
static int sandbox(lua_State *L) {
    struct source source = {.name = NULL};
    source.text = luaL_checklstring(L, 1, &source.n);
    const char *name = luaL_checkstring(L, 2);
    lua_settop(L, 2);
    source.name = lua_pushfstring(L, "@%s", name);
    if (source.n > MOST_TEXT || strstr(source.text, "_ENV")) {
        lua_pushnil(L);
        lua_pushfstring(L,
                        source.n > MOST_TEXT ? "%s: the file is too long for a protocol"
                                             : "%s: a protocol has no use for _ENV",
                        name);
        return 2;
    }
    struct box *box = lua_newuserdatauv(L, sizeof *box, 0);
    memset(box, 0, sizeof *box);
    luaL_setmetatable(L, BOX);
    lua_State *S = box->S = lua_newstate(allocate, box);
    if (!S)
        return bind_fail(L, "there is no memory for a Lua state");
    box->until = seconds() + MOST_SECONDS;
    lua_pushcfunction(S, evaluate);
    lua_pushlightuserdata(S, &source);
    int status = lua_pcall(S, 1, 1, 0);
    if (status != LUA_OK)
        return failure(L, S, status, name);
    const char *why = copy(box, S, L, 0);
    if (!why)
        return 1;
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s is %s, which a protocol cannot hold", name, where(box), why);
    return 2;
}

void bind_open_sandbox(lua_State *L) {
    static const luaL_Reg functions[] = {{"sandbox", sandbox}, {NULL, NULL}};
    luaL_newmetatable(L, BOX);
    lua_pushcfunction(L, box_gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    luaL_setfuncs(L, functions, 0);
}
