/* SPDX-License-Identifier: BSD-3-Clause */
/* Good Neurolucida files with random mistakes: each is read or refused, and what comes of it holds
 * together. */
#include "mutated.h"

static const char *const seeds[] = {"one_contour", "stack",   "no_soma", "continuation",
                                    "spines",      "markers", "ends",    "comments",
                                    "hollow",      "blocks",  "anywhere"};
static const char *const odd[] = {"-1",        "0",
                                  "1e400",     "1e-60",
                                  "nan",       "-inf",
                                  "1.5",       "0x10",
                                  "2001",      "100001",
                                  "1e9",       "",
                                  "Axon",      "axon",
                                  "Dendrite",  "Apical",
                                  "CellBody",  "\"CellBody\"",
                                  "Normal",    "Generated",
                                  "Set",       "(Dot (1 2 3 4))",
                                  "<(1 2 3)>", "|",
                                  "(",         ")",
                                  "()",        "((",
                                  "))"};
static const struct mutated kind = {.format = &SHAPE_ASC,
                                    .seed = "tests/asc",
                                    .seeds = seeds,
                                    .odd = odd,
                                    .letters = "0123456789.-+eE \t\r\n;,()()()|<>\"nai",
                                    .between = "()|<>,;",
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
