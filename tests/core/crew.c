/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that share out work: each piece once, all done at the return. The counters are plain
 * numbers, so that the thread sanitizer sees two threads at one piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crew.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECES = 50 };

struct job {
    uint32_t done[PIECES], order[PIECES], n;
};

static void count(void *all, uint32_t k) {
    struct job *job = all;
    job->done[k]++;
}

static void note_order(void *all, uint32_t k) {
    struct job *job = all;
    job->order[job->n++] = k;
}

static int calls(void) {
    return getenv("HILLOCK_QUICK") ? 100 : 400;
}

static void test_each_once(void **state) {
    (void)state;
    for (uint32_t helpers = 0; helpers <= 4; helpers++) {
        struct crew *crew = crew_new(helpers);
        assert_non_null(crew);
        struct job job = {.n = 0};
        uint32_t expected[PIECES] = {0};
        for (int call = 0; call < calls(); call++) {
            uint32_t n = (uint32_t)call % (PIECES + 1);
            crew_run(crew, count, &job, n);
            for (uint32_t k = 0; k < n; k++) {
                expected[k]++;
            }
            assert_memory_equal(job.done, expected, sizeof expected);
        }
        crew_free(crew);
    }
}

/* Helpers that have gone to sleep wake for the next call. */
static void test_after_a_pause(void **state) {
    (void)state;
    struct crew *crew = crew_new(3);
    assert_non_null(crew);
    struct job job = {.n = 0};
    for (uint32_t call = 1; call <= 10; call++) {
        usleep(10000);
        crew_run(crew, count, &job, PIECES);
        for (uint32_t k = 0; k < PIECES; k++) {
            assert_int_equal(job.done[k], call);
        }
    }
    crew_free(crew);
}

static void test_several(void **state) {
    (void)state;
    struct crew *one = crew_new(1), *other = crew_new(2);
    struct job job = {.n = 0};
    for (int call = 0; call < 100; call++) {
        crew_run(one, count, &job, PIECES);
        crew_run(other, count, &job, PIECES);
    }
    crew_free(one);
    assert_int_equal(job.done[PIECES - 1], 200);
    crew_run(other, count, &job, PIECES);
    assert_int_equal(job.done[0], 201);
    crew_free(other);
}

static void test_none(void **state) {
    (void)state;
    struct job job = {.n = 0};
    crew_run(NULL, note_order, &job, PIECES);
    assert_int_equal(job.n, PIECES);
    for (uint32_t k = 0; k < PIECES; k++) {
        assert_int_equal(job.order[k], k);
    }
    crew_free(NULL);
}

/* Each thread has a number of its own, and the caller's is 0. */
struct who {
    struct crew *crew;
    pthread_t thread[4];
    bool seen[4], mixed;
    pthread_mutex_t lock;
};

static void note_self(void *all, uint32_t k) {
    struct who *who = all;
    uint32_t self = crew_self(who->crew);
    (void)k;
    usleep(100);
    pthread_mutex_lock(&who->lock);
    who->mixed = who->mixed || self > 3 ||
                 (who->seen[self] && !pthread_equal(who->thread[self], pthread_self()));
    who->thread[self & 3] = pthread_self();
    who->seen[self & 3] = true;
    pthread_mutex_unlock(&who->lock);
}

static void test_self(void **state) {
    (void)state;
    struct who who = {.crew = crew_new(3), .lock = PTHREAD_MUTEX_INITIALIZER};
    assert_int_equal(crew_threads(who.crew), 4);
    assert_int_equal(crew_threads(NULL), 1);
    assert_int_equal(crew_self(NULL), 0);
    for (int call = 0; call < 20; call++) {
        crew_run(who.crew, note_self, &who, PIECES);
    }
    assert_false(who.mixed);
    assert_true(who.seen[0] && pthread_equal(who.thread[0], pthread_self()));
    for (uint32_t a = 1; a < 4; a++) {
        for (uint32_t b = 0; b < a; b++) {
            assert_false(who.seen[a] && who.seen[b] && pthread_equal(who.thread[a], who.thread[b]));
        }
    }
    crew_free(who.crew);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_once), cmocka_unit_test(test_after_a_pause),
        cmocka_unit_test(test_several),   cmocka_unit_test(test_none),
        cmocka_unit_test(test_self),
    };
    return cmocka_run_group_tests_name("crew", tests, NULL, NULL);
}
