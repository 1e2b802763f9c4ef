/* SPDX-License-Identifier: BSD-3-Clause */
#include "probe_field.h"
#include "error.h"
#include "network_index.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint32_t find_column(const struct hk_plugin *plugin, const char *name) {
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        if (!strcmp(plugin->field[j].name, name)) {
            return j;
        }
    }
    return HK_NONE;
}

/* What a plugin's instance has to record, for messages. */
static hk_status no_such_field(const hk_net *net, const struct hk_plugin *plugin,
                               const char *name) {
    char text[512] = "";
    size_t used = 0;
    for (uint32_t j = 0; j < plugin->n_column && used < sizeof text; j++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s, ", plugin->field[j].name);
    }
    return fail(net->ctx, HK_NOT_FOUND, "%s has no \"%s\" to record; it has %s%s", plugin->name,
                name, text, plugin->current ? "i, g" : "no current");
}

static hk_status resolve_instance(const hk_net *net, const struct hk_plugin *plugin,
                                  const char *name, struct probe_field *out) {
    out->column = find_column(plugin, name);
    if (out->column != HK_NONE) {
        out->what = FIELD_COLUMN;
        return HK_OK;
    }
    /* a channel's current by its ion's name too: ina of Na */
    bool own = plugin->carries && name[0] == 'i' && !strcmp(name + 1, plugin->carries);
    if (plugin->current && (!strcmp(name, "i") || own)) {
        out->what = FIELD_CURRENT;
    } else if (plugin->current && !strcmp(name, "g")) {
        out->what = FIELD_SLOPE;
    } else {
        return no_such_field(net, plugin, name);
    }
    return HK_OK;
}

/* Whether name is `before`, the ion's name, `after`. */
static bool is_ion(const char *name, const char *before, const char *ion, const char *after) {
    char text[40];
    snprintf(text, sizeof text, "%s%s%s", before, ion, after);
    return !strcmp(name, text);
}

static hk_status resolve_membrane(const hk_net *net, const hk_cell *type,
                                  const struct hk_target *target, struct probe_field *out) {
    const char *name = target->field;
    if (!strcmp(name, "v")) {
        out->what = FIELD_V;
        return HK_OK;
    }
    char text[512] = "v";
    size_t used = 1;
    for (uint32_t m = 0; m < type->n_ion; m++) {
        const struct cell_ion *ion = &type->ion[m];
        if (!ion->use[target->segment]) {
            continue;
        }
        out->ion = m;
        if (is_ion(name, "e", ion->name, "")) {
            out->what = FIELD_REVERSAL;
            return HK_OK;
        }
        if (is_ion(name, "i", ion->name, "")) {
            out->what = FIELD_ION_CURRENT;
            return HK_OK;
        }
        if (is_ion(name, "", ion->name, "i")) {
            out->what = FIELD_INSIDE;
            return HK_OK;
        }
        if (is_ion(name, "", ion->name, "o")) {
            out->what = FIELD_OUTSIDE;
            return HK_OK;
        }
        if (used < sizeof text) {
            used += (size_t)snprintf(text + used, sizeof text - used, ", e%s, i%s, %si, %so",
                                     ion->name, ion->name, ion->name, ion->name);
        }
    }
    return fail(net->ctx, HK_NOT_FOUND,
                "there is no \"%s\" to record at segment %" PRIu32
                " of cell type \"%s\"; there is %s",
                name, target->segment, type->name, text);
}

static hk_status resolve_segment(const hk_net *net, const struct hk_target *target,
                                 struct probe_field *out) {
    if (target->index >= net->n_cell) {
        return fail(net->ctx, HK_NOT_FOUND,
                    "there is no cell %" PRIu32 ": the network has %" PRIu32, target->index,
                    net->n_cell);
    }
    hk_status status = network_membranes((hk_net *)(uintptr_t)net, 1, &target->index);
    if (status) {
        return status;
    }
    const hk_cell *type = hk_net_cell(net, target->index).type;
    if (target->segment >= type->cable->n_segment) {
        return fail(net->ctx, HK_NOT_FOUND,
                    "there is no segment %" PRIu32 ": cell type \"%s\" has %" PRIu32,
                    target->segment, type->name, type->cable->n_segment);
    }
    if (!target->mechanism) {
        return resolve_membrane(net, type, target, out);
    }
    for (uint32_t m = 0; m < type->n_mechanism; m++) {
        const struct cell_mechanism *mechanism = &type->mechanism[m];
        if (!strcmp(mechanism->plugin->name, target->mechanism) && mechanism->in[target->segment]) {
            out->mechanism = m;
            return resolve_instance(net, mechanism->plugin, target->field, out);
        }
    }
    char text[512] = "";
    size_t used = 0;
    for (uint32_t m = 0; m < type->n_mechanism && used < sizeof text; m++) {
        if (type->mechanism[m].in[target->segment]) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "",
                                     type->mechanism[m].plugin->name);
        }
    }
    return fail(net->ctx, HK_NOT_FOUND,
                "there is no %s at segment %" PRIu32 " of cell type \"%s\"; there is %s",
                target->mechanism, target->segment, type->name, used ? text : "no mechanism");
}

hk_status probe_resolve(const hk_net *net, const struct hk_target *target,
                        struct probe_field *out) {
    *out = (struct probe_field){.mechanism = HK_NONE, .ion = HK_NONE, .column = HK_NONE};
    if (!target->field) {
        return fail(net->ctx, HK_INVALID, "a probe's target names no field");
    }
    if (target->at == HK_AT_SEGMENT) {
        return resolve_segment(net, target, out);
    }
    if (target->at != HK_AT_POINT) {
        return fail(net->ctx, HK_INVALID, "a probe of values looks at segments and points");
    }
    if (target->index >= net->n_point) {
        return fail(net->ctx, HK_NOT_FOUND,
                    "there is no point %" PRIu32 ": the network has %" PRIu32, target->index,
                    net->n_point);
    }
    if (!strcmp(target->field, "v")) {
        uint32_t cell = network_point_cell(net, target->index);
        out->what = FIELD_V;
        return network_membranes((hk_net *)(uintptr_t)net, 1, &cell);
    }
    return resolve_instance(net, network_point_spec(net, target->index)->of->plugin, target->field,
                            out);
}
