/* SPDX-License-Identifier: BSD-3-Clause */
#include "save_map.h"
#include <stdlib.h>

static uint32_t number_of(const struct save_map *map, const struct group *g) {
    return (uint32_t)(g - map->plan.layout->group);
}

/* ---- instances */

static void own(struct save_group *of, struct place place, uint32_t point) {
    uint32_t *owner = &of->owner[of->first[place.patch] + place.instance];
    *owner = *owner == HK_NONE ? point : *owner;
}

static bool find_owners(struct save_map *map, const struct group *g, struct save_group *of) {
    const struct plan *plan = &map->plan;
    uint32_t n = 0;
    of->first = calloc((size_t)g->n_point + 1, sizeof *of->first);
    for (uint32_t p = 0; of->first && p < g->n_point; p++) {
        of->first[p] = n;
        n += g->point[p].padded;
    }
    of->owner = malloc(((size_t)n + 1) * sizeof *of->owner);
    if (!of->first || !of->owner) {
        return false;
    }
    for (uint32_t k = 0; k < n; k++) {
        of->owner[k] = HK_NONE;
    }
    for (uint32_t lane = 0; lane < g->lanes; lane++) {
        const struct place *place = of->places.place + of->places.first[lane];
        uint32_t cell = g->cell[lane];
        for (uint32_t k = plan->point_first[cell]; k < plan->point_first[cell + 1]; k++) {
            uint32_t point = plan->point_of[k];
            struct place shadow = save_place(map, point, true);
            own(of, *place++, point);
            if (shadow.patch != HK_NONE) {
                own(of, shadow, point);
            }
        }
    }
    return true;
}

struct place save_place(const struct save_map *map, uint32_t point, bool shadow) {
    const struct plan *plan = &map->plan;
    uint32_t cell = network_point_cell(plan->net, point);
    if (!shadow) {
        return *places_of(&map->group[plan->layout->group_of[cell]].places, point);
    }
    const struct probed *probed = plan_probed(plan, point);
    return probed && probed->shadow ? (struct place){probed->patch, probed->instance}
                                    : (struct place){HK_NONE, HK_NONE};
}

uint32_t save_owner(const struct save_map *map, const struct group *g, struct place place) {
    const struct save_group *of = &map->group[number_of(map, g)];
    return of->owner[of->first[place.patch] + place.instance];
}

/* ---- links */

static void find_links(struct save_map *map, const struct group *g, const struct save_group *of) {
    for (uint32_t k = 0; k < g->n_link; k++) {
        bool shadow = g->point[g->link_kind[g->link[k].kind].point].shadow;
        (shadow ? map->shadow : map->link)[of->connection[k]] = k;
    }
}

struct group *save_target(const struct save_map *map, uint32_t connection) {
    const struct hk_net *net = map->plan.net;
    uint32_t point = (uint32_t)series_get(&net->connection.point, connection);
    const struct layout *layout = map->plan.layout;
    return &layout->group[layout->group_of[network_point_cell(net, point)]];
}

/* ---- generators */

struct generators *save_kind(const struct group *g, uint32_t generator) {
    struct generators *kind = g->kind;
    while (generator - kind->first >= kind->n) {
        kind++;
    }
    return kind;
}

static void find_inputs(struct save_map *map, const struct group *g) {
    for (uint32_t p = 0; p < g->n_kind; p++) {
        const struct generators *kind = &g->kind[p];
        for (uint32_t k = 0; k < kind->n; k++) {
            struct save_input *input = &map->input[series_get(&kind->input, k)];
            if (input->group == HK_NONE) {
                *input = (struct save_input){number_of(map, g), kind->first + k};
            }
        }
    }
}

/* ---- all of it */

static bool open_group(struct save_map *map, uint32_t k) {
    struct group *g = &map->plan.layout->group[k];
    struct save_group *of = &map->group[k];
    bool fine =
        places_open(&map->plan, g, &of->places) && layout_find_points(&map->plan, g, &of->places);
    of->connection = fine ? layout_find_links(&map->plan, k, &of->places) : NULL;
    if (!of->connection || !find_owners(map, g, of)) {
        return false;
    }
    find_links(map, g, of);
    find_inputs(map, g);
    return true;
}

static uint32_t *nowhere(uint32_t n) {
    uint32_t *all = malloc(((size_t)n + 1) * sizeof *all);
    for (uint32_t k = 0; all && k < n; k++) {
        all[k] = HK_NONE;
    }
    return all;
}

bool save_map_open(hk_net *net, struct save_map *out) {
    struct layout *layout = net->layout;
    *out = (struct save_map){.plan = {.net = net, .layout = layout}};
    out->group = calloc((size_t)layout->n_group + 1, sizeof *out->group);
    out->link = nowhere(net->n_connection);
    out->input = malloc(((size_t)net->n_input + 1) * sizeof *out->input);
    bool fine = out->group && out->link && out->input && plan_open(&out->plan);
    for (uint32_t i = 0; fine && i < net->n_input; i++) {
        out->input[i].group = HK_NONE;
    }
    if (fine && out->plan.n_probed) {
        out->shadow = nowhere(net->n_connection);
        fine = out->shadow != NULL;
    }
    for (uint32_t k = 0; fine && k < layout->n_group; k++) {
        fine = open_group(out, k);
    }
    return fine;
}

void save_map_close(struct save_map *map) {
    for (uint32_t k = 0; map->group && k < map->plan.layout->n_group; k++) {
        places_close(&map->group[k].places);
        free(map->group[k].first);
        free(map->group[k].owner);
        free(map->group[k].connection);
    }
    free(map->group);
    free(map->link);
    free(map->shadow);
    free(map->input);
    plan_close(&map->plan);
}
