/* SPDX-License-Identifier: BSD-3-Clause */
/* Where an ion's variables come from. The expected numbers are NEURON 8.2.2's, of one compartment
 * at 20 degC with the same uses of calcium (USEION ca READ eca, READ cai, ...), where the user has
 * set eca = 77, cai = 2e-4, cao = 1.5, and cai0_ca_ion = 1e-3, cao0_ca_ion = 3: with those NEURON
 * begins where a mechanism writes a concentration, and hillock with what is set in the segment. */
#include "models.h"

enum { MOST = 4 };

static hk_net *celsius_net(hk_context *ctx, double celsius, uint32_t group) {
    struct hk_net_options options = hk_net_defaults();
    options.celsius = celsius;
    options.group = group;
    hk_net *net;
    WORKS(ctx, hk_net_new(ctx, &options, &net));
    return net;
}

struct rule {
    const char *mechanism[MOST];
    bool point;             /* IonPoint, which reads cai, is there too */
    double first, next;     /* eca at t = 0, and from the first step on */
    double inside, outside; /* at t = 0 */
};

static const double NERNST = 112.7008141616908; /* of 2e-4 and 1.5 mM */

static const struct rule rules[] = {
    /* a concentration that nobody looks at changes nothing */
    {{"IonReadsE"}, false, 77, 77, 2e-4, 1.5},
    /* READ cai or cao: Nernst at the start, whether or not eca is read */
    {{"IonReadsIn"}, false, NERNST, NERNST, 2e-4, 1.5},
    {{"IonReadsOut"}, false, NERNST, NERNST, 2e-4, 1.5},
    {{"IonReadsE", "IonReadsIn"}, false, NERNST, NERNST, 2e-4, 1.5},
    {{"IonReadsIn", "IonReadsE"}, false, NERNST, NERNST, 2e-4, 1.5},
    {{"IonReadsE", "IonReadsOut"}, false, NERNST, NERNST, 2e-4, 1.5},
    /* WRITE eca: the mechanism's own, whatever else there is */
    {{"IonWritesE"}, false, 11, 12, 2e-4, 1.5},
    {{"IonWritesE", "IonReadsIn"}, false, 11, 12, 2e-4, 1.5},
    {{"IonReadsE", "IonWritesE"}, false, 11, 12, 2e-4, 1.5},
    /* WRITE cai: Nernst in each step */
    {{"EnginePool"}, false, 116.33448505848693, 115.3234771, 3e-4, 3},
    {{"EnginePool", "IonReadsE"}, false, 116.33448505848693, 115.3234771, 3e-4, 3},
    {{"IonReadsIn", "EnginePool"}, false, 116.33448505848693, 115.3234771, 3e-4, 3},
    {{"EnginePool", "IonWritesE"}, false, 11, 12, 3e-4, 3},
    {{"IonReadsE", "EnginePool", "IonWritesE"}, false, 11, 12, 3e-4, 3},
    /* a point process counts as a channel does */
    {{"IonReadsE"}, true, NERNST, NERNST, 2e-4, 1.5},
    {{NULL}, true, NERNST, NERNST, 2e-4, 1.5},
    {{"IonWritesE"}, true, 11, 12, 2e-4, 1.5},
    {{"EnginePool"}, true, 116.33448505848693, 115.3234771, 3e-4, 3},
};

/* Channels in segment 1 of 3; points there too. */
static void try_rule(const struct rule *rule) {
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 30, 10, 3, 100, 1);
    hk_net *net = celsius_net(ctx, 20, 0);
    const uint32_t one = 1;
    for (int k = 0; k < MOST && rule->mechanism[k]; k++) {
        WORKS(ctx, hk_cell_insert(type, rule->mechanism[k], 1, &one));
        if (!strcmp(rule->mechanism[k], "EnginePool")) {
            set_all(ctx, type, "EnginePool", "start", 3e-4);
            set_all(ctx, type, "EnginePool", "rate", 1e-3);
        }
    }
    add_cells(ctx, net, type, 3);
    for (uint32_t cell = 0; rule->point && cell < 3; cell++) {
        add_point(ctx, net, PLAIN("IonPoint"), cell, 1);
    }
    set_all(ctx, type, NULL, "eca", 77);
    set_all(ctx, type, NULL, "cai", 2e-4);
    set_all(ctx, type, NULL, "cao", rule->outside);
    uint32_t e = probe_segment(ctx, net, 2, 1, NULL, "eca"),
             in = probe_segment(ctx, net, 2, 1, NULL, "cai"),
             out = probe_segment(ctx, net, 2, 1, NULL, "cao");
    bool reads = rule->mechanism[0] && !strcmp(rule->mechanism[0], "IonReadsE");
    uint32_t seen = reads ? probe_segment(ctx, net, 2, 1, "IonReadsE", "seen") : 0;
    for (int again = 0; again < 2; again++) {
        WORKS(ctx, hk_net_run(net, 0.1));
        struct rows rows = rows_of(ctx, net, e);
        NEAR(at(rows, 0, 1), rule->first, 1e-12 * fabs(rule->first));
        NEAR(at(rows, 1, 1), rule->next, 1e-7); /* NEURON's, as printed */
        NEAR(at(rows_of(ctx, net, in), 0, 1), rule->inside, 0);
        NEAR(at(rows_of(ctx, net, out), 4, 1), rule->outside, 0);
        for (uint64_t r = 0; reads && r < rows.n; r++) {
            NEAR(at(rows_of(ctx, net, seen), r, 1), at(rows, r, 1), 0);
        }
        WORKS(ctx, hk_net_reset(net));
    }
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

static void test_rules(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
        try_rule(&rules[k]);
    }
}

/* A reader in one cell is nothing to another one, and a value of one cell's own counts. */
static void test_each_cell(void **state) {
    (void)state;
    for (uint32_t group = 1; group <= 4; group += 3) {
        hk_context *ctx = open_context();
        hk_cell *type = cylinder(ctx, 30, 10, 3, 100, 1);
        const uint32_t two = 2, cell = 3;
        WORKS(ctx, hk_cell_insert(type, "IonReadsE", 1, &two));
        hk_net *net = celsius_net(ctx, 20, group);
        add_cells(ctx, net, type, 4);
        add_point(ctx, net, PLAIN("IonPoint"), 1, 2);
        add_point(ctx, net, PLAIN("IonPoint"), 3, 2);
        set_all(ctx, type, NULL, "eca", 77);
        set_all(ctx, type, NULL, "cai", 2e-4);
        set_all(ctx, type, NULL, "cao", 1.5);
        WORKS(ctx, hk_net_set(net, 1, &cell, NULL, "cai", 1, &two, &(double){4e-4}, 0));
        uint32_t probe[4];
        for (uint32_t c = 0; c < 4; c++) {
            probe[c] = probe_segment(ctx, net, c, 2, "IonReadsE", "seen");
        }
        WORKS(ctx, hk_net_run(net, 0.1));
        NEAR(last_of(ctx, net, probe[0]), 77, 0);
        NEAR(last_of(ctx, net, probe[1]), NERNST, 1e-12);
        NEAR(last_of(ctx, net, probe[2]), 77, 0);
        NEAR(last_of(ctx, net, probe[3]), 103.94577177850886, 1e-12); /* of 4e-4 and 1.5 mM */
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
}

/* A point's columns are of the moment of the hook: advance comes after the pools'. */
static void test_point_sees(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 30, 10, 3, 100, 1);
    WORKS(ctx, hk_cell_insert(type, "EnginePool", 0, NULL));
    set_all(ctx, type, "EnginePool", "start", 3e-4);
    set_all(ctx, type, "EnginePool", "rate", 1e-3);
    hk_net *net = celsius_net(ctx, 20, 0);
    add_cells(ctx, net, type, 1);
    uint32_t point = add_point(ctx, net, PLAIN("IonPoint"), 0, 1);
    uint32_t first = probe_point(ctx, net, point, "first"),
             current = probe_point(ctx, net, point, "current"),
             later = probe_point(ctx, net, point, "later");
    WORKS(ctx, hk_net_run(net, 0.1));
    NEAR(last_of(ctx, net, first), 3e-4, 0);
    NEAR(last_of(ctx, net, current), 3e-4 + 1e-3 * 0.075, 1e-18);
    NEAR(last_of(ctx, net, later), 3e-4 + 1e-3 * 0.1, 1e-18);
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* Ions that no channel names: they come with the point process, at its segment. */
static void test_alone(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 30, 10, 3, 100, 1);
    const uint32_t zero = 0, one = 1, two = 2;
    passive(ctx, type, 1e-4, -65);
    WORKS(ctx, hk_cell_insert(type, "UnitWatch", 1, &two)); /* sums up sodium, elsewhere */
    hk_net *net = celsius_net(ctx, (double)NAN, 0);
    add_cells(ctx, net, type, 2);
    double value[3], e = 30;
    FAILS(ctx, hk_cell_set(type, NULL, "eca", 0, NULL, &e, 0), HK_NOT_FOUND,
          "(an ion's come with a mechanism or point process that uses it)");
    uint32_t point = add_point(ctx, net, SPEC("IonLeak", VALUE("g", 1e-3)), 0, 1);
    set_all(ctx, type, NULL, "eca", 30);
    WORKS(ctx, hk_net_set(net, 1, &zero, NULL, "etest", 1, &one, &(double){-20}, 0));
    WORKS(ctx, hk_cell_get(type, NULL, "eca", 3, NULL, value));
    assert_true(isnan(value[0]) && value[1] == 30 && isnan(value[2]));
    FAILS(ctx, hk_cell_set(type, NULL, "eca", 1, &zero, &e, 0), HK_NOT_FOUND,
          "has no mechanism that uses ion \"ca\"");
    uint32_t probe[] = {
        probe_v(ctx, net, 0, 1),
        probe_segment(ctx, net, 0, 1, NULL, "ica"),
        probe_segment(ctx, net, 0, 1, NULL, "itest"),
        probe_segment(ctx, net, 0, 1, NULL, "eca"),
        probe_segment(ctx, net, 0, 1, NULL, "etest"),
        probe_point(ctx, net, point, "ica"),
        probe_segment(ctx, net, 1, 1, NULL, "ica"),
        probe_v(ctx, net, 1, 1),
    };
    WORKS(ctx, hk_net_run(net, 5));
    double v = last_of(ctx, net, probe[0]), area = M_PI * 10 * 10, ica = 1e-3 * (v - 30);
    NEAR(last_of(ctx, net, probe[3]), 30, 0);
    NEAR(last_of(ctx, net, probe[4]), -20, 0);
    NEAR(last_of(ctx, net, probe[5]), ica, 1e-15);
    NEAR(last_of(ctx, net, probe[1]), ica * 100 / area, 1e-15); /* nA/um2 = 100 mA/cm2 */
    NEAR(last_of(ctx, net, probe[2]), 1e-3 * (v + 20) * 100 / area, 1e-15);
    NEAR(last_of(ctx, net, probe[6]), 0, 0);
    assert_true(v > last_of(ctx, net, probe[7]) + 1);
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* What a point carries reaches the membrane where the ion's current is summed up elsewhere alone.
 */
static void test_current_arrives(void **state) {
    (void)state;
    double v[2];
    for (uint32_t watched = 0; watched < 2; watched++) {
        hk_context *ctx = open_context();
        hk_cell *type = cylinder(ctx, 30, 10, 3, 100, 1);
        const uint32_t two = 2;
        passive(ctx, type, 1e-4, -65);
        if (watched) {
            WORKS(ctx, hk_cell_insert(type, "ObserveChannel", 1, &two));
            set_all(ctx, type, "ObserveChannel", "g", 0);
        }
        hk_net *net = celsius_net(ctx, (double)NAN, 0);
        add_cells(ctx, net, type, 2);
        add_point(ctx, net, SPEC("CarriesCa", VALUE("g", 1e-3)), 1, 0);
        uint32_t probe = probe_v(ctx, net, 1, 0);
        WORKS(ctx, hk_net_run(net, 5));
        v[watched] = last_of(ctx, net, probe);
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
    NEAR(v[0], v[1], 1e-12); /* sums of another order */
    assert_true(v[0] > -60);
}

static void test_errors(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 30, 10, 3, 100, 1), *other = cylinder(ctx, 30, 10, 3, 100, 1);
    const uint32_t one = 1, cell = 0;
    WORKS(ctx, hk_cell_insert(type, "IonWritesE", 1, &one));
    FAILS(ctx, hk_cell_insert(type, "IonSetsE", 1, &one), HK_INVALID,
          "mechanism \"IonSetsE\" writes eca, and so does \"IonWritesE\", which is there");
    /* no temperature: it is missed only where somebody reads what depends on it */
    WORKS(ctx, hk_cell_insert(other, "IonReadsIn", 0, NULL));
    hk_net *net = celsius_net(ctx, (double)NAN, 0);
    add_cells(ctx, net, other, 1);
    uint32_t e = probe_segment(ctx, net, 0, 0, NULL, "eca");
    set_all(ctx, other, NULL, "eca", 77);
    WORKS(ctx, hk_net_run(net, 0.1));
    NEAR(last_of(ctx, net, e), 77, 0);
    hk_net_free(net);
    WORKS(ctx, hk_cell_insert(other, "IonReadsE", 1, &one));
    net = celsius_net(ctx, (double)NAN, 0);
    add_cells(ctx, net, other, 1);
    FAILS(ctx, hk_net_build(net), HK_INVALID,
          "celsius is not set, and the reversal potential of ca depends on it");
    hk_net_free(net);
    hk_cell_free(other);
    /* the same with a point process */
    other = cylinder(ctx, 30, 10, 3, 100, 1);
    WORKS(ctx, hk_cell_insert(other, "IonReadsE", 1, &one));
    net = celsius_net(ctx, (double)NAN, 0);
    add_cells(ctx, net, other, 1);
    WORKS(ctx, hk_net_points(net, PLAIN("IonPoint"), 1, &cell, &one, NULL));
    FAILS(ctx, hk_net_build(net), HK_INVALID,
          "celsius is not set, and the reversal potential of ca depends on it");
    hk_net_free(net);
    hk_cell_free(type);
    hk_cell_free(other);
    hk_free(ctx);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),           cmocka_unit_test(test_each_cell),
        cmocka_unit_test(test_point_sees),      cmocka_unit_test(test_alone),
        cmocka_unit_test(test_current_arrives), cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests_name("ions", tests, NULL, NULL);
}
