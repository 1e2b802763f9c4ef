/* SPDX-License-Identifier: BSD-3-Clause */
/* Channels that draw: each instance has a stream of its own, wherever it stands. */
#include "models.h"

enum { CELLS = 13, SEGMENTS = 3 };

struct drawn {
    double first[CELLS][SEGMENTS], x[CELLS][SEGMENTS], v[CELLS];
};

/* identity: of the first cell; the others follow. */
static struct drawn draw(uint64_t seed, uint32_t group, uint32_t threads, uint64_t identity) {
    struct drawn out;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 30, 10, SEGMENTS, 100, 1);
    passive(ctx, type, 1e-4, -65);
    WORKS(ctx, hk_cell_insert(type, "RandomChannel", 0, NULL));
    struct hk_net_options options = hk_net_defaults();
    options.seed = seed;
    options.group = group;
    options.threads = threads;
    hk_net *net;
    WORKS(ctx, hk_net_new(ctx, &options, &net));
    uint64_t names[CELLS];
    uint32_t cell, first[CELLS][SEGMENTS], x[CELLS][SEGMENTS], v[CELLS];
    for (uint32_t c = 0; c < CELLS; c++) {
        names[c] = identity + c;
    }
    WORKS(ctx, hk_net_population(net, "A", type, CELLS, names, &cell));
    for (uint32_t c = 0; c < CELLS; c++) {
        v[c] = probe_v(ctx, net, c, 0);
        for (uint32_t s = 0; s < SEGMENTS; s++) {
            first[c][s] = probe_segment(ctx, net, c, s, "RandomChannel", "first");
            x[c][s] = probe_segment(ctx, net, c, s, "RandomChannel", "x");
        }
    }
    WORKS(ctx, hk_net_run(net, 2));
    for (uint32_t c = 0; c < CELLS; c++) {
        out.v[c] = last_of(ctx, net, v[c]);
        for (uint32_t s = 0; s < SEGMENTS; s++) {
            out.first[c][s] = last_of(ctx, net, first[c][s]);
            out.x[c][s] = last_of(ctx, net, x[c][s]);
        }
    }
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
    return out;
}

static void test_bits(void **state) {
    (void)state;
    struct drawn all = draw(1, 0, 1, 0);
    const uint32_t group[] = {1, 5, 13};
    for (uint32_t k = 0; k < 3; k++) {
        struct drawn other = draw(1, group[k], k + 1, 0);
        assert_memory_equal(&all, &other, sizeof all);
    }
    for (uint32_t a = 0; a < CELLS * SEGMENTS; a++) {
        assert_true((&all.first[0][0])[a] != (&all.x[0][0])[a]);
        for (uint32_t b = 0; b < a; b++) {
            assert_true((&all.first[0][0])[a] != (&all.first[0][0])[b]);
            assert_true((&all.x[0][0])[a] != (&all.x[0][0])[b]);
        }
    }
    struct drawn other = draw(2, 0, 1, 0), later = draw(1, 0, 1, 4);
    assert_true(other.first[0][0] != all.first[0][0]);
    assert_true(later.first[0][1] == all.first[4][1] && later.x[8][2] == all.x[12][2]);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bits)};
    return cmocka_run_group_tests_name("channel_streams", tests, NULL, NULL);
}
