/* SPDX-License-Identifier: BSD-3-Clause */
/* Artificial cells: what they are to the rest of a network. */
#include "models.h"

static void test_beside_cells(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 2, 100, 1);
    hk_net *net = open_net(ctx, 0.025, -65);
    uint32_t first, again;
    WORKS(ctx, hk_net_artificial(net, "early", PLAIN("EngineFire"), 3, NULL, &first));
    assert_int_equal(first, 0);
    uint32_t cell = add_cells(ctx, net, type, 2), at;
    uint64_t identity[] = {7, 5};
    WORKS(ctx,
          hk_net_artificial(net, "late", SPEC("EngineFire", VALUE("tau", 3)), 2, identity, &again));
    assert_int_equal(again, 3);
    struct hk_cell_of of = hk_net_cell(net, cell);
    assert_true(of.identity == 0 && !of.artificial);
    WORKS(ctx, hk_net_artificial_cell(net, again + 1, &at));
    of = hk_net_cell(net, at);
    assert_true(of.identity == 5 && of.artificial);
    assert_string_equal(of.population_name, "late");
    WORKS(ctx, hk_net_artificial_cell(net, first + 2, &at));
    assert_true(hk_net_cell(net, at).identity == 2);
    struct hk_point_of point = hk_net_point(net, again);
    assert_true(point.cell == HK_NONE && point.segment == HK_NONE);
    struct hk_source_of source;
    WORKS(ctx, hk_net_source_get(net, point_source(ctx, net, again), &source));
    assert_true(source.cell == HK_NONE && source.index == again);
    double tau;
    WORKS(ctx, hk_net_point_get(net, again, "tau", &tau));
    assert_true(tau == 3);
    struct hk_net_facts facts = hk_net_facts(net);
    assert_true(facts.cells == 2 && facts.compartments == 4 && facts.points == 5);
    WORKS(ctx, hk_net_build(net));
    assert_int_equal(hk_net_units(net), 1);
    WORKS(ctx, hk_net_run(net, 1));
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

static void test_alone(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_net *net = open_net(ctx, 0.025, -65);
    uint32_t first;
    WORKS(ctx, hk_net_artificial(net, "fire", PLAIN("EngineFire"), 100, NULL, &first));
    double times[] = {1}, weights[] = {2, 1}, delay = 1;
    uint32_t from = add_times(ctx, net, times, 1);
    for (uint32_t k = 0; k < 100; k++) { /* one wakes the next */
        uint32_t to = first + k;
        WORKS(ctx, hk_net_connect(net, 1, &from, &to, weights, 2, &delay));
        from = point_source(ctx, net, to);
    }
    uint32_t probe = probe_events(ctx, net, HK_PROBE_SPIKES, &from);
    WORKS(ctx, hk_net_run(net, 110));
    struct rows spikes = rows_of(ctx, net, probe);
    assert_int_equal(spikes.n, 1);
    assert_true(at(spikes, 0, 0) == 101);
    assert_int_equal(hk_net_facts(net).cells, 0);
    assert_int_equal(hk_net_facts(net).spikes, 100);
    hk_net_free(net);
    hk_free(ctx);
}

static void test_mistakes(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
    hk_net *net = open_net(ctx, 0.025, -65);
    add_cells(ctx, net, type, 1);
    uint32_t first, cell, zero = 0, out;
    double value = 1;
    uint64_t same[] = {4, 4}, huge = (uint64_t)1 << 63;
    FAILS(ctx, hk_net_artificial(net, "x", PLAIN("ExpSyn"), 1, NULL, &first), HK_INVALID,
          "ExpSyn has a current");
    FAILS(ctx, hk_net_artificial(net, "x", PLAIN("EngineArea"), 1, NULL, &first), HK_INVALID,
          "EngineArea reads area of its segment");
    FAILS(ctx, hk_net_artificial(net, "", PLAIN("EngineFire"), 1, NULL, &first), HK_INVALID,
          "artificial cells need a name");
    FAILS(ctx, hk_net_artificial(net, "x", PLAIN("EngineFire"), 0, NULL, &first), HK_INVALID,
          "\"x\" is empty");
    FAILS(ctx, hk_net_artificial(net, "x", PLAIN("EngineFire"), 2, same, &first), HK_INVALID,
          "identity 4 is given twice");
    FAILS(ctx, hk_net_artificial(net, "x", PLAIN("EngineFire"), 1, &huge, &first), HK_INVALID,
          "is not below 2^63");
    assert_int_equal(hk_net_n_points(net), 0); /* nothing was made */
    assert_int_equal(hk_net_cells(net), 1);
    WORKS(ctx, hk_net_artificial(net, "x", PLAIN("EngineFire"), 1, NULL, &first));
    FAILS(ctx, hk_net_artificial_cell(net, 9, &cell), HK_NOT_FOUND, "point 9 does not exist");
    WORKS(ctx, hk_net_artificial_cell(net, first, &cell));
    FAILS(ctx, hk_net_points(net, PLAIN("ExpSyn"), 1, &cell, &zero, &out), HK_INVALID,
          "cell 1 is artificial (of \"x\"): it has no membrane");
    FAILS(ctx, hk_net_detector(net, cell, 0, -20, &out), HK_INVALID, "it has no membrane");
    FAILS(ctx, hk_net_set(net, 1, &cell, NULL, "cm", 0, NULL, &value, 0), HK_INVALID,
          "it has no membrane");
    uint32_t point = add_point(ctx, net, PLAIN("ExpSyn"), 0, 0);
    FAILS(ctx, hk_net_artificial_cell(net, point, &cell), HK_INVALID, "sits on a cell");
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beside_cells),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests_name("network_artificial", tests, NULL, NULL);
}
