/* SPDX-License-Identifier: BSD-3-Clause */
#include "generators.h"
#include "layout.h"
#include "random.h"
#include <string.h>

static bool is_state(const struct hk_plugin *plugin, uint32_t column) {
    return plugin->field[column].role != HK_PARAMETER;
}

bool generators_open(const hk_net *net, struct layout *layout, struct arena *arena,
                     struct generators *all, const struct spec *spec, uint32_t n) {
    all->plugin = spec->of->plugin;
    all->n = n;
    for (uint32_t j = 0; j < spec->of->plugin->n_column; j++) {
        all->n_state += is_state(spec->of->plugin, j);
    }
    all->state = ARENA_NEW(arena, (size_t)n * all->n_state, double);
    all->stream = ARENA_NEW(arena, HK_LANES, struct hk_stream);
    bool fine = layout_block(net, layout, arena, spec, HK_LANES, &all->block, &all->col);
    all->block.stream = all->stream;
    for (uint32_t j = 0; fine && j < spec->of->plugin->n_column; j++) {
        all->col[j] = ARENA_NEW(arena, HK_LANES, double);
    }
    return fine && !arena->failed;
}

void generators_close(struct generators *all) {
    series_free(&all->input);
}

/* Puts instance k into a lane of the block, but for its state. */
static void show(const hk_net *net, struct generators *all, uint32_t k, uint32_t lane) {
    struct input input = network_input(net, (uint32_t)series_get(&all->input, k));
    struct random_stream stream = random_stream(
        net->options.seed, net->stream[input.stream].purpose, input.identity, input.index);
    memcpy(&all->stream[lane], &stream, sizeof stream);
    layout_fill_instance(&net->spec[input.spec], &all->block, lane);
}

static void put_state(struct generators *all, uint32_t k, uint32_t lane) {
    const double *state = all->state + (size_t)k * all->n_state;
    for (uint32_t j = 0; j < all->plugin->n_column; j++) {
        if (is_state(all->plugin, j)) {
            all->col[j][lane] = *state++;
        }
    }
}

static void keep_state(struct generators *all, uint32_t k, uint32_t lane) {
    double *state = all->state + (size_t)k * all->n_state;
    for (uint32_t j = 0; j < all->plugin->n_column; j++) {
        if (is_state(all->plugin, j)) {
            *state++ = all->col[j][lane];
        }
    }
}

const char *generators_check(const hk_net *net, struct generators *all, uint32_t k) {
    show(net, all, k, 0);
    return all->plugin->check(&all->block, 0);
}

void generators_init(const hk_net *net, struct generators *all) {
    for (uint32_t first = 0; first < all->n; first += HK_LANES) {
        uint32_t n = all->n - first < HK_LANES ? all->n - first : HK_LANES;
        for (uint32_t lane = 0; lane < HK_LANES; lane++) {
            show(net, all, first + (lane < n ? lane : n - 1), lane);
        }
        if (all->plugin->init) {
            all->plugin->init(&all->block);
        }
        for (uint32_t lane = 0; lane < n; lane++) {
            keep_state(all, first + lane, lane);
        }
    }
}

double generators_next(const hk_net *net, struct generators *all, uint32_t k) {
    show(net, all, k, 0);
    put_state(all, k, 0);
    double t = all->plugin->next(&all->block, 0);
    keep_state(all, k, 0);
    return t;
}
