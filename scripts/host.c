/* SPDX-License-Identifier: BSD-3-Clause */
#include "host.h"
#include "bind.h"
#include "hillock/plugin.h"
#include "process.h"
#include "progress.h"
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#ifndef HILLOCK_PLUGIN_CC
#define HILLOCK_PLUGIN_CC "cc"
#endif
#ifndef HILLOCK_PLUGIN_FLAGS
#define HILLOCK_PLUGIN_FLAGS                                                                       \
    "-std=c17 -O3 -fPIC -shared -fvisibility=hidden -fno-math-errno -fno-trapping-math "           \
    "-ffp-contract=off -march=native"
#endif

/* ---- where things are */

/* The folder that the executable is in. */
static bool program_folder(char *path, size_t size) {
    ssize_t n = readlink("/proc/self/exe", path, size - 1);
    if (n <= 0 || (size_t)n >= size - 1)
        return false;
    path[n] = '\0';
    *strrchr(path, '/') = '\0';
    return true;
}

/* `name` of the build tree that the executable is in, or else `installed` of its prefix. */
static bool tree_folder(const char *name, const char *installed, char *path, size_t size) {
    char program[PATH_MAX], there[PATH_MAX + 64];
    struct stat st;
    if (!program_folder(program, sizeof program))
        return false;
    snprintf(there, sizeof there, "%s/CMakeCache.txt", program);
    if (stat(there, &st) == 0) {
        snprintf(there, sizeof there, "%s/%s", program, name);
    } else {
        *strrchr(program, '/') = '\0';
        snprintf(there, sizeof there, "%s/%s", program, installed);
    }
    return (size_t)snprintf(path, size, "%s", there) < size;
}

bool host_lua_folder(char *path, size_t size) {
    const char *set = getenv("HILLOCK_LUA");
    if (!set || !*set)
        return tree_folder("lua", "share/hillock/lua", path, size);
    char whole[PATH_MAX];
    return (size_t)snprintf(path, size, "%s", realpath(set, whole) ? whole : set) < size;
}

/* ---- functions */

/* hash(text): its SHA-256, 64 hexadecimal digits. */
static int hash(lua_State *L) {
    size_t n;
    const char *text = luaL_checklstring(L, 1, &n);
    char hex[65];
    hk_hash(text, n, hex);
    lua_pushstring(L, hex);
    return 1;
}

/* hash_file(path): the same of a file; nil and why it cannot be read. */
static int hash_file(lua_State *L) {
    const char *path = luaL_checkstring(L, 1);
    char hex[65];
    hk_context *ctx = hk_new();
    bool good = ctx && hk_hash_file(ctx, path, hex) == HK_OK;
    if (good)
        lua_pushstring(L, hex);
    else
        lua_pushnil(L);
    if (!good)
        lua_pushstring(L, ctx ? hk_message(ctx) : "there is no memory");
    hk_free(ctx);
    return good ? 1 : 2;
}

/* folder(): the working one. */
static int folder(lua_State *L) {
    char path[PATH_MAX];
    if (!getcwd(path, sizeof path))
        return luaL_fileresult(L, 0, NULL);
    lua_pushstring(L, path);
    return 1;
}

/* kind(path): "file", "folder", "other", or nil where nothing is there. */
static int kind(lua_State *L) {
    struct stat there;
    if (stat(luaL_checkstring(L, 1), &there) != 0)
        lua_pushnil(L);
    else
        lua_pushstring(L, S_ISREG(there.st_mode)   ? "file"
                          : S_ISDIR(there.st_mode) ? "folder"
                                                   : "other");
    return 1;
}

/* seconds(): of a clock that never goes back. */
static int seconds(lua_State *L) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    lua_pushnumber(L, (double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
    return 1;
}

/* threads(n): of each network and hk.map whose script does not say how many. */
static int threads(lua_State *L) {
    hillock_threads = (uint32_t)luaL_checkinteger(L, 1);
    return 0;
}

/* progress(): networks that are made from now on show how far they are, if standard error is a
 * terminal. */
static int progress(lua_State *L) {
    (void)L;
    progress_wanted = isatty(STDERR_FILENO);
    return 0;
}

/* The first number in a file of /sys, in bytes ("48K"); 0 where there is none. */
static double system_bytes(int index, const char *what, char *text, size_t room) {
    char path[128], unit = 0;
    double size = 0;
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, what);
    FILE *file = fopen(path, "r");
    text[0] = '\0';
    if (file) {
        if (!fgets(text, (int)room, file))
            text[0] = '\0';
        fclose(file);
    }
    sscanf(text, "%lf%c", &size, &unit);
    return size * (unit == 'K' ? 1024 : unit == 'M' ? 1024 * 1024 : 1);
}

/* Of one level's cache for data, as /sys has it. */
static double cache_in_system(int level) {
    char text[32];
    for (int index = 0; index < 8; index++) {
        double found = system_bytes(index, "level", text, sizeof text);
        system_bytes(index, "type", text, sizeof text);
        if ((int)found == level && strncmp(text, "Instruction", 11) != 0)
            return system_bytes(index, "size", text, sizeof text);
    }
    return 0;
}

static double cache_bytes(int level) {
    long size = 0;
#ifdef _SC_LEVEL1_DCACHE_SIZE
    size = sysconf(level == 1   ? _SC_LEVEL1_DCACHE_SIZE
                   : level == 2 ? _SC_LEVEL2_CACHE_SIZE
                                : _SC_LEVEL3_CACHE_SIZE);
#endif
    return size > 0 ? (double)size : cache_in_system(level);
}

/* caches(): the bytes of a processor's caches for data by level, 0 where they are not known. */
static int caches(lua_State *L) {
    lua_createtable(L, 3, 0);
    for (int level = 1; level <= 3; level++) {
        lua_pushnumber(L, cache_bytes(level));
        lua_rawseti(L, -2, level);
    }
    return 1;
}

/* temporary(folder): the path of a new folder in it; nil and why. */
static int temporary(lua_State *L) {
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/.new-XXXXXX", luaL_checkstring(L, 1));
    if (n >= (int)sizeof path || !mkdtemp(path))
        return luaL_fileresult(L, 0, NULL);
    lua_pushstring(L, path);
    return 1;
}

/* processors(): how many this process may use. */
static int processors(lua_State *L) {
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    lua_pushinteger(L, n > 0 ? n : 1);
    return 1;
}

/* ---- what it was built of and runs on */

#if defined __clang__
#define COMPILER "clang " __clang_version__
#elif defined __GNUC__
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

/* The widest instructions for vectors that it was compiled for. */
#if defined __AVX512F__
#define VECTOR "avx512f"
#elif defined __AVX2__
#define VECTOR "avx2"
#elif defined __AVX__
#define VECTOR "avx"
#elif defined __SSE2__
#define VECTOR "sse2"
#elif defined __ARM_FEATURE_SVE
#define VECTOR "sve"
#elif defined __ARM_NEON
#define VECTOR "neon"
#else
#define VECTOR "none"
#endif

/* machine(): { processor =, vector =, system = } */
static int machine(lua_State *L) {
    struct utsname name;
    bool known = uname(&name) == 0;
    lua_createtable(L, 0, 3);
    bind_set_text(L, "processor", known ? name.machine : "unknown");
    bind_set_text(L, "system", known ? name.sysname : "unknown");
    bind_set_text(L, "vector", VECTOR);
    return 1;
}

/* versions(): { hillock =, lua =, abi =, compiler = } */
static int versions(lua_State *L) {
    lua_createtable(L, 0, 4);
    bind_set_text(L, "hillock", HK_VERSION);
    bind_set_text(L, "lua", LUA_RELEASE);
    lua_pushfstring(L, "%d.%d", HK_ABI_MAJOR, HK_ABI_MINOR);
    lua_setfield(L, -2, "abi");
    lua_pushliteral(L, COMPILER);
    lua_setfield(L, -2, "compiler");
    return 1;
}

/* ---- the module */

int luaopen_hillock_host(lua_State *L) {
    static const luaL_Reg functions[] = {{"hash", hash},           {"hash_file", hash_file},
                                         {"folder", folder},       {"kind", kind},
                                         {"seconds", seconds},     {"progress", progress},
                                         {"caches", caches},       {"processors", processors},
                                         {"threads", threads},     {"temporary", temporary},
                                         {"machine", machine},     {"versions", versions},
                                         {"spawn", process_spawn}, {"start", process_start},
                                         {"wait", process_wait},   {NULL, NULL}};
    char path[PATH_MAX + 64];
    luaL_newlib(L, functions);
    lua_pushliteral(L, HK_VERSION);
    lua_setfield(L, -2, "version");
    lua_pushliteral(L, HILLOCK_PLUGIN_CC);
    lua_setfield(L, -2, "compiler");
    lua_pushliteral(L, HILLOCK_PLUGIN_FLAGS);
    lua_setfield(L, -2, "flags");
    if (host_lua_folder(path, sizeof path)) {
        lua_pushstring(L, path);
        lua_setfield(L, -2, "modules");
    }
    if (tree_folder("include", "include", path, sizeof path)) {
        lua_pushstring(L, path);
        lua_setfield(L, -2, "include");
    }
    return 1;
}
