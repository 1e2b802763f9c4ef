/* SPDX-License-Identifier: BSD-3-Clause */
/* network_artificial: points without a place. Each sits on a cell of its own, of one segment and
 * without mechanisms, which stands for it in what is dealt out by cells, and which nobody sees. */
#include "error.h"
#include "hillock/morphology.h"
#include "network_index.h"
#include <inttypes.h>

/* Whether it needs no membrane. */
static hk_status check_plugin(const hk_net *net, const struct hk_plugin *plugin) {
    if (plugin->current) {
        return fail(net->ctx, HK_INVALID,
                    "%s has a current, and an artificial cell has no membrane: put it on a cell",
                    plugin->name);
    }
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        const struct hk_field *field = &plugin->field[j];
        if (field->ion || field->role == HK_AREA || field->role == HK_DIAMETER) {
            return fail(net->ctx, HK_INVALID,
                        "%s reads %s of its segment, and an artificial cell has none: put it on a "
                        "cell",
                        plugin->name, field->name);
        }
    }
    return HK_OK;
}

static hk_status make_type(hk_net *net, const char *name, hk_cell **out) {
    const struct hk_section_spec section = {
        .domain = "artificial", .parent = HK_NONE, .length_um = 10, .diam_um = 10};
    hk_morph *morph = NULL;
    *out = NULL;
    hk_status status;
    (void)((status = hk_morph_new(net->ctx, name, &morph)) ||
           (status = hk_morph_section(morph, &section, NULL)) ||
           (status = hk_cell_new(net->ctx, name, morph, out)) || (status = hk_cell_build(*out)));
    if (status) {
        hk_cell_free(*out);
    }
    hk_morph_free(morph);
    return status;
}

/* Writes the points beyond the count. */
static hk_status put_points(hk_net *net, uint32_t spec, uint32_t n) {
    hk_status status = network_points_room(net, n);
    for (uint32_t i = 0; !status && i < n; i++) {
        status = network_point_add(
            net, (struct point){.spec = spec, .cell = net->n_cell + i, .segment = 0});
    }
    return status;
}

hk_status hk_net_artificial(hk_net *net, const char *name, const struct hk_spec *spec, uint32_t n,
                            const uint64_t *identity, uint32_t *first) {
    hk_status status = network_open(net, "artificial cells");
    uint32_t of = 0;
    hk_cell *type = NULL;
    if (!status && (!name || !*name)) {
        status = fail(net->ctx, HK_INVALID, "artificial cells need a name");
    }
    for (uint32_t i = 0; !status && identity && i < n; i++) {
        if (identity[i] & ARTIFICIAL_IDENTITY) {
            status =
                fail(net->ctx, HK_INVALID, "identity %" PRIu64 " is not below 2^63", identity[i]);
        }
    }
    if (status || (status = network_spec(net, spec, HK_POINT, &of)) ||
        (status = check_plugin(net, net->spec[of].of->plugin)) ||
        (status = make_type(net, name, &type))) {
        return status;
    }
    (void)((status = network_point_ions(net, of, type)) || (status = put_points(net, of, n)) ||
           (status = network_population_add(net, name, type, n, identity, true, NULL)));
    hk_cell_free(type);
    if (status) {
        network_drop(net);
        return status;
    }
    net->population[net->n_population - 1].point = net->n_point;
    if (first) {
        *first = net->n_point;
    }
    network_points_put(net, of, n);
    return HK_OK;
}

uint32_t network_artificial_point(const hk_net *net, uint32_t cell) {
    const struct population *population = network_population(net, cell);
    return population->point + (cell - population->first);
}

hk_status hk_net_artificial_cell(hk_net *net, uint32_t point, uint32_t *cell) {
    if (point >= net->n_point) {
        return fail(net->ctx, HK_NOT_FOUND, "point %" PRIu32 " does not exist: there are %" PRIu32,
                    point, net->n_point);
    }
    uint32_t at = network_point_cell(net, point);
    if (!network_population(net, at)->artificial) {
        return fail(net->ctx, HK_INVALID,
                    "point %" PRIu32 " sits on a cell: it is no artificial cell", point);
    }
    *cell = at;
    return HK_OK;
}
