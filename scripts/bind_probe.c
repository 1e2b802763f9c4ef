/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_probe: what is recorded, and reading it: column by column, as arrays. */
#include "bind.h"
#include "hillock/plugin.h"
#include <math.h>
#include <string.h>

static hk_net *check(lua_State *L) {
    return bind_object(L, 1, BIND_NET);
}

static double number(lua_State *L, const char *key, double fallback) {
    double x = lua_getfield(L, 2, key) == LUA_TNIL ? fallback : bind_number(L, lua_gettop(L), key);
    lua_pop(L, 1);
    return x;
}

/* A string that the table at argument 2 keeps alive; NULL for nil. */
static const char *text(lua_State *L, const char *key) {
    lua_getfield(L, 2, key);
    const char *s = bind_optional_text(L, lua_gettop(L), key);
    lua_pop(L, 1);
    return s;
}

static uint32_t *indices(lua_State *L, const char *key, uint32_t limit, uint32_t *n) {
    lua_getfield(L, 2, key);
    return bind_indices(L, lua_gettop(L), key, limit, n);
}

/* Targets at segments: `cells` and `segments`. */
static struct hk_target *at_segments(lua_State *L, const hk_net *net, uint32_t *n) {
    uint32_t m, *cell = indices(L, "cells", hk_net_cells(net), n);
    uint32_t *segment = indices(L, "segments", HK_NONE - 1, &m);
    if (!segment || m != *n)
        bind_fail(L, "record: %u cells and %u segments", *n, m);
    struct hk_target *target = bind_scratch(L, *n, sizeof *target);
    for (uint32_t i = 0; i < *n; i++)
        target[i] =
            (struct hk_target){.at = HK_AT_SEGMENT, .index = cell[i], .segment = segment[i]};
    return target;
}

static struct hk_target *at_indices(lua_State *L, const uint32_t *index, uint32_t n,
                                    struct hk_target like) {
    struct hk_target *target = bind_scratch(L, n, sizeof *target);
    for (uint32_t i = 0; i < n; i++) {
        target[i] = like;
        target[i].index = index[i];
    }
    return target;
}

/* `sources`: opaque numbers, as they come. */
static struct hk_target *at_sources(lua_State *L, uint32_t *n) {
    lua_getfield(L, 2, "sources");
    size_t many = 0;
    const double *x = bind_numbers(L, lua_gettop(L), "sources", &many);
    struct hk_target *target = bind_scratch(L, many, sizeof *target);
    for (size_t i = 0; i < many; i++) {
        if (!(x[i] >= 0 && x[i] < HK_NONE))
            bind_fail(L, "%.15g is no source", x[i]);
        target[i] = (struct hk_target){.at = HK_AT_SOURCE, .index = (uint32_t)x[i]};
    }
    *n = (uint32_t)many;
    return target;
}

static void set_labels(lua_State *L, struct hk_target *target, uint32_t n) {
    lua_getfield(L, 2, "labels");
    for (uint32_t i = 0; lua_istable(L, -1) && i < n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        target[i].label = bind_optional_text(L, lua_gettop(L), "label");
        lua_pop(L, 1);
    }
}

/* probe{ kind = "values"|"spikes"|"events", cells =, segments = | points = | sources = | inputs =,
 * mechanism =, field =, every =, from =, stop =, recorder = spec, path =, labels =, identity =,
 * aside =, everything = }: its number */
static int net_probe(lua_State *L) {
    hk_net *net = check(L);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    luaL_checkstack(L, 100, NULL);
    const char *kind = text(L, "kind");
    struct hk_probe p = {.interval = number(L, "every", 0),
                         .from = number(L, "from", 0),
                         .until = number(L, "stop", 0)};
    struct hk_target *target = NULL, like = {.at = HK_AT_POINT,
                                             .mechanism = text(L, "mechanism"),
                                             .field = text(L, "field")};
    uint32_t *index;
    if (kind && strcmp(kind, "spikes") == 0) {
        p.kind = HK_PROBE_SPIKES;
        target = at_sources(L, &p.n);
    } else if (kind && strcmp(kind, "events") == 0) {
        p.kind = HK_PROBE_EVENTS;
        index = indices(L, "inputs", hk_net_n_inputs(net), &p.n);
        target = at_indices(L, index, p.n, (struct hk_target){.at = HK_AT_INPUT});
    } else if (index = indices(L, "points", hk_net_n_points(net), &p.n), index) {
        target = at_indices(L, index, p.n, like);
    } else {
        target = at_segments(L, net, &p.n);
        for (uint32_t i = 0; i < p.n; i++) {
            target[i].mechanism = like.mechanism;
            target[i].field = like.field;
        }
    }
    lua_getfield(L, 2, "everything");
    if (p.n == 0 && (p.kind == HK_PROBE_VALUES || !lua_toboolean(L, -1)))
        return bind_fail(L, "record: there is nothing to record from");
    lua_getfield(L, 2, "identity");
    p.identity = lua_toboolean(L, -1);
    lua_getfield(L, 2, "aside");
    p.aside = lua_toboolean(L, -1);
    set_labels(L, target, p.n);
    p.target = target;
    p.path = text(L, "path");
    lua_getfield(L, 2, "recorder");
    p.recorder = bind_spec(L, lua_gettop(L), "recorder", HK_RECORDER);
    uint32_t probe = 0;
    bind_check(L, hk_net_probe(net, &p, &probe));
    lua_pushinteger(L, (lua_Integer)probe + 1);
    return 1;
}

/* rows(probe): how many rows and columns are in memory */
static int net_rows(lua_State *L) {
    uint64_t n_row = 0;
    uint32_t n_column = 0;
    const double *row = NULL;
    bind_check(
        L, hk_net_rows(check(L), bind_index(L, 2, "probe", HK_NONE - 1), &n_row, &n_column, &row));
    lua_pushinteger(L, (lua_Integer)n_row);
    lua_pushinteger(L, n_column);
    return 2;
}

/* column(probe, i [, whole]): a copy of column i, 1 is the time */
static int net_column(lua_State *L) {
    uint64_t n_row = 0;
    uint32_t n_column = 0;
    const double *row = NULL;
    bind_check(
        L, hk_net_rows(check(L), bind_index(L, 2, "probe", HK_NONE - 1), &n_row, &n_column, &row));
    uint32_t column = bind_index(L, 3, "column", n_column);
    bool whole = lua_toboolean(L, 4);
    struct bind_array *a = bind_array_new(L, n_row, whole);
    for (uint64_t i = 0; i < n_row; i++)
        a->x[i] = row[i * n_column + column];
    return 1;
}

const luaL_Reg bind_probe_methods[] = {
    {"probe", net_probe}, {"rows", net_rows}, {"column", net_column}, {NULL, NULL}};
