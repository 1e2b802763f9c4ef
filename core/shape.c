/* SPDX-License-Identifier: BSD-3-Clause */
#include "layout.h"
#include "error.h"
#include <stdlib.h>
#include <string.h>

/* A segment's mechanisms as a word of bits, the most widespread mechanism first, so that sorting
 * words keeps each mechanism's rows in few runs. */
struct marked {
    uint32_t row, place; /* place: in the solver's order, so that it meets rows as they stand */
    const unsigned char *mark;
    uint32_t n_mark;
};

static int compare(const void *left, const void *right) {
    const struct marked *a = left, *b = right;
    int order = a->n_mark ? memcmp(b->mark, a->mark, a->n_mark) : 0;
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static uint32_t count(const struct cell_mechanism *mechanism, uint32_t n) {
    uint32_t sum = 0;
    for (uint32_t s = 0; s < n; s++) {
        sum += mechanism->in[s];
    }
    return sum;
}

/* mark[segment][k]: whether the k-th most widespread mechanism is there. */
static void make_marks(const hk_cell *type, unsigned char *mark, uint32_t *order) {
    uint32_t n = type->cable->n_segment, m = type->n_mechanism;
    for (uint32_t i = 0; i < m; i++) {
        uint32_t j = i, here = count(&type->mechanism[i], n);
        for (; j && count(&type->mechanism[order[j - 1]], n) < here; j--) {
            order[j] = order[j - 1];
        }
        order[j] = i;
    }
    for (uint32_t s = 0; s < n; s++) {
        for (uint32_t k = 0; k < m; k++) {
            mark[(size_t)s * m + k] = type->mechanism[order[k]].in[s];
        }
    }
}

hk_status shape_new(const hk_cell *type, struct shape *out) {
    const struct cable *cable = type->cable;
    uint32_t n = cable->n_segment, m = type->n_mechanism;
    unsigned char *mark = calloc((size_t)n * m + 1, 1);
    uint32_t *order = calloc(m + 1, sizeof *order);
    struct marked *marked = calloc(n, sizeof *marked);
    *out = (struct shape){.n_row = cable->n_node};
    out->row = calloc(cable->n_node, sizeof *out->row);
    out->order = calloc(cable->n_node, sizeof *out->order);
    out->up = calloc(cable->n_node, sizeof *out->up);
    out->set_first = calloc((size_t)n + 2, sizeof *out->set_first);
    bool fine = mark && order && marked && out->row && out->order && out->up && out->set_first &&
                solver_order(cable->n_node, cable->order, cable->parent, out->order, out->up);
    if (fine) {
        make_marks(type, mark, order);
        for (uint32_t k = 0; k < cable->n_node; k++) {
            uint32_t row = out->order[k];
            if (row < n) {
                marked[row] = (struct marked){row, k, mark + (size_t)row * m, m};
            }
        }
        qsort(marked, n, sizeof *marked, compare);
        for (uint32_t k = 0; k < n; k++) {
            out->row[k] = marked[k].row;
            if (k == 0 || memcmp(marked[k].mark, marked[k - 1].mark, m) != 0) {
                out->set_first[out->n_set++] = k;
            }
        }
        out->set_first[out->n_set++] = n;
        for (uint32_t k = n; k < cable->n_node; k++) {
            out->row[k] = k;
        }
        out->set_first[out->n_set] = cable->n_node;
    }
    free(mark);
    free(order);
    free(marked);
    if (!fine) {
        shape_free(out);
        return fail_memory(type->ctx, "the layout of a cell type");
    }
    return HK_OK;
}

void shape_free(struct shape *shape) {
    free(shape->row);
    free(shape->set_first);
    free(shape->order);
    free(shape->up);
    memset(shape, 0, sizeof *shape);
}
