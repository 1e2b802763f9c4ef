/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_port: ports of mechanisms and points, and what they show. */
#include "bind.h"
#include "hillock/plugin.h"

static uint32_t *indices(lua_State *L, int table, const char *key, uint32_t limit, uint32_t *n) {
    lua_getfield(L, table, key);
    return bind_indices(L, lua_gettop(L), key, limit, n);
}

/* The targets in the table at argument `table`: { points = | cells =, segments =, mechanism = or
 * nil, field = }. */
static struct hk_target *targets(lua_State *L, const hk_net *net, int table, uint32_t *n) {
    luaL_checktype(L, table, LUA_TTABLE);
    lua_getfield(L, table, "mechanism");
    const char *mechanism = bind_optional_text(L, lua_gettop(L), "mechanism");
    lua_getfield(L, table, "field");
    const char *field = bind_text(L, lua_gettop(L), "field");
    uint32_t *index = indices(L, table, "points", hk_net_n_points(net), n), *segment = NULL, m;
    bool points = index != NULL;
    if (!points) {
        index = indices(L, table, "cells", hk_net_cells(net), n);
        segment = indices(L, table, "segments", HK_NONE - 1, &m);
        if (!index || !segment || m != *n)
            bind_fail(L, "port: %u cells and %u segments", *n, m);
    }
    struct hk_target *target = bind_scratch(L, *n, sizeof *target);
    for (uint32_t i = 0; i < *n; i++) {
        target[i] = points ? (struct hk_target){.at = HK_AT_POINT, .index = index[i]}
                           : (struct hk_target){.at = HK_AT_SEGMENT,
                                                .index = index[i],
                                                .segment = segment[i],
                                                .mechanism = mechanism};
        target[i].field = field;
    }
    return target;
}

/* port(ports, shown): as many of both, or one shown for all */
static int net_port(lua_State *L) {
    hk_net *net = bind_object(L, 1, BIND_NET);
    lua_settop(L, 3);
    luaL_checkstack(L, 100, NULL);
    uint32_t n, m;
    struct hk_target *port = targets(L, net, 2, &n), *one = targets(L, net, 3, &m);
    if (m != n && m != 1)
        return bind_fail(L, "port: %u ports and %u sources", n, m);
    struct hk_target *shown = bind_scratch(L, n, sizeof *shown);
    for (uint32_t i = 0; i < n; i++)
        shown[i] = one[m == 1 ? 0 : i];
    bind_check(L, hk_net_port(net, n, port, shown));
    return 0;
}

const luaL_Reg bind_port_methods[] = {{"port", net_port}, {NULL, NULL}};
