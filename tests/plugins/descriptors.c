/* SPDX-License-Identifier: BSD-3-Clause */
/* Every plugin of the build tree: what its descriptor says, and that its kernels keep to it. */
#include "harness.h"
#include <ctype.h>
#include <dirent.h>

static char files[64][64];
static int n_file;

static void find(void) {
    char path[2100];
    rig_path(path, sizeof path, "");
    *strrchr(path, '/') = '\0';
    DIR *d = opendir(path);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d)) && n_file < 64;) {
        size_t n = strlen(e->d_name);
        if (n > 3 && n < 64 && !strcmp(e->d_name + n - 3, ".so"))
            memcpy(files[n_file++], e->d_name, n - 3);
    }
    closedir(d);
}

static int is_name(const char *s) {
    if (!isalpha((unsigned char)*s))
        return 0;
    while (isalnum((unsigned char)*s) || *s == '_')
        s++;
    return !*s;
}

static int is_ion(uint32_t role) {
    return role >= HK_REVERSAL && role <= HK_WRITE_CURRENT;
}

static void check_field(const struct hk_plugin *p, uint32_t j) {
    const struct hk_field *f = &p->field[j];
    assert_true(is_name(f->name));
    assert_non_null(f->unit);
    assert_true(f->doc && strlen(f->doc) > 0 && !strchr(f->doc, '\n'));
    assert_int_equal(f->ion != NULL, is_ion(f->role));
    assert_true(f->low <= f->high);
    if (f->low != f->high && !isnan(f->value) && f->role != HK_LIST && f->role != HK_WEIGHT)
        assert_true(f->value >= f->low && f->value <= f->high);
    assert_int_equal(f->role < HK_GLOBAL, j < p->n_column); /* the columns stand first */
    for (uint32_t l = 0; l < j; l++)
        assert_string_not_equal(f->name, p->field[l].name);
    if (f->role == HK_LIST)
        assert_true(f->width > 0);
}

static void test_descriptor(void **state) {
    void *so;
    const char *file = *state;
    const struct hk_plugin *p = rig_load(file, &so);
    assert_memory_equal(p->magic, HK_MAGIC, 8);
    assert_int_equal(p->abi_major, HK_ABI_MAJOR);
    assert_int_equal(p->size, sizeof(struct hk_plugin));
    assert_int_equal(p->field_size, sizeof(struct hk_field));
    assert_int_equal(p->block_size, sizeof(struct hk_block));
    assert_true(is_name(p->name) && is_name(p->prefix));
    assert_true(strlen(p->doc) > 0);
    assert_string_equal(p->prefix, file);
    for (const char *s = p->name; *s; s++) /* the file is named after the plugin */
        assert_int_equal(tolower((unsigned char)*s), file[s - p->name]);
    for (uint32_t j = 0; j < p->n_field; j++)
        check_field(p, j);
    assert_true(p->n_common <= HK_COMMON);
    assert_int_equal(p->setup != NULL, p->n_common > 0);
    if (p->kind == HK_CHANNEL || p->kind == HK_POINT)
        assert_true(p->init || p->current);
    assert_int_equal(p->kind == HK_INPUT, p->next != NULL);
    assert_int_equal(p->kind == HK_RECORDER, p->record != NULL);
    double a = 1 + 0x1p-30, rounded = a * a;
    assert_true(p->rounding(a, a, -rounded) == 0);
    dlclose(so);
}

/* The symbols that a program could see: `nm -D` of the file. */
static void test_symbol(void **state) {
    char path[2100], command[2200], line[256];
    int found = 0;
    rig_path(path, sizeof path, *state);
    snprintf(command, sizeof command, "nm -D --defined-only '%s' 2>/dev/null", path);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (strstr(line, "asan") || strstr(line, "ubsan") || strstr(line, "tsan"))
            continue;
        found++;
        if (!strstr(line, " hk_plugin\n"))
            fail_msg("%s exports %s", (const char *)*state, line);
    }
    if (pclose(f) || !found)
        skip(); /* no nm here */
    assert_int_equal(found, 1);
}

/* Kernels write what is theirs to write and nothing else; setup fills what it says. */
static void test_columns(void **state) {
    enum { N = 32 };
    struct rig r;
    rig_open(&r, *state, N);
    const struct hk_plugin *p = r.plugin;
    double before[RIG_COLUMNS][N];
    for (uint32_t j = 0; j < p->n_column; j++) {
        uint32_t role = p->field[j].role;
        if ((role > HK_ASSIGNED && role != HK_DERIVED) || isnan(p->field[j].value))
            rig_set(&r, p->field[j].name, 1e-3);
        memcpy(before[j], r.col[j], sizeof before[j]);
    }
    for (uint32_t j = 0; j < HK_COMMON; j++)
        r.common[j] = HK_NAN;
    rig_init(&r, 37, 0.025);
    for (uint32_t j = 0; j < HK_COMMON; j++)
        assert_int_equal(isnan(r.common[j]), j >= p->n_common);
    for (uint32_t j = 0; j < p->n_column; j++) {
        if (p->field[j].role == HK_DERIVED)
            memcpy(before[j], r.col[j], sizeof before[j]);
    }
    for (int step = 0; step < 3; step++) {
        if (p->current)
            p->current(&r.b);
        if (p->advance)
            p->advance(&r.b);
        if (p->next)
            p->next(&r.b, 3);
    }
    for (uint32_t j = 0; j < p->n_column; j++) {
        uint32_t role = p->field[j].role;
        if (role == HK_PARAMETER || (role >= HK_REVERSAL && role <= HK_ION_CURRENT) ||
            role >= HK_DIAMETER)
            assert_memory_equal(before[j], r.col[j], sizeof before[j]);
        for (uint32_t k = 0; k < N; k++)
            assert_true(isfinite(r.col[j][k]));
    }
    for (uint32_t k = 0; k < N; k++)
        assert_true(isfinite(r.i[k]) && isfinite(r.g[k]) && r.v[k] == -65);
    for (uint32_t k = 0; k < N; k++)
        r.v[k] = -20;
    rig_init(&r, 37, 0.025);
    for (uint32_t j = 0; j < p->n_column; j++) {
        if (p->field[j].role == HK_DERIVED)
            assert_memory_equal(before[j], r.col[j], sizeof before[j]);
    }
    rig_close(&r);
}

static void test_all_there(void **state) {
    static const char *const want[] = {
        "leak",    "na",     "kv",      "km",     "ka",   "kca",       "cahva",   "calva",
        "cadyn",   "pas",    "hh",      "ampa",   "nmda", "ampa_nmda", "gabaa",   "expsyn",
        "exp2syn", "iclamp", "seclamp", "memory", "csv",  "netstim",   "poisson", "spikearray"};
    (void)state;
    for (size_t j = 0; j < sizeof want / sizeof *want; j++) {
        int found = 0;
        for (int l = 0; l < n_file; l++)
            found += !strcmp(files[l], want[j]);
        if (found != 1)
            fail_msg("%s is missing", want[j]);
    }
}

int main(void) {
    static char name[3 * 64][96];
    struct CMUnitTest test[3 * 64 + 1];
    size_t n = 0;
    cmocka_set_message_output(CM_OUTPUT_TAP);
    find();
    for (int j = 0; j < n_file; j++) {
        const struct {
            const char *what;
            CMUnitTestFunction run;
        } each[] = {
            {"descriptor", test_descriptor}, {"symbol", test_symbol}, {"columns", test_columns}};
        for (size_t l = 0; l < 3; l++) {
            snprintf(name[n], sizeof name[n], "%.63s: %s", files[j], each[l].what);
            test[n] = (struct CMUnitTest){name[n], each[l].run, NULL, NULL, files[j]};
            n++;
        }
    }
    test[n++] = (struct CMUnitTest)cmocka_unit_test(test_all_there);
    return _cmocka_run_group_tests("descriptors", test, n, NULL, NULL);
}
