/* SPDX-License-Identifier: BSD-3-Clause */
/* The sections that are expected here are those that NEURON 8.2.2 makes of the same text. */
#include "small_morphology.h"

#include "swc.h"
#include <locale.h>

static hk_morph *read(hk_context *ctx, const char *text) {
    hk_morph *morph = NULL;
    WORKS(ctx, hk_morph_swc_text(ctx, "cell.swc", text, strlen(text), &morph));
    return morph;
}

/* Sections as text: "soma[0] | dend[0] soma[0](0.5): 1 2 3", the numbers being x of each point. */
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
        for (uint32_t k = 0; k < s.n_point; k++) {
            n += (size_t)snprintf(got + n, sizeof got - n, "%s%g", k ? " " : ": ",
                                  (double)s.point[k][0]);
        }
    }
    assert_string_equal(got, sections);
    hk_morph_free(morph);
}

static void test_one_point_soma(void **state) {
    expect(*state,
           "1 1 0 0 0 5 -1\n"
           "2 3 6 0 0 1 1\n3 3 20 0 0 1 2\n" /* joined by a wire: begins with its own point */
           "4 3 -6 0 0 1 1\n",               /* of one point: begins at the soma's */
           "soma[0]: -5 0 5 | dend[0] soma[0](0.5): 6 20 | dend[1] soma[0](0.5): 0 -6");
    expect(*state, "7 1 2 0 0 5 -1\n", "soma[0]: -3 2 7");
}

#define THREE(radius, y) "1 1 0 0 0 5 -1\n2 1 1 -" y " 0 " radius " 1\n3 1 -1 " y " 0 5 1\n"
#define ON_THREE "4 3 6 0 0 1 1\n5 3 20 0 0 1 4\n"

static void test_three_point_soma(void **state) {
    expect(*state, THREE("5", "4.9") ON_THREE, "soma[0]: -5 0 5 | dend[0] soma[0](0.5): 6 20");
    /* Not uniform, or not as long as wide: two chains from the first point. */
    expect(*state, THREE("4", "4.9") ON_THREE,
           "soma[0]: 0 1 | soma[1] soma[0](0): 0 -1 | dend[0] soma[0](0): 6 20");
    expect(*state, THREE("5", "7") ON_THREE,
           "soma[0]: 0 1 | soma[1] soma[0](0): 0 -1 | dend[0] soma[0](0): 6 20");
    /* Something hangs on its end. */
    expect(*state, THREE("5", "4.9") "4 3 9 9 0 1 3\n5 3 20 0 0 1 4\n",
           "soma[0]: 0 1 | soma[1] soma[0](0): 0 -1 | dend[0] soma[1](1): -1 9 20");
}

static void test_chain_soma(void **state) {
    static const char text[] = "1 1 0 0 0 3 -1\n2 1 1 0 0 4 1\n3 1 2 0 0 5 2\n4 1 3 0 0 4 3\n"
                               "5 3 2 9 0 1 3\n6 3 2 19 0 1 5\n"    /* on an inner point */
                               "7 3 13 0 0 1 4\n8 3 23 0 0 1 7\n"   /* on the last */
                               "9 2 -9 0 0 1 1\n10 2 -19 0 0 1 9\n" /* on the first */
                               "11 4 1 9 0 1 2\n";                  /* one point, inner */
    expect(*state, text,
           "soma[0]: 0 1 2 3 | axon[0] soma[0](0): 0 -9 -19 | dend[0] soma[0](0.5): 2 2 | "
           "dend[1] soma[0](1): 3 13 23 | apic[0] soma[0](0.5): 1 1");
    hk_morph *morph = read(*state, text);
    /* The copy of a soma's point has the section's own first diameter. */
    assert_true(hk_morph_get(morph, 3).point[0][3] == 2 && hk_morph_get(morph, 0).point[3][3] == 8);
    assert_string_equal(hk_morph_report(morph),
                        "cell.swc: 11 points, soma of 4 read as a chain of frusta; 5 sections: "
                        "1 soma, 1 axon, 2 dend, 1 apic");
    hk_morph_free(morph);
}

static void test_branched_soma(void **state) {
    expect(*state,
           "1 1 0 0 0 3 -1\n2 1 1 0 0 4 1\n3 1 2 0 0 5 2\n4 1 1 5 0 4 2\n"
           "5 3 1 9 0 1 2\n6 3 1 19 0 1 5\n7 3 8 8 0 1 2\n8 3 2 9 0 1 3\n9 3 2 12 0 1 8\n",
           "soma[0]: 0 1 | soma[1] soma[0](1): 1 2 | soma[2] soma[0](1): 1 1 | "
           "dend[0] soma[0](1): 1 1 | dend[1] soma[0](1): 1 8 | dend[2] soma[1](1): 2 2 2");
}

static void test_branches(void **state) {
    /* A fork; a fork at a dendrite's first point, which joins that dendrite's start. */
    expect(*state,
           "1 1 0 0 0 5 -1\n2 3 6 0 0 1 1\n3 3 20 0 0 1 2\n4 3 21 0 0 1 3\n5 3 22 0 0 1 3\n",
           "soma[0]: -5 0 5 | dend[0] soma[0](0.5): 6 20 | dend[1] dend[0](1): 20 21 | "
           "dend[2] dend[0](1): 20 22");
    expect(*state,
           "1 1 0 0 0 5 -1\n2 3 -6 0 0 1 1\n3 3 -7 0 0 1 2\n4 3 6 0 0 1 1\n5 3 20 0 0 1 4\n"
           "6 3 6 9 0 1 4\n7 3 6 19 0 1 6\n",
           "soma[0]: -5 0 5 | dend[0] soma[0](0.5): -6 -7 | dend[1] soma[0](0.5): 6 20 | "
           "dend[2] dend[1](0): 6 6 6");
}

static void test_types(void **state) {
    expect(*state,
           "1 1 0 0 0 5 -1\n2 3 6 0 0 1 1\n3 3 20 0 0 1 2\n4 80 30 0 0 1 3\n5 2 40 0 0 1 4\n"
           "6 -2 50 0 0 1 5\n7 0 60 0 0 1 6\n",
           "soma[0]: -5 0 5 | minus_2[0] axon[0](1): 40 50 | dend_0[0] minus_2[0](1): 50 60 | "
           "axon[0] dend_80[0](1): 30 40 | dend[0] soma[0](0.5): 6 20 | dend_80[0] dend[0](1): "
           "20 30");
    /* A root that is no soma. */
    expect(*state, "1 3 0 0 0 1 -1\n2 3 5 0 0 1 1\n3 1 9 0 0 5 2\n4 1 19 0 0 5 3\n",
           "soma[0] dend[0](1): 5 9 19 | dend[0]: 0 5");
}

/* The importer would put points 2 and 3, which hang on the soma one beside the other, in one
 * section because 4 and 5 follow: the file does not join them. */
static void test_breadth_first(void **state) {
    expect(*state,
           "1 1 0 0 0 5 -1\n2 3 -6 0 0 1 1\n3 3 6 0 0 1 1\n4 3 7 0 0 1 1\n5 3 17 0 0 1 3\n"
           "6 3 27 0 0 1 4\n",
           "soma[0]: -5 0 5 | dend[0] soma[0](0.5): 0 -6 | dend[1] soma[0](0.5): 0 6 | "
           "dend[2] soma[0](0.5): 0 7 | dend[3] dend[1](1): 6 17 | dend[4] dend[2](1): 7 27");
}

static void test_left_out(void **state) {
    static const char text[] = "1 1 0 0 0 5 -1\n2 3 6 0 0 1 1\n3 3 20 0 0 1 2\n4 3 20 0 0 1 3\n"
                               "5 3 20 0 0 1 3\n6 3 25 0 0 1 5\n7 3 26 0 0 1 5\n";
    hk_morph *morph = read(*state, text);
    assert_string_equal(hk_morph_report(morph),
                        "cell.swc: 7 points, soma of 1 read as a cylinder 10 um long and wide, 2 "
                        "branches without length left out; 4 sections: 1 soma, 3 dend");
    hk_morph_free(morph);
    expect(*state, text,
           "soma[0]: -5 0 5 | dend[0] soma[0](0.5): 6 20 | dend[1] dend[0](1): 20 25 | "
           "dend[2] dend[0](1): 20 26");
}

static void test_domains(void **state) {
    hk_morph *morph =
        read(*state, "# made by hand\n# DOMAIN_NAMES 1:soma 80:tuft -3:odd_1\n"
                     "1 1 0 0 0 5 -1\n2 80 5 0 0 1 1\n3 80 6 0 0 1 2\n4 2 5 0 0 1 1\n");
    assert_int_equal(hk_morph_sections(morph), 3);
    struct hk_section s = hk_morph_get(morph, 2);
    assert_string_equal(s.name, "dend_80[0]");
    assert_string_equal(s.type_name, "dend_80");
    assert_string_equal(s.domain, "tuft");
    assert_int_equal(s.type, 80);
    assert_string_equal(hk_morph_get(morph, 1).domain, "axon");
    assert_non_null(strstr(hk_morph_report(morph), "3 sections: 1 soma, 1 axon, 1 tuft"));
    hk_morph_free(morph);
}

/* Any order of lines, CR LF, CR, tabs, blanks, comments, a byte order mark, numbers as other
 * programs write them. */
static void test_text(void **state) {
    static const char plain[] = "soma[0]: -5 0 5 | dend[0] soma[0](0.5): 6 20";
    expect(*state, "3 3 20 0 0 1 2\n1 1 0 0 0 5 -1\n2 3 6 0 0 1 1", plain);
    expect(*state, "\r\n# a\r\n1 1 0 0 0 5 -1\r\n2\t3\t6 0 0 1 1 \r\n  3 3 20 0 0 1 2\r\n", plain);
    expect(*state, "1 1 0 0 0 5 -1\r2 3 6 0 0 1 1\r3 3 20 0 0 1 2\r", plain);
    expect(*state, "\xef\xbb\xbf#\n1 1 0 0 0 5 -1 # \xc3\xa9\n\n2 3 6 0 0 1 1#\n3 3 20 0 0 1 2\n",
           plain);
    expect(*state,
           "1.0 1.00e+00 0 0 0 5. -1.0\n2.0 +3 .6e1 -0 0 1 1\n3 3 20.000000000000000000 0 0 1 2\n",
           plain);
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
        expect(*state, "1 1 0.5 0 0 5 -1\n", "soma[0]: -4.5 0.5 5.5");
    }
    setlocale(LC_ALL, before);
    free(before);
    if (!set) {
        print_message("# skipped: no locale with a decimal comma is installed\n");
    }
}

static void test_single_precision(void **state) {
    hk_morph *morph = read(*state, "1 1 0.1 0 0 0.3 -1\n2 1 0.7 0 0 0.3 1\n");
    struct hk_section s = hk_morph_get(morph, 0);
    assert_true(s.point[0][0] == 0.1f && s.point[0][3] == 0.6f);
    assert_true(s.length_um == (double)(0.7f - 0.1f));
    hk_morph_free(morph);
}

/* ---- what is refused */

#define SOMA "1 1 0 0 0 5 -1\n"

static void test_bad_text(void **state) {
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "cell.swc: no points in 0 lines"},
        {"# nothing\n\n", "cell.swc: no points in 2 lines"},
        {SOMA "2 3 5 0 0 1\n", "cell.swc:2: 6 columns; a point has 7: id type x y z radius parent"},
        {"1\n", "cell.swc:1: 1 column; a point has 7: id type x y z radius parent"},
        {SOMA "2 3 5 0 0 1 1 0\n",
         "cell.swc:2: 8 columns; a point has 7: id type x y z radius parent"},
        {SOMA "\n2 dend 5 0 0 1 1\n", "cell.swc:3: type is \"dend\", not a number"},
        {"1,1,0,0,0,5,-1\n", "cell.swc:1: id is \"1,1,0,0,0,5,-1\", not a number"},
        {SOMA "2 3 1.2.3 0 0 1 1\n", "cell.swc:2: x is \"1.2.3\", not a number"},
        {SOMA "2 3 0x10 0 0 1 1\n", "cell.swc:2: x is \"0x10\", not a number"},
        {SOMA "2 3 0 nan 0 1 1\n", "cell.swc:2: y is \"nan\", not a number"},
        {SOMA "2 3 0 0 -inf 1 1\n", "cell.swc:2: z is \"-inf\", not a number"},
        {SOMA "2 3 0 0 1e999 1 1\n", "cell.swc:2: z is 1e999, not a finite number"},
        {SOMA "2 3 0 0 - 1 1\n", "cell.swc:2: z is \"-\", not a number"},
        {SOMA "2 3 0 0 abcdefghijklmnopqrstuvwxyz 1 1\n",
         "cell.swc:2: z is \"abcdefghijklmnopqrstuvwx...\", not a number"},
        {SOMA "2.5 3 5 0 0 1 1\n", "cell.swc:2: id is 2.5, not an integer of 32 bits"},
        {SOMA "2 3.1 5 0 0 1 1\n", "cell.swc:2: type is 3.1, not an integer of 32 bits"},
        {SOMA "2 3e9 5 0 0 1 1\n", "cell.swc:2: type is 3e+09, not an integer of 32 bits"},
        {SOMA "2 3 5 0 0 1 0.5\n", "cell.swc:2: parent is 0.5, not an integer of 32 bits"},
        {"-1 1 0 0 0 5 -1\n", "cell.swc:1: id is -1; ids begin at 0 or 1"},
        {"1 1 0 0 0 5 -2\n",
         "cell.swc:1: parent is -2; the root has -1, any other point its parent's id"},
        {SOMA "2 3 5 0 0 0 1\n", "cell.swc:2: radius is 0 um, not above 0"},
        {SOMA "2 3 5 0 0 -1 1\n", "cell.swc:2: radius is -1 um, not above 0"},
        {SOMA "2 3 5 0 0 1e-60 1\n",
         "cell.swc:2: radius is 1e-60 um, too small for single precision"},
        {SOMA "2 3 5 \x01 0 1 1\n", "cell.swc:2: byte 0x01 in column 7: SWC is plain text"},
        {"\x7f"
         "ELF",
         "cell.swc:1: byte 0x7f in column 1: SWC is plain text"},
        {SOMA "2 3 5 \xff 0 1 1\n", "cell.swc:2: byte 0xff in column 7: SWC is plain text"},
        {"# DOMAIN_NAMES 1:soma 3\n" SOMA,
         "cell.swc:1: DOMAIN_NAMES has \"3\", not a type and a name as in 80:tuft"},
        {"# DOMAIN_NAMES x:soma\n" SOMA,
         "cell.swc:1: DOMAIN_NAMES has \"x:soma\", not a type and a name as in 80:tuft"},
        {"# DOMAIN_NAMES 3:a-b\n" SOMA,
         "cell.swc:1: DOMAIN_NAMES has \"3:a-b\", not a type and a name as in 80:tuft"},
        {"# DOMAIN_NAMES 3:a\n# DOMAIN_NAMES 3:b\n" SOMA,
         "cell.swc:2: DOMAIN_NAMES names type 3 again, after line 1"},
    };
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        hk_morph *morph = NULL;
        FAILS(*state,
              hk_morph_swc_text(*state, "cell.swc", bad[i].text, strlen(bad[i].text), &morph),
              HK_SYNTAX, bad[i].message);
        assert_null(morph);
    }
    hk_morph *morph = NULL;
    FAILS(*state, hk_morph_swc_text(*state, "cell.swc", "# \0\n", 4, &morph), HK_SYNTAX,
          "cell.swc:1: byte 0x00 in column 3: SWC is plain text");
}

static void test_bad_trees(void **state) {
    static const struct {
        const char *text, *message;
    } bad[] = {
        {SOMA "2 3 5 0 0 1 9\n",
         "cell.swc:2: parent 9 of point 2 does not exist; ids go from 1 to 2"},
        {SOMA "2 3 5 0 0 1 1\n2 3 6 0 0 1 1\n", "cell.swc:3: id 2 is that of line 2 already"},
        {SOMA "2 3 5 0 0 1 2\n", "cell.swc:2: point 2 is its own parent; the root has parent -1"},
        {SOMA "2 3 5 0 0 1 3\n3 3 6 0 0 1 1\n", "cell.swc:2: point 2 comes before its parent 3; a "
                                                "parent has a lower id than its children"},
        {SOMA "2 3 5 0 0 1 4\n3 3 6 0 0 1 2\n4 3 7 0 0 1 3\n",
         "cell.swc:2: point 2 is in a cycle: its parent 4 descends from it"},
        {SOMA "2 3 5 0 0 1 1\n3 3 6 0 0 1 -1\n",
         "cell.swc:3: a second root (parent -1) after line 1; a cell is one tree"},
        {"1 3 0 0 0 5 -1\n2 3 5 0 0 1 1\n", "cell.swc: no soma: no point has type 1"},
        {SOMA "2 3 5 0 0 1 1\n3 3 6 0 0 1 2\n4 3 6 0 0 1 3\n5 3 7 0 0 1 3\n6 2 7 0 0 1 5\n"
              "7 2 7 0 0 1 6\n",
         "cell.swc:6: axon[0]: its points are all at one place: it has no length"},
        {"1 1 0 0 0 5 -1\n2 1 0 0 0 5 1\n",
         "cell.swc:1: soma[0]: its points are all at one place: it has no length"},
    };
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        hk_morph *morph = NULL;
        FAILS(*state,
              hk_morph_swc_text(*state, "cell.swc", bad[i].text, strlen(bad[i].text), &morph),
              HK_SYNTAX, bad[i].message);
        assert_null(morph);
    }
}

/* The points of a file as they are, for other rules than NEURON's. */
static void test_points(void **state) {
    hk_context *ctx = *state;
    char path[] = "/tmp/hillock-points-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    static const char text[] = "# DOMAIN_NAMES 80:tuft\n3 80 4 5 6 1 1\n1 1 1 2 3 2.5 -1\n";
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    hk_swc *swc = NULL;
    WORKS(ctx, hk_swc_read(ctx, path, &swc));
    assert_int_equal(hk_swc_points(swc), 2);
    struct hk_swc_point root = hk_swc_get(swc, 0), tip = hk_swc_get(swc, 1);
    assert_true(root.id == 1 && root.parent == HK_NONE && root.line == 3 && root.diam_um == 5);
    assert_true(tip.type == 80 && tip.parent == 0 && tip.line == 2);
    assert_true(tip.x == 4 && tip.y == 5 && tip.z == 6 && tip.diam_um == 2);
    assert_string_equal(hk_swc_domain(swc, 80), "tuft");
    assert_null(hk_swc_domain(swc, 1));
    hk_swc_free(swc);
    hk_swc_free(NULL);
    remove(path);
    assert_int_equal(hk_swc_read(ctx, path, &swc), HK_FILE);
    assert_non_null(strstr(hk_message(ctx), "No such file"));
    assert_null(swc);
}

static void test_nanometres(void **state) {
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"1 1 0 0 0 5200 -1\n", "cell.swc:1: radius is 5200 um, above 1000; is the file in "
                                "nanometres? SWC is in um"},
        {SOMA "2 3 0 60000 0 1 1\n3 3 0 -60000 0 1 2\n",
         "cell.swc: extends 120000 um along y, above 100000; is the file in nanometres? SWC is in "
         "um"},
        {"1 1 0 0 2e6 5 -1\n", "cell.swc:1: z is 2e+06 um, more than a metre away; is the file in "
                               "nanometres? SWC is in um"},
    };
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        hk_morph *morph = NULL;
        FAILS(*state,
              hk_morph_swc_text(*state, "cell.swc", bad[i].text, strlen(bad[i].text), &morph),
              HK_SYNTAX, bad[i].message);
    }
    hk_morph_free(read(*state, "1 1 0 0 0 1000 -1\n2 2 100000 0 0 1 1\n3 2 50000 0 0 1 2\n"));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_point_soma), cmocka_unit_test(test_three_point_soma),
        cmocka_unit_test(test_chain_soma),     cmocka_unit_test(test_branched_soma),
        cmocka_unit_test(test_branches),       cmocka_unit_test(test_types),
        cmocka_unit_test(test_breadth_first),  cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_domains),        cmocka_unit_test(test_text),
        cmocka_unit_test(test_locale),         cmocka_unit_test(test_single_precision),
        cmocka_unit_test(test_bad_text),       cmocka_unit_test(test_bad_trees),
        cmocka_unit_test(test_points),         cmocka_unit_test(test_nanometres),
    };
    struct CMUnitTest with_context[COUNT(tests)];
    for (uint32_t i = 0; i < COUNT(tests); i++) {
        with_context[i] = tests[i];
        with_context[i].setup_func = make_context;
        with_context[i].teardown_func = free_context;
    }
    return cmocka_run_group_tests_name("swc", with_context, NULL, NULL);
}
