/* SPDX-License-Identifier: BSD-3-Clause */
/* swc_points: the points of an SWC file for those who make sections of them themselves. */
#include "error.h"
#include "morphology.h"
#include "swc.h"
#include <stdlib.h>

struct hk_swc {
    struct swc swc;
};

hk_status hk_swc_read(hk_context *ctx, const char *path, hk_swc **out) {
    char *text = NULL;
    size_t length = 0;
    *out = NULL;
    hk_swc *made = calloc(1, sizeof *made);
    hk_status status = made ? morphology_file(ctx, path, &text, &length)
                            : fail_memory(ctx, "the points of an SWC file");
    if (!status) {
        status = swc_read(ctx, path, text, length, &made->swc);
        made->swc.name = NULL; /* the caller's, which may go */
    }
    free(text);
    if (status) {
        hk_swc_free(made);
        return status;
    }
    *out = made;
    return HK_OK;
}

uint32_t hk_swc_points(const hk_swc *swc) {
    return swc->swc.n;
}

struct hk_swc_point hk_swc_get(const hk_swc *swc, uint32_t i) {
    const struct swc_point *p = &swc->swc.point[i];
    return (struct hk_swc_point){.id = p->id,
                                 .type = p->type,
                                 .parent = p->parent,
                                 .line = p->line,
                                 .x = p->at[0],
                                 .y = p->at[1],
                                 .z = p->at[2],
                                 .diam_um = p->diam};
}

const char *hk_swc_domain(const hk_swc *swc, int type) {
    for (uint32_t i = 0; i < swc->swc.n_domain; i++) {
        if (swc->swc.domain[i].type == type) {
            return swc->swc.domain[i].name;
        }
    }
    return NULL;
}

void hk_swc_free(hk_swc *swc) {
    if (swc) {
        swc_free(&swc->swc);
        free(swc);
    }
}
