/* SPDX-License-Identifier: BSD-3-Clause */
/* Detectors, deliveries, and events that points send to themselves and out. */
#include "models.h"

struct model {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
};

static const double DT = 0.025;

/* n capacitors of 20 um, which do what they are told: 1 nA for 1 ms changes v by 1/0.01257 mV. */
static struct model open_capacitors(uint32_t n) {
    struct model m = {.ctx = open_context()};
    m.type = cylinder(m.ctx, 20, 20, 1, 100, 1);
    m.net = open_net(m.ctx, DT, -65);
    add_cells(m.ctx, m.net, m.type, n);
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->type);
    hk_free(m->ctx);
}

static struct rows run(struct model *m, double until, uint32_t probe) {
    WORKS(m->ctx, hk_net_run(m->net, until));
    return rows_of(m->ctx, m->net, probe);
}

/* v rises from -65 by 1 mV a step from `from` on for `steps` steps. */
static void ramp(struct model *m, uint32_t cell, uint32_t from, uint32_t steps, double mv) {
    double capacity = 1e-5 * acos(-1) * 400;
    add_point(m->ctx, m->net,
              SPEC("IClamp", VALUE("delay", from * DT), VALUE("dur", steps * DT),
                   VALUE("amp", mv * capacity / DT)),
              cell, 0);
}

/* ---- detectors */

/* At the first step start with v > threshold: -65 + k at step 40 + k is above -60.5 from step 45
 * on; again after it was below. */
static void test_step_rule(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    ramp(&m, 0, 40, 10, 1);
    ramp(&m, 0, 60, 10, -1);
    ramp(&m, 0, 100, 10, 1);
    uint32_t source = add_detector(m.ctx, m.net, 0, 0, -60.5);
    struct rows spikes = run(&m, 5, probe_events(m.ctx, m.net, HK_PROBE_SPIKES, NULL));
    assert_int_equal(spikes.n, 2);
    assert_true(at(spikes, 0, 0) == 45 * DT && at(spikes, 1, 0) == 105 * DT);
    assert_true(at(spikes, 0, 1) == source);
    close_model(&m);
}

/* v that is above at t = 0 is no spike; v that stands on the threshold is not above it. */
static void test_above_at_first(void **state) {
    (void)state;
    struct model m = open_capacitors(2);
    add_detector(m.ctx, m.net, 0, 0, -70);
    add_detector(m.ctx, m.net, 1, 0, -65);
    ramp(&m, 1, 0, 1, 1);
    struct rows spikes = run(&m, 2, probe_events(m.ctx, m.net, HK_PROBE_SPIKES, NULL));
    assert_int_equal(spikes.n, 1);
    assert_true(at(spikes, 0, 0) == DT && at(spikes, 0, 1) == 1);
    close_model(&m);
}

/* Two thresholds at one place are two detectors, which know nothing of each other; asking again
 * gives the same one. */
static void test_several_thresholds(void **state) {
    (void)state;
    struct model m = open_capacitors(2);
    ramp(&m, 0, 40, 20, 1);
    uint32_t low = add_detector(m.ctx, m.net, 0, 0, -60.5),
             high = add_detector(m.ctx, m.net, 0, 0, -50.5);
    assert_int_equal(add_detector(m.ctx, m.net, 0, 0, -60.5), low);
    assert_int_equal(hk_net_n_detectors(m.net), 2);
    uint32_t a = add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 1e6)), 1, 0);
    uint32_t b = add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 2e6)), 1, 0);
    connect_one(m.ctx, m.net, low, a, 1e-9, 1);
    connect_one(m.ctx, m.net, high, b, 1e-9, 1);
    uint32_t ga = probe_point(m.ctx, m.net, a, "g"), gb = probe_point(m.ctx, m.net, b, "g");
    struct rows spikes = run(&m, 5, probe_events(m.ctx, m.net, HK_PROBE_SPIKES, NULL));
    assert_int_equal(spikes.n, 2);
    assert_true(at(spikes, 0, 0) == 45 * DT && at(spikes, 1, 0) == 55 * DT);
    struct rows one = rows_of(m.ctx, m.net, ga), other = rows_of(m.ctx, m.net, gb);
    assert_true(at(one, 85, 1) == 0 &&
                at(one, 86, 1) > 0); /* delivered in step 85, seen at the next start */
    assert_true(at(other, 95, 1) == 0 && at(other, 96, 1) > 0);
    close_model(&m);
}

/* A cell may listen to itself: each spike comes back after the delay. */
static void test_itself(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    ramp(&m, 0, 40, 10, 1);
    ramp(&m, 0, 60, 10, -1);
    uint32_t point =
        add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 1e6), VALUE("e", -65)), 0, 0);
    uint32_t source = add_detector(m.ctx, m.net, 0, 0, -60.5);
    connect_one(m.ctx, m.net, source, point, 1e-9, 3 * DT);
    connect_one(m.ctx, m.net, source, point, 1e-9, 5 * DT);
    struct rows g = run(&m, 5, probe_point(m.ctx, m.net, point, "g"));
    NEAR(at(g, 48, 1), 0, 0);
    NEAR(at(g, 49, 1), 1e-9, 1e-13); /* g decays by 3e-8 a step */
    NEAR(at(g, 50, 1), 1e-9, 1e-13);
    NEAR(at(g, 51, 1), 2e-9, 1e-13);
    NEAR(at(g, 200, 1), 2e-9, 1e-13);
    close_model(&m);
}

static void test_short_delays(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    uint32_t point = add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 1)), 0, 0);
    uint32_t source = add_detector(m.ctx, m.net, 0, 0, 0);
    double weight = 1, delay = 0.02;
    FAILS(m.ctx, hk_net_connect(m.net, 1, &source, &point, &weight, 1, &delay), HK_INVALID,
          "less than dt");
    delay = -1;
    FAILS(m.ctx, hk_net_connect(m.net, 1, &source, &point, &weight, 1, &delay), HK_INVALID,
          "delay");
    delay = 0; /* from an input that is fine: it knows its events beforehand */
    double times[] = {1};
    source = add_times(m.ctx, m.net, times, 1);
    WORKS(m.ctx, hk_net_connect(m.net, 1, &source, &point, &weight, 1, &delay));
    struct rows g = run(&m, 2, probe_point(m.ctx, m.net, point, "g"));
    assert_true(at(g, 40, 1) == 0 && at(g, 41, 1) > 0);
    close_model(&m);
}

/* The least delay decides how long an epoch is, and nothing else: a connection of one step that
 * carries nothing changes no bit. */
static void test_epochs(void **state) {
    (void)state;
    struct rows spikes[3], v[3];
    struct model m[3];
    const double delays[] = {5, 3 * DT, DT}, epochs[] = {1, 3 * DT, DT};
    for (int k = 0; k < 3; k++) {
        m[k].ctx = open_context();
        m[k].type = cylinder(m[k].ctx, 20, 20, 1, 100, 1);
        WORKS(m[k].ctx, hk_cell_insert(m[k].type, "hh", 0, NULL));
        struct hk_net_options options = hk_net_defaults();
        options.celsius = 6.3;
        options.group = 2;
        WORKS(m[k].ctx, hk_net_new(m[k].ctx, &options, &m[k].net));
        add_cells(m[k].ctx, m[k].net, m[k].type, 5);
        add_point(m[k].ctx, m[k].net, SPEC("IClamp", VALUE("amp", 0.2), VALUE("dur", 100)), 0, 0);
        uint32_t source[5], point[5];
        for (uint32_t cell = 0; cell < 5; cell++) {
            point[cell] = add_point(m[k].ctx, m[k].net, SPEC("ExpSyn", VALUE("tau", 2)), cell, 0);
            source[cell] = add_detector(m[k].ctx, m[k].net, cell, 0, 0);
        }
        for (uint32_t cell = 0; cell < 5; cell++) {
            connect_one(m[k].ctx, m[k].net, source[cell], point[(cell + 1) % 5], 0.02, 1.3);
        }
        connect_one(m[k].ctx, m[k].net, source[0], point[3], 0, delays[k]);
        uint32_t probe = probe_events(m[k].ctx, m[k].net, HK_PROBE_SPIKES, NULL),
                 volts = probe_v(m[k].ctx, m[k].net, 4, 0);
        spikes[k] = run(&m[k], 80, probe);
        v[k] = rows_of(m[k].ctx, m[k].net, volts);
        NEAR(hk_net_facts(m[k].net).epoch_ms, epochs[k], 1e-12);
        assert_true(spikes[k].n > 10);
        same_rows(spikes[0], spikes[k]);
        same_rows(v[0], v[k]);
    }
    for (int k = 0; k < 3; k++) {
        close_model(&m[k]);
    }
}

/* ---- weights */

/* A plugin may change a connection's weight: each connection has its own, and a reset brings the
 * first ones back. */
static void test_changing_weights(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    uint32_t point =
        add_point(m.ctx, m.net, SPEC("EngineDepress", VALUE("tau", 1e9), VALUE("e", -65)), 0, 0);
    double times[] = {1, 2, 3};
    uint32_t source = add_times(m.ctx, m.net, times, 3), sources[] = {source, source},
             points[] = {point, point};
    double weights[] = {8, 0.5, 100, 0.1}, delays[] = {0, 10};
    WORKS(m.ctx, hk_net_connect(m.net, 2, sources, points, weights, 2, delays));
    uint32_t probe = probe_point(m.ctx, m.net, point, "g");
    for (int again = 0; again < 2; again++) {
        struct rows g = run(&m, 15, probe);
        NEAR(at(g, 41, 1), 8, 1e-6);
        NEAR(at(g, 81, 1), 12, 1e-6);
        NEAR(at(g, 121, 1), 14, 1e-6);
        NEAR(at(g, 441, 1), 114, 1e-5);
        NEAR(at(g, 481, 1), 124, 1e-5);
        NEAR(at(g, 521, 1), 125, 1e-5);
        WORKS(m.ctx, hk_net_reset(m.net));
    }
    struct hk_connection_of first = hk_net_connection(m.net, 0); /* what the user said stays */
    assert_int_equal(first.n_weight, 2);
    assert_true(first.weight[0] == 8 && first.weight[1] == 0.5);
    close_model(&m);
}

static void test_default_weights(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    uint32_t point = add_point(m.ctx, m.net, SPEC("EngineDepress", VALUE("tau", 1e9)), 0, 0);
    double times[] = {1, 2}, weight = 8, delay = 0;
    uint32_t source = add_times(m.ctx, m.net, times, 2);
    WORKS(m.ctx, hk_net_connect(m.net, 1, &source, &point, &weight, 1,
                                &delay)); /* left has its default, 0.5 */
    FAILS(m.ctx, hk_net_connect(m.net, 1, &source, &point, NULL, 0, &delay), HK_INVALID, "weight");
    struct rows g = run(&m, 3, probe_point(m.ctx, m.net, point, "g"));
    NEAR(at(g, 120, 1), 12, 1e-6);
    close_model(&m);
}

/* A point that takes events without weights. */
static void test_no_weights(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    uint32_t point = add_point(m.ctx, m.net, SPEC("EngineStart", VALUE("period", 1e9)), 0, 0);
    double times[] = {1, 2, 3}, delay = 0.5;
    uint32_t source = add_times(m.ctx, m.net, times, 3);
    WORKS(m.ctx, hk_net_connect(m.net, 1, &source, &point, NULL, 0, &delay));
    WORKS(m.ctx, hk_net_run(m.net, 5));
    assert_int_equal(hk_net_facts(m.net).events, 3);
    close_model(&m);
}

/* ---- points that fire */

/* Events of 0.4 times gain 1 each ms, tau 1e9: above 1 with the third, then rest for 5 ms; it fires
 * at 3, 10 (of 8, 9, 10: the event at 8 itself comes as the rest ends, and an instance's own event
 * goes first at equal times), 17, ... */
static void test_fire_and_rest(void **state) {
    (void)state;
    struct model m = open_capacitors(2);
    uint32_t fire = add_point(m.ctx, m.net, SPEC("EngineFire", VALUE("tau", 1e9)), 0, 0);
    uint32_t target =
        add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 1e9), VALUE("e", -65)), 1, 0);
    uint32_t source = add_input(
        m.ctx, m.net, SPEC("NetStim", VALUE("start", 1), VALUE("interval", 1), VALUE("number", 30)),
        "train");
    uint32_t out = point_source(m.ctx, m.net, fire);
    double weights[] = {0.4, 1}, delay = 0;
    WORKS(m.ctx, hk_net_connect(m.net, 1, &source, &fire, weights, 2, &delay));
    connect_one(m.ctx, m.net, out, target, 1, 0.5);
    uint32_t g = probe_point(m.ctx, m.net, target, "g"),
             all = probe_events(m.ctx, m.net, HK_PROBE_SPIKES, NULL);
    struct rows spikes = run(&m, 30, probe_events(m.ctx, m.net, HK_PROBE_SPIKES, &out));
    const double right[] = {3, 10, 17, 24};
    assert_int_equal(spikes.n, 4);
    for (uint64_t k = 0; k < 4; k++) {
        assert_true(at(spikes, k, 0) == right[k]);
        assert_true(at(spikes, k, 1) == out);
        uint64_t due = (uint64_t)lround((right[k] + 0.5) / DT);
        NEAR(at(rows_of(m.ctx, m.net, g), due, 1), (double)k, 1e-6);
        NEAR(at(rows_of(m.ctx, m.net, g), due + 1, 1), (double)k + 1, 1e-6);
    }
    assert_int_equal(rows_of(m.ctx, m.net, all).n, 0); /* all detectors, of which there are none */
    assert_int_equal(hk_net_facts(m.net).spikes, 4);
    close_model(&m);
}

/* What a point does counts for a probe that names it though nothing is connected to it. */
static void test_fire_unheard(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    uint32_t start = add_point(m.ctx, m.net, SPEC("EngineStart", VALUE("period", 2)), 0, 0);
    uint32_t out = point_source(m.ctx, m.net, start);
    struct rows spikes = run(&m, 9, probe_events(m.ctx, m.net, HK_PROBE_SPIKES, &out));
    assert_int_equal(spikes.n, 4);
    assert_true(at(spikes, 0, 0) == 2 && at(spikes, 3, 0) == 8);
    close_model(&m);
}

/* start: at t = 0, before the first step; what it emits is heard and recorded, also after a reset.
 */
static void test_start(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    uint32_t start = add_point(
        m.ctx, m.net, SPEC("EngineStart", VALUE("period", 1.01), VALUE("at_once", 1)), 0, 0);
    uint32_t target =
                 add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 1e9), VALUE("e", -65)), 0, 0),
             out = point_source(m.ctx, m.net, start);
    connect_one(m.ctx, m.net, out, target, 1, DT);
    uint32_t events = probe_events(m.ctx, m.net, HK_PROBE_SPIKES, &out),
             conductance = probe_point(m.ctx, m.net, target, "g");
    for (int again = 0; again < 2; again++) {
        WORKS(m.ctx, hk_net_run(m.net, 4));
        struct rows g = rows_of(m.ctx, m.net, conductance), spikes = rows_of(m.ctx, m.net, events);
        assert_int_equal(spikes.n, 4);
        for (uint64_t k = 0; k < 4; k++) {
            NEAR(at(spikes, k, 0), 1.01 * (double)k,
                 1e-12); /* the event's own time, not a step's */
        }
        NEAR(at(g, 1, 1), 0, 0);
        NEAR(at(g, 2, 1), 1, 1e-9);
        NEAR(at(g, 41, 1), 1, 1e-7); /* 1.01 + 0.025 is nearest to step 41 */
        NEAR(at(g, 42, 1), 2, 1e-7);
        assert_int_equal(hk_net_facts(m.net).spikes, 4);
        WORKS(m.ctx, hk_net_reset(m.net));
    }
    close_model(&m);
}

/* ---- inputs */

/* An input that several cells listen to makes each event once for each connection, and is recorded
 * once. */
static void test_shared_input(void **state) {
    (void)state;
    struct hk_net_options options = hk_net_defaults();
    options.group = 1;
    struct model m = {.ctx = open_context()};
    m.type = cylinder(m.ctx, 20, 20, 1, 100, 1);
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    add_cells(m.ctx, m.net, m.type, 3);
    uint32_t source = add_input(m.ctx, m.net,
                                SPEC("NetStim", VALUE("start", 0), VALUE("interval", 3),
                                     VALUE("number", 5), VALUE("noise", 1)),
                                "noise");
    double times[] = {0, 2.5, 2.5, 70};
    uint32_t unheard = add_times(m.ctx, m.net, times, 4);
    uint32_t probe[3], point[3];
    for (uint32_t cell = 0; cell < 3; cell++) {
        point[cell] =
            add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 1e9), VALUE("e", -65)), cell, 0);
        connect_one(m.ctx, m.net, source, point[cell], 1, 1);
        probe[cell] = probe_point(m.ctx, m.net, point[cell], "g");
    }
    (void)unheard;
    struct rows events = run(&m, 80, probe_events(m.ctx, m.net, HK_PROBE_EVENTS, NULL));
    same_rows(rows_of(m.ctx, m.net, probe[0]), rows_of(m.ctx, m.net, probe[1]));
    same_rows(rows_of(m.ctx, m.net, probe[0]), rows_of(m.ctx, m.net, probe[2]));
    NEAR(last_of(m.ctx, m.net, probe[0]), 5, 1e-6);
    assert_int_equal(events.n, 9);
    uint32_t of_unheard = 0;
    for (uint64_t k = 0; k < events.n; k++) {
        assert_true(k == 0 || at(events, k - 1, 0) <= at(events, k, 0));
        of_unheard += at(events, k, 1) == 1;
    }
    assert_int_equal(of_unheard, 4);
    assert_true(at(events, events.n - 1, 0) == 70);
    close_model(&m);
}

/* Delays far beyond the calendar's 64 epochs of 1 ms. */
static void test_far_ahead(void **state) {
    (void)state;
    struct model m = open_capacitors(1);
    uint32_t point =
        add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 1e9), VALUE("e", -65)), 0, 0);
    double times[] = {0, 500.2};
    uint32_t source = add_times(m.ctx, m.net, times, 2);
    connect_one(m.ctx, m.net, source, point, 1, 131.3);
    struct rows g = run(&m, 700, probe_point(m.ctx, m.net, point, "g"));
    NEAR(at(g, 5252, 1), 0, 0);
    NEAR(at(g, 5253, 1), 1, 1e-6);
    NEAR(at(g, 25260, 1), 1, 1e-6);
    NEAR(at(g, 25261, 1), 2, 1e-6);
    close_model(&m);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step_rule),          cmocka_unit_test(test_above_at_first),
        cmocka_unit_test(test_several_thresholds), cmocka_unit_test(test_itself),
        cmocka_unit_test(test_short_delays),       cmocka_unit_test(test_epochs),
        cmocka_unit_test(test_changing_weights),   cmocka_unit_test(test_default_weights),
        cmocka_unit_test(test_no_weights),         cmocka_unit_test(test_fire_and_rest),
        cmocka_unit_test(test_fire_unheard),       cmocka_unit_test(test_start),
        cmocka_unit_test(test_shared_input),       cmocka_unit_test(test_far_ahead),
    };
    return cmocka_run_group_tests_name("engine_events", tests, NULL, NULL);
}
