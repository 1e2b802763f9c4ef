/* SPDX-License-Identifier: BSD-3-Clause */
/* A group's point processes. */
#include "error.h"
#include "layout.h"
#include "random.h"
#include "spec_order.h"
#include "step.h"
#include <stdlib.h>
#include <string.h>

struct item { /* a point on its way to an instance */
    uint32_t class, at, spec, point;
    const struct hk_net *net;
};

static int by_class_and_place(const void *left, const void *right) {
    const struct item *a = left, *b = right;
    if (a->class != b->class) {
        int order = spec_class_compare(&a->net->spec[a->spec], &b->net->spec[b->spec]);
        return order ? order : (a->class > b->class) - (a->class < b->class);
    }
    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }
    int order = a->spec == b->spec ? 0 : spec_compare(&a->net->spec[a->spec], &b->net->spec[b->spec]);
    return order ? order : (a->point > b->point) - (a->point < b->point);
}

static uint32_t padded(uint32_t n) {
    return (n + HK_LANES - 1) / HK_LANES * HK_LANES;
}

static uint32_t count_lists(const struct hk_plugin *plugin) {
    uint32_t n = 0;
    for (uint32_t j = 0; j < plugin->n_field; j++) {
        n += plugin->field[j].role == HK_LIST;
    }
    return n;
}

static double *globals(struct arena *arena, const struct spec *spec) {
    double *global = ARENA_NEW(arena, spec->plugin->n_field, double);
    uint32_t n = 0;
    for (uint32_t j = 0; global && j < spec->plugin->n_field; j++) {
        if (spec->plugin->field[j].role == HK_GLOBAL) {
            global[n++] = spec->value[j];
        }
    }
    return global;
}

bool layout_block(const struct hk_net *net, struct arena *arena, const struct spec *spec, uint32_t n, struct hk_block *block,
                  hk_col **col) {
    const struct hk_plugin *plugin = spec->plugin;
    double *common = ARENA_NEW(arena, HK_COMMON, double), *global = globals(arena, spec);
    *col = ARENA_NEW(arena, plugin->n_column, hk_col);
    uint32_t lists = count_lists(plugin);
    const struct hk_list **list = ARENA_NEW(arena, lists, const struct hk_list *);
    for (uint32_t j = 0; *col && j < plugin->n_column; j++) {
        (*col)[j] = ARENA_NEW(arena, n, double);
    }
    for (uint32_t j = 0; list && j < lists; j++) {
        list[j] = ARENA_NEW(arena, n, struct hk_list);
    }
    if (arena->failed) {
        return false;
    }
    layout_common(net, plugin, global, common);
    *block = (struct hk_block){.n = n,
                               .dt = net->options.dt,
                               .celsius = net->options.celsius,
                               .common = common,
                               .col = *col,
                               .list = list,
                               .host = step_host()};
    return true;
}

void layout_fill_instance(const struct spec *spec, const struct hk_block *block, uint32_t k) {
    uint32_t n_list = 0;
    for (uint32_t j = 0; j < spec->plugin->n_field; j++) {
        if (j < spec->plugin->n_column) {
            block->col[j][k] = spec->value[j];
        } else if (spec->plugin->field[j].role == HK_LIST) {
            ((struct hk_list *)(uintptr_t)block->list[n_list++])[k] = spec->list[j];
        }
    }
}

/* ---- instances */

static bool open_patch(const struct hk_net *net, struct group *g, struct point_patch *p, const struct spec *spec, uint32_t n,
                       bool shadow) {
    *p = (struct point_patch){.plugin = spec->plugin, .n = n, .padded = padded(n), .shadow = shadow};
    p->position = ARENA_NEW(&g->arena, p->padded, uint32_t);
    p->scale = ARENA_NEW(&g->arena, p->padded, double);
    p->spec = ARENA_NEW(&g->arena, p->padded, uint32_t);
    p->stream = ARENA_NEW(&g->arena, p->padded, struct hk_stream);
    bool fine = layout_block(net, &g->arena, spec, p->padded, &p->block, &p->col);
    p->block.stream = p->stream;
    return fine && !g->arena.failed;
}

/* A point draws from the stream (seed, "point", its cell's identity, its number among that cell's points). */
static void open_point_stream(const struct plan *plan, struct point_patch *p, uint32_t k, uint32_t point) {
    const struct hk_net *net = plan->net;
    uint32_t cell = net->point[point].cell, number = 0;
    if (!(p->plugin->flags & HK_LINEAR)) {
        while (plan->point_of[plan->point_first[cell] + number] != point) {
            number++;
        }
        struct random_stream stream = random_stream(net->options.seed, random_purpose("point"), net->identity[cell], number);
        memcpy(&p->stream[k], &stream, sizeof stream);
    }
}

static void place_instance(const struct group *g, struct point_patch *p, uint32_t k, const struct item *item, uint32_t segment) {
    bool electrode = p->plugin->flags & HK_ELECTRODE;
    double area = g->type->cable->segment[segment].area_um2;
    p->position[k] = item->at;
    p->spec[k] = item->spec;
    p->scale[k] = p->shadow ? 0 : (electrode ? -100 : 100) / area; /* nA/um2 = 100 mA/cm2 */
}

static void pad_patch(struct point_patch *p) {
    for (uint32_t k = p->n; k < p->padded; k++) {
        p->position[k] = p->position[p->n - 1];
        p->spec[k] = p->spec[p->n - 1];
        p->scale[k] = 0;
    }
}

static bool merges(const struct item *a, const struct item *b) {
    return a->class == b->class && a->at == b->at && a->spec == b->spec &&
           (a->net->spec[a->spec].plugin->flags & HK_LINEAR);
}

/* The patch of items [first, end), all of one class; and, where a probe looks at merged points, the shadows behind it. */
static bool lay_class(struct plan *plan, struct group *g, const struct item *item, uint32_t first, uint32_t end) {
    const struct hk_net *net = plan->net;
    uint32_t n = 0, shadows = 0;
    for (uint32_t k = first; k < end; k++) {
        bool joins = k > first && merges(&item[k], &item[k - 1]);
        bool shared = joins || (k + 1 < end && merges(&item[k], &item[k + 1]));
        n += !joins;
        shadows += shared && plan->probed[item[k].point];
    }
    uint32_t here = g->n_point++;
    struct point_patch *p = &g->point[here];
    if (!open_patch(net, g, p, &net->spec[item[first].spec], n, false)) {
        return false;
    }
    uint32_t shadow_patch = shadows ? g->n_point++ : HK_NONE;
    struct point_patch *s = shadows ? &g->point[shadow_patch] : NULL;
    if (s && !open_patch(net, g, s, &net->spec[item[first].spec], shadows, true)) {
        return false;
    }
    uint32_t k_instance = 0, k_shadow = 0;
    for (uint32_t k = first; k < end; k++) {
        const struct item *it = &item[k];
        uint32_t segment = net->point[it->point].segment;
        bool joins = k > first && merges(it, it - 1);
        bool shared = joins || (k + 1 < end && merges(it, it + 1));
        k_instance += !joins;
        place_instance(g, p, k_instance - 1, it, segment);
        open_point_stream(plan, p, k_instance - 1, it->point);
        plan->patch_of[it->point] = here;
        plan->instance_of[it->point] = k_instance - 1;
        plan->shadow_of[it->point] = HK_NONE;
        if (shared && plan->probed[it->point]) {
            place_instance(g, s, k_shadow, it, segment);
            plan->shadow_patch[it->point] = shadow_patch;
            plan->shadow_of[it->point] = k_shadow++;
        }
    }
    pad_patch(p);
    if (s) {
        pad_patch(s);
    }
    plan->layout->instances += n;
    return true;
}

static bool lay_buffers(struct group *g) {
    uint32_t most = 0;
    for (uint32_t p = 0; p < g->n_point; p++) {
        most = g->point[p].padded > most ? g->point[p].padded : most;
    }
    double *i = ARENA_NEW(&g->arena, most, double), *slope = ARENA_NEW(&g->arena, most, double);
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        point->v = ARENA_NEW(&g->arena, point->padded, double);
        point->i = i;
        point->g = slope;
        point->block.v = point->v;
        point->block.i = i;
        point->block.g = slope;
    }
    return !g->arena.failed;
}

hk_status layout_points(struct plan *plan, struct group *g) {
    const struct hk_net *net = plan->net;
    uint32_t n = 0;
    for (uint32_t lane = 0; lane < g->lanes; lane++) {
        n += plan->point_first[g->cell[lane] + 1] - plan->point_first[g->cell[lane]];
    }
    struct item *item = calloc((size_t)n + 1, sizeof *item);
    if (!item) {
        return fail_memory(net->ctx, "a group's point processes");
    }
    n = 0;
    for (uint32_t lane = 0; lane < g->lanes; lane++) {
        for (uint32_t k = plan->point_first[g->cell[lane]]; k < plan->point_first[g->cell[lane] + 1]; k++) {
            uint32_t point = plan->point_of[k];
            const struct point *from = &net->point[point];
            item[n++] = (struct item){plan->class_of[from->spec], g->row_at[from->segment] + lane, from->spec, point, net};
        }
    }
    qsort(item, n, sizeof *item, by_class_and_place);
    uint32_t classes = 0;
    for (uint32_t k = 0; k < n; k++) {
        classes += k == 0 || item[k].class != item[k - 1].class;
    }
    g->point = ARENA_NEW(&g->arena, 2 * (size_t)classes, struct point_patch);
    bool fine = g->point != NULL;
    for (uint32_t first = 0, end; fine && first < n; first = end) {
        end = first + 1;
        while (end < n && item[end].class == item[first].class) {
            end++;
        }
        fine = lay_class(plan, g, item, first, end);
    }
    free(item);
    return fine && lay_buffers(g) ? HK_OK : fail_memory(net->ctx, "a group's point processes");
}

void layout_fill_points(const hk_net *net, struct group *g) {
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        for (uint32_t k = 0; k < point->padded; k++) {
            layout_fill_instance(&net->spec[point->spec[k]], &point->block, k);
            for (uint32_t j = 0; j < point->plugin->n_column; j++) {
                const struct cable *cable = g->type->cable;
                uint32_t role = point->plugin->field[j].role;
                if (role == HK_AREA || role == HK_DIAMETER) {
                    uint32_t s = 0;
                    while (point->position[k] < g->row_at[s] || point->position[k] >= g->row_at[s] + g->lanes) {
                        s++;
                    }
                    point->col[j][k] = role == HK_AREA ? cable->segment[s].area_um2 : cable->segment[s].diam_um;
                }
            }
        }
    }
    for (uint32_t p = 0; p < g->n_kind; p++) {
        for (uint32_t k = 0; k < g->kind[p].padded; k++) {
            uint32_t from = k < g->kind[p].n ? k : g->kind[p].n - 1;
            layout_fill_instance(&net->spec[net->input[g->kind[p].input[from]].spec], &g->kind[p].block, k);
        }
    }
}
