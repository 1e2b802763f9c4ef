/* SPDX-License-Identifier: BSD-3-Clause */
#include "field.h"
#include "cell.h"
#include "error.h"
#include <math.h>
#include <string.h>

enum {
    CHANNEL = 1 << HK_CHANNEL,
    POINT = 1 << HK_POINT,
    INPUT = 1 << HK_INPUT,
    RECORDER = 1 << HK_RECORDER,
    MEMBRANE = CHANNEL | POINT,
    INSTANCES = MEMBRANE | INPUT
};

/* A point process has neither an ion's total current nor concentrations or a reversal potential of
 * its own to write: those belong to all that is at its segment, and channels hold them. */
static const struct role {
    const char *name;
    uint32_t kinds;
    bool column, ion;
} roles[] = {
    [HK_PARAMETER] = {"parameter", INSTANCES, true, false},
    [HK_STATE] = {"state", INSTANCES, true, false},
    [HK_ASSIGNED] = {"assigned", INSTANCES, true, false},
    [HK_DERIVED] = {"derived", INSTANCES, true, false},
    [HK_OBSERVED] = {"observed", MEMBRANE, true, false},
    [HK_REVERSAL] = {"reversal potential", MEMBRANE, true, true},
    [HK_INSIDE] = {"concentration inside", MEMBRANE, true, true},
    [HK_OUTSIDE] = {"concentration outside", MEMBRANE, true, true},
    [HK_ION_CURRENT] = {"ion's current", CHANNEL, true, true},
    [HK_WRITE_INSIDE] = {"written concentration inside", CHANNEL, true, true},
    [HK_WRITE_OUTSIDE] = {"written concentration outside", CHANNEL, true, true},
    [HK_WRITE_CURRENT] = {"written current", MEMBRANE, true, true},
    [HK_WRITE_REVERSAL] = {"written reversal potential", CHANNEL, true, true},
    [HK_DIAMETER] = {"diameter", MEMBRANE, true, false},
    [HK_AREA] = {"area", MEMBRANE, true, false},
    [HK_PORT] = {"port", MEMBRANE, true, false},
    [HK_GLOBAL] = {"global", INSTANCES | RECORDER, false, false},
    [HK_WEIGHT] = {"weight", POINT, false, false},
    [HK_LIST] = {"list", POINT | INPUT, false, false},
    [HK_TABLE] = {"table", INSTANCES, false, false},
};

static const struct role NO_ROLE = {NULL, 0, false, false};

static const struct role *role_of(uint32_t role) {
    return role < sizeof roles / sizeof roles[0] ? &roles[role] : &NO_ROLE;
}

const char *plugin_kind_name(uint32_t kind) {
    static const char *const name[] = {[HK_CHANNEL] = "a channel",
                                       [HK_POINT] = "a point process",
                                       [HK_INPUT] = "an input",
                                       [HK_RECORDER] = "a recorder"};
    return kind >= HK_CHANNEL && kind <= HK_RECORDER ? name[kind] : "of an unknown kind";
}

const char *field_role_name(uint32_t role) {
    return role_of(role)->name;
}

bool field_is_column(uint32_t role) {
    return role_of(role)->column;
}

bool field_is_ion(uint32_t role) {
    return role_of(role)->ion;
}

bool field_is_list(uint32_t role) {
    return role == HK_LIST || role == HK_TABLE;
}

bool field_writes_ion(uint32_t role) {
    return role == HK_WRITE_INSIDE || role == HK_WRITE_OUTSIDE || role == HK_WRITE_REVERSAL;
}

bool field_is_constant(uint32_t role) {
    return role == HK_PARAMETER || role == HK_DERIVED || role == HK_DIAMETER || role == HK_AREA;
}

bool field_varies(uint32_t role) {
    return role == HK_STATE || role == HK_ASSIGNED || role == HK_WRITE_CURRENT || role == HK_PORT;
}

bool field_fits(uint32_t role, uint32_t kind) {
    return kind >= HK_CHANNEL && kind <= HK_RECORDER && (role_of(role)->kinds >> kind & 1);
}

static bool is_limited(const struct hk_field *field) {
    return field->low != 0 || field->high != 0;
}

bool field_allows(const struct hk_field *field, double value) {
    return is_limited(field) ? value >= field->low && value <= field->high : (bool)isfinite(value);
}

hk_status field_check(hk_context *ctx, const char *where, const struct hk_plugin *plugin,
                      const struct hk_field *field, double value) {
    if (field_allows(field, value)) {
        return HK_OK;
    }
    const char *space = *field->unit ? " " : "", *colon = where ? ": " : "";
    where = where ? where : "";
    return is_limited(field) && !isnan(value)
               ? fail(ctx, HK_INVALID, "%s%s%s.%s is %g%s%s, not within %g to %g", where, colon,
                      plugin->name, field->name, value, space, field->unit, field->low, field->high)
               : fail(ctx, HK_INVALID, "%s%s%s.%s is %g, not a %snumber", where, colon,
                      plugin->name, field->name, value, is_limited(field) ? "" : "finite ");
}

bool field_ion(const struct hk_plugin *plugin, const char *ion, int *valence) {
    if (ion_known(ion, valence)) {
        return true;
    }
    for (uint32_t i = 0; i < plugin->n_ion; i++) {
        if (!strcmp(plugin->ion[i].name, ion)) {
            *valence = plugin->ion[i].valence;
            return true;
        }
    }
    return false;
}
