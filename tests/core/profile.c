/* SPDX-License-Identifier: BSD-3-Clause */
/* A profile's counts, that its times add up, that it leaves no trace in the run; and how a run
 * tells how far it is. */
#include "models.h"
#include "hillock/plugin.h"
#include <time.h>

enum { CELLS = 6 };

struct model {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
    uint32_t v, spikes;
};

static const double times[] = {1, 2, 3.5};

/* Cells with a pool of calcium, each with two merged synapses and a clamp. */
static struct model open_model(struct hk_net_options options) {
    struct model m = {.ctx = open_context()};
    m.type = cylinder(m.ctx, 200, 10, 5, 100, 1);
    passive(m.ctx, m.type, 1e-4, -65);
    WORKS(m.ctx, hk_cell_insert(m.type, "hh", 0, NULL));
    WORKS(m.ctx, hk_cell_insert(m.type, "CaHVA", 0, NULL));
    WORKS(m.ctx, hk_cell_insert(m.type, "CaDyn", 0, NULL));
    options.celsius = 6.3;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    add_cells(m.ctx, m.net, m.type, CELLS);
    uint32_t input = add_times(m.ctx, m.net, times, 3);
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        for (int k = 0; k < 2; k++) {
            connect_one(m.ctx, m.net, input, add_point(m.ctx, m.net, PLAIN("ExpSyn"), cell, 3),
                        0.05, 1);
        }
        add_point(m.ctx, m.net, SPEC("IClamp", VALUE("amp", 0.3), VALUE("dur", 2)), cell, 0);
        add_detector(m.ctx, m.net, cell, 0, -20);
    }
    m.v = probe_v(m.ctx, m.net, 2, 0);
    m.spikes = probe_events(m.ctx, m.net, HK_PROBE_SPIKES, NULL);
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->type);
    hk_free(m->ctx);
}

static struct hk_net_options profiled(uint32_t threads, uint32_t group) {
    struct hk_net_options options = hk_net_defaults();
    options.profile = true;
    options.threads = threads;
    options.group = group;
    return options;
}

static const struct hk_profile_mechanism *mechanism(const struct hk_profile *p, const char *name) {
    for (uint32_t k = 0; k < p->n_mechanism; k++) {
        if (strcmp(p->mechanism[k].name, name) == 0) {
            return &p->mechanism[k];
        }
    }
    fail_msg("%s is not in the profile", name);
    return NULL;
}

static double phase(const struct hk_profile *p, const char *name) {
    for (uint32_t k = 0; k < p->n_phase; k++) {
        if (strcmp(p->phase[k].name, name) == 0) {
            return p->phase[k].s;
        }
    }
    fail_msg("the profile has no phase \"%s\"", name);
    return 0;
}

static void check_mechanisms(const struct hk_profile *p) {
    static const struct {
        const char *name;
        uint32_t kind, instances, events;
        bool current, advance;
    } want[] = {{"pas", HK_CHANNEL, 5 * CELLS, 0, true, false},
                {"hh", HK_CHANNEL, 5 * CELLS, 0, true, true},
                {"CaHVA", HK_CHANNEL, 5 * CELLS, 0, true, true},
                {"CaDyn", HK_CHANNEL, 5 * CELLS, 0, false, true},
                {"ExpSyn", HK_POINT, CELLS, 6 * CELLS, true, true},
                {"IClamp", HK_POINT, CELLS, 0, true, false}};
    assert_int_equal(p->n_mechanism, sizeof want / sizeof *want);
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        const struct hk_profile_mechanism *m = mechanism(p, want[k].name);
        assert_int_equal(m->kind, want[k].kind);
        assert_int_equal(m->instances, want[k].instances);
        assert_int_equal(m->events, want[k].events);
        assert_int_equal(m->current_s > 0, want[k].current);
        assert_int_equal(m->advance_s > 0, want[k].advance);
        assert_int_equal(m->receive_s > 0, want[k].events > 0);
    }
}

static void test_counts(void **state) {
    (void)state;
    static const uint32_t ways[][2] = {{1, 0}, {1, 2}, {2, 2}, {4, 3}};
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
        struct model m = open_model(profiled(ways[k][0], ways[k][1]));
        struct hk_profile p;
        WORKS(m.ctx, hk_net_run(m.net, 5));
        WORKS(m.ctx, hk_net_run(m.net, 10));
        WORKS(m.ctx, hk_net_profile(m.net, &p));
        struct hk_net_facts facts = hk_net_facts(m.net);
        assert_int_equal(p.runs, 2);
        assert_int_equal(p.steps, 400);
        assert_int_equal(p.events, 6 * CELLS);
        assert_int_equal(p.events, facts.events);
        assert_int_equal(p.spikes, facts.spikes);
        assert_true(p.spikes >= CELLS);
        assert_int_equal(p.compartments, 5 * CELLS);
        assert_int_equal(p.groups, facts.groups);
        assert_int_equal(p.n_thread,
                         ways[k][0] < facts.groups ? ways[k][0] : (uint32_t)facts.groups);
        assert_int_equal(p.least_cells, ways[k][1] ? ways[k][1] : CELLS);
        assert_int_equal(p.most_cells, p.least_cells);
        assert_true(p.group_bytes >= 20ull * 5 * p.most_cells * sizeof(double));
        assert_true(p.group_bytes < facts.bytes);
        check_mechanisms(&p);
        close_model(&m);
    }
}

/* Runs before a reset are in it too. */
static void test_reset(void **state) {
    (void)state;
    struct model m = open_model(profiled(1, 0));
    struct hk_profile one, all;
    WORKS(m.ctx, hk_net_run(m.net, 10));
    WORKS(m.ctx, hk_net_profile(m.net, &one));
    double run_s = one.run_s;
    WORKS(m.ctx, hk_net_reset(m.net));
    WORKS(m.ctx, hk_net_run(m.net, 10));
    WORKS(m.ctx, hk_net_profile(m.net, &all));
    assert_int_equal(all.runs, 2);
    assert_int_equal(all.steps, 2 * one.steps);
    assert_int_equal(all.events, 2 * one.events);
    assert_int_equal(all.spikes, 2 * one.spikes);
    assert_true(all.run_s > run_s);
    assert_int_equal(mechanism(&all, "ExpSyn")->events, 12 * CELLS);
    close_model(&m);
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void check_phases(const struct hk_profile *p, uint32_t threads) {
    static const char *const channel[] = {"pas", "hh", "CaHVA"};
    double channels = 0;
    for (int k = 0; k < 3; k++) {
        channels += mechanism(p, channel[k])->current_s + mechanism(p, channel[k])->advance_s;
    }
    NEAR(phase(p, "channels: currents") + phase(p, "channels: states"), channels, 1e-6 * channels);
    assert_true(phase(p, "ion pools and Nernst") > mechanism(p, "CaDyn")->advance_s);
    static const char *const some[] = {"synapses and clamps: currents",
                                       "synapses and clamps: states",
                                       "synapses and clamps: events",
                                       "v at synapses and clamps",
                                       "clearing and adding up currents",
                                       "matrix assembly",
                                       "matrix solution",
                                       "test of v",
                                       "detection of spikes",
                                       "sampling",
                                       "delivery of events",
                                       "events of inputs",
                                       "exchange of spikes",
                                       "recorders",
                                       "initialisation"};
    for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
        if (!(phase(p, some[k]) > 0)) {
            fail_msg("nothing is spent on \"%s\"", some[k]);
        }
    }
    assert_true(threads > 1 || phase(p, "waiting of threads") == 0);
}

/* The phases add up to what the threads had, which is what an outer clock says of the run. */
static void test_sums(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; threads++) {
        struct model m = open_model(profiled(threads, 3));
        struct hk_profile p;
        WORKS(m.ctx, hk_net_build(m.net));
        double sum = 0, begin = now_s();
        WORKS(m.ctx, hk_net_run(m.net, 200));
        double outside = now_s() - begin, inside = hk_net_facts(m.net).run_s;
        WORKS(m.ctx, hk_net_profile(m.net, &p));
        for (uint32_t k = 0; k < p.n_phase; k++) {
            assert_true(p.phase[k].s >= 0);
            sum += p.phase[k].s;
        }
        NEAR(p.total_s, p.run_s * threads, 1e-9 * p.total_s);
        NEAR(sum, p.total_s, 0.1 * p.total_s); /* of processors' counters that differ */
        assert_true(p.run_s >= inside && p.run_s <= outside);
        assert_true(p.overhead_s > 0 && p.build_s > 0);
        for (uint32_t k = 0; k < p.n_thread; k++) {
            assert_true(p.busy_s[k] >= 0 && p.busy_s[k] <= 1.1 * p.run_s);
        }
        check_phases(&p, threads);
        close_model(&m);
    }
}

/* On one thread the marks leave next to nothing unnamed: in one of ten tries at least, as the
 * system may take the processor away anywhere. */
static void test_little_is_unnamed(void **state) {
    (void)state;
    struct model m = open_model(profiled(1, 3));
    double least = 1;
    for (int k = 0; k < 10; k++) {
        struct hk_profile p;
        WORKS(m.ctx, hk_net_reset(m.net));
        WORKS(m.ctx, hk_net_run(m.net, 20));
        WORKS(m.ctx, hk_net_profile(m.net, &p));
        double share = phase(&p, "other") / p.total_s;
        least = share < least ? share : least;
    }
    assert_true(least < 0.5);
    close_model(&m);
}

static void test_same_bits(void **state) {
    (void)state;
    struct model plain = open_model(hk_net_defaults()), measured = open_model(profiled(2, 2));
    WORKS(plain.ctx, hk_net_run(plain.net, 50));
    WORKS(measured.ctx, hk_net_run(measured.net, 50));
    same_rows(rows_of(plain.ctx, plain.net, plain.v),
              rows_of(measured.ctx, measured.net, measured.v));
    same_rows(rows_of(plain.ctx, plain.net, plain.spikes),
              rows_of(measured.ctx, measured.net, measured.spikes));
    close_model(&plain);
    close_model(&measured);
}

static void test_refusals(void **state) {
    (void)state;
    struct hk_profile p;
    struct model m = open_model(hk_net_defaults());
    FAILS(m.ctx, hk_net_profile(m.net, &p), HK_ORDER, "did not ask for one");
    WORKS(m.ctx, hk_net_run(m.net, 1));
    FAILS(m.ctx, hk_net_profile(m.net, &p), HK_ORDER, "did not ask for one");
    close_model(&m);
    m = open_model(profiled(1, 0));
    FAILS(m.ctx, hk_net_profile(m.net, &p), HK_ORDER, "has not been built");
    WORKS(m.ctx, hk_net_build(m.net));
    WORKS(m.ctx, hk_net_profile(m.net, &p));
    assert_int_equal(p.steps, 0);
    assert_true(p.run_s == 0 && p.total_s == 0 && p.phase[0].s == 0);
    struct hk_net_options options = hk_net_defaults();
    options.progress_s = -1;
    hk_net *net;
    FAILS(m.ctx, hk_net_new(m.ctx, &options, &net), HK_INVALID, "progress_s is -1 s, not from 0");
    close_model(&m);
}

/* ---- how far a run is */

struct seen {
    uint32_t n, n_made;
    struct hk_progress made[64];
    struct hk_progress last;
    bool backwards;
    volatile sig_atomic_t stop;
    uint32_t stop_at;
};

static void see(void *data, const struct hk_progress *now) {
    struct seen *seen = data;
    if (now->phase) {
        if (seen->n_made < 64) {
            seen->made[seen->n_made++] = *now;
        }
        return;
    }
    seen->backwards = seen->backwards || (seen->n && now->t <= seen->last.t);
    seen->last = *now;
    seen->n++;
    seen->stop = seen->n == seen->stop_at;
}

static struct hk_net_options watched(struct seen *seen) {
    struct hk_net_options options = hk_net_defaults();
    options.progress = see;
    options.progress_data = seen;
    options.progress_s = 0;
    options.stop = &seen->stop;
    return options;
}

static void test_progress(void **state) {
    (void)state;
    struct seen seen = {0};
    struct model m = open_model(watched(&seen));
    WORKS(m.ctx, hk_net_run(m.net, 10));
    assert_int_equal(seen.n, 10); /* epochs of 1 ms: no delay is shorter */
    assert_true(seen.last.from == 0 && seen.last.t == 10 && seen.last.until == 10);
    assert_true(seen.last.wall_s > 0);
    assert_int_equal(seen.last.spikes, hk_net_facts(m.net).spikes);
    WORKS(m.ctx, hk_net_run(m.net, 14));
    assert_int_equal(seen.n, 14);
    assert_true(seen.last.from == 10 && seen.last.t == 14 && seen.last.until == 14);
    assert_false(seen.backwards);
    close_model(&m);
}

static void test_progress_and_stop(void **state) {
    (void)state;
    struct seen seen = {.stop_at = 3};
    struct model m = open_model(watched(&seen));
    FAILS(m.ctx, hk_net_run(m.net, 10), HK_INTERRUPTED, "interrupted at t = 3 ms");
    assert_int_equal(seen.n, 3);
    close_model(&m);
}

/* Of what is made by the many: what, and how many of all; nothing more of a second build. */
static void test_progress_of_making(void **state) {
    (void)state;
    struct seen seen = {0};
    struct hk_net_options options = watched(&seen);
    options.group = 2;
    struct model m = open_model(options);
    assert_int_equal(seen.n_made, 0); /* one by one */
    uint32_t cells[CELLS], dend[] = {1, 2};
    for (uint32_t i = 0; i < CELLS; i++) {
        cells[i] = i;
    }
    struct hk_number weight = {.a = 0.01}, delay = {.a = 1};
    struct hk_stimulus stimulus = {.stream = "s",
                                   .n_cell = CELLS,
                                   .cell = cells,
                                   .count = 3,
                                   .input = *PLAIN("NetStim"),
                                   .point = *PLAIN("ExpSyn"),
                                   .place = {.n = 2, .segment = dend},
                                   .weight = weight,
                                   .delay = delay};
    WORKS(m.ctx, hk_net_stimulate(m.net, &stimulus, NULL));
    assert_int_equal(seen.n_made, CELLS);
    assert_string_equal(seen.made[1].phase, "stimuli");
    assert_true(seen.made[1].from == 0 && seen.made[1].t == 1 && seen.made[1].until == CELLS);
    assert_true(seen.made[1].wall_s >= seen.made[0].wall_s && seen.made[0].wall_s >= 0);
    struct hk_rule rule = {.stream = "r",
                           .kind = HK_ALL,
                           .n_pre = CELLS,
                           .pre = cells,
                           .n_post = CELLS,
                           .post = cells,
                           .point = *PLAIN("ExpSyn"),
                           .place = {.n = 2, .segment = dend},
                           .weight = weight,
                           .delay = delay};
    seen.n_made = 0;
    WORKS(m.ctx, hk_net_rule(m.net, &rule, NULL));
    assert_int_equal(seen.n_made, CELLS);
    assert_string_equal(seen.made[0].phase, "connections");
    seen.n_made = 0;
    WORKS(m.ctx, hk_net_build(m.net));
    assert_int_equal(seen.n_made, CELLS); /* groups of two, in two goes */
    assert_string_equal(seen.made[0].phase, "layout");
    assert_true(seen.made[CELLS - 1].t == CELLS - 1 && seen.made[0].until == CELLS);
    WORKS(m.ctx, hk_net_build(m.net));
    assert_int_equal(seen.n_made, CELLS);
    assert_int_equal(seen.n, 0);
    close_model(&m);
}

/* Not before its time. */
static void test_progress_is_seldom(void **state) {
    (void)state;
    struct seen seen = {0};
    struct hk_net_options options = watched(&seen);
    options.progress_s = 1e9;
    struct model m = open_model(options);
    WORKS(m.ctx, hk_net_run(m.net, 10));
    assert_int_equal(seen.n + seen.n_made, 0);
    close_model(&m);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_little_is_unnamed),
        cmocka_unit_test(test_same_bits),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_progress_and_stop),
        cmocka_unit_test(test_progress_of_making),
        cmocka_unit_test(test_progress_is_seldom),
    };
    return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
