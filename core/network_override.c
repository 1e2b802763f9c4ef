/* SPDX-License-Identifier: BSD-3-Clause */
/* network_override: values of single cells that differ from their type's. */
#include "error.h"
#include "network_index.h"
#include <inttypes.h>

/* What hk_net_set was asked for, for the cells of one type. */
struct setting {
    const hk_cell *type;
    struct cell_place place;
    const char *mechanism, *field;
    uint32_t n;
    const uint32_t *segment; /* NULL: all that have it */
    const double *value;
    uint32_t stride;
    uint32_t count; /* segments that are set */
};

static bool has(const struct setting *s, uint32_t segment) {
    switch (s->place.kind) {
    case CELL_REVERSAL:
    case CELL_INSIDE:
    case CELL_OUTSIDE: return s->type->ion[s->place.ion].use[segment] != 0;
    case CELL_COLUMN: return s->type->mechanism[s->place.mechanism].in[segment];
    case CELL_CM:
    case CELL_GLOBAL:
    case CELL_TABLE: break;
    }
    return true;
}

/* Checks all of a setting for this type and counts its segments. */
static hk_status prepare(hk_net *net, const hk_cell *type, struct setting *s) {
    const char *of = s->mechanism ? s->mechanism : "", *dot = s->mechanism ? "." : "";
    s->type = type;
    s->count = 0;
    hk_status status = cell_resolve(type, s->mechanism, s->field, &s->place);
    if (status) {
        return status;
    }
    if (s->place.kind == CELL_GLOBAL || s->place.kind == CELL_TABLE) {
        return fail(
            net->ctx, HK_INVALID,
            "%s%s%s is one value for all of cell type \"%s\": it cannot differ between cells", of,
            dot, s->field, type->name);
    }
    uint32_t n = s->segment ? s->n : hk_cell_segments(type);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t segment = s->segment ? s->segment[i] : i;
        status = network_segment(net, type, segment);
        if (status) {
            return status;
        }
        if (!has(s, segment)) {
            if (s->segment) {
                return fail(net->ctx, HK_NOT_FOUND,
                            "segment %" PRIu32 " of cell type \"%s\" has no %s", segment,
                            type->name, s->mechanism ? s->mechanism : s->field);
            }
            continue;
        }
        status = cell_check(type, &s->place, s->field, s->value[(size_t)s->count * s->stride]);
        if (status) {
            return status;
        }
        s->count++;
    }
    return HK_OK;
}

/* Writes them for one cell; there is room. */
static void append(hk_net *net, uint32_t cell, const struct setting *s) {
    uint32_t n = s->segment ? s->n : hk_cell_segments(s->type);
    for (uint32_t i = 0, k = 0; i < n; i++) {
        uint32_t segment = s->segment ? s->segment[i] : i;
        if (has(s, segment)) {
            net->override[net->n_override++] =
                (struct override){.cell = cell,
                                  .segment = segment,
                                  .place = s->place,
                                  .value = s->value[(size_t)k++ * s->stride]};
        }
    }
}

hk_status hk_net_set(hk_net *net, uint32_t n_cell, const uint32_t *cell, const char *mechanism,
                     const char *field, uint32_t n, const uint32_t *segment, const double *value,
                     uint32_t stride) {
    hk_status status = network_open(net, "values of cells");
    if (status || (status = network_cells(net, n_cell, cell)) ||
        (status = network_membranes(net, n_cell, cell))) {
        return status;
    }
    if (!field || !value) {
        return fail(net->ctx, HK_INVALID, "a %s is missing", field ? "value" : "field's name");
    }
    struct setting setting = {.mechanism = mechanism,
                              .field = field,
                              .n = n,
                              .segment = segment,
                              .value = value,
                              .stride = stride};
    uint64_t count = 0;
    for (uint32_t i = 0; i < n_cell; i++) {
        const hk_cell *type = network_population(net, cell[i])->type;
        if (type != setting.type && (status = prepare(net, type, &setting))) {
            return status;
        }
        count += setting.count;
    }
    if (!NETWORK_ROOM(net, override, count)) {
        return fail_memory(net->ctx, "values of cells");
    }
    for (uint32_t i = 0; i < n_cell; i++) {
        const hk_cell *type = network_population(net, cell[i])->type;
        if (type != setting.type && (status = prepare(net, type, &setting))) {
            return status; /* not reached: it went well above */
        }
        append(net, cell[i], &setting);
    }
    return HK_OK;
}
