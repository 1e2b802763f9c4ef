/* SPDX-License-Identifier: BSD-3-Clause */
/* A group's point processes. */
#include "error.h"
#include "layout.h"
#include "random.h"
#include "spec_order.h"
#include "group_events.h"
#include <stdlib.h>
#include <string.h>

struct item { /* a point on its way to an instance */
    uint32_t class, at, spec, point;
    bool alone;
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
    if (a->alone != b->alone) { /* beside those that may merge */
        return a->alone - b->alone;
    }
    int order =
        a->spec == b->spec ? 0 : spec_compare(&a->net->spec[a->spec], &b->net->spec[b->spec]);
    return order ? order : (a->point > b->point) - (a->point < b->point);
}

/* The values of the spec's HK_GLOBAL fields; NULL where memory is short. */
static double *globals(const struct spec *spec) {
    double *global = calloc((size_t)spec->of->plugin->n_field + 1, sizeof *global);
    uint32_t n = 0;
    for (uint32_t j = 0; global && j < spec->of->plugin->n_field; j++) {
        if (spec->of->plugin->field[j].role == HK_GLOBAL) {
            global[n++] = spec->of->value[j];
        }
    }
    return global;
}

bool layout_block(const struct hk_net *net, struct layout *layout, struct arena *arena,
                  const struct spec *spec, uint32_t n, struct hk_block *block, hk_col **col) {
    const struct hk_plugin *plugin = spec->of->plugin;
    double own[HK_COMMON] = {0}, *global = globals(spec);
    *col = ARENA_NEW(arena, plugin->n_column, hk_col);
    uint32_t lists = plugin_lists(plugin);
    const struct hk_list **list = ARENA_NEW(arena, lists, const struct hk_list *);
    struct hk_list *table = ARENA_NEW(arena, plugin_tables(plugin), struct hk_list);
    for (uint32_t j = 0; list && j < lists; j++) {
        list[j] = ARENA_NEW(arena, n, struct hk_list);
    }
    if (arena->failed || !global) {
        free(global);
        return false;
    }
    for (uint32_t j = 0, k = 0; j < plugin->n_field; j++) {
        if (plugin->field[j].role == HK_TABLE) {
            table[k++] = spec_list(spec, j);
        }
    }
    layout_common(net, plugin, global, own);
    free(global);
    const double *common = intern(&layout->shared, own, sizeof own);
    *block = (struct hk_block){.n = n,
                               .dt = net->options.dt,
                               .celsius = net->options.celsius,
                               .common = common,
                               .col = *col,
                               .list = list,
                               .table = table,
                               .host = step_host()};
    return common != NULL;
}

void layout_fill_instance(const struct spec *spec, const struct hk_block *block, uint32_t k) {
    uint32_t n_list = 0;
    for (uint32_t j = 0; j < spec->of->plugin->n_field; j++) {
        if (j < spec->of->plugin->n_column) {
            block->col[j][k] = spec->of->value[j];
        } else if (spec->of->plugin->field[j].role == HK_LIST) {
            ((struct hk_list *)(uintptr_t)block->list[n_list++])[k] = spec_list(spec, j);
        }
    }
}

/* ---- instances */

struct instance { /* what becomes one: the items first .. first + n - 1 */
    uint32_t first, n,
        layer; /* layer: how many instances of its class stand before it at its place */
};

static bool merges(const struct item *a, const struct item *b) {
    const struct spec *one = &a->net->spec[a->spec], *other = &b->net->spec[b->spec];
    return a->class == b->class && a->at == b->at && !a->alone && !b->alone &&
           (one->of->plugin->flags & HK_LINEAR) && (one == other || spec_compare(one, other) == 0);
}

/* The instances of items [first, end), all of one class; gives their number and the number of
 * layers. */
static uint32_t find_instances(const struct item *item, uint32_t first, uint32_t end,
                               struct instance *out, uint32_t *layers) {
    uint32_t n = 0;
    *layers = 1;
    for (uint32_t k = first; k < end; k++) {
        if (k > first && merges(&item[k], &item[k - 1])) {
            out[n - 1].n++;
            continue;
        }
        bool beside = k > first && item[k].at == item[k - 1].at;
        out[n] = (struct instance){k, 1, beside ? out[n - 1].layer + 1 : 0};
        *layers = out[n].layer + 1 > *layers ? out[n].layer + 1 : *layers;
        n++;
    }
    return n;
}

/* Points that cannot draw have a stream of zeros, one for all. */
static struct hk_stream *no_streams(struct layout *layout, uint32_t n) {
    uint32_t room = 64;
    while (room < n) {
        room *= 2;
    }
    struct hk_stream *zero = calloc(room, sizeof *zero);
    struct hk_stream *shared = zero ? intern(&layout->shared, zero, room * sizeof *zero) : NULL;
    free(zero);
    return shared;
}

/* Position, scale and spec are scratch until share_places. */
static bool open_patch(const struct plan *plan, struct group *g, struct point_patch *p,
                       const struct spec *spec, uint32_t n) {
    p->plugin = spec->of->plugin;
    p->n = n;
    p->padded = group_padded(n);
    p->position = calloc(p->padded, sizeof *p->position);
    p->scale = calloc(p->padded, sizeof *p->scale);
    p->spec = calloc(p->padded, sizeof *p->spec);
    p->stream = spec->of->plugin->flags & HK_LINEAR
                    ? no_streams(plan->layout, p->padded)
                    : ARENA_NEW(&g->arena, p->padded, struct hk_stream);
    bool fine =
        p->position && p->scale && p->spec && p->stream &&
        layout_block(plan->net, plan->layout, &g->arena, spec, p->padded, &p->block, &p->col);
    p->block.stream = p->stream;
    return fine;
}

static void *share(struct layout *layout, void *scratch, size_t size) {
    void *shared = scratch ? intern(&layout->shared, scratch, size) : NULL;
    free(scratch);
    return shared;
}

static bool share_places(struct layout *layout, struct point_patch *p) {
    p->position = share(layout, p->position, p->padded * sizeof *p->position);
    p->scale = share(layout, p->scale, p->padded * sizeof *p->scale);
    p->spec = share(layout, p->spec, p->padded * sizeof *p->spec);
    return p->position && p->scale && p->spec;
}

/* A point draws from the stream (seed, "\tpoint", which no user's stream can be called, its cell's
 * identity, its number among that cell's points). */
static void open_point_stream(const struct plan *plan, struct point_patch *p, uint32_t k,
                              uint32_t point) {
    const struct hk_net *net = plan->net;
    uint32_t cell = network_point_cell(net, point);
    if (!(p->plugin->flags & HK_LINEAR)) {
        struct random_stream stream = random_stream(net->options.seed, random_purpose("\tpoint"),
                                                    net->identity[cell], plan_number(plan, point));
        memcpy(&p->stream[k], &stream, sizeof stream);
    }
}

static void place_instance(const struct group *g, struct point_patch *p, uint32_t k,
                           const struct item *item) {
    bool electrode = p->plugin->flags & HK_ELECTRODE;
    double area = g->type->cable->segment[network_point(item->net, item->point).segment].area_um2;
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

/* Two fifths of the places at least. */
static bool fills(uint32_t n, uint32_t places) {
    return n >= HK_LANES && 5 * (uint64_t)n >= 2 * (uint64_t)places;
}

/* Where linear instances stand at most places between the first and the last, they become one a
 * place: those where there is none get no events and so no current. Then nothing is gathered or
 * scattered. Where they stand at most places of all segments, they become one at each: then they
 * can be part of a unit. */
static bool is_dense(const struct item *item, const struct instance *instance, uint32_t n) {
    if (!n || !(item->net->spec[item[instance[0].first].spec].of->plugin->flags & HK_LINEAR)) {
        return false;
    }
    uint32_t low = item[instance[0].first].at, high = item[instance[n - 1].first].at;
    return fills(n, high - low + 1);
}

static void fill_dense(const struct item *any, struct point_patch *p, uint32_t low) {
    p->dense = true;
    p->at = low;
    for (uint32_t k = 0; k < p->padded; k++) {
        p->position[k] = low + k;
        p->spec[k] = any->spec;
        p->scale[k] = 0;
    }
}

static void put_place(const struct places *places, uint32_t point, uint32_t patch,
                      uint32_t instance) {
    struct probed *probed = plan_probed(places->plan, point);
    *places_of(places, point) = (struct place){patch, instance};
    if (probed) {
        probed->patch = patch;
        probed->instance = instance;
    }
}

/* What becomes of a part of a class's instances: a patch. */
typedef bool each_patch(struct plan *plan, struct group *g, struct places *places,
                        const struct item *item, const struct instance *instance, uint32_t n,
                        bool one_a_place);

/* A patch of these instances, at different places if the class has layers. */
static bool lay_instances(struct plan *plan, struct group *g, struct places *places,
                          const struct item *item, const struct instance *instance, uint32_t n,
                          bool one_a_place) {
    uint32_t here = g->n_point++, low = 0, room = n;
    struct point_patch *p = &g->point[here];
    uint32_t all = g->set_at[g->n_set - 1]; /* the places of segments */
    bool dense = one_a_place && is_dense(item, instance, n);
    if (dense && fills(n, all)) {
        room = all;
    } else if (dense) {
        low = item[instance[0].first].at & ~(uint32_t)(HK_LANES - 1);
        room = group_padded(item[instance[n - 1].first].at + 1 - low);
    }
    if (!open_patch(plan, g, p, &plan->net->spec[item[instance[0].first].spec], room)) {
        return share_places(plan->layout, p) && false; /* frees them */
    }
    if (dense) {
        fill_dense(&item[instance[0].first], p, low);
    }
    for (uint32_t k = 0; k < n; k++) {
        uint32_t to = dense ? item[instance[k].first].at - low : k;
        place_instance(g, p, to, &item[instance[k].first]);
        open_point_stream(plan, p, to, item[instance[k].first].point);
        for (uint32_t i = instance[k].first; i < instance[k].first + instance[k].n; i++) {
            put_place(places, item[i].point, here, to);
        }
    }
    if (!dense) {
        pad_patch(p);
    }
    plan->layout->instances += n;
    return share_places(plan->layout, p);
}

/* Points that a probe looks at and that share their instance get one more of their own, which
 * follows the same events: they are put down as the shadows of patch `here`; how many there are. */
static uint32_t find_shadows(const struct plan *plan, const struct item *item,
                             const struct instance *instance, uint32_t n, uint32_t here) {
    uint32_t shadows = 0;
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = instance[k].first; i < instance[k].first + instance[k].n; i++) {
            struct probed *probed = instance[k].n > 1 ? plan_probed(plan, item[i].point) : NULL;
            if (probed) {
                *probed = (struct probed){
                    .point = item[i].point, .patch = here, .instance = shadows++, .shadow = true};
            }
        }
    }
    return shadows;
}

static bool lay_shadows(struct plan *plan, struct group *g, struct places *places,
                        const struct item *item, const struct instance *instance, uint32_t n,
                        bool one_a_place) {
    (void)places, (void)one_a_place;
    uint32_t here = g->n_point, shadows = find_shadows(plan, item, instance, n, here);
    if (!shadows) {
        return true;
    }
    struct point_patch *p = &g->point[g->n_point++];
    p->shadow = true;
    if (!open_patch(plan, g, p, &plan->net->spec[item[instance[0].first].spec], shadows)) {
        return share_places(plan->layout, p) && false; /* frees them */
    }
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = instance[k].first; i < instance[k].first + instance[k].n; i++) {
            const struct probed *probed = plan_probed(plan, item[i].point);
            if (instance[k].n > 1 && probed) {
                place_instance(g, p, probed->instance, &item[i]);
            }
        }
    }
    pad_patch(p);
    return share_places(plan->layout, p);
}

/* The same of a group that has been laid out: only where its points are. */
static bool find_instances_laid(struct plan *plan, struct group *g, struct places *places,
                                const struct item *item, const struct instance *instance,
                                uint32_t n, bool one_a_place) {
    (void)plan, (void)one_a_place;
    uint32_t here = places->n_patch++;
    const struct point_patch *p = &g->point[here];
    for (uint32_t k = 0; k < n; k++) {
        uint32_t at = p->dense ? item[instance[k].first].at - p->at : k;
        for (uint32_t i = instance[k].first; i < instance[k].first + instance[k].n; i++) {
            put_place(places, item[i].point, here, at);
        }
    }
    return true;
}

static bool find_shadows_laid(struct plan *plan, struct group *g, struct places *places,
                              const struct item *item, const struct instance *instance, uint32_t n,
                              bool one_a_place) {
    (void)g, (void)one_a_place;
    places->n_patch += find_shadows(plan, item, instance, n, places->n_patch) > 0;
    return true;
}

enum { MOST_LAYERS = 4 };

/* Items [first, end) of one class. Up to MOST_LAYERS instances at a place become as many patches,
 * one place once in each; at a place, currents add up in the same order either way. */
static bool each_class(struct plan *plan, struct group *g, struct places *places,
                       const struct item *item, uint32_t first, uint32_t end, each_patch *of_some,
                       each_patch *of_shadows) {
    struct instance *instance = calloc((size_t)(end - first), sizeof *instance),
                    *layer = calloc((size_t)(end - first), sizeof *layer);
    bool fine = instance && layer;
    uint32_t layers, n = fine ? find_instances(item, first, end, instance, &layers) : 0;
    if (fine && layers > MOST_LAYERS) {
        fine = of_some(plan, g, places, item, instance, n, false);
    } else if (fine) {
        for (uint32_t l = 0; fine && l < layers; l++) {
            uint32_t in_layer = 0;
            for (uint32_t k = 0; k < n; k++) {
                if (instance[k].layer == l) {
                    layer[in_layer++] = instance[k];
                }
            }
            fine = of_some(plan, g, places, item, layer, in_layer, true);
        }
    }
    fine = fine && of_shadows(plan, g, places, item, instance, n, false);
    free(instance);
    free(layer);
    return fine;
}

/* The ions' variables that a point process reads: columns to fill before each hook that may see
 * others than the one before. */
static void lay_reads(struct group *g, struct point_patch *p) {
    p->read = ARENA_NEW(&g->arena, p->plugin->n_column, struct flow);
    for (uint32_t j = 0; p->read && j < p->plugin->n_column; j++) {
        const struct hk_field *field = &p->plugin->field[j];
        const struct group_ion *ion = layout_ion(g, field->ion);
        double *from = !ion                         ? NULL
                       : field->role == HK_REVERSAL ? ion->reversal
                       : field->role == HK_INSIDE   ? ion->inside
                       : field->role == HK_OUTSIDE  ? ion->outside
                                                    : NULL;
        if (from) {
            p->read[p->n_read++] = (struct flow){p->col[j], from};
        }
    }
}

static bool lay_buffers(struct group *g) {
    uint32_t most = 0;
    for (uint32_t p = 0; p < g->n_point; p++) {
        most = g->point[p].padded > most ? g->point[p].padded : most;
    }
    double *i = ARENA_NEW(&g->arena, most, double), *slope = ARENA_NEW(&g->arena, most, double);
    for (uint32_t p = 0; p < g->n_point; p++) {
        struct point_patch *point = &g->point[p];
        point->v = point->dense ? g->v + point->at : ARENA_NEW(&g->arena, point->padded, double);
        point->i = i;
        point->g = slope;
        point->block.v = point->v;
        point->block.i = i;
        point->block.g = slope;
        point->total_i = layout_current(g, point->plugin);
        point->share = layout_shares(g, point->plugin, point->col, 0, &point->n_share);
        lay_reads(g, point);
    }
    return !g->arena.failed;
}

/* The group's points in the order of their instances; NULL where memory is short. */
static struct item *sort_items(const struct plan *plan, const struct group *g,
                               const struct places *places) {
    const struct hk_net *net = plan->net;
    struct item *item = calloc((size_t)places->n + 1, sizeof *item);
    uint32_t n = 0;
    for (uint32_t lane = 0; item && lane < g->lanes; lane++) {
        for (uint32_t k = plan->point_first[g->cell[lane]];
             k < plan->point_first[g->cell[lane] + 1]; k++) {
            uint32_t point = plan->point_of[k];
            struct point from = network_point(net, point);
            const struct probed *probed = net->n_port ? plan_probed(plan, point) : NULL;
            item[n++] = (struct item){.class = plan->class_of[from.spec],
                                      .at = g->row_at[from.segment] + lane,
                                      .spec = from.spec,
                                      .point = point,
                                      .alone = probed && probed->alone,
                                      .net = net};
        }
    }
    if (item) {
        qsort(item, n, sizeof *item, by_class_and_place);
    }
    return item;
}

static bool each_of(struct plan *plan, struct group *g, struct places *places,
                    const struct item *item, each_patch *of_some, each_patch *of_shadows) {
    bool fine = true;
    for (uint32_t first = 0, end; fine && first < places->n; first = end) {
        end = first + 1;
        while (end < places->n && item[end].class == item[first].class) {
            end++;
        }
        fine = each_class(plan, g, places, item, first, end, of_some, of_shadows);
    }
    return fine;
}

bool layout_find_points(struct plan *plan, struct group *g, struct places *places) {
    struct item *item = sort_items(plan, g, places);
    bool fine = item && each_of(plan, g, places, item, find_instances_laid, find_shadows_laid);
    free(item);
    return fine;
}

hk_status layout_points(struct plan *plan, struct group *g, struct places *places) {
    const struct hk_net *net = plan->net;
    struct item *item = sort_items(plan, g, places);
    if (!item) {
        return fail_memory(net->ctx, "a group's point processes");
    }
    uint32_t classes = 0;
    for (uint32_t k = 0; k < places->n; k++) {
        classes += k == 0 || item[k].class != item[k - 1].class;
    }
    g->point = ARENA_NEW(&g->arena, (MOST_LAYERS + 1) * (size_t)classes, struct point_patch);
    bool fine = g->point && each_of(plan, g, places, item, lay_instances, lay_shadows);
    free(item);
    for (uint32_t p = 0; fine && p < g->n_point; p++) {
        g->watches = g->watches || g->point[p].plugin->watch;
        fine = layout_point_columns(plan, g, &g->point[p]);
    }
    return fine && lay_buffers(g) ? HK_OK : fail_memory(net->ctx, "a group's point processes");
}
