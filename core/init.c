/* SPDX-License-Identifier: BSD-3-Clause */
#include "init.h"

bool init_block(const struct hk_plugin *plugin, const struct hk_block *block) {
    if (!plugin->init) {
        return true;
    }
    struct arena scratch = {0};
    struct hk_block own = *block;
    hk_col *col = ARENA_NEW(&scratch, plugin->n_column, hk_col);
    for (uint32_t j = 0; col && j < plugin->n_column; j++) {
        col[j] = plugin->field[j].role == HK_DERIVED ? ARENA_NEW(&scratch, block->n, double)
                                                     : block->col[j];
    }
    bool fine = !scratch.failed;
    if (fine) {
        own.col = col;
        plugin->init(&own);
    }
    arena_free(&scratch);
    return fine;
}
