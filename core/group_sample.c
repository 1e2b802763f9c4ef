/* SPDX-License-Identifier: BSD-3-Clause */
#include "group_sample.h"
#include "probe.h"

/* The ion's variable that a point's column is a copy of, or NULL. */
static const double *read_ion(const struct point_patch *p, hk_col column) {
    for (uint32_t j = 0; p && j < p->n_read; j++) {
        if (p->read[j].column == column) {
            return p->read[j].ion;
        }
    }
    return NULL;
}

/* The block of the HK_LANES instances from `first` on, with copies of the columns. */
static struct hk_block copy_block(const struct sample_room *room, const struct sample_term *term,
                                  uint32_t first) {
    struct hk_block block = term->patch ? term->patch->block : term->point->block;
    const struct hk_plugin *plugin = term->patch ? term->patch->plugin : term->point->plugin;
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        const double *all = block.col[j], *ion = read_ion(term->point, block.col[j]);
        room->col[j] = room->copy + (size_t)j * HK_LANES;
        for (uint32_t k = 0; k < HK_LANES; k++) {
            room->col[j][k] = ion   ? ion[term->point->position[first + k]]
                              : all ? all[first + k]
                                    : 0;
        }
    }
    for (uint32_t j = 0; block.list && j < plugin_lists(plugin); j++) {
        room->list[j] = block.list[j] + first;
    }
    block.n = HK_LANES;
    block.v += first;
    block.col = room->col;
    block.list = room->list;
    block.stream = block.stream ? block.stream + first : NULL;
    return block;
}

/* The hooks work on copies of the columns: what is sampled leaves no trace in the run. */
static double term_value(const struct group *g, const struct sample_term *term, int64_t n) {
    const struct hk_plugin *plugin = term->patch ? term->patch->plugin : term->point->plugin;
    double i[HK_LANES] __attribute__((aligned(64))) = {0},
                       slope[HK_LANES] __attribute__((aligned(64))) = {0};
    uint32_t k = term->instance % HK_LANES;
    struct hk_block block = copy_block(&g->room, term, term->instance - k);
    block.i = i;
    block.g = slope;
    bool observed = term->what == TERM_OBSERVED;
    /* What a channel's `current` keeps is of the step before until it is called. In a point's
     * columns there may be what receive has just stored. */
    if (plugin->current && (term->patch || !observed)) {
        block.t = ((double)n + 0.5) * g->dt;
        plugin->current(&block);
    }
    for (uint32_t s = 0; s < term->n_sum; s++) {
        block.col[term->sum[s].column][k] = term->sum[s].value;
    }
    if (observed) {
        block.t = (double)n * g->dt;
        plugin->observe(&block);
    }
    double value = term->what == TERM_CURRENT ? i[k]
                   : term->what == TERM_SLOPE ? slope[k]
                                              : block.col[term->column][k];
    return value * term->factor;
}

static double term_sum(const struct group *g, const struct sample_term *term, uint32_t n_term,
                       int64_t n) {
    double value = 0;
    for (uint32_t j = 0; j < n_term; j++) {
        for (uint32_t s = 0; s < term[j].n_sum; s++) { /* before the copies that it is one of */
            struct sample_sum *sum = &term[j].sum[s];
            sum->value = term_sum(g, sum->term, sum->n_term, n);
        }
        value += term_value(g, &term[j], n);
    }
    return value;
}

void group_sample(struct group *g, int64_t n) {
    const struct probe *last = NULL;
    bool due = false;
    for (uint32_t s = 0; s < g->n_sample; s++) {
        const struct sample *sample = &g->sample[s];
        if (sample->probe != last) { /* samples of one probe stand together */
            last = sample->probe;
            due = probe_due(last, n) && (n - last->first) / last->every >= last->base;
        }
        if (!due) {
            continue;
        }
        bool is_there = sample->where && (g->unit || !sample->n_term);
        double value = is_there ? *sample->where : term_sum(g, sample->term, sample->n_term, n);
        *probe_cell(last, n, sample->column) = value;
    }
}
