/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of plugins: good ones, changed ones, and such as are none; folders; names. */
#include "plugin_files.h"

#include "registry.h"
#include <elf.h>

static double value_of(const struct hk_plugin *plugin) {
    return plugin->field[0].value;
}

static const struct hk_plugin *load(struct files *s, const char *path) {
    const struct hk_plugin *plugin = NULL;
    WORKS(s, hk_plugin_load(s->ctx, path, &plugin));
    return plugin;
}

static const struct hk_plugin *find(struct files *s, const char *name) {
    const struct hk_plugin *plugin = NULL;
    WORKS(s, hk_plugin_find(s->ctx, name, 0, &plugin));
    return plugin;
}

/* How many of the plugins that the context lists are called so. */
static uint32_t count(struct files *s, const char *name) {
    struct hk_plugin_info info;
    uint32_t n = 0;
    for (uint32_t i = 0; hk_plugin_get(s->ctx, i, &info) == HK_OK; i++) {
        n += !strcmp(info.plugin->name, name);
    }
    return n;
}

/* ---- content */

static void test_load(void **state) {
    struct files *s = *state;
    char *path = compile_small(s, "one.so", "One", "0.5");
    const struct hk_plugin *plugin = load(s, path);
    struct hk_plugin_info info;
    assert_string_equal(plugin->name, "One");
    assert_true(value_of(plugin) == 0.5);
    WORKS(s, hk_plugin_about(s->ctx, plugin, &info));
    assert_ptr_equal(info.plugin, plugin);
    assert_string_equal(strrchr(info.path, '/'), "/one.so");
    assert_int_equal(strspn(info.hash, "0123456789abcdef"), 64);
    assert_int_equal(strlen(info.hash), 64);
    WORKS(s, hk_plugin_get(s->ctx, 0, &info));
    assert_ptr_equal(info.plugin, plugin);
    FAILS(s, hk_plugin_get(s->ctx, 1, &info), HK_NOT_FOUND, "there is no plugin 1: 1 are loaded");
    const struct hk_plugin elsewhere = {.name = "Elsewhere"};
    FAILS(s, hk_plugin_about(s->ctx, &elsewhere, &info), HK_NOT_FOUND,
          "has not loaded plugin Elsewhere");
    FAILS(s, hk_plugin_load(s->ctx, NULL, &plugin), HK_INVALID, "file is missing");
    FAILS(s, hk_plugin_find(s->ctx, NULL, 0, &plugin), HK_INVALID, "name is missing");
    free(path);
}

static void test_same_content(void **state) {
    struct files *s = *state;
    char *path = compile_small(s, "one.so", "One", "0.5"), command[PATH];
    const struct hk_plugin *plugin = load(s, path);
    assert_ptr_equal(load(s, path), plugin);
    snprintf(command, sizeof command, "cp '%s' '%s/two.so'", path, s->folder);
    assert_int_equal(run(command), 0);
    free(path);
    path = in_folder(s, "two.so");
    assert_ptr_equal(load(s, path), plugin);
    assert_int_equal(count(s, "One"), 1);
    free(path);
}

/* A path is found as what the file holds, and its name goes on meaning what it meant. */
static void test_path(void **state) {
    struct files *s = *state;
    char *path = compile_small(s, "one.so", "One", "0.5"),
         *other = compile_small(s, "two.so", "One", "0.25");
    const struct hk_plugin *first = find(s, path), *none;
    assert_true(value_of(first) == 0.5);
    FAILS(s, hk_plugin_find(s->ctx, "One", 0, &none), HK_NOT_FOUND, "there is no plugin \"One\"");
    const struct hk_plugin *second = load(s, other);
    assert_ptr_equal(find(s, path), first);
    assert_ptr_equal(find(s, "One"), second);
    FAILS(s, hk_plugin_find(s->ctx, path, HK_INPUT, &none), HK_INVALID, "not an input");
    FAILS(s, hk_plugin_find(s->ctx, "./none.so", 0, &none), HK_FILE, "./none.so: ");
    free(path);
    free(other);
}

/* A compiler's output, which has a new inode, and bytes written over the old ones. */
static void test_changed_content(void **state) {
    struct files *s = *state;
    char *path = compile_small(s, "one.so", "One", "0.25"), *other, command[2 * PATH];
    const struct hk_plugin *first = load(s, path);
    free(compile_small(s, "one.so", "One", "0.5"));
    const struct hk_plugin *second = load(s, path);
    assert_true(value_of(first) == 0.25 && value_of(second) == 0.5);
    assert_ptr_equal(find(s, "One"), second);
    other = compile_small(s, "other.so", "One", "0.75");
    snprintf(command, sizeof command, "cat '%s' > '%s'", other, path);
    assert_int_equal(run(command), 0);
    assert_true(value_of(load(s, path)) == 0.75);
    assert_true(value_of(find(s, "One")) == 0.75);
    assert_true(value_of(second) == 0.5);
    assert_int_equal(count(s, "One"), 1);
    free(path);
    free(other);
}

static void test_two_contexts(void **state) {
    struct files *s = *state;
    char *path = compile_small(s, "one.so", "One", "0.25");
    const struct hk_plugin *first = load(s, path);
    free(compile_small(s, "one.so", "One", "0.5"));
    struct files t = {.ctx = hk_new()};
    const struct hk_plugin *second = load(&t, path);
    assert_true(value_of(first) == 0.25 && value_of(second) == 0.5);
    assert_ptr_equal(find(s, "One"), first);
    hk_free(t.ctx);
    assert_true(value_of(first) == 0.25);
    free(path);
}

/* A name means what was loaded last. */
static void test_takes_over(void **state) {
    struct files *s = *state;
    char *a = compile_small(s, "a.so", "One", "0.25"), *b = compile_small(s, "b.so", "One", "0.5");
    const struct hk_plugin *first = load(s, a), *second = load(s, b);
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(find(s, "One"), second);
    load(s, a);
    assert_ptr_equal(find(s, "One"), first);
    free(a);
    free(b);
}

/* ---- what is no plugin */

static void refuses(struct files *s, char *path, hk_status status, const char *part) {
    const struct hk_plugin *plugin;
    assert_string_equal(hk_status_name(hk_plugin_load(s->ctx, path, &plugin)),
                        hk_status_name(status));
    assert_null(plugin);
    SAYS(s, path);
    SAYS(s, part);
    free(path);
}

static void test_no_object(void **state) {
    struct files *s = *state;
    refuses(s, in_folder(s, "missing.so"), HK_FILE, "No such file");
    refuses(s, write_file(s, "text.so", "this is text\n", 13), HK_FILE, "not an ELF file");
    refuses(s, write_file(s, "empty.so", "", 0), HK_FILE, "empty");
    refuses(s, write_file(s, "tiny.so", "\177ELF", 4), HK_FILE, "cut short: it has 4 bytes");
    char *folder = in_folder(s, "folder.so");
    assert_int_equal(mkdir(folder, 0777), 0);
    refuses(s, folder, HK_FILE, "a folder, not a file");
    char *pipe = in_folder(s, "pipe.so");
    assert_int_equal(mkfifo(pipe, 0666), 0);
    refuses(s, pipe, HK_FILE, "something special, not a file");
}

/* A good file with a byte changed, or its end cut off. */
static char *spoil(struct files *s, long at, int byte, size_t keep) {
    static char bytes[1 << 20];
    char *path = compile_small(s, "good.so", "One", "0.5");
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    free(path);
    if (at >= 0) {
        bytes[at] = (char)byte;
    }
    return write_file(s, "spoiled.so", bytes, keep && keep < n ? keep : n);
}

static void test_wrong_object(void **state) {
    struct files *s = *state;
    refuses(s, spoil(s, offsetof(Elf64_Ehdr, e_machine), 0x77, 0), HK_FILE,
            "compiled for ELF machine 119; this machine is ");
    refuses(s, spoil(s, EI_CLASS, ELFCLASS32, 0), HK_FILE,
            "an ELF file of class 1; this machine's is 2");
    refuses(s, spoil(s, EI_DATA, 3, 0), HK_FILE, "byte order 3; this machine's is 1");
    refuses(s, spoil(s, offsetof(Elf64_Ehdr, e_type), ET_REL, 0), HK_FILE,
            "of type 1, not a shared object (3)");
    refuses(s, spoil(s, offsetof(Elf64_Ehdr, e_phnum), 0, 0), HK_FILE, "it has no dynamic section");
    refuses(s, spoil(s, -1, 0, 40), HK_FILE, "cut short: it has 40 bytes");
    refuses(s, spoil(s, -1, 0, 8192), HK_FILE, "cut short: it has 8192 bytes");
    refuses(s,
            compile(s, "undefined.so",
                    "extern int nowhere(void); __attribute__((visibility(\"default\"))) const char "
                    "hk_plugin[512] = \"x\";"
                    "__attribute__((visibility(\"default\"))) int f(void) { return nowhere(); }",
                    ""),
            HK_FILE, "it cannot be loaded: ");
}

static void test_wrong_symbol(void **state) {
    struct files *s = *state;
    refuses(s, compile(s, "none.so", "int hk_plugins;", "-fvisibility=default"), HK_PLUGIN,
            "it exports no symbol hk_plugin");
    refuses(s, compile(s, "hidden.so", "const char hk_plugin[512] = \"hillock\";", ""), HK_PLUGIN,
            "it exports no symbol hk_plugin");
    refuses(s,
            compile(s, "function.so", "int hk_plugin(void) { return 0; }", "-fvisibility=default"),
            HK_PLUGIN, "its symbol hk_plugin is of type 2, not data (1)");
    refuses(s, compile(s, "small.so", "const int hk_plugin = 7;", "-fvisibility=default"),
            HK_PLUGIN, "hk_plugin has 4 bytes, a descriptor begins with 24");
    refuses(s,
            compile(s, "magic.so", "const char hk_plugin[512] = \"hill\\tck\";",
                    "-fvisibility=default"),
            HK_PLUGIN, "its magic is \"hill\\x09ck\", not \"hillock\"");
    refuses(s,
            compile(s, "old.so",
                    "#include \"hillock/plugin.h\"\n#undef HK_ABI_MAJOR\n#define HK_ABI_MAJOR 7\n"
                    "HK_PLUGIN(x) = {HK_HEADER(x, HK_RECORDER, \"Old\", \"\")};",
                    ""),
            HK_PLUGIN, "compiled for plugin ABI 7.1; this host has 1.1");
}

static void test_rounding(void **state) {
    struct files *s = *state;
    char *path = compile_small(s, "one.so", "One", "0.5");
    WORKS(s, registry_check_rounding(s->ctx, load(s, path)));
    free(path);
    path = compile(
        s, "fused.so",
        "#include \"hillock/plugin.h\"\n"
        "static double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }\n"
        "#define hk_rounding_ fused\n"
        "HK_SETUP(x) {}\n"
        "struct x { hk_col g; };\n"
        "HK_KERNEL(x, init) {}\n"
        "static const struct hk_field f[] = {{\"g\", HK_STATE, \"\", 0, 0, 0, \"\", NULL, 0}};\n"
        "HK_PLUGIN(x) = {HK_HEADER(x, HK_CHANNEL, \"Fused\", \"\"), HK_FIELDS(x, f), .init = "
        "x_init_hook};\n",
        "-lm");
    FAILS(s, registry_check_rounding(s->ctx, load(s, path)), HK_PLUGIN,
          "fused.so: plugin Fused computes a * b + c as -0x1p-54 where 0x0p+0 is right");
    SAYS(s, "compile it with -ffp-contract=off");
    free(path);
}

/* ---- ions of several plugins */

static const char ION[] =
    "#include \"hillock/plugin.h\"\n"
    "struct x { hk_col e; };\n"
    "static const struct hk_field f[] = {{\"e\", HK_REVERSAL, \"mV\", 0, 0, 0, \"\", \"zn\", 0}};\n"
    "static const struct hk_ion ion[] = {{\"zn\", VALENCE}};\n"
    "HK_KERNEL(x, current) {}\n"
    "HK_PLUGIN(x) = {HK_HEADER(x, HK_CHANNEL, NAME, \"\"), HK_FIELDS(x, f), .ion = ion, .n_ion = "
    "1,\n"
    "                .current = x_current_hook};\n";

static void test_valences(void **state) {
    struct files *s = *state;
    char *a = compile(s, "a.so", ION, "-DNAME='\"A\"' -DVALENCE=2"),
         *b = compile(s, "b.so", ION, "-DNAME='\"B\"' -DVALENCE=2");
    load(s, a);
    load(s, b);
    refuses(s, compile(s, "c.so", ION, "-DNAME='\"C\"' -DVALENCE=1"), HK_PLUGIN,
            "plugin C: ion zn has valence 1; plugin A (");
    free(b);
    /* one that takes a name over may say otherwise than the one before it, not than others */
    refuses(s, compile(s, "b.so", ION, "-DNAME='\"B\"' -DVALENCE=1"), HK_PLUGIN,
            "plugin B: ion zn has valence 1; plugin A (");
    free(a);
}

/* ---- folders and names */

static char *subfolder(struct files *s, const char *name) {
    char *path = in_folder(s, name);
    assert_int_equal(mkdir(path, 0777), 0);
    return path;
}

static void test_folders(void **state) {
    struct files *s = *state;
    char *a = subfolder(s, "a"), *b = subfolder(s, "b"), *file = in_folder(s, "source.c");
    free(compile_small(s, "a/one.so", "One", "0.25"));
    free(compile_small(s, "b/one.so", "One", "0.5"));
    free(compile_small(s, "b/otherwise.so", "Two", "0.75")); /* not called as its plugin */
    WORKS(s, hk_plugin_folder(s->ctx, b));
    WORKS(s, hk_plugin_folder(s->ctx, a));
    assert_true(value_of(find(s, "One")) == 0.25);
    assert_true(value_of(find(s, "Two")) == 0.75);
    WORKS(s, hk_plugin_folder(s->ctx, b)); /* to the front */
    assert_true(value_of(find(s, "One")) == 0.5);
    const char *list = hk_plugin_folders(s->ctx), *first = strstr(list, "/b\n"),
               *second = strstr(list, "/a\n");
    assert_true(first && second && first < second);
    assert_null(strstr(first + 1, "/b\n"));
    assert_string_equal(strrchr(list, '/'), "/plugins"); /* the library's own comes last */
    assert_null(strchr(strrchr(list, '/'), '\n'));
    FAILS(s, hk_plugin_folder(s->ctx, file), HK_NOT_FOUND, "source.c: no folder");
    FAILS(s, hk_plugin_folder(s->ctx, NULL), HK_NOT_FOUND, "no folder");
    char *path = compile_small(s, "own.so", "One", "1");
    load(s, path);
    assert_true(value_of(find(s, "One")) == 1); /* what is loaded by hand comes before folders */
    uint32_t n;
    WORKS(s, hk_plugin_scan(s->ctx, &n));
    assert_true(value_of(find(s, "One")) == 1);
    assert_int_equal(count(s, "One"), 1);
    assert_true(n >= 2);
    free(path);
    free(a);
    free(b);
    free(file);
}

static void test_environment(void **state) {
    struct files *s = *state;
    char list[2 * PATH];
    char *a = subfolder(s, "a");
    free(compile_small(s, "a/one.so", "One", "0.25"));
    snprintf(list, sizeof list, "/nowhere/at/all::%s", a);
    setenv("HILLOCK_PLUGINS", list, 1);
    assert_true(value_of(find(s, "One")) == 0.25);
    unsetenv("HILLOCK_PLUGINS");
    assert_int_equal(strncmp(hk_plugin_folders(s->ctx), "/nowhere/at/all\n", 16), 0);
    free(a);
}

static void test_scan(void **state) {
    struct files *s = *state;
    char *a = subfolder(s, "a");
    uint32_t n = 0, before = 0;
    WORKS(s, hk_plugin_scan(s->ctx, &before));
    WORKS(s, hk_plugin_folder(s->ctx, a));
    free(compile_small(s, "a/one.so", "Zz1", "0.25"));
    free(compile_small(s, "a/two.so", "Aa2", "0.25"));
    free(write_file(s, "a/bad.so", "no", 2));
    free(write_file(s, "a/notes.txt", "no", 2));
    WORKS(s, hk_plugin_scan(s->ctx, &n));
    assert_int_equal(n, before + 2);
    struct hk_plugin_info info, last = {0};
    for (uint32_t i = 0; i < n; i++) {
        WORKS(s, hk_plugin_get(s->ctx, i, &info));
        assert_true(!last.plugin || strcmp(last.plugin->name, info.plugin->name) < 0);
        last = info;
    }
    free(compile_small(s, "a/one.so", "Zz1", "0.5"));
    WORKS(s, hk_plugin_scan(s->ctx, &n));
    assert_int_equal(n, before + 2);
    assert_true(value_of(find(s, "Zz1")) == 0.5);
    free(compile_small(s, "a/new.so", "Later", "0.125")); /* after the folder was looked through */
    assert_true(value_of(find(s, "Later")) == 0.125);
    free(a);
}

static void test_unknown_name(void **state) {
    struct files *s = *state;
    char *a = subfolder(s, "a");
    WORKS(s, hk_plugin_folder(s->ctx, a));
    free(compile_small(s, "a/gate.so", "ZqwGate", "0.25"));
    free(write_file(s, "a/bad.so", "no", 2));
    FAILS(s, hk_plugin_find(s->ctx, "ZqwGtae", HK_CHANNEL, &s->plugin), HK_NOT_FOUND,
          "there is no channel \"ZqwGtae\"; nearest: \"ZqwGate\"; searched: ");
    SAYS(s, a);
    SAYS(s, "1 file passed over, the first: ");
    SAYS(s, "a/bad.so: not an ELF file");
    FAILS(s, hk_plugin_find(s->ctx, "bad", 0, &s->plugin), HK_FILE, "a/bad.so: not an ELF file");
    FAILS(s, hk_plugin_find(s->ctx, "BAD", 0, &s->plugin), HK_FILE, "a/bad.so: not an ELF file");
    FAILS(s, hk_plugin_find(s->ctx, "ZqwGate", HK_INPUT, &s->plugin), HK_INVALID,
          "ZqwGate is a channel, not an input");
    WORKS(s, hk_plugin_find(s->ctx, "ZqwGate", HK_CHANNEL, &s->plugin));
    assert_string_equal(s->plugin->name, "ZqwGate");
    free(a);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    unsetenv("HILLOCK_PLUGINS");
#define TEST(name) cmocka_unit_test_setup_teardown(name, files_open, files_close)
    const struct CMUnitTest tests[] = {
        TEST(test_load),         TEST(test_same_content),
        TEST(test_path),         TEST(test_changed_content),
        TEST(test_two_contexts), TEST(test_takes_over),
        TEST(test_no_object),    TEST(test_wrong_object),
        TEST(test_wrong_symbol), TEST(test_rounding),
        TEST(test_valences),     TEST(test_folders),
        TEST(test_environment),  TEST(test_scan),
        TEST(test_unknown_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
