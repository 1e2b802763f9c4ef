/* SPDX-License-Identifier: BSD-3-Clause */
/* CaDyn against its equation. */
#include "harness.h"

#pragma GCC diagnostic ignored "-Wdouble-promotion" /* to long double: it is meant */

typedef long double real;
enum { N = 64 };

static real influx(real ica) { /* gamma 1, depth 0.1 um */
    real d = -1e4L * ica / (2 * 96485.3321233100184 * 0.1L);
    return d > 0 ? d : 0;
}

static real slope(real c, real d, real kt, real kd) { /* taur 50 ms, cainf 1e-4 mM */
    return d - kt * c / (c + kd) + (1e-4L - c) / 50;
}

/* The classical Runge-Kutta method with steps so small that they are exact for our purpose. */
static real solve(real c, real d, real kt, real kd, real t) {
    enum { STEPS = 200000 };
    real h = t / STEPS;
    for (int k = 0; k < STEPS; k++) {
        real a = slope(c, d, kt, kd), b = slope(c + h / 2 * a, d, kt, kd);
        real e = slope(c + h / 2 * b, d, kt, kd), f = slope(c + h * e, d, kt, kd);
        c += h / 6 * (a + 2 * b + 2 * e + f);
    }
    return c;
}

static void test_starts_at_rest(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "cadyn", N);
    rig_set(&r, "cainf", 3e-4);
    rig_set(&r, "cai", 99);
    rig_init(&r, 37, 0.025);
    for (uint32_t k = 0; k < N; k++)
        assert_near(rig_field(&r, "cai")[k], 3e-4, 0, 0, k);
    rig_close(&r);
}

/* Without a pump a step is the exact solution for a constant current, whatever its length. */
static void test_linear(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "cadyn", N);
    for (int step = 0; step < 3; step++) {
        const double dt = (const double[]){0.025, 1, 400}[step];
        double *cai = rig_field(&r, "cai"), *ica = rig_field(&r, "ica");
        rig_init(&r, 37, dt);
        for (uint32_t k = 0; k < N; k++) {
            ica[k] = (k - 20.) * -1e-5; /* outward, zero and inward */
            cai[k] = 1e-5 * (k + 1);
        }
        r.plugin->advance(&r.b);
        for (uint32_t k = 0; k < N; k++) {
            real start = 1e-5 * (k + 1), end = 1e-4L + 50 * influx(ica[k]);
            real want = start - expm1l(-(real)dt / 50) * (end - start);
            assert_near(cai[k], want, 2e-15, 0, k);
        }
    }
    rig_close(&r);
}

/* gamma and depth scale the influx, taur the decay. */
static void test_parameters(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "cadyn", N);
    rig_set(&r, "gamma", 0.3);
    rig_set(&r, "depth", 0.4);
    rig_set(&r, "taur", 20);
    rig_set(&r, "ica", -1e-3);
    rig_init(&r, 37, 2);
    r.plugin->advance(&r.b);
    double rise = -expm1(-2. / 20), d = 1e4 * 1e-3 * 0.3 / (2 * 96485.3321233100184 * 0.4);
    assert_near(rig_field(&r, "cai")[5], 1e-4 + rise * 20 * d, 1e-14, 0, 5);
    rig_close(&r);
}

static double pumped(double dt, double kt, double kd, double start, double ica, double t) {
    struct rig r;
    rig_open(&r, "cadyn", 8);
    rig_set(&r, "kt", kt);
    rig_set(&r, "kd", kd);
    rig_init(&r, 37, dt);
    rig_set(&r, "cai", start);
    rig_set(&r, "ica", ica);
    for (long k = lround(t / dt); k > 0; k--)
        r.plugin->advance(&r.b);
    double cai = rig_field(&r, "cai")[0];
    rig_close(&r);
    return cai;
}

/* With a pump: first order in dt, to the solution. */
static void test_pump_converges(void **state) {
    (void)state;
    const double kt = 1e-3, kd = 5e-4, start = 2e-3, ica = -1e-3, t = 2;
    real want = solve(start, influx(ica), kt, kd, t);
    double coarse = pumped(0.05, kt, kd, start, ica, t) - (double)want;
    double fine = pumped(0.025, kt, kd, start, ica, t) - (double)want;
    assert_true(fabs(fine) < 2e-3 * (double)want);
    assert_near(coarse / fine, 2, 0.02, 0, t);
    double finest = pumped(1e-4, kt, kd, start, ica, t);
    assert_near(finest, want, 1e-5, 0, t);
}

/* At rest it stays where influx, pump and decay balance, whatever dt is. */
static void test_pump_rests(void **state) {
    (void)state;
    for (int j = 0; j < 3; j++) {
        const double dt = (const double[]){0.025, 1, 50}[j];
        double c = pumped(dt, 1e-3, 5e-4, 1e-2, -1e-3, 4000);
        double d = (double)influx(-1e-3L);
        assert_near(slope(c, d, 1e-3L, 5e-4L) / d, 0, 0, 1e-9, dt);
    }
}

/* A pump far stiffer than dt neither oscillates nor goes below zero; kd = 0 is a constant rate. */
static void test_pump_is_stiff(void **state) {
    (void)state;
    double c = pumped(1, 1, 5e-4, 1e-2, 0, 1), rest = pumped(1, 1, 5e-4, 1e-2, 0, 100);
    assert_true(c > rest && c < 1e-2 && rest > 0);
    assert_near(pumped(0.5, 1e-4, 0, 1e-2, 0, 0.5),
                1e-2 - expm1(-0.5 / 50) * (1e-4 - 1e-2) + expm1(-0.5 / 50) * 50 * 1e-4, 1e-13, 0,
                0);
    assert_near(pumped(1, 1, 0, 1e-2, 0, 3), 0, 0, 0, 0);
}

/* An instance without a pump has the same bits beside others with one as alone. */
static void test_pump_elsewhere(void **state) {
    struct rig alone, mixed;
    (void)state;
    rig_open(&alone, "cadyn", N);
    rig_open(&mixed, "cadyn", N);
    for (uint32_t k = 0; k < N; k += 3) {
        rig_field(&mixed, "kt")[k] = 1e-3;
        rig_field(&mixed, "kd")[k] = 5e-4;
    }
    struct rig *both[2] = {&alone, &mixed};
    for (int j = 0; j < 2; j++) {
        rig_init(both[j], 37, 0.025);
        for (uint32_t k = 0; k < N; k++)
            rig_field(both[j], "ica")[k] = -1e-5 * k;
        for (int step = 0; step < 100; step++)
            both[j]->plugin->advance(&both[j]->b);
    }
    const double *a = rig_field(&alone, "cai"), *b = rig_field(&mixed, "cai");
    for (uint32_t k = 0; k < N; k++)
        assert_int_equal(memcmp(a + k, b + k, sizeof *a) == 0, k % 3 != 0);
    rig_close(&alone);
    rig_close(&mixed);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_starts_at_rest), cmocka_unit_test(test_linear),
        cmocka_unit_test(test_parameters),     cmocka_unit_test(test_pump_converges),
        cmocka_unit_test(test_pump_rests),     cmocka_unit_test(test_pump_is_stiff),
        cmocka_unit_test(test_pump_elsewhere),
    };
    return cmocka_run_group_tests_name("pools", tests, NULL, NULL);
}
