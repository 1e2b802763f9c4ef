/* SPDX-License-Identifier: BSD-3-Clause */
/* Synapses on an RC compartment: conductances in closed form, v against its recurrence (rounding
 * alone) and against its integral. */
#include "models.h"

/* A compartment of 0.01 nF and 1e-3 uS: tau 10 ms. */
static const double SIDE = 20, REST = -70, LEAK = 1e-3, CAPACITY = 0.01; /* um, mV, uS, nF */

struct rc {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
    uint32_t v, g, point;
};

static struct rc open_rc(double dt, const struct hk_spec *synapse, const char *conductance,
                         double event, double weight, double delay) {
    struct rc rc = {.ctx = open_context()};
    double area = acos(-1) * SIDE * SIDE; /* um2 */
    rc.type = cylinder(rc.ctx, SIDE, SIDE, 1, 100, CAPACITY / (1e-5 * area));
    passive(rc.ctx, rc.type, LEAK / (1e-2 * area), REST);
    rc.net = open_net(rc.ctx, dt, REST);
    add_cells(rc.ctx, rc.net, rc.type, 1);
    rc.point = add_point(rc.ctx, rc.net, synapse, 0, 0);
    uint32_t source = add_times(rc.ctx, rc.net, &event, 1);
    connect_one(rc.ctx, rc.net, source, rc.point, weight, delay);
    rc.v = probe_v(rc.ctx, rc.net, 0, 0);
    rc.g = probe_point(rc.ctx, rc.net, rc.point, conductance);
    return rc;
}

static void close_rc(struct rc *rc) {
    hk_net_free(rc->net);
    hk_cell_free(rc->type);
    hk_free(rc->ctx);
}

/* ---- ExpSyn */

static const double TAU = 2, REVERSAL = 0, WEIGHT = 0.002;

static struct rc open_expsyn(double dt, double event, double delay) {
    return open_rc(dt, SPEC("ExpSyn", VALUE("tau", TAU), VALUE("e", REVERSAL)), "g", event, WEIGHT,
                   delay);
}

/* g(t) = w exp(-(t - t0)/tau), t0 the step of the event: steps multiply rounded numbers, a unit of
 * rounding each. */
static void test_conductance(void **state) {
    (void)state;
    /* times and delays; the step at whose start they are delivered, by the rule t <= t_n + dt/2 */
    const struct {
        double event, delay;
        uint32_t step;
    } cases[] = {{1, 0, 40},      {0, 0, 0},       {1, 1, 80},     {1.0124, 0, 40},
                 {1.0125, 0, 40}, {1.0126, 0, 41}, {0.3, 0.7, 40}, {0.5, 0.5125, 40}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct rc rc = open_expsyn(0.025, cases[k].event, cases[k].delay);
        WORKS(rc.ctx, hk_net_run(rc.net, 20));
        struct rows g = rows_of(rc.ctx, rc.net, rc.g);
        for (uint32_t step = 0; step <= 800; step++) {
            double since =
                0.025 *
                (step - (double)cases[k].step); /* a sample is from before the events of its step */
            double right = step > cases[k].step ? WEIGHT * exp(-since / TAU) : 0;
            NEAR(at(g, step, 1), right, right * 2e-16 * (step + 10));
        }
        close_rc(&rc);
    }
}

/* Backward Euler of C v' = -g_l (v - e_l) - g (v - e) with the g of the step's start, after the
 * event. */
static void test_recurrence(void **state) {
    (void)state;
    struct rc rc = open_expsyn(0.025, 1, 0);
    WORKS(rc.ctx, hk_net_run(rc.net, 50));
    struct rows v = rows_of(rc.ctx, rc.net, rc.v);
    double right = REST, c = CAPACITY / 0.025, worst = 0;
    for (uint32_t step = 0; step < 2000; step++) {
        double g = step >= 40 ? WEIGHT * exp(-0.025 * (step - 40.) / TAU) : 0;
        NEAR(at(v, step, 1), right,
             1e-11); /* some 500 units of rounding of 70 mV, each step's forgotten within tau */
        worst = fmax(worst, fabs(at(v, step, 1) - right));
        right = (c * right + LEAK * REST + g * REVERSAL) / (c + LEAK + g);
    }
    print_message("# greatest difference %.2g mV\n", worst);
    close_rc(&rc);
}

/* v' = -(a + b exp(-t/tau)) v + a e_l + b exp(-t/tau) e has v(t) = exp(-P(t)) (v0 + integral of
 * exp(P) (a e_l + b exp(-s/tau) e)), P(t) = a t + b tau (1 - exp(-t/tau)). Simpson's rule of 1e-3
 * ms: an error of some h^4 t/180 = 1e-13 of v. */
static double exact_v(double t) {
    const double a = LEAK / CAPACITY, b = WEIGHT / CAPACITY;
    int n = 2 * (int)ceil(t / 2e-3);
    double h = n ? t / n : 0, sum = 0, P = a * t + b * TAU * (1 - exp(-t / TAU));
    for (int k = 0; k <= n; k++) {
        double s = k * h, decayed = b * exp(-s / TAU);
        double value =
            exp(a * s + b * TAU * (1 - exp(-s / TAU)) - P) * (a * REST + decayed * REVERSAL);
        sum += (k == 0 || k == n ? 1 : k % 2 ? 4 : 2) * value;
    }
    return exp(-P) * REST + sum * h / 3;
}

/* v 1, 2, ... 20 ms after the event. */
static void sample_v(double dt, double *v) {
    struct rc rc = open_expsyn(dt, 1, 0);
    WORKS(rc.ctx, hk_net_run(rc.net, 21));
    struct rows rows = rows_of(rc.ctx, rc.net, rc.v);
    uint32_t steps = (uint32_t)lround(1 / dt);
    for (uint32_t k = 1; k <= 20; k++) {
        v[k - 1] = at(rows, (k + 1) * steps, 1);
    }
    close_rc(&rc);
}

/* The error is c1 dt + c2 dt^2: half the step, half the error; and twice the finer one less the
 * coarser one leaves 2nd order, which is (dt/tau)^2 of the depolarisation of 10 mV, or 1e-4 of it
 * at dt = 0.02 ms. */
static void test_integral(void **state) {
    (void)state;
    double coarse[20], fine[20], worst = 0, first = 0;
    sample_v(0.02, coarse);
    sample_v(0.01, fine);
    for (uint32_t k = 0; k < 20; k++) {
        double right = exact_v(k + 1.), error = coarse[k] - right, half = fine[k] - right;
        NEAR(2 * fine[k] - coarse[k], right, 1e-3);
        assert_true(fabs(error) < 0.02 / TAU * 10); /* dt/tau of the depolarisation */
        if (fabs(error) > 0.01) {                   /* elsewhere it crosses zero */
            NEAR(error / half, 2, 0.05);
        }
        worst = fmax(worst, fabs(2 * fine[k] - coarse[k] - right));
        first = fmax(first, fabs(error));
    }
    assert_true(first > 0.01);
    print_message("# greatest error %.2g mV at 0.02 ms, %.2g mV after extrapolation\n", first,
                  worst);
}

/* ---- Exp2Syn: w f (exp(-t/tau2) - exp(-t/tau1)) with f such that its peak is w */

static void test_two_exponentials(void **state) {
    (void)state;
    const double tau1 = 0.5, tau2 = 3, peak = tau1 * tau2 / (tau2 - tau1) * log(tau2 / tau1);
    const double f = 1 / (exp(-peak / tau2) - exp(-peak / tau1));
    struct rc rc = open_rc(0.025, SPEC("Exp2Syn", VALUE("tau1", tau1), VALUE("tau2", tau2)), "i", 1,
                           WEIGHT, 0);
    WORKS(rc.ctx, hk_net_run(rc.net, 20));
    struct rows i = rows_of(rc.ctx, rc.net, rc.g), v = rows_of(rc.ctx, rc.net, rc.v);
    double most = 0;
    for (uint32_t step = 41; step <= 800; step++) {
        double t = 0.025 * (step - 40.), right = WEIGHT * f * (exp(-t / tau2) - exp(-t / tau1));
        double g = at(i, step, 1) / at(v, step, 1); /* e = 0 */
        NEAR(g, right, WEIGHT * f * 1e-13); /* two numbers of up to f w, 800 roundings each */
        most = fmax(most, g);
    }
    NEAR(most, WEIGHT, WEIGHT * 1e-3); /* the nearest sample is 0.0125 ms from the peak at most: 0.5
                                          (0.0125/0.5)^2 of it below */
    close_rc(&rc);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conductance),
        cmocka_unit_test(test_recurrence),
        cmocka_unit_test(test_integral),
        cmocka_unit_test(test_two_exponentials),
    };
    return cmocka_run_group_tests_name("analytic_synapse", tests, NULL, NULL);
}
