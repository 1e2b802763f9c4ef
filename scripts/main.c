/* SPDX-License-Identifier: BSD-3-Clause */
/* main: the command `hillock`. It opens a Lua state that finds hillock's modules and hands the
 * arguments to the module hillock.command. Exit status: 0, 1 for an error, 2 for a wrong call of
 * the command, 128 + n where signal n came. */
#include "bind.h"
#include "host.h"
#include <limits.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static lua_State *state; /* for the signal handler */
static volatile sig_atomic_t caught;

/* Ends a script that is busy in Lua. A network that runs sees hillock_stop itself, throws once, and
 * sets it to 2, so that a script which catches the error can go on and save what it has. */
static void interrupt(lua_State *L, lua_Debug *ar) {
    (void)ar;
    lua_sethook(L, NULL, 0, 0);
    if (hillock_stop == 1) {
        hillock_stop = 2;
        bind_fail(L, "interrupted");
    }
}

/* The first signal asks for an end in order, the second ends at once. */
static void on_signal(int number) {
    signal(number, SIG_DFL);
    caught = number;
    hillock_stop = 1;
    lua_sethook(state, interrupt, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

static int traceback(lua_State *L) {
    if (lua_type(L, 1) == LUA_TSTRING)
        luaL_traceback(L, L, lua_tostring(L, 1), 1);
    return 1;
}

static void preload(lua_State *L, const char *name, lua_CFunction open) {
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, open);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

/* Puts hillock's modules in front of package.path; false where they are not there. */
static bool find_modules(lua_State *L) {
    char folder[PATH_MAX], file[PATH_MAX + 64];
    if (!host_lua_folder(folder, sizeof folder)) {
        fprintf(stderr, "hillock: cannot tell where the command itself is: set HILLOCK_LUA to the "
                        "folder of its Lua modules\n");
        return false;
    }
    snprintf(file, sizeof file, "%s/hillock/command/init.lua", folder);
    FILE *there = fopen(file, "r");
    if (!there) {
        fprintf(stderr,
                "hillock: its Lua modules are not in %s: set HILLOCK_LUA to the folder "
                "that has %s\n",
                folder, file + strlen(folder) + 1);
        return false;
    }
    fclose(there);
    lua_getglobal(L, "package");
    lua_pushfstring(L, "%s/?.lua;%s/?/init.lua;", folder, folder);
    lua_getfield(L, -2, "path");
    lua_concat(L, 2);
    lua_setfield(L, -2, "path");
    lua_pop(L, 1);
    return true;
}

/* main(argc, argv) in Lua: the exit status. */
static int protected_main(lua_State *L) {
    int argc = (int)lua_tointeger(L, 1);
    char **argv = lua_touserdata(L, 2);
    luaL_openlibs(L);
    preload(L, "hillock.core", luaopen_hillock_core);
    preload(L, "hillock.host", luaopen_hillock_host);
    if (!find_modules(L)) {
        lua_pushinteger(L, 1);
        return 1;
    }
    lua_createtable(L, argc, 1);
    for (int i = 0; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i);
    }
    lua_setglobal(L, "arg");
    lua_getglobal(L, "require");
    lua_pushliteral(L, "hillock.command");
    lua_call(L, 1, 1);
    lua_getglobal(L, "arg");
    lua_call(L, 1, 1);
    return 1;
}

int main(int argc, char **argv) {
    lua_State *L = luaL_newstate();
    if (!L) {
        fprintf(stderr, "hillock: there is no memory to start with\n");
        return EXIT_FAILURE;
    }
    state = L;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    lua_pushcfunction(L, traceback);
    lua_pushcfunction(L, protected_main);
    lua_pushinteger(L, argc);
    lua_pushlightuserdata(L, argv);
    int status = EXIT_FAILURE;
    if (lua_pcall(L, 2, 1, 1) == LUA_OK)
        status = (int)lua_tointeger(L, -1);
    else if (!caught)
        fprintf(stderr, "hillock: %s\n", luaL_tolstring(L, -1, NULL));
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    lua_sethook(L, NULL, 0, 0);
    lua_close(L);
    if (caught)
        status = 128 + (int)caught;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("hillock: standard output");
        status = status ? status : EXIT_FAILURE;
    }
    return status;
}
