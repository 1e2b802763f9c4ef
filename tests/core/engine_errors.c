/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs that go wrong: what they say, what they leave, and how one goes on. */
#include "models.h"
#include <signal.h>
#include <sys/time.h>

struct model {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
};

/* n cells of two passive sections; their identities are 40, 41, ... EngineBurst is in the second
 * section's middle segment. */
static struct model open_model(struct hk_net_options options, uint32_t n) {
    struct model m = {.ctx = open_context()};
    struct stick stick[] = {{100, 2, 0, 0, 3}, {100, 2, 0, 1, 3}, {100, 2, 0, 1, 3}};
    uint64_t identity[20];
    uint32_t segment = 4, first;
    m.type = tree(m.ctx, "fork", 3, stick, 100, 1);
    passive(m.ctx, m.type, 1e-4, -65);
    WORKS(m.ctx, hk_cell_insert(m.type, "EngineBurst", 1, &segment));
    for (uint32_t k = 0; k < n; k++) {
        identity[k] = 40 + k;
    }
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    WORKS(m.ctx, hk_net_population(m.net, "forks", m.type, n, identity, &first));
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->type);
    hk_free(m->ctx);
}

static void set_burst(struct model *m, uint32_t cell, const char *field, double value) {
    uint32_t segment = 4;
    WORKS(m->ctx, hk_net_set(m->net, 1, &cell, "EngineBurst", field, 1, &segment, &value, 0));
}

/* ---- divergence */

/* In any group, lane and thread: cell, segment, time, mechanisms; what was recorded until then is
 * finite and kept. */
static void test_current_is_not_a_number(void **state) {
    (void)state;
    for (uint32_t group = 0; group <= 3; group++) {
        struct hk_net_options options = hk_net_defaults();
        options.group = group;
        options.threads = 1 + group % 2;
        struct model m = open_model(options, 7);
        set_burst(&m, 5, "current_at", 3.3);
        uint32_t v = probe_v(m.ctx, m.net, 5, 4), other = probe_v(m.ctx, m.net, 0, 0);
        /* the step from 3.3 on makes v of 3.325 */
        FAILS(m.ctx, hk_net_run(m.net, 10), HK_DIVERGED,
              "v is not a number at t = 3.325 ms in cell 45 (forks), segment s1[0](0.5), which has "
              "pas, EngineBurst");
        struct rows rows = rows_of(m.ctx, m.net, v);
        assert_int_equal(rows.n, 133); /* up to t = 3.3 */
        for (uint64_t r = 0; r < rows.n; r++) {
            assert_true(isfinite(at(rows, r, 1)));
        }
        assert_int_equal(rows_of(m.ctx, m.net, other).n, 133);
        FAILS(m.ctx, hk_net_run(m.net, 10), HK_ORDER, "reset the network");
        WORKS(m.ctx, hk_net_reset(m.net));
        WORKS(m.ctx, hk_net_run(m.net, 3.3));
        assert_int_equal(rows_of(m.ctx, m.net, v).n, 133);
        FAILS(m.ctx, hk_net_run(m.net, 10), HK_DIVERGED,
              "v is not a number at t = 3.325 ms in cell 45");
        close_model(&m);
    }
}

static void test_state_is_not_a_number(void **state) {
    (void)state;
    struct model m = open_model(hk_net_defaults(), 3);
    set_burst(&m, 1, "state_at", 2);
    add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 2)), 1, 4);
    FAILS(m.ctx, hk_net_run(m.net, 10), HK_DIVERGED,
          "v is not a number at t = 2.025 ms in cell 41 (forks), segment s1[0](0.5), which has "
          "pas, EngineBurst (its x is not finite), ExpSyn");
    close_model(&m);
}

/* v that grows without bounds is found at the latest at the epoch's end, before it is infinite. */
static void test_runaway(void **state) {
    (void)state;
    struct model m = open_model(hk_net_defaults(), 3);
    set_burst(&m, 2, "away_at", 1);
    set_burst(&m, 2, "away", 0.01);
    uint32_t v = probe_v(m.ctx, m.net, 2, 4);
    FAILS(m.ctx, hk_net_run(m.net, 20), HK_DIVERGED,
          "in cell 42 (forks), segment s1[0](0.5), which has pas, EngineBurst");
    if (strstr(hk_message(m.ctx), "number")) {
        fail_msg("%s", hk_message(m.ctx));
    }
    struct rows rows = rows_of(m.ctx, m.net, v);
    assert_true(rows.n > 60);
    double last = at(rows, rows.n - 1, 1);
    assert_true(isfinite(last) && last > 1000);
    close_model(&m);
}

/* Of several, the first one is told, in whichever group. */
static void test_the_first_one(void **state) {
    (void)state;
    struct hk_net_options options = hk_net_defaults();
    options.group = 1;
    struct model m = open_model(options, 4);
    set_burst(&m, 0, "current_at", 5.6);
    set_burst(&m, 2, "current_at", 5.5);
    set_burst(&m, 3, "current_at", 5.7);
    FAILS(m.ctx, hk_net_run(m.net, 10), HK_DIVERGED, "at t = 5.525 ms in cell 42");
    close_model(&m);
}

static void test_others_go_on(void **state) {
    (void)state;
    struct model bad = open_model(hk_net_defaults(), 2), good = open_model(hk_net_defaults(), 2);
    set_burst(&bad, 0, "current_at", 1);
    uint32_t v = probe_v(good.ctx, good.net, 0, 4);
    WORKS(good.ctx, hk_net_run(good.net, 1));
    FAILS(bad.ctx, hk_net_run(bad.net, 10), HK_DIVERGED, "cell 40");
    WORKS(good.ctx, hk_net_run(good.net, 2));
    assert_string_equal(hk_message(good.ctx), "");
    assert_int_equal(rows_of(good.ctx, good.net, v).n, 81);
    close_model(&bad);
    close_model(&good);
}

/* ---- what a model lacks */

static void test_celsius(void **state) {
    (void)state;
    const char *mechanisms[] = {"hh", "EnginePool"};
    const char *messages[] = {"celsius is not set, and hh depends on it: set the network's celsius",
                              "celsius is not set, and the reversal potential of ca depends on it"};
    for (int k = 0; k < 2; k++) {
        hk_context *ctx = open_context();
        hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
        WORKS(ctx, hk_cell_insert(type, mechanisms[k], 0, NULL));
        hk_net *net = open_net(ctx, 0.025, -65);
        add_cells(ctx, net, type, 1);
        FAILS(ctx, hk_net_run(net, 1), HK_INVALID, messages[k]);
        FAILS(ctx, hk_net_build(net), HK_INVALID,
              messages[k]); /* again, and nothing is left over */
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
}

/* ---- hooks named check */

static void test_check_of_points(void **state) {
    (void)state;
    uint32_t cell = 0, segment = 8, out;
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 37;                    /* EnginePlace reads calcium */
    struct model m = open_model(options, 1); /* what is wrong by itself is refused at once */
    FAILS(m.ctx,
          hk_net_points(m.net, SPEC("EnginePlace", VALUE("wrong", 1)), 1, &cell, &segment, &out),
          HK_INVALID, "EnginePlace: it is wrong");
    close_model(&m);
    for (uint32_t many = 0; many < 2; many++) { /* a few, or one at nearly each segment */
        m = open_model(options, 10);
        for (cell = 0; cell < (many ? 10 : 1); cell++) {
            add_point(m.ctx, m.net, SPEC("EnginePlace", VALUE("tau", 3)), cell, many ? 7 : 0);
            add_point(m.ctx, m.net, SPEC("EnginePlace", VALUE("tau", 3)), cell, many ? 8 : 1);
        }
        add_point(m.ctx, m.net, SPEC("EnginePlace", VALUE("thickest", 1)), 6, 8);
        FAILS(m.ctx, hk_net_run(m.net, 1), HK_INVALID,
              "cell 46 (forks), segment s2[0](0.8333): EnginePlace: its compartment is too thick");
        FAILS(m.ctx, hk_net_reset(m.net), HK_INVALID, "cell 46");
        close_model(&m);
    }
    m = open_model(options, 10);
    for (cell = 0; cell < 10; cell++) { /* those between the wrong ones are nobody's */
        add_point(m.ctx, m.net, SPEC("EnginePlace", VALUE("thickest", 1)), cell, 8);
    }
    FAILS(m.ctx, hk_net_run(m.net, 1), HK_INVALID,
          "cell 40 (forks), segment s2[0](0.8333): EnginePlace: its compartment is too thick");
    close_model(&m);
}

static void test_check_of_channels(void **state) {
    (void)state;
    struct model m = open_model(hk_net_defaults(), 10);
    set_burst(&m, 7, "wrong", 1);
    FAILS(m.ctx, hk_net_run(m.net, 1), HK_INVALID,
          "cell 47 (forks), segment s1[0](0.5): EngineBurst: it is wrong");
    close_model(&m);
}

static void test_check_of_inputs(void **state) {
    (void)state;
    struct model m = open_model(hk_net_defaults(), 1);
    uint32_t out;
    double unsorted[] = {3, 1}, negative[] = {-1, 2}, windows[] = {0, 10, 5, 9, 20, 5};
    assert_int_equal(hk_net_inputs(m.net, SPEC("SpikeArray", ROWS("times", unsorted, 2)), "a", 1,
                                   NULL, NULL, &out),
                     HK_INVALID);
    assert_non_null(strstr(hk_message(m.ctx), "times"));
    assert_int_equal(hk_net_inputs(m.net, SPEC("SpikeArray", ROWS("times", negative, 2)), "a", 1,
                                   NULL, NULL, &out),
                     HK_INVALID);
    assert_non_null(strstr(hk_message(m.ctx), "times"));
    assert_int_equal(hk_net_n_inputs(m.net), 0);
    FAILS(m.ctx,
          hk_net_inputs(m.net, SPEC("Poisson", ROWS("rate", windows, 2)), "b", 1, NULL, NULL, &out),
          HK_INVALID, "Poisson: a window of rate begins before the one before it ends");
    close_model(&m);
}

/* A plugin that sends what it may not: the run stops and says which; samples until then stay. */
static void test_send(void **state) {
    (void)state;
    struct {
        const char *field;
        double value;
        const char *reason;
    } wrong[] = {{"flag", 0, "it sends an event with flag 0"},
                 {"ahead", -0.5, "it sends an event into the past"}};
    for (uint32_t k = 0; k < 2; k++) {
        struct model m = open_model(hk_net_defaults(), 3);
        add_point(m.ctx, m.net, SPEC("EngineSend", VALUE("flag", 1)), 0, 0);
        add_point(m.ctx, m.net, SPEC("EngineSend", VALUE(wrong[k].field, wrong[k].value)), 1, 4);
        uint32_t v = probe_v(m.ctx, m.net, 1, 4);
        char message[200];
        snprintf(message, sizeof message, "cell 41 (forks), segment s1[0](0.5): EngineSend: %s",
                 wrong[k].reason);
        FAILS(m.ctx, hk_net_run(m.net, 5), HK_PLUGIN, message);
        assert_int_equal(rows_of(m.ctx, m.net, v).n, 81); /* up to t = 2 */
        close_model(&m);
    }
}

/* ---- interruption */

static volatile sig_atomic_t stop;

static void stop_now(int signal) {
    (void)signal;
    stop = 1;
}

static void test_interrupted(void **state) {
    (void)state;
    struct hk_net_options options = hk_net_defaults();
    options.stop = &stop;
    struct model m = open_model(options, 4), whole = open_model(hk_net_defaults(), 4);
    uint32_t v = probe_v(m.ctx, m.net, 3, 4), right = probe_v(whole.ctx, whole.net, 3, 4);
    stop = 1;
    FAILS(m.ctx, hk_net_run(m.net, 10), HK_INTERRUPTED, "interrupted at t = 0 ms");
    stop = 0;
    const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    signal(SIGALRM, stop_now);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    FAILS(m.ctx, hk_net_run(m.net, 1e9), HK_INTERRUPTED, "what was recorded until then is kept");
    signal(SIGALRM, SIG_DFL);
    double t = hk_net_time(m.net);
    assert_true(fabs(t - rint(t)) < 1e-9); /* an epoch's end */
    assert_int_equal(rows_of(m.ctx, m.net, v).n, lround(t / 0.025));
    stop = 0;
    WORKS(m.ctx, hk_net_run(m.net, t + 10));
    WORKS(whole.ctx, hk_net_run(whole.net, t + 10));
    same_rows(rows_of(m.ctx, m.net, v), rows_of(whole.ctx, whole.net, right));
    close_model(&m);
    close_model(&whole);
}

/* ---- recorders that fail */

static uint32_t probe_file(struct model *m, const char *path, uint32_t columns) {
    struct hk_target target[64];
    for (uint32_t k = 0; k < columns; k++) {
        target[k] =
            (struct hk_target){.at = HK_AT_SEGMENT, .index = k % 4, .segment = k % 9, .field = "v"};
    }
    struct hk_probe probe = {.kind = HK_PROBE_VALUES,
                             .n = columns,
                             .target = target,
                             .recorder = *PLAIN("csv"),
                             .path = path};
    uint32_t out;
    WORKS(m->ctx, hk_net_probe(m->net, &probe, &out));
    return out;
}

/* The run says so and stops; those that record elsewhere lose nothing, and one may go on without
 * the file. */
static void test_full_disk(void **state) {
    (void)state;
    if (access("/dev/full", W_OK)) {
        skip();
    }
    struct model m = open_model(hk_net_defaults(), 4), whole = open_model(hk_net_defaults(), 4);
    probe_file(&m, "/dev/full", 64);
    uint32_t v = probe_v(m.ctx, m.net, 3, 4), right = probe_v(whole.ctx, whole.net, 3, 4);
    FAILS(m.ctx, hk_net_run(m.net, 300), HK_FILE,
          "recorder csv: cannot write /dev/full: No space left on device");
    double t = hk_net_time(m.net);
    assert_true(t < 300);
    assert_int_equal(rows_of(m.ctx, m.net, v).n, lround(t / 0.025));
    WORKS(m.ctx, hk_net_run(m.net, 500));
    WORKS(whole.ctx, hk_net_run(whole.net, 500));
    same_rows(rows_of(m.ctx, m.net, v), rows_of(whole.ctx, whole.net, right));
    close_model(&m);
    close_model(&whole);
}

/* What fits in the file's own buffer fails when the run ends. */
static void test_full_disk_at_the_end(void **state) {
    (void)state;
    if (access("/dev/full", W_OK)) {
        skip();
    }
    struct model m = open_model(hk_net_defaults(), 4);
    probe_file(&m, "/dev/full", 1);
    uint32_t v = probe_v(m.ctx, m.net, 3, 4);
    for (int again = 0; again < 2; again++) {
        FAILS(m.ctx, hk_net_run(m.net, 1), HK_FILE, "recorder csv: cannot write /dev/full");
        assert_int_equal(rows_of(m.ctx, m.net, v).n, 41);
        WORKS(m.ctx, hk_net_reset(m.net));
    }
    close_model(&m);
}

static void test_no_such_folder(void **state) {
    (void)state;
    struct model m = open_model(hk_net_defaults(), 4);
    uint32_t v = probe_v(m.ctx, m.net, 3, 4);
    probe_file(&m, "/nonexistent/v.csv", 2);
    for (int again = 0; again < 2; again++) {
        FAILS(m.ctx, hk_net_run(m.net, 1), HK_FILE, "/nonexistent/v.csv");
        assert_true(hk_net_time(m.net) == 0);
        assert_int_equal(rows_of(m.ctx, m.net, v).n, 0);
    }
    FAILS(m.ctx, hk_net_reset(m.net), HK_FILE, "/nonexistent/v.csv");
    close_model(&m);
}

/* A divergence is told even where a recorder cannot keep what was before it. */
static void test_both(void **state) {
    (void)state;
    if (access("/dev/full", W_OK)) {
        skip();
    }
    struct model m = open_model(hk_net_defaults(), 4);
    probe_file(&m, "/dev/full", 1);
    set_burst(&m, 0, "current_at", 0.5);
    FAILS(m.ctx, hk_net_run(m.net, 10), HK_DIVERGED, "in cell 40");
    close_model(&m);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_current_is_not_a_number),
        cmocka_unit_test(test_state_is_not_a_number),
        cmocka_unit_test(test_runaway),
        cmocka_unit_test(test_the_first_one),
        cmocka_unit_test(test_others_go_on),
        cmocka_unit_test(test_celsius),
        cmocka_unit_test(test_check_of_points),
        cmocka_unit_test(test_check_of_channels),
        cmocka_unit_test(test_check_of_inputs),
        cmocka_unit_test(test_send),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_full_disk_at_the_end),
        cmocka_unit_test(test_no_such_folder),
        cmocka_unit_test(test_both),
    };
    return cmocka_run_group_tests_name("engine_errors", tests, NULL, NULL);
}
