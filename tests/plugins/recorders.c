/* SPDX-License-Identifier: BSD-3-Clause */
/* The recorders: what comes back, what stands on disk when, and what each failure says. */
#include "harness.h"
#include <sys/stat.h>

static const char *const columns[] = {"t_ms", "v_mV", "a,\"b\""};

struct desk {
    void *so, *state;
    const struct hk_record *record;
    struct hk_recorder r;
    double global[1];
    char folder[64], path[96], part[112];
};

static void desk_open(struct desk *d, const char *file) {
    memset(d, 0, sizeof *d);
    const struct hk_plugin *p = rig_load(file, &d->so);
    d->record = p->record;
    assert_non_null(d->state = calloc(1, d->record->state_size));
    strcpy(d->folder, "/tmp/hillock-test-XXXXXX");
    assert_non_null(mkdtemp(d->folder));
    snprintf(d->path, sizeof d->path, "%s/out.csv", d->folder);
    snprintf(d->part, sizeof d->part, "%s.part", d->path);
    d->global[0] = p->n_field ? p->field[0].value : 0;
    d->r = (struct hk_recorder){.state = d->state,
                                .path = d->path,
                                .column = columns,
                                .n_column = 3,
                                .global = d->global,
                                .host = &rig_host};
    rig_message[0] = '\0';
}

static void desk_close(struct desk *d) {
    remove(d->path);
    remove(d->part);
    assert_int_equal(rmdir(d->folder), 0); /* nothing else was left in it */
    free(d->state);
    dlclose(d->so);
}

static void assert_file(const char *path, const char *want) {
    char got[512] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    got[fread(got, 1, sizeof got - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(got, want);
}

static void test_memory(void **state) {
    struct desk d;
    uint64_t n = 99;
    (void)state;
    desk_open(&d, "memory");
    assert_int_equal(d.record->open(&d.r), 0);
    d.record->view(&d.r, &n);
    assert_int_equal(n, 0);
    for (uint32_t j = 0; j < 1000; j++) { /* 0, 1, 2, 0, 1, 2, ... rows at once */
        double row[6] = {j, j + 0.25, j + 0.5, j + 0.5, j + 0.75, -1.0 * j};
        assert_int_equal(d.record->write(&d.r, row, j % 3), 0);
    }
    const double *row = d.record->view(&d.r, &n);
    assert_int_equal(n, 999);
    uint64_t at = 0;
    for (uint32_t j = 0; j < 1000; j++) {
        double want[6] = {j, j + 0.25, j + 0.5, j + 0.5, j + 0.75, -1.0 * j};
        assert_memory_equal(row + 3 * at, want, sizeof(double) * 3 * (j % 3));
        at += j % 3;
    }
    assert_int_equal(d.record->close(&d.r), 0);
    assert_int_equal(d.record->open(&d.r), 0); /* and again */
    d.record->view(&d.r, &n);
    assert_int_equal(n, 0);
    assert_int_equal(d.record->close(&d.r), 0);
    desk_close(&d);
}

/* ---- taken along by a saved network */

struct taken {
    unsigned char byte[1 << 16];
    uint64_t n;
};

static void take(void *to, const void *bytes, uint64_t n) {
    struct taken *t = to;
    assert_true(n <= sizeof t->byte - t->n);
    memcpy(t->byte + t->n, bytes, n);
    t->n += n;
}

static const struct hk_record_save *ability_of(const struct desk *d) {
    const struct hk_plugin *p = dlsym(d->so, "hk_plugin");
    assert_int_equal(p->n_ability, 1);
    assert_string_equal(p->ability[0].is, HK_RECORD_SAVE);
    return p->ability[0].it;
}

static void test_memory_taken(void **state) {
    static struct taken taken, again;
    struct desk d, other;
    uint64_t n = 0;
    (void)state;
    desk_open(&d, "memory");
    desk_open(&other, "memory");
    const struct hk_record_save *save = ability_of(&d);
    assert_int_equal(d.record->open(&d.r), 0);
    for (uint32_t j = 0; j < 700; j++) {
        double row[3] = {j, -0.5 * j, j ? 1.0 / j : -0.0};
        assert_int_equal(d.record->write(&d.r, row, 1), 0);
    }
    assert_int_equal(save->save(&d.r, take, &taken), 0);
    assert_int_equal(taken.n, 8 * 3 * 700);
    const unsigned char half[] = {0, 0, 0, 0, 0, 0, 0xe0, 0xbf}; /* -0.5, the lowest byte first */
    assert_memory_equal(taken.byte + 8 * 4, half, 8);
    assert_int_equal(save->check(&other.r, taken.byte, taken.n), 0);
    assert_int_equal(save->check(&other.r, taken.byte, taken.n - 8), 1);
    assert_string_equal(rig_message, "16792 bytes are no rows of 3 numbers");
    assert_int_equal(save->restore(&other.r, taken.byte, taken.n), 0);
    double row[3] = {700, 0, 0};
    assert_int_equal(d.record->write(&d.r, row, 1), 0);
    assert_int_equal(other.record->write(&other.r, row, 1), 0);
    const double *one = d.record->view(&d.r, &n), *two = other.record->view(&other.r, &n);
    assert_int_equal(n, 701);
    assert_memory_equal(one, two, 8 * 3 * 701);
    assert_int_equal(other.record->close(&other.r), 0);
    assert_int_equal(save->restore(&other.r, taken.byte, 0), 0); /* no rows */
    assert_int_equal(save->save(&other.r, take, &again), 0);
    assert_int_equal(again.n, 0);
    assert_int_equal(d.record->close(&d.r), 0);
    assert_int_equal(other.record->close(&other.r), 0);
    desk_close(&d);
    desk_close(&other);
}

static void test_csv_taken(void **state) {
    static struct taken taken;
    struct desk d, other;
    const double row[3] = {0, 1, 2}, next[3] = {3, 4, 5};
    (void)state;
    desk_open(&d, "csv");
    desk_open(&other, "csv");
    const struct hk_record_save *save = ability_of(&d);
    assert_int_equal(d.record->open(&d.r), 0);
    assert_int_equal(d.record->write(&d.r, row, 1), 0);
    assert_int_equal(save->save(&d.r, take, &taken), 0);
    assert_int_equal(d.record->write(&d.r, next, 1), 0); /* of no account */
    assert_int_equal(save->restore(&other.r, taken.byte, taken.n), 0);
    assert_file(other.part, "t_ms,v_mV,\"a,\"\"b\"\"\"\n0,1,2\n");
    assert_int_equal(other.record->write(&other.r, next, 1), 0);
    assert_int_equal(d.record->close(&d.r), 0);
    assert_int_equal(other.record->close(&other.r), 0);
    assert_file(d.path, "t_ms,v_mV,\"a,\"\"b\"\"\"\n0,1,2\n3,4,5\n");
    assert_file(other.path, "t_ms,v_mV,\"a,\"\"b\"\"\"\n0,1,2\n3,4,5\n");
    other.r.path = "/nowhere/out.csv";
    assert_int_equal(save->restore(&other.r, taken.byte, taken.n), 1);
    assert_string_equal(rig_message,
                        "cannot write /nowhere/out.csv.part: No such file or directory");
    other.r.path = "/dev/null";
    assert_int_equal(other.record->open(&other.r), 0);
    assert_int_equal(save->save(&other.r, take, &taken), 1);
    assert_string_equal(rig_message,
                        "/dev/null is no regular file: what was written to it cannot be saved");
    assert_int_equal(other.record->close(&other.r), 0);
    other.r.path = other.path;
    desk_close(&d);
    desk_close(&other);
}

static void test_memory_full(void **state) {
    struct desk d;
    uint64_t n = 0;
    (void)state;
    double row[3] = {1, 2, 3};
    desk_open(&d, "memory");
    assert_int_equal(d.record->open(&d.r), 0);
    assert_int_equal(d.record->write(&d.r, row, 1), 0);
    d.r.n_column = UINT32_MAX; /* asks for more than there is; nothing is read before that */
    assert_int_not_equal(d.record->write(&d.r, row, UINT32_MAX), 0);
    assert_non_null(strstr(rig_message, "no memory for 4294967296 rows of 4294967295 numbers"));
    d.r.n_column = 3;
    assert_memory_equal(d.record->view(&d.r, &n), row, sizeof row);
    assert_int_equal(n, 1);
    assert_int_equal(d.record->close(&d.r), 0);
    desk_close(&d);
}

static void test_csv(void **state) {
    const double row[9] = {0, -65, 1, 0.025, -64.123456789123, 1e-12, 0.05, HK_NAN, 1e300};
    struct desk d;
    (void)state;
    desk_open(&d, "csv");
    assert_int_equal(d.record->open(&d.r), 0);
    assert_int_equal(d.record->write(&d.r, row, 1), 0);
    assert_int_equal(d.record->write(&d.r, row + 3, 2), 0);
    assert_int_equal(d.record->flush(&d.r), 0);
    const char *want =
        "t_ms,v_mV,\"a,\"\"b\"\"\"\n0,-65,1\n0.025,-64.1234568,1e-12\n0.05,nan,1e+300\n";
    assert_file(d.part, want);
    assert_int_not_equal(access(d.path, F_OK), 0); /* no part passes for the whole */
    assert_int_equal(d.record->close(&d.r), 0);
    assert_file(d.path, want);
    assert_int_not_equal(access(d.part, F_OK), 0);
    desk_close(&d);
}

static void test_csv_digits(void **state) {
    const double row[3] = {0.1, 1. / 3, 2};
    double back = 0;
    char line[200];
    struct desk d;
    (void)state;
    desk_open(&d, "csv");
    d.global[0] = 17;
    assert_int_equal(d.record->open(&d.r), 0);
    assert_int_equal(d.record->write(&d.r, row, 1), 0);
    assert_int_equal(d.record->close(&d.r), 0);
    FILE *f = fopen(d.path, "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    assert_int_equal(fscanf(f, "%*[^,],%lf", &back), 1);
    fclose(f);
    assert_memory_equal(&back, row + 1, sizeof back);
    desk_close(&d);
}

/* A run that does not end in order leaves what an earlier one wrote. */
/* Of 15 to 17 digits the fewest that give the number back, as printf has them. */
static void fewest(double x, char *text) {
    int digits = 15;
    while (snprintf(text, 32, "%.*g", digits, x) > 0 && digits < 17 && strtod(text, NULL) != x)
        digits++;
}

static void test_csv_fewest(void **state) {
    uint64_t bits = 88172645463325252u;
    struct desk d;
    (void)state;
    desk_open(&d, "csv");
    d.global[0] = 0;
    d.r.n_column = 1;
    for (int turn = 0; turn < 50; turn++) {
        double row[400] = {0,        -0.0,      0.1,    0.3,      1. / 3,
                           1e15,     1e16,      1e17,   123456.0, 999999.5,
                           1e-4,     9e-5,      5e-324, HK_NAN,   HK_INF,
                           -HK_INF,  0x1p-1022, 1e300,  -2.5,     99999999999999990.0,
                           0.1 + 0.2};
        for (int k = 21; k < 400; k++) {
            bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
            memcpy(row + k, &bits, sizeof bits); /* of any size; or as voltages; or as times */
            if (k % 3 == 1)
                row[k] = ((double)(bits >> 11) / 9007199254740992.0 - 0.5) * 200;
            else if (k % 3 == 2)
                row[k] = (double)(bits % 100000) * 0.025;
        }
        assert_int_equal(d.record->open(&d.r), 0);
        assert_int_equal(d.record->write(&d.r, row, 400), 0);
        assert_int_equal(d.record->close(&d.r), 0);
        FILE *f = fopen(d.path, "r");
        char got[64], want[64];
        assert_non_null(f);
        assert_non_null(fgets(got, sizeof got, f));
        for (int k = 0; k < 400; k++) {
            assert_int_equal(fscanf(f, "%63s", got), 1);
            fewest(row[k], want);
            assert_string_equal(got, want);
            double back = strtod(got, NULL);
            assert_true(memcmp(&back, row + k, sizeof back) == 0 || row[k] != row[k]);
        }
        fclose(f);
    }
    desk_close(&d);
}

static void test_csv_keeps(void **state) {
    const double row[3] = {1, 2, 3};
    struct desk d;
    (void)state;
    desk_open(&d, "csv");
    FILE *f = fopen(d.path, "w");
    assert_non_null(f);
    fputs("earlier\n", f);
    fclose(f);
    assert_int_equal(d.record->open(&d.r), 0);
    for (int j = 0; j < 100000; j++)
        assert_int_equal(d.record->write(&d.r, row, 1), 0);
    assert_file(d.path, "earlier\n");
    assert_int_equal(d.record->close(&d.r), 0);
    struct stat s;
    assert_int_equal(stat(d.path, &s), 0);
    assert_int_equal(s.st_size, 20 + 100000 * 6);
    desk_close(&d);
}

static void test_csv_full_disk(void **state) {
    const double row[3] = {1, 2, 3};
    struct desk d;
    (void)state;
    if (access("/dev/full", W_OK))
        skip();
    desk_open(&d, "csv");
    d.r.path = "/dev/full";
    int failed = 0;
    assert_int_equal(d.record->open(&d.r), 0);
    for (int j = 0; j < 1000000 && !failed; j++) /* at the latest when the buffer is full */
        failed = d.record->write(&d.r, row, 1);
    assert_true(failed);
    assert_string_equal(rig_message, "cannot write /dev/full: No space left on device");
    rig_message[0] = '\0';
    assert_int_not_equal(d.record->write(&d.r, row, 1), 0);
    assert_int_not_equal(d.record->flush(&d.r), 0);
    assert_int_equal(d.record->close(&d.r), 0);
    assert_string_equal(rig_message, ""); /* one failure, one message */
    assert_int_equal(d.record->open(&d.r), 0);
    assert_int_not_equal(d.record->flush(&d.r), 0); /* the header alone */
    assert_string_equal(rig_message, "cannot write /dev/full: No space left on device");
    d.record->close(&d.r);
    assert_int_equal(d.record->open(&d.r), 0);
    rig_message[0] = '\0';
    assert_int_not_equal(d.record->close(&d.r), 0); /* seen at the end alone */
    assert_string_equal(rig_message, "cannot write /dev/full: No space left on device");
    desk_close(&d);
}

static void test_csv_paths(void **state) {
    struct desk d;
    char want[200], missing[128];
    (void)state;
    desk_open(&d, "csv");
    snprintf(missing, sizeof missing, "%s/none/x.csv", d.folder);
    d.r.path = missing;
    assert_int_not_equal(d.record->open(&d.r), 0);
    snprintf(want, sizeof want, "cannot write %s.part: No such file or directory", missing);
    assert_string_equal(rig_message, want);
    assert_int_equal(d.record->close(&d.r), 0);
    d.r.path = d.folder;
    assert_int_not_equal(d.record->open(&d.r), 0);
    snprintf(want, sizeof want, "cannot write %s: Is a directory", d.folder);
    assert_string_equal(rig_message, want);
    assert_int_equal(d.record->close(&d.r), 0);
    d.r.path = NULL;
    assert_int_not_equal(d.record->open(&d.r), 0);
    assert_string_equal(rig_message, "csv needs the path of a file");
    assert_int_equal(d.record->close(&d.r), 0);
    desk_close(&d);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),        cmocka_unit_test(test_memory_full),
        cmocka_unit_test(test_memory_taken),  cmocka_unit_test(test_csv_taken),
        cmocka_unit_test(test_csv),           cmocka_unit_test(test_csv_digits),
        cmocka_unit_test(test_csv_fewest),    cmocka_unit_test(test_csv_keeps),
        cmocka_unit_test(test_csv_full_disk), cmocka_unit_test(test_csv_paths),
    };
    return cmocka_run_group_tests_name("recorders", tests, NULL, NULL);
}
