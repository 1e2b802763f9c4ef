/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports: from what the user connected to what groups hand to each other. */
#include "error.h"
#include "layout.h"
#include <inttypes.h>
#include <stdlib.h>

struct wish {             /* an instance's port */
    uint32_t group, from; /* that it is in, that it looks into */
    const double *where;
    uint32_t *slot;
};

/* ---- columns */

static uint32_t count_ports(const struct hk_plugin *plugin) {
    uint32_t n = 0;
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        n += plugin->field[j].role == HK_PORT;
    }
    return n;
}

/* The ports of n instances with these columns; no slot has been found so far. */
static void add_columns(struct group *g, const struct hk_plugin *plugin, const hk_col *col,
                        uint32_t n) {
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        if (plugin->field[j].role == HK_PORT) {
            uint32_t *slot = ARENA_NEW(&g->arena, n, uint32_t);
            for (uint32_t k = 0; slot && k < n; k++) {
                slot[k] = HK_NONE;
            }
            g->port[g->n_port++] =
                (struct port_column){.column = col[j], .slot = slot, .n = n, .field = j};
        }
    }
}

static bool open_group(struct group *g) {
    uint32_t n = 0;
    for (uint32_t p = 0; p < g->n_patch; p++) {
        n += count_ports(g->patch[p].plugin);
    }
    g->barred = n > 0; /* a unit makes a step of channels in one go */
    for (uint32_t p = 0; p < g->n_point; p++) {
        n += count_ports(g->point[p].plugin);
    }
    if (!n) {
        return true;
    }
    g->port = ARENA_NEW(&g->arena, n, struct port_column);
    for (uint32_t p = 0; g->port && p < g->n_patch; p++) {
        add_columns(g, g->patch[p].plugin, g->patch[p].col, g->patch[p].run.n);
    }
    for (uint32_t p = 0; g->port && p < g->n_point; p++) {
        add_columns(g, g->point[p].plugin, g->point[p].col, g->point[p].padded);
    }
    return !g->arena.failed;
}

/* ---- ends */

struct found { /* where an end is */
    struct group *group;
    hk_col column; /* of a mechanism or point */
    uint32_t instance;
    uint32_t at; /* its place's flat position */
};

static struct found find_end(const struct plan *plan, const struct port_end *end) {
    const struct layout *layout = plan->layout;
    struct group *g = &layout->group[layout->group_of[end->cell]];
    struct found out = {.group = g, .at = g->row_at[end->segment] + layout->lane_of[end->cell]};
    if (end->point != HK_NONE) {
        const struct probed *probed = plan_probed(plan, end->point);
        out.column = g->point[probed->patch].col[end->field.column];
        out.instance = probed->instance;
    } else if (end->field.what == FIELD_COLUMN) {
        const struct patch *patch = layout_patch(g, end->field.mechanism, out.at);
        out.column = patch->col[end->field.column];
        out.instance = out.at - patch->run.at;
    }
    return out;
}

/* The slot of an instance's port, to be filled. */
static uint32_t *find_slot(const struct plan *plan, const struct port_end *end) {
    struct found at = find_end(plan, end);
    struct port_column *port = at.group->port;
    while (port->column != at.column) {
        port++;
    }
    return &port->slot[at.instance];
}

/* What `current` stores in a channel's columns is a step ahead where there is a unit. */
static bool is_stored(const struct group *g, const struct port_end *end) {
    if (end->point != HK_NONE || end->field.what != FIELD_COLUMN) {
        return end->field.what == FIELD_ION_CURRENT;
    }
    uint32_t role = g->type->mechanism[end->field.mechanism].plugin->field[end->field.column].role;
    return role == HK_ASSIGNED || role == HK_WRITE_CURRENT || role == HK_ION_CURRENT;
}

static const double *find_shown(const struct plan *plan, const struct port_end *end,
                                uint32_t *group) {
    struct found at = find_end(plan, end);
    struct group *g = at.group;
    const struct group_ion *ion = g->ion + end->field.ion; /* where the field is an ion's */
    *group = (uint32_t)(g - plan->layout->group);
    g->barred = g->barred || is_stored(g, end);
    switch (end->field.what) {
    case FIELD_V: return g->v + at.at;
    case FIELD_REVERSAL: return ion->reversal + at.at;
    case FIELD_INSIDE: return ion->inside + at.at;
    case FIELD_OUTSIDE: return ion->outside + at.at;
    case FIELD_ION_CURRENT: return ion->current + at.at;
    default: return at.column + at.instance;
    }
}

/* ---- what nobody connected */

static hk_status unconnected(const hk_net *net, const struct group *g, const char *plugin,
                             const char *port, uint32_t at) {
    uint32_t row = 0;
    while (at < g->row_at[row] || at - g->row_at[row] >= g->lanes) {
        row++;
    }
    struct hk_cell_of cell = hk_net_cell(net, g->cell[at - g->row_at[row]]);
    struct hk_segment segment = hk_cell_segment(g->type, row);
    struct hk_section section = hk_morph_get(hk_cell_morph(g->type), segment.section);
    return fail(net->ctx, HK_INVALID,
                "cell %" PRIu64 " (%s), segment %s(%.4g): the port %s.%s shows nothing: it must be "
                "connected",
                cell.identity, cell.population_name, section.name, segment.x, plugin, port);
}

/* Gives padding the slots of what it copies; an error where an instance has none. */
static hk_status complete(const hk_net *net, struct group *g) {
    uint32_t p = 0;
    for (uint32_t c = 0; c < g->n_patch; c++) {
        const struct patch *patch = &g->patch[c];
        for (uint32_t j = count_ports(patch->plugin); j-- > 0; p++) {
            for (uint32_t k = 0; k < patch->run.n; k++) {
                uint32_t at = g->copy_of[patch->run.at + k];
                g->port[p].slot[k] = g->port[p].slot[at - patch->run.at];
                if (g->port[p].slot[k] == HK_NONE) {
                    return unconnected(net, g, patch->plugin->name,
                                       patch->plugin->field[g->port[p].field].name, at);
                }
            }
        }
    }
    for (uint32_t c = 0; c < g->n_point; c++) {
        const struct point_patch *point = &g->point[c];
        for (uint32_t j = count_ports(point->plugin); j-- > 0; p++) {
            for (uint32_t k = 0; k < point->padded; k++) {
                g->port[p].slot[k] = g->port[p].slot[k < point->n ? k : point->n - 1];
                if (g->port[p].slot[k] == HK_NONE) {
                    return unconnected(net, g, point->plugin->name,
                                       point->plugin->field[g->port[p].field].name,
                                       point->position[k]);
                }
            }
        }
    }
    return HK_OK;
}

/* ---- slots */

static int by_source(const void *left, const void *right) {
    const struct wish *a = left, *b = right;
    if (a->from != b->from) {
        return a->from < b->from ? -1 : 1;
    }
    uintptr_t x = (uintptr_t)a->where, y = (uintptr_t)b->where;
    return (x > y) - (x < y);
}

/* The last one that the user connected to each port. */
static uint32_t find_wishes(const struct plan *plan, struct wish *wish) {
    const hk_net *net = plan->net;
    uint32_t n = 0;
    for (uint32_t i = 0; i < net->n_port; i++) {
        uint32_t *slot = find_slot(plan, &net->port[i].at);
        uint32_t k = *slot == HK_NONE ? n++ : *slot;
        *slot = k;
        wish[k] =
            (struct wish){.group = plan->layout->group_of[net->port[i].at.cell], .slot = slot};
        wish[k].where = find_shown(plan, &net->port[i].shown, &wish[k].from);
    }
    return n;
}

/* Slots in the order of the groups that fill them; one for all that look at one thing. */
static bool lay_taps(struct layout *layout, struct wish *wish, uint32_t n) {
    qsort(wish, n, sizeof *wish, by_source);
    uint32_t slots = 0;
    for (uint32_t k = 0; k < n; k++) {
        struct group *from = &layout->group[wish[k].from];
        if (k == 0 || by_source(&wish[k], &wish[k - 1]) != 0) {
            from->first_tap = from->n_tap ? from->first_tap : slots;
            from->n_tap++;
            slots++;
        }
        *wish[k].slot = slots - 1;
        if (wish[k].group != wish[k].from) {
            layout->group[wish[k].group].coupled = from->coupled = true;
        }
    }
    layout->relay = calloc(2 * (size_t)slots + 1, sizeof *layout->relay);
    for (uint32_t j = 0; layout->relay && j < layout->n_group; j++) {
        struct group *g = &layout->group[j];
        g->relay[0] = layout->relay;
        g->relay[1] = layout->relay + slots;
        g->tap = ARENA_NEW(&g->arena, g->n_tap, const double *);
        if (!g->tap) {
            return false;
        }
    }
    for (uint32_t k = 0; layout->relay && k < n; k++) {
        struct group *from = &layout->group[wish[k].from];
        from->tap[*wish[k].slot - from->first_tap] = wish[k].where;
    }
    layout->n_relay = 2 * slots;
    return layout->relay != NULL;
}

/* Groups that look into each other step together, the others by themselves. */
static bool sort_groups(struct layout *layout) {
    layout->coupled = calloc(layout->n_group, sizeof *layout->coupled);
    layout->single = calloc(layout->n_group, sizeof *layout->single);
    for (uint32_t k = 0; layout->coupled && layout->single && k < layout->n_group; k++) {
        if (layout->group[k].coupled) {
            layout->coupled[layout->n_coupled++] = k;
        } else {
            layout->single[layout->n_single++] = k;
        }
    }
    return layout->coupled && layout->single;
}

hk_status layout_ports(struct plan *plan) {
    struct layout *layout = plan->layout;
    const hk_net *net = plan->net;
    bool fine = true;
    for (uint32_t k = 0; fine && k < layout->n_group; k++) {
        fine = open_group(&layout->group[k]);
    }
    if (fine && net->n_port) {
        struct wish *wish = calloc(net->n_port, sizeof *wish);
        fine = wish && lay_taps(layout, wish, find_wishes(plan, wish)) && sort_groups(layout);
        free(wish);
    }
    hk_status status = fine ? HK_OK : fail_memory(net->ctx, "ports");
    for (uint32_t k = 0; !status && k < layout->n_group; k++) {
        status = complete(net, &layout->group[k]);
    }
    return status;
}
