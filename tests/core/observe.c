/* SPDX-License-Identifier: BSD-3-Clause */
/* Columns that exist only where somebody records them. */
#include "models.h"
#include "group.h"
#include "layout.h"

struct model {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
    uint32_t point;
};

static struct model open_model(uint32_t group) {
    struct model m = {.ctx = open_context()};
    m.type = cylinder(m.ctx, 40, 10, 4, 100, 1);
    passive(m.ctx, m.type, 1e-4, -65);
    WORKS(m.ctx, hk_cell_insert(m.type, "ObserveChannel", 0, NULL));
    WORKS(m.ctx, hk_cell_insert(m.type, "EnginePool", 0, NULL));
    set_all(m.ctx, m.type, "EnginePool", "rate", 1e-5);
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 20;
    options.group = group;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    add_cells(m.ctx, m.net, m.type, 5);
    const double times[] = {0.5, 1, 1.5};
    uint32_t source = add_times(m.ctx, m.net, times, 3);
    for (uint32_t cell = 0; cell < 5; cell++) {
        m.point = add_point(m.ctx, m.net, PLAIN("ObservePoint"), cell, 2);
        connect_one(m.ctx, m.net, source, m.point, 1e-3, 1);
    }
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->type);
    hk_free(m->ctx);
}

static void test_channel(void **state) {
    (void)state;
    struct model m = open_model(0);
    uint32_t v = probe_v(m.ctx, m.net, 4, 2);
    uint32_t x = probe_segment(m.ctx, m.net, 4, 2, "ObserveChannel", "x");
    uint32_t unused = probe_segment(m.ctx, m.net, 4, 2, "ObserveChannel", "unused");
    uint32_t now = probe_segment(m.ctx, m.net, 4, 2, "ObserveChannel", "now");
    uint32_t kept = probe_segment(m.ctx, m.net, 4, 2, "ObserveChannel", "kept");
    uint32_t when = probe_segment(m.ctx, m.net, 4, 2, "ObserveChannel", "when");
    uint32_t flux = probe_segment(m.ctx, m.net, 4, 2, "ObserveChannel", "flux");
    uint32_t ica = probe_segment(m.ctx, m.net, 4, 2, NULL, "ica");
    WORKS(m.ctx, hk_net_run(m.net, 5));
    struct rows all = rows_of(m.ctx, m.net, v);
    for (uint64_t r = 0; r < all.n; r++) {
        double state_now = at(rows_of(m.ctx, m.net, x), r, 1);
        NEAR(at(rows_of(m.ctx, m.net, unused), r, 1), 2 * state_now, 0);
        NEAR(at(rows_of(m.ctx, m.net, now), r, 1), at(all, r, 1), 0);
        NEAR(at(rows_of(m.ctx, m.net, kept), r, 1), 3 * state_now, 0);
        NEAR(at(rows_of(m.ctx, m.net, when), r, 1), at(all, r, 0), 0);
        NEAR(at(rows_of(m.ctx, m.net, flux), r, 1), at(rows_of(m.ctx, m.net, ica), r, 1), 0);
    }
    assert_true(last_of(m.ctx, m.net, v) > -64 && last_of(m.ctx, m.net, flux) < 0);
    close_model(&m);
}

static void test_point(void **state) {
    (void)state;
    struct model m = open_model(0);
    uint32_t v = probe_point(m.ctx, m.net, m.point, "v");
    uint32_t g = probe_point(m.ctx, m.net, m.point, "g");
    uint32_t i_now = probe_point(m.ctx, m.net, m.point, "i_now");
    uint32_t twice = probe_point(m.ctx, m.net, m.point, "twice");
    uint32_t last = probe_point(m.ctx, m.net, m.point, "last");
    uint32_t cai = probe_segment(m.ctx, m.net, 4, 2, NULL, "cai");
    WORKS(m.ctx, hk_net_run(m.net, 5));
    struct rows all = rows_of(m.ctx, m.net, v);
    for (uint64_t r = 0; r < all.n; r++) {
        double current = at(rows_of(m.ctx, m.net, g), r, 1) * at(all, r, 1);
        NEAR(at(rows_of(m.ctx, m.net, i_now), r, 1), current, 0);
        NEAR(at(rows_of(m.ctx, m.net, twice), r, 1), 2 * at(rows_of(m.ctx, m.net, cai), r, 1), 0);
        NEAR(at(rows_of(m.ctx, m.net, last), r, 1), r > 60 ? 1e-3 : 0, 0); /* receive's stays */
    }
    assert_true(last_of(m.ctx, m.net, i_now) < 0);
    close_model(&m);
}

/* What is observed leaves no trace: the run has the same bits with it and without. */
static void test_no_trace(void **state) {
    (void)state;
    struct rows rows[2];
    struct model m[2];
    for (uint32_t k = 0; k < 2; k++) {
        m[k] = open_model(k ? 3 : 0);
        uint32_t v = probe_v(m[k].ctx, m[k].net, 4, 2);
        for (uint32_t s = 0; k && s < 4; s++) {
            probe_segment(m[k].ctx, m[k].net, 4, s, "ObserveChannel", "kept");
            probe_segment(m[k].ctx, m[k].net, 1, s, "ObserveChannel", "flux");
        }
        if (k) {
            probe_point(m[k].ctx, m[k].net, m[k].point, "i_now");
        }
        WORKS(m[k].ctx, hk_net_run(m[k].net, 5));
        rows[k] = rows_of(m[k].ctx, m[k].net, v);
    }
    same_rows(rows[0], rows[1]);
    close_model(&m[0]);
    close_model(&m[1]);
}

/* There is nothing of it in a group. */
static void test_no_memory(void **state) {
    (void)state;
    struct model m = open_model(0);
    probe_segment(m.ctx, m.net, 4, 2, "ObserveChannel", "now");
    WORKS(m.ctx, hk_net_run(m.net, 1));
    uint32_t none = 0;
    for (uint32_t k = 0; k < m.net->layout->n_group; k++) {
        const struct group *g = &m.net->layout->group[k];
        for (uint32_t p = 0; p < g->n_patch; p++) {
            for (uint32_t j = 0; j < g->patch[p].plugin->n_column; j++) {
                bool observed = g->patch[p].plugin->field[j].role == HK_OBSERVED;
                assert_true(observed == !g->patch[p].col[j]);
                none += observed;
            }
        }
        for (uint32_t p = 0; p < g->n_point; p++) {
            for (uint32_t j = 0; j < g->point[p].plugin->n_column; j++) {
                bool observed = g->point[p].plugin->field[j].role == HK_OBSERVED;
                assert_true(observed == !g->point[p].col[j]);
                none += observed;
            }
        }
    }
    assert_true(none >= 6);
    close_model(&m);
}

static void test_errors(void **state) {
    (void)state;
    struct model m = open_model(0);
    const uint32_t zero = 0;
    double x = 1;
    FAILS(m.ctx, hk_cell_set(m.type, "ObserveChannel", "now", 1, &zero, &x, 0), HK_NOT_FOUND,
          "field \"now\" is of role observed: parameters can be set");
    FAILS(m.ctx,
          hk_net_points(m.net, SPEC("ObservePoint", VALUE("i_now", 1)), 1, &zero, &zero, NULL),
          HK_INVALID, "ObservePoint.i_now is no parameter: it cannot be set");
    FAILS(m.ctx, hk_net_point_get(m.net, 0, "twice", &x), HK_INVALID,
          "ObservePoint.twice is no parameter");
    close_model(&m);
}

/* A diverging cell is described without them. */
static void test_divergence(void **state) {
    (void)state;
    struct model m = open_model(0);
    add_point(m.ctx, m.net, SPEC("IClamp", VALUE("amp", 1e6), VALUE("dur", 100)), 0, 1);
    FAILS(m.ctx, hk_net_run(m.net, 10), HK_DIVERGED,
          "which has EnginePool, pas, ObserveChannel, IClamp");
    close_model(&m);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channel),  cmocka_unit_test(test_point),
        cmocka_unit_test(test_no_trace), cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_errors),   cmocka_unit_test(test_divergence),
    };
    return cmocka_run_group_tests_name("observe", tests, NULL, NULL);
}
