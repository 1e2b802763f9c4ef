/* SPDX-License-Identifier: BSD-3-Clause */
/* network_port: what the ports of mechanisms and points show. */
#include "error.h"
#include "network_index.h"
#include "probe_field.h"
#include <inttypes.h>
#include <stdlib.h>

static const struct hk_plugin *plugin_of(const hk_net *net, const struct port_end *end) {
    return end->point != HK_NONE
               ? network_point_spec(net, end->point)->of->plugin
               : network_population(net, end->cell)->type->mechanism[end->field.mechanism].plugin;
}

/* Finds what a target names. */
static hk_status find_end(const hk_net *net, const struct hk_target *target, struct port_end *out) {
    *out = (struct port_end){.cell = target->index, .segment = target->segment, .point = HK_NONE};
    hk_status status = probe_resolve(net, target, &out->field);
    if (!status && target->at == HK_AT_POINT) {
        struct point point = network_point(net, target->index);
        out->cell = point.cell;
        out->segment = point.segment;
        out->point = out->field.what == FIELD_V ? HK_NONE : target->index;
    }
    return status;
}

static hk_status find_port(const hk_net *net, const struct hk_target *target,
                           struct port_end *out) {
    hk_status status = find_end(net, target, out);
    if (status) {
        return status;
    }
    if (out->field.what != FIELD_COLUMN) {
        return fail(net->ctx, HK_INVALID, "\"%s\" is no port: ports are columns of mechanisms",
                    target->field);
    }
    const struct hk_plugin *plugin = plugin_of(net, out);
    return plugin->field[out->field.column].role == HK_PORT
               ? HK_OK
               : fail(net->ctx, HK_INVALID, "%s.%s is no port", plugin->name, target->field);
}

static hk_status find_shown(const hk_net *net, const struct hk_target *target,
                            struct port_end *out) {
    hk_status status = find_end(net, target, out);
    if (status || out->field.what < FIELD_COLUMN) {
        return status;
    }
    const struct hk_plugin *plugin = plugin_of(net, out);
    if (out->field.what != FIELD_COLUMN) {
        return fail(net->ctx, HK_INVALID,
                    "a port cannot show %s.%s, the whole current or slope, which nobody keeps: it "
                    "shows v, columns, and variables of ions such as ica",
                    plugin->name, target->field);
    }
    uint32_t role = plugin->field[out->field.column].role;
    return role <= HK_DERIVED ? HK_OK
                              : fail(net->ctx, HK_INVALID, "a port cannot show %s.%s, %s",
                                     plugin->name, target->field,
                                     role == HK_PORT ? "which is a port itself"
                                                     : "which is not kept from step to step");
}

/* Somebody reads this ion's total current in cells of this type from now on. */
static hk_status tap_current(hk_net *net, const struct port_end *shown) {
    const hk_cell *type = network_population(net, shown->cell)->type;
    if (shown->field.what != FIELD_ION_CURRENT || network_taps(net, type, shown->field.ion)) {
        return HK_OK;
    }
    if (!NETWORK_ROOM(net, tapped, 1)) {
        return fail_memory(net->ctx, "ports");
    }
    net->tapped[net->n_tapped++] = (struct tapped){type, shown->field.ion};
    return HK_OK;
}

bool network_taps(const hk_net *net, const hk_cell *type, uint32_t ion) {
    for (uint32_t k = 0; k < net->n_tapped; k++) {
        if (net->tapped[k].type == type && net->tapped[k].ion == ion) {
            return true;
        }
    }
    return false;
}

hk_status hk_net_port(hk_net *net, uint32_t n, const struct hk_target *port,
                      const struct hk_target *shown) {
    hk_status status = network_open(net, "ports");
    if (status) {
        return status;
    }
    if (n && (!port || !shown)) {
        return fail(net->ctx, HK_INVALID, "a port and what it shows are needed");
    }
    if (!NETWORK_ROOM(net, port, n)) {
        return fail_memory(net->ctx, "ports");
    }
    for (uint32_t i = 0; !status && i < n; i++) {
        struct port *made = &net->port[net->n_port + i];
        (void)((status = find_port(net, &port[i], &made->at)) ||
               (status = find_shown(net, &shown[i], &made->shown)) ||
               (status = tap_current(net, &made->shown)));
        if (status) {
            return fail_within(net->ctx, status, "port %" PRIu32 " of %" PRIu32, i, n);
        }
    }
    net->n_port += n;
    return HK_OK;
}
