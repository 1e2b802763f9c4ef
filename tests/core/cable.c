/* SPDX-License-Identifier: BSD-3-Clause */
#include "small_morphology.h"

#include "cable.h"
#include <time.h>

static const double PI = 3.14159265358979323846;

static void near(double got, double want, double relative) {
    if (!(fabs(got - want) <= relative * fabs(want))) {
        fail_msg("%.17g is not %.17g within %g", got, want, relative);
    }
}

static struct cable *cut(hk_context *ctx, const hk_morph *morph, const uint32_t *nseg,
                         const double *Ra) {
    struct cable *cable = NULL;
    WORKS(ctx, cable_new(ctx, morph, nseg, Ra, &cable));
    return cable;
}

static hk_morph *empty(hk_context *ctx) {
    hk_morph *morph = NULL;
    WORKS(ctx, hk_morph_new(ctx, "m", &morph));
    return morph;
}

/* ---- one section */

static void test_cylinder(void **state) {
    for (uint32_t nseg = 1; nseg <= 4; nseg++) { /* odd and even */
        hk_morph *morph = empty(*state);
        cylinder(*state, morph, "dend", HK_NONE, 0, 120, 3);
        struct cable *cable = cut(*state, morph, &nseg, &(double){150});
        assert_true(cable->n_segment == nseg && cable->n_node == nseg);
        double length = 120.0 / nseg, whole = 0.01 * 150 * length / (PI * 3 * 3 / 4);
        for (uint32_t i = 0; i < nseg; i++) {
            const struct cable_segment *s = &cable->segment[i];
            near(s->x, (i + 0.5) / nseg, 1e-15);
            near(s->length_um, length, 1e-15);
            near(s->area_um2, PI * 3 * length, 1e-15);
            near(s->ri_Mohm, i ? whole : whole / 2, 1e-15);
            assert_true(s->diam_um == 3 && s->section == 0 && s->index_in_section == i);
            assert_true(s->parent == (i ? i - 1 : HK_NONE));
            near(cable->g_uS[i], i ? 1 / whole : 0, 1e-15);
            /* From the middle of the segment in which 0.5 lies, as NEURON does. */
            near(s->distance_um, fabs((double)i - nseg / 2) * length, 1e-14);
        }
        cable_free(cable);
        hk_morph_free(morph);
    }
    cable_free(NULL);
}

/* The same by points: a cylinder in two pieces of one diameter, and its turn in space, change
 * nothing. */
static void test_points_of_cylinder(void **state) {
    static const float point[][4] = {{1, 1, 1, 3}, {1, 31, 1, 3}, {1, 31, 91, 3}};
    struct hk_section_spec spec = {.parent = HK_NONE, .type = 3, .n_point = 3, .point = point};
    hk_morph *morph = empty(*state);
    WORKS(*state, hk_morph_section(morph, &spec, NULL));
    struct cable *cable = cut(*state, morph, &(uint32_t){7}, &(double){150});
    for (uint32_t i = 0; i < 7; i++) {
        double whole = 0.01 * 150 * (120.0 / 7) / (PI * 3 * 3 / 4);
        near(cable->segment[i].diam_um, 3, 1e-14);
        near(cable->segment[i].area_um2, PI * 3 * 120 / 7, 1e-14);
        near(cable->segment[i].ri_Mohm, i ? whole : whole / 2, 1e-14);
    }
    cable_free(cable);
    hk_morph_free(morph);
}

/* A cone: lateral area pi (r0 + r1) s, resistance rho L / (pi r0 r1). */
static void test_cone(void **state) {
    static const float point[][4] = {{0, 0, 0, 8}, {0, 0, 50, 2}};
    struct hk_section_spec spec = {.parent = HK_NONE, .type = 3, .n_point = 2, .point = point};
    hk_morph *morph = empty(*state);
    WORKS(*state, hk_morph_section(morph, &spec, NULL));
    uint32_t nseg = 5;
    struct cable *cable = cut(*state, morph, &nseg, &(double){100});
    double area = 0, right = 0;
    for (uint32_t i = 0; i < nseg; i++) {
        double r0 = 4 - 0.6 * i, r1 = 4 - 0.6 * (i + 1), middle = (r0 + r1) / 2;
        near(cable->segment[i].area_um2, PI * (r0 + r1) * hypot(10, r0 - r1), 1e-13);
        near(cable->segment[i].diam_um, r0 + r1, 1e-14);
        double left = 0.01 * 100 * 5 / (PI * r0 * middle);
        near(cable->segment[i].ri_Mohm, right + left, 1e-13);
        right = 0.01 * 100 * 5 / (PI * middle * r1);
        area += cable->segment[i].area_um2;
    }
    near(area, PI * (4 + 1) * hypot(50, 3), 1e-13);
    cable_free(cable);
    hk_morph_free(morph);
}

/* A step in diameter: two points at one place. Its ring counts as membrane. */
static void test_step(void **state) {
    static const float point[][4] = {{0, 0, 0, 2}, {10, 0, 0, 2}, {10, 0, 0, 6}, {30, 0, 0, 6}};
    struct hk_section_spec spec = {.parent = HK_NONE, .type = 3, .n_point = 4, .point = point};
    hk_morph *morph = empty(*state);
    WORKS(*state, hk_morph_section(morph, &spec, NULL));
    struct cable *cable = cut(*state, morph, &(uint32_t){1}, &(double){100});
    near(cable->segment[0].area_um2, PI * (2 * 10 + 6 * 20) + PI * (9 - 1), 1e-12);
    near(cable->segment[0].diam_um, (2 * 10 + 6 * 20) / 30.0, 1e-13);
    cable_free(cable);
    hk_morph_free(morph);
}

/* ---- the tree */

/* Half the resistance of a segment. */
static double half(double length_um, double diam_um, double Ra) {
    return 0.01 * Ra * (length_um / 2) / (PI * diam_um * diam_um / 4);
}

/* soma (1 segment) with a (2 segments) on its 1 end alone, b and c on a's end, d inside a, e on c's
 * start, and f and g on the soma's 0 end, h on b's end. */
static void test_tree(void **state) {
    hk_morph *morph = empty(*state);
    enum { SOMA, A, B, C, D, E, F, G, H, SECTIONS };
    cylinder(*state, morph, "soma", HK_NONE, 0, 20, 20);
    cylinder(*state, morph, "a", SOMA, 1, 100, 4);
    cylinder(*state, morph, "b", A, 1, 30, 2);
    cylinder(*state, morph, "c", A, 1, 40, 3);
    cylinder(*state, morph, "d", A, 0.6, 50, 1);
    cylinder(*state, morph, "e", C, 0, 60, 2);
    cylinder(*state, morph, "f", SOMA, 0, 70, 1);
    cylinder(*state, morph, "g", SOMA, 0, 80, 2);
    cylinder(*state, morph, "h", B, 1, 90, 1);
    const uint32_t nseg[SECTIONS] = {1, 2, 1, 1, 1, 1, 1, 1, 1};
    double Ra[SECTIONS];
    for (uint32_t s = 0; s < SECTIONS; s++) {
        Ra[s] = 100 + s;
    }
    struct cable *cable = cut(*state, morph, nseg, Ra);
    enum { soma, a0, a1, b, c, d, e, f, g, h, SEGMENTS, a_end = SEGMENTS, start, NODES };
    assert_true(cable->n_segment == SEGMENTS && cable->n_node == NODES);
    static const uint32_t segment_parent[] = {HK_NONE, soma, a0, a1, a1, a1, a1, soma, soma, b};
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        assert_int_equal(cable->segment[i].parent, segment_parent[i]);
    }
    static const uint32_t parent[] = {HK_NONE, soma,  a0,    a_end, a_end, a1,
                                      a_end,   start, start, b,     a1,    soma};
    const double Mohm[] = {0,
                           half(20, 20, 100) + half(50, 4, 101),
                           2 * half(50, 4, 101),
                           half(30, 2, 102),
                           half(40, 3, 103),
                           half(50, 1, 104),
                           half(60, 2, 105),
                           half(70, 1, 106),
                           half(80, 2, 107),
                           half(30, 2, 102) + half(90, 1, 108),
                           half(50, 4, 101),
                           half(20, 20, 100)};
    for (uint32_t i = 0; i < NODES; i++) {
        assert_int_equal(cable->parent[i], parent[i]);
        near(cable->g_uS[i], i ? 1 / Mohm[i] : 0, 1e-14);
    }
    /* Depth first: a run without branches is not interrupted. */
    static const uint32_t order[] = {soma, start, f, g, a0, a1, a_end, b, h, c, e, d};
    for (uint32_t k = 0; k < NODES; k++) {
        assert_int_equal(cable->order[k], order[k]);
    }
    static const double distance[] = {0, 10 + 25, 10 + 75, 125, 130, 110, 140, 45, 50, 185};
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        near(cable->segment[i].distance_um, distance[i], 1e-15);
    }
    cable_free(cable);
    hk_morph_free(morph);
}

/* From a soma that is not the root, distances go up and down the tree, and node 0 is still the
 * soma's. */
static void test_soma_below_root(void **state) {
    static const char text[] = "1 3 0 0 0 1 -1\n2 3 40 0 0 1 1\n3 1 50 0 0 5 2\n4 1 60 0 0 5 3\n"
                               "5 3 70 0 0 1 4\n6 3 90 0 0 1 5\n7 4 40 30 0 1 2\n";
    hk_morph *morph = NULL;
    WORKS(*state, hk_morph_swc_text(*state, "cell.swc", text, strlen(text), &morph));
    const uint32_t nseg[] = {1, 2, 1, 1};
    const double Ra[] = {100, 100, 100, 100};
    struct cable *cable = cut(*state, morph, nseg, Ra);
    assert_string_equal(hk_morph_get(morph, 0).name, "soma[0]"); /* 40 to 60, on dend[0]'s end */
    assert_true(cable->parent[0] == HK_NONE && cable->order[0] == 0);
    assert_true(cable->segment[0].parent == 2 && cable->segment[1].parent == HK_NONE);
    static const double distance[] = {0, 40, 20, 25, 25};
    for (uint32_t i = 0; i < 5; i++) {
        near(cable->segment[i].distance_um, distance[i], 1e-15);
    }
    cable_free(cable);
    hk_morph_free(morph);
}

static void test_locate(void **state) {
    hk_morph *morph = empty(*state);
    cylinder(*state, morph, "soma", HK_NONE, 0, 20, 20);
    cylinder(*state, morph, "dend", 0, 1, 100, 2);
    struct cable *cable = cut(*state, morph, (const uint32_t[]){1, 4}, (const double[]){100, 100});
    assert_int_equal(cable_locate(cable, 0, 0.5), 0);
    assert_int_equal(cable_locate(cable, 1, 0), 1);
    assert_int_equal(cable_locate(cable, 1, 0.25), 2);
    assert_int_equal(cable_locate(cable, 1, 0.999), 4);
    assert_int_equal(cable_locate(cable, 1, 1), 4);
    assert_int_equal(cable_locate(cable, 1, 1.001), HK_NONE);
    assert_int_equal(cable_locate(cable, 1, -0.001), HK_NONE);
    assert_int_equal(cable_locate(cable, 1, (double)NAN), HK_NONE);
    assert_int_equal(cable_locate(cable, 2, 0.5), HK_NONE);
    cable_free(cable);
    hk_morph_free(morph);
}

/* 10 000 segments of a random tree, in far less than a second. */
static void test_large(void **state) {
    enum { SECTIONS = 2000 };
    hk_morph *morph = empty(*state);
    uint32_t nseg[SECTIONS];
    double Ra[SECTIONS];
    for (uint32_t s = 0; s < SECTIONS; s++) {
        uint32_t parent = s ? (s * 2654435761u >> 7) % s : HK_NONE;
        cylinder(*state, morph, "dend", parent, s % 5 ? 1 : 0.5, 30, 1);
        nseg[s] = 5;
        Ra[s] = 100;
    }
    clock_t before = clock();
    struct cable *cable = cut(*state, morph, nseg, Ra);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    print_message("# %u segments, %u nodes: %.1f ms\n", (unsigned)cable->n_segment,
                  (unsigned)cable->n_node, seconds * 1000);
    assert_int_equal(cable->n_segment, 10000);
    assert_true(seconds < 0.5);
    bool *seen = calloc(cable->n_node, sizeof *seen);
    for (uint32_t k = 0; k < cable->n_node; k++) {
        uint32_t node = cable->order[k], parent = cable->parent[node];
        assert_true(!seen[node] && (k == 0 ? parent == HK_NONE : seen[parent]));
        assert_true(k == 0 || cable->g_uS[node] > 0);
        seen[node] = true;
    }
    free(seen);
    cable_free(cable);
    hk_morph_free(morph);
}

/* ---- what is refused */

static void test_bad(void **state) {
    hk_morph *morph = empty(*state);
    struct cable *cable = NULL;
    FAILS(*state, cable_new(*state, morph, NULL, NULL, &cable), HK_INVALID,
          "the morphology has no sections");
    cylinder(*state, morph, "soma", HK_NONE, 0, 20, 20);
    static const struct {
        uint32_t nseg;
        double Ra;
        const char *message;
    } bad[] = {
        {0, 100, "soma[0]: nseg is 0, not from 1 to 32767"},
        {32768, 100, "soma[0]: nseg is 32768, not from 1 to 32767"},
        {1, 0, "soma[0]: Ra is 0 ohm cm, not a number above 0"},
        {1, -1, "soma[0]: Ra is -1 ohm cm, not a number above 0"},
        {1, (double)NAN, "soma[0]: Ra is nan ohm cm, not a number above 0"},
        {1, HUGE_VAL, "soma[0]: Ra is inf ohm cm, not a number above 0"},
        {1, 1e-320,
         "soma[0]: area or axial resistance of its segments is not a number above 0 "
         "(L 20 um, Ra 9.99989e-321 ohm cm)"},
    };
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        FAILS(*state, cable_new(*state, morph, &bad[i].nseg, &bad[i].Ra, &cable), HK_INVALID,
              bad[i].message);
        assert_null(cable);
    }
    hk_morph_free(morph);
}

/* ---- the d_lambda rule */

static void test_lambda(void **state) {
    static const float point[][4] = {{0, 0, 0, 2}, {600, 0, 0, 2}, {1000, 0, 0, 1}};
    struct hk_section_spec spec = {.type = 3, .n_point = 3, .point = point};
    hk_morph *morph = empty(*state);
    uint32_t nseg;
    cylinder(*state, morph, "soma", HK_NONE, 0, 1000, 2);
    WORKS(*state, hk_morph_section(morph, &spec, NULL));
    /* sqrt(d / (4 pi f Ra cm)), d 2e-4 cm, cm 1e-6 F/cm2 */
    near(cable_lambda_um(morph, 0, 100, 1, 100), 1e4 * sqrt(2e-4 / (4 * PI * 100 * 100 * 1e-6)),
         1e-14);
    near(cable_lambda_um(morph, 1, 100, 1, 100),
         1000 / (600 / sqrt(2 + 2) + 400 / sqrt(2 + 1)) / sqrt(2) * 1e5 / sqrt(4 * PI * 100 * 100),
         1e-14);
    WORKS(*state, cable_nseg_lambda(*state, morph, 0, 100, 1, 0.1, 100, &nseg));
    assert_int_equal(nseg, 25); /* 1000 / 39.9 = 25.07 */
    WORKS(*state, cable_nseg_lambda(*state, morph, 0, 100, 1, 10, 100, &nseg));
    assert_int_equal(nseg, 1);
    FAILS(*state, cable_nseg_lambda(*state, morph, 0, 100, 1, 1e-5, 100, &nseg), HK_INVALID,
          "soma[0]: d_lambda 1e-05 asks for 250663 segments; a section has at most 32767");
    FAILS(*state, cable_nseg_lambda(*state, morph, 0, 100, 1, 0, 100, &nseg), HK_INVALID,
          "soma[0]: d_lambda is 0, not a number above 0");
    FAILS(*state, cable_nseg_lambda(*state, morph, 0, 100, -1, 0.1, 100, &nseg), HK_INVALID,
          "soma[0]: cm is -1, not a number above 0");
    FAILS(*state, cable_nseg_lambda(*state, morph, 0, (double)NAN, 1, 0.1, 100, &nseg), HK_INVALID,
          "soma[0]: Ra is nan, not a number above 0");
    FAILS(*state, cable_nseg_lambda(*state, morph, 0, 100, 1, 0.1, HUGE_VAL, &nseg), HK_INVALID,
          "soma[0]: frequency is inf, not a number above 0");
    hk_morph_free(morph);
}

/* ---- NEURON's own numbers */

/* A row of geometry.csv: segment, section, nseg, x, section_L_um, section_parent, diam_um,
 * area_um2, ri_Mohm, distance_um. */
static void compare_row(char *row, const hk_morph *morph, const struct cable *cable, uint32_t i) {
    char *field[10];
    for (uint32_t k = 0; k < 10; k++) {
        field[k] = strsep(&row, ",");
        assert_non_null(field[k]);
    }
    const struct cable_segment *g = &cable->segment[i];
    struct hk_section s = hk_morph_get(morph, g->section);
    char parent[100] = "";
    if (s.parent != HK_NONE) {
        snprintf(parent, sizeof parent, "%s(%g)", hk_morph_get(morph, s.parent).name, s.parent_x);
    }
    assert_int_equal(strtoul(field[0], NULL, 10), i);
    assert_string_equal(s.name, field[1]);
    assert_int_equal(cable->first[g->section + 1] - cable->first[g->section],
                     strtoul(field[2], NULL, 10));
    assert_string_equal(parent, field[5]);
    const double got[] = {g->x, s.length_um, g->diam_um, g->area_um2, g->ri_Mohm, g->distance_um};
    static const uint32_t column[] = {3, 4, 6, 7, 8, 9};
    for (uint32_t k = 0; k < COUNT(column); k++) { /* the file has twelve digits */
        near(got[k], strtod(field[column[k]], NULL), 1e-11);
    }
}

static void compare(hk_context *ctx, FILE *csv, const char *path) {
    hk_morph *morph = NULL;
    WORKS(ctx, hk_morph_swc(ctx, path, &morph));
    assert_int_equal(hk_morph_sections(morph), 10);
    assert_string_equal(hk_morph_get(morph, 9).domain, "reduced_80");
    uint32_t nseg[10];
    double Ra[10];
    for (uint32_t s = 0; s < 10; s++) {
        Ra[s] = 100;
        WORKS(ctx, cable_nseg_lambda(ctx, morph, s, Ra[s], s ? 2 : 1, 0.1, 100, &nseg[s]));
    }
    struct cable *cable = cut(ctx, morph, nseg, Ra);
    char line[500];
    assert_non_null(fgets(line, sizeof line, csv));
    assert_true(strncmp(line, "segment,section,nseg,x,section_L_um,section_parent,diam_um", 58) ==
                0);
    uint32_t rows = 0;
    for (; fgets(line, sizeof line, csv); rows++) {
        compare_row(line, morph, cable, rows);
    }
    assert_true(rows == 78 && cable->n_segment == 78 && cable->n_node == 79);
    cable_free(cable);
    hk_morph_free(morph);
}

static void test_reference(void **state) {
    const char *folder = getenv("HILLOCK_REFERENCE");
    char swc[1000], geometry[1000];
    folder = folder ? folder : "../shared/reference";
    snprintf(swc, sizeof swc, "%s/park2019/l23_reduced.swc", folder);
    snprintf(geometry, sizeof geometry, "%s/park2019/geometry.csv", folder);
    FILE *csv = fopen(geometry, "r");
    if (csv) {
        compare(*state, csv, swc);
        fclose(csv);
    } else {
        print_message("# skipped: no %s\n", geometry);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cylinder),  cmocka_unit_test(test_points_of_cylinder),
        cmocka_unit_test(test_cone),      cmocka_unit_test(test_step),
        cmocka_unit_test(test_tree),      cmocka_unit_test(test_soma_below_root),
        cmocka_unit_test(test_locate),    cmocka_unit_test(test_large),
        cmocka_unit_test(test_bad),       cmocka_unit_test(test_lambda),
        cmocka_unit_test(test_reference),
    };
    struct CMUnitTest with_context[COUNT(tests)];
    for (uint32_t i = 0; i < COUNT(tests); i++) {
        with_context[i] = tests[i];
        with_context[i].setup_func = make_context;
        with_context[i].teardown_func = free_context;
    }
    return cmocka_run_group_tests_name("cable", with_context, NULL, NULL);
}
