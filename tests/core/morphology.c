/* SPDX-License-Identifier: BSD-3-Clause */
#include "small_morphology.h"

#include "morphology.h"
#include <unistd.h>

static const float BENT[][4] = {{0, 0, 0, 2}, {3, 4, 0, 2}, {3, 4, 12, 6}};

/* A soma, two dendrites on it, a tuft on the second one. */
static hk_morph *make(hk_context *ctx) {
    hk_morph *morph = NULL;
    WORKS(ctx, hk_morph_new(ctx, "small", &morph));
    cylinder(ctx, morph, "soma", HK_NONE, 0, 20, 20);
    cylinder(ctx, morph, "dend", 0, 1, 100, 2);
    struct hk_section_spec spec = {.type = 3, .parent = 0, .n_point = COUNT(BENT), .point = BENT};
    uint32_t index;
    WORKS(ctx, hk_morph_section(morph, &spec, &index));
    assert_int_equal(index, 2);
    spec = (struct hk_section_spec){
        .domain = "tuft", .type = 80, .parent = 2, .parent_x = 0.25, .length_um = 7, .diam_um = 1};
    WORKS(ctx, hk_morph_section(morph, &spec, NULL));
    return morph;
}

static void test_sections(void **state) {
    hk_morph *morph = make(*state);
    assert_int_equal(hk_morph_sections(morph), 4);
    struct hk_section s = hk_morph_get(morph, 0);
    assert_string_equal(s.name, "soma[0]");
    assert_true(s.parent == HK_NONE && s.length_um == 20 && s.diam_um == 20 && s.n_point == 0);
    s = hk_morph_get(morph, 2);
    assert_string_equal(s.name, "dend[1]");
    assert_string_equal(s.type_name, "dend");
    assert_string_equal(s.domain, "dend");
    assert_true(s.type == 3 && s.parent == 0 && s.parent_x == 0 && s.n_point == 3);
    assert_true(s.length_um == 5 + 12 && s.point[2][3] == 6);
    assert_true(fabs(s.diam_um - (5.0 * 2 + 12 * 4.0) / 17) <
                1e-14); /* the mean along the points */
    s = hk_morph_get(morph, 3);
    assert_string_equal(s.name, "tuft[0]");
    assert_true(s.type == 80 && s.parent == 2 && s.parent_x == 0.25);
    s = hk_morph_get(morph, 4);
    assert_true(!s.name && s.parent == HK_NONE);
    hk_morph_free(morph);
    hk_morph_free(NULL);
}

/* The caller's points and names may go once a section is made. */
static void test_owns(void **state) {
    hk_morph *morph = NULL;
    char name[] = "m", domain[] = "axon";
    float point[2][4] = {{0, 0, 0, 1}, {9, 0, 0, 1}};
    WORKS(*state, hk_morph_new(*state, name, &morph));
    struct hk_section_spec spec = {
        .domain = domain, .parent = HK_NONE, .n_point = 2, .point = (const float(*)[4])point};
    WORKS(*state, hk_morph_section(morph, &spec, NULL));
    memset(name, 'x', sizeof name - 1);
    memset(domain, 'x', sizeof domain - 1);
    memset(point, 0, sizeof point);
    struct hk_section s = hk_morph_get(morph, 0);
    assert_string_equal(s.name, "axon[0]");
    assert_true(s.point[1][0] == 9);
    assert_string_equal(hk_morph_report(morph), "m: 1 section: 1 axon");
    hk_morph_free(morph);
}

static void test_report(void **state) {
    hk_morph *morph = make(*state);
    assert_string_equal(hk_morph_report(morph), "small: 4 sections: 1 soma, 2 dend, 1 tuft");
    cylinder(*state, morph, "tuft", 3, 1, 5, 1);
    assert_string_equal(hk_morph_report(morph), "small: 5 sections: 1 soma, 2 dend, 2 tuft");
    hk_morph_free(morph);
}

static void test_copy(void **state) {
    hk_morph *morph = make(*state), *copy = NULL;
    WORKS(*state, morphology_copy(morph, &copy));
    cylinder(*state, morph, "late", 0, 1, 5, 1);
    hk_morph_free(morph);
    assert_int_equal(hk_morph_sections(copy), 4);
    assert_string_equal(hk_morph_get(copy, 2).name, "dend[1]");
    assert_memory_equal(hk_morph_get(copy, 2).point, BENT, sizeof BENT);
    assert_true(hk_morph_get(copy, 3).parent_x == 0.25);
    assert_string_equal(hk_morph_report(copy), "small: 4 sections: 1 soma, 2 dend, 1 tuft");
    hk_morph_free(copy);
}

static void test_bad_sections(void **state) {
    static const float one[][4] = {{0, 0, 0, 1}, {0, 0, 0, 2}};
    static const float thin[][4] = {{0, 0, 0, 1}, {1, 0, 0, 0}};
    static const float lost[][4] = {{0, 0, 0, 1}, {1, (float)NAN, 0, 1}};
    static const float far[][4] = {{-3e38f, 0, 0, 1}, {3e38f, 0, 0, 1}};
    static const struct {
        struct hk_section_spec spec;
        const char *message;
    } bad[] = {
        {{.parent = HK_NONE, .length_um = 1, .diam_um = 1},
         "small has its root already, soma[0]; a section needs a parent"},
        {{.parent = 4, .length_um = 1, .diam_um = 1},
         "parent 4 of a section does not exist; small has 4 sections, counted from 0"},
        {{.parent_x = 1.5, .length_um = 1, .diam_um = 1},
         "parent_x of a section is 1.5, not from 0 to 1"},
        {{.parent_x = (double)NAN, .length_um = 1, .diam_um = 1},
         "parent_x of a section is nan, not from 0 to 1"},
        {{.length_um = 0, .diam_um = 1}, "length_um of a section is 0, not above 0"},
        {{.length_um = HUGE_VAL, .diam_um = 1}, "length_um of a section is inf, not above 0"},
        {{.length_um = 1, .diam_um = -1}, "diam_um of a section is -1, not above 0"},
        {{.length_um = 1, .diam_um = (double)NAN}, "diam_um of a section is nan, not above 0"},
        {{.domain = "2nd", .length_um = 1, .diam_um = 1},
         "\"2nd\" cannot name a domain: a letter, then letters, digits and _, at most 63 in all"},
        {{.domain = "", .length_um = 1, .diam_um = 1},
         "\"\" cannot name a domain: a letter, then letters, digits and _, at most 63 in all"},
        {{.n_point = 1, .point = one},
         "a section has one point; it needs two or more, or none and "
         "length_um and diam_um"},
        {{.n_point = 2, .point = thin}, "point 1 of a section has diameter 0 um, not above 0"},
        {{.n_point = 2, .point = lost}, "point 1 of a section is at (1, nan, 0) um, not finite"},
        {{.domain = "dend", .n_point = 2, .point = one},
         "dend[2]: its points are all at one place: it has no length"},
        {{.domain = "dend", .n_point = 2, .point = far},
         "dend[2]: its points are too far apart for single precision"},
    };
    hk_morph *morph = make(*state);
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        uint32_t index = 77;
        FAILS(*state, hk_morph_section(morph, &bad[i].spec, &index), HK_INVALID, bad[i].message);
        assert_int_equal(index, 77);
    }
    assert_int_equal(hk_morph_sections(morph), 4);
    assert_string_equal(hk_morph_report(morph), "small: 4 sections: 1 soma, 2 dend, 1 tuft");
    hk_morph_free(morph);
}

/* ---- files */

static void test_file(void **state) {
    static const char text[] = "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 50 0 0 1 2\n";
    char path[] = "/tmp/hillock-morphology-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    hk_morph *morph = NULL;
    WORKS(*state, hk_morph_swc(*state, path, &morph));
    char report[200];
    snprintf(report, sizeof report,
             "%s: 3 points, soma of 1 read as a cylinder 10 um long and wide; 2 sections: 1 soma, "
             "1 dend",
             path);
    assert_string_equal(hk_morph_report(morph), report);
    hk_morph_free(morph);

    assert_true(ftruncate(file, 20) == 0); /* in the middle of the second line */
    char message[200];
    snprintf(message, sizeof message, "%s:2: 3 columns; a point has 7: id type x y z radius parent",
             path);
    FAILS(*state, hk_morph_swc(*state, path, &morph), HK_SYNTAX, message);
    assert_null(morph);
    assert_true(close(file) == 0 && unlink(path) == 0);
}

static void test_no_file(void **state) {
    hk_morph *morph = NULL;
    FAILS(*state, hk_morph_swc(*state, "/nowhere/cell.swc", &morph), HK_FILE,
          "/nowhere/cell.swc: No such file or directory");
    FAILS(*state, hk_morph_swc(*state, "/", &morph), HK_FILE, "/: Is a directory");
    assert_null(morph);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections),     cmocka_unit_test(test_owns),
        cmocka_unit_test(test_report),       cmocka_unit_test(test_copy),
        cmocka_unit_test(test_bad_sections), cmocka_unit_test(test_file),
        cmocka_unit_test(test_no_file),
    };
    struct CMUnitTest with_context[COUNT(tests)];
    for (uint32_t i = 0; i < COUNT(tests); i++) {
        with_context[i] = tests[i];
        with_context[i].setup_func = make_context;
        with_context[i].teardown_func = free_context;
    }
    return cmocka_run_group_tests_name("morphology", with_context, NULL, NULL);
}
