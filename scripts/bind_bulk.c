/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_bulk: stimuli and connection rules: what is made by the thousand with one call, from one
 * table of options. */
#include "bind.h"
#include "hillock/plugin.h"
#include "progress.h"
#include <string.h>

/* A list of indices in the table at argument 2; pushes scratch. */
static uint32_t *indices(lua_State *L, const char *key, uint32_t limit, uint32_t *n) {
    lua_getfield(L, 2, key);
    return bind_indices(L, lua_gettop(L), key, limit, n);
}

static const char *text(lua_State *L, const char *key) {
    lua_getfield(L, 2, key);
    return bind_text(L, lua_gettop(L), key);
}

static bool flag(lua_State *L, const char *key) {
    lua_getfield(L, 2, key);
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is;
}

static double number(lua_State *L, const char *key) {
    lua_getfield(L, 2, key);
    double x = bind_number(L, lua_gettop(L), key);
    lua_pop(L, 1);
    return x;
}

static uint32_t count(lua_State *L, const char *key) {
    lua_getfield(L, 2, key);
    uint32_t n = bind_count(L, lua_gettop(L), key);
    lua_pop(L, 1);
    return n;
}

static struct hk_spec spec(lua_State *L, const char *key, uint32_t kind) {
    if (lua_getfield(L, 2, key) == LUA_TNIL) /* of artificial cells, which get no points */
        return (struct hk_spec){0};
    return bind_spec(L, lua_gettop(L), key, kind);
}

/* Segments of the first cell's type, and their shares: fields `segments` and `shares`. */
static struct hk_place place(lua_State *L, const hk_net *net, uint32_t n_cell,
                             const uint32_t *cell) {
    struct hk_place p = {0};
    uint32_t limit = n_cell ? hk_cell_segments(hk_net_cell(net, cell[0]).type) : HK_NONE - 1;
    p.segment = indices(L, "segments", limit, &p.n);
    lua_getfield(L, 2, "shares");
    if (!lua_isnil(L, -1)) {
        size_t n = 0;
        p.share = bind_numbers(L, lua_gettop(L), "shares", &n);
        if (n != p.n)
            bind_fail(L, "%zu shares for %u segments", n, p.n);
    }
    return p;
}

static void set(lua_State *L, const char *key, uint32_t n) {
    lua_pushinteger(L, n);
    lua_setfield(L, -2, key);
}

/* { point = first, n_point = , input = , n_input = , connection = , n_connection = } */
static int push_made(lua_State *L, const struct hk_made *made) {
    lua_createtable(L, 0, 6);
    set(L, "point", made->point + 1);
    set(L, "n_point", made->n_point);
    set(L, "input", made->input + 1);
    set(L, "n_input", made->n_input);
    set(L, "connection", made->connection + 1);
    set(L, "n_connection", made->n_connection);
    return 1;
}

/* stimulate{ stream =, cells =, count =, input =, point =, segments =, shares =, weight =, delay =,
 * one_input = } */
static int net_stimulate(lua_State *L) {
    hk_net *net = bind_object(L, 1, BIND_NET);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    luaL_checkstack(L, 100, NULL);
    struct hk_stimulus s = {
        .stream = text(L, "stream"), .count = count(L, "count"), .one_input = flag(L, "one_input")};
    s.cell = indices(L, "cells", hk_net_cells(net), &s.n_cell);
    s.weight = bind_drawn(L, 2, "weight");
    s.delay = bind_drawn(L, 2, "delay");
    s.place = place(L, net, s.n_cell, s.cell);
    s.input = spec(L, "input", HK_INPUT);
    s.point = spec(L, "point", HK_POINT);
    struct hk_made made = {0};
    hk_status status = hk_net_stimulate(net, &s, &made);
    progress_erase();
    bind_check(L, status);
    return push_made(L, &made);
}

static enum hk_rule_kind rule_kind(lua_State *L) {
    static const char *const names[] = {"pairwise", "all", "one_to_one", "in_degree", "pairs"};
    const char *name = text(L, "rule");
    for (int k = 0; k < 5; k++)
        if (strcmp(names[k], name) == 0)
            return (enum hk_rule_kind)k;
    bind_fail(L, "no rule is called '%.60s'", name);
}

/* rule{ stream =, rule =, probability =, degree =, self =, pre =, post =, pair_pre =, pair_post =,
 * from =, threshold =, point =, segments =, shares =, weight =, delay = } */
static int net_rule(lua_State *L) {
    hk_net *net = bind_object(L, 1, BIND_NET);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    luaL_checkstack(L, 100, NULL);
    struct hk_rule r = {.stream = text(L, "stream"), .kind = rule_kind(L), .self = flag(L, "self")};
    if (r.kind == HK_PAIRWISE)
        r.probability = number(L, "probability");
    if (r.kind == HK_IN_DEGREE)
        r.degree = count(L, "degree");
    r.pre = indices(L, "pre", hk_net_cells(net), &r.n_pre);
    r.post = indices(L, "post", hk_net_cells(net), &r.n_post);
    if (r.kind == HK_PAIRS) {
        uint32_t n;
        r.pair_pre = indices(L, "pair_pre", r.n_pre, &r.n_pair);
        r.pair_post = indices(L, "pair_post", r.n_post, &n);
        if (n != r.n_pair)
            return bind_fail(L, "pairs: %u on the one side, %u on the other", r.n_pair, n);
    }
    r.from_segment = count(L, "from") - 1;
    r.threshold = number(L, "threshold");
    r.weight = bind_drawn(L, 2, "weight");
    r.delay = bind_drawn(L, 2, "delay");
    r.place = place(L, net, r.n_post, r.post);
    r.point = spec(L, "point", HK_POINT);
    struct hk_made made = {0};
    hk_status status = hk_net_rule(net, &r, &made);
    progress_erase();
    bind_check(L, status);
    return push_made(L, &made);
}

const luaL_Reg bind_bulk_methods[] = {
    {"stimulate", net_stimulate}, {"rule", net_rule}, {NULL, NULL}};
