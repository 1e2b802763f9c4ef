/* SPDX-License-Identifier: BSD-3-Clause */
/* Gates under a voltage clamp against exponentials, and reversal potentials against Nernst's
 * equation. */
#include "models.h"

/* ---- gates: x' = (x_inf - x)/tau at a constant v is exact in any step */

/* Hodgkin & Huxley (1952) J Physiol 117:500, resting potential at -65 mV; rates in 1/ms at 6.3
 * degC. */
static double ratio(double x) { /* x/(exp(x) - 1) */
    return x == 0 ? 1 : x / expm1(x);
}
static void rates(char gate, double v, double *a, double *b) {
    if (gate == 'm') {
        *a = ratio(-(v + 40) / 10);
        *b = 4 * exp(-(v + 65) / 18);
    } else if (gate == 'h') {
        *a = 0.07 * exp(-(v + 65) / 20);
        *b = 1 / (exp(-(v + 35) / 10) + 1);
    } else {
        *a = 0.1 * ratio(-(v + 55) / 10);
        *b = 0.125 * exp(-(v + 65) / 80);
    }
}

/* The clamp holds v within i rs of its level: 1e-9 MOhm times some 10 nA (the channels') or, in the
 * first step, C/dt times 45 mV (0.0126 nF/0.1 ms times 45 mV is 6 nA): 1e-8 mV. Rates change by 0.1
 * a mV at the most: 1e-9 of a gate. */
static void test_clamped_gates(void **state) {
    (void)state;
    const double dt = 0.1, levels[] = {-90, -40, 20}, temperatures[] = {6.3, 16.3};
    double worst = 0;
    for (int k = 0; k < 6; k++) {
        hk_context *ctx = open_context();
        hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
        WORKS(ctx, hk_cell_insert(type, "hh", 0, NULL));
        struct hk_net_options options = hk_net_defaults();
        options.celsius = temperatures[k / 3];
        options.dt = dt;
        hk_net *net;
        WORKS(ctx, hk_net_new(ctx, &options, &net));
        add_cells(ctx, net, type, 1);
        double level = levels[k % 3], q = pow(3, (options.celsius - 6.3) / 10);
        add_point(ctx, net,
                  SPEC("SEClamp", VALUE("rs", 1e-9), VALUE("dur1", 1e9), VALUE("amp1", level)), 0,
                  0);
        uint32_t v = probe_v(ctx, net, 0, 0), probe[3];
        const char *gates[] = {"m", "h", "n"};
        for (int j = 0; j < 3; j++) {
            probe[j] = probe_segment(ctx, net, 0, 0, "hh", gates[j]);
        }
        WORKS(ctx, hk_net_run(net, 20));
        for (int j = 0; j < 3; j++) {
            struct rows rows = rows_of(ctx, net, probe[j]), clamped = rows_of(ctx, net, v);
            double a, b, rest_a, rest_b;
            rates(gates[j][0], level, &a, &b);
            rates(gates[j][0], -65, &rest_a, &rest_b);
            double start = rest_a / (rest_a + rest_b), end = a / (a + b);
            for (uint32_t step = 0; step <= 200; step++) {
                double right = end + (start - end) * exp(-q * (a + b) * step * dt);
                NEAR(at(rows, step, 1), right, 1e-9);
                worst = fmax(worst, fabs(at(rows, step, 1) - right));
                NEAR(at(clamped, step, 1), step ? level : -65, 1e-7);
            }
        }
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
    print_message("# greatest error of a gate %.2g\n", worst);
}

/* ---- Nernst: e = R T/(z F) ln(outside/inside) */

static const double R = 8.31446261815324, F = 96485.33212331; /* CODATA 2018 */

static double nernst(double celsius, double valence, double inside, double outside) {
    return 1e3 * R * (celsius + 273.15) / (valence * F) * log(outside / inside);
}

static void test_nernst(void **state) {
    (void)state;
    const double temperatures[] = {37, 6.3}, starts[] = {5e-5, 1e-4, 0.7, 5};
    for (int k = 0; k < 8; k++) {
        hk_context *ctx = open_context();
        hk_cell *type = cylinder(ctx, 20, 20, 3, 100, 1);
        uint32_t pooled = 1;
        WORKS(ctx, hk_cell_insert(type, "EnginePool", 1, &pooled));
        WORKS(ctx, hk_cell_insert(type, "CaHVA", 0,
                                  NULL)); /* brings calcium, without a pool, to segments 0 and 2 */
        set_all(ctx, type, "EnginePool", "start", starts[k / 2]);
        set_all(ctx, type, "EnginePool", "rate", starts[k / 2] / 10);
        set_all(ctx, type, NULL, "cao", 2.5);
        set_all(ctx, type, NULL, "testo", 3);
        set_all(ctx, type, NULL, "eca", 111);
        struct hk_net_options options = hk_net_defaults();
        options.celsius = temperatures[k % 2];
        hk_net *net;
        WORKS(ctx, hk_net_new(ctx, &options, &net));
        add_cells(ctx, net, type, 1);
        uint32_t eca = probe_segment(ctx, net, 0, 1, NULL, "eca"),
                 cai = probe_segment(ctx, net, 0, 1, NULL, "cai");
        uint32_t etest = probe_segment(ctx, net, 0, 1, NULL, "etest"),
                 constant = probe_segment(ctx, net, 0, 0, NULL, "eca");
        WORKS(ctx, hk_net_run(net, 5));
        struct rows e = rows_of(ctx, net, eca), c = rows_of(ctx, net, cai);
        for (uint32_t step = 0; step <= 200; step++) {
            double inside =
                starts[k / 2] *
                (1 + 0.1 * 0.025 * step); /* at the sample's own time, not a step late */
            NEAR(at(c, step, 1), inside, inside * 1e-14);
            /* a logarithm of up to 11 in mV, to some units of rounding; the constants' last digits
             * are 1e-12 of it */
            NEAR(at(e, step, 1), nernst(options.celsius, 2, inside, 2.5), 1e-9);
            NEAR(at(rows_of(ctx, net, etest), step, 1), nernst(options.celsius, -1, inside, 3),
                 1e-9);
            NEAR(at(rows_of(ctx, net, constant), step, 1), 111, 0);
        }
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
    NEAR(nernst(37, 2, 1e-4, 2.5), 135.3255,
         1e-3); /* RT/2F = 13.36333 mV times ln 25000 = 10.12663 */
}

/* What has no concentration to be is out of range: as NEURON, 1e6 mV. */
static void test_nernst_at_zero(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
    WORKS(ctx, hk_cell_insert(type, "EnginePool", 0, NULL));
    set_all(ctx, type, "EnginePool", "start", 0);
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 37;
    hk_net *net;
    WORKS(ctx, hk_net_new(ctx, &options, &net));
    add_cells(ctx, net, type, 1);
    uint32_t eca = probe_segment(ctx, net, 0, 0, NULL, "eca");
    WORKS(ctx, hk_net_run(net, 0.1));
    NEAR(last_of(ctx, net, eca), 1e6, 0);
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clamped_gates),
        cmocka_unit_test(test_nernst),
        cmocka_unit_test(test_nernst_at_zero),
    };
    return cmocka_run_group_tests_name("analytic_gates", tests, NULL, NULL);
}
