/* SPDX-License-Identifier: BSD-3-Clause */
/* Good SWC files with random mistakes: each is read or refused, and what comes of it holds
 * together. */
#include "mutated.h"

static const char *const seeds[] = {"one_point", "three_points", "contour", "domains", "disorder"};
static const char *const odd[] = {"-1",         "0",           "1",     "2",    "3",   "1e400",
                                  "1e-320",     "nan",         "inf",   "-0",   "1.5", "0x10",
                                  "2147483648", "-2147483649", "99999", "1001", "1e9", "",
                                  "1,5",        "+",           ".",     "5#"};
static const struct mutated kind = {.format = &SHAPE_SWC,
                                    .seed = "tests/fuzz/swc",
                                    .seeds = seeds,
                                    .odd = odd,
                                    .letters = "0123456789.-+eE \t\r\n#:naifx",
                                    .between = "",
                                    .n_seed = COUNT(seeds),
                                    .n_odd = COUNT(odd)};

static void test_seeds_are_good(void **state) {
    check_seeds(*state, &kind);
}

static void test_mutated(void **state) {
    check_mutated(*state, &kind);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_seeds_are_good, make_context, free_context),
        cmocka_unit_test_setup_teardown(test_mutated, make_context, free_context),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
