/* SPDX-License-Identifier: BSD-3-Clause */
#include "process.h"
#include "bind.h"
#include "progress.h"
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char class_name[] = "hillock process";

struct process {
    pid_t pid; /* 0: none, or it was waited for */
    int from;  /* the end of its output's pipe */
    char *said;
    size_t n, room;
};

/* ---- a process */

/* Starts argv, found on PATH, with what it prints in a pipe. 0, or an error number. */
static int start(char *const argv[], pid_t *pid, int *from) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    int error = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error)
        close(ends[0]);
    else
        *from = ends[0];
    return error;
}

/* Its exit status, once it has ended. */
static int reap(struct process *p) {
    int status = 0;
    close(p->from);
    while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    p->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int collect(lua_State *L) {
    struct process *p = luaL_checkudata(L, 1, class_name);
    if (p->pid) {
        kill(p->pid, SIGTERM);
        reap(p);
    }
    free(p->said);
    p->said = NULL;
    return 0;
}

/* Room for another piece of output. False where there is no memory. */
static bool make_room(struct process *p) {
    if (p->room - p->n >= 4096)
        return true;
    size_t room = p->room ? 2 * p->room : 16384;
    char *said = realloc(p->said, room);
    if (said) {
        p->said = said;
        p->room = room;
    }
    return said != NULL;
}

/* Reads what there is. False at the end of the output. */
static bool read_some(lua_State *L, struct process *p) {
    if (!make_room(p))
        luaL_error(L, "there is no memory for what a program prints");
    ssize_t n = read(p->from, p->said + p->n, p->room - p->n);
    if (n > 0)
        p->n += (size_t)n;
    return n > 0 || (n < 0 && errno == EINTR);
}

/* Pushes the process of the argument list at 1; nil and why where it does not start. */
static struct process *push(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer n = luaL_len(L, 1);
    luaL_checkstack(L, (int)n + 8, "too many arguments");
    char **argv = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *argv, 0);
    for (lua_Integer i = 0; i < n; i++) {
        lua_rawgeti(L, 1, i + 1); /* stays on the stack, and so does its text */
        argv[i] = (char *)luaL_checkstring(L, -1);
    }
    argv[n] = NULL;
    struct process *p = lua_newuserdatauv(L, sizeof *p, 0);
    *p = (struct process){.from = -1};
    if (luaL_newmetatable(L, class_name)) {
        lua_pushcfunction(L, collect);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    int error = start(argv, &p->pid, &p->from);
    if (!error)
        return p;
    p->pid = 0;
    lua_pushnil(L);
    lua_pushstring(L, strerror(error));
    return NULL;
}

/* Pushes what an ended process printed, and its status. */
static int push_end(lua_State *L, struct process *p) {
    int status = reap(p);
    lua_pushlstring(L, p->said ? p->said : "", p->n);
    lua_pushinteger(L, status);
    return 2;
}

/* ---- functions */

/* Waits for output, and tells meanwhile that it goes on. */
static void wait_telling(const struct process *p, const char *what, double start) {
    enum { EVERY_MS = 200 };
    struct pollfd fd = {.fd = p->from, .events = POLLIN};
    while (poll(&fd, 1, EVERY_MS) == 0)
        progress_say(what, progress_clock() - start);
}

int process_spawn(lua_State *L) {
    const char *what = luaL_optstring(L, 2, NULL);
    double start = progress_clock();
    struct process *p = push(L);
    if (!p)
        return 2;
    do {
        if (what)
            wait_telling(p, what, start);
    } while (read_some(L, p));
    if (what)
        progress_erase();
    return push_end(L, p);
}

int process_start(lua_State *L) {
    return push(L) ? 1 : 2;
}

/* The process at place i of the list; NULL where it was waited for. */
static struct process *listed(lua_State *L, lua_Integer i) {
    lua_rawgeti(L, 1, i);
    struct process *p = luaL_checkudata(L, -1, class_name);
    lua_pop(L, 1); /* the list holds it */
    return p->pid ? p : NULL;
}

int process_wait(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer n = luaL_len(L, 1), running = 0;
    struct pollfd *fd = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *fd, 0);
    for (lua_Integer i = 0; i < n; i++) {
        const struct process *p = listed(L, i + 1);
        fd[i] = (struct pollfd){.fd = p ? p->from : -1, .events = POLLIN};
        running += p != NULL;
    }
    if (running == 0)
        return luaL_error(L, "wait: no process is left to wait for");
    for (;;) {
        if (poll(fd, (nfds_t)n, -1) < 0)
            continue; /* a signal */
        for (lua_Integer i = 0; i < n; i++) {
            struct process *p = fd[i].revents ? listed(L, i + 1) : NULL;
            if (p && !read_some(L, p)) {
                lua_pushinteger(L, i + 1);
                return 1 + push_end(L, p);
            }
        }
    }
}
