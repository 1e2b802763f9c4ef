/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_parallel: hk.map: a function over a list, on threads that each have a Lua state and so a
 * hillock of their own. Items and results are copied as bytes; the order in which threads take
 * items changes no result. */
#include "bind.h"
#include "progress.h"
#include <lualib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define JOB "hillock.job"

struct item {
    size_t at;               /* where it begins in job.in */
    struct bind_pack result; /* of one value */
    struct bind_pack seen;   /* of what was tracked meanwhile; empty where nothing is */
    char *error;             /* NULL: it went well */
};

struct job {
    struct bind_pack in; /* the items; then what a new state needs: package.path, package.cpath,
                            arg, and what hillock.track does to begin */
    size_t setting;      /* where the latter begin */
    bool tracked;
    const char *code; /* the function's, dumped: a string on the caller's stack */
    size_t code_n;
    struct bind_pack
        names; /* what stands in its upvalues: a module's name, or true for the globals */
    int n_upvalue;
    uint32_t n;
    struct item *item;
    atomic_uint next, done;
    atomic_bool failed;
    uint32_t running;     /* threads, under the lock */
    pthread_cond_t ended; /* one of them has */
    char *error;          /* of a state that could not be made */
    pthread_mutex_t lock;
    struct preload { /* the C modules that the caller's state has without a file */
        char name[64];
        lua_CFunction open;
    } preload[8];
    int n_preload;
};

static int job_gc(lua_State *L) {
    struct job *job = lua_touserdata(L, 1);
    for (uint32_t i = 0; job->item && i < job->n; i++) {
        bind_pack_free(&job->item[i].result);
        bind_pack_free(&job->item[i].seen);
        free(job->item[i].error);
    }
    free(job->item);
    job->item = NULL;
    bind_pack_free(&job->in);
    bind_pack_free(&job->names);
    free(job->error);
    job->error = NULL;
    return 0;
}

/* ---- in a worker's state */

static void stop_hook(lua_State *L, lua_Debug *ar) {
    (void)ar;
    if (hillock_stop)
        luaL_error(L, "interrupted");
}

/* Sets a field of a global table to the value at the top, which is popped. */
static void set_in(lua_State *L, const char *table, const char *key) {
    lua_getglobal(L, table);
    lua_insert(L, -2);
    lua_setfield(L, -2, key);
    lua_pop(L, 1);
}

/* Pushes a function of the module hillock.track. */
static void push_track(lua_State *L, const char *name) {
    lua_getglobal(L, "require");
    lua_pushliteral(L, "hillock.track");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

/* open(job): makes the state as a script's is, and leaves the function. */
static int worker_open(lua_State *L) {
    struct job *job = lua_touserdata(L, 1);
    luaL_openlibs(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    for (int i = 0; i < job->n_preload; i++) {
        lua_pushcfunction(L, job->preload[i].open);
        lua_setfield(L, -2, job->preload[i].name);
    }
    lua_pop(L, 1);
    size_t at = job->setting;
    bind_unpack_value(L, &job->in, &at);
    set_in(L, "package", "path");
    bind_unpack_value(L, &job->in, &at);
    set_in(L, "package", "cpath");
    bind_unpack_value(L, &job->in, &at);
    lua_setglobal(L, "arg");
    bind_set_threads(L, 1);
    lua_getglobal(L, "require"); /* arrays among the items are its */
    lua_pushliteral(L, "hillock");
    lua_call(L, 1, 0);
    if (job->tracked) {
        push_track(L, "worker");
        bind_unpack_value(L, &job->in, &at);
        lua_call(L, 1, 0);
    }
    if (luaL_loadbufferx(L, job->code, job->code_n, "map", "b") != LUA_OK)
        return lua_error(L);
    at = 0;
    for (int i = 1; i <= job->n_upvalue; i++) {
        bind_unpack_value(L, &job->names, &at);
        if (lua_type(L, -1) == LUA_TSTRING) {
            lua_getglobal(L, "require");
            lua_insert(L, -2);
            lua_call(L, 1, 1);
        } else {
            lua_pop(L, 1);
            lua_pushglobaltable(L);
        }
        lua_setupvalue(L, -2, i);
    }
    return 1;
}

/* run(function, job, item): packs what the function makes of the item. */
static int worker_run(lua_State *L) {
    struct job *job = lua_touserdata(L, 2);
    struct item *item = lua_touserdata(L, 3);
    size_t at = item->at;
    lua_settop(L, 1);
    bind_unpack_value(L, &job->in, &at);
    lua_call(L, 1, 1);
    const char *why = bind_pack_value(L, 1, &item->result);
    if (why)
        return luaL_error(
            L,
            "%s (result%s) cannot be taken from one thread to another: plain values and arrays can",
            why, item->result.path);
    return 0;
}

/* take(item): packs what was tracked. */
static int worker_take(lua_State *L) {
    struct item *item = lua_touserdata(L, 1);
    push_track(L, "take");
    lua_call(L, 0, 1);
    const char *why = bind_pack_value(L, lua_gettop(L), &item->seen);
    return why ? luaL_error(L, "%s (what is tracked%s) cannot be kept", why, item->seen.path) : 0;
}

static char *error_text(lua_State *L) {
    return strdup(luaL_tolstring(L, -1, NULL));
}

static void fail_item(lua_State *L, struct job *job, struct item *item) {
    if (!item->error)
        item->error = error_text(L);
    atomic_store(&job->failed, true);
}

static void *worker(void *data) {
    struct job *job = data;
    lua_State *L = luaL_newstate();
    bool good = L != NULL;
    if (good) {
        lua_pushcfunction(L, worker_open);
        lua_pushlightuserdata(L, job);
        good = lua_pcall(L, 1, 1, 0) == LUA_OK;
    }
    if (!good) {
        pthread_mutex_lock(&job->lock);
        if (!job->error)
            job->error = L ? error_text(L) : strdup("there is no memory for a Lua state");
        pthread_mutex_unlock(&job->lock);
        atomic_store(&job->failed, true);
    }
    uint32_t i;
    if (good)
        lua_sethook(L, stop_hook, LUA_MASKCOUNT, 100000);
    while (good && !atomic_load(&job->failed) && (i = atomic_fetch_add(&job->next, 1)) < job->n) {
        lua_pushcfunction(L, worker_run);
        lua_pushvalue(L, 1);
        lua_pushlightuserdata(L, job);
        lua_pushlightuserdata(L, &job->item[i]);
        if (lua_pcall(L, 3, 0, 0) != LUA_OK)
            fail_item(L, job, &job->item[i]);
        lua_settop(L, 1);
        lua_pushcfunction(L, worker_take);
        lua_pushlightuserdata(L, &job->item[i]);
        if (job->tracked && lua_pcall(L, 1, 0, 0) != LUA_OK)
            fail_item(L, job, &job->item[i]);
        lua_settop(L, 1);
        atomic_fetch_add(&job->done, 1);
    }
    if (L)
        lua_close(L);
    pthread_mutex_lock(&job->lock);
    job->running--;
    pthread_cond_signal(&job->ended);
    pthread_mutex_unlock(&job->lock);
    return NULL;
}

/* ---- in the caller's state */

/* The name under which the value at the top is in package.loaded, pushed; or nothing. */
static bool module_name(lua_State *L) {
    int value = lua_gettop(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        if (lua_type(L, -1) == LUA_TTABLE && lua_rawequal(L, -1, value) &&
            lua_type(L, -2) == LUA_TSTRING) {
            lua_pop(L, 1);
            lua_replace(L, value + 1);
            return true;
        }
        lua_pop(L, 1);
    }
    lua_settop(L, value);
    return false;
}

/* What stands in the function's upvalues: modules and the globals can be had again, others cannot.
 */
static void take_upvalues(lua_State *L, struct job *job) {
    const char *name;
    for (int i = 1; (name = lua_getupvalue(L, 2, i)) != NULL; i++) {
        int value = lua_gettop(L);
        lua_pushglobaltable(L);
        bool globals = lua_rawequal(L, value, -1);
        lua_settop(L, value);
        if (globals)
            lua_pushboolean(L, 1);
        else if (!module_name(L))
            bind_fail(L,
                      "map: the function uses '%s' from outside it, which another thread does not "
                      "have: pass it in the list's "
                      "items, or make it inside the function (modules are there)",
                      name);
        if (bind_pack_value(L, -1, &job->names))
            bind_fail(L, "map: there is no memory");
        job->n_upvalue = i;
        lua_settop(L, value - 1);
    }
}

static void take_preload(lua_State *L, struct job *job) {
    const int room = (int)(sizeof job->preload / sizeof job->preload[0]);
    job->preload[job->n_preload++] = (struct preload){"hillock.core", luaopen_hillock_core};
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_iscfunction(L, -1) || job->n_preload == room)
            continue;
        struct preload *p = &job->preload[job->n_preload++];
        snprintf(p->name, sizeof p->name, "%s", lua_tostring(L, -2));
        p->open = lua_tocfunction(L, -1);
    }
    lua_pop(L, 1);
}

/* string.dump(function), with its lines. */
static void take_code(lua_State *L, struct job *job) {
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 0);
    lua_getfield(L, -1, "dump");
    lua_pushvalue(L, 2);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK)
        bind_fail(L, "map: the function is not one of Lua's: %s", lua_tostring(L, -1));
    job->code = lua_tostring(L, -1);
    job->code_n = lua_rawlen(L, -1); /* it stays on the stack until the threads have ended */
}

static void take_items(lua_State *L, struct job *job) {
    for (uint32_t i = 0; i < job->n; i++) {
        job->item[i].at = job->in.n;
        lua_geti(L, 1, (lua_Integer)i + 1);
        const char *why = bind_pack_value(L, -1, &job->in);
        if (why)
            bind_fail(L,
                      "map: item %u: %s (item%s) cannot be taken from one thread to another: plain "
                      "values and arrays can",
                      i + 1, why, job->in.path);
        lua_pop(L, 1);
    }
    job->setting = job->in.n;
    lua_getglobal(L, "package");
    const char *why = NULL;
    static const char *const keys[] = {"path", "cpath"};
    for (int k = 0; k < 2 && !why; k++) {
        lua_getfield(L, -1, keys[k]);
        why = bind_pack_value(L, -1, &job->in);
        lua_pop(L, 1);
    }
    lua_getglobal(L, "arg");
    if (!why)
        why = bind_pack_value(L, -1, &job->in);
    if (!why)
        why = bind_pack_value(L, 4, &job->in);
    if (why)
        bind_fail(L, "map: %s in package.path or arg", why);
    lua_pop(L, 2);
}

/* Waits until no thread runs, and tells how many items are done. */
static void wait_telling(struct job *job) {
    enum { EVERY_NS = 200000000 };
    double start = progress_clock();
    pthread_mutex_lock(&job->lock);
    while (job->running > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += EVERY_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&job->ended, &job->lock, &until);
        progress_count("map", atomic_load(&job->done), job->n, progress_clock() - start);
    }
    pthread_mutex_unlock(&job->lock);
    progress_erase();
}

static void run(lua_State *L, struct job *job, uint32_t threads) {
    pthread_t *thread = bind_scratch(L, threads, sizeof *thread);
    uint32_t started = 0;
    pthread_mutex_init(&job->lock, NULL);
    pthread_cond_init(&job->ended, NULL);
    job->running = threads;
    while (started < threads && pthread_create(&thread[started], NULL, worker, job) == 0)
        started++;
    pthread_mutex_lock(&job->lock);
    job->running -= threads - started;
    pthread_mutex_unlock(&job->lock);
    if (progress_wanted)
        wait_telling(job);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    pthread_cond_destroy(&job->ended);
    pthread_mutex_destroy(&job->lock);
    if (started == 0)
        bind_fail(L, "map: no thread could be started");
}

/* Hands what was tracked to the function at 5, up to the first item that failed: those before it
 * have run, whatever the number of threads. */
static void hand_over_seen(lua_State *L, const struct job *job) {
    for (uint32_t i = 0; i < job->n; i++) {
        const struct item *item = &job->item[i];
        if (item->seen.n > 0) {
            size_t at = 0;
            lua_pushvalue(L, 5);
            bind_unpack_value(L, &item->seen, &at);
            lua_call(L, 1, 0);
        }
        if (item->error)
            return;
    }
}

/* map(list, function, threads or nil, what hillock.track needs in other states or nil, function of
 * what was tracked there with an item): the list of results */
static int map(lua_State *L) {
    lua_settop(L, 5);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t threads = bind_threads(L)  ? bind_threads(L)
                       : processors > 0 ? (uint32_t)processors
                                        : 1;
    if (!lua_isnil(L, 3))
        threads = bind_count(L, 3, "map: threads");
    lua_Integer n = luaL_len(L, 1);
    if (n >= INT32_MAX)
        return bind_fail(L, "map: the list is too long");
    struct job *job = lua_newuserdatauv(L, sizeof *job, 0);
    memset(job, 0, sizeof *job);
    job->tracked = !lua_isnil(L, 4);
    luaL_setmetatable(L, JOB);
    job->n = (uint32_t)n;
    job->item = calloc(job->n ? job->n : 1, sizeof *job->item);
    if (!job->item)
        return bind_fail(L, "map: there is no memory for %u items", job->n);
    take_preload(L, job);
    take_upvalues(L, job);
    take_code(L, job);
    take_items(L, job);
    threads = threads < 1 ? 1 : threads > job->n ? job->n : threads;
    if (job->n > 0)
        run(L, job, threads);
    if (hillock_stop)
        hillock_stop = 2; /* told, with an item's error */
    if (job->tracked)
        hand_over_seen(L, job);
    for (uint32_t i = 0; i < job->n; i++)
        if (job->item[i].error)
            return bind_fail(L, "map: item %u: %s", i + 1, job->item[i].error);
    if (job->error || hillock_stop)
        return bind_fail(L, "map: %s", job->error ? job->error : "interrupted");
    lua_createtable(L, (int)job->n, 0);
    for (uint32_t i = 0; i < job->n; i++) {
        size_t at = 0;
        bind_unpack_value(L, &job->item[i].result, &at);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

void bind_open_parallel(lua_State *L) {
    static const luaL_Reg functions[] = {{"map", map}, {NULL, NULL}};
    luaL_newmetatable(L, JOB);
    lua_pushcfunction(L, job_gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    luaL_setfuncs(L, functions, 0);
}
