/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_network: networks: cells, points, inputs, sources and connections one by one or listed, and
 * the run. What is made in bulk is in bind_bulk.c, what is recorded in bind_probe.c. */
#include "bind.h"
#include "hillock/plugin.h"
#include "progress.h"
#include <math.h>
#include <string.h>

static hk_net *check(lua_State *L) {
    return bind_object(L, 1, BIND_NET);
}

static void destroy(void *it) {
    hk_net_free(it);
}

/* ---- a network */

static double option(lua_State *L, const char *key, double fallback) {
    double x = lua_getfield(L, 1, key) == LUA_TNIL ? fallback : bind_number(L, -1, key);
    lua_pop(L, 1);
    return x;
}

static uint32_t option_count(lua_State *L, const char *key, uint32_t fallback) {
    uint32_t n = lua_getfield(L, 1, key) == LUA_TNIL ? fallback : bind_count(L, -1, key);
    lua_pop(L, 1);
    return n;
}

/* network{ celsius =, v_init =, dt =, seed =, threads =, group =, profile = } */
static int net_new(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    struct hk_net_options o = hk_net_defaults();
    o.celsius = option(L, "celsius", o.celsius);
    o.v_init = option(L, "v_init", o.v_init);
    o.dt = option(L, "dt", o.dt);
    o.threads = option_count(L, "threads", bind_threads(L) ? bind_threads(L) : o.threads);
    o.group = option_count(L, "group", o.group);
    o.stop = &hillock_stop;
    lua_getfield(L, 1, "profile");
    o.profile = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (progress_wanted)
        o.progress = progress_draw;
    if (lua_getfield(L, 1, "seed") != LUA_TNIL) {
        int whole = 0;
        o.seed = (uint64_t)(lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &whole) : 0);
        if (!whole)
            return bind_expected(L, -1, "seed", "a whole number");
    }
    struct bind_object *object = bind_object_new(L, BIND_NET, destroy);
    hk_net *net = NULL;
    bind_check(L, hk_net_new(bind_world(L)->ctx, &o, &net));
    object->it = net;
    return 1;
}

/* close(): an error where a recorder could not end its file; the network is gone either way */
static int net_close(lua_State *L) {
    struct bind_object *object = luaL_testudata(L, 1, BIND_NET);
    if (!object)
        bind_expected(L, 1, "close", "a network");
    hk_net *net = object->it;
    if (net) {
        object->it = NULL;
        hk_status status = hk_net_close(net);
        hk_net_free(net);
        bind_check(L, status);
    }
    return 0;
}

/* ---- cells */

/* population(name, celltype, n, identities or nil): the first cell's number */
static int net_population(lua_State *L) {
    hk_net *net = check(L);
    const char *name = bind_text(L, 2, "population: name");
    hk_cell *cell = bind_object(L, 3, BIND_CELL);
    uint32_t n = bind_count(L, 4, "population: number of cells"), first = 0;
    size_t n_identity = 0;
    lua_settop(L, 5);
    const uint64_t *identity = bind_identities(L, 5, "ids", &n_identity);
    if (identity && n_identity != n)
        return bind_fail(L, "ids: %zu for %u cells", n_identity, n);
    bind_check(L, hk_net_population(net, name, cell, n, identity, &first));
    lua_pushinteger(L, (lua_Integer)first + 1);
    return 1;
}

/* identities(first, n): an array */
static int net_identities(lua_State *L) {
    hk_net *net = check(L);
    uint32_t n_cell = hk_net_cells(net);
    lua_settop(L, 2);
    uint32_t n, *cell = bind_indices(L, 2, "cells", n_cell, &n);
    struct bind_array *a = bind_array_new(L, n, true);
    for (uint32_t i = 0; i < n; i++)
        a->x[i] = (double)hk_net_cell(net, cell[i]).identity;
    return 1;
}

/* set(cells, mechanism or nil, field, segments or nil, value or values) */
static int net_set(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 6);
    const char *mechanism = bind_optional_text(L, 3, "set: mechanism"),
               *field = bind_text(L, 4, "set: field");
    uint32_t n_cell, *cell = bind_indices(L, 2, "cells", hk_net_cells(net), &n_cell), n = 0;
    if (n_cell == 0)
        return 0;
    uint32_t limit = hk_cell_segments(hk_net_cell(net, cell[0]).type);
    uint32_t *segment = bind_indices(L, 5, "segments", limit, &n);
    double one = 0;
    const double *value = &one;
    size_t n_value = 1, want = segment ? n : limit;
    bool each = lua_type(L, 6) != LUA_TNUMBER;
    if (each)
        value = bind_numbers(L, 6, field, &n_value);
    else
        one = lua_tonumber(L, 6);
    if (each && n_value != want)
        return bind_fail(L, "%s: %zu values for %zu segments", field, n_value, want);
    if (segment && n == 0)
        return 0;
    bind_check(L, hk_net_set(net, n_cell, cell, mechanism, field, n, segment, value, each));
    return 0;
}

/* ---- points and inputs */

/* Segments of cells that may be of different types: each at most its own cell's number of segments.
 */
static void check_segments(lua_State *L, const hk_net *net, uint32_t n, const uint32_t *cell,
                           const uint32_t *segment) {
    for (uint32_t i = 0; i < n; i++) {
        uint32_t limit = hk_cell_segments(hk_net_cell(net, cell[i]).type);
        if (segment[i] >= limit)
            bind_fail(L, "segment %u does not exist, the cell has 1 to %u", segment[i] + 1, limit);
    }
}

/* The places at arguments arg and arg + 1: cells and segments, as many of both. */
static uint32_t places(lua_State *L, const hk_net *net, int arg, uint32_t **cell,
                       uint32_t **segment) {
    uint32_t n, m;
    *cell = bind_indices(L, arg, "cells", hk_net_cells(net), &n);
    *segment = bind_indices(L, arg + 1, "segments", HK_NONE - 1, &m);
    if (n != m)
        bind_fail(L, "%u cells and %u segments", n, m);
    check_segments(L, net, n, *cell, *segment);
    return n;
}

/* points(spec, cells, segments): the first one's number */
static int net_points(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 4);
    uint32_t *cell, *segment, n = places(L, net, 3, &cell, &segment), first = 0;
    struct hk_spec spec = bind_spec(L, 2, "point process", HK_POINT);
    bind_check(L, hk_net_points(net, &spec, n, cell, segment, &first));
    lua_pushinteger(L, (lua_Integer)first + 1);
    return 1;
}

/* artificial(name, spec, n, identities or nil): the first one's number, as a point */
static int net_artificial(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 5);
    const char *name = bind_text(L, 2, "artificial: name");
    uint32_t n = bind_count(L, 4, "artificial: number of cells"), first = 0;
    size_t n_identity = 0;
    const uint64_t *identity = bind_identities(L, 5, "ids", &n_identity);
    if (identity && n_identity != n)
        return bind_fail(L, "ids: %zu for %u artificial cells", n_identity, n);
    struct hk_spec spec = bind_spec(L, 3, "artificial cell", HK_POINT);
    bind_check(L, hk_net_artificial(net, name, &spec, n, identity, &first));
    lua_pushinteger(L, (lua_Integer)first + 1);
    return 1;
}

/* artificial_cells(points): what stands for them in rules, an array */
static int net_artificial_cells(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 2);
    uint32_t n, *point = bind_indices(L, 2, "points", hk_net_n_points(net), &n);
    struct bind_array *a = bind_array_new(L, n, true);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t cell = 0;
        bind_check(L, hk_net_artificial_cell(net, point[i], &cell));
        a->x[i] = (double)cell + 1;
    }
    return 1;
}

/* inputs(spec, stream or nil, n, identities or nil, indices or nil): the first one's number */
static int net_inputs(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 6);
    const char *stream = bind_optional_text(L, 3, "input: name");
    uint32_t n = bind_count(L, 4, "inputs: number"), first = 0;
    size_t n_identity = 0, n_index = 0;
    const uint64_t *identity = bind_identities(L, 5, "identities", &n_identity);
    const uint64_t *index = bind_identities(L, 6, "indices", &n_index);
    if ((identity && n_identity != n) || (index && n_index != n))
        return bind_fail(L, "inputs: as many identities and indices as inputs are needed");
    struct hk_spec spec = bind_spec(L, 2, "input", HK_INPUT);
    bind_check(L, hk_net_inputs(net, &spec, stream, n, identity, index, &first));
    lua_pushinteger(L, (lua_Integer)first + 1);
    return 1;
}

/* inputs_each(spec, stream or nil, n, fields): n inputs, the k-th with the k-th element of each of
 * the spec's `fields` and index k - 1; the first one's number */
static int net_inputs_each(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 5);
    const char *stream = bind_optional_text(L, 3, "input: name");
    uint32_t n = bind_count(L, 4, "inputs: number"), first = 0;
    luaL_checktype(L, 2, LUA_TTABLE);
    luaL_checktype(L, 5, LUA_TTABLE);
    lua_newtable(L); /* 6: the spec of one */
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, 6);
    }
    for (uint32_t k = 0; k < n; k++) {
        for (lua_Integer f = 1; lua_rawgeti(L, 5, f) != LUA_TNIL; f++) {
            lua_pushvalue(L, -1);
            lua_gettable(L, 2);
            lua_geti(L, -1, (lua_Integer)k + 1);
            lua_remove(L, -2);
            lua_rawset(L, 6);
        }
        uint64_t index = k;
        uint32_t number = 0;
        struct hk_spec spec = bind_spec(L, 6, "input", HK_INPUT);
        bind_check(L, hk_net_inputs(net, &spec, stream, 1, NULL, &index, &number));
        first = k == 0 ? number : first;
        lua_settop(L, 6);
    }
    lua_pushinteger(L, (lua_Integer)first + 1);
    return 1;
}

/* point_set(points, field, value or values) */
static int net_point_set(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 4);
    uint32_t n, *point = bind_indices(L, 2, "points", hk_net_n_points(net), &n);
    const char *field = bind_text(L, 3, "set: field");
    double one = 0;
    const double *value = &one;
    size_t n_value = n;
    bool each = lua_type(L, 4) != LUA_TNUMBER;
    if (each)
        value = bind_numbers(L, 4, field, &n_value);
    else
        one = lua_tonumber(L, 4);
    if (n_value != n)
        return bind_fail(L, "%s: %zu values for %u points", field, n_value, n);
    if (n > 0)
        bind_check(L, hk_net_point_set(net, n, point, field, value, each));
    return 0;
}

/* point_get(points, field): an array */
static int net_point_get(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 3);
    uint32_t n, *point = bind_indices(L, 2, "points", hk_net_n_points(net), &n);
    const char *field = bind_text(L, 3, "get: field");
    struct bind_array *a = bind_array_new(L, n, false);
    for (uint32_t i = 0; i < n; i++)
        bind_check(L, hk_net_point_get(net, point[i], field, &a->x[i]));
    return 1;
}

/* Pushes an index, or nil for HK_NONE. */
static void push_index(lua_State *L, uint32_t i) {
    if (i == HK_NONE)
        lua_pushnil(L);
    else
        lua_pushinteger(L, (lua_Integer)i + 1);
}

/* point(i): plugin's name, cell, segment; nil and nil of an artificial cell */
static int net_point(lua_State *L) {
    hk_net *net = check(L);
    struct hk_point_of p = hk_net_point(net, bind_index(L, 2, "point", hk_net_n_points(net)));
    lua_pushstring(L, p.plugin->name);
    push_index(L, p.cell);
    push_index(L, p.segment);
    return 3;
}

/* ---- sources and connections. A source is passed as it is, an opaque number. */

/* detectors(cells, segments, threshold): an array of sources */
static int net_detectors(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 4);
    double threshold = bind_number(L, 4, "threshold");
    uint32_t *cell, *segment, n = places(L, net, 2, &cell, &segment);
    struct bind_array *a = bind_array_new(L, n, true);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t source = 0;
        bind_check(L, hk_net_detector(net, cell[i], segment[i], threshold, &source));
        a->x[i] = source;
    }
    return 1;
}

/* sources("input" or "point", indices): an array of sources */
static int net_sources(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 3);
    bool input = strcmp(bind_text(L, 2, "source: kind"), "input") == 0;
    uint32_t n, *index = bind_indices(L, 3, "sources",
                                      input ? hk_net_n_inputs(net) : hk_net_n_points(net), &n);
    struct bind_array *a = bind_array_new(L, n, true);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t source = 0;
        bind_check(L, hk_net_source(net, input ? HK_FROM_INPUT : HK_FROM_POINT, index[i], &source));
        a->x[i] = source;
    }
    return 1;
}

static uint32_t source_number(lua_State *L, double x) {
    if (!(x >= 0 && x < HK_NONE && floor(x) == x))
        bind_fail(L, "%.15g is no source", x);
    return (uint32_t)x;
}

/* source(number): kind, cell or nil, segment or nil, index, threshold */
static int net_source(lua_State *L) {
    static const char *const kind[] = {"detector", "input", "point"};
    struct hk_source_of s;
    bind_check(L, hk_net_source_get(check(L), source_number(L, bind_number(L, 2, "source")), &s));
    lua_pushstring(L, kind[s.kind]);
    push_index(L, s.cell);
    push_index(L, s.segment);
    lua_pushinteger(L, (lua_Integer)s.index + 1);
    lua_pushnumber(L, s.threshold);
    return 5;
}

/* A number for each of n, or the list's own. Pushes scratch. */
static const double *spread(lua_State *L, int arg, const char *what, size_t n, size_t width) {
    if (lua_type(L, arg) != LUA_TNUMBER) {
        size_t have = 0;
        const double *x = bind_numbers(L, arg, what, &have);
        if (have != n * width)
            bind_fail(L, "%s: %zu numbers for %zu connections", what, have, n);
        return x;
    }
    double value = lua_tonumber(L, arg), *x = bind_scratch(L, n * width, sizeof *x);
    for (size_t i = 0; i < n * width; i++)
        x[i] = value;
    return x;
}

/* connect(sources, points, weights or nil, n_weight, delays): how many there were before */
static int net_connect(lua_State *L) {
    hk_net *net = check(L);
    lua_settop(L, 6);
    size_t n = 0;
    const double *number = bind_numbers(L, 2, "sources", &n);
    uint32_t *source = bind_scratch(L, n, sizeof *source);
    for (size_t i = 0; i < n; i++)
        source[i] = source_number(L, number[i]);
    uint32_t m, *point = bind_indices(L, 3, "points", hk_net_n_points(net), &m);
    if (m != n)
        return bind_fail(L, "connect: %zu sources and %u points", n, m);
    uint32_t n_weight = lua_isnil(L, 4) ? 0 : bind_count(L, 5, "weight: numbers a connection");
    const double *weight = n_weight ? spread(L, 4, "weight", n, n_weight) : NULL;
    const double *delay = spread(L, 6, "delay", n, 1);
    lua_pushinteger(L, hk_net_n_connections(net));
    bind_check(L, hk_net_connect(net, m, source, point, weight, n_weight, delay));
    return 1;
}

/* connection(i): source, point, delay, weights... */
static int net_connection(lua_State *L) {
    hk_net *net = check(L);
    struct hk_connection_of c =
        hk_net_connection(net, bind_index(L, 2, "connection", hk_net_n_connections(net)));
    luaL_checkstack(L, (int)c.n_weight + 3, NULL);
    lua_pushinteger(L, c.source);
    lua_pushinteger(L, (lua_Integer)c.point + 1);
    lua_pushnumber(L, c.delay);
    for (uint32_t i = 0; i < c.n_weight; i++)
        lua_pushnumber(L, c.weight[i]);
    return 3 + (int)c.n_weight;
}

/* ---- the run */

static int net_build(lua_State *L) {
    hk_status status = hk_net_build(check(L));
    progress_erase();
    bind_check(L, status);
    return 0;
}

/* run(until). Interrupted, it writes what was recorded before it throws. */
static int net_run(lua_State *L) {
    hk_net *net = check(L);
    hk_status status = hk_net_run(net, bind_number(L, 2, "run: until"));
    progress_erase();
    if (status == HK_INTERRUPTED) {
        hillock_stop = 2; /* told */
        bind_check(L, hk_net_flush(net));
        return bind_fail(L, "interrupted at t = %.10g ms: what was recorded until then is kept",
                         hk_net_time(net));
    }
    bind_check(L, status);
    return 0;
}

/* reset(): not after an interrupt, when no run could follow and what was recorded would be lost */
static int net_reset(lua_State *L) {
    hk_net *net = check(L);
    if (hillock_stop)
        return bind_fail(L, "interrupted: there are no more runs, and what was recorded is kept");
    bind_check(L, hk_net_reset(net));
    return 0;
}

static int net_flush(lua_State *L) {
    bind_check(L, hk_net_flush(check(L)));
    return 0;
}

static int net_time(lua_State *L) {
    lua_pushnumber(L, hk_net_time(check(L)));
    return 1;
}

static int net_facts(lua_State *L) {
    struct hk_net_facts f = hk_net_facts(check(L));
    lua_createtable(L, 0, 16);
    bind_set_whole(L, "cells", f.cells);
    bind_set_whole(L, "compartments", f.compartments);
    bind_set_whole(L, "points", f.points);
    bind_set_whole(L, "instances", f.instances);
    bind_set_whole(L, "connections", f.connections);
    bind_set_whole(L, "inputs", f.inputs);
    bind_set_whole(L, "groups", f.groups);
    bind_set_whole(L, "threads", f.threads);
    bind_set_whole(L, "units", f.units);
    bind_set_whole(L, "bytes", f.bytes);
    bind_set_whole(L, "steps", f.steps);
    bind_set_whole(L, "spikes", f.spikes);
    bind_set_whole(L, "events", f.events);
    bind_set_real(L, "build_s", f.build_s);
    bind_set_real(L, "run_s", f.run_s);
    bind_set_real(L, "epoch_ms", f.epoch_ms);
    return 1;
}

static int net_counts(lua_State *L) {
    hk_net *net = check(L);
    lua_pushinteger(L, (lua_Integer)hk_net_facts(net).cells);
    lua_pushinteger(L, hk_net_n_points(net));
    lua_pushinteger(L, hk_net_n_inputs(net));
    lua_pushinteger(L, hk_net_n_connections(net));
    lua_pushinteger(L, hk_net_n_detectors(net));
    return 5;
}

void bind_open_network(lua_State *L) {
    static const luaL_Reg methods[] = {{"population", net_population},
                                       {"identities", net_identities},
                                       {"set", net_set},
                                       {"points", net_points},
                                       {"artificial", net_artificial},
                                       {"artificial_cells", net_artificial_cells},
                                       {"inputs", net_inputs},
                                       {"inputs_each", net_inputs_each},
                                       {"point_set", net_point_set},
                                       {"point_get", net_point_get},
                                       {"point", net_point},
                                       {"detectors", net_detectors},
                                       {"sources", net_sources},
                                       {"source", net_source},
                                       {"connect", net_connect},
                                       {"connection", net_connection},
                                       {"build", net_build},
                                       {"run", net_run},
                                       {"reset", net_reset},
                                       {"flush", net_flush},
                                       {"time", net_time},
                                       {"facts", net_facts},
                                       {"counts", net_counts},
                                       {NULL, NULL}};
    static const luaL_Reg functions[] = {{"network", net_new}, {NULL, NULL}};
    bind_type(L, BIND_NET, methods);
    luaL_getmetatable(L, BIND_NET);
    lua_getfield(L, -1, "__index");
    luaL_setfuncs(L, bind_bulk_methods, 0);
    luaL_setfuncs(L, bind_probe_methods, 0);
    luaL_setfuncs(L, bind_port_methods, 0);
    luaL_setfuncs(L, bind_profile_methods, 0);
    luaL_setfuncs(L, bind_save_methods, 0);
    luaL_setfuncs(L, bind_row_methods, 0);
    luaL_setfuncs(L, bind_unit_methods, 0);
    lua_pushcfunction(L, net_close);
    lua_setfield(L, -2, "close");
    lua_pop(L, 2);
    luaL_setfuncs(L, functions, 0);
}
