/* SPDX-License-Identifier: BSD-3-Clause */
/* What is read of Neurolucida text, and what is refused. tests/peer/asc.t.lua holds the sections of
 * whole files against NEURON's. */
#include "small_morphology.h"

#include <locale.h>

static hk_morph *read(hk_context *ctx, const char *text) {
    hk_morph *morph = NULL;
    WORKS(ctx, hk_morph_asc_text(ctx, "cell.asc", text, strlen(text), &morph));
    return morph;
}

/* Sections without the soma's points: "soma[0] | dend[0] soma[0](0.5): 1 2 3", the numbers being x
 * of each point. */
static void expect(hk_context *ctx, const char *text, const char *sections) {
    char got[2000] = "";
    size_t n = 0;
    hk_morph *morph = read(ctx, text);
    for (uint32_t i = 0; i < hk_morph_sections(morph); i++) {
        struct hk_section s = hk_morph_get(morph, i);
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%s", i ? " | " : "", s.name);
        if (s.parent != HK_NONE) {
            n += (size_t)snprintf(got + n, sizeof got - n, " %s(%g)",
                                  hk_morph_get(morph, s.parent).name, s.parent_x);
        }
        for (uint32_t k = 0; k < s.n_point && strcmp(s.name, "soma[0]") != 0; k++) {
            n += (size_t)snprintf(got + n, sizeof got - n, "%s%g", k ? " " : ": ",
                                  (double)s.point[k][0]);
        }
    }
    assert_string_equal(got, sections);
    hk_morph_free(morph);
}

static void expect_report(hk_context *ctx, const char *text, const char *report) {
    hk_morph *morph = read(ctx, text);
    assert_string_equal(hk_morph_report(morph), report);
    hk_morph_free(morph);
}

#define SOMA "(\"CellBody\" (-5 -5 0) (-5 5 0) (5 6 0) (6 -4 0))\n"
#define DEND "( (Dendrite) (1 0 0 2) (9 0 0 1) )\n"
#define PLAIN "soma[0] | dend[0] soma[0](0.5): 1 9"

static void test_text(void **state) {
    expect(*state, SOMA DEND, PLAIN);
    expect(*state, "\xef\xbb\xbf;\r\n" SOMA "\r\n((Dendrite)(1,0,0,2)\r\n(9 0 0 1))", PLAIN);
    expect(*state, "; \xe9\r" SOMA "\r((Dendrite)\r(+1. -0 .0 2e0 S1)\r(9e+0 0 0 1 a b))\r;",
           PLAIN);
    expect(*state, "(Name \"\xff ( ;\")" SOMA DEND, PLAIN);
    expect(*state, "(thumbnail (cols 2) (rows 1) (00 ff))" SOMA "(Set \"\" " DEND ")", PLAIN);
    expect(*state, SOMA "( (Font \"Arial\") (1 2 3 4) \"a text\")" DEND, PLAIN);
}

/* Where NEURON fails or goes another way. */
static void test_beyond_neuron(void **state) {
    expect(*state,
           SOMA "( (Dendrite) (Name \"a\") (Dot (0 0 0 1)) (1 0 0 2) (Dot (2 0 0)) (9 0 0 1))",
           PLAIN);
    expect(*state, "(\"Outline\" (CellBody) (-5 -5) (-5 5) (Dot (1 2)) (5 6) (6 -4))" DEND, PLAIN);
    expect(*state,
           SOMA "( (Dendrite) (1 0 0 2) (9 0 0 1)\n( (Dot (0 0 0 1)) (11 1 0 1) | | Normal | (12 0 "
                "0 1) ) )\n( (Axon) )",
           "soma[0] | dend[0] soma[0](0.5): 1 9 | dend[1] dend[0](1): 9 11 | dend[2] dend[0](1): 9 "
           "12");
    expect(*state, "( (1 0 0 2) (9 0 0 1) ( | (10 0 0 1) ) )",
           "dend_0[0]: 1 9 | dend_0[1] dend_0[0](1): 9 10");
    expect(*state, "( (1 0 0 2) (9 0 0 1) ( Generated | (10 0 0 1) ) )",
           "dend_0[0]: 1 9 | dend_0[1] dend_0[0](1): 9 10");
}

/* No recursion: trees nest as deep as there is memory. */
static void test_depth(void **state) {
    enum { DEPTH = 20000, STEP = 64 };
    char *text = malloc(DEPTH * STEP);
    assert_non_null(text);
    size_t n = (size_t)sprintf(text, "( (Axon) (0 0 0 1)");
    for (int i = 1; i < DEPTH; i++) {
        n += (size_t)sprintf(text + n, "((%d 0 0 1)", i);
    }
    memset(text + n, ')', DEPTH);
    hk_morph *morph = NULL;
    WORKS(*state, hk_morph_asc_text(*state, "deep", text, n + DEPTH, &morph));
    assert_int_equal(hk_morph_sections(morph), DEPTH);
    hk_morph_free(morph);
    memset(text, '(', DEPTH * STEP);
    FAILS(*state, hk_morph_asc_text(*state, "deep", text, DEPTH, &morph), HK_SYNTAX,
          "deep:1: a split before the first point of its branch");
    free(text);
}

static void test_report(void **state) {
    expect_report(
        *state, SOMA DEND,
        "cell.asc: 6 points, soma of 1 contour read as 21 circles on its axis; 2 sections: "
        "1 soma, 1 dend");
    expect_report(*state, SOMA "(\"Soma\" (0 0 2) (0 5 2) (5 0 2))( (Axon) (7 0 0 1) (90 0 0 1) )",
                  "cell.asc: 9 points, soma of 2 contours read as a chain of circles, 1 tree from "
                  "outside joined to its middle; 2 sections: 1 soma, 1 axon");
    expect_report(*state,
                  "(ImageCoords) (\"Pia\" (0 0) (1 1))\n(\"Soma\" (0 0 0))(Dot (0 0))\n"
                  "( (Apical) (1 0 0 2) <(2 0 0 1)> (9 0 0 1) (Dot (1 2 3)) (Cross (1 2 3))\n"
                  "( | (9 0 0 1) ) )\n( (1 2 3) \"here\" )",
                  "cell.asc: 3 points, no soma; left out 1 branch without length, 1 branch without "
                  "points, 1 contour of a soma with less than three points, 1 other contour, 1 "
                  "spine, 2 markers, 1 text, 2 other blocks; 1 section: 1 apic");
}

/* Numbers do not depend on the program's locale. */
static void test_locale(void **state) {
    char *before = strdup(setlocale(LC_ALL, NULL));
    const char *const comma[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    const char *set = NULL;
    for (uint32_t i = 0; i < COUNT(comma) && !set; i++) {
        set = setlocale(LC_ALL, comma[i]);
    }
    if (set) {
        expect(*state, "( (1.5 0 0 2) (9.25 0 0 1) )", "dend_0[0]: 1.5 9.25");
    }
    setlocale(LC_ALL, before);
    free(before);
    if (!set) {
        print_message("# skipped: no locale with a decimal comma is installed\n");
    }
}

/* ---- what is refused */

struct bad {
    const char *text, *message;
};

static void refuses(hk_context *ctx, const struct bad *bad, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        hk_morph *morph = NULL;
        FAILS(ctx, hk_morph_asc_text(ctx, "cell.asc", bad[i].text, strlen(bad[i].text), &morph),
              HK_SYNTAX, bad[i].message);
        assert_null(morph);
    }
}

static void test_bad_text(void **state) {
    static const struct bad bad[] = {
        {SOMA "\n( (Dendrite)\n(1 0 0 2)\n", "cell.asc:3: the ( of this line is never closed"},
        {SOMA "( (Dendrite) (1 0 0 2)\n(Name \"a\"\n", "cell.asc:3: the ( of this line is never "
                                                       "closed"},
        {"(Set \"a\"\n" SOMA, "cell.asc:1: the ( of this line is never closed"},
        {SOMA DEND ")", "cell.asc:3: ) without a ( before it"},
        {SOMA "( (1 0 0 2)\n<(1 2 3)\n", "cell.asc:3: the < of this line is never closed"},
        {SOMA "( (1 0 0 2)\n<(1 2 3)\n)", "cell.asc:4: ) where > should be: a spine begins in line "
                                          "3"},
        {"(Name \"a)\n", "cell.asc:1: a string has no closing \""},
        {"1 1 0 0 0 5 -1\n", "cell.asc:1: \"1\" where ( of a contour, tree, marker or property "
                             "should be"},
        {"\n(1 2 3 4)", "cell.asc:2: a point outside of trees and contours"},
        {"()", "cell.asc:1: ) where a contour, a tree, a marker or a property should be"},
        {"(Set axon)", "cell.asc:1: \"axon\" where the name of a set should be"},
        {"\x7f"
         "ELF",
         "cell.asc:1: byte 0x7f outside of strings and comments"},
        {"( (1 0 0 2) \xc3\xa9 )", "cell.asc:1: byte 0xc3 outside of strings and comments"},
    };
    refuses(*state, bad, COUNT(bad));
    hk_morph *morph = NULL;
    FAILS(*state, hk_morph_asc_text(*state, "cell.asc", "\n\0", 2, &morph), HK_SYNTAX,
          "cell.asc:2: byte 0x00 outside of strings and comments");
}

static void test_bad_points(void **state) {
    static const struct bad bad[] = {
        {"( (1 0 0)\n", "cell.asc:1: the diameter is missing: a point of a tree has x y z and "
                        "diameter"},
        {"( (1 0)\n", "cell.asc:1: z is missing: a point of a tree has x y z and diameter"},
        {"( (1)\n", "cell.asc:1: ) where y should be"},
        {"(\n(1 0 0 2 3) )", "cell.asc:2: a point of 5 numbers; it has x y z and diameter (a "
                             "decimal comma is none)"},
        {"( (1,5 0,5 0 2) )", "cell.asc:1: a point of 6 numbers; it has x y z and diameter (a "
                              "decimal comma is none)"},
        {"( (1.2.3 0 0 2) )", "cell.asc:1: x is \"1.2.3\", not a number"},
        {"( (1 0x10 0 2) )", "cell.asc:1: y is \"0x10\", not a number"},
        {"( (1 0 1e999 2) )", "cell.asc:1: z is \"1e999\", not a finite number"},
        {"( (1 0 0 1S) )", "cell.asc:1: the diameter is \"1S\", not a number"},
        {"( (nan 0 0 2) )", "cell.asc:1: x is \"nan\", not a finite number"},
        {"( (l.5 0 0 2) )",
         "cell.asc:1: \"l.5\" is no number, and no name of a property or marker"},
        {"( (1 nan 0 2) )", "cell.asc:1: \"nan\" where y should be"},
        {"( (1 0 0 2 \"a\") )", "cell.asc:1: \"a\" where the ) of a point should be"},
        {"( (1 0 0 0) )", "cell.asc:1: the diameter is 0 um, not above 0"},
        {"( (1 0 0 -2) )", "cell.asc:1: the diameter is -2 um, not above 0"},
        {"( (1 0 0 1e-60) )",
         "cell.asc:1: the diameter is 1e-60 um, too small for single precision"},
        {"( (1 0 0 5200) )", "cell.asc:1: the diameter is 5200 um, above 2000; is the file in "
                             "nanometres? Neurolucida's text is in um"},
        {"( (1 -2e6 0 5) )", "cell.asc:1: y is -2e+06 um, more than a metre away; is the file in "
                             "nanometres? Neurolucida's text is in um"},
        {"( (0 -60000 0 5) (0 60000 0 5) )",
         "cell.asc: extends 120000 um along y, above 100000; is "
         "the file in nanometres? Neurolucida's text is in um"},
        {"( (0 0 0 5)\n(0 0 0 5) )", "cell.asc:1: dend_0[0]: its points are all at one place: it "
                                     "has no length"},
    };
    refuses(*state, bad, COUNT(bad));
    hk_morph_free(read(*state, "( (0 0 0 2000) (100000 0 0 1) )"));
}

static void test_bad_trees(void **state) {
    static const struct bad bad[] = {
        {SOMA "( (Dendrit) (1 0 0 2) )", "cell.asc:2: there is no type \"Dendrit\" of trees; did "
                                         "you mean \"Dendrite\"?"},
        {SOMA "( (AXON) (1 0 0 2) )",
         "cell.asc:2: there is no type \"AXON\" of trees; did you mean "
         "\"Axon\"?"},
        {"( (1 0 0 2)\nIncomplet )", "cell.asc:2: no branch ends in \"Incomplet\"; did you mean "
                                     "\"Incomplete\"?"},
        {"( (1 0 0 2)\nNormal\n(9 0 0 1) )", "cell.asc:3: a point of a branch that has ended in "
                                             "line 2"},
        {"( (1 0 0 2)\n((9 0 0 1))\n((8 0 0 1)) )",
         "cell.asc:3: a split of a branch that has ended "
         "in line 2"},
        {"( (Axon) ((9 0 0 1)) )", "cell.asc:1: a split before the first point of its branch"},
        {"( (1 0 0 2) | (9 0 0 1) )", "cell.asc:1: | outside of a split"},
        {"( (1 0 0 2) 9 0 0 1 )", "cell.asc:1: \"9\" where ( of a point should be"},
        {"( (1 0 0 2) \"a\" \"b\")",
         "cell.asc:1: \"a\" where a point, a split, |, an end or ) should be"},
        {"( (1 0 0 2) (9 0 0 1) \"a\" )",
         "cell.asc:1: \"a\" where a point, a split, |, an end or ) should be"},
        {"( (1 0 0 2) () )", "cell.asc:1: ) where a point, a split, a property or a marker should "
                             "be"},
        {"( (1 0 0 2) > )", "cell.asc:1: > where a point, a split, |, an end or ) should be"},
    };
    refuses(*state, bad, COUNT(bad));
}

static void test_bad_somata(void **state) {
    static const struct bad bad[] = {
        {"", "cell.asc: no soma and no trees: neither a \"CellBody\" contour nor points of a tree"},
        {"(\"Soma\" (0 0 0) (1 1 0))",
         "cell.asc: no soma and no trees: neither a \"CellBody\" contour nor points of a tree"},
        {DEND "\n" DEND,
         "cell.asc:3: a second tree after that of line 1, and no soma to join them: "
         "no contour is a \"CellBody\""},
        {"\n(\"Cellbody\" (0 0 0))",
         "cell.asc:2: the contour \"Cellbody\" is no soma; did you mean "
         "\"CellBody\"?"},
        {SOMA "\n(\"CellBody\" (16 0 0) (20 5 0) (20 -5 0))",
         "cell.asc:3: this soma does not touch that of line 1; a cell has one soma: its contours "
         "overlap as seen along z"},
        {"(\"CellBody\" (0 0 0) (1 0 0) (2 0 0))",
         "cell.asc:1: the soma's contour has no width as it is seen along z; its points are to go "
         "around it"},
        {"(\"CellBody\" (1 1 1) (1 1 1) (1 1 1))",
         "cell.asc:1: the soma's contour has no width as it is seen along z; its points are to go "
         "around it"},
        {SOMA SOMA, "cell.asc:1: soma[0]: its points are all at one place: it has no length"},
        {"(\"CellBody\" 5 5 0)", "cell.asc:1: \"5\" where a point or the ) of a contour should be"},
        {"(\"CellBody\" (\"a\"))",
         "cell.asc:1: \"a\" where a point or a property of a contour should be"},
    };
    refuses(*state, bad, COUNT(bad));
}

static void test_files(void **state) {
    hk_morph *morph = NULL;
    FAILS(*state, hk_morph_asc(*state, "/none/cell.asc", &morph), HK_FILE,
          "/none/cell.asc: No such file or directory");
    assert_null(morph);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),       cmocka_unit_test(test_beyond_neuron),
        cmocka_unit_test(test_depth),      cmocka_unit_test(test_report),
        cmocka_unit_test(test_locale),     cmocka_unit_test(test_bad_text),
        cmocka_unit_test(test_bad_points), cmocka_unit_test(test_bad_trees),
        cmocka_unit_test(test_bad_somata), cmocka_unit_test(test_files),
    };
    struct CMUnitTest with_context[COUNT(tests)];
    for (uint32_t i = 0; i < COUNT(tests); i++) {
        with_context[i] = tests[i];
        with_context[i].setup_func = make_context;
        with_context[i].teardown_func = free_context;
    }
    return cmocka_run_group_tests_name("asc", with_context, NULL, NULL);
}
