/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "names.h"
#include <string.h>

static void test_distance(void **state) {
    (void)state;
    assert_int_equal(names_distance("gbar", "gbar"), 0);
    assert_int_equal(names_distance("gbra", "gbar"), 4); /* two neighbours changed places */
    assert_int_equal(names_distance("gba", "gbar"), 4);
    assert_int_equal(names_distance("gbarr", "gbar"), 4);
    assert_int_equal(names_distance("gbat", "gbar"), 4);
    assert_int_equal(names_distance("Gbar", "gbar"), 1);
    assert_int_equal(names_distance("kitten", "sitting"), 12);
    assert_int_equal(names_distance("", "abc"), 12);
    assert_int_equal(names_distance("abc", ""), 12);
    assert_int_equal(names_distance("", ""), 0);
}

static void test_long_names(void **state) {
    (void)state;
    char a[300], b[300];
    memset(a, 'a', sizeof a);
    memset(b, 'a', sizeof b);
    a[299] = b[299] = 0;
    b[0] = 'b';
    assert_int_equal(names_distance(a, b), 4);
    assert_int_equal(names_distance(a, ""), 63 * 4);
}

static void test_nearest(void **state) {
    (void)state;
    const char *const known[] = {"Kv", "Na", "NA", "CaHVA", "CaLVA"};
    assert_string_equal(names_nearest("na", 5, known), "Na");
    assert_string_equal(names_nearest("CaLVa", 5, known), "CaLVA");
    assert_string_equal(names_nearest("CaxVA", 5, known), "CaHVA"); /* the first of equals */
    assert_null(names_nearest("na", 0, known));
}

static void test_list(void **state) {
    (void)state;
    char room[NAMES_ROOM];
    const char *const few[] = {"a", "b", "c"};
    assert_string_equal(names_list(room, 0, few), "nothing");
    assert_string_equal(names_list(room, 1, few), "a");
    assert_string_equal(names_list(room, 2, few), "a and b");
    assert_string_equal(names_list(room, 3, few), "a, b and c");
    enum { MANY = 500 };
    const char *many[MANY];
    for (int i = 0; i < MANY; i++) {
        many[i] = "name";
    }
    names_list(room, MANY, many);
    assert_true(strlen(room) < NAMES_ROOM && strlen(room) > NAMES_ROOM - 64);
    assert_non_null(strstr(room, "name and 335 more"));
    char huge[2 * NAMES_ROOM];
    memset(huge, 'x', sizeof huge);
    huge[sizeof huge - 1] = 0;
    many[0] = huge;
    assert_string_equal(names_list(room, 2, many), "2 more");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
