/* SPDX-License-Identifier: BSD-3-Clause */
#include "group_check.h"
#include "error.h"
#include <inttypes.h>

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
