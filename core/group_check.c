/* SPDX-License-Identifier: BSD-3-Clause */
#include "group_check.h"
#include "error.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

void group_note(struct group *g, hk_status status, const struct hk_plugin *plugin,
                const char *reason, uint32_t at, uint32_t input) {
    g->status = status;
    g->bad_plugin = plugin;
    g->bad_reason = reason;
    g->bad_input = input;
    for (uint32_t row = 0; row < g->n_row; row++) {
        if (at >= g->row_at[row] && at - g->row_at[row] < g->lanes) {
            g->bad_row = row;
            g->bad_lane = at - g->row_at[row];
        }
    }
}

bool group_check(struct group *g) {
    g->status = HK_OK;
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        for (uint32_t k = 0; patch->plugin->check && k < patch->run.n; k++) {
            const char *reason = patch->plugin->check(&patch->block, k);
            if (reason) {
                group_note(g, HK_INVALID, patch->plugin, reason, g->copy_of[patch->run.at + k],
                           HK_NONE);
                return false;
            }
        }
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        const struct point_patch *point = &g->point[p];
        for (uint32_t k = 0; point->plugin->check && k < point->n; k++) {
            if (point->dense && point->scale[k] == 0) {
                continue; /* nobody's */
            }
            const char *reason = point->plugin->check(&point->block, k);
            if (reason) {
                group_note(g, HK_INVALID, point->plugin, reason, point->position[k], HK_NONE);
                return false;
            }
        }
    }
    for (uint32_t p = 0; p < g->n_kind; p++) {
        struct generators *kind = &g->kind[p];
        for (uint32_t k = 0; kind->plugin->check && k < kind->n; k++) {
            const char *reason = generators_check(g->net, kind, k);
            if (reason) {
                group_note(g, HK_INVALID, kind->plugin, reason, HK_NONE,
                           (uint32_t)series_get(&kind->input, k));
                return false;
            }
        }
    }
    return true;
}

hk_status group_check_say(const hk_net *net, const struct group *g) {
    if (g->bad_input != HK_NONE) {
        return fail(net->ctx, g->status, "input %" PRIu32 ": %s: %s", g->bad_input,
                    g->bad_plugin->name, g->bad_reason);
    }
    struct hk_cell_of cell = hk_net_cell(net, g->cell[g->bad_lane]);
    struct hk_segment segment = hk_cell_segment(g->type, g->bad_row);
    struct hk_section section = hk_morph_get(hk_cell_morph(g->type), segment.section);
    return fail(net->ctx, g->status, "cell %" PRIu64 " (%s), segment %s(%.4g): %s: %s",
                cell.identity, cell.population_name, section.name, segment.x, g->bad_plugin->name,
                g->bad_reason);
}

/* The mechanisms of a segment, those with a state that is not finite marked. */
static void list_mechanisms(const struct group *g, uint32_t segment, uint32_t lane, char *text,
                            size_t room) {
    size_t used = 0;
    text[0] = 0;
    for (uint32_t p = 0; p < g->n_patch && used < room; p++) {
        const struct patch *patch = &g->patch[p];
        uint32_t at = g->row_at[segment] + lane;
        if (at < patch->run.at || at - patch->run.at >= patch->run.n) {
            continue;
        }
        const char *note = "";
        char state[64];
        for (uint32_t j = 0; j < patch->plugin->n_column; j++) {
            uint32_t role = patch->plugin->field[j].role;
            if (role != HK_PARAMETER && role != HK_OBSERVED &&
                !isfinite(patch->col[j][at - patch->run.at])) {
                snprintf(state, sizeof state, " (its %s is not finite)",
                         patch->plugin->field[j].name);
                note = state;
            }
        }
        used += (size_t)snprintf(text + used, room - used, "%s%s%s", used ? ", " : "",
                                 patch->plugin->name, note);
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        const struct point_patch *point = &g->point[p];
        bool here = false;
        for (uint32_t k = 0; k < point->n; k++) {
            here =
                here || (point->scale[k] != 0 && point->position[k] == g->row_at[segment] + lane);
        }
        if (here && used < room) {
            used += (size_t)snprintf(text + used, room - used, "%s%s", used ? ", " : "",
                                     point->plugin->name);
        }
    }
}

hk_status group_diverged_say(const hk_net *net, const struct group *g) {
    struct hk_cell_of cell = hk_net_cell(net, g->cell[g->bad_lane]);
    double v = g->v[g->row_at[g->bad_row] + g->bad_lane];
    double t = (double)g->bad_step * net->options.dt;
    char what[40];
    snprintf(what, sizeof what, "%g mV", v);
    if (isnan(v)) { /* printf says nan or -nan */
        snprintf(what, sizeof what, "not a number");
    }
    if (g->bad_row >= g->n_segment) {
        return fail(net->ctx, HK_DIVERGED,
                    "v is %s at t = %g ms in cell %" PRIu64 " (%s) at a branch point", what, t,
                    cell.identity, cell.population_name);
    }
    struct hk_segment segment = hk_cell_segment(g->type, g->bad_row);
    struct hk_section section = hk_morph_get(hk_cell_morph(g->type), segment.section);
    char mechanisms[512];
    list_mechanisms(g, g->bad_row, g->bad_lane, mechanisms, sizeof mechanisms);
    return fail(net->ctx, HK_DIVERGED,
                "v is %s at t = %g ms in cell %" PRIu64 " (%s), segment %s(%.4g), which has %s",
                what, t, cell.identity, cell.population_name, section.name, segment.x,
                mechanisms[0] ? mechanisms : "no mechanism");
}
