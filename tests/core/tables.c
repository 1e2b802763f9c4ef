/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables: one list of rows for all instances of a cell type, or of points that were given the same.
 */
#include "models.h"

static const double CURVE[] = {-100, 1, -60, 3, 0, 5, 50, 10};

static hk_cell *table_type(hk_context *ctx) {
    hk_cell *type = cylinder(ctx, 40, 10, 4, 100, 1);
    passive(ctx, type, 1e-4, -65);
    WORKS(ctx, hk_cell_insert(type, "TableChannel", 0, NULL));
    return type;
}

static void test_channel(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = table_type(ctx);
    const double more[] = {1, 2, 4.5};
    WORKS(ctx, hk_cell_set_table(type, "TableChannel", "curve", 4, CURVE));
    hk_net *net = open_net(ctx, 0.025, -70);
    add_cells(ctx, net, type, 3);
    add_point(ctx, net, SPEC("IClamp", VALUE("amp", 1), VALUE("dur", 100)), 2, 0);
    uint32_t v = probe_v(ctx, net, 2, 1), x = probe_segment(ctx, net, 2, 1, "TableChannel", "x"),
             sum = probe_segment(ctx, net, 2, 1, "TableChannel", "sum");
    WORKS(ctx, hk_net_build(net));
    /* the network keeps what it was built with */
    WORKS(ctx, hk_cell_set_table(type, "TableChannel", "curve", 1, CURVE));
    WORKS(ctx, hk_cell_set_table(type, "TableChannel", "more", 3, more));
    WORKS(ctx, hk_net_run(net, 20));
    struct rows rows = rows_of(ctx, net, v);
    for (uint64_t r = 0; r < rows.n; r++) {
        double u = at(rows, r, 1), right = u < -60 ? 1 + (u + 100) / 20
                                           : u < 0 ? 3 + (u + 60) / 30
                                                   : 5 + fmin(u, 50) / 10;
        NEAR(at(rows_of(ctx, net, x), r, 1), right, 1e-14);
    }
    assert_true(last_of(ctx, net, v) > 0);
    NEAR(last_of(ctx, net, sum), 0, 0); /* no rows */
    hk_net_free(net);
    net = open_net(ctx, 0.025, -70);
    add_cells(ctx, net, type, 3);
    x = probe_segment(ctx, net, 2, 1, "TableChannel", "x");
    sum = probe_segment(ctx, net, 2, 1, "TableChannel", "sum");
    WORKS(ctx, hk_net_run(net, 1));
    NEAR(last_of(ctx, net, x), 1, 0);
    NEAR(last_of(ctx, net, sum), 7.5, 0);
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

static void test_channel_errors(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = table_type(ctx);
    const double unsorted[] = {0, 1, -1, 2}, beyond[] = {0, 1, 1, 2000};
    double x = 1, got[4];
    const uint32_t cell = 0;
    FAILS(ctx, hk_cell_set(type, "TableChannel", "curve", 0, NULL, &x, 0), HK_INVALID,
          "cell \"cylinder\": TableChannel.curve is a table of numbers, not a number");
    FAILS(ctx, hk_cell_get(type, "TableChannel", "curve", 4, NULL, got), HK_INVALID,
          "TableChannel.curve is a table of numbers");
    FAILS(ctx, hk_cell_set_table(type, "pas", "g", 1, CURVE), HK_INVALID,
          "cell \"cylinder\": pas.g is a number, not a table");
    FAILS(ctx, hk_cell_set_table(type, NULL, "cm", 1, CURVE), HK_INVALID,
          "cell \"cylinder\": cm is a number, not a table");
    FAILS(ctx, hk_cell_set_table(type, "TableChannel", "curv", 1, CURVE), HK_NOT_FOUND,
          "has no field \"curv\"; nearest: \"curve\"; there are curve and more");
    FAILS(ctx, hk_cell_set_table(type, "TableChannel", "curve", 2, beyond), HK_INVALID,
          "row 2: cell \"cylinder\": TableChannel.curve is 2000, not within -1000 to 1000");
    hk_net *net = open_net(ctx, 0.025, -70);
    add_cells(ctx, net, type, 1);
    FAILS(ctx, hk_net_set(net, 1, &cell, "TableChannel", "curve", 0, NULL, &x, 0), HK_INVALID,
          "TableChannel.curve is one value for all of cell type \"cylinder\"");
    FAILS(ctx, hk_net_build(net), HK_INVALID,
          "cell \"cylinder\": TableChannel.curve must be set: it has no default");
    WORKS(ctx, hk_cell_set_table(type, "TableChannel", "curve", 2, unsorted));
    FAILS(ctx, hk_net_run(net, 1), HK_INVALID, "TableChannel: curve is not sorted");
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

static void test_points(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = table_type(ctx);
    WORKS(ctx, hk_cell_set_table(type, "TableChannel", "curve", 4, CURVE));
    hk_net *net = open_net(ctx, 0.025, -70);
    add_cells(ctx, net, type, 12);
    const double some[] = {1, 2}, others[] = {1, 2, 4}, own[] = {10, 20};
    uint32_t seen[12], mine[12];
    for (uint32_t c = 0; c < 12; c++) {
        uint32_t point = add_point(
            ctx, net,
            c % 3 ? SPEC("TablePoint", ROWS("numbers", some, 2), ROWS("list", own, c % 2 + 1))
                  : SPEC("TablePoint", ROWS("list", own, c % 2 + 1), ROWS("numbers", others, 3)),
            c, 1);
        seen[c] = probe_point(ctx, net, point, "seen");
        mine[c] = probe_point(ctx, net, point, "own");
    }
    WORKS(ctx, hk_net_run(net, 1));
    for (uint32_t c = 0; c < 12; c++) {
        NEAR(last_of(ctx, net, seen[c]), c % 3 ? 3 : 7, 0);
        NEAR(last_of(ctx, net, mine[c]), c % 2 ? 30 : 10, 0);
    }
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* Inputs with equal tables are of one kind, whatever else differs; others are of others. */
static void test_inputs(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 40, 10, 4, 100, 1);
    passive(ctx, type, 1e-4, -65);
    hk_net *net = open_net(ctx, 0.025, -65);
    add_cells(ctx, net, type, 1);
    uint32_t point = add_point(ctx, net, PLAIN("ExpSyn"), 0, 1);
    const double some[] = {1, 2, 3}, others[] = {1.25};
    struct hk_spec *const spec[] = {
        SPEC("TableTrain", ROWS("at", some, 3)),
        SPEC("TableTrain", VALUE("lag", 0.5), ROWS("at", some, 3)),
        SPEC("TableTrain", ROWS("at", others, 1)),
        PLAIN("TableTrain"),
    };
    const char *name[] = {"a", "b", "c", "d"};
    for (uint32_t k = 0; k < 4; k++) {
        connect_one(ctx, net, add_input(ctx, net, spec[k], name[k]), point, 1e-4, 1);
    }
    uint32_t events = probe_events(ctx, net, HK_PROBE_EVENTS, NULL);
    WORKS(ctx, hk_net_run(net, 5));
    const double right[][2] = {{1, 0}, {1.25, 2}, {1.5, 1}, {2, 0}, {2.5, 1}, {3, 0}, {3.5, 1}};
    struct rows rows = rows_of(ctx, net, events);
    assert_int_equal(rows.n, 7);
    for (uint64_t r = 0; r < 7; r++) {
        assert_true(at(rows, r, 0) == right[r][0] && at(rows, r, 1) == right[r][1]);
    }
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

static void test_point_errors(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = table_type(ctx);
    hk_net *net = open_net(ctx, 0.025, -70);
    add_cells(ctx, net, type, 1);
    const uint32_t zero = 0;
    const double four[] = {1, 2, 3, 4}, beyond[] = {1, 101};
    FAILS(ctx, hk_net_points(net, PLAIN("TablePoint"), 1, &zero, &zero, NULL), HK_INVALID,
          "TablePoint.numbers must be given: it is a table without a default");
    FAILS(ctx, hk_net_points(net, SPEC("TablePoint", VALUE("numbers", 1)), 1, &zero, &zero, NULL),
          HK_INVALID, "TablePoint.numbers is a list, not a number");
    FAILS(ctx,
          hk_net_points(net, SPEC("TablePoint", ROWS("numbers", beyond, 2)), 1, &zero, &zero, NULL),
          HK_INVALID, "TablePoint.numbers is 101, not within 0 to 100");
    FAILS(ctx,
          hk_net_points(net, SPEC("TablePoint", ROWS("numbers", four, 4)), 1, &zero, &zero, NULL),
          HK_INVALID, "TablePoint: there are too many numbers");
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channel),      cmocka_unit_test(test_channel_errors),
        cmocka_unit_test(test_points),       cmocka_unit_test(test_inputs),
        cmocka_unit_test(test_point_errors),
    };
    return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
