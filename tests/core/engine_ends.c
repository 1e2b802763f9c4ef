/* SPDX-License-Identifier: BSD-3-Clause */
/* Points that ask for the connections that end at them. */
#include "models.h"

static const double DT = 0.025;

struct model {
    hk_context *ctx;
    hk_net *net;
    uint32_t point[3], all[3], sum[3], ends[3], echo[3];
};

/* Three points on each of three cells. Point 1 is heard by two inputs and a detector, point 0 by
 * an input that fires at 1 and 2 ms, twice; point 2 by nothing. */
static struct model open_model(uint32_t group, uint32_t threads) {
    struct model m = {.ctx = open_context()};
    hk_cell *type = cylinder(m.ctx, 20, 20, 1, 100, 1);
    struct hk_net_options options = hk_net_defaults();
    options.group = group;
    options.threads = threads;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    add_cells(m.ctx, m.net, type, 3);
    hk_cell_free(type);
    add_point(m.ctx, m.net, SPEC("IClamp", VALUE("amp", 10), VALUE("dur", 100)), 0, 0);
    for (uint32_t k = 0; k < 3; k++) {
        m.point[k] = add_point(m.ctx, m.net, PLAIN("EngineEnds"), k, 0);
        m.all[k] = probe_point(m.ctx, m.net, m.point[k], "all");
        m.sum[k] = probe_point(m.ctx, m.net, m.point[k], "sum");
        m.echo[k] = probe_point(m.ctx, m.net, m.point[k], "echo");
        m.ends[k] = probe_point(m.ctx, m.net, m.point[k], "ends");
    }
    double late[] = {3}, early[] = {1, 2};
    uint32_t b = add_times(m.ctx, m.net, early, 2);
    uint32_t a = add_input(m.ctx, m.net, SPEC("SpikeArray", ROWS("times", late, 1)), "late");
    connect_one(m.ctx, m.net, a, m.point[1], 10, 0); /* since 1 */
    connect_one(m.ctx, m.net, b, m.point[0], 1000, 0);
    connect_one(m.ctx, m.net, b, m.point[0], 1000, 1.5);
    connect_one(m.ctx, m.net, b, m.point[1], 100, 0);                                   /* 2 */
    connect_one(m.ctx, m.net, add_detector(m.ctx, m.net, 0, 0, -20), m.point[1], 1, 1); /* 3 */
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_free(m->ctx);
}

static void test_connections(void **state) {
    (void)state;
    struct model m = open_model(0, 1);
    for (int again = 0; again < 2; again++) {
        WORKS(m.ctx, hk_net_run(m.net, 10));
        assert_true(last_of(m.ctx, m.net, m.ends[0]) == 202);
        assert_true(last_of(m.ctx, m.net, m.ends[1]) == 303);
        assert_true(last_of(m.ctx, m.net, m.ends[2]) == 0);
        struct rows all = rows_of(m.ctx, m.net, m.all[1]);
        assert_true(at(all, 41, 1) == 111); /* the input at 1 ms */
        assert_true(last_of(m.ctx, m.net, m.all[1]) == 4 * 111);
        struct rows echo = rows_of(m.ctx, m.net, m.echo[1]);
        assert_true(at(echo, 60, 1) == 0 && at(echo, 61, 1) == 100);
        assert_true(last_of(m.ctx, m.net, m.echo[1]) == 100 + 100 + 10 + 1);
        assert_true(last_of(m.ctx, m.net, m.sum[1]) == 2 + 2 + 1 + 3);
        assert_true(last_of(m.ctx, m.net, m.all[0]) == 4 * 2000);
        assert_true(last_of(m.ctx, m.net, m.sum[0]) == 1 + 1 + 2 + 2);
        assert_true(last_of(m.ctx, m.net, m.sum[2]) == 0);
        WORKS(m.ctx, hk_net_reset(m.net));
    }
    struct hk_connection_of first = hk_net_connection(m.net, 0); /* what the user said stays */
    assert_true(first.weight[0] == 10 && first.weight[1] == 0 && first.weight[2] == 7);
    close_model(&m);
}

static void test_grouping(void **state) {
    (void)state;
    struct model one = open_model(8, 1), many = open_model(1, 3);
    WORKS(one.ctx, hk_net_run(one.net, 10));
    WORKS(many.ctx, hk_net_run(many.net, 10));
    for (uint32_t k = 0; k < 3; k++) {
        same_rows(rows_of(one.ctx, one.net, one.all[k]), rows_of(many.ctx, many.net, many.all[k]));
        same_rows(rows_of(one.ctx, one.net, one.sum[k]), rows_of(many.ctx, many.net, many.sum[k]));
    }
    close_model(&one);
    close_model(&many);
}

/* Connections of a bulk call, whose one weight is kept once, have weights of their own too. */
static void test_bulk(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
    hk_net *net = open_net(ctx, DT, -65);
    add_cells(ctx, net, type, 1);
    uint32_t cell = 0, segment = 0;
    double times[] = {1};
    struct hk_made made;
    struct hk_stimulus stimulus = {
        .stream = "all",
        .n_cell = 1,
        .cell = &cell,
        .count = 2,
        .input = *SPEC("SpikeArray", ROWS("times", times, 1)),
        .point = *PLAIN("EngineEnds"),
        .place = {.n = 1, .segment = &segment},
        .weight = {.a = 5},
        .delay = {.a = 1},
    };
    WORKS(ctx, hk_net_stimulate(net, &stimulus, &made));
    add_input(ctx, net, SPEC("SpikeArray", ROWS("times", times, 1)), "more");
    uint32_t all[2], sum[2];
    for (uint32_t k = 0; k < 2; k++) {
        all[k] = probe_point(ctx, net, made.point + k, "all");
        sum[k] = probe_point(ctx, net, made.point + k, "sum");
    }
    WORKS(ctx, hk_net_run(net, 5));
    for (uint32_t k = 0; k < 2; k++) {
        assert_true(last_of(ctx, net, all[k]) == 5 && last_of(ctx, net, sum[k]) == 1);
    }
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connections),
        cmocka_unit_test(test_grouping),
        cmocka_unit_test(test_bulk),
    };
    return cmocka_run_group_tests_name("engine_ends", tests, NULL, NULL);
}
