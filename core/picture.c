/* SPDX-License-Identifier: BSD-3-Clause */
#include "picture.h"
#include "field.h"
#include <string.h>

/* Takes the array into the picture, gives it back, or compares it; false where it differs. */
static bool pass_array(struct picture *picture, enum picture_way way, double *array, uint32_t n) {
    double *copy = picture->value + picture->used;
    picture->used += n;
    switch (way) {
    case PICTURE_TAKE: memcpy(copy, array, n * sizeof *copy); break;
    case PICTURE_GIVE: memcpy(array, copy, n * sizeof *copy); break;
    case PICTURE_COMPARE: return memcmp(copy, array, n * sizeof *copy) == 0;
    }
    return true;
}

bool picture_pass(struct picture *picture, enum picture_way way, struct group *g) {
    picture->used = 0;
    bool same = pass_array(picture, way, g->v, g->n_flat);
    same = pass_array(picture, way, g->i, g->n_flat) && same;
    same = pass_array(picture, way, g->g, g->n_flat) && same;
    for (uint32_t m = 0; m < g->n_ion; m++) {
        const struct group_ion *ion = &g->ion[m];
        double *own[] = {ion->reversal != ion->start.reversal ? ion->reversal : NULL,
                         ion->inside != ion->start.inside ? ion->inside : NULL,
                         ion->outside != ion->start.outside ? ion->outside : NULL, ion->current};
        for (size_t k = 0; k < sizeof own / sizeof *own; k++) {
            same = (!own[k] || pass_array(picture, way, own[k], g->n_flat)) && same;
        }
    }
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        for (uint32_t j = 0; j < patch->plugin->n_column; j++) {
            if (field_varies(patch->plugin->field[j].role)) {
                same = pass_array(picture, way, patch->col[j], patch->run.n) && same;
            }
        }
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        const struct point_patch *point = &g->point[p];
        for (uint32_t j = 0; j < point->plugin->n_column; j++) {
            if (field_varies(point->plugin->field[j].role)) {
                same = pass_array(picture, way, point->col[j], point->padded) && same;
            }
        }
    }
    return same;
}

size_t picture_size(const struct group *g) {
    size_t n = (3 + 4 * (size_t)g->n_ion) * g->n_flat;
    for (uint32_t p = 0; p < g->n_patch; p++) {
        n += (size_t)g->patch[p].plugin->n_column * g->patch[p].run.n;
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        n += (size_t)g->point[p].plugin->n_column * g->point[p].padded;
    }
    return n;
}
