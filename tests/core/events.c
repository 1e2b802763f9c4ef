/* SPDX-License-Identifier: BSD-3-Clause */
/* When events are due, in which epoch they wait, and in which order they come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "events.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_word(uint64_t *state) { /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* ---- the step of an event */

static void test_step(void **state) {
    (void)state;
    const double steps[] = {0.025, 0.1, 0.0125, 1. / 3, 0.3};
    assert_int_equal(event_step(0, 0.025), 0);
    assert_int_equal(event_step(-5, 0.025), 0);
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        double dt = steps[s];
        for (int64_t n = 0; n < 100000; n++) {
            assert_int_equal(event_step((double)n * dt, dt), n);
            assert_int_equal(event_step(((double)n + 0.5) * dt, dt),
                             n); /* a tie belongs to the earlier step */
            assert_int_equal(event_step(((double)n + 0.5 + 1e-7) * dt, dt), n + 1);
            assert_int_equal(event_step(((double)n + 0.5 - 1e-7) * dt, dt), n);
        }
    }
}

/* A time that is a sum of rounded numbers is on the step that the exact sum is on. */
static void test_step_of_sums(void **state) {
    (void)state;
    for (int64_t n = 0; n < 20000; n++) {
        assert_int_equal(event_step((double)n * 0.025 + 1.0, 0.025), n + 40);
        assert_int_equal(event_step((double)n * 0.1 + 0.3, 0.1), n + 3);
        assert_int_equal(event_step((double)n * 0.1 + 0.35, 0.1), n + 3); /* half a step more */
    }
}

static void test_step_far(void **state) {
    (void)state;
    assert_true(event_step((double)INFINITY, 0.025) == INT64_MAX);
    assert_true(event_step(1e300, 0.025) == INT64_MAX);
    assert_true(event_step((double)NAN, 0.025) == INT64_MAX);
}

/* ---- the calendar */

enum { STEPS = 5, EPOCHS = 700 };

/* Events at random distances, most near, some beyond the calendar's days: each comes in its own
 * epoch, once. */
static void test_calendar(void **state) {
    (void)state;
    struct calendar c;
    calendar_init(&c, 0.1, STEPS);
    static int64_t due[100000];
    static int seen[100000];
    memset(seen, 0, sizeof seen);
    uint32_t n = 0, found = 0, inside = 0;
    uint64_t rng = 3;
    for (int64_t epoch = 0; epoch < EPOCHS; epoch++) {
        struct bucket *bucket = calendar_begin(&c, epoch);
        assert_non_null(bucket);
        for (int k = 0; k < 20; k++) {
            int64_t reach = k < 15 ? 40 : 3000; /* steps; 64 epochs are 320 */
            due[n] = epoch * STEPS + (int64_t)(random_word(&rng) % (uint64_t)reach);
            assert_true(calendar_add(&c, (double)due[n] * 0.1, n));
            inside += due[n] < EPOCHS * STEPS;
            n++;
        }
        for (uint32_t k = 0; k < bucket->n; k++) {
            uint32_t event = bucket->item[k].connection;
            assert_int_equal(due[event] / STEPS, epoch);
            assert_int_equal(seen[event]++, 0);
            assert_true(bucket->item[k].t == (double)due[event] * 0.1);
            found++;
        }
        bucket->n = 0;
    }
    assert_int_equal(found, inside);
    calendar_free(&c);
}

static void test_calendar_beginning_twice(void **state) {
    (void)state;
    struct calendar c;
    calendar_init(&c, 0.1, STEPS);
    assert_true(calendar_add(&c, 64.0 * STEPS * 0.1, 7)); /* beyond all days */
    for (int64_t epoch = 0; epoch <= 64; epoch++) {
        for (int again = 0; again < 2;
             again++) { /* a run that stops within an epoch goes on in it */
            assert_int_equal(calendar_begin(&c, epoch)->n, epoch == 64);
        }
    }
    calendar_free(&c);
}

static void test_calendar_late(void **state) {
    (void)state;
    struct calendar c;
    calendar_init(&c, 0.1, STEPS);
    for (int64_t epoch = 0; epoch <= 10; epoch++) {
        assert_int_equal(calendar_begin(&c, epoch)->n, 0);
    }
    assert_true(calendar_add(&c, 0.2, 1));              /* due in an epoch that is over: now */
    assert_true(calendar_add(&c, (double)INFINITY, 2)); /* never */
    struct bucket *bucket = calendar_begin(&c, 10);
    assert_int_equal(bucket->n, 1);
    assert_int_equal(bucket->item[0].connection, 1);
    assert_true(calendar_add(&c, 1e6, 3));
    calendar_clear(&c);
    for (int64_t epoch = 0; epoch < 200; epoch++) {
        assert_int_equal(calendar_begin(&c, epoch)->n, 0);
    }
    calendar_free(&c);
}

/* Days that are over lend their room to those to come: many epochs need no more than the few that
 * have something. */
static void test_calendar_room(void **state) {
    (void)state;
    struct calendar c;
    calendar_init(&c, 0.1, STEPS);
    for (int64_t epoch = 0; epoch < 500; epoch++) {
        struct bucket *bucket = calendar_begin(&c, epoch);
        assert_int_equal(bucket->n, epoch < 2 ? 0 : 100);
        bucket->n = 0;
        for (uint32_t i = 0; i < 100; i++) {
            assert_true(calendar_add(&c, (double)(epoch + 2) * STEPS * 0.1, i));
        }
    }
    assert_true(calendar_bytes(&c) >= 200 * sizeof(struct delivery));
    assert_true(calendar_bytes(&c) <= 4 * 128 * sizeof(struct delivery));
    calendar_free(&c);
}

/* ---- the alarm */

/* Sleepers with gaps from none to beyond all days, against their due steps. */
static void test_alarm(void **state) {
    (void)state;
    enum { SLEEPERS = 200 };
    static double t[SLEEPERS];
    static uint32_t next[SLEEPERS];
    static int64_t due[SLEEPERS];
    struct alarm a;
    uint32_t woken = 0, expected = 0;
    alarm_init(&a, 0.1, STEPS, t, next);
    alarm_set(&a, 0,
              (double)INFINITY); /* never: it still waits for nothing, and its time is kept */
    assert_true(isinf(t[0]));
    for (uint32_t k = 0; k < SLEEPERS; k++) {
        due[k] = (int64_t)k * k / 3;
        alarm_set(&a, k, (double)due[k] * 0.1);
    }
    for (int64_t epoch = 0; epoch < EPOCHS; epoch++) {
        for (uint32_t k = 0; k < SLEEPERS; k++) {
            expected += due[k] / STEPS == epoch;
        }
        for (uint32_t k = alarm_begin(&a, epoch), after; k != UINT32_MAX; k = after) {
            after = next[k];
            woken++;
            assert_true(due[k] / STEPS == epoch);
            assert_true(t[k] == (double)due[k] * 0.1);
            due[k] += 1 + (int64_t)k * STEPS;
            expected += due[k] / STEPS == epoch;
            alarm_set(&a, k, (double)due[k] * 0.1);
        }
        for (uint32_t k = alarm_begin(&a, epoch); k != UINT32_MAX; k = next[k]) {
            woken++; /* set in its own epoch: it comes when the epoch is begun again */
            due[k] = INT64_MAX;
        }
    }
    assert_int_equal(woken, expected);
    alarm_clear(&a);
    for (int64_t epoch = 0; epoch < 100; epoch++) {
        assert_true(alarm_begin(&a, epoch) == UINT32_MAX);
    }
    alarm_set(&a, 5, 0); /* over already: now */
    assert_true(alarm_begin(&a, 99) == 5);
}

/* ---- orders */

static void test_deliveries(void **state) {
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, 31, 32, 33, 1000};
    struct delivery item[1000];
    uint64_t rng = 9;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint32_t n = sizes[s];
        uint64_t sum = 0, after = 0;
        for (uint32_t k = 0; k < n; k++) {
            item[k] = (struct delivery){(double)(random_word(&rng) % 7),
                                        (uint32_t)(random_word(&rng) % 50)};
            sum += (uint64_t)item[k].t * 1000 + item[k].connection;
        }
        deliveries_sort(item, n);
        for (uint32_t k = 0; k < n; k++) {
            after += (uint64_t)item[k].t * 1000 + item[k].connection;
            assert_true(
                k == 0 || item[k - 1].t < item[k].t ||
                (item[k - 1].t == item[k].t && item[k - 1].connection <= item[k].connection));
        }
        assert_true(sum == after);
    }
}

static void test_self_queue(void **state) {
    (void)state;
    struct self_queue q = {0};
    uint64_t rng = 4;
    struct self_event last = {.t = -1};
    uint32_t out = 0, in = 0;
    for (int round = 0; round < 3; round++) {
        for (int k = 0; k < 500; k++, in++) {
            struct self_event e = {.t = (double)(random_word(&rng) % 20),
                                   .point = (uint32_t)(random_word(&rng) % 3),
                                   .instance = (uint32_t)(random_word(&rng) % 4),
                                   .flag = in};
            assert_true(self_queue_add(&q, e));
        }
        last.t = -1;
        for (int k = 0; k < (round < 2 ? 300 : 900); k++, out++) {
            struct self_event e = self_queue_pop(&q);
            assert_true(e.t > last.t ||
                        (e.t == last.t && (e.point > last.point || (e.point == last.point &&
                                                                    (e.instance > last.instance ||
                                                                     (e.instance == last.instance &&
                                                                      e.flag > last.flag))))));
            last = e;
        }
    }
    assert_int_equal(in, out);
    assert_int_equal(q.n, 0);
    self_queue_free(&q);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step),
        cmocka_unit_test(test_step_of_sums),
        cmocka_unit_test(test_step_far),
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_calendar_beginning_twice),
        cmocka_unit_test(test_calendar_late),
        cmocka_unit_test(test_calendar_room),
        cmocka_unit_test(test_alarm),
        cmocka_unit_test(test_deliveries),
        cmocka_unit_test(test_self_queue),
    };
    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
