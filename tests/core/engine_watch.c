/* SPDX-License-Identifier: BSD-3-Clause */
/* Points that watch. What they do when is NEURON 8.2.2's WATCH, of the same model with a fixed time
 * step: the steps below are those of its events. */
#include "models.h"

static const double DT = 0.03125;

/* v of a capacitor of 20 um goes by `mv` a step for `steps` steps from step `from` on. */
struct ramp {
    uint32_t from, steps;
    double mv;
};

/* Up from -65 to -55 with step 14, down from 20 to 30, up again from 34 to 44. */
static const struct ramp UP_DOWN_UP[] = {{4, 10, 1}, {20, 10, -1}, {34, 10, 1}};

struct expected {
    const char *name;
    uint32_t n_ramp;
    double v_init, high, low;
    double event; /* a connection's event at this step; below 0: none */
    uint32_t n;   /* events that it sends out, */
    double step[4];
    double count;
};

static const struct expected EXPECTED[] = {
    {"both ways", 3, -65, -59.5, -62.5, -1, 3, {10, 28, 40}, 102},
    {"on it at t = 0", 1, -60, -60, -80, -1, 1, {5}, 1},
    {"above at t = 0", 3, -50, -59.5, -80, -1, 0, {0}, 0},
    {"below at t = 0", 3, -65, 0, -62.5, -1, 1, {28}, 100},
    {"begun anew on it, at a step's time", 1, -60, -60, -80, 4, 1, {5}, 10001},
    {"before a step's time", 1, -60, -60, -80, 3.75, 1, {5}, 10001},
    {"before v moves", 1, -60, -60, -80, 3, 1, {5}, 10001},
    {"after a step's time", 1, -60, -60, -80, 4.25, 0, {0}, 10000},
    {"begun anew before it looks", 3, -65, -59.5, -62.5, 9.75, 1, {40}, 10001},
    {"as it looks", 3, -65, -59.5, -62.5, 10, 1, {40}, 10001},
    {"after it looked", 3, -65, -59.5, -62.5, 10.25, 2, {10, 40}, 10002},
    {"while above", 3, -65, -59.5, -62.5, 12, 2, {10, 40}, 10002},
    {"while it falls", 3, -65, -59.5, -62.5, 25, 2, {10, 40}, 10002},
};

static void put_ramps(hk_context *ctx, hk_net *net, const struct expected *x, uint32_t cell) {
    double capacity = 1e-5 * acos(-1) * 400;
    for (uint32_t k = 0; k < x->n_ramp; k++) {
        const struct ramp *r = &UP_DOWN_UP[k];
        add_point(ctx, net,
                  SPEC("IClamp", VALUE("delay", r->from * DT), VALUE("dur", r->steps * DT),
                       VALUE("amp", r->mv * capacity / DT)),
                  cell, 0);
    }
}

static void test_as_neuron(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof EXPECTED / sizeof EXPECTED[0]; i++) {
        const struct expected *x = &EXPECTED[i];
        hk_context *ctx = open_context();
        hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
        hk_net *net = open_net(ctx, DT, x->v_init);
        add_cells(ctx, net, type, 1);
        put_ramps(ctx, net, x, 0);
        uint32_t point = add_point(
            ctx, net, SPEC("EngineWatch", VALUE("high", x->high), VALUE("low", x->low)), 0, 0);
        double time = x->event * DT, delay = 0;
        if (x->event >= 0) {
            uint32_t source = add_times(ctx, net, &time, 1);
            WORKS(ctx, hk_net_connect(net, 1, &source, &point, NULL, 0, &delay));
        }
        uint32_t out = point_source(ctx, net, point),
                 events = probe_events(ctx, net, HK_PROBE_SPIKES, &out),
                 count = probe_point(ctx, net, point, "n");
        for (int again = 0; again < 2; again++) {
            WORKS(ctx, hk_net_run(net, 2));
            struct rows spikes = rows_of(ctx, net, events);
            if (spikes.n != x->n || last_of(ctx, net, count) != x->count) {
                fail_msg("%s: %u events, n = %g", x->name, (unsigned)spikes.n,
                         last_of(ctx, net, count));
            }
            for (uint64_t k = 0; k < spikes.n; k++) {
                assert_true(at(spikes, k, 0) == x->step[k] * DT);
            }
            WORKS(ctx, hk_net_reset(net));
        }
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
}

/* Seven in one group, and in groups of their own on three threads: padding says nothing, and each
 * fires by itself. */
static void test_grouping(void **state) {
    (void)state;
    struct rows spikes[2];
    hk_context *ctx[2];
    hk_net *net[2];
    for (uint32_t i = 0; i < 2; i++) {
        ctx[i] = open_context();
        hk_cell *type = cylinder(ctx[i], 20, 20, 1, 100, 1);
        struct hk_net_options options = hk_net_defaults();
        options.dt = DT;
        options.group = i ? 1 : 8;
        options.threads = i ? 3 : 1;
        WORKS(ctx[i], hk_net_new(ctx[i], &options, &net[i]));
        add_cells(ctx[i], net[i], type, 7);
        hk_cell_free(type);
        struct hk_target target[7];
        for (uint32_t cell = 0; cell < 7; cell++) {
            put_ramps(ctx[i], net[i], &EXPECTED[0], cell);
            uint32_t point = add_point(ctx[i], net[i],
                                       SPEC("EngineWatch", VALUE("high", -64.5 + cell)), cell, 0);
            target[cell] = (struct hk_target){.at = HK_AT_SOURCE,
                                              .index = point_source(ctx[i], net[i], point)};
        }
        struct hk_probe probe = {
            .kind = HK_PROBE_SPIKES, .n = 7, .target = target, .recorder = *PLAIN("memory")};
        uint32_t number;
        WORKS(ctx[i], hk_net_probe(net[i], &probe, &number));
        WORKS(ctx[i], hk_net_run(net[i], 2));
        spikes[i] = rows_of(ctx[i], net[i], number);
        assert_int_equal(hk_net_facts(net[i]).events, 7 + spikes[i].n);
    }
    assert_int_equal(spikes[0].n, 21); /* each: above twice, below once */
    same_rows(spikes[0], spikes[1]);
    for (uint32_t i = 0; i < 2; i++) {
        hk_net_free(net[i]);
        hk_free(ctx[i]);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_neuron),
        cmocka_unit_test(test_grouping),
    };
    return cmocka_run_group_tests_name("engine_watch", tests, NULL, NULL);
}
