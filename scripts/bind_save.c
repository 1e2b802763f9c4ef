/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_save: a network as a file and back; the digest of its model. */
#include "bind.h"

static hk_net *check(lua_State *L) {
    return bind_object(L, 1, BIND_NET);
}

/* save(path) */
static int net_save(lua_State *L) {
    hk_net *net = check(L);
    bind_check(L, hk_net_save(net, bind_text(L, 2, "save: path")));
    return 0;
}

/* restore(path) */
static int net_restore(lua_State *L) {
    hk_net *net = check(L);
    bind_check(L, hk_net_restore(net, bind_text(L, 2, "restore: path")));
    return 0;
}

/* digest(): 64 hexadecimal digits */
static int net_digest(lua_State *L) {
    char hex[65];
    bind_check(L, hk_net_digest(check(L), hex));
    lua_pushstring(L, hex);
    return 1;
}

const luaL_Reg bind_save_methods[] = {
    {"save", net_save}, {"restore", net_restore}, {"digest", net_digest}, {NULL, NULL}};
