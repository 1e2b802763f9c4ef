/* SPDX-License-Identifier: BSD-3-Clause */
/* What is sampled, when, and that it leaves no trace. */
#include "hillock/plugin.h"
#include "models.h"

struct model {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
};

/* A passive stick of five segments. */
static struct model open_model(uint32_t n) {
    struct model m = {.ctx = open_context()};
    m.type = cylinder(m.ctx, 200, 2, 5, 100, 1);
    passive(m.ctx, m.type, 1e-4, -70);
    m.net = open_net(m.ctx, 0.025, -65);
    add_cells(m.ctx, m.net, m.type, n);
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->type);
    hk_free(m->ctx);
}

static hk_status try_probe(struct model *m, struct hk_target target, double interval, double from,
                           double until, uint32_t *out) {
    struct hk_probe probe = {.kind = HK_PROBE_VALUES,
                             .n = 1,
                             .target = &target,
                             .interval = interval,
                             .from = from,
                             .until = until,
                             .recorder = *PLAIN("memory")};
    return hk_net_probe(m->net, &probe, out);
}

static const struct hk_target V = {.at = HK_AT_SEGMENT, .field = "v"};

/* ---- when */

static void test_window(void **state) {
    (void)state;
    const struct {
        double interval, from, until;
        uint32_t first, every, n; /* steps; rows by t = 3 */
    } cases[] = {
        {0, 0, 0, 0, 1, 121},   {0.1, 0, 0, 0, 4, 31},       {0.1, 0.5, 2, 20, 4, 16},
        {0.06, 0, 0, 0, 2, 61}, {0.001, 0, 0, 0, 1, 121},    {1, 0.51, HUGE_VAL, 21, 40, 3},
        {5, 0, 0, 0, 200, 1},   {0.1, 2.95, 9, 118, 4, 1},   {0.025, 0.3, 0.3, 12, 1, 1},
        {0.1, 0, 0.3, 0, 4, 4}, {2.5, 0.5, 1e9, 20, 100, 2}, {0, 3, 3, 120, 1, 1}};
    enum { N = sizeof cases / sizeof *cases };
    const double stops[] = {0.7, 1.24, 1.25, 2.6};
    for (int cut = 0; cut < 2; cut++) { /* one run, or several */
        struct model m = open_model(1);
        uint32_t probe[N];
        for (int k = 0; k < N; k++) {
            WORKS(m.ctx,
                  try_probe(&m, V, cases[k].interval, cases[k].from, cases[k].until, &probe[k]));
        }
        for (int k = 0; cut && k < 4; k++) {
            WORKS(m.ctx, hk_net_run(m.net, stops[k]));
        }
        WORKS(m.ctx, hk_net_run(m.net, 3));
        struct rows all = rows_of(m.ctx, m.net, probe[0]);
        for (int k = 0; k < N; k++) {
            struct rows rows = rows_of(m.ctx, m.net, probe[k]);
            assert_int_equal(rows.n, cases[k].n);
            for (uint32_t r = 0; r < rows.n; r++) {
                uint32_t step = cases[k].first + r * cases[k].every;
                assert_true(at(rows, r, 0) == step * 0.025);
                assert_true(at(rows, r, 1) == at(all, step, 1));
            }
        }
        close_model(&m);
    }
}

static void test_bad_windows(void **state) {
    (void)state;
    struct model m = open_model(1);
    uint32_t out;
    FAILS(m.ctx, try_probe(&m, V, -1, 0, 0, &out), HK_INVALID, "a probe's interval is -1 ms");
    FAILS(m.ctx, try_probe(&m, V, (double)NAN, 0, 0, &out), HK_INVALID, "a probe's interval");
    FAILS(m.ctx, try_probe(&m, V, 0, -1, 0, &out), HK_INVALID, "a probe's window is from -1");
    FAILS(m.ctx, try_probe(&m, V, 0, 5, 4, &out), HK_INVALID, "from 5 to 4 ms");
    struct hk_probe probe = {.kind = HK_PROBE_VALUES, .recorder = *PLAIN("memory")};
    FAILS(m.ctx, hk_net_probe(m.net, &probe, &out), HK_INVALID, "nothing to record");
    close_model(&m);
}

/* ---- what */

static void test_bad_targets(void **state) {
    (void)state;
    struct model m = open_model(1);
    uint32_t out, point = add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 2)), 0, 0);
    const struct {
        struct hk_target target;
        const char *message;
    } cases[] = {
        {{.at = HK_AT_SEGMENT, .field = "w"},
         "there is no \"w\" to record at segment 0 of cell type \"cylinder\"; there is v"},
        {{.at = HK_AT_SEGMENT, .field = NULL}, "names no field"},
        {{.at = HK_AT_SEGMENT, .index = 1, .field = "v"}, "there is no cell 1: the network has 1"},
        {{.at = HK_AT_SEGMENT, .segment = 5, .field = "v"}, "there is no segment 5"},
        {{.at = HK_AT_SEGMENT, .mechanism = "hh", .field = "m"},
         "there is no hh at segment 0 of cell type \"cylinder\"; there is pas"},
        {{.at = HK_AT_SEGMENT, .mechanism = "pas", .field = "m"},
         "pas has no \"m\" to record; it has g, e, i"},
        {{.at = HK_AT_POINT, .index = point + 1, .field = "g"},
         "there is no point 1: the network has 1"},
        {{.at = HK_AT_POINT, .index = point, .field = "gbar"}, "ExpSyn has no \"gbar\" to record"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        hk_status status = try_probe(&m, cases[k].target, 0, 0, 0, &out);
        assert_true(status == HK_NOT_FOUND || status == HK_INVALID);
        if (!strstr(hk_message(m.ctx), cases[k].message)) {
            fail_msg("\"%s\" is not in \"%s\"", cases[k].message, hk_message(m.ctx));
        }
    }
    struct hk_target target = {.at = HK_AT_SOURCE, .index = 3};
    struct hk_probe probe = {
        .kind = HK_PROBE_SPIKES, .n = 1, .target = &target, .recorder = *PLAIN("memory")};
    assert_int_equal(hk_net_probe(m.net, &probe, &out), HK_NOT_FOUND);
    probe.kind = HK_PROBE_EVENTS;
    FAILS(m.ctx, hk_net_probe(m.net, &probe, &out), HK_NOT_FOUND,
          "there is no input 3: the network has 0");
    probe.recorder = *PLAIN("pas");
    assert_true(hk_net_probe(m.net, &probe, &out) != HK_OK);
    close_model(&m);
}

/* All columns of a row are of one moment: currents are those of the v and the gates beside them. */
static void test_one_moment(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
    WORKS(ctx, hk_cell_insert(type, "hh", 0, NULL));
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 6.3;
    hk_net *net;
    WORKS(ctx, hk_net_new(ctx, &options, &net));
    add_cells(ctx, net, type, 1);
    uint32_t clamp = add_point(
        ctx, net, SPEC("IClamp", VALUE("amp", 0.3), VALUE("delay", 1), VALUE("dur", 2)), 0, 0);
    const struct hk_target targets[] = {
        {.at = HK_AT_SEGMENT, .field = "v"},
        {.at = HK_AT_SEGMENT, .mechanism = "hh", .field = "m"},
        {.at = HK_AT_SEGMENT, .mechanism = "hh", .field = "h"},
        {.at = HK_AT_SEGMENT, .mechanism = "hh", .field = "n"},
        {.at = HK_AT_SEGMENT, .field = "ina"},
        {.at = HK_AT_SEGMENT, .mechanism = "hh", .field = "ina"},
        {.at = HK_AT_SEGMENT, .mechanism = "hh", .field = "i"},
        {.at = HK_AT_SEGMENT, .mechanism = "hh", .field = "g"},
        {.at = HK_AT_SEGMENT, .field = "ena"},
        {.at = HK_AT_SEGMENT, .field = "ek"},
        {.at = HK_AT_POINT, .index = clamp, .field = "i"},
        {.at = HK_AT_POINT, .index = clamp, .field = "v"},
        {.at = HK_AT_POINT, .index = clamp, .field = "amp"},
        {.at = HK_AT_SEGMENT, .field = "ik"},
    };
    enum { N = sizeof targets / sizeof *targets };
    struct hk_probe probe = {
        .kind = HK_PROBE_VALUES, .n = N, .target = targets, .recorder = *PLAIN("memory")};
    uint32_t out, alone = probe_segment(ctx, net, 0, 0, "hh", "ik");
    WORKS(ctx, hk_net_probe(net, &probe, &out));
    WORKS(ctx, hk_net_run(net, 10));
    struct rows rows = rows_of(ctx, net, out);
    assert_int_equal(rows.width, N + 1);
    double most = -100;
    for (uint64_t r = 0; r < rows.n; r++) {
        const double *row = rows.row + r * rows.width + 1;
        double v = row[0], gna = 0.12 * row[1] * row[1] * row[1] * row[2],
               gk = 0.036 * row[3] * row[3] * row[3] * row[3];
        double ina = gna * (v - row[8]), ik = gk * (v - row[9]);
        NEAR(row[4], ina, 1e-14 * fabs(ina)); /* the same few products in another order */
        NEAR(row[5], ina, 1e-14 * fabs(ina));
        NEAR(row[13], ik, 1e-14 * fabs(ik));
        NEAR(at(rows_of(ctx, net, alone), r, 1), row[13], 0);
        NEAR(row[6], ina + ik + 0.0003 * (v + 54.3), 1e-14 * (fabs(ina) + fabs(ik)) + 1e-17);
        NEAR(row[7], gna + gk + 0.0003, 1e-15);
        NEAR(row[10], r >= 40 && r < 120 ? 0.3 : 0, 0); /* of the step that begins */
        NEAR(row[11], v, 0);
        NEAR(row[12], 0.3, 0);
        most = fmax(most, v);
    }
    assert_true(most > 20); /* a spike */
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* So are what `current` stores in columns, and an ion's current as a mechanism reads it. */
static void test_stored_of_now(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
    WORKS(ctx, hk_cell_insert(type, "hh", 0, NULL));
    WORKS(ctx, hk_cell_insert(type, "UnitWatch", 0, NULL));
    WORKS(ctx, hk_cell_insert(type, "UnitClock", 0, NULL));
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 6.3;
    hk_net *net;
    WORKS(ctx, hk_net_new(ctx, &options, &net));
    add_cells(ctx, net, type, 1);
    add_point(ctx, net, SPEC("UnitSpill", VALUE("g", 1e-3)), 0, 0);
    uint32_t sum = probe_segment(ctx, net, 0, 0, NULL, "ina"),
             read = probe_segment(ctx, net, 0, 0, "UnitWatch", "ina"),
             rate = probe_segment(ctx, net, 0, 0, "UnitClock", "rate"),
             ahead = probe_segment(ctx, net, 0, 0, "UnitClock", "ahead"),
             amp = probe_segment(ctx, net, 0, 0, "UnitClock", "amp"),
             last = probe_segment(ctx, net, 0, 0, "UnitClock", "last");
    WORKS(ctx, hk_net_run(net, 3));
    same_rows(rows_of(ctx, net, sum), rows_of(ctx, net, read));
    for (uint64_t r = 0; r < 120; r++) {
        double t = ((double)r + 0.5) * 0.025;
        NEAR(at(rows_of(ctx, net, last), r, 1),
             at(rows_of(ctx, net, rate), r, 1) * t + at(rows_of(ctx, net, ahead), r, 1) +
                 at(rows_of(ctx, net, amp), r, 1),
             0);
    }
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* ---- points that share an instance */

/* Three equal synapses at one place, of which two are looked at; a third network has only the one.
 */
static void test_merged(void **state) {
    (void)state;
    struct model m = open_model(1), alone = open_model(1);
    uint32_t point[3], probe[2];
    const double times[3][2] = {{1, 4}, {2, 4}, {3, 8}};
    for (int k = 0; k < 3; k++) {
        point[k] = add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 3), VALUE("e", -20)), 0, 2);
        connect_one(m.ctx, m.net, add_times(m.ctx, m.net, times[k], 2), point[k], 1e-3 * (k + 1),
                    0.5);
    }
    probe[0] = probe_point(m.ctx, m.net, point[1], "g");
    probe[1] = probe_point(m.ctx, m.net, point[2], "i");
    uint32_t v = probe_v(m.ctx, m.net, 0, 2);
    uint32_t one =
        add_point(alone.ctx, alone.net, SPEC("ExpSyn", VALUE("tau", 3), VALUE("e", -20)), 0, 2);
    connect_one(alone.ctx, alone.net, add_times(alone.ctx, alone.net, times[1], 2), one, 2e-3, 0.5);
    uint32_t g = probe_point(alone.ctx, alone.net, one, "g");
    WORKS(m.ctx, hk_net_run(m.net, 20));
    WORKS(alone.ctx, hk_net_run(alone.net, 20));
    assert_int_equal(hk_net_facts(m.net).instances, 1);
    same_rows(rows_of(m.ctx, m.net, probe[0]), rows_of(alone.ctx, alone.net, g));
    struct rows i = rows_of(m.ctx, m.net, probe[1]), volts = rows_of(m.ctx, m.net, v);
    double conductance = 0, decay = exp(-0.025 / 3), most = 0;
    for (uint64_t r = 0; r < i.n; r++) {
        NEAR(at(i, r, 1), conductance * (at(volts, r, 1) + 20),
             1e-12); /* 800 roundings of 0.15 nA */
        most = fmax(most, fabs(at(i, r, 1)));
        conductance = (conductance + (r == 140 || r == 340 ? 3e-3 : 0)) * decay;
    }
    assert_true(most > 0.05);
    close_model(&m);
    close_model(&alone);
}

/* ---- no trace */

static struct model open_place(int probes, uint32_t *v, uint32_t *values) {
    struct model m = {.ctx = open_context()};
    struct stick stick[] = {{200, 2, 0, 0, 5}, {100, 1, 0, 1, 3}};
    m.type = tree(m.ctx, "place", 2, stick, 100, 1);
    passive(m.ctx, m.type, 1e-4, -70);
    WORKS(m.ctx, hk_cell_insert(m.type, "EnginePool", 0, NULL));
    set_all(m.ctx, m.type, "EnginePool", "rate", 0.01);
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 37;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    add_cells(m.ctx, m.net, m.type, 3);
    double times[] = {0.31, 1, 2, 2, 3.3};
    uint32_t source = add_times(m.ctx, m.net, times, 5), point[27], n = 0;
    for (uint32_t cell = 0; cell < 3; cell++) {
        for (uint32_t k = 0; k < 8; k++) { /* at each segment, and thrice at one */
            point[n] = add_point(m.ctx, m.net, PLAIN("EnginePlace"), cell, k);
            connect_one(m.ctx, m.net, source, point[n++], 1e-3, 0.1 * k);
        }
        point[n] = add_point(m.ctx, m.net, PLAIN("EnginePlace"), cell, 6);
        connect_one(m.ctx, m.net, source, point[n++], 2e-3, 0);
    }
    *v = probe_v(m.ctx, m.net, 1, 7);
    if (probes) {
        const char *fields[] = {"i", "g", "cai", "eca", "area", "diam", "calls", "seen", "v"};
        for (uint32_t k = 0; k < n; k++) {
            for (int f = 0; f < 9; f++) {
                uint32_t probe = probe_point(m.ctx, m.net, point[k], fields[f]);
                *values = k == 15 && f == 0
                              ? probe
                              : *values; /* of cell 1, segment 6, the lone one's first field */
            }
        }
        probe_segment(m.ctx, m.net, 0, 0, NULL, "ica");
        probe_segment(m.ctx, m.net, 0, 0, NULL, "cai");
        probe_segment(m.ctx, m.net, 0, 0, "EnginePool", "cai");
        probe_segment(m.ctx, m.net, 0, 0, "pas", "i");
        probe_events(m.ctx, m.net, HK_PROBE_EVENTS, NULL);
        probe_events(m.ctx, m.net, HK_PROBE_SPIKES, NULL);
    }
    WORKS(m.ctx, hk_net_run(m.net, 2));
    WORKS(m.ctx, hk_net_run(m.net, 5));
    return m;
}

static void test_no_trace(void **state) {
    (void)state;
    uint32_t v, values = 0, other;
    struct model with = open_place(1, &v, &values), without = open_place(0, &other, &values);
    same_rows(rows_of(with.ctx, with.net, v), rows_of(without.ctx, without.net, other));
    struct rows i = rows_of(with.ctx, with.net, values),
                g = rows_of(with.ctx, with.net, values + 1);
    struct rows cai = rows_of(with.ctx, with.net, values + 2),
                eca = rows_of(with.ctx, with.net, values + 3);
    struct rows calls = rows_of(with.ctx, with.net, values + 6),
                volts = rows_of(with.ctx, with.net, values + 8);
    struct hk_segment segment = hk_cell_segment(with.type, 6);
    assert_true(last_of(with.ctx, with.net, values + 4) == segment.area_um2);
    assert_true(last_of(with.ctx, with.net, values + 5) == segment.diam_um);
    double most = 0;
    for (uint64_t r = 0; r < i.n;
         r++) { /* the current at a sample is that of cai at the sample, not of the step before */
        double inside = 1e-4 + 0.01 * 0.025 * (double)r,
               right = at(g, r, 1) * (at(volts, r, 1) + at(calls, r, 1) * 1e-3 + inside);
        NEAR(at(i, r, 1), right, 1e-15);
        most = fmax(most, fabs(right));
    }
    assert_true(most > 0.01);
    NEAR(at(cai, 200, 1), 1e-4 + 0.01 * 0.025 * 200, 1e-12);
    NEAR(at(eca, 200, 1),
         1e3 * 8.31446261815324 * 310.15 / (2 * 96485.33212331) *
             log(2 / (1e-4 + 0.01 * 0.025 * 200)),
         1e-9);
    close_model(&with);
    close_model(&without);
}

/* A point that reads an ion of which its cell knows nothing sees what NEURON shows it: the default
 * concentrations, and at 37 degC what Nernst's equation gives of them. */
static void test_unknown_ion(void **state) {
    (void)state;
    struct model m = open_model(1);
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 37;
    hk_net_free(m.net);
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    add_cells(m.ctx, m.net, m.type, 1);
    uint32_t point = add_point(m.ctx, m.net, PLAIN("EnginePlace"), 0, 2);
    uint32_t cai = probe_point(m.ctx, m.net, point, "cai"),
             eca = probe_point(m.ctx, m.net, point, "eca");
    WORKS(m.ctx, hk_net_run(m.net, 1));
    assert_true(last_of(m.ctx, m.net, cai) == 5e-5);
    NEAR(last_of(m.ctx, m.net, eca), 141.6063221257973, 1e-12);
    close_model(&m);
}

/* ---- spikes and files */

static void test_identities(void **state) {
    (void)state;
    struct model m = open_model(1);
    uint64_t identity[] = {900, 30};
    uint32_t first;
    WORKS(m.ctx, hk_net_population(m.net, "more", m.type, 2, identity, &first));
    for (uint32_t cell = 0; cell < 3; cell++) {
        add_detector(m.ctx, m.net, cell, 0, -65 + 1e-9);
        add_point(m.ctx, m.net, SPEC("IClamp", VALUE("amp", 1), VALUE("delay", 3. - cell)), cell,
                  0);
    }
    struct hk_probe probe = {
        .kind = HK_PROBE_SPIKES, .identity = true, .recorder = *PLAIN("memory")};
    uint32_t by_identity, by_source;
    WORKS(m.ctx, hk_net_probe(m.net, &probe, &by_identity));
    by_source = probe_events(m.ctx, m.net, HK_PROBE_SPIKES, NULL);
    probe.from = 1.5;
    probe.until = 2.5;
    uint32_t window;
    WORKS(m.ctx, hk_net_probe(m.net, &probe, &window));
    WORKS(m.ctx, hk_net_run(m.net, 5));
    struct rows who = rows_of(m.ctx, m.net, by_identity), source = rows_of(m.ctx, m.net, by_source);
    const double identities[] = {30, 900, 0};
    assert_int_equal(who.n, 3);
    for (uint64_t k = 0; k < 3; k++) {
        assert_true(at(who, k, 1) == identities[k]);
        assert_true(at(source, k, 1) == 2. - (double)k);
        assert_true(at(source, k, 0) == at(who, k, 0) &&
                    fabs(at(who, k, 0) - (double)(k + 1)) < 0.1);
    }
    assert_int_equal(rows_of(m.ctx, m.net, window).n, 1);
    assert_true(at(rows_of(m.ctx, m.net, window), 0, 1) == 900);
    close_model(&m);
}

static void test_labels(void **state) {
    (void)state;
    struct model m = open_model(2);
    uint32_t point = add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 2)), 1, 4), out;
    char path[] = "/tmp/hillock-test-XXXXXX", line[256] = "";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    struct hk_target target[] = {{.at = HK_AT_SEGMENT, .index = 1, .segment = 4, .field = "v"},
                                 {.at = HK_AT_SEGMENT, .mechanism = "pas", .field = "i"},
                                 {.at = HK_AT_POINT, .index = point, .field = "g"},
                                 {.at = HK_AT_SEGMENT, .field = "v", .label = "here"}};
    struct hk_probe probe = {.kind = HK_PROBE_VALUES,
                             .n = 4,
                             .target = target,
                             .interval = 0.5,
                             .recorder = *PLAIN("csv"),
                             .path = path};
    WORKS(m.ctx, hk_net_probe(m.net, &probe, &out));
    uint64_t n_row;
    uint32_t n_column;
    const double *row;
    struct hk_probe_of of;
    assert_int_equal(hk_net_n_probes(m.net), 1);
    WORKS(m.ctx, hk_net_probe_get(m.net, out, &of));
    assert_string_equal(of.recorder->name, "csv");
    assert_string_equal(of.path, path);
    assert_int_equal(of.n_column, 5);
    assert_string_equal(of.column[3], "point0.g");
    assert_true(of.interval == 0.5);
    FAILS(m.ctx, hk_net_probe_get(m.net, 1, &of), HK_NOT_FOUND,
          "there is no probe 1: the network has 1");
    WORKS(m.ctx, hk_net_run(m.net, 1));
    FAILS(m.ctx, hk_net_rows(m.net, out, &n_row, &n_column, &row), HK_INVALID,
          "recorder csv keeps nothing in memory");
    FAILS(m.ctx, hk_net_rows(m.net, 7, &n_row, &n_column, &row), HK_NOT_FOUND,
          "there is no probe 7");
    close_model(&m);
    FILE *written = fopen(path, "r");
    assert_non_null(written);
    assert_non_null(fgets(line, sizeof line, written));
    assert_string_equal(line, "t_ms,cell1.s0[0](0.9).v,cell0.s0[0](0.1).pas.i,point0.g,here\n");
    int lines = 0;
    while (fgets(line, sizeof line, written)) {
        lines++;
    }
    assert_int_equal(lines, 3);
    fclose(written);
    remove(path);
}

static void test_plugins(void **state) {
    (void)state;
    struct model m = open_model(2);
    const struct hk_plugin *list[64];
    add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 2)), 1, 4);
    add_point(m.ctx, m.net, SPEC("ExpSyn", VALUE("tau", 3)), 0, 4);
    uint32_t n = hk_net_plugins(m.net, list, 64), synapses = 0, channels = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct hk_plugin_info info;
        WORKS(m.ctx, hk_plugin_about(m.ctx, list[i], &info));
        assert_int_equal(strlen(info.hash), 64);
        synapses += strcmp(list[i]->name, "ExpSyn") == 0;
        channels += strcmp(list[i]->name, "pas") == 0;
    }
    assert_int_equal(synapses, 1); /* each once */
    assert_int_equal(channels, 1);
    assert_int_equal(hk_net_plugins(m.net, list, 1), 1);
    close_model(&m);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_window),        cmocka_unit_test(test_bad_windows),
        cmocka_unit_test(test_bad_targets),   cmocka_unit_test(test_one_moment),
        cmocka_unit_test(test_stored_of_now), cmocka_unit_test(test_merged),
        cmocka_unit_test(test_no_trace),      cmocka_unit_test(test_unknown_ion),
        cmocka_unit_test(test_identities),    cmocka_unit_test(test_labels),
        cmocka_unit_test(test_plugins),
    };
    return cmocka_run_group_tests_name("engine_probes", tests, NULL, NULL);
}
