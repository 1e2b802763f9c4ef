/* SPDX-License-Identifier: BSD-3-Clause */
#include "group_points.h"
#include <stdlib.h>

bool point_init(const struct point_patch *p) {
    const struct hk_plugin *plugin = p->plugin;
    struct arena scratch = {0};
    struct hk_block block = p->block;
    hk_col *col = ARENA_NEW(&scratch, plugin->n_column, hk_col);
    for (uint32_t j = 0; col && j < plugin->n_column; j++) {
        col[j] = plugin->field[j].role == HK_DERIVED ? ARENA_NEW(&scratch, p->padded, double)
                                                     : p->col[j];
    }
    bool fine = !scratch.failed;
    if (fine && plugin->init) {
        block.col = col;
        plugin->init(&block);
    }
    arena_free(&scratch);
    return fine;
}
