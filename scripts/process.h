/* SPDX-License-Identifier: BSD-3-Clause */
/* process: other programs, one or several at once: the functions spawn, start and wait of the
 * module `hillock.host`. */
#ifndef HILLOCK_PROCESS_H
#define HILLOCK_PROCESS_H
#include <lua.h>

/* spawn({ program, argument... } [, what]): what it printed, on either stream, and its exit status
 * (from 128: a signal); nil and why it did not start. `what` is told on a terminal, as of runs,
 * while it takes long. */
int process_spawn(lua_State *L);

/* start { program, argument... }: a process that runs; nil and why it did not start. One that
 * nobody waits for is ended when it is collected. */
int process_start(lua_State *L);

/* wait { process, ... }: waits until one of them has ended. Its place in the list, what it printed,
 * its exit status. It must not be waited for again. */
int process_wait(lua_State *L);

#endif
