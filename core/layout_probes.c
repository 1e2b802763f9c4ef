/* SPDX-License-Identifier: BSD-3-Clause */
/* Detectors, and what probes sample: a target of a probe -> an address or currents to evaluate in
 * its group. */
#include "error.h"
#include "layout.h"
#include "probe.h"
#include "probe_field.h"
#include <stdlib.h>
#include <string.h>

/* ---- detectors */

static bool lay_detectors(const hk_net *net, struct layout *layout) {
    for (uint32_t d = 0; d < net->n_detector; d++) {
        layout->group[layout->group_of[net->detector[d].cell]].n_detector++;
    }
    for (uint32_t k = 0; k < layout->n_group; k++) {
        struct group *g = &layout->group[k];
        g->detector = ARENA_NEW(&g->arena, g->n_detector, struct group_detector);
        g->n_detector = 0;
        if (!g->detector) {
            return false;
        }
    }
    for (uint32_t d = 0; d < net->n_detector; d++) {
        const struct detector *from = &net->detector[d];
        struct group *g = &layout->group[layout->group_of[from->cell]];
        g->detector[g->n_detector++] =
            (struct group_detector){.at = g->row_at[from->segment] + layout->lane_of[from->cell],
                                    .threshold = from->threshold,
                                    .source = SOURCE(HK_DETECTOR, d)};
    }
    return true;
}

/* ---- samples */

static void add_term(struct sample *sample, struct sample_term term) {
    if (sample->term) { /* NULL while they are counted */
        sample->term[sample->n_term] = term;
    }
    sample->n_term++;
}

/* What one mechanism or point adds to an ion's current. */
static void add_ion_terms(struct sample *sample, const struct hk_plugin *plugin, const char *ion,
                          struct sample_term term) {
    if (plugin->carries && plugin->current && !strcmp(plugin->carries, ion)) {
        term.what = TERM_CURRENT;
        add_term(sample, term);
    }
    for (uint32_t j = 0; plugin->current && j < plugin->n_column; j++) {
        if (plugin->field[j].role == HK_WRITE_CURRENT && !strcmp(plugin->field[j].ion, ion)) {
            term.what = TERM_COLUMN;
            term.column = j;
            add_term(sample, term);
        }
    }
}

static void add_ion_current(const struct group *g, struct sample *sample, const char *ion,
                            uint32_t at) {
    sample->n_term = 0;
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        if (at >= patch->run.at && at - patch->run.at < patch->run.n) {
            add_ion_terms(
                sample, patch->plugin, ion,
                (struct sample_term){.patch = patch, .instance = at - patch->run.at, .factor = 1});
        }
    }
    for (uint32_t p = 0; p < g->n_point; p++) {
        const struct point_patch *point = &g->point[p];
        for (uint32_t k = 0; !point->shadow && k < point->n; k++) {
            if (point->position[k] == at && point->scale[k] != 0) {
                add_ion_terms(
                    sample, point->plugin, ion,
                    (struct sample_term){.point = point, .instance = k, .factor = point->scale[k]});
            }
        }
    }
}

static void one_term(struct group *g, struct sample *sample, struct sample_term term) {
    sample->term = ARENA_NEW(&g->arena, 1, struct sample_term);
    if (sample->term) {
        sample->term[0] = term;
        sample->n_term = 1;
    }
}

static void sample_ion_current(struct group *g, struct sample *sample, const char *ion,
                               uint32_t at) {
    add_ion_current(g, sample, ion, at); /* counts */
    sample->term = ARENA_NEW(&g->arena, sample->n_term, struct sample_term);
    if (sample->term) {
        add_ion_current(g, sample, ion, at);
    }
}

/* What observe does, with the ions' currents that its instance reads. */
static void sample_observed(struct group *g, struct sample *sample, struct sample_term term,
                            uint32_t column) {
    const struct hk_plugin *plugin = term.patch ? term.patch->plugin : term.point->plugin;
    term.what = TERM_OBSERVED;
    term.column = column;
    term.sum = ARENA_NEW(&g->arena, plugin->n_column, struct sample_sum);
    for (uint32_t j = 0; term.patch && term.sum && j < plugin->n_column; j++) {
        if (plugin->field[j].role == HK_ION_CURRENT) {
            struct sample all = {.n_term = 0};
            sample_ion_current(g, &all, plugin->field[j].ion, term.patch->run.at + term.instance);
            term.sum[term.n_sum++] =
                (struct sample_sum){.column = j, .n_term = all.n_term, .term = all.term};
        }
    }
    one_term(g, sample, term);
}

/* Whether `current` may store in a column. What receive stores in a point's is not to be lost. */
static bool is_stored(const struct sample_term *term, const struct hk_plugin *plugin,
                      uint32_t role) {
    return plugin->current && (role == HK_WRITE_CURRENT || (term->patch && role == HK_ASSIGNED));
}

/* Whether observe stores in a column, or may do so. */
static bool is_observed(const struct hk_plugin *plugin, uint32_t role) {
    return role == HK_OBSERVED || (plugin->observe && role == HK_ASSIGNED);
}

/* A column that `current` stores in, an ion's current, or a point's copy of an ion's variable is
 * that of the step before; the sample is of now. */
static void sample_column(struct group *g, struct sample *sample, struct sample_term term,
                          uint32_t column) {
    const struct hk_plugin *plugin = term.patch ? term.patch->plugin : term.point->plugin;
    const hk_col *col = term.patch ? term.patch->col : term.point->col;
    const struct hk_field *field = &plugin->field[column];
    if (field->role == HK_ION_CURRENT) {
        sample_ion_current(g, sample, field->ion, term.patch->run.at + term.instance);
        return;
    }
    if (is_observed(plugin, field->role)) {
        sample_observed(g, sample, term, column);
        return;
    }
    sample->where = col[column] + term.instance;
    if (is_stored(&term, plugin, field->role)) {
        term.what = TERM_COLUMN;
        term.column = column;
        sample->where = term.patch ? sample->where : NULL;
        one_term(g, sample, term);
    }
    for (uint32_t j = 0; term.point && j < term.point->n_read; j++) {
        if (term.point->read[j].column == col[column]) {
            sample->where = term.point->read[j].ion + term.point->position[term.instance];
        }
    }
}

static void sample_segment(struct group *g, struct sample *sample, const struct probe_field *field,
                           uint32_t at) {
    const struct patch *patch =
        field->what >= FIELD_COLUMN ? layout_patch(g, field->mechanism, at) : NULL;
    uint32_t instance = patch ? at - patch->run.at : 0;
    struct sample_term term = {.patch = patch, .instance = instance, .factor = 1};
    switch (field->what) {
    case FIELD_V: sample->where = g->v + at; break;
    case FIELD_REVERSAL: sample->where = g->ion[field->ion].reversal + at; break;
    case FIELD_INSIDE: sample->where = g->ion[field->ion].inside + at; break;
    case FIELD_OUTSIDE: sample->where = g->ion[field->ion].outside + at; break;
    case FIELD_ION_CURRENT: sample_ion_current(g, sample, g->type->ion[field->ion].name, at); break;
    case FIELD_COLUMN: sample_column(g, sample, term, field->column); break;
    case FIELD_CURRENT:
        term.what = TERM_CURRENT;
        one_term(g, sample, term);
        break;
    case FIELD_SLOPE:
        term.what = TERM_SLOPE;
        one_term(g, sample, term);
        break;
    }
}

static void sample_point(const struct plan *plan, struct group *g, struct sample *sample,
                         const struct probe_field *field, uint32_t point) {
    const struct probed *probed = plan_probed(plan, point);
    const struct point_patch *p = &g->point[probed->patch];
    uint32_t instance = probed->instance;
    struct sample_term term = {.point = p, .instance = instance, .factor = 1};
    if (field->what == FIELD_V) {
        sample->where = g->v + p->position[instance];
    } else if (field->what == FIELD_COLUMN) {
        sample_column(g, sample, term, field->column);
    } else {
        term.what = field->what == FIELD_CURRENT ? TERM_CURRENT : TERM_SLOPE;
        one_term(g, sample, term);
    }
}

static uint32_t cell_of(const hk_net *net, const struct hk_target *target) {
    return target->at == HK_AT_POINT ? network_point_cell(net, target->index) : target->index;
}

static hk_status lay_sample(const struct plan *plan, struct probe *probe, uint32_t k) {
    hk_net *net = (hk_net *)(uintptr_t)plan->net;
    const struct hk_target *target = &probe->target[k];
    uint32_t cell = cell_of(net, target);
    struct group *g = &plan->layout->group[plan->layout->group_of[cell]];
    struct probe_field field;
    hk_status status = probe_resolve(net, target, &field);
    if (status) {
        return status;
    }
    struct sample *sample = &g->sample[g->n_sample++];
    sample->probe = probe;
    sample->column = k + 1;
    if (target->at == HK_AT_POINT) {
        sample_point(plan, g, sample, &field, target->index);
    } else {
        sample_segment(g, sample, &field, g->row_at[target->segment] + plan->layout->lane_of[cell]);
    }
    return g->arena.failed ? fail_memory(net->ctx, "a probe") : HK_OK;
}

static bool room_for_samples(const struct plan *plan) {
    const hk_net *net = plan->net;
    struct layout *layout = plan->layout;
    for (uint32_t p = 0; p < net->n_probe; p++) {
        for (uint32_t k = 0; net->probe[p]->kind == HK_PROBE_VALUES && k < net->probe[p]->n_target;
             k++) {
            layout->group[layout->group_of[cell_of(net, &net->probe[p]->target[k])]].n_sample++;
        }
    }
    bool fine = true;
    for (uint32_t k = 0; k < layout->n_group; k++) {
        struct group *g = &layout->group[k];
        g->sample = ARENA_NEW(&g->arena, g->n_sample, struct sample);
        g->n_sample = 0;
        fine = fine && g->sample;
    }
    return fine;
}

static void widen(const struct hk_plugin *plugin, uint32_t *n_column, uint32_t *n_list) {
    uint32_t lists = plugin_lists(plugin);
    *n_column = plugin->n_column > *n_column ? plugin->n_column : *n_column;
    *n_list = lists > *n_list ? lists : *n_list;
}

/* Where samples that are evaluated have their copies. */
static bool room_for_copies(struct group *g) {
    uint32_t n_column = 0, n_list = 0, n_term = 0;
    for (uint32_t s = 0; s < g->n_sample; s++) {
        n_term += g->sample[s].n_term;
    }
    for (uint32_t p = 0; n_term && p < g->n_patch; p++) {
        widen(g->patch[p].plugin, &n_column, &n_list);
    }
    for (uint32_t p = 0; n_term && p < g->n_point; p++) {
        widen(g->point[p].plugin, &n_column, &n_list);
    }
    g->room.col = ARENA_NEW(&g->arena, n_column, hk_col);
    g->room.copy = ARENA_NEW(&g->arena, (size_t)n_column * HK_LANES, double);
    g->room.list = ARENA_NEW(&g->arena, n_list, const struct hk_list *);
    return !g->arena.failed;
}

hk_status layout_probes(struct plan *plan) {
    const hk_net *net = plan->net;
    if (!lay_detectors(net, plan->layout) || !room_for_samples(plan)) {
        return fail_memory(net->ctx, "probes");
    }
    for (uint32_t p = 0; p < net->n_probe; p++) {
        struct probe *probe = net->probe[p];
        for (uint32_t k = 0; probe->kind == HK_PROBE_VALUES && k < probe->n_target; k++) {
            hk_status status = lay_sample(plan, probe, k);
            if (status) {
                return status;
            }
        }
    }
    for (uint32_t k = 0; k < plan->layout->n_group; k++) {
        if (!room_for_copies(&plan->layout->group[k])) {
            return fail_memory(net->ctx, "probes");
        }
    }
    return HK_OK;
}
