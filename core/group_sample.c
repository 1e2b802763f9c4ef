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

/* `current` works on copies of the columns: what is sampled leaves no trace in the run. */
static double term_value(const struct sample_term *term, double t) {
    const struct hk_block *whole = term->patch ? &term->patch->block : &term->point->block;
    const struct hk_plugin *plugin = term->patch ? term->patch->plugin : term->point->plugin;
    hk_col *all = term->patch ? term->patch->col : term->point->col;
    enum { MOST = 256 };
    hk_col col[MOST];
    double copy[MOST][HK_LANES] __attribute__((aligned(64)));
    uint32_t first = term->instance & ~(uint32_t)(HK_LANES - 1);
    for (uint32_t j = 0; j < plugin->n_column; j++) {
        const double *ion = read_ion(term->point, all[j]);
        for (uint32_t k = 0; k < HK_LANES; k++) {
            copy[j][k] = ion ? ion[term->point->position[first + k]] : all[j][first + k];
        }
        col[j] = copy[j];
    }
    const struct hk_list *list[MOST];
    uint32_t n_list = 0;
    for (uint32_t j = 0; j < plugin->n_field; j++) {
        if (plugin->field[j].role == HK_LIST) {
            list[n_list] = whole->list[n_list] + first;
            n_list++;
        }
    }
    double i[HK_LANES] __attribute__((aligned(64))) = {0},
                       g[HK_LANES] __attribute__((aligned(64))) = {0};
    struct hk_block block = *whole;
    block.n = HK_LANES;
    block.t = t;
    block.v = whole->v + first;
    block.i = i;
    block.g = g;
    block.col = col;
    block.list = list;
    block.stream = whole->stream ? whole->stream + first : NULL;
    plugin->current(&block);
    uint32_t k = term->instance - first;
    double value = term->what == TERM_CURRENT ? i[k]
                   : term->what == TERM_SLOPE ? g[k]
                                              : col[term->column][k];
    return value * term->factor;
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
        double value = 0;
        if (sample->where && (g->unit || !sample->n_term)) {
            value = *sample->where;
        } else {
            for (uint32_t j = 0; j < sample->n_term; j++) {
                value += term_value(&sample->term[j], ((double)n + 0.5) * g->dt);
            }
        }
        *probe_cell(last, n, sample->column) = value;
    }
}
