/* SPDX-License-Identifier: BSD-3-Clause */
/* Units: what is said of one that is not taken, and what of a source that makes none. */
#include "unit_files.h"

struct one { /* a network of one type */
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
};

static struct one open_one(const char *mechanism, const char *folder) {
    struct one o = {.ctx = open_context()};
    if (folder) {
        WORKS(o.ctx, hk_plugin_folder(o.ctx, folder));
    }
    o.type = cylinder(o.ctx, 100, 2, 5, 100, 1);
    WORKS(o.ctx, hk_cell_insert(o.type, mechanism, 0, NULL));
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 20;
    WORKS(o.ctx, hk_net_new(o.ctx, &options, &o.net));
    add_cells(o.ctx, o.net, o.type, 4);
    return o;
}

static void close_one(struct one *o) {
    hk_net_free(o->net);
    hk_cell_free(o->type);
    hk_free(o->ctx);
}

/* The unit's text with the first `from` changed to `to`. */
static const char *load_changed(struct one *o, const char *name, const char *from, const char *to) {
    static char changed[1 << 20];
    const char *text;
    WORKS(o->ctx, hk_net_unit_source(o->net, 0, &text));
    const char *found = strstr(text, from);
    assert_non_null(found);
    assert_true(snprintf(changed, sizeof changed, "%.*s%s%s", (int)(found - text), text, to,
                         found + strlen(from)) < (int)sizeof changed);
    return compile_as(name, changed);
}

#define REFUSED(o, path, part)                                                                     \
    do {                                                                                           \
        FAILS((o).ctx, hk_net_unit_load((o).net, 0, path, false), HK_INVALID, part);               \
        assert_int_equal(hk_net_facts((o).net).units, 0);                                          \
    } while (0)

static void test_no_such_unit(void **state) {
    (void)state;
    struct one o = open_one("pas", NULL);
    const char *text = "";
    assert_int_equal(hk_net_units(o.net), 0); /* it is not built */
    FAILS(o.ctx, hk_net_unit_source(o.net, 1, &text), HK_NOT_FOUND, "unit 1: the network has 1");
    assert_null(text);
    assert_int_equal(hk_net_units(o.net), 1);
    FAILS(o.ctx, hk_net_unit_load(o.net, 7, "x.so", true), HK_NOT_FOUND,
          "unit 7: the network has 1");
    close_one(&o);
    hk_context *ctx = open_context();
    hk_net *net = open_net(ctx, 0.025, -65);
    FAILS(ctx, hk_net_unit_source(net, 0, &text), HK_INVALID, "the network has no cells");
    assert_null(text);
    hk_net_free(net);
    hk_free(ctx);
}

static void test_wrong_files(void **state) {
    (void)state;
    NEEDS_COMPILER
    struct one o = open_one("pas", NULL);
    char path[PATH];
    FAILS(o.ctx, hk_net_unit_load(o.net, 0, "no-such.so", false), HK_FILE,
          "no-such.so: it cannot be loaded: ");
    path_of(path, "text.so");
    write_file("text.so", "no object\n");
    FAILS(o.ctx, hk_net_unit_load(o.net, 0, path, false), HK_FILE, "text.so: it cannot be loaded");
    REFUSED(o, compile_as("empty", "int nothing;\n"), "it exports no symbol hk_unit");
    REFUSED(o, load_changed(&o, "magic", "{HK_UNIT_MAGIC", "{\"hk pond\""), "its hk_unit is none");
    REFUSED(o, load_changed(&o, "version", ", HK_UNIT_VERSION", ", 99"),
            "it is of another version");
    REFUSED(o, load_changed(&o, "size", "sizeof(struct hk_unit), ", "8, "),
            "it is of another version");
    REFUSED(o, load_changed(&o, "key", "HK_UNIT_KEY \"", "HK_UNIT_KEY \"0"),
            "no unit for this cell type: it is of another cell type");
    REFUSED(o, load_changed(&o, "sets", "HK_UNIT_KEY, 2, ", "HK_UNIT_KEY, 1, "),
            "it is of another cell type");
    load_units(o.ctx, o.net); /* after all that */
    close_one(&o);
}

static void test_other_results(void **state) {
    (void)state;
    NEEDS_COMPILER
    struct one o = open_one("pas", NULL);
    REFUSED(o, load_changed(&o, "operator", "c->g[k] * (", "c->g[k] * -("),
            "operator.so: the unit's results differ from its plugins'");
    /* by the last bit, and at the end of the voltages alone */
    REFUSED(o, load_changed(&o, "bit", "b->i[k] += ", "b->i[k] += (1 + 0x1p-52) * "),
            "results differ");
    REFUSED(o, load_changed(&o, "rare", "b->i[k] += ", "b->i[k] += b->v[k] > 59 ? 1 : "),
            "results differ");
    close_one(&o);
}

/* Synapses in a unit are tried with conductances, which they have not before events come. */
static void test_other_synapses(void **state) {
    (void)state;
    NEEDS_COMPILER
    struct one o = open_one("pas", NULL);
    for (uint32_t k = 0; k < 20; k++) {
        add_point(o.ctx, o.net, PLAIN("UnitSynapse"), k / 5, k % 5);
    }
    REFUSED(o, load_changed(&o, "flow", "b->i[k] += i;", "b->i[k] -= i;"), "results differ");
    REFUSED(o, load_changed(&o, "decay", "c->g[k] *= c->left[k]", "c->g[k] *= 2 * c->left[k]"),
            "results differ");
    REFUSED(o, load_changed(&o, "sum", "sum += scale_", "sum -= scale_"), "results differ");
    load_units(o.ctx, o.net);
    close_one(&o);
}

/* What was tried and not taken leaves no trace. */
static void test_no_trace(void **state) {
    (void)state;
    NEEDS_COMPILER
    double kept[2][162];
    for (int k = 0; k < 2; k++) {
        struct one o = open_one("hh", NULL);
        uint32_t v = probe_v(o.ctx, o.net, 0, 0);
        if (k) {
            REFUSED(o,
                    load_changed(&o, "n2", "gk = c->gkbar[k] * (n2 * n2)",
                                 "gk = c->gkbar[k] * (n2 + n2)"),
                    "differ");
        }
        WORKS(o.ctx, hk_net_run(o.net, 2));
        assert_int_equal(rows_of(o.ctx, o.net, v).n, 81);
        memcpy(kept[k], rows_of(o.ctx, o.net, v).row, sizeof kept[k]);
        close_one(&o);
    }
    assert_memory_equal(kept[0], kept[1], sizeof kept[0]);
}

static void test_not_repeatable(void **state) {
    (void)state;
    NEEDS_COMPILER
    struct one twice = open_one("UnitTwice", NULL);
    const char *text;
    WORKS(twice.ctx, hk_net_unit_source(twice.net, 0, &text));
    REFUSED(twice, compile_unit(text),
            "a mechanism's `current` gives another one when it is called again");
    close_one(&twice);
}

static void test_order(void **state) {
    (void)state;
    NEEDS_COMPILER
    struct one o = open_one("pas", NULL);
    const char *text;
    load_units(o.ctx, o.net);
    WORKS(o.ctx, hk_net_unit_source(o.net, 0, &text));
    FAILS(o.ctx, hk_net_unit_load(o.net, 0, compile_unit(text), false), HK_ORDER,
          "unit 0 is loaded already");
    close_one(&o);
    o = open_one("pas", NULL);
    WORKS(o.ctx, hk_net_run(o.net, 0.1));
    WORKS(o.ctx, hk_net_unit_source(o.net, 0, &text));
    WORKS(o.ctx, hk_net_unit_load(o.net, 0, compile_unit(text), false)); /* between runs */
    WORKS(o.ctx, hk_net_run(o.net, 0.2));
    close_one(&o);
}

/* ---- sources */

/* A channel of one name in several forms. */
#define OWN(FIELDS, TABLE, RATE)                                                                   \
    "#include \"hillock/plugin.h\"\n"                                                              \
    "struct own { hk_col " FIELDS "; };\n"                                                         \
    "static const struct hk_field own_fields[] = {\n" TABLE "};\n"                                 \
    "HK_KERNEL(own, current) { HK_EACH(k, b) b->i[k] += c->g[k] * (b->v[k] + " RATE "); }\n"       \
    "HK_PLUGIN(own) = {HK_HEADER(own, HK_CHANNEL, \"Own\", \"\"), HK_FIELDS(own, own_fields),\n"   \
    "                  .current = own_current_hook};"
#define OWN_G "{\"g\", HK_PARAMETER, \"S/cm2\", 1e-4, 0, 1, \"\", 0, 0},\n"
#define OWN_E "{\"e\", HK_PARAMETER, \"mV\", 0, 0, 0, \"\", 0, 0},\n"
#define OWN_S "{\"e\", HK_STATE, \"mV\", 0, 0, 0, \"\", 0, 0},\n"

static void own_folder(char path[PATH], const char *name) {
    path_of(path, name);
    assert_int_equal(shell("mkdir '%s'", path), 0);
}

static void put_own(const char *folder, const char *compiled, const char *beside) {
    compile_as("own", compiled);
    assert_int_equal(shell("mv '%s/own.so' '%s'", files.folder, folder), 0);
    if (beside) {
        write_file("own.c", beside);
        assert_int_equal(shell("mv '%s/own.c' '%s'", files.folder, folder), 0);
    }
}

static void test_missing_source(void **state) {
    (void)state;
    NEEDS_COMPILER
    char folder[PATH];
    const char *text = "";
    own_folder(folder, "missing");
    put_own(folder, OWN("g, e", OWN_G OWN_E, "65"), NULL);
    struct one o = open_one("Own", folder);
    FAILS(o.ctx, hk_net_unit_source(o.net, 0, &text), HK_NOT_FOUND, "missing/own.so: its source, ");
    FAILS(o.ctx, hk_net_unit_load(o.net, 0, "x.so", true), HK_NOT_FOUND, "missing/own.c, cannot");
    assert_null(text);
    WORKS(o.ctx, hk_net_run(o.net, 0.1));
    assert_int_equal(hk_net_facts(o.net).units, 0);
    close_one(&o);
}

/* The source beside a plugin is not what it was made of. */
static void test_other_source(void **state) {
    (void)state;
    NEEDS_COMPILER
    char folder[PATH];
    const char *text;
    own_folder(folder, "other");
    put_own(folder, OWN("g, e", OWN_G OWN_E, "65"), OWN("e, g", OWN_E OWN_G, "65"));
    struct one o = open_one("Own", folder);
    WORKS(o.ctx, hk_net_unit_source(o.net, 0, &text));
    REFUSED(o, compile_unit(text), "a plugin is not made of the source beside it");
    close_one(&o);
    put_own(folder, OWN("g, e", OWN_G OWN_E, "65"), OWN("g, e", OWN_G OWN_S, "65"));
    o = open_one("Own", folder);
    WORKS(o.ctx, hk_net_unit_source(o.net, 0, &text));
    REFUSED(o, compile_unit(text), "a plugin is not made of the source beside it");
    close_one(&o);
    put_own(folder, OWN("g, e", OWN_G OWN_E, "65"), OWN("g, e", OWN_G OWN_E, "66"));
    o = open_one("Own", folder);
    WORKS(o.ctx, hk_net_unit_source(o.net, 0, &text));
    REFUSED(o, compile_unit(text), "results differ");
    close_one(&o);
    put_own(folder, OWN("g, e", OWN_G OWN_E, "65"), OWN("g", OWN_G, "65")); /* no such struct */
    o = open_one("Own", folder);
    WORKS(o.ctx, hk_net_unit_source(o.net, 0, &text));
    write_file("less.c", text);
    assert_true(shell("%s -fsyntax-only -I'%s' '%s/less.c' >'%s/said' 2>&1", compiler(),
                      files.include, files.folder, files.folder) != 0);
    assert_int_equal(
        shell("grep -q 'not the source of the plugin beside it' '%s/said'", files.folder), 0);
    close_one(&o);
}

/* A folder's name may have anything in it, and plays no part: a plugin's text is the same
 * everywhere. */
static void test_odd_folders(void **state) {
    (void)state;
    NEEDS_COMPILER
    const char *const name[] = {"a \"quoted\" one", "back\\slash\\n %s \?\?/", "line\nbreak"};
    static char first[1 << 16];
    for (int k = 0; k < 3; k++) {
        char folder[PATH];
        const char *text;
        own_folder(folder, name[k]);
        put_own(folder, OWN("g", OWN_G, "65"), OWN("g", OWN_G, "65"));
        struct one o = open_one("Own", folder);
        load_units(o.ctx, o.net);
        WORKS(o.ctx, hk_net_unit_source(o.net, 0, &text));
        if (k) {
            assert_string_equal(text, first);
        }
        snprintf(first, sizeof first, "%s", text);
        close_one(&o);
    }
}

/* A plugin that is replaced under its name has another unit. */
static void test_replaced(void **state) {
    (void)state;
    NEEDS_COMPILER
    char folder[PATH];
    const char *text;
    double last[2];
    own_folder(folder, "replaced");
    put_own(folder, OWN("g", OWN_G, "65"), OWN("g", OWN_G, "65"));
    struct one old = open_one("Own", folder);
    WORKS(old.ctx, hk_net_unit_source(old.net, 0, &text));
    char *old_path = strdup(compile_unit(text));
    put_own(folder, OWN("g", OWN_G, "60"), OWN("g", OWN_G, "60"));
    for (int k = 0; k < 2; k++) {
        struct one o = open_one("Own", folder);
        uint32_t v = probe_v(o.ctx, o.net, 0, 0);
        REFUSED(o, old_path, "it is of another cell type");
        if (k) {
            load_units(o.ctx, o.net);
        }
        WORKS(o.ctx, hk_net_run(o.net, 1));
        last[k] = last_of(o.ctx, o.net, v);
        close_one(&o);
    }
    assert_memory_equal(&last[0], &last[1], sizeof last[0]);
    WORKS(old.ctx, hk_net_unit_load(old.net, 0, old_path, false)); /* as it was when it was read */
    free(old_path);
    close_one(&old);
}

static void test_no_text(void **state) {
    (void)state;
    NEEDS_COMPILER
    char folder[PATH];
    const char *text;
    own_folder(folder, "bytes");
    put_own(folder, OWN("g", OWN_G, "65"), NULL);
    assert_int_equal(shell("head -c 100 /dev/zero >'%s/own.c'", folder), 0);
    struct one o = open_one("Own", folder);
    FAILS(o.ctx, hk_net_unit_source(o.net, 0, &text), HK_NOT_FOUND, "bytes/own.c: it is no text");
    close_one(&o);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_such_unit),  cmocka_unit_test(test_wrong_files),
        cmocka_unit_test(test_other_results), cmocka_unit_test(test_other_synapses),
        cmocka_unit_test(test_no_trace),      cmocka_unit_test(test_not_repeatable),
        cmocka_unit_test(test_order),         cmocka_unit_test(test_missing_source),
        cmocka_unit_test(test_other_source),  cmocka_unit_test(test_odd_folders),
        cmocka_unit_test(test_replaced),      cmocka_unit_test(test_no_text),
    };
    return cmocka_run_group_tests_name("unit_errors", tests, open_files, close_files);
}
