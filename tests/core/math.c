/* SPDX-License-Identifier: BSD-3-Clause */
/* math.h against long double, at its ends, and its loops against its scalars. HILLOCK_SWEEP=100 in
 * the environment makes the sweeps a hundred times as long. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "hillock/math.h"

#define NOT_A_NUMBER __builtin_nan("")
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* gcc and clang are told only that y does not overlap x and a. */
#ifdef __clang__
#define LOOP _Pragma("clang loop vectorize(assume_safety)")
#else
#define LOOP _Pragma("GCC ivdep")
#endif

/* Each function as a loop that a compiler vectorises and as a call that it cannot. All take two
 * arguments. */
#define FUNCTIONS(X)                                                                               \
    X(flush, hk_exp_flush(x), expl(x))                                                             \
    X(exp, hk_exp(x), expl(x))                                                                     \
    X(rate, hk_expm1_rate(x), expm1l(x))                                                           \
    X(expm1, hk_expm1(x), expm1l(x))                                                               \
    X(exprelr, hk_exprelr(x), x == 0 ? 1 : x / expm1l(x))                                          \
    X(log, hk_log(x), logl(x))                                                                     \
    X(normal, hk_log_normal(x), logl(x))                                                           \
    X(pow, hk_pow(x, a), powl(x, a))

#define BOTH(name, call, reference)                                                                \
    __attribute__((noinline)) static void loop_##name(double *y, const double *px,                 \
                                                      const double *pa, int n) {                   \
        LOOP for (int i = 0; i < n; i++) {                                                         \
            double x = px[i], a = pa[i];                                                           \
            (void)a;                                                                               \
            y[i] = call;                                                                           \
        }                                                                                          \
    }                                                                                              \
    __attribute__((noinline)) static double one_##name(double x, double a) {                       \
        (void)a;                                                                                   \
        return call;                                                                               \
    }                                                                                              \
    static long double true_##name(long double x, long double a) {                                 \
        (void)a;                                                                                   \
        return reference;                                                                          \
    }
FUNCTIONS(BOTH)

typedef struct function {
    const char *name;
    void (*loop)(double *, const double *, const double *, int);
    double (*one)(double, double);
    long double (*truth)(long double, long double);
} function;

enum { FLUSH, EXP, RATE, EXPM1, EXPRELR, LOG, NORMAL, POW };
static const function functions[] = {
#define ENTRY(name, call, reference) {#name, loop_##name, one_##name, true_##name},
    FUNCTIONS(ENTRY)};

static uint64_t mixed(uint64_t *state) { /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static double between(uint64_t *state, double low, double high) {
    return HK_FMA(high - low, (double)(mixed(state) >> 11) * 0x1p-53, low);
}

static double any(uint64_t *state) { /* any bits: every exponent as often, NaN and infinities too */
    return hk_bits((int64_t)mixed(state));
}

static int sweep(int n) {
    const char *times = getenv("HILLOCK_SWEEP");
    int by = times ? atoi(times) : 1;
    return by > 1 ? n * by : n;
}

/* The error in units of the last place, a subnormal's unit being 2^-1074. */
static double ulps(double got, long double truth) {
    if (isnan(got) || isnan(truth))
        return isnan(got) && isnan(truth) ? 0 : HUGE_VAL;
    if (fabsl(truth) > (long double)DBL_MAX) {
        if (isinf(got) && !signbit(got) == !signbit(truth))
            return 0;
        if (fabsl(truth) >= 0x1p1024L)
            return HUGE_VAL;
    }
    if (isinf(got))
        return HUGE_VAL;
    int e = 0;
    frexpl(truth, &e);
    if (truth == 0 || e < -1021)
        e = -1021;
    return (double)fabsl(ldexpl((long double)got - truth, 53 - e));
}

/* The largest error of a function over n pairs that `draw` gives. */
static double worst(int which, int n, void (*draw)(uint64_t *, double *, double *)) {
    const function *f = &functions[which];
    uint64_t state = 1;
    double most = 0, at_x = 0, at_a = 0;
    for (int i = 0; i < n; i++) {
        double x, a;
        draw(&state, &x, &a);
        double error = ulps(f->one(x, a), f->truth((long double)x, (long double)a));
        if (error > most)
            most = error, at_x = x, at_a = a;
    }
    print_message("# %s: %.3f ulp at %a, %a\n", f->name, most, at_x, at_a);
    return most;
}

static void draw_exp(uint64_t *s, double *x, double *a) {
    uint64_t pick = mixed(s) % 4;
    *x = pick == 0   ? any(s)
         : pick == 1 ? between(s, -1, 1)
         : pick == 2 ? between(s, -40, 40)
                     : between(s, -760, 760);
    *a = 0;
}

static const double highest_flush = 709.43; /* up to which the _flush functions keep their bound */

static void draw_flush(uint64_t *s, double *x, double *a) {
    draw_exp(s, x, a);
    if (*x < -0x1.6232bdd7abcd2p+9)
        *x = -*x;
    if (*x > highest_flush && *x < 710)
        *x -= 1;
}

static void draw_rate(uint64_t *s, double *x, double *a) {
    draw_flush(s, x, a);
    if (mixed(s) % 4 == 0)
        *x = -exp2(between(s, -60, 9.4));
    if (*x > 299.7)
        *x = between(s, 0, 299.7);
}

static void draw_normal(uint64_t *s, double *x, double *a) {
    do {
        *x = mixed(s) % 2 ? between(s, 0, 3) : fabs(any(s));
    } while (!isnormal(*x));
    *a = 0;
}

static void draw_log(uint64_t *s, double *x, double *a) {
    uint64_t pick = mixed(s) % 4;
    *x = pick == 0   ? any(s)
         : pick == 1 ? between(s, 0.5, 2)
         : pick == 2 ? between(s, 0, 1e-307)
                     : fabs(any(s));
    *a = 0;
}

/* Pairs whose results are spread over the whole range: y = e / log(x) with e from -760 to 760. */
static void draw_pow(uint64_t *s, double *x, double *a) {
    uint64_t pick = mixed(s) % 6;
    *x = pick < 2    ? between(s, 0.5, 2)
         : pick == 2 ? 1 + between(s, -1, 1) * exp2(-between(s, 0, 52))
                     : fabs(any(s));
    *a = pick == 5 ? any(s) : between(s, -760, 760) / log(*x);
    if (mixed(s) % 4 == 0)
        *x = -*x, *a = nearbyint(*a);
}

#define TEST_WITHIN(which, draw, n, limit)                                                         \
    static void test_within_##which(void **state) {                                                \
        (void)state;                                                                               \
        if (LDBL_MANT_DIG < 64)                                                                    \
            skip();                                                                                \
        assert_true(worst(which, sweep(n), draw) <= limit);                                        \
    }
TEST_WITHIN(FLUSH, draw_flush, 1000000, 1.1)
TEST_WITHIN(EXP, draw_exp, 1000000, 1.6)
TEST_WITHIN(RATE, draw_rate, 1000000, 2.2)
TEST_WITHIN(EXPM1, draw_exp, 1000000, 1.3)
TEST_WITHIN(EXPRELR, draw_exp, 1000000, 1.9)
TEST_WITHIN(LOG, draw_log, 1000000, 1.0)
TEST_WITHIN(NORMAL, draw_normal, 1000000, 1.0)
TEST_WITHIN(POW, draw_pow, 1000000, 1.2)

static void same(const char *what, double x, double a, double got, double wanted) {
    if (isnan(wanted) ? isnan(got) : hk_int(got) == hk_int(wanted))
        return;
    fail_msg("%s(%a, %a) is %a, not %a", what, x, a, got, wanted);
}

static const double lowest_exp =
    -0x1.6232bdd7abcd2p+9; /* the last double whose exp is 2^-1022 or more */

static void test_ends(void **state) {
    (void)state;
    const double nans[] = {NOT_A_NUMBER, -NOT_A_NUMBER};
    static const struct {
        int which;
        double x, wanted;
    } cases[] = {
        {FLUSH, 0, 1},
        {FLUSH, -0.0, 1},
        {FLUSH, HUGE_VAL, HUGE_VAL},
        {FLUSH, -HUGE_VAL, 0},
        {FLUSH, 1e300, HUGE_VAL},
        {FLUSH, -1e300, 0},
        {FLUSH, 709.79, HUGE_VAL},
        {RATE, 0, 0},
        {RATE, -0.0, 0},
        {RATE, 0x1p-1074, 0x1p-1074},
        {RATE, -0x1p-1074, -0x1p-1074},
        {RATE, 1e-300, 1e-300},
        {RATE, -HUGE_VAL, -1},
        {RATE, -1e300, -1},
        {RATE, -745, -1},
        {FLUSH, -0x1.6232bdd7abcd3p+9, 0},
        {FLUSH, -745, 0},
        {FLUSH, 0x1p-1074, 1},
        {EXP, 0, 1},
        {EXP, HUGE_VAL, HUGE_VAL},
        {EXP, -HUGE_VAL, 0},
        {EXP, 1e300, HUGE_VAL},
        {EXP, -1e300, 0},
        {EXP, -745, 0x1p-1074},
        {EXP, -745.2, 0},
        {EXP, 0x1.62e42fefa39efp+9, 0x1.fffffffffff2ap+1023},
        {EXP, 0x1.62e42fefa39f0p+9, HUGE_VAL},
        {EXPM1, 0, 0},
        {EXPM1, -0.0, -0.0},
        {EXPM1, 0x1p-1074, 0x1p-1074},
        {EXPM1, -0x1p-1074, -0x1p-1074},
        {EXPM1, HUGE_VAL, HUGE_VAL},
        {EXPM1, -HUGE_VAL, -1},
        {EXPM1, 1e300, HUGE_VAL},
        {EXPM1, -1e300, -1},
        {EXPM1, 0x1.62e42fefa39efp+9, 0x1.fffffffffff2ap+1023},
        {EXPM1, 0x1.62e42fefa39f0p+9, HUGE_VAL},
        {EXPRELR, 0, 1},
        {EXPRELR, -0.0, 1},
        {EXPRELR, 0x1p-1074, 1},
        {EXPRELR, HUGE_VAL, 0},
        {EXPRELR, -HUGE_VAL, HUGE_VAL},
        {EXPRELR, 1e300, 0},
        {EXPRELR, -1e300, 1e300},
        {EXPRELR, 752.5, 0},
        {EXPRELR, 751, 0x1p-1074},
        {EXPRELR, -0x1p1023, 0x1p1023},
        {LOG, 1, 0},
        {LOG, 0, -HUGE_VAL},
        {LOG, -0.0, -HUGE_VAL},
        {LOG, HUGE_VAL, HUGE_VAL},
        {LOG, -1, NOT_A_NUMBER},
        {LOG, -HUGE_VAL, NOT_A_NUMBER},
        {LOG, -0x1p-1074, NOT_A_NUMBER},
        {LOG, 0x1p-1074, -0x1.74385446d71c3p+9},
        {LOG, DBL_MAX, 0x1.62e42fefa39efp+9},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const function *f = &functions[cases[i].which];
        same(f->name, cases[i].x, 0, f->one(cases[i].x, 0), cases[i].wanted);
    }
    for (int which = FLUSH; which <= LOG; which++)
        for (size_t i = 0; i < COUNT(nans); i++) {
            const function *f = &functions[which];
            same(f->name, nans[i], 0, f->one(nans[i], 0), NOT_A_NUMBER);
        }
    assert_true(hk_exp_flush(lowest_exp) >= DBL_MIN);
}

/* Between the clamp of the exponent and infinity. */
static void test_flush_at_the_top(void **state) {
    (void)state;
    double most = 0;
    for (double x = highest_flush; x < 709.78; x += 1e-4) {
        double truth = exp(x);
        most = fmax(most, fabs(hk_exp_flush(x) / truth - 1));
    }
    print_message("# flush, above %g: %.1e of the value\n", highest_flush, most);
    assert_true(most < 1e-11);
}

/* Above 299.7 hk_expm1_rate is no exponential, but large and finite, and grows. */
static void test_rate_at_the_top(void **state) {
    (void)state;
    double last = 0;
    for (double x = 299; x < 1e6; x *= 1.001) {
        double y = hk_expm1_rate(x);
        assert_true(y > last && y < 1e230);
        last = y;
    }
    assert_true(hk_expm1_rate(300) > 1e130);
}

/* libm's pow, which follows Annex F, at every pair of these: bits at the special cases, 2 ulp at
 * the others. */
static void test_pow_ends(void **state) {
    (void)state;
    static const double values[] = {0,
                                    0x1p-1074,
                                    DBL_MIN,
                                    0x1p-53,
                                    0.3,
                                    0.5,
                                    0x1.fffffffffffffp-1,
                                    1,
                                    0x1.0000000000001p0,
                                    1.5,
                                    2,
                                    2.5,
                                    3,
                                    4,
                                    10,
                                    51,
                                    1e10,
                                    0x1p51 + 0.5,
                                    0x1p52 - 0.5,
                                    0x1p52,
                                    0x1p52 + 1,
                                    0x1p53 - 1,
                                    0x1p53,
                                    0x1p53 + 2,
                                    1e300,
                                    DBL_MAX,
                                    HUGE_VAL,
                                    NOT_A_NUMBER};
    for (size_t i = 0; i < 2 * COUNT(values); i++)
        for (size_t j = 0; j < 2 * COUNT(values); j++) {
            double x = i % 2 ? -values[i / 2] : values[i / 2],
                   y = j % 2 ? -values[j / 2] : values[j / 2];
            double got = one_pow(x, y), wanted = pow(x, y);
            int ordinary = isfinite(wanted) && wanted != 0 && fabs(x) != 1 && y != 0;
            if (!ordinary)
                same("pow", x, y, got, wanted);
            else if (!(ulps(got, (long double)wanted) <= 2))
                fail_msg("pow(%a, %a) is %a, not %a", x, y, got, wanted);
        }
}

/* 0 exactly where the result would not be normal. */
static void test_flush_ends_at_the_least_normal(void **state) {
    (void)state;
    uint64_t draws = 3;
    for (int i = 0; i < 100000; i++) {
        double x = i % 2 ? between(&draws, -720, -700) : between(&draws, -720, 720);
        if (one_flush(x, 0) > 0) {
            assert_true(one_exp(x, 0) >= DBL_MIN);
        } else {
            assert_true(one_exp(x, 0) < DBL_MIN);
        }
    }
}

static void test_small_helpers(void **state) {
    (void)state;
    assert_true(hk_min(1, 2) == 1 && hk_min(2, 1) == 1 && hk_max(1, 2) == 2 && hk_max(2, 1) == 2);
    assert_true(isnan(hk_max(0, NOT_A_NUMBER)) && isnan(hk_min(0, NOT_A_NUMBER)));
    assert_true(hk_abs(-2) == 2 && hk_sqrt(9) == 3 && hk_bits(hk_int(1.25)) == 1.25);
}

enum { CHUNK = 1023 }; /* odd, so that each loop has a scalar remainder */

/* Draws that reach every select of the functions. */
static void draw_all(uint64_t *s, double *x, double *a) {
    uint64_t pick = mixed(s) % 8;
    *x = pick < 2   ? any(s)
         : pick < 4 ? between(s, -800, 800)
         : pick < 6 ? between(s, -2, 2)
                    : fabs(any(s));
    *a = pick < 5 ? between(s, -3, 3) : pick == 5 ? nearbyint(between(s, -20, 20)) : any(s);
}

/* Compares loop and scalar over n values; the sum of all bits shows compilers and flags against
 * each other. */
static uint64_t compared(int which, int n) {
    static double x[CHUNK], a[CHUNK], y[CHUNK];
    const function *f = &functions[which];
    uint64_t state = 7, sum = 0;
    for (int done = 0; done < n; done += CHUNK) {
        for (int i = 0; i < CHUNK; i++)
            draw_all(&state, &x[i], &a[i]);
        f->loop(y, x, a, CHUNK);
        for (int i = 0; i < CHUNK; i++) {
            same(f->name, x[i], a[i], f->one(x[i], a[i]), y[i]);
            sum = sum * 0x100000001b3 + (isnan(y[i]) ? 1 : (uint64_t)hk_int(y[i]));
        }
    }
    return sum;
}

static void test_same_bits(void **state) {
    (void)state;
    static const uint64_t sums[] = {0x9cb4c67dadc365bf, 0x65443dbb89782728, 0x597b5425ae3bd62c,
                                    0xc76f4d15e7c7c8da, 0x66296530dfaa4e59, 0x018b1a36b18a0e89,
                                    0x4332a90df38651c1, 0x4632e175b32cc6fd};
    for (int which = FLUSH; which <= POW; which++) {
        uint64_t sum = compared(which, 1000000);
        if (sum != sums[which])
            fail_msg("%s has other bits: sum %#llx", functions[which].name,
                     (unsigned long long)sum);
        if (sweep(1) > 1)
            compared(which, sweep(1000000));
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_within_FLUSH),
        cmocka_unit_test(test_within_EXP),
        cmocka_unit_test(test_within_RATE),
        cmocka_unit_test(test_flush_at_the_top),
        cmocka_unit_test(test_rate_at_the_top),
        cmocka_unit_test(test_within_EXPM1),
        cmocka_unit_test(test_within_EXPRELR),
        cmocka_unit_test(test_within_LOG),
        cmocka_unit_test(test_within_NORMAL),
        cmocka_unit_test(test_within_POW),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_pow_ends),
        cmocka_unit_test(test_flush_ends_at_the_least_normal),
        cmocka_unit_test(test_small_helpers),
        cmocka_unit_test(test_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
