/* SPDX-License-Identifier: BSD-3-Clause */
/* small_network: what the tests of networks start from: a context, two cell types, the fixtures'
 * plugins, a network. */
#ifndef HK_TESTS_SMALL_NETWORK_H
#define HK_TESTS_SMALL_NETWORK_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hillock/hillock.h"
#include "hillock/plugin.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEGMENTS = 10 };

struct small {
    hk_context *ctx;
    hk_net *net;
    hk_cell *type, *other, *raw; /* SEGMENTS segments; 3 segments; not built */
};

/* Expects a status and a message that has `part` in it. */
#define FAILS(s, call, status, part)                                                               \
    do {                                                                                           \
        assert_string_equal(hk_status_name(call), #status);                                        \
        if (!strstr(hk_message((s)->ctx), part)) {                                                 \
            fail_msg("\"%s\" is not in \"%s\"", part, hk_message((s)->ctx));                       \
        }                                                                                          \
    } while (0)

#define WORKS(s, call)                                                                             \
    do {                                                                                           \
        if (call) {                                                                                \
            fail_msg("%s", hk_message((s)->ctx));                                                  \
        }                                                                                          \
    } while (0)

/* One cylinder of nseg segments; 0: not built. */
static hk_cell *small_type(struct small *s, const char *name, uint32_t nseg) {
    hk_morph *morph = NULL;
    hk_cell *type = NULL;
    struct hk_section_spec soma = {
        .domain = "soma", .type = 1, .parent = HK_NONE, .length_um = 100, .diam_um = 10};
    WORKS(s, hk_morph_new(s->ctx, name, &morph));
    WORKS(s, hk_morph_section(morph, &soma, NULL));
    WORKS(s, hk_cell_new(s->ctx, name, morph, &type));
    hk_morph_free(morph);
    if (nseg) {
        WORKS(s, hk_cell_nseg(type, 0, NULL, nseg));
        WORKS(s, hk_cell_build(type));
    }
    return type;
}

/* The fixtures stand beside this program. */
static void small_plugins(hk_context *ctx) {
    char path[4096] = "", *slash;
    assert_true(readlink("/proc/self/exe", path, sizeof path - 16) > 0);
    slash = strrchr(path, '/');
    snprintf(slash, 16, "/fixtures");
    assert_string_equal(hk_status_name(hk_plugin_folder(ctx, path)), "HK_OK");
}

static hk_net *small_net(struct small *s, uint64_t seed) {
    struct hk_net_options options = hk_net_defaults();
    options.seed = seed;
    hk_net *net = NULL;
    WORKS(s, hk_net_new(s->ctx, &options, &net));
    return net;
}

/* ---- what bulk calls are asked */

static const uint32_t everywhere[SEGMENTS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

static inline uint32_t *counting(uint32_t n) {
    uint32_t *list = malloc(n * sizeof *list);
    for (uint32_t i = 0; i < n; i++) {
        list[i] = i;
    }
    return list;
}

static inline struct hk_stimulus stimulus(const char *stream, uint32_t n, const uint32_t *cell) {
    return (struct hk_stimulus){.stream = stream,
                                .n_cell = n,
                                .cell = cell,
                                .count = 5,
                                .input = {.plugin = "NetTrain"},
                                .point = {.plugin = "NetSynapse"},
                                .place = {SEGMENTS, everywhere, NULL},
                                .weight = {.a = 1},
                                .delay = {.a = 1}};
}

static inline struct hk_rule rule(const char *stream, enum hk_rule_kind kind, uint32_t n,
                                  const uint32_t *cell) {
    return (struct hk_rule){.stream = stream,
                            .kind = kind,
                            .probability = 0.3,
                            .degree = 3,
                            .n_pre = n,
                            .n_post = n,
                            .pre = cell,
                            .post = cell,
                            .from_segment = 2,
                            .threshold = -20,
                            .point = {.plugin = "NetSynapse"},
                            .place = {SEGMENTS, everywhere, NULL},
                            .weight = {HK_LOGNORMAL, 1, 0.5, 0, 0},
                            .delay = {HK_UNIFORM, 1, 3, 0, 0}};
}

static inline void populate(struct small *s, hk_net *net, uint32_t n, const uint64_t *identity) {
    uint32_t first;
    WORKS(s, hk_net_population(net, "A", s->type, n, identity, &first));
}

/* ---- */

static int small_open(void **state) {
    struct small *s = calloc(1, sizeof *s);
    s->ctx = hk_new();
    assert_non_null(s->ctx);
    small_plugins(s->ctx);
    s->type = small_type(s, "stick", SEGMENTS);
    s->other = small_type(s, "ball", 3);
    s->raw = small_type(s, "raw", 0);
    s->net = small_net(s, 1);
    *state = s;
    return 0;
}

static int small_close(void **state) {
    struct small *s = *state;
    hk_net_free(s->net);
    hk_cell_free(s->type);
    hk_cell_free(s->other);
    hk_cell_free(s->raw);
    hk_free(s->ctx);
    free(s);
    return 0;
}

#endif
