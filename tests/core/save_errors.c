/* SPDX-License-Identifier: BSD-3-Clause */
/* What cannot be saved or restored: each is refused by a message of its own, and leaves the network
 * and what stood at the path as they were. */
#include "save_check.h"
#include "../fuzz/save_edit.h"
#include <sys/stat.h>

struct made {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
};

/* How a network differs from the plain one, which is saved. */
struct twist {
    double dt, celsius, gbar, weight, delay, rate, threshold, interval, from, until;
    uint64_t seed, identity;
    uint32_t cells, threads, recordings, target;
    bool spikes_first, digits, csv, plain, burst, other_point, order;
    const char *path, *field;
};

static const double RATES[] = {0, 1e9, 200};

static void record(const struct made *m, const struct twist *t) {
    struct hk_target target[2] = {{.at = HK_AT_SEGMENT, .field = t->field ? t->field : "v"},
                                  {.at = HK_AT_SEGMENT, .index = t->target, .field = "ina"}};
    struct hk_probe values = {.kind = HK_PROBE_VALUES,
                              .n = 2,
                              .target = target,
                              .interval = t->interval,
                              .from = t->from,
                              .until = t->until,
                              .recorder = *PLAIN(t->plain ? "SavePlain" : "memory")},
                    spikes = {.kind = HK_PROBE_SPIKES, .recorder = *PLAIN("memory")};
    uint32_t out;
    const struct hk_spec *digits = SPEC("csv", VALUE("digits", t->digits ? 17 : 9));
    values.recorder = t->csv || t->digits ? *digits : values.recorder;
    values.path = t->path;
    WORKS(m->ctx, hk_net_probe(m->net, t->spikes_first ? &spikes : &values, &out));
    for (uint32_t k = 0; k < t->recordings; k++) {
        WORKS(m->ctx, hk_net_probe(m->net, &spikes, &out));
    }
}

static struct made make(const struct twist *t) {
    struct made m = {.ctx = open_context()};
    struct hk_net_options options = hk_net_defaults();
    options.celsius = t->celsius != 0 ? t->celsius : 6.3;
    options.dt = t->dt != 0 ? t->dt : 0.025;
    options.seed = t->seed ? t->seed : 1;
    options.threads = t->threads ? t->threads : 1;
    m.type = cylinder(m.ctx, 20, 20, 1, 100, 1);
    WORKS(m.ctx, hk_cell_insert(m.type, "hh", 0, NULL));
    if (t->gbar != 0) {
        set_all(m.ctx, m.type, "hh", "gnabar", t->gbar);
    }
    if (t->burst) {
        WORKS(m.ctx, hk_cell_insert(m.type, "EngineBurst", 0, NULL));
        set_all(m.ctx, m.type, "EngineBurst", "state_at", 1.9);
    }
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    uint32_t n = t->cells ? t->cells : 3, first;
    uint64_t identity[8];
    for (uint32_t k = 0; k < n; k++) {
        identity[k] = k + t->identity;
    }
    WORKS(m.ctx, hk_net_population(m.net, "P", m.type, n, identity, &first));
    for (uint32_t k = 0; k < n; k++) {
        uint32_t point[2];
        for (int i = 0; i < 2; i++) {
            bool fire = i == !t->order;
            point[!fire] = add_point(
                m.ctx, m.net, fire ? PLAIN("EngineFire") : SPEC("ExpSyn", VALUE("tau", 2)), k, 0);
        }
        double rates[] = {0, 1e9, t->rate != 0 ? t->rate : RATES[2]}, weights[] = {0.4, 1};
        uint32_t source = add_input(m.ctx, m.net, SPEC("Poisson", ROWS("rate", rates, 1)), "noise");
        double delay = t->delay != 0 ? t->delay : 1.5;
        connect_one(m.ctx, m.net, source, point[1], t->weight != 0 ? t->weight : 0.02, delay);
        WORKS(m.ctx, hk_net_connect(m.net, 1, &source, &point[0], weights, 2, &delay));
        uint32_t spikes = add_detector(m.ctx, m.net, k, 0, t->threshold != 0 ? t->threshold : -20);
        connect_one(m.ctx, m.net, spikes, point[1], 0.01, delay);
        connect_one(m.ctx, m.net, point_source(m.ctx, m.net, point[0]), point[1], 0.01, delay);
    }
    if (t->other_point) {
        add_point(m.ctx, m.net, PLAIN("IClamp"), 0, 0);
    }
    record(&m, t);
    return m;
}

static void unmake(struct made *m) {
    hk_net_free(m->net);
    hk_cell_free(m->type);
    hk_free(m->ctx);
}

static const double T = 8.175, END = 20;

/* The plain network at T as a file in `here`; and that it is gone. */
static void save_plain(void) {
    struct made m = make(&(struct twist){0});
    WORKS(m.ctx, hk_net_run(m.net, T));
    WORKS(m.ctx, hk_net_save(m.net, here));
    unmake(&m);
}

/* ---- files */

static void refuse(struct made *m, const unsigned char *byte, size_t n, hk_status status,
                   const char *part) {
    write_bytes(there, byte, n);
    double t = hk_net_time(m->net);
    hk_status got = hk_net_restore(m->net, there);
    if (got != status || !strstr(hk_message(m->ctx), part) || !strstr(hk_message(m->ctx), there)) {
        fail_msg("%zu bytes: %s: %s", n, hk_status_name(got), hk_message(m->ctx));
    }
    assert_true(hk_net_time(m->net) == t);
}

/* Cut short anywhere, with any byte another one, of another version; and it runs on as if nothing
 * had been. */
static void test_damaged(void **state) {
    (void)state;
    save_plain();
    size_t n;
    unsigned char *byte = read_file(here, &n);
    struct made plain = make(&(struct twist){0}), m = make(&(struct twist){0});
    WORKS(m.ctx, hk_net_run(m.net, 3));
    for (size_t k = 0; k < n; k += k < 200 ? 1 : 97) {
        refuse(&m, byte, k, HK_SYNTAX, k < 8 ? "it is no saved network" : "it is cut short");
        unsigned char kept = byte[k];
        byte[k] = (unsigned char)(kept ^ 0x10);
        refuse(&m, byte, n, HK_SYNTAX,
               k < 8               ? "it is no saved network"
               : k < 12            ? "it is a saved network of version"
               : k >= 16 && k < 24 ? "it "
                                   : "it has been altered");
        byte[k] = kept;
    }
    byte[8] = 2;
    save_rehash(byte, n);
    refuse(&m, byte, n, HK_SYNTAX,
           "of version 2, and this hillock (" HK_VERSION ") reads version 1");
    write_bytes(there, byte, 0);
    FAILS(m.ctx, hk_net_restore(m.net, there), HK_SYNTAX, "it is no saved network");
    FAILS(m.ctx, hk_net_restore(m.net, "/nowhere/x.hks"), HK_FILE,
          "/nowhere/x.hks: it cannot be read");
    FAILS(m.ctx, hk_net_restore(m.net, files.folder), HK_FILE, "it cannot be read");
    FAILS(m.ctx, hk_net_restore(m.net, ""), HK_INVALID, "needs the path of a file");
    WORKS(m.ctx, hk_net_run(m.net, END));
    WORKS(plain.ctx, hk_net_run(plain.net, END));
    same_recordings(plain.ctx, plain.net, m.ctx, m.net, 1);
    unmake(&plain);
    unmake(&m);
    free(byte);
}

/* ---- models and recordings */

static void test_other_models(void **state) {
    (void)state;
    save_plain();
    const struct twist twists[] = {{.dt = 0.05},      {.celsius = 7},        {.seed = 2},
                                   {.gbar = 0.11},    {.weight = 0.021},     {.delay = 1.525},
                                   {.rate = 200.001}, {.threshold = -21},    {.cells = 4},
                                   {.identity = 1},   {.other_point = true}, {.order = true}};
    for (size_t k = 0; k < sizeof twists / sizeof *twists; k++) {
        struct made m = make(&twists[k]);
        FAILS(m.ctx, hk_net_restore(m.net, here), HK_INVALID,
              "it is of another model: its digest is");
        assert_non_null(strstr(hk_message(m.ctx), here));
        unmake(&m);
    }
    struct made m = make(&(struct twist){.threads = 2}); /* the same */
    WORKS(m.ctx, hk_net_restore(m.net, here));
    unmake(&m);
}

static void test_other_recordings(void **state) {
    (void)state;
    save_plain();
    const struct {
        struct twist twist;
        const char *part;
    } cases[] = {
        {{.recordings = 1}, "it has 1 recordings, and the network has 2"},
        {{.spikes_first = true}, "recording 1 is of values, and of spikes in the network"},
        {{.csv = true, .path = "x.csv"},
         "recording 1 (v) goes to memory, and to csv in the network"},
        {{.interval = 0.1}, "recording 1 (v) is every 0.025 ms, and every 0.1 ms in the network"},
        {{.from = 1}, "recording 1 (v) is from 0 to "},
        {{.until = 50}, "and from 0 to 50 ms in the network"},
        {{.target = 1}, "recording 1 (v) looks elsewhere in the network: its target 2 differs"},
        {{.field = "ek"}, "recording 1 (ek) looks elsewhere in the network: its target 1 differs"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct made m = make(&cases[k].twist);
        FAILS(m.ctx, hk_net_restore(m.net, here), HK_INVALID, cases[k].part);
        assert_non_null(strstr(hk_message(m.ctx), here));
        assert_true(hk_net_time(m.net) == 0);
        unmake(&m);
    }
}

/* ---- recorders */

static void test_recorders(void **state) {
    (void)state;
    char rows[PATH], nowhere[PATH];
    path_of(rows, "rows.csv");
    path_of(nowhere, "nowhere/rows.csv");
    struct made m = make(&(struct twist){.plain = true});
    FAILS(m.ctx, hk_net_save(m.net, there), HK_INVALID,
          "recording 1 (v): recorder SavePlain cannot be saved: it has not the ability "
          "hillock.save/1");
    unmake(&m);
    m = make(&(struct twist){.csv = true, .path = "/dev/null"});
    WORKS(m.ctx, hk_net_run(m.net, 1));
    FAILS(m.ctx, hk_net_save(m.net, there), HK_FILE, "/dev/null is no regular file");
    WORKS(m.ctx, hk_net_run(m.net, 2));
    unmake(&m);
    m = make(&(struct twist){.csv = true, .path = rows});
    WORKS(m.ctx, hk_net_run(m.net, T));
    WORKS(m.ctx, hk_net_save(m.net, there));
    unmake(&m);
    m = make(&(struct twist){.digits = true});
    FAILS(m.ctx, hk_net_restore(m.net, there), HK_INVALID,
          "recording 1 (v) has csv.digits = 9, and 17 in the network");
    unmake(&m);
    /* What comes after all checks leaves it as newly built. */
    m = make(&(struct twist){.csv = true, .path = nowhere});
    FAILS(m.ctx, hk_net_restore(m.net, there), HK_FILE, "cannot write");
    assert_non_null(strstr(hk_message(m.ctx), there));
    assert_true(hk_net_time(m.net) == 0);
    unmake(&m);
}

/* ---- saving */

static void test_saving(void **state) {
    (void)state;
    char folder[PATH], part[PATH + 8];
    path_of(folder, "missing/x.hks");
    struct made m = make(&(struct twist){.burst = true});
    FAILS(m.ctx, hk_net_save(m.net, folder), HK_FILE, "x.hks: it cannot be written: No such file");
    FAILS(m.ctx, hk_net_save(m.net, NULL), HK_INVALID, "needs the path of a file");
    WORKS(m.ctx, hk_net_run(m.net, 1));
    path_of(folder, "taken");
    assert_int_equal(mkdir(folder, 0777), 0);
    FAILS(m.ctx, hk_net_save(m.net, folder), HK_FILE, "taken: it cannot be written");
    snprintf(part, sizeof part, "%s.part", folder);
    assert_int_not_equal(access(part, F_OK), 0); /* nothing is left of it */
    WORKS(m.ctx, hk_net_save(m.net, there));
    assert_string_equal(hk_status_name(hk_net_run(m.net, END)), "HK_DIVERGED");
    FAILS(m.ctx, hk_net_save(m.net, there), HK_ORDER, "the run has diverged, and cannot be saved");
    WORKS(m.ctx, hk_net_restore(m.net, there)); /* what stood there is whole */
    assert_true(hk_net_time(m.net) == 1);
    WORKS(m.ctx, hk_net_run(m.net, 1.5));
    unmake(&m);
}

/* ---- any bytes, with the right hash */

static uint64_t word = 0x9e3779b97f4a7c15;

static uint32_t below(uint32_t n) { /* xorshift64*: Vigna, ACM Trans Math Softw 42 (2016) 30 */
    word ^= word >> 12;
    word ^= word << 25;
    word ^= word >> 27;
    return (uint32_t)((word * 0x2545f4914f6cdd1d >> 33) % n);
}

static void test_any_bytes(void **state) {
    (void)state;
    save_plain();
    size_t n, many = is_quick() ? 300 : 3000;
    unsigned char *good = read_file(here, &n), *byte = malloc(2 * n);
    assert_non_null(byte);
    struct made m = make(&(struct twist){0});
    uint32_t taken = 0;
    for (size_t k = 0; k < many; k++) {
        unsigned char edits[8 * SAVE_EDIT];
        size_t length = n;
        for (size_t e = 0; e < sizeof edits; e++) {
            edits[e] = (unsigned char)(below(3) ? below(256) : below(2) ? 0 : 255);
        }
        memcpy(byte, good, n);
        memcpy(byte + n, good, n);
        if (below(4) == 0) { /* another length */
            length = SAVE_HEADER + SAVE_HASH + below((uint32_t)(2 * n - SAVE_HEADER - SAVE_HASH));
        }
        if (length > SAVE_HEADER + SAVE_HASH) {
            save_edit(byte, length, edits, (1 + below(8)) * SAVE_EDIT);
        }
        bool is_taken;
        const char *wrong = save_try(m.ctx, m.net, there, byte, length, &is_taken);
        if (wrong) {
            fail_msg("file %zu: %s: %s", k, wrong, hk_message(m.ctx));
        }
        taken += is_taken;
    }
    print_message("# %u of %zu were taken\n", (unsigned)taken, many);
    assert_in_range(taken, many / 20, many - many / 20);
    WORKS(m.ctx, hk_net_restore(m.net, here)); /* and the good one still is */
    struct made plain = make(&(struct twist){0});
    WORKS(m.ctx, hk_net_run(m.net, END));
    WORKS(plain.ctx, hk_net_run(plain.net, END));
    same_recordings(plain.ctx, plain.net, m.ctx, m.net, 1);
    unmake(&plain);
    unmake(&m);
    free(good);
    free(byte);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged),          cmocka_unit_test(test_other_models),
        cmocka_unit_test(test_other_recordings), cmocka_unit_test(test_recorders),
        cmocka_unit_test(test_saving),           cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests_name("save_errors", tests, open_saves, close_files);
}
