/* SPDX-License-Identifier: BSD-3-Clause */
/* Half the step, half the error; half the segment, a quarter. */
#include "cable_theory.h"
#include "models.h"

static const struct theory CABLE = {
    .length = 1000, .diam = 2, .Ra = 150, .cm = 1, .g = 1 / 2e4, .current = 0.05};

/* Greatest error over the segments at t = `until`: against the continuum's steady state or,
 * in_time, against the exact course in time of the same segments. */
static double cable_error(uint32_t n, double dt, double until, bool in_time) {
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, CABLE.length, CABLE.diam, n, CABLE.Ra, CABLE.cm);
    passive(ctx, type, CABLE.g, -70);
    hk_net *net = open_net(ctx, dt, -70);
    add_cells(ctx, net, type, 1);
    add_point(ctx, net, SPEC("IClamp", VALUE("amp", CABLE.current)), 0, 0);
    struct hk_target target[160];
    for (uint32_t k = 0; k < n; k++) {
        target[k] = (struct hk_target){.at = HK_AT_SEGMENT, .segment = k, .field = "v"};
    }
    struct hk_probe probe = {.kind = HK_PROBE_VALUES,
                             .n = n,
                             .target = target,
                             .recorder = *PLAIN("memory"),
                             .from = until,
                             .until = until};
    uint32_t out;
    WORKS(ctx, hk_net_probe(net, &probe, &out));
    WORKS(ctx, hk_net_run(net, until));
    struct rows rows = rows_of(ctx, net, out);
    assert_int_equal(rows.n, 1);
    double worst = 0;
    for (uint32_t k = 0; k < n; k++) {
        double right = in_time ? theory_segment(&CABLE, n, k, 0, 0, until)
                               : theory_v(&CABLE, (k + 0.5) * CABLE.length / n, (double)INFINITY);
        worst = fmax(worst, fabs(at(rows, 0, k + 1) + 70 - right));
    }
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
    return worst;
}

/* The next order's share of the error is dt/tau = 1/200 at the coarsest step, so that the quotient
 * is 2 within some of these. */
static void test_in_time(void **state) {
    (void)state;
    double before = 0;
    for (int k = 0; k < 5; k++) {
        double error = cable_error(20, 0.1 / (1 << k), 10, true);
        if (k) {
            NEAR(before / error, 2, 0.03);
        }
        print_message("# dt %g ms: %.3g mV\n", 0.1 / (1 << k), error);
        before = error;
    }
}

/* At steady state, after 40 time constants. The next order's share is h^2 = (1/5)^2/10 at the
 * coarsest. */
static void test_in_space(void **state) {
    (void)state;
    double before = 0;
    for (uint32_t n = 10; n <= 160; n *= 2) {
        double error = cable_error(n, 2, 800, false);
        if (n > 10) {
            NEAR(before / error, 4, 0.05);
        }
        print_message("# %u segments: %.3g mV\n", (unsigned)n, error);
        before = error;
    }
}

/* Gates and v of hh, which are of first order together: the differences of three halvings. */
static double hh_v(double dt) {
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
    WORKS(ctx, hk_cell_insert(type, "hh", 0, NULL));
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 6.3;
    options.dt = dt;
    hk_net *net;
    WORKS(ctx, hk_net_new(ctx, &options, &net));
    add_cells(ctx, net, type, 1);
    add_point(ctx, net, SPEC("IClamp", VALUE("amp", 0.05)), 0,
              0); /* 4 uA/cm2: below threshold, oscillating */
    uint32_t v = probe_v(ctx, net, 0, 0);
    WORKS(ctx, hk_net_run(net, 6));
    double end = last_of(ctx, net, v);
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
    return end;
}

static void test_gates_in_time(void **state) {
    (void)state;
    double v[5];
    for (int k = 0; k < 5; k++) {
        v[k] = hh_v(0.02 / (1 << k));
    }
    for (int k = 0; k < 3; k++) {
        double quotient = (v[k] - v[k + 1]) / (v[k + 1] - v[k + 2]);
        print_message("# dt %g ms: difference %.3g mV, quotient %.4f\n", 0.02 / (1 << k),
                      v[k] - v[k + 1], quotient);
        NEAR(quotient, 2, 0.1); /* dt over the fastest time constant, 0.1 ms of m, is 1/5 at the
                                   coarsest, and halves */
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_time),
        cmocka_unit_test(test_in_space),
        cmocka_unit_test(test_gates_in_time),
    };
    return cmocka_run_group_tests_name("convergence", tests, NULL, NULL);
}
