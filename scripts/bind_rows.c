/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_rows: what a run's manifest and results folder have of a network: what was recorded as a
 * whole, its hash and its file, the plugins, the wiring. */
#include "bind.h"
#include "hillock/plugin.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static hk_net *check(lua_State *L) {
    return bind_object(L, 1, BIND_NET);
}

static uint32_t probe_at(lua_State *L, hk_net *net) {
    return bind_index(L, 2, "probe", hk_net_n_probes(net));
}

/* recorded(probe): { recorder =, memory = whether it keeps its rows there, columns = names, every =
 * ms, nil of what is not sampled } */
static int net_recorded(lua_State *L) {
    hk_net *net = check(L);
    struct hk_probe_of of;
    bind_check(L, hk_net_probe_get(net, probe_at(L, net), &of));
    lua_createtable(L, 0, 4);
    bind_set_text(L, "recorder", of.recorder->name);
    lua_pushboolean(L, of.recorder->record->view != NULL);
    lua_setfield(L, -2, "memory");
    if (of.interval > 0)
        bind_set_real(L, "every", of.interval);
    lua_createtable(L, (int)of.n_column, 0);
    for (uint32_t i = 0; i < of.n_column; i++) {
        lua_pushstring(L, of.column[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "columns");
    return 1;
}

/* hash(probe): the SHA-256 of the rows in memory, as they are there: little-endian doubles on every
 * machine that hillock runs on. */
static int net_hash(lua_State *L) {
    hk_net *net = check(L);
    uint64_t n_row = 0;
    uint32_t n_column = 0;
    const double *row = NULL;
    bind_check(L, hk_net_rows(net, probe_at(L, net), &n_row, &n_column, &row));
    char hex[65];
    hk_hash(row, n_row * n_column * sizeof *row, hex);
    lua_pushstring(L, hex);
    return 1;
}

/* ---- a file of what is in memory, as the recorder csv writes it */

struct writer {
    struct hk_recorder recorder;
    char why[512];
};

static void writer_fail(struct hk_recorder *recorder, const char *format, ...) {
    struct writer *w = recorder->to;
    va_list ap;
    va_start(ap, format);
    vsnprintf(w->why, sizeof w->why, format, ap);
    va_end(ap);
}

/* Opens, writes and closes; not 0 where one of them failed. */
static int write_all(const struct hk_record *record, struct hk_recorder *r, const double *row,
                     uint64_t n_row) {
    int failed = record->open(r);
    if (failed)
        return failed;
    while (n_row && !failed) {
        uint32_t some = n_row > 1 << 20 ? 1 << 20 : (uint32_t)n_row;
        failed = record->write(r, row, some);
        row += (size_t)some * r->n_column;
        n_row -= some;
    }
    return record->close(r) || failed;
}

/* write(probe, path): with as few digits as give each number back. */
static int net_write(lua_State *L) {
    static const struct hk_host host = {.size = sizeof host, .fail = writer_fail};
    static const double digits = 0;
    hk_net *net = check(L);
    uint32_t probe = probe_at(L, net);
    uint64_t n_row = 0;
    uint32_t n_column = 0;
    const double *row = NULL;
    const struct hk_plugin *csv = NULL;
    struct hk_probe_of of;
    bind_check(L, hk_net_rows(net, probe, &n_row, &n_column, &row));
    bind_check(L, hk_net_probe_get(net, probe, &of));
    bind_check(L, hk_plugin_find(bind_world(L)->ctx, "csv", HK_RECORDER, &csv));
    struct writer w = {{.path = bind_text(L, 3, "path"),
                        .column = of.column,
                        .n_column = n_column,
                        .global = &digits,
                        .host = &host},
                       ""};
    w.recorder.to = &w;
    w.recorder.state = bind_scratch(L, 1, csv->record->state_size);
    memset(w.recorder.state, 0, csv->record->state_size);
    if (write_all(csv->record, &w.recorder, row, n_row))
        return bind_fail(L, "%s", w.why[0] ? w.why : w.recorder.path);
    return 0;
}

/* ---- plugins and wiring */

/* plugins(): those that the network uses, a list of { name =, kind =, path =, hash = } */
static int net_plugins(lua_State *L) {
    static const char *const kinds[] = {"any", "channel", "point", "input", "recorder"};
    hk_net *net = check(L);
    hk_context *ctx = bind_world(L)->ctx;
    const struct hk_plugin **list = NULL;
    uint32_t room = 64, n;
    do {
        room *= 2;
        list = bind_scratch(L, room, sizeof(struct hk_plugin *));
        n = hk_net_plugins(net, list, room);
    } while (n == room);
    lua_createtable(L, (int)n, 0);
    for (uint32_t i = 0; i < n; i++) {
        struct hk_plugin_info info;
        bind_check(L, hk_plugin_about(ctx, list[i], &info));
        lua_createtable(L, 0, 4);
        bind_set_text(L, "name", list[i]->name);
        bind_set_text(L, "kind", kinds[list[i]->kind <= HK_RECORDER ? list[i]->kind : 0]);
        bind_set_text(L, "path", info.path);
        bind_set_text(L, "hash", info.hash);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* wiring(): of the connections from detectors to points on cells, arrays: pre cells, post cells,
 * post segments, first weights, delays */
static int net_wiring(lua_State *L) {
    hk_net *net = check(L);
    uint32_t n = hk_net_n_connections(net), found = 0;
    struct hk_source_of source;
    for (uint32_t i = 0; i < n; i++) {
        struct hk_connection_of c = hk_net_connection(net, i);
        bind_check(L, hk_net_source_get(net, c.source, &source));
        found += source.kind == HK_DETECTOR && hk_net_point(net, c.point).cell != HK_NONE;
    }
    double *column[5];
    for (int k = 0; k < 5; k++)
        column[k] = bind_array_new(L, found, k < 3)->x;
    for (uint32_t i = 0, at = 0; i < n; i++) {
        struct hk_connection_of c = hk_net_connection(net, i);
        struct hk_point_of point = hk_net_point(net, c.point);
        bind_check(L, hk_net_source_get(net, c.source, &source));
        if (source.kind != HK_DETECTOR || point.cell == HK_NONE)
            continue;
        column[0][at] = source.cell + 1.0;
        column[1][at] = point.cell + 1.0;
        column[2][at] = point.segment + 1.0;
        column[3][at] = c.n_weight ? c.weight[0] : 0;
        column[4][at++] = c.delay;
    }
    return 5;
}

const luaL_Reg bind_row_methods[] = {{"recorded", net_recorded}, {"hash", net_hash},
                                     {"write", net_write},       {"plugins", net_plugins},
                                     {"wiring", net_wiring},     {NULL, NULL}};
