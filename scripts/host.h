/* SPDX-License-Identifier: BSD-3-Clause */
/* host: what Lua's own library lacks and the command needs: where hillock's files are, SHA-256,
 * running a compiler. The module `hillock.host`; it keeps nothing, so that each Lua state of a
 * process may open it. */
#ifndef HILLOCK_HOST_H
#define HILLOCK_HOST_H
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/* Leaves the module on the stack: the loader for package.preload["hillock.host"]. */
int luaopen_hillock_host(lua_State *L);

/* The folder of hillock's Lua modules: the environment's HILLOCK_LUA, or that of the tree which the
 * executable is in. False where the path is too long. */
bool host_lua_folder(char *path, size_t size);

#endif
