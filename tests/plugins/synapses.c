/* SPDX-License-Identifier: BSD-3-Clause */
/* The synapses: what an event does, how the conductance runs, what current it makes. */
#include "harness.h"

enum { N = 16 };

struct pair {
    const char *file, *rise, *decay, *gmax;
};
static const struct pair pairs[] = {
    {"exp2syn", "tau1", "tau2", NULL},
    {"ampa", "tau_rise", "tau_decay", "gmax"},
    {"gabaa", "tau_rise", "tau_decay", "gmax"},
    {"nmda", "tau_rise", "tau_decay", "gmax"},
};

/* The peak of exp(-t/decay) - exp(-t/rise). */
static double peak(double rise, double decay) {
    double t = rise * decay / (decay - rise) * log(decay / rise);
    return exp(-t / decay) - exp(-t / rise);
}

static void test_expsyn(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "expsyn", N);
    for (uint32_t k = 0; k < N; k++)
        rig_field(&r, "tau")[k] = 0.5 + k;
    rig_set(&r, "e", -10);
    rig_set(&r, "g", 7);
    rig_init(&r, HK_NAN, 0.025);
    rig_current(&r);
    assert_near(r.i[3], 0, 0, 0, 3); /* init forgot the 7 */
    rig_event(&r, 3, 0.25);
    rig_event(&r, 3, 0.5);
    rig_event(&r, 5, 1);
    for (int step = 0; step < 400; step++)
        r.plugin->advance(&r.b);
    rig_current(&r);
    for (uint32_t k = 0; k < N; k++) {
        double g = (k == 3 ? 0.75 : k == 5) * exp(-10 / (0.5 + k));
        assert_near(r.g[k], g, 1e-12, 0, k);
        assert_near(r.i[k], g * -55, 1e-12, 0, k);
    }
    rig_close(&r);
}

/* A single event peaks at its weight, and runs as the difference of two exponentials. */
static void test_pair(void **state) {
    const struct pair *p = *state;
    struct rig r;
    const double dt = 0.005, w = 0.7, gmax = p->gmax ? 0.003 : 1;
    rig_open(&r, p->file, N);
    if (p->gmax)
        rig_set(&r, p->gmax, gmax);
    if (!strcmp(p->file, "nmda"))
        rig_set(&r, "mg", 0);
    double rise = rig_field(&r, p->rise)[0], decay = rig_field(&r, p->decay)[0], most = 0;
    rig_set(&r, "e", -75);
    rig_init(&r, HK_NAN, dt);
    rig_event(&r, 2, w);
    for (int step = 0; step < 10000; step++) {
        rig_current(&r);
        double t = step * dt, g = w * gmax * (exp(-t / decay) - exp(-t / rise)) / peak(rise, decay);
        assert_near(r.g[2], g, 1e-10, 1e-12 * gmax, t);
        assert_near(r.i[2], g * 10, 1e-10, 1e-11 * gmax, t);
        assert_near(r.g[1], 0, 0, 0, t);
        most = fmax(most, r.g[2]);
        r.plugin->advance(&r.b);
    }
    assert_near(most, w * gmax, 1e-3, 0, 0); /* the true peak lies between two steps */
    assert_true(most <= w * gmax * (1 + 1e-12));
    rig_close(&r);
}

/* tau1 at or above tau2 counts as 0.9999 tau2: near the alpha function, whose peak is 1/e. */
static void test_clipped(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "exp2syn", N);
    double *tau1 = rig_field(&r, "tau1"), *tau2 = rig_field(&r, "tau2");
    for (uint32_t k = 0; k < N; k++) {
        tau2[k] = 4;
        tau1[k] = (const double[]){4, 400, 3.9996, 3.9}[k % 4];
    }
    rig_init(&r, HK_NAN, 0.5);
    for (uint32_t k = 0; k < N; k++)
        rig_event(&r, k, 1);
    for (int step = 0; step < 8; step++)
        r.plugin->advance(&r.b);
    rig_current(&r);
    for (uint32_t k = 0; k < N; k++) /* at t = tau the peak, to second order in the difference */
        assert_near(r.g[k], 1, k % 4 == 3 ? 1e-3 : 1e-7, 0, k);
    for (uint32_t k = 0; k < 2; k++)
        assert_near(r.g[k], r.g[2], 1e-9, 0, k);
    assert_near(tau1[1], 400, 0, 0, 1); /* the parameter is the user's */
    rig_close(&r);
}

/* NMDA: the block of Jahr and Stevens, and its part of the slope. */
static void test_block(void **state) {
    const char *file = *state;
    const int both = !strcmp(file, "ampa_nmda");
    struct rig r;
    const double h = 1e-4;
    double i[2][N];
    rig_open(&r, file, N);
    rig_set(&r, both ? "gmax_NMDA" : "gmax", 0.002);
    if (both)
        rig_set(&r, "gmax_AMPA", 0.001);
    rig_set(&r, "mg", 1.5);
    rig_set(&r, "mu", 0.3);
    rig_set(&r, "gamma", 0.07);
    rig_set(&r, "e", 5);
    rig_init(&r, HK_NAN, 1);
    for (uint32_t k = 0; k < N; k++)
        rig_event(&r, k, 2);
    for (int step = 0; step < 5; step++)
        r.plugin->advance(&r.b);
    for (uint32_t k = 0; k < N; k++)
        r.v[k] = -100 + 10. * k;
    rig_current(&r);
    double slow = 2 * 0.002 * (exp(-5 / 30.) - exp(-5 / 2.)) / peak(2, 30);
    double fast = both ? 2 * 0.001 * (exp(-5 / 2.5) - exp(-5 / 0.1)) / peak(0.1, 2.5) : 0;
    for (uint32_t k = 0; k < N; k++) {
        double f = 1 / (1 + 0.3 * 1.5 * exp(-0.07 * r.v[k]));
        assert_near(r.i[k], (fast + slow * f) * (r.v[k] - 5), 1e-12, 1e-17, r.v[k]);
    }
    double g[N];
    memcpy(g, r.g, sizeof g);
    for (int side = 0; side < 2; side++) {
        for (uint32_t k = 0; k < N; k++)
            r.v[k] = -100 + 10. * k + (side ? h : -h);
        rig_current(&r);
        memcpy(i[side], r.i, sizeof i[side]);
    }
    int falling = 0; /* where the block makes the slope negative */
    for (uint32_t k = 0; k < N; k++) {
        assert_near((i[1][k] - i[0][k]) / (2 * h), g[k], 1e-6, 1e-12, r.v[k]);
        falling += g[k] < 0;
    }
    assert_true(falling > 0);
    rig_close(&r);
}

/* Events of two synapses in one instance add up as in two instances: what HK_LINEAR claims. */
static void test_linear(void **state) {
    static const char *const file[] = {"expsyn", "exp2syn", "ampa", "nmda", "ampa_nmda", "gabaa"};
    (void)state;
    for (size_t j = 0; j < 6; j++) {
        struct rig r;
        rig_open(&r, file[j], N);
        assert_true(r.plugin->flags & HK_LINEAR);
        for (uint32_t f = 0; f < r.plugin->n_column; f++)
            if (!strncmp(r.plugin->field[f].name, "gmax", 4))
                rig_set(&r, r.plugin->field[f].name, 0.002);
        rig_init(&r, HK_NAN, 0.1);
        rig_event(&r, 0, 0.25);
        rig_event(&r, 1, 0.25);
        for (int step = 0; step < 20; step++)
            r.plugin->advance(&r.b);
        rig_event(&r, 0, 0.5);
        rig_event(&r, 2, 0.5);
        for (int step = 0; step < 20; step++)
            r.plugin->advance(&r.b);
        rig_current(&r);
        assert_true(r.i[1] != 0 && r.i[2] != 0);
        assert_near(r.i[0], r.i[1] + r.i[2], 1e-13, 0, j);
        assert_near(r.g[0], r.g[1] + r.g[2], 1e-13, 0, j);
        rig_close(&r);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
#define PAIR(K)                                                                                    \
    { "pair: " #K, test_pair, NULL, NULL, (void *)(uintptr_t)&pairs[K] }
#define BLOCK(NAME)                                                                                \
    { "block: " NAME, test_block, NULL, NULL, (void *)(uintptr_t)NAME }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expsyn),
        PAIR(0),
        PAIR(1),
        PAIR(2),
        PAIR(3),
        cmocka_unit_test(test_clipped),
        BLOCK("nmda"),
        BLOCK("ampa_nmda"),
        cmocka_unit_test(test_linear),
    };
    return cmocka_run_group_tests_name("synapses", tests, NULL, NULL);
}
