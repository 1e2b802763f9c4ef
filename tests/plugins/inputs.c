/* SPDX-License-Identifier: BSD-3-Clause */
/* The inputs: when their events are. */
#include "harness.h"

enum { N = 8 };

static double next(struct rig *r, uint32_t k) {
    return r->plugin->next(&r->b, k);
}

static void test_array(void **state) {
    static const double times[] = {0, 1.5, 1.5, 700.25};
    struct rig r;
    (void)state;
    rig_open(&r, "spikearray", N);
    r.list[0][1] = (struct hk_list){times, 4};
    r.list[0][2] = (struct hk_list){times, 1};
    for (int again = 0; again < 2; again++) { /* init begins anew */
        rig_init(&r, HK_NAN, 0.025);
        for (int j = 0; j < 4; j++)
            assert_near(next(&r, 1), times[j], 0, 0, j);
        assert_true(isinf(next(&r, 1)) && isinf(next(&r, 1)));
        assert_near(next(&r, 2), 0, 0, 0, 0);
        assert_true(isinf(next(&r, 2)) && isinf(next(&r, 0)));
    }
    assert_null(r.plugin->check(&r.b, 0));
    assert_null(r.plugin->check(&r.b, 1));
    rig_close(&r);
}

static void test_array_order(void **state) {
    static const double times[] = {1, 3, 2}, nan_times[] = {1, HK_NAN, 2};
    struct rig r;
    (void)state;
    rig_open(&r, "spikearray", N);
    r.list[0][1] = (struct hk_list){times, 3};
    r.list[0][2] = (struct hk_list){nan_times, 3};
    assert_string_equal(r.plugin->check(&r.b, 1), "times is not in order");
    assert_string_equal(r.plugin->check(&r.b, 2), "times is not in order");
    rig_close(&r);
}

static void test_train(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "netstim", N);
    rig_set(&r, "start", 20);
    rig_set(&r, "interval", 0.1);
    rig_set(&r, "number", 5000);
    rig_field(&r, "number")[1] = 2.5;
    rig_field(&r, "number")[2] = 0;
    rig_field(&r, "number")[3] = HK_INF;
    rig_field(&r, "start")[4] = -1;
    rig_init(&r, HK_NAN, 0.025);
    for (int j = 0; j < 5000; j++)
        assert_near(next(&r, 0), 20 + j * 0.1, 1e-15, 0, j); /* no drift */
    assert_true(isinf(next(&r, 0)));
    for (int j = 0; j < 3; j++)
        assert_near(next(&r, 1), 20 + j * 0.1, 1e-15, 0, j);
    assert_true(isinf(next(&r, 1)) && isinf(next(&r, 2)) && isinf(next(&r, 4)));
    for (int j = 0; j < 10000; j++)
        assert_true(next(&r, 3) < HK_INF);
    rig_close(&r);
}

/* Mean and variance of the intervals; bounds of five standard errors. */
static void test_noise(void **state) {
    enum { EVENTS = 20000 };
    struct rig r;
    (void)state;
    rig_open(&r, "netstim", N);
    rig_set(&r, "start", 5);
    rig_set(&r, "interval", 4);
    rig_set(&r, "number", EVENTS);
    for (uint32_t k = 0; k < N; k++)
        rig_field(&r, "noise")[k] = k < 4 ? 0.25 : 1;
    rig_init(&r, HK_NAN, 0.025);
    for (uint32_t k = 3; k < 5; k++) {
        double noise = rig_field(&r, "noise")[k], last = next(&r, k), sum = 0, square = 0;
        assert_true(last > 5 && last < 5 + noise * 4 * 30);
        for (int j = 1; j < EVENTS; j++) {
            double t = next(&r, k), x = t - last;
            assert_true(x >= (1 - noise) * 4 - 1e-9);
            sum += x;
            square += (x - 4) * (x - 4);
            last = t;
        }
        assert_true(isinf(next(&r, k)));
        double sd = noise * 4;
        assert_near(sum / EVENTS, 4, 0, 5 * sd / sqrt(EVENTS), k);
        assert_near(square / EVENTS, sd * sd, 5 * sqrt(8. / EVENTS), 0, k);
    }
    rig_close(&r);
}

/* Counts in windows of different rates, one of them zero, and a gap; none outside. */
static void test_poisson(void **state) {
    enum { TRAINS = 4000 };
    static const double rate[] = {10, 210, 5,   210, 310, 20,  310, 400,
                                  0,  450, 500, 100, 600, 650, 0};
    static const double from[] = {0, 10, 210, 310, 400, 450, 500, 600, 650}; /* the pieces */
    static const double hz[] = {0, 5, 20, 0, 0, 100, 0, 0};
    double count[8] = {0}, square[8] = {0};
    struct rig r;
    (void)state;
    rig_open(&r, "poisson", TRAINS);
    for (uint32_t k = 0; k < TRAINS; k++) {
        r.list[0][k] = (struct hk_list){rate, 5};
        assert_null(r.plugin->check(&r.b, k));
    }
    rig_init(&r, HK_NAN, 0.025);
    for (uint32_t k = 0; k < TRAINS; k++) {
        double one[8] = {0}, last = 0;
        for (double t; (t = next(&r, k)) < HK_INF; last = t) {
            int piece = 0;
            assert_true(t >= last && t < 650);
            while (t >= from[piece + 1])
                piece++;
            one[piece]++;
        }
        assert_true(isinf(next(&r, k)));
        for (int j = 0; j < 8; j++) {
            count[j] += one[j];
            square[j] += one[j] * one[j];
        }
    }
    for (int j = 0; j < 8; j++) {
        double mean =
            hz[j] * (from[j + 1] - from[j]) / 1000; /* and variance, of one train's count */
        double var = square[j] / TRAINS - count[j] / TRAINS * (count[j] / TRAINS);
        assert_near(count[j] / TRAINS, mean, 0, 5 * sqrt(mean / TRAINS), j);
        assert_near(var, mean, 0, 5 * sqrt((2 * mean * mean + mean) / TRAINS), j);
    }
    rig_close(&r);
}

/* Without end; the same train after init; other trains in other instances. */
static void test_poisson_streams(void **state) {
    static const double rate[] = {0, HK_INF, 40};
    double first[100];
    struct rig r;
    (void)state;
    rig_open(&r, "poisson", N);
    r.list[0][0] = r.list[0][1] = (struct hk_list){rate, 1};
    rig_init(&r, HK_NAN, 0.025);
    for (int j = 0; j < 100; j++)
        first[j] = next(&r, 0);
    assert_near(first[99], 2500, 0, 5 * 250, 99);
    assert_true(next(&r, 1) != first[0]); /* NOLINT */
    assert_true(isinf(next(&r, 2)));      /* no window: no event */
    rig_init(&r, HK_NAN, 0.025);
    for (int j = 0; j < 100; j++)
        assert_near(next(&r, 0), first[j], 0, 0, j);
    rig_close(&r);
}

static void test_poisson_windows(void **state) {
    static const double backward[] = {20, 10, 5}, overlap[] = {0, 20, 5, 10, 30, 5};
    static const double endless[] = {0, 1, HK_INF};
    struct rig r;
    (void)state;
    rig_open(&r, "poisson", N);
    r.list[0][0] = (struct hk_list){backward, 1};
    r.list[0][1] = (struct hk_list){overlap, 2};
    r.list[0][2] = (struct hk_list){endless, 1};
    assert_string_equal(r.plugin->check(&r.b, 0), "a window of rate ends before it begins");
    assert_string_equal(r.plugin->check(&r.b, 1),
                        "a window of rate begins before the one before it ends");
    assert_string_equal(r.plugin->check(&r.b, 2), "a rate is infinite");
    rig_close(&r);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_array),           cmocka_unit_test(test_array_order),
        cmocka_unit_test(test_train),           cmocka_unit_test(test_noise),
        cmocka_unit_test(test_poisson),         cmocka_unit_test(test_poisson_streams),
        cmocka_unit_test(test_poisson_windows),
    };
    return cmocka_run_group_tests_name("inputs", tests, NULL, NULL);
}
