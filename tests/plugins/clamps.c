/* SPDX-License-Identifier: BSD-3-Clause */
/* The clamps: when they inject what. */
#include "harness.h"

enum { N = 8 };

static double at(struct rig *r, double t) { /* of instance 2 */
    r->b.t = t;
    rig_current(r);
    return r->i[2];
}

static void test_pulse(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "iclamp", N);
    assert_true(r.plugin->flags & HK_ELECTRODE);
    rig_field(&r, "amp")[2] = -0.3;
    rig_field(&r, "delay")[2] = 5;
    rig_field(&r, "dur")[2] = 2;
    assert_null(r.plugin->check(&r.b, 2));
    assert_near(at(&r, 4.9875), 0, 0, 0, 4.9875);
    assert_near(at(&r, 5.0125), -0.3, 0, 0, 5.0125);
    assert_near(r.g[2], 0, 0, 0, 5.0125);
    assert_near(r.i[1], 0, 0, 0, 5.0125);
    assert_near(at(&r, 6.9875), -0.3, 0, 0, 6.9875);
    assert_near(at(&r, 7.0125), 0, 0, 0, 7.0125);
    rig_field(&r, "dur")[2] = HK_INF;
    assert_near(at(&r, 1e7), -0.3, 0, 0, 1e7);
    rig_close(&r);
}

static void test_steps(void **state) {
    static const double row[] = {10, 20, 0.5, 15, 30, 0.25, 40, 40, 9, 50, HK_INF, -1};
    struct rig r;
    (void)state;
    rig_open(&r, "iclamp", N);
    r.list[0][2] = (struct hk_list){row, 4};
    assert_null(r.plugin->check(&r.b, 2));
    const double want[][2] = {{9.9, 0},     {10, 0.5},  {14.9, 0.5},  {15, 0.75},
                              {19.9, 0.75}, {20, 0.25}, {29.9, 0.25}, {30, 0},
                              {40, 0},      {50, -1},   {1e6, -1}};
    for (size_t j = 0; j < sizeof want / sizeof want[0]; j++)
        assert_near(at(&r, want[j][0]), want[j][1], 0, 0, want[j][0]);
    rig_set(&r, "amp", 2); /* from 0 to the end, unless told otherwise */
    assert_near(at(&r, 12), 2.5, 0, 0, 12);
    rig_close(&r);
}

/* Each sample lasts waveform_dt; where that is the time step, step k takes sample k. */
static void test_waveform(void **state) {
    static const double sample[] = {1, -2, 4, 8};
    struct rig r;
    (void)state;
    rig_open(&r, "iclamp", N);
    r.list[1][2] = (struct hk_list){sample, 4};
    assert_string_equal(r.plugin->check(&r.b, 2), "waveform needs waveform_dt");
    assert_null(r.plugin->check(&r.b, 1));
    rig_field(&r, "waveform_dt")[2] = 0.025;
    rig_field(&r, "delay")[2] = 100;
    assert_null(r.plugin->check(&r.b, 2));
    for (int step = 3995; step < 4010; step++) {
        int k = step - 4000;
        double want = k >= 0 && k < 4 ? sample[k] : 0;
        assert_near(at(&r, step * 0.025 + 0.0125), want, 0, 0, step);
    }
    assert_near(at(&r, 0), 0, 0, 0, 0);
    assert_near(at(&r, 1e12), 0, 0, 0, 1e12);
    rig_close(&r);
}

static void test_bad_steps(void **state) {
    static const double row[] = {10, 20, 0.5, 30, 29, 1}, nan_row[] = {HK_NAN, 3, 1};
    struct rig r;
    (void)state;
    rig_open(&r, "iclamp", N);
    r.list[0][2] = (struct hk_list){row, 2};
    r.list[0][3] = (struct hk_list){nan_row, 1};
    assert_string_equal(r.plugin->check(&r.b, 2), "a row of steps stops before it starts");
    assert_string_equal(r.plugin->check(&r.b, 3), "a row of steps stops before it starts");
    rig_close(&r);
}

static void test_voltage(void **state) {
    struct rig r;
    (void)state;
    rig_open(&r, "seclamp", N);
    assert_true(r.plugin->flags & HK_ELECTRODE);
    assert_near(at(&r, 0.01), 0, 0, 0, 0); /* all durations are 0 */
    rig_set(&r, "rs", 4);
    rig_set(&r, "dur1", 10);
    rig_set(&r, "amp1", -60);
    rig_set(&r, "dur2", 5);
    rig_set(&r, "amp2", 0);
    rig_set(&r, "dur3", 20);
    rig_set(&r, "amp3", -70);
    rig_set(&r, "rs", 4);
    for (uint32_t k = 0; k < N; k++)
        r.v[k] = -65;
    const double want[][2] = {{0.01, -60}, {9.99, -60},  {10.01, 0},
                              {14.99, 0},  {15.01, -70}, {34.99, -70}};
    for (size_t j = 0; j < 6; j++) {
        assert_near(at(&r, want[j][0]), (want[j][1] + 65) / 4, 1e-15, 0, want[j][0]);
        assert_near(r.g[2], -0.25, 0, 0, want[j][0]); /* inward i falls with v */
    }
    assert_near(at(&r, 35.01), 0, 0, 0, 35.01);
    assert_near(r.g[2], 0, 0, 0, 35.01);
    rig_close(&r);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pulse),    cmocka_unit_test(test_steps),
        cmocka_unit_test(test_waveform), cmocka_unit_test(test_bad_steps),
        cmocka_unit_test(test_voltage),
    };
    return cmocka_run_group_tests_name("clamps", tests, NULL, NULL);
}
