/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_units: a network's cell types as kernels of their own. */
#include "bind.h"

static hk_net *check(lua_State *L) {
    return bind_object(L, 1, BIND_NET);
}

static int refused(lua_State *L) {
    lua_pushnil(L);
    lua_pushstring(L, hk_message(bind_world(L)->ctx));
    return 2;
}

/* units(): how many there are once it is built */
static int net_units(lua_State *L) {
    lua_pushinteger(L, hk_net_units(check(L)));
    return 1;
}

/* unit_source(k): the text, or nil and why there is none */
static int net_unit_source(lua_State *L) {
    hk_net *net = check(L);
    const char *text;
    hk_status status = hk_net_unit_source(net, bind_index(L, 2, "unit", hk_net_units(net)), &text);
    if (status)
        return refused(L);
    lua_pushstring(L, text);
    return 1;
}

/* unit_load(k, path, if_faster): true, or nil and why it is not taken */
static int net_unit_load(lua_State *L) {
    hk_net *net = check(L);
    uint32_t k = bind_index(L, 2, "unit", hk_net_units(net));
    if (hk_net_unit_load(net, k, luaL_checkstring(L, 3), lua_toboolean(L, 4)))
        return refused(L);
    lua_pushboolean(L, true);
    return 1;
}

const luaL_Reg bind_unit_methods[] = {{"units", net_units},
                                      {"unit_source", net_unit_source},
                                      {"unit_load", net_unit_load},
                                      {NULL, NULL}};
