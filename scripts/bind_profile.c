/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_profile: where the time of a network's runs goes. */
#include "bind.h"
#include "hillock/plugin.h"

static void push_mechanisms(lua_State *L, const struct hk_profile *p) {
    lua_createtable(L, (int)p->n_mechanism, 0);
    for (uint32_t i = 0; i < p->n_mechanism; i++) {
        const struct hk_profile_mechanism *m = &p->mechanism[i];
        lua_createtable(L, 0, 7);
        bind_set_text(L, "name", m->name);
        bind_set_text(L, "kind", m->kind == HK_POINT ? "point" : "channel");
        bind_set_whole(L, "instances", m->instances);
        bind_set_whole(L, "events", m->events);
        bind_set_real(L, "current_s", m->current_s);
        bind_set_real(L, "advance_s", m->advance_s);
        bind_set_real(L, "receive_s", m->receive_s);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_phases(lua_State *L, const struct hk_profile *p) {
    lua_createtable(L, (int)p->n_phase, 0);
    for (uint32_t i = 0; i < p->n_phase; i++) {
        lua_createtable(L, 0, 2);
        bind_set_text(L, "name", p->phase[i].name);
        bind_set_real(L, "s", p->phase[i].s);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_threads(lua_State *L, const struct hk_profile *p) {
    lua_createtable(L, (int)p->n_thread, 0);
    for (uint32_t i = 0; i < p->n_thread; i++) {
        lua_pushnumber(L, p->busy_s[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* profile(): a table, or nil where the options did not ask for one or nothing has been built. */
static int net_profile(lua_State *L) {
    struct hk_profile p;
    hk_status status = hk_net_profile(bind_object(L, 1, BIND_NET), &p);
    if (status == HK_ORDER)
        return 0;
    bind_check(L, status);
    lua_createtable(L, 0, 16);
    bind_set_whole(L, "runs", p.runs);
    bind_set_whole(L, "steps", p.steps);
    bind_set_whole(L, "spikes", p.spikes);
    bind_set_whole(L, "events", p.events);
    bind_set_whole(L, "compartments", p.compartments);
    bind_set_whole(L, "groups", p.groups);
    bind_set_whole(L, "least_cells", p.least_cells);
    bind_set_whole(L, "most_cells", p.most_cells);
    bind_set_whole(L, "group_bytes", p.group_bytes);
    bind_set_real(L, "build_s", p.build_s);
    bind_set_real(L, "run_s", p.run_s);
    bind_set_real(L, "total_s", p.total_s);
    bind_set_real(L, "overhead_s", p.overhead_s);
    push_phases(L, &p);
    lua_setfield(L, -2, "phases");
    push_mechanisms(L, &p);
    lua_setfield(L, -2, "mechanisms");
    push_threads(L, &p);
    lua_setfield(L, -2, "busy_s");
    return 1;
}

const luaL_Reg bind_profile_methods[] = {{"profile", net_profile}, {NULL, NULL}};
