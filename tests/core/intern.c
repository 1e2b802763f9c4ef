/* SPDX-License-Identifier: BSD-3-Clause */
/* Equal arrays are one, others are not, whatever their size. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <string.h>
#include "intern.h"

enum { MANY = 3000 };

static void test_equal_is_one(void **state) {
    (void)state;
    struct intern all = {0};
    static double *first[MANY];
    double array[40];
    for (int k = 0; k < MANY; k++) {
        for (int j = 0; j < 40; j++) {
            array[j] = k + 0.5 * j;
        }
        size_t size = (size_t)(k % 40) * sizeof(double) + (size_t)(k % 8);
        first[k] = intern(&all, array, size);
        assert_non_null(first[k]);
        assert_int_equal((uintptr_t)first[k] % 64, 0);
        assert_memory_equal(first[k], array, size);
    }
    uint32_t n = all.n;
    size_t bytes = all.arena.total;
    for (int k = MANY; k-- > 0;) {
        for (int j = 0; j < 40; j++) {
            array[j] = k + 0.5 * j;
        }
        assert_ptr_equal(intern(&all, array, (size_t)(k % 40) * sizeof(double) + (size_t)(k % 8)),
                         first[k]);
    }
    assert_int_equal(all.n, n);
    assert_int_equal(all.arena.total, bytes);
    intern_free(&all);
    assert_int_equal(all.n, 0);
}

static void test_differences(void **state) {
    (void)state;
    struct intern all = {0};
    double zero[2] = {0, 0}, minus[2] = {0, -0.0};
    char text[3] = "ab";
    assert_ptr_not_equal(intern(&all, zero, sizeof zero), intern(&all, minus, sizeof minus));
    assert_ptr_not_equal(intern(&all, zero, sizeof zero), intern(&all, zero, sizeof zero[0]));
    assert_ptr_not_equal(intern(&all, text, 2), intern(&all, text, 3));
    assert_ptr_equal(intern(&all, text, 0), intern(&all, zero, 0));
    intern_free(&all);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_is_one),
        cmocka_unit_test(test_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
