/* SPDX-License-Identifier: BSD-3-Clause */
/* Cell types: sections, segments, mechanisms, ions, values, and what is said of wrong ones. */
#include "plugin_files.h"

#include "cell.h"

/* soma[0] of 1 segment, dend[0] of 3, dend[1] of 5 */
enum { SEGMENTS = 9 };
static const double NOT_A_NUMBER = (double)NAN;

static hk_cell *raw(struct files *s) {
    hk_morph *morph;
    hk_cell *cell;
    struct hk_section_spec soma = {.domain = "soma",
                                   .type = 1,
                                   .parent = HK_NONE,
                                   .length_um = 20,
                                   .diam_um = 20},
                           dend = {.domain = "dend",
                                   .type = 3,
                                   .parent = 0,
                                   .parent_x = 1,
                                   .length_um = 100,
                                   .diam_um = 2};
    WORKS(s, hk_morph_new(s->ctx, "shape", &morph));
    WORKS(s, hk_morph_section(morph, &soma, NULL));
    WORKS(s, hk_morph_section(morph, &dend, NULL));
    dend.length_um = 300;
    WORKS(s, hk_morph_section(morph, &dend, NULL));
    WORKS(s, hk_cell_new(s->ctx, "L23", morph, &cell));
    hk_morph_free(morph);
    return cell;
}

static hk_cell *built(struct files *s) {
    hk_cell *cell = raw(s);
    uint32_t one = 1, two = 2;
    WORKS(s, hk_cell_nseg(cell, 1, &one, 3));
    WORKS(s, hk_cell_nseg(cell, 1, &two, 5));
    WORKS(s, hk_cell_build(cell));
    assert_int_equal(hk_cell_segments(cell), SEGMENTS);
    return cell;
}

/* ---- plugins */

/* Cond: a conductance with a parameter that must be set, a global one, a state, one for its ion. */
static const char COND[] = "#include \"hillock/plugin.h\"\n"
                           "struct x { hk_col gbar, gmax, ena, m, d; };\n"
                           "static const struct hk_field f[] = {\n"
                           "    {\"gbar\", HK_PARAMETER, \"S/cm2\", 0.5, 0, 1, \"\", NULL, 0}, "
                           "{\"gmax\", HK_PARAMETER, \"\", HK_NAN, 0, 0, \"\", NULL, 0},\n"
                           "    {\"ena\", HK_REVERSAL, \"mV\", 0, 0, 0, \"\", \"na\", 0}, {\"m\", "
                           "HK_STATE, \"\", 0, 0, 1, \"\", NULL, 0},\n"
                           "    {\"d\", HK_DIAMETER, \"um\", 0, 0, 0, \"\", NULL, 0}, {\"p\", "
                           "HK_GLOBAL, \"\", 1, 0, 9, \"\", NULL, 0},\n"
                           "    {\"q\", HK_GLOBAL, \"\", HK_NAN, 0, 9, \"\", NULL, 0}};\n"
                           "HK_KERNEL(x, current) {}\n"
                           "HK_PLUGIN(x) = {HK_HEADER(x, HK_CHANNEL, \"Cond\", \"\"), HK_FIELDS(x, "
                           "f), .carries = \"na\",\n"
                           "                .current = x_current_hook};\n";

/* Pool: writes the concentration of ION, which it introduces with VALENCE where that is given. */
static const char POOL[] = "#include \"hillock/plugin.h\"\n"
                           "struct x { hk_col i, in; };\n"
                           "static const struct hk_field f[] = {{\"i\", HK_ION_CURRENT, "
                           "\"mA/cm2\", 0, 0, 0, \"\", ION, 0},\n"
                           "                                    {\"in\", HK_WRITE_INSIDE, \"mM\", "
                           "0, 0, 0, \"\", ION, 0}};\n"
                           "HK_KERNEL(x, advance) {}\n"
                           "#ifdef VALENCE\n"
                           "static const struct hk_ion ion[] = {{ION, VALENCE}};\n"
                           "#endif\n"
                           "HK_PLUGIN(x) = {HK_HEADER(x, HK_CHANNEL, NAME, \"\"), HK_FIELDS(x, f), "
                           ".advance = x_advance_hook,\n"
                           "#ifdef VALENCE\n"
                           "                .ion = ion, .n_ion = 1,\n"
                           "#endif\n"
                           "};\n";

static void plugins(struct files *s) {
    WORKS(s, hk_plugin_folder(s->ctx, s->folder));
    free(compile(s, "cond.so", COND, ""));
    free(compile_small(s, "leak.so", "TestLeak", "0.25"));
    free(compile(s, "pool.so", POOL, "-DNAME='\"Pool\"' -DION='\"ca\"'"));
    free(compile(s, "pool2.so", POOL, "-DNAME='\"Pool2\"' -DION='\"ca\"'"));
    free(compile(s, "zinc.so", POOL, "-DNAME='\"Zinc\"' -DION='\"zn\"' -DVALENCE=2"));
}

/* ---- sections */

static void test_new(void **state) {
    struct files *s = *state;
    hk_cell *cell = raw(s), *none;
    assert_string_equal(hk_cell_name(cell), "L23");
    assert_int_equal(hk_morph_sections(hk_cell_morph(cell)), 3); /* the caller's shape is gone */
    struct hk_cell_section section = hk_cell_section(cell, 1);
    assert_true(section.Ra == 35.4 && section.cm == 1 && section.nseg == 1 &&
                section.first == HK_NONE);
    assert_int_equal(hk_cell_section(cell, 3).first, HK_NONE);
    assert_int_equal(hk_cell_segments(cell), 0);
    assert_int_equal(hk_cell_segment(cell, 0).section, HK_NONE);
    cell_retain(cell);
    hk_cell_free(cell);
    assert_string_equal(hk_cell_name(cell), "L23");
    hk_cell_free(cell);
    hk_cell_free(NULL);
    hk_morph *empty;
    WORKS(s, hk_morph_new(s->ctx, "empty", &empty));
    FAILS(s, hk_cell_new(s->ctx, "L5", empty, &none), HK_INVALID,
          "cell \"L5\": its morphology has no sections");
    assert_null(none);
    FAILS(s, hk_cell_new(s->ctx, "", empty, &none), HK_INVALID, "a cell type needs a name");
    FAILS(s, hk_cell_new(s->ctx, "L5", NULL, &none), HK_INVALID, "its morphology is missing");
    struct files t = {.ctx = hk_new()};
    FAILS(&t, hk_cell_new(t.ctx, "L5", empty, &none), HK_INVALID,
          "its morphology is of another context");
    hk_free(t.ctx);
    hk_morph_free(empty);
}

static void test_sections(void **state) {
    struct files *s = *state;
    hk_cell *cell = raw(s);
    uint32_t some[] = {2, 0}, off[] = {0, 3};
    WORKS(s, hk_cell_Ra(cell, 0, NULL, 100));
    WORKS(s, hk_cell_Ra(cell, 2, some, 150));
    WORKS(s, hk_cell_cm(cell, 1, some, 2));
    assert_true(hk_cell_section(cell, 0).Ra == 150 && hk_cell_section(cell, 1).Ra == 100 &&
                hk_cell_section(cell, 2).Ra == 150);
    assert_true(hk_cell_section(cell, 2).cm == 2 && hk_cell_section(cell, 0).cm == 1);
    FAILS(s, hk_cell_Ra(cell, 2, off, 1), HK_NOT_FOUND,
          "cell \"L23\" has no section 3 to set Ra of: it has 3");
    FAILS(s, hk_cell_Ra(cell, 0, NULL, 0), HK_INVALID,
          "cell \"L23\": Ra is 0 ohm cm, not a number above 0");
    FAILS(s, hk_cell_cm(cell, 0, NULL, NOT_A_NUMBER), HK_INVALID,
          "cm is nan uF/cm2, not a number above 0");
    FAILS(s, hk_cell_nseg(cell, 0, NULL, 0), HK_INVALID, "nseg is 0, not within 1 to 32767");
    FAILS(s, hk_cell_nseg(cell, 0, NULL, 40000), HK_INVALID,
          "nseg is 40000, not within 1 to 32767");
    assert_true(hk_cell_section(cell, 0).Ra == 150 && hk_cell_section(cell, 0).nseg == 1);
    hk_cell_free(cell);
}

static void test_cuts(void **state) {
    struct files *s = *state;
    hk_cell *cell = raw(s);
    WORKS(s, hk_cell_nseg_length(cell, 0, NULL, 50, false));
    assert_int_equal(hk_cell_section(cell, 0).nseg, 1);
    assert_int_equal(hk_cell_section(cell, 1).nseg, 2);
    assert_int_equal(hk_cell_section(cell, 2).nseg, 6);
    WORKS(s, hk_cell_nseg_length(cell, 0, NULL, 50, true));
    assert_int_equal(hk_cell_section(cell, 1).nseg, 3);
    assert_int_equal(hk_cell_section(cell, 2).nseg, 7);
    FAILS(s, hk_cell_nseg_length(cell, 0, NULL, 0.001, true), HK_INVALID,
          "cell \"L23\": dend[0]: segments of at most 0.001 um are 100001; a section has at most "
          "32767");
    FAILS(s, hk_cell_nseg_length(cell, 0, NULL, -1, true), HK_INVALID,
          "is -1 um, not a number above 0");
    assert_int_equal(hk_cell_section(cell, 0).nseg, 1); /* not changed in part */
    /* lambda = 1e5 sqrt(diam / (4 pi f Ra cm)) = 670.5 um: 300 um are 4.47 tenths of it */
    uint32_t two = 2;
    WORKS(s, hk_cell_nseg_lambda(cell, 1, &two, 0.1, 100));
    assert_int_equal(hk_cell_section(cell, 2).nseg, 5);
    assert_int_equal(hk_cell_section(cell, 1).nseg, 3);
    FAILS(s, hk_cell_nseg_lambda(cell, 0, NULL, 0, 100), HK_INVALID,
          "cell \"L23\": soma[0]: d_lambda is 0");
    hk_cell_free(cell);
}

static void test_order(void **state) {
    struct files *s = *state;
    hk_cell *cell = raw(s);
    double value = 1;
    uint32_t segment;
    FAILS(s, hk_cell_insert(cell, "TestLeak", 0, NULL), HK_ORDER,
          "cell \"L23\" is not cut into segments yet, and insert needs");
    FAILS(s, hk_cell_set(cell, NULL, "cm", 0, NULL, &value, 0), HK_ORDER,
          "is not cut into segments yet");
    FAILS(s, hk_cell_get(cell, NULL, "cm", 0, NULL, &value), HK_ORDER,
          "is not cut into segments yet");
    FAILS(s, hk_cell_locate(cell, 0, 0.5, &segment), HK_ORDER, "is not cut into segments yet");
    FAILS(s, cell_complete(cell), HK_ORDER, "is not cut into segments yet");
    WORKS(s, hk_cell_build(cell));
    FAILS(s, hk_cell_build(cell), HK_ORDER, "is cut into segments already");
    FAILS(s, hk_cell_Ra(cell, 0, NULL, 1), HK_ORDER,
          "cell \"L23\" is cut into segments: Ra of a section must be set before");
    FAILS(s, hk_cell_cm(cell, 0, NULL, 1), HK_ORDER, "cm of a section must be set before");
    FAILS(s, hk_cell_nseg(cell, 0, NULL, 1), HK_ORDER, "nseg of a section must be set before");
    FAILS(s, hk_cell_nseg_lambda(cell, 0, NULL, 1, 1), HK_ORDER,
          "nseg of a section must be set before");
    hk_cell_free(cell);
}

static void test_segments(void **state) {
    struct files *s = *state;
    hk_cell *cell = built(s);
    struct hk_segment last = hk_cell_segment(cell, 8);
    assert_true(last.section == 2 && last.index == 4 && last.parent == 7 && last.x == 0.9 &&
                last.length_um == 60);
    assert_int_equal(hk_cell_section(cell, 2).first, 4);
    uint32_t at;
    WORKS(s, hk_cell_find(cell, "dend[1]", &at));
    assert_int_equal(at, 2);
    WORKS(s, hk_cell_find(cell, "soma", &at));
    assert_int_equal(at, 0);
    FAILS(s, hk_cell_find(cell, "dend", &at), HK_NOT_FOUND,
          "cell \"L23\" has 2 sections called \"dend\": say which one, as in \"dend[0]\"; there "
          "are soma[0] and dend[0] to dend[1]");
    assert_int_equal(at, HK_NONE);
    FAILS(s, hk_cell_find(cell, "dnd[1]", &at), HK_NOT_FOUND,
          "cell \"L23\" has no section \"dnd[1]\"; nearest: \"dend[1]\"; there are soma[0] and "
          "dend[0] to dend[1]");
    FAILS(s, hk_cell_find(cell, NULL, &at), HK_INVALID, "name is missing");
    WORKS(s, hk_cell_locate(cell, 2, 1, &at));
    assert_int_equal(at, 8);
    WORKS(s, hk_cell_locate(cell, 1, 0, &at));
    assert_int_equal(at, 1);
    FAILS(s, hk_cell_locate(cell, 1, 1.5, &at), HK_NOT_FOUND,
          "cell \"L23\": dend[0](1.5) is off the cell: x goes from 0 to 1");
    FAILS(s, hk_cell_locate(cell, 1, NOT_A_NUMBER, &at), HK_NOT_FOUND, "is off the cell");
    FAILS(s, hk_cell_locate(cell, 7, 0.5, &at), HK_NOT_FOUND,
          "cell \"L23\" has no section 7: it has 3");
    hk_cell_free(cell);
}

/* ---- mechanisms and ions */

static void test_insert(void **state) {
    struct files *s = *state;
    plugins(s);
    hk_cell *cell = built(s);
    uint32_t some[] = {1, 4, 1}, off[] = {0, 9};
    WORKS(s, hk_cell_insert(cell, "Cond", 3, some));
    WORKS(s, hk_cell_insert(cell, "TestLeak", 0, NULL));
    WORKS(s, hk_cell_insert(cell, "Cond", 1, some));
    assert_int_equal(hk_cell_mechanisms(cell), 2);
    assert_string_equal(hk_cell_mechanism(cell, 0)->name, "Cond");
    assert_null(hk_cell_mechanism(cell, 2));
    assert_true(hk_cell_has(cell, 0, 1) && hk_cell_has(cell, 0, 4) && !hk_cell_has(cell, 0, 0) &&
                hk_cell_has(cell, 1, 8));
    assert_false(hk_cell_has(cell, 2, 0) || hk_cell_has(cell, 0, 9));
    FAILS(s, hk_cell_insert(cell, "TestLeka", 0, NULL), HK_NOT_FOUND,
          "cell \"L23\": there is no channel \"TestLeka\"; nearest: \"TestLeak\"; searched: ");
    FAILS(s, hk_cell_insert(cell, "Cond", 2, off), HK_NOT_FOUND,
          "cell \"L23\" has no segment 9: it has 9, counted from 0");
    assert_false(hk_cell_has(cell, 0, 0));
    FAILS(s, hk_cell_insert(cell, NULL, 0, NULL), HK_INVALID, "name is missing");
    hk_cell_free(cell);
}

static void test_version(void **state) {
    struct files *s = *state;
    plugins(s);
    hk_cell *cell = built(s), *later = built(s);
    uint32_t zero = 0, one = 1;
    WORKS(s, hk_cell_insert(cell, "TestLeak", 1, &zero));
    char *path = compile_small(s, "leak.so", "TestLeak", "0.75");
    WORKS(s, hk_plugin_load(s->ctx, path, &s->plugin));
    WORKS(s, hk_cell_insert(cell, "TestLeak", 1, &one));
    WORKS(s, hk_cell_insert(later, "TestLeak", 1, &one));
    double value[2];
    WORKS(s, hk_cell_get(cell, "TestLeak", "g", 2, (const uint32_t[]){0, 1}, value));
    assert_true(value[0] == 0.25 && value[1] == 0.25); /* a cell has one version */
    WORKS(s, hk_cell_get(later, "TestLeak", "g", 1, &one, value));
    assert_true(value[0] == 0.75);
    hk_cell_free(cell);
    hk_cell_free(later);
    free(path);
}

static void test_ions(void **state) {
    struct files *s = *state;
    plugins(s);
    hk_cell *cell = built(s);
    uint32_t some[] = {1, 2}, one = 1, three = 3;
    double value[SEGMENTS], e = 60;
    FAILS(
        s, hk_cell_set(cell, NULL, "ena", 0, NULL, &e, 0), HK_NOT_FOUND,
        "cell \"L23\" has no variable \"ena\"; nearest: \"cm\"; there are cm (an ion's come with");
    WORKS(s, hk_cell_insert(cell, "Cond", 2, some));
    WORKS(s, hk_cell_insert(cell, "Pool", 1, &three));
    assert_int_equal(cell->n_ion, 2);
    assert_true(cell->ion[0].use[2] && !cell->ion[0].use[3] && cell->ion[0].valence == 1 &&
                !cell_ion_follows(&cell->ion[0], 2));
    assert_true(cell->ion[1].use[3] && !cell->ion[1].use[1] && cell->ion[1].valence == 2 &&
                cell_ion_follows(&cell->ion[1], 3));
    WORKS(s, hk_cell_set(cell, NULL, "ena", 0, NULL, &e, 0));
    WORKS(s, hk_cell_get(cell, NULL, "ena", SEGMENTS, NULL, value));
    assert_true(value[1] == 60 && value[2] == 60 && isnan(value[0]) && isnan(value[3]));
    FAILS(s, hk_cell_set(cell, NULL, "ena", 1, &three, &e, 0), HK_NOT_FOUND,
          "cell \"L23\": dend[0](0.8333) has no mechanism that uses ion \"na\"; there is Pool");
    FAILS(s, hk_cell_set(cell, NULL, "ean", 0, NULL, &e, 0), HK_NOT_FOUND,
          "no variable \"ean\"; nearest: \"ena\"; there are cm, ena, nai, nao, eca, cai and cao");
    FAILS(s, hk_cell_set(cell, NULL, "cai", 0, NULL, &(double){0}, 0), HK_INVALID,
          "cai is 0 mM, not a number above 0");
    FAILS(s, hk_cell_set(cell, NULL, "eca", 0, NULL, &NOT_A_NUMBER, 0), HK_INVALID,
          "eca is nan mV, not a finite number");
    FAILS(s, hk_cell_set(cell, "Cond", "ena", 0, NULL, &e, 0), HK_NOT_FOUND,
          "\"ena\" belongs to ion na: set the ion's variables (\"ena\"");
    WORKS(s, hk_cell_insert(cell, "Pool", 1, &three));
    WORKS(s, hk_cell_insert(cell, "Pool2", 1, &one));
    FAILS(s, hk_cell_insert(cell, "Pool2", 2, (const uint32_t[]){0, 3}), HK_INVALID,
          "cell \"L23\": dend[0](0.8333): mechanism \"Pool2\" writes cai, and so does \"Pool\", "
          "which is there");
    assert_false(hk_cell_has(cell, cell_mechanism_find(cell, "Pool2"), 0));
    WORKS(s, hk_cell_insert(cell, "Zinc", 1, &one));
    assert_true(cell->ion[2].valence == 2 && cell->ion[2].reversal[1] == 0 &&
                cell->ion[2].inside[1] == 1);
    hk_cell_free(cell);
}

/* A plugin may change its mind on a valence, but not within a cell. */
static void test_valence(void **state) {
    struct files *s = *state;
    plugins(s);
    hk_cell *cell = built(s);
    WORKS(s, hk_cell_insert(cell, "Zinc", 1, (const uint32_t[]){0}));
    char *path = compile(s, "zinc.so", POOL, "-DNAME='\"Zinc\"' -DION='\"zn\"' -DVALENCE=1");
    WORKS(s, hk_plugin_load(s->ctx, path, &s->plugin));
    free(path);
    path = compile(s, "zinc3.so", POOL, "-DNAME='\"Zinc3\"' -DION='\"zn\"' -DVALENCE=1");
    FAILS(s, hk_cell_insert(cell, "Zinc3", 1, (const uint32_t[]){1}), HK_INVALID,
          "cell \"L23\": ion zn has valence 2; mechanism \"Zinc3\" gives it 1");
    free(path);
    hk_cell_free(cell);
}

static void test_ion_defaults(void **state) {
    (void)state;
    const struct {
        const char *name;
        int valence;
        double reversal, inside, outside;
    } known[] = {{"na", 1, 50, 10, 140},
                 {"k", 1, -77, 54.4, 2.5},
                 {"ca", 2, 132.4579341637009, 5e-5, 2},
                 {"cl", -1, 0, 1, 1}};
    double e, in, out;
    int valence;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        ion_defaults(known[i].name, &e, &in, &out);
        assert_true(fabs(e - known[i].reversal) <= 1e-13 * fabs(e) && in == known[i].inside &&
                    out == known[i].outside);
        assert_true(ion_known(known[i].name, &valence) && valence == known[i].valence);
    }
    ion_defaults("zn", &e, &in, &out);
    assert_true(e == 0 && in == 1 && out == 1 && !ion_known("zn", &valence));
}

/* ---- values */

static void test_set(void **state) {
    struct files *s = *state;
    plugins(s);
    hk_cell *cell = built(s);
    uint32_t some[] = {1, 2, 5}, two[] = {5, 1};
    double one = 0.125, each[] = {0.25, 0.5, 0.75}, value[SEGMENTS];
    WORKS(s, hk_cell_insert(cell, "Cond", 3, some));
    WORKS(s, hk_cell_set(cell, "Cond", "gbar", 0, NULL, &one, 0));
    WORKS(s, hk_cell_set(cell, "Cond", "gbar", 2, two, each, 1));
    WORKS(s, hk_cell_get(cell, "Cond", "gbar", SEGMENTS, NULL, value));
    assert_true(value[1] == 0.5 && value[2] == 0.125 && value[5] == 0.25 && isnan(value[0]));
    WORKS(s, hk_cell_set(cell, "Cond", "gbar", 0, NULL, each, 1)); /* one for each that has it */
    WORKS(s, hk_cell_get(cell, "Cond", "gbar", 3, some, value));
    assert_true(value[0] == 0.25 && value[1] == 0.5 && value[2] == 0.75);
    WORKS(s, hk_cell_set(cell, NULL, "cm", 0, NULL, &(double){2}, 0));
    WORKS(s, hk_cell_get(cell, NULL, "cm", 1, some, value));
    assert_true(value[0] == 2);
    FAILS(s, hk_cell_get(cell, NULL, "cm", 2, NULL, value), HK_INVALID,
          "room for 2 values, and it has 9 segments");
    hk_cell_free(cell);
}

static void test_set_errors(void **state) {
    struct files *s = *state;
    plugins(s);
    hk_cell *cell = built(s);
    uint32_t some[] = {1, 2}, mixed[] = {1, 0}, off = 9;
    double good = 0.25, bad[] = {0.25, 2}, value[2];
    FAILS(s, hk_cell_set(cell, "Cond", "gbar", 0, NULL, &good, 0), HK_NOT_FOUND,
          "cell \"L23\" has no mechanism \"Cond\", nor any other");
    WORKS(s, hk_cell_insert(cell, "Cond", 2, some));
    WORKS(s, hk_cell_insert(cell, "TestLeak", 0, NULL));
    FAILS(s, hk_cell_set(cell, "Cnod", "gbar", 0, NULL, &good, 0), HK_NOT_FOUND,
          "cell \"L23\" has no mechanism \"Cnod\": insert it first; nearest: \"Cond\"; there are "
          "Cond and TestLeak");
    FAILS(s, hk_cell_set(cell, "Cond", "gbra", 0, NULL, &good, 0), HK_NOT_FOUND,
          "cell \"L23\": mechanism \"Cond\" has no field \"gbra\"; nearest: \"gbar\"; there are "
          "gbar, gmax, p and q");
    FAILS(s, hk_cell_set(cell, "Cond", "m", 0, NULL, &good, 0), HK_NOT_FOUND,
          "cell \"L23\": mechanism \"Cond\": field \"m\" is of role state: parameters can be set");
    FAILS(s, hk_cell_set(cell, "Cond", "d", 0, NULL, &good, 0), HK_NOT_FOUND,
          "field \"d\" is of role diameter");
    FAILS(s, hk_cell_set(cell, "Cond", NULL, 0, NULL, &good, 0), HK_INVALID,
          "a field's name is missing");
    FAILS(s, hk_cell_set(cell, "Cond", "gbar", 2, mixed, &good, 0), HK_NOT_FOUND,
          "cell \"L23\": soma[0](0.5) has no mechanism \"Cond\"; there is TestLeak");
    FAILS(s, hk_cell_set(cell, "Cond", "gbar", 1, &off, &good, 0), HK_NOT_FOUND,
          "has no segment 9");
    FAILS(s, hk_cell_set(cell, "Cond", "gbar", 2, some, bad, 1), HK_INVALID,
          "cell \"L23\": Cond.gbar is 2 S/cm2, not within 0 to 1");
    FAILS(s, hk_cell_set(cell, "Cond", "gbar", 2, some, &NOT_A_NUMBER, 0), HK_INVALID,
          "Cond.gbar is nan, not a number");
    FAILS(s, hk_cell_set(cell, "Cond", "gmax", 2, some, &(double){HUGE_VAL}, 0), HK_INVALID,
          "Cond.gmax is inf, not a finite number");
    FAILS(s, hk_cell_set(cell, NULL, "cm", 0, NULL, &(double){0}, 0), HK_INVALID,
          "cm is 0 uF/cm2, not a number above 0");
    WORKS(s, hk_cell_get(cell, "Cond", "gbar", 2, some, value));
    assert_true(value[0] == 0.5 && value[1] == 0.5); /* nothing was changed */
    hk_cell_free(cell);
}

static void test_global(void **state) {
    struct files *s = *state;
    plugins(s);
    hk_cell *cell = built(s);
    uint32_t one = 1;
    double value[SEGMENTS], seven = 7;
    WORKS(s, hk_cell_insert(cell, "Cond", 1, &one));
    WORKS(s, hk_cell_set(cell, "Cond", "q", 0, NULL, &seven, 0));
    WORKS(s, hk_cell_get(cell, "Cond", "q", SEGMENTS, NULL, value));
    assert_true(value[1] == 7 && isnan(value[0]));
    WORKS(s, hk_cell_get(cell, "Cond", "p", 1, &one, value));
    assert_true(value[0] == 1);
    FAILS(s, hk_cell_set(cell, "Cond", "q", 1, &one, &seven, 0), HK_INVALID,
          "Cond.q is one value for the whole cell type");
    FAILS(s, hk_cell_set(cell, "Cond", "q", 0, NULL, value, 1), HK_INVALID,
          "Cond.q is one value for the whole cell type");
    FAILS(s, hk_cell_set(cell, "Cond", "q", 0, NULL, &(double){10}, 0), HK_INVALID,
          "Cond.q is 10, not within 0 to 9");
    hk_cell_free(cell);
}

static void test_complete(void **state) {
    struct files *s = *state;
    plugins(s);
    hk_cell *cell = built(s);
    uint32_t some[] = {1, 5}, five = 5;
    WORKS(s, cell_complete(cell));
    WORKS(s, hk_cell_insert(cell, "Cond", 2, some));
    FAILS(s, cell_complete(cell), HK_INVALID,
          "cell \"L23\": dend[0](0.1667): Cond.gmax must be set: it has no default");
    WORKS(s, hk_cell_set(cell, "Cond", "gmax", 1, some, &(double){3}, 0));
    FAILS(s, cell_complete(cell), HK_INVALID,
          "cell \"L23\": dend[1](0.3): Cond.gmax must be set: it has no default");
    WORKS(s, hk_cell_set(cell, "Cond", "gmax", 1, &five, &(double){3}, 0));
    FAILS(s, cell_complete(cell), HK_INVALID,
          "cell \"L23\": Cond.q must be set: it has no default");
    WORKS(s, hk_cell_set(cell, "Cond", "q", 0, NULL, &(double){3}, 0));
    WORKS(s, cell_complete(cell));
    hk_cell_free(cell);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    unsetenv("HILLOCK_PLUGINS");
#define TEST(name) cmocka_unit_test_setup_teardown(name, files_open, files_close)
    const struct CMUnitTest tests[] = {
        TEST(test_new),      TEST(test_sections),
        TEST(test_cuts),     TEST(test_order),
        TEST(test_segments), TEST(test_insert),
        TEST(test_version),  TEST(test_ions),
        TEST(test_valence),  cmocka_unit_test(test_ion_defaults),
        TEST(test_set),      TEST(test_set_errors),
        TEST(test_global),   TEST(test_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
