/* SPDX-License-Identifier: BSD-3-Clause */
/* The run: time, building, resetting, several networks at once, what a network says of itself. */
#include "models.h"
#include <pthread.h>

static const struct hk_spec *synapse(void) {
    static const struct hk_param params[] = {{.field = "tau", .value = 2},
                                             {.field = "e", .value = 0}};
    static const struct hk_spec spec = {"ExpSyn", 2, params};
    return &spec;
}

struct small {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
};

/* n passive cells of five segments. */
static struct small open_small(struct hk_net_options options, uint32_t n) {
    struct small s = {.ctx = open_context()};
    s.type = cylinder(s.ctx, 200, 2, 5, 100, 1);
    passive(s.ctx, s.type, 1e-4, -70);
    WORKS(s.ctx, hk_net_new(s.ctx, &options, &s.net));
    add_cells(s.ctx, s.net, s.type, n);
    return s;
}

static void close_small(struct small *s) {
    hk_net_free(s->net);
    hk_cell_free(s->type);
    hk_free(s->ctx);
}

static void test_time(void **state) {
    (void)state;
    struct small s = open_small(hk_net_defaults(), 1);
    uint32_t v = probe_v(s.ctx, s.net, 0, 0);
    assert_true(hk_net_time(s.net) == 0);
    WORKS(s.ctx, hk_net_run(s.net, 1.0));
    assert_true(hk_net_time(s.net) == 1.0);
    WORKS(s.ctx, hk_net_run(s.net, 1.0)); /* nothing more to do */
    assert_int_equal(rows_of(s.ctx, s.net, v).n, 41);
    WORKS(s.ctx, hk_net_run(s.net, 1.51)); /* rounded to a step */
    assert_true(hk_net_time(s.net) == 60 * 0.025);
    assert_int_equal(rows_of(s.ctx, s.net, v).n, 61);
    FAILS(s.ctx, hk_net_run(s.net, 1.0), HK_INVALID, "time goes forward");
    FAILS(s.ctx, hk_net_run(s.net, (double)NAN), HK_INVALID, "a run until");
    FAILS(s.ctx, hk_net_run(s.net, (double)INFINITY), HK_INVALID, "a run until inf ms");
    for (uint32_t k = 0; k <= 60; k++) {
        assert_true(at(rows_of(s.ctx, s.net, v), k, 0) == k * 0.025);
    }
    WORKS(s.ctx, hk_net_reset(s.net));
    assert_true(hk_net_time(s.net) == 0);
    assert_int_equal(rows_of(s.ctx, s.net, v).n, 0);
    close_small(&s);
}

static void test_nothing_can_be_added_later(void **state) {
    (void)state;
    struct small s = open_small(hk_net_defaults(), 1);
    WORKS(s.ctx, hk_net_build(s.net));
    WORKS(s.ctx, hk_net_build(s.net));
    uint32_t zero = 0, out;
    struct hk_probe probe = {.kind = HK_PROBE_SPIKES, .recorder = *PLAIN("memory")};
    FAILS(s.ctx, hk_net_population(s.net, "more", s.type, 1, NULL, &out), HK_ORDER, "built");
    FAILS(s.ctx, hk_net_points(s.net, synapse(), 1, &zero, &zero, &out), HK_ORDER, "built");
    FAILS(s.ctx, hk_net_probe(s.net, &probe, &out), HK_ORDER, "built");
    close_small(&s);
}

static void test_empty(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_net *net = open_net(ctx, 0.025, -65);
    WORKS(ctx, hk_net_reset(net)); /* there is nothing to take back yet */
    FAILS(ctx, hk_net_run(net, 1), HK_INVALID, "no cells");
    hk_net_free(net);
    hk_free(ctx);
}

static void test_groups(void **state) {
    (void)state;
    const struct {
        uint32_t cells, group, threads, groups;
    } cases[] = {{10, 1, 1, 10}, {10, 3, 1, 4}, {10, 10, 1, 1}, {10, 100, 1, 1},
                 {10, 0, 1, 1},  {10, 0, 3, 3}, {2, 0, 3, 2},   {65, 0, 1, 2}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct hk_net_options options = hk_net_defaults();
        options.group = cases[k].group;
        options.threads = cases[k].threads;
        struct small s = open_small(options, cases[k].cells);
        WORKS(s.ctx, hk_net_build(s.net));
        assert_int_equal(hk_net_facts(s.net).groups, cases[k].groups);
        assert_int_equal(hk_net_facts(s.net).threads, cases[k].threads);
        close_small(&s);
    }
}

/* 20 of one kind and place share one instance; another tau, another place or a plugin that is not
 * linear do not. */
static void test_facts(void **state) {
    (void)state;
    struct small s = open_small(hk_net_defaults(), 2);
    double times[] = {1, 2};
    uint32_t source = add_times(s.ctx, s.net, times, 2);
    for (int k = 0; k < 20; k++) {
        connect_one(s.ctx, s.net, source, add_point(s.ctx, s.net, synapse(), 0, 3), 1e-4, 1);
    }
    add_point(s.ctx, s.net, synapse(), 0, 2);
    add_point(s.ctx, s.net, synapse(), 1, 3);
    add_point(s.ctx, s.net, SPEC("ExpSyn", VALUE("tau", 3)), 0, 3);
    for (int k = 0; k < 3; k++) {
        add_point(s.ctx, s.net, SPEC("IClamp", VALUE("amp", 0)), 0, 3);
    }
    WORKS(s.ctx, hk_net_run(s.net, 10));
    struct hk_net_facts facts = hk_net_facts(s.net);
    assert_int_equal(facts.cells, 2);
    assert_int_equal(facts.compartments, 10);
    assert_int_equal(facts.points, 26);
    assert_int_equal(facts.instances, 7);
    assert_int_equal(facts.connections, 20);
    assert_int_equal(facts.inputs, 1);
    assert_int_equal(facts.steps, 400);
    assert_int_equal(facts.events, 40);
    assert_int_equal(facts.spikes, 0);
    assert_true(facts.epoch_ms == 1.0);
    assert_true(facts.bytes > 10 * 5 * sizeof(double));
    close_small(&s);
}

/* A cell without mechanisms: a capacitor. */
static void test_bare_membrane(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 10, 10, 1, 100, 1);
    hk_net *net = open_net(ctx, 0.025, -65);
    add_cells(ctx, net, type, 1);
    add_point(ctx, net, SPEC("IClamp", VALUE("amp", 0.01), VALUE("dur", 1)), 0, 0);
    uint32_t v = probe_v(ctx, net, 0, 0);
    WORKS(ctx, hk_net_run(net, 2));
    double capacity = 1e-5 * acos(-1) * 100; /* nF */
    NEAR(last_of(ctx, net, v), -65 + 0.01 / capacity,
         1e-11); /* 40 equal steps, some units of rounding of 65 each */
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* Cells of one type that differ by hk_net_set run as a type of its own would. */
static void test_own_values(void **state) {
    (void)state;
    struct small s = open_small(hk_net_defaults(), 3);
    uint32_t cell = 1, segment = 2, first;
    double g = 5e-4, cm = 2;
    WORKS(s.ctx, hk_net_set(s.net, 1, &cell, "pas", "g", 1, &segment, &g, 0));
    WORKS(s.ctx, hk_net_set(s.net, 1, &cell, NULL, "cm", 1, &segment, &cm, 0));
    hk_cell *other = cylinder(s.ctx, 200, 2, 5, 100, 1);
    passive(s.ctx, other, 1e-4, -70);
    WORKS(s.ctx, hk_cell_set(other, "pas", "g", 1, &segment, &g, 0));
    WORKS(s.ctx, hk_cell_set(other, NULL, "cm", 1, &segment, &cm, 0));
    WORKS(s.ctx, hk_net_population(s.net, "other", other, 1, NULL, &first));
    uint32_t set = probe_v(s.ctx, s.net, 1, 4), own = probe_v(s.ctx, s.net, first, 4),
             plain = probe_v(s.ctx, s.net, 0, 4);
    WORKS(s.ctx, hk_net_run(s.net, 20));
    same_rows(rows_of(s.ctx, s.net, set), rows_of(s.ctx, s.net, own));
    assert_true(last_of(s.ctx, s.net, plain) != last_of(s.ctx, s.net, own));
    hk_cell_free(other);
    close_small(&s);
}

/* What of a current is an ion's counts once, also where somebody reads that ion's current. */
static void test_shares_count_once(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    struct rows v[2], ina = {0}, seen = {0};
    hk_cell *type[2];
    hk_net *net[2];
    for (int read = 0; read < 2; read++) {
        type[read] = cylinder(ctx, 20, 20, 1, 100, 1);
        WORKS(ctx, hk_cell_insert(type[read], "hh", 0, NULL));
        WORKS(ctx, hk_cell_insert(type[read], "Na", 0, NULL));
        WORKS(ctx, hk_cell_insert(type[read], "UnitShares", 0, NULL));
        if (read) {
            WORKS(ctx, hk_cell_insert(type[read], "UnitWatch", 0, NULL));
        }
        struct hk_net_options options = hk_net_defaults();
        options.celsius = 6.3;
        WORKS(ctx, hk_net_new(ctx, &options, &net[read]));
        add_cells(ctx, net[read], type[read], 3);
        add_point(ctx, net[read], SPEC("IClamp", VALUE("amp", 0.3), VALUE("dur", 100)), 1, 0);
        add_point(ctx, net[read], SPEC("UnitSpill", VALUE("g", 1e-3)), 1, 0);
        uint32_t out = probe_v(ctx, net[read], 1, 0),
                 sum = probe_segment(ctx, net[read], 1, 0, NULL, "ina"),
                 state_of = read ? probe_segment(ctx, net[read], 1, 0, "UnitWatch", "seen") : 0;
        WORKS(ctx, hk_net_run(net[read], 10));
        v[read] = rows_of(ctx, net[read], out);
        ina = rows_of(ctx, net[read], sum);
        seen = read ? rows_of(ctx, net[read], state_of) : seen;
    }
    double most = -100;
    for (uint64_t r = 0; r < v[0].n; r++) {
        /* Na's current joins the others' in another order, and a spike magnifies its rounding */
        NEAR(at(v[1], r, 1), at(v[0], r, 1), 1e-9);
        if (r) {
            NEAR(at(seen, r, 1), at(ina, r - 1, 1), 1e-14);
        }
        most = fmax(most, at(v[0], r, 1));
    }
    assert_true(most > 20);
    for (int read = 0; read < 2; read++) {
        hk_net_free(net[read]);
        hk_cell_free(type[read]);
    }
    hk_free(ctx);
}

/* A type may change or go once its network is built. */
static void test_types_are_kept(void **state) {
    (void)state;
    struct small s = open_small(hk_net_defaults(), 1);
    uint32_t v = probe_v(s.ctx, s.net, 0, 0);
    WORKS(s.ctx, hk_net_run(s.net, 5));
    double before = last_of(s.ctx, s.net, v);
    hk_cell_free(s.type);
    s.type = NULL;
    WORKS(s.ctx, hk_net_reset(s.net));
    WORKS(s.ctx, hk_net_run(s.net, 5));
    assert_true(last_of(s.ctx, s.net, v) == before);
    close_small(&s);
}

/* ---- two networks at once */

struct at_once {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
    uint32_t v;
    hk_status status;
};

static struct at_once open_at_once(uint64_t seed) {
    struct at_once a = {.ctx = open_context()};
    a.type = cylinder(a.ctx, 200, 20, 5, 100, 1);
    WORKS(a.ctx, hk_cell_insert(a.type, "hh", 0, NULL));
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 6.3;
    options.seed = seed;
    options.threads = 2;
    options.group = 2;
    WORKS(a.ctx, hk_net_new(a.ctx, &options, &a.net));
    add_cells(a.ctx, a.net, a.type, 4);
    for (uint32_t cell = 0; cell < 4; cell++) {
        uint32_t point = add_point(a.ctx, a.net, synapse(), cell, 4),
                 next = add_point(a.ctx, a.net, synapse(), cell, 2);
        char name[16];
        snprintf(name, sizeof name, "noise %u", (unsigned)cell);
        uint32_t noise = add_input(a.ctx, a.net,
                                   SPEC("NetStim", VALUE("start", 0), VALUE("interval", 2),
                                        VALUE("number", 1e9), VALUE("noise", 1)),
                                   name);
        connect_one(a.ctx, a.net, noise, point, 0.02, 1);
        connect_one(a.ctx, a.net, add_detector(a.ctx, a.net, (cell + 1) % 4, 0, -20), next, 0.02,
                    1);
    }
    a.v = probe_v(a.ctx, a.net, 2, 0);
    return a;
}

static void close_at_once(struct at_once *a) {
    hk_net_free(a->net);
    hk_cell_free(a->type);
    hk_free(a->ctx);
}

static void *run_at_once(void *argument) {
    struct at_once *a = argument;
    a->status = hk_net_run(a->net, 100);
    return NULL;
}

static void test_two_at_once(void **state) {
    (void)state;
    struct at_once alone = open_at_once(5), one = open_at_once(5), other = open_at_once(6);
    run_at_once(&alone);
    WORKS(alone.ctx, alone.status);
    pthread_t thread[2];
    assert_int_equal(pthread_create(&thread[0], NULL, run_at_once, &one), 0);
    assert_int_equal(pthread_create(&thread[1], NULL, run_at_once, &other), 0);
    pthread_join(thread[0], NULL);
    pthread_join(thread[1], NULL);
    WORKS(one.ctx, one.status);
    WORKS(other.ctx, other.status);
    same_rows(rows_of(alone.ctx, alone.net, alone.v), rows_of(one.ctx, one.net, one.v));
    assert_int_equal(hk_net_facts(alone.net).spikes, hk_net_facts(one.net).spikes);
    assert_true(hk_net_facts(alone.net).spikes > 10);
    assert_true(last_of(one.ctx, one.net, one.v) != last_of(other.ctx, other.net, other.v));
    close_at_once(&alone);
    close_at_once(&one);
    close_at_once(&other);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time),           cmocka_unit_test(test_nothing_can_be_added_later),
        cmocka_unit_test(test_empty),          cmocka_unit_test(test_groups),
        cmocka_unit_test(test_facts),          cmocka_unit_test(test_bare_membrane),
        cmocka_unit_test(test_own_values),     cmocka_unit_test(test_shares_count_once),
        cmocka_unit_test(test_types_are_kept), cmocka_unit_test(test_two_at_once),
    };
    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
