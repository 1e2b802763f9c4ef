/* SPDX-License-Identifier: BSD-3-Clause */
/* The channels against their equations, written down here once more, plainly and in long double.
 *
 * Tolerances: the kernels' exponentials are good to 2 ulp, their powers to some 30, and Na's rate
 * near v12hb to 1e-13 of itself: 1e-12 leaves a margin over all of these. The absolute part is the
 * rounding of 1 - exp(-dt/tau). */
#include "harness.h"

#pragma GCC diagnostic ignored "-Wdouble-promotion" /* to long double: it is meant */

typedef long double real;
struct gate {
    real inf, tau;
};

static real q10(real at, real factor, real celsius) {
    return powl(factor, (celsius - at) / 10);
}

static real relp(real x, real k) { /* x / (1 - exp(-x/k)) */
    return x == 0 ? k : -x / expm1l(-x / k);
}

static struct gate rates(real a, real b, real q) {
    return (struct gate){a / (a + b), 1 / (q * (a + b))};
}

/* The gates at v, celsius and cai; p: the channel's parameters as the descriptor orders them. */
static void na_gates(real v, real c, real cai, const real *p, struct gate *g) {
    real q = q10(23, 2.3L, c);
    (void)cai;
    g[0] = rates(p[1] * relp(v - p[3], p[4]), p[2] * relp(p[3] - v, p[4]), q);
    g[1] = rates(p[5] * relp(v - p[7], p[9]), p[6] * relp(p[8] - v, p[9]), q);
    g[1].inf = 1 / (1 + expl((v - p[10]) / p[11]));
}

static void k_gates(real v, real c, real cai, const real *p, struct gate *g) {
    (void)cai;
    g[0] = rates(p[1] * relp(v - p[3], p[4]), p[2] * relp(p[3] - v, p[4]), q10(23, 2.3L, c));
}

static void ka_gates(real v, real c, real cai, const real *p, struct gate *g) {
    (void)cai;
    (void)p;
    real f = 1e-3L * 9.648e4L / (8.315L * (273.16L + c));
    real z = -1.5L - 1 / (1 + expl((v + 40) / 5)), a = expl(f * z * (v - 11));
    g[0].inf = 1 / (1 + a);
    g[0].tau = fmaxl(0.1L, expl(0.55L * f * z * (v - 11)) / (q10(24, 5, c) * 0.05L * (1 + a)));
    g[1].inf = 1 / (1 + expl(3 * f * (v + 56)));
    g[1].tau = fmaxl(2, 0.26L * (v + 50));
}

static void kca_gates(real v, real c, real cai, const real *p, struct gate *g) {
    (void)v;
    (void)p;
    g[0] = rates(0.01L * cai, 0.02L, q10(23, 2.3L, c));
}

static void cahva_gates(real v, real c, real cai, const real *p, struct gate *g) {
    real q = q10(23, 2.3L, c);
    (void)cai;
    (void)p;
    g[0] = rates(0.5L * relp(v + 27, 3.8L), 0.1L * expl((-75 - v) / 17), q);
    g[1] = rates(0.000457L * expl((-13 - v) / 50), 0.0065L / (1 + expl((-15 - v) / 28)), q);
}

static void calva_gates(real v, real c, real cai, const real *p, struct gate *g) {
    (void)c;
    (void)cai;
    (void)p;
    g[0].inf = 1 / (1 + expl(-(v + 50) / 7.4L));
    g[0].tau = 3 + 1 / (expl((v + 25) / 20) + expl(-(v + 100) / 15));
    g[1].inf = 1 / (1 + expl((v + 78) / 5));
    g[1].tau = 85 + 1 / (expl((v + 46) / 4) + expl(-(v + 405) / 50));
}

static real squid(real x, real y) { /* x / (exp(x/y) - 1) */
    return x == 0 ? y : x / expm1l(x / y);
}

static void hh_gates(real v, real c, real cai, const real *p, struct gate *g) {
    real q = q10(6.3L, 3, c);
    (void)cai;
    (void)p;
    g[0] = rates(0.1L * squid(-(v + 40), 10), 4 * expl(-(v + 65) / 18), q);
    g[1] = rates(0.07L * expl(-(v + 65) / 20), 1 / (expl(-(v + 35) / 10) + 1), q);
    g[2] = rates(0.01L * squid(-(v + 55), 10), 0.125L * expl(-(v + 65) / 80), q);
}

static const struct channel {
    const char *file;
    uint32_t n_gate, parameters;
    const char *gate[3], *ion; /* the ion's reversal potential */
    int power[2];              /* of the gates in the conductance */
    double at, factor;         /* q10 of the conductance; factor 1: none */
    void (*gates)(real v, real celsius, real cai, const real *p, struct gate *g);
} channels[] = {
    {"na", 2, 12, {"m", "h"}, "ena", {3, 1}, 23, 2.3, na_gates},
    {"kv", 1, 5, {"n"}, "ek", {1, 0}, 23, 2.3, k_gates},
    {"km", 1, 5, {"n"}, "ek", {1, 0}, 23, 2.3, k_gates},
    {"ka", 2, 1, {"n", "l"}, "ek", {1, 1}, 0, 1, ka_gates},
    {"kca", 1, 1, {"n"}, "ek", {1, 0}, 23, 2.3, kca_gates},
    {"cahva", 2, 1, {"m", "h"}, "eca", {2, 1}, 23, 2.3, cahva_gates},
    {"calva", 2, 1, {"m", "h"}, "eca", {2, 1}, 0, 1, calva_gates},
    {"hh", 3, 4, {"m", "h", "n"}, NULL, {0, 0}, 0, 1, hh_gates},
};
enum { CHANNELS = sizeof channels / sizeof channels[0], N = 1024 };

/* -120 to 80 mV in quarters, then the rates' singular points and what is close to them. */
static void sweep(double *v) {
    const double point[] = {-30, -45, -70, 25, -27, -40, -55, -35, 11, -56, -50};
    const double near[] = {0,    1e-13, -1e-13, 1e-9,  -1e-9,  1e-6,    -1e-6,  1e-4,   -1e-4,
                           1e-3, -1e-3, 0.03,   -0.03, 0.0999, -0.0999, 0.1001, -0.1001};
    uint32_t k = 0;
    for (; k <= 800; k++)
        v[k] = -120 + 0.25 * k;
    for (size_t j = 0; j < sizeof point / sizeof *point; j++)
        for (size_t l = 0; l < sizeof near / sizeof *near; l++)
            v[k++] = point[j] + near[l];
    assert_true(k <= N);
    for (; k < N; k++)
        v[k] = -65;
}

static void parameters(const struct rig *r, const struct channel *c, uint32_t k, real *p) {
    for (uint32_t j = 0; j < c->parameters; j++)
        p[j] = r->col[j][k];
}

/* At rest after init; a step from 0 and one from 1 as the equation's solution goes; rest again. */
static void follow(struct rig *r, const struct channel *c, double celsius) {
    const double dt = 0.5;
    const double *cai = c->gates == kca_gates ? rig_field(r, "cai") : NULL;
    real p[12];
    struct gate gate[3];
    rig_init(r, celsius, dt);
    for (int from = -1; from <= 2; from++) {
        for (uint32_t j = 0; j < c->n_gate && from >= 0; j++)
            rig_set(r, c->gate[j], from == 2 ? 0.3 : from);
        if (from == 2)
            r->b.dt = 1e9;
        if (from >= 0)
            r->plugin->advance(&r->b);
        for (uint32_t k = 0; k < r->b.n; k++) {
            parameters(r, c, k, p);
            c->gates(r->v[k], celsius, cai ? cai[k] : 0, p, gate);
            for (uint32_t j = 0; j < c->n_gate; j++) {
                double got = rig_field(r, c->gate[j])[k];
                real want = gate[j].inf;
                if (from == 0 || from == 1)
                    want = from - expm1l(-(real)dt / gate[j].tau) * (gate[j].inf - from);
                assert_near(got, want, 1e-12, 4e-16, r->v[k]);
            }
        }
    }
}

static void test_gates(void **state) {
    const struct channel *c = *state;
    const double celsius[] = {37, 23, 6.3};
    for (size_t t = 0; t < 3; t++) {
        struct rig r;
        rig_open(&r, c->file, N);
        sweep(r.v);
        if (c->gates == kca_gates)
            for (uint32_t k = 0; k < N; k++)
                rig_field(&r, "cai")[k] = 1e-6 * pow(1.02, k);
        follow(&r, c, celsius[t]);
        rig_close(&r);
    }
}

/* Another value of each constant in each instance. */
static void test_parameters(void **state) {
    const struct channel *c = *state;
    struct hk_stream s = {{17, 0, 0, 0}};
    struct rig r;
    rig_open(&r, c->file, N);
    sweep(r.v);
    for (uint32_t j = 1; j < c->parameters; j++)
        for (uint32_t k = 0; k < N; k++)
            r.col[j][k] *= 0.5 + rig_uniform(&s, j * N + k);
    follow(&r, c, 37);
    if (c->gates == na_gates) { /* at v12ha, at v12hb, and these two equal */
        double *v = r.v, *a = rig_field(&r, "v12ha"), *b = rig_field(&r, "v12hb");
        for (uint32_t k = 0; k < N; k++) {
            v[k] = k % 2 ? a[k] : b[k];
            b[k] = k % 4 == 3 ? a[k] : b[k];
        }
        follow(&r, c, 37);
    }
    rig_close(&r);
}

/* i of the equation, and g the slope of i. */
static void test_current(void **state) {
    const struct channel *c = *state;
    struct rig r;
    const double h = 1e-3, celsius = 37;
    rig_open(&r, c->file, N);
    sweep(r.v);
    rig_init(&r, celsius, 0.025);
    if (c->ion)
        rig_set(&r, c->ion, -33);
    for (uint32_t j = 0; j < c->n_gate; j++)
        for (uint32_t k = 0; k < N; k++)
            rig_field(&r, c->gate[j])[k] = 0.1 + 0.7 * ((k * (3 + j)) % 17) / 17.;
    for (uint32_t k = 0; k < N; k++)
        r.i[k] = r.g[k] = 1;
    r.plugin->current(&r.b);
    for (uint32_t k = 0; k < N && c->ion; k++) {
        double g = r.col[0][k] * (double)q10(c->at, c->factor, celsius);
        for (uint32_t j = 0; j < c->n_gate; j++)
            g *= pow(rig_field(&r, c->gate[j])[k], c->power[j]);
        assert_near(r.g[k], 1 + g, 1e-14, 0, r.v[k]);
        assert_near(r.i[k], 1 + g * (r.v[k] + 33), 1e-14, 1e-15, r.v[k]);
    }
    double slope[N];
    for (uint32_t k = 0; k < N; k++)
        r.v[k] += h;
    rig_current(&r);
    memcpy(slope, r.i, sizeof slope);
    for (uint32_t k = 0; k < N; k++)
        r.v[k] -= 2 * h;
    rig_current(&r);
    for (uint32_t k = 0; k < N; k++)
        assert_near((slope[k] - r.i[k]) / (2 * h), r.g[k], 1e-9, 1e-12, r.v[k]);
    rig_close(&r);
}

/* hh stores the current of each of its ions, and adds them and the leak to i. */
static void test_hh_currents(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "hh", 64);
    rig_init(&r, 6.3, 0.025);
    rig_set(&r, "ena", 50);
    rig_set(&r, "ek", -77);
    rig_set(&r, "m", 0.4);
    rig_set(&r, "h", 0.5);
    rig_set(&r, "n", 0.6);
    rig_set(&r, "ina", 99);
    for (uint32_t k = 0; k < 64; k++)
        r.v[k] = -80 + 2. * k;
    rig_current(&r);
    for (uint32_t k = 0; k < 64; k++) {
        double na = 0.12 * 0.4 * 0.4 * 0.4 * 0.5 * (r.v[k] - 50);
        double kk = 0.036 * 0.6 * 0.6 * 0.6 * 0.6 * (r.v[k] + 77);
        assert_near(rig_field(&r, "ina")[k], na, 1e-14, 0, r.v[k]);
        assert_near(rig_field(&r, "ik")[k], kk, 1e-14, 0, r.v[k]);
        assert_near(r.i[k], na + kk + 0.0003 * (r.v[k] + 54.3), 1e-13, 1e-16, r.v[k]);
    }
    rig_close(&r);
}

/* pas and Leak are the same current under other names. */
static void test_passive(void **state) {
    static const char *const name[2][3] = {{"pas", "g", "e"}, {"leak", "gbar", "e"}};
    (void)state;
    for (int j = 0; j < 2; j++) {
        struct rig r;
        rig_open(&r, name[j][0], 16);
        rig_set(&r, name[j][1], 0.002);
        rig_set(&r, name[j][2], -71);
        for (uint32_t k = 0; k < 16; k++)
            r.v[k] = -100 + 10. * k;
        rig_current(&r);
        for (uint32_t k = 0; k < 16; k++) {
            assert_near(r.i[k], 0.002 * (r.v[k] + 71), 1e-15, 0, r.v[k]);
            assert_near(r.g[k], 0.002, 0, 0, r.v[k]);
        }
        rig_close(&r);
    }
}

/* An instance's bits do not depend on its place in the block nor on the block's length. */
static void test_place(void **state) {
    const struct channel *c = *state;
    struct rig whole, part;
    rig_open(&whole, c->file, N);
    rig_open(&part, c->file, HK_LANES);
    sweep(whole.v);
    rig_init(&whole, 37, 0.025);
    whole.plugin->advance(&whole.b);
    for (uint32_t at = 0; at < N; at += 37) {
        for (uint32_t k = 0; k < HK_LANES; k++)
            part.v[k] = whole.v[(at + k) % N];
        rig_init(&part, 37, 0.025);
        part.plugin->advance(&part.b);
        for (uint32_t j = 0; j < c->n_gate; j++)
            for (uint32_t k = 0; k < HK_LANES; k++)
                assert_memory_equal(rig_field(&part, c->gate[j]) + k,
                                    rig_field(&whole, c->gate[j]) + (at + k) % N, sizeof(double));
    }
    rig_close(&whole);
    rig_close(&part);
}

static void test_na_check(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "na", 8);
    assert_null(r.plugin->check(&r.b, 0));
    rig_field(&r, "v12ha")[3] = 5000;
    assert_null(r.plugin->check(&r.b, 2));
    assert_string_equal(r.plugin->check(&r.b, 3), "v12ha and v12hb are more than 300 qh apart");
    rig_close(&r);
}

int main(void) {
    static char name[3 * CHANNELS + 3][40];
    struct CMUnitTest test[4 * CHANNELS + 3];
    size_t n = 0, named = 0;
    cmocka_set_message_output(CM_OUTPUT_TAP);
    for (size_t j = 0; j < CHANNELS; j++) {
        const struct {
            const char *what;
            CMUnitTestFunction run;
        } each[] = {{"gates", test_gates}, {"current", test_current}, {"place", test_place}};
        for (size_t l = 0; l < 3; l++) {
            snprintf(name[named], sizeof name[named], "%s: %s", channels[j].file, each[l].what);
            test[n++] = (struct CMUnitTest){name[named++], each[l].run, NULL, NULL,
                                            (void *)(uintptr_t)&channels[j]};
        }
    }
    for (size_t j = 0; j < 3; j++)
        test[n++] = (struct CMUnitTest){"parameters an instance", test_parameters, NULL, NULL,
                                        (void *)(uintptr_t)&channels[j]};
    test[n++] = (struct CMUnitTest)cmocka_unit_test(test_hh_currents);
    test[n++] = (struct CMUnitTest)cmocka_unit_test(test_passive);
    test[n++] = (struct CMUnitTest)cmocka_unit_test(test_na_check);
    return _cmocka_run_group_tests("channels", test, n, NULL, NULL);
}
