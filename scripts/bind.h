/* SPDX-License-Identifier: BSD-3-Clause */
/* bind: the C half of the Lua layer, the module `hillock.core`. The Lua modules in hillock/ are its
 * only clients; what a user says goes through them. One file a concept; this header is what the
 * files share.
 *
 * At this border indices count from 1, HK_NONE is nil, and a status other than HK_OK is a Lua error
 * with the context's message and the line of the user's script. Memory that a function needs while
 * Lua may throw is Lua's own (a userdata). */
#ifndef HILLOCK_BIND_H
#define HILLOCK_BIND_H
#include "hillock/hillock.h"
#include <lauxlib.h>
#include <lua.h>
#include <signal.h>

/* Not 0: every run of every network ends at its next epoch. A signal handler sets it to 1; 2 means
 * that a script has been told, with an error. */
extern volatile sig_atomic_t hillock_stop;

/* Worker threads where a script does not say how many: of a network, and of hk.map. 0, as at first:
 * a network has 1, hk.map has one a processor. The command sets it before it runs a script. */
extern uint32_t hillock_threads;

/* Leaves the module on the stack: the loader for package.preload["hillock.core"]. */
int luaopen_hillock_core(lua_State *L);

/* The context of a Lua state. It lives as long as the state or any object made in it, whichever is
 * collected last. */
struct bind_world {
    hk_context *ctx;
    uint32_t holders;
};
struct bind_world *bind_world(lua_State *L);

/* hillock_threads, but for a state that hk.map made, which has 1. */
uint32_t bind_threads(lua_State *L);
void bind_set_threads(lua_State *L, uint32_t threads);

/* ---- bind.c: errors, arguments, objects */

#if defined __GNUC__
#define BIND_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define BIND_NORETURN __attribute__((noreturn))
#else
#define BIND_PRINTF(f, a)
#define BIND_NORETURN
#endif

/* Throws the text with the position of the innermost line that is not of hillock's own modules. */
BIND_NORETURN BIND_PRINTF(2, 3) int bind_fail(lua_State *L, const char *format, ...);

/* Throws the context's message where status is not HK_OK. */
void bind_check(lua_State *L, hk_status status);

/* Throws "expected WANTED for WHAT, got ...". */
BIND_NORETURN int bind_expected(lua_State *L, int arg, const char *what, const char *wanted);

double bind_number(lua_State *L, int arg, const char *what);
uint32_t bind_count(lua_State *L, int arg, const char *what); /* 0 to UINT32_MAX - 1 */
uint32_t bind_index(lua_State *L, int arg, const char *what,
                    uint32_t n);                                /* 1 to n; returns it less 1 */
const char *bind_text(lua_State *L, int arg, const char *what); /* a string without zeros */
const char *bind_optional_text(lua_State *L, int arg, const char *what); /* NULL for nil */

/* Room for n elements, pushed on the stack; it lives as long as it is there. */
void *bind_scratch(lua_State *L, size_t n, size_t size);

/* Sets a field of the table on top of the stack; a NULL text sets none. */
void bind_set_whole(lua_State *L, const char *key, uint64_t n);
void bind_set_real(lua_State *L, const char *key, double x);
void bind_set_text(lua_State *L, const char *key, const char *text);

/* Pushes a table that describes the plugin. */
struct hk_plugin;
void bind_push_plugin(lua_State *L, const struct hk_plugin *plugin);

/* The numbers of an array or a table; a table's are copied to scratch, pushed on the stack. */
const double *bind_numbers(lua_State *L, int arg, const char *what, size_t *n);

/* The same for indices 1 to limit, less 1, always in scratch; NULL and *n = 0 for nil. */
uint32_t *bind_indices(lua_State *L, int arg, const char *what, uint32_t limit, uint32_t *n);

/* The same for identities: whole numbers from 0. */
uint64_t *bind_identities(lua_State *L, int arg, const char *what, size_t *n);

/* An object of the host in Lua: __gc, __close and its method `close` free it; all methods refuse it
 * afterwards. */
struct bind_object {
    void *it; /* NULL: closed */
    void (*free)(void *it);
    struct bind_world *world;
};

/* Pushes an object that holds nothing yet. */
struct bind_object *bind_object_new(lua_State *L, const char *type, void (*free)(void *));

/* What argument `arg` holds: throws where it is not of this type, or closed. */
void *bind_object(lua_State *L, int arg, const char *type);

/* Makes the metatable of a type, with its methods. */
void bind_type(lua_State *L, const char *type, const luaL_Reg *methods);

#define BIND_MORPH "hillock.morphology"
#define BIND_SWC "hillock.swc"
#define BIND_CELL "hillock.celltype"
#define BIND_NET "hillock.net"
#define BIND_ARRAY "hillock.array"

/* ---- bind_array.c */

struct bind_array {
    size_t n;
    bool whole; /* its elements are integers to Lua */
    double x[];
};
struct bind_array *bind_array_new(lua_State *L, size_t n,
                                  bool whole);             /* pushed; elements not set */
struct bind_array *bind_array_test(lua_State *L, int arg); /* NULL where it is none */

/* ---- bind_spec.c: plugins with values, numbers that may be drawn */

/* The spec in the table at arg: its plugin's name at [1], values by field's name. Pushes scratch.
 * kind: of enum hk_kind. */
struct hk_spec bind_spec(lua_State *L, int arg, const char *what, uint32_t kind);

/* Numbers a row of the plugin's list or table of that name; 0: it has none. And the list at the top
 * of the stack as numbers, in scratch that takes its place: a list of numbers, or of rows of them.
 */
uint32_t bind_list_width(const struct hk_plugin *plugin, const char *field);
const double *bind_rows(lua_State *L, const char *field, uint32_t width, uint32_t *rows);

/* A field of the table at arg, read by what its name says; each leaves the stack as it was unless
 * it pushes scratch. */
struct hk_number bind_drawn(lua_State *L, int table, const char *key);

/* ---- each file's functions and types, added to the module at the top of the stack */

void bind_open_array(lua_State *L);
void bind_open_plugins(lua_State *L);
void bind_open_morphology(lua_State *L);
void bind_open_cell(lua_State *L);
void bind_open_network(lua_State *L);
void bind_open_parallel(lua_State *L);
void bind_open_sandbox(lua_State *L);
void bind_open_csv(lua_State *L);

/* bind_bulk.c, bind_probe.c, bind_port.c, bind_profile.c, bind_rows.c, bind_save.c and
 * bind_units.c: more methods of a network */
extern const luaL_Reg bind_bulk_methods[];
extern const luaL_Reg bind_probe_methods[];
extern const luaL_Reg bind_port_methods[];
extern const luaL_Reg bind_profile_methods[];
extern const luaL_Reg bind_save_methods[];
extern const luaL_Reg bind_row_methods[];
extern const luaL_Reg bind_unit_methods[];

/* ---- bind_pack.c: plain values as bytes, to go from one Lua state to another */

struct bind_pack {
    char *byte; /* NULL at first */
    size_t n, room;
    char path[128]; /* where in the value bind_pack_value failed: ".a[3]" */
};
/* Appends the value at arg. NULL, or what is there that cannot be taken along. */
const char *bind_pack_value(lua_State *L, int arg, struct bind_pack *pack);
/* Pushes the value that begins at *at, and moves *at behind it. */
void bind_unpack_value(lua_State *L, const struct bind_pack *pack, size_t *at);
void bind_pack_free(struct bind_pack *pack);

#endif
