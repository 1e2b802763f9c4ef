/* SPDX-License-Identifier: BSD-3-Clause */
/* Streams of random numbers: the generator against its authors' vectors, the distributions against
 * their moments and shares, streams against each other. Seeds are fixed, so that every test either
 * always holds or never: limits are some 4.5 standard deviations, which a right generator misses
 * once in 150 000 choices of the seed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "random.h"

enum { N = 1 << 18, BINS = 128 };
static const double far = 4.5;

static struct random_stream some_stream(uint64_t index) {
    return random_stream(1, random_purpose("test"), 2, index);
}

/* Random123's known answers for philox4x32 of ten rounds: zeros, ones, digits of pi. */
static void test_philox(void **state) {
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t c[4];
        memcpy(c, known[i].counter, sizeof c);
        random_philox(c, known[i].key[0], known[i].key[1]);
        assert_memory_equal(c, known[i].answer, sizeof c);
    }
}

/* The values that the authors of FNV publish. */
static void test_purpose(void **state) {
    (void)state;
    assert_true(random_purpose("") == 0xcbf29ce484222325);
    assert_true(random_purpose("a") == 0xaf63dc4c8601ec8c);
    assert_true(random_purpose("foobar") == 0x85944171f73967e8);
}

/* A change of these is a change of every user's networks. */
static void test_same_for_ever(void **state) {
    (void)state;
    struct random_stream s = random_stream(1, random_purpose("background"), 3, 500);
    assert_true(random_uniform(&s, 0) == 0x1.977dfdaa54f88p-4);
    assert_true(random_normal(&s, 1) == 0x1.16405354bd0d8p+0);
    assert_true(random_exponential(&s, 2) == 0x1.f32e085f18954p-3);
    assert_int_equal(random_below(&s, UINT64_MAX, 1000000), 841679);
}

/* How many standard deviations Pearson's chi-square of these counts is above or below its mean. */
static double chi_square(const uint32_t count[BINS]) {
    double sum = 0, expected = (double)N / BINS, freedom = BINS - 1;
    for (int i = 0; i < BINS; i++) {
        sum += (count[i] - expected) * (count[i] - expected) / expected;
    }
    return (sum - freedom) / sqrt(2 * freedom);
}

static double cdf_uniform(double x) {
    return x;
}

static double cdf_normal(double x) {
    return 0.5 * erfc(-x * sqrt(0.5));
}

static double cdf_exponential(double x) {
    return -expm1(-x);
}

/* Mean, variance and the shares of equally probable bins; `fourth` is the fourth central moment. */
static void check(double draw(const struct random_stream *, uint64_t), double cdf(double),
                  double mean, double variance, double fourth) {
    struct random_stream s = some_stream(0);
    uint32_t count[BINS] = {0};
    double sum = 0, squares = 0;
    for (uint64_t k = 0; k < N; k++) {
        double x = draw(&s, k), share = cdf(x);
        assert_true(share > 0 && share < 1);
        count[(int)(share * BINS)]++;
        sum += x - mean;
        squares += (x - mean) * (x - mean);
    }
    assert_true(fabs(sum) < far * sqrt(N * variance));
    assert_true(fabs(squares - N * variance) < far * sqrt(N * (fourth - variance * variance)));
    assert_true(fabs(chi_square(count)) < far);
}

static void test_uniform(void **state) {
    (void)state;
    check(random_uniform, cdf_uniform, 0.5, 1. / 12, 1. / 80);
}

static void test_normal(void **state) {
    (void)state;
    check(random_normal, cdf_normal, 0, 1, 3);
}

static void test_exponential(void **state) {
    (void)state;
    check(random_exponential, cdf_exponential, 1, 1, 9);
}

static double uniform_of(uint32_t high, uint32_t low) {
    return ((double)(((uint64_t)high << 32 | low) >> 12) + 0.5) * 0x1p-52;
}

/* The cosine that normal uses: all of the turn, against libm through the same words. */
static void test_normal_is_box_muller(void **state) {
    (void)state;
    struct random_stream s = some_stream(1);
    for (uint64_t k = 0; k < 10000; k++) {
        uint32_t c[4] = {(uint32_t)k, 0, (uint32_t)s.index, 0};
        random_philox(c, (uint32_t)s.key, (uint32_t)(s.key >> 32));
        double u = uniform_of(c[1], c[0]), angle = uniform_of(c[3], c[2]);
        double wanted = sqrt(-2 * log(u)) * cos(2 * acos(-1) * angle);
        assert_true(fabs(random_normal(&s, k) - wanted) < 5e-15);
    }
}

static void test_below(void **state) {
    (void)state;
    struct random_stream s = some_stream(0);
    uint32_t count[BINS] = {0};
    for (uint64_t k = 0; k < N; k++) {
        uint64_t i = random_below(&s, k, BINS);
        assert_true(i < BINS);
        count[i]++;
    }
    assert_true(fabs(chi_square(count)) < far);
    uint64_t high = 0;
    for (uint64_t k = 0; k < 1000; k++) {
        assert_true(random_below(&s, k, 1) == 0 && random_below(&s, k, 0) == 0);
        high += random_below(&s, k, UINT64_MAX) >> 63;
    }
    assert_true(high > 400 && high < 600);
}

/* Draws in any order, and of other streams between them, are the same draws. */
static void test_pure(void **state) {
    (void)state;
    struct random_stream s = some_stream(0), other = some_stream(1);
    double forth[100];
    for (uint64_t k = 0; k < 100; k++)
        forth[k] = random_uniform(&s, k);
    for (uint64_t k = 100; k-- > 0;) {
        random_normal(&other, k);
        struct random_stream again = some_stream(0);
        assert_true(random_uniform(&again, k) == forth[k]);
    }
}

/* Every bit of every argument matters. */
static void test_each_bit(void **state) {
    (void)state;
    static double seen[5 * 64];
    int n = 0;
    for (int bit = 0; bit < 64; bit++) {
        uint64_t one = (uint64_t)1 << bit;
        struct random_stream s[5] = {random_stream(one, 0, 0, 0), random_stream(0, one, 0, 0),
                                     random_stream(0, 0, one, 0), random_stream(0, 0, 0, one),
                                     random_stream(0, 0, 0, 0)};
        for (int i = 0; i < 5; i++)
            seen[n++] = random_uniform(&s[i], i == 4 ? one : 0);
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++)
            assert_true(seen[i] != seen[j]);
    }
}

/* Correlation of two sequences, in standard deviations. */
static double correlation(const double *a, const double *b) {
    double sum = 0;
    for (int k = 0; k < N; k++)
        sum += (a[k] - 0.5) * (b[k] - 0.5);
    return sum * 12 / sqrt(N);
}

static void fill(double *to, struct random_stream s, uint64_t from) {
    for (uint64_t k = 0; k < N; k++)
        to[k] = random_uniform(&s, from + k);
}

/* Streams whose arguments differ by one, and a stream and itself one draw later. */
static void test_neighbours(void **state) {
    (void)state;
    static double a[N], b[N];
    fill(a, random_stream(7, 7, 7, 7), 0);
    const struct random_stream near[] = {random_stream(8, 7, 7, 7), random_stream(7, 8, 7, 7),
                                         random_stream(7, 7, 8, 7), random_stream(7, 7, 7, 8)};
    for (size_t i = 0; i < 4; i++) {
        fill(b, near[i], 0);
        assert_true(fabs(correlation(a, b)) < far);
    }
    fill(b, random_stream(7, 7, 7, 7), 1);
    assert_true(fabs(correlation(a, b)) < far);
}

/* First draws of many streams, as when each synapse has its own. */
static void test_across(void **state) {
    (void)state;
    uint32_t by_cell[BINS] = {0}, by_index[BINS] = {0};
    for (uint64_t k = 0; k < N; k++) {
        struct random_stream cell = random_stream(1, 2, k, 3), index = random_stream(1, 2, 3, k);
        by_cell[(int)(random_uniform(&cell, 0) * BINS)]++;
        by_index[(int)(random_uniform(&index, 0) * BINS)]++;
    }
    assert_true(fabs(chi_square(by_cell)) < far);
    assert_true(fabs(chi_square(by_index)) < far);
}

/* A normal and a uniform of neighbouring draws, as rejection from a gamma distribution uses them:
 * the size and the sign of one tell nothing of the other. */
static void test_kinds(void **state) {
    (void)state;
    static double size[N], sign[N], b[N], twice[N];
    struct random_stream s = some_stream(5);
    for (uint64_t k = 0; k < N; k++) {
        double x = random_normal(&s, k);
        size[k] = cdf_normal(fabs(x)) * 2 - 1;
        sign[k] = cdf_normal(x);
        b[k] = random_uniform(&s, k + 1);
        twice[k] = random_uniform(&s, 2 * k + 1);
    }
    assert_true(fabs(correlation(size, b)) < far && fabs(correlation(sign, b)) < far);
    assert_true(fabs(correlation(size, twice)) < far);
    for (int k = 0; k < N; k++)
        b[k] = fabs(2 * b[k] - 1), twice[k] = fabs(2 * twice[k] - 1);
    assert_true(fabs(correlation(size, b)) < far && fabs(correlation(sign, b)) < far);
    assert_true(fabs(correlation(sign, twice)) < far);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_philox),
        cmocka_unit_test(test_purpose),
        cmocka_unit_test(test_same_for_ever),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_normal),
        cmocka_unit_test(test_exponential),
        cmocka_unit_test(test_normal_is_box_muller),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_pure),
        cmocka_unit_test(test_each_bit),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_across),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
