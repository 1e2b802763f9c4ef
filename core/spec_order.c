/* SPDX-License-Identifier: BSD-3-Clause */
#include "spec_order.h"
#include "field.h"
#include <string.h>

static int compare(double a, double b) {
    return (a > b) - (a < b);
}

static int compare_lists(struct hk_list a, struct hk_list b, uint32_t width) {
    int order = (a.rows > b.rows) - (a.rows < b.rows);
    for (uint32_t i = 0; i < a.rows * width && !order; i++) {
        order = compare(a.value[i], b.value[i]);
    }
    return order;
}

/* By what a block has once for all its instances. */
static int compare_common(const struct spec *a, const struct spec *b, uint32_t j) {
    const struct hk_field *field = &a->of->plugin->field[j];
    switch (field->role) {
    case HK_GLOBAL: return compare(a->of->value[j], b->of->value[j]);
    case HK_TABLE:
        return compare_lists(spec_list(a, j), spec_list(b, j), field->width ? field->width : 1);
    default: return 0;
    }
}

int spec_class_compare(const struct spec *a, const struct spec *b) {
    int order = strcmp(a->of->plugin->name, b->of->plugin->name);
    if (order || a->of->plugin != b->of->plugin) {
        return order;
    }
    for (uint32_t j = 0; j < a->of->plugin->n_field && !order; j++) {
        order = compare_common(a, b, j);
    }
    return order;
}

int spec_compare(const struct spec *a, const struct spec *b) {
    int order = 0;
    for (uint32_t j = 0; j < a->of->plugin->n_field && !order; j++) {
        const struct hk_field *field = &a->of->plugin->field[j];
        if (field->role == HK_WEIGHT) {
            continue;
        }
        order = field_is_list(field->role) ? compare_lists(spec_list(a, j), spec_list(b, j),
                                                           field->width ? field->width : 1)
                                           : compare(a->of->value[j], b->of->value[j]);
    }
    return order;
}
