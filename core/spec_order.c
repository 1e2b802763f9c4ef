/* SPDX-License-Identifier: BSD-3-Clause */
#include "spec_order.h"
#include <string.h>

static int compare(double a, double b) {
    return (a > b) - (a < b);
}

int spec_class_compare(const struct spec *a, const struct spec *b) {
    int order = strcmp(a->plugin->name, b->plugin->name);
    if (order || a->plugin != b->plugin) {
        return order;
    }
    for (uint32_t j = 0; j < a->plugin->n_field && !order; j++) {
        order = a->plugin->field[j].role == HK_GLOBAL ? compare(a->value[j], b->value[j]) : 0;
    }
    return order;
}

static int compare_lists(struct hk_list a, struct hk_list b, uint32_t width) {
    int order = (a.rows > b.rows) - (a.rows < b.rows);
    for (uint32_t i = 0; i < a.rows * width && !order; i++) {
        order = compare(a.value[i], b.value[i]);
    }
    return order;
}

int spec_compare(const struct spec *a, const struct spec *b) {
    int order = 0;
    for (uint32_t j = 0; j < a->plugin->n_field && !order; j++) {
        const struct hk_field *field = &a->plugin->field[j];
        if (field->role == HK_WEIGHT) {
            continue;
        }
        order = field->role == HK_LIST ? compare_lists(spec_list(a, j), spec_list(b, j),
                                                       field->width ? field->width : 1)
                                       : compare(a->value[j], b->value[j]);
    }
    return order;
}
