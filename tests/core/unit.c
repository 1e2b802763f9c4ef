/* SPDX-License-Identifier: BSD-3-Clause */
/* Units: the bits of a run with them are those of one without, whatever is seen of a model's
 * columns. */
#include "unit_files.h"
#include "cell.h"

enum { FORKS = 11, BALLS = 3, BARE = 2, POOLS = 9, DENSE = 10, TYPES = 5 };
static const double UNTIL = 6;

/* ---- a model of all that a column can be */

/* How it is made and run. */
struct way {
    uint32_t threads, group;
    bool units, reset, profile, late; /* late: units come after the first pause */
    double pause[2];
};

struct model {
    hk_context *ctx;
    hk_cell *type[TYPES];
    hk_net *net;
    uint32_t first[TYPES]; /* cell of each type */
    uint32_t point;        /* the first one of those at every place */
    uint32_t values, spikes;
};

static void insert(struct model *m, uint32_t type, const char *name, uint32_t from, uint32_t to) {
    uint32_t segment[64], n = 0;
    for (uint32_t s = from; s <= to; s++) {
        segment[n++] = s;
    }
    WORKS(m->ctx, hk_cell_insert(m->type[type], name, n, segment));
}

static void set_some(struct model *m, uint32_t type, const char *mechanism, const char *field,
                     uint32_t segment, double value) {
    WORKS(m->ctx, hk_cell_set(m->type[type], mechanism, field, 1, &segment, &value, 0));
}

/* All our channels, in several sets of segments: 0 is the soma, 1 to 5 a dendrite that forks into 6
 * to 8 and 9 to 11, 12 to 15 another one. */
static void make_fork(struct model *m) {
    const struct stick stick[] = {{20, 20, 0, 0, 1},
                                  {150, 2, 0, 1, 5},
                                  {80, 1, 1, 1, 3},
                                  {90, 1.2, 1, 1, 3},
                                  {100, 1.5, 0, 0, 4}};
    hk_cell *type = m->type[0] = tree(m->ctx, "fork", 5, stick, 100, 1);
    passive(m->ctx, type, 5e-5, 0); /* e: zeros */
    insert(m, 0, "hh", 0, 0);
    insert(m, 0, "CaHVA", 0, 8);
    insert(m, 0, "CaDyn", 0, 5);
    insert(m, 0, "KCa", 0, 5);
    insert(m, 0, "Na", 0, 3);
    insert(m, 0, "Kv", 2, 11);
    insert(m, 0, "Km", 6, 15);
    insert(m, 0, "Ka", 4, 9);
    insert(m, 0, "CaLVA", 5, 8);
    insert(m, 0, "Leak", 10, 12);
    insert(m, 0, "UnitClock", 3, 7);
    insert(m, 0, "UnitShares", 1, 9);
    insert(m, 0, "UnitPump", 0, 10);
    insert(m, 0, "UnitStill", 12, 15);
    insert(m, 0, "UnitWatch", 0, 2);
    set_all(m->ctx, type, "Leak", "gbar", 1e-5);
    set_all(m->ctx, type, "Leak", "e", -70);
    for (uint32_t s = 2; s <= 11; s++) { /* each segment's own, the same in all cells */
        set_some(m, 0, "Kv", "gbar", s, 1e-4 * s);
    }
    set_some(m, 0, "CaDyn", "kt", 2, 1e-4); /* a pump here, none elsewhere */
    set_some(m, 0, "CaDyn", "kd", 2, 1e-4);
    set_some(m, 0, NULL, "ek", 12, -85);
    set_some(m, 0, NULL, "cao", 7, 3);
}

static void make_types(struct model *m) {
    const struct stick two[] = {{30, 10, 0, 0, 2}, {100, 1, 0, 1, 2}};
    make_fork(m);
    m->type[1] = cylinder(m->ctx, 18, 18, 1, 100, 1);
    insert(m, 1, "hh", 0, 0);
    insert(m, 1, "UnitStill", 0, 0);
    m->type[2] = tree(m->ctx, "bare", 2, two, 100, 1);
    m->type[3] = tree(m->ctx, "pools", 2, two, 100, 1);
    passive(m->ctx, m->type[3], 1e-4, -60);
    insert(m, 3, "CaLVA", 0, 3);
    insert(m, 3, "UnitShares", 0, 1);
    insert(m, 3, "EnginePool", 1, 2);
    set_all(m->ctx, m->type[3], "EnginePool", "rate", 1e-4);
    m->type[4] = tree(m->ctx, "dense", 2, two, 100, 1); /* with linear synapses at every place */
    passive(m->ctx, m->type[4], 1e-4, -70);
    insert(m, 4, "hh", 0, 1);
    insert(m, 4, "CaHVA", 0, 2);
    insert(m, 4, "UnitShares", 1, 2);
    insert(m, 4, "CaDyn", 0, 2);
}

static void set_cell(struct model *m, uint32_t cell, const char *mechanism, const char *field,
                     uint32_t segment, double value) {
    WORKS(m->ctx, hk_net_set(m->net, 1, &cell, mechanism, field, 1, &segment, &value, 0));
}

/* Values of some cells alone. */
static void override(struct model *m) {
    set_cell(m, m->first[0] + 4, "pas", "g", 3, 7e-5);
    set_cell(m, m->first[0] + 4, "pas", "e", 13, -60);
    set_cell(m, m->first[0] + 10, NULL, "ena", 0, 45);
    set_cell(m, m->first[0] + 2, NULL, "cai", 7, 2e-4);
    set_cell(m, m->first[0] + 7, "UnitClock", "amp", 5, 3e-4);
    set_cell(m, m->first[0] + 7, "UnitStill", "given", 12, 5);
    set_cell(m, m->first[1] + 1, "hh", "gnabar", 0, 0.1);
    set_cell(m, m->first[3] + 8, "EnginePool", "start", 1, 3e-4);
}

static void add_points(struct model *m) {
    const double times[] = {0.5, 1.1, 2.3, 2.31, 4};
    uint32_t source = add_times(m->ctx, m->net, times, 5);
    for (uint32_t k = 0; k < FORKS; k++) {
        uint32_t cell = m->first[0] + k;
        double amp = 0.5 + 0.05 * k;
        add_point(m->ctx, m->net, SPEC("IClamp", VALUE("amp", amp), VALUE("dur", 100)), cell, 0);
        for (uint32_t s = 0; s < 12; s += 1 + k % 3) {
            add_point(m->ctx, m->net, SPEC("UnitPoint", VALUE("g", 1e-6 * (s + 1))), cell, s % 9);
            add_point(m->ctx, m->net, SPEC("UnitSpill", VALUE("g", 1e-5 * (s + 1))), cell, s % 10);
        }
        uint32_t synapse = add_point(m->ctx, m->net, SPEC("ExpSyn", VALUE("tau", 2)), cell, k);
        connect_one(m->ctx, m->net, source, synapse, 2e-3, 0.1 * k);
        add_detector(m->ctx, m->net, cell, 0, -20);
    }
    add_point(m->ctx, m->net, SPEC("IClamp", VALUE("amp", 0.2), VALUE("dur", 100)), m->first[1] + 1,
              0);
    add_point(m->ctx, m->net, SPEC("IClamp", VALUE("amp", 0.01), VALUE("dur", 100)), m->first[2],
              3);
    add_point(m->ctx, m->net, PLAIN("UnitPoint"), m->first[3] + 3, 1);
    for (uint32_t k = 0; k < 4 * DENSE; k++) {
        const struct hk_spec *spec[] = {SPEC("ExpSyn", VALUE("tau", 2)), PLAIN("UnitSynapse"),
                                        SPEC("ExpSyn", VALUE("tau", 2))};
        for (uint32_t j = 0; j < (k % 5 ? 2 : 3); j++) { /* a third one shares the first one's */
            uint32_t point = add_point(m->ctx, m->net, spec[j], m->first[4] + k / 4, k % 4);
            connect_one(m->ctx, m->net, source, point, 1e-4 * (k + j), 0.05 * k);
            m->point = k || j ? m->point : point;
        }
    }
}

/* ---- all there is to record */

struct targets {
    uint32_t n;
    struct hk_target item[4096];
    char name[4096][24];
};

static void add_target(struct targets *all, uint32_t cell, uint32_t segment, const char *mechanism,
                       const char *before, const char *name, const char *after) {
    assert_true(all->n < 4096);
    snprintf(all->name[all->n], sizeof all->name[0], "%s%s%s", before, name, after);
    all->item[all->n] = (struct hk_target){.at = HK_AT_SEGMENT,
                                           .index = cell,
                                           .segment = segment,
                                           .mechanism = mechanism,
                                           .field = all->name[all->n]};
    all->n++;
}

static void add_segment(struct targets *all, const struct model *m, uint32_t cell, uint32_t s) {
    const hk_cell *type = hk_net_cell(m->net, cell).type;
    add_target(all, cell, s, NULL, "", "v", "");
    for (uint32_t i = 0; i < type->n_ion; i++) {
        const char *const mark[][2] = {{"e", ""}, {"i", ""}, {"", "i"}, {"", "o"}};
        for (int k = 0; k < 4 && type->ion[i].use[s]; k++) {
            add_target(all, cell, s, NULL, mark[k][0], type->ion[i].name, mark[k][1]);
        }
    }
    for (uint32_t i = 0; i < type->n_mechanism; i++) {
        const struct hk_plugin *plugin = type->mechanism[i].plugin;
        for (uint32_t j = 0; j < plugin->n_column && type->mechanism[i].in[s]; j++) {
            add_target(all, cell, s, plugin->name, "", plugin->field[j].name, "");
        }
        if (plugin->current && type->mechanism[i].in[s]) {
            add_target(all, cell, s, plugin->name, "", "i", "");
            add_target(all, cell, s, plugin->name, "", "g", "");
        }
    }
}

static void add_points_of(struct targets *all, const struct model *m) {
    for (uint32_t p = m->point; p < m->point + 20; p++) {
        const struct hk_plugin *plugin = hk_net_point(m->net, p).plugin;
        for (uint32_t j = 0; j <= plugin->n_column; j++) {
            add_target(all, p, 0, NULL, "", j ? plugin->field[j - 1].name : "i", "");
            all->item[all->n - 1].at = HK_AT_POINT;
        }
    }
}

static void record_all(struct model *m) {
    const uint32_t cells[] = {m->first[0],     m->first[0] + 4, m->first[0] + 10,
                              m->first[1] + 1, m->first[2] + 1, m->first[3],
                              m->first[3] + 8, m->first[4],     m->first[4] + 9};
    struct targets *all = calloc(1, sizeof *all);
    assert_non_null(all);
    for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
        uint32_t n = hk_cell_segments(hk_net_cell(m->net, cells[k]).type);
        for (uint32_t s = 0; s < n; s++) {
            add_segment(all, m, cells[k], s);
        }
    }
    add_points_of(all, m);
    struct hk_probe probe = {
        .kind = HK_PROBE_VALUES, .n = all->n, .target = all->item, .recorder = *PLAIN("memory")};
    WORKS(m->ctx, hk_net_probe(m->net, &probe, &m->values));
    free(all);
    m->spikes = probe_events(m->ctx, m->net, HK_PROBE_SPIKES, NULL);
}

static struct model make_model(const struct way *way) {
    struct model m = {.ctx = open_context()};
    const uint32_t n[] = {FORKS, BALLS, BARE, POOLS, DENSE};
    make_types(&m);
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 20;
    options.threads = way->threads;
    options.group = way->group;
    options.profile = way->profile;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    for (uint32_t k = 0; k < TYPES; k++) {
        m.first[k] = add_cells(m.ctx, m.net, m.type[k], n[k]);
    }
    override(&m);
    add_points(&m);
    record_all(&m);
    if (way->units && !way->late) {
        load_units(m.ctx, m.net);
    }
    for (int again = 0; again < 1 + way->reset; again++) {
        if (again) {
            WORKS(m.ctx, hk_net_reset(m.net));
        }
        for (int k = 0; k < 2; k++) {
            WORKS(m.ctx, hk_net_run(m.net, way->pause[k]));
            if (way->late && again + k == 0) {
                load_units(m.ctx, m.net);
            }
        }
    }
    WORKS(m.ctx, hk_net_run(m.net, UNTIL));
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    for (int k = 0; k < TYPES; k++) {
        hk_cell_free(m->type[k]);
    }
    hk_free(m->ctx);
}

/* ---- the same bits */

static struct model plain; /* without units, one thread, the default groups */

static int open_all(void **state) {
    open_files(state);
    plain = make_model(&(struct way){.threads = 1});
    return 0;
}

static int close_all(void **state) {
    close_model(&plain);
    return close_files(state);
}

static void same_as_plain(const struct way *way) {
    struct model m = make_model(way);
    same_rows(rows_of(m.ctx, m.net, m.values), rows_of(plain.ctx, plain.net, plain.values));
    same_rows(rows_of(m.ctx, m.net, m.spikes), rows_of(plain.ctx, plain.net, plain.spikes));
    close_model(&m);
}

/* It does enough for a difference to show. */
static void test_it_is_busy(void **state) {
    (void)state;
    struct rows rows = rows_of(plain.ctx, plain.net, plain.values);
    uint32_t changing = 0;
    for (uint32_t c = 1; c < rows.width; c++) {
        for (uint64_t r = 1; r < rows.n; r++) {
            double a = at(rows, r, c), b = at(rows, 0, c);
            assert_true(isfinite(a));
            if (a < b || a > b) {
                changing++;
                break;
            }
        }
    }
    assert_true(changing > rows.width / 3);
    assert_true(rows_of(plain.ctx, plain.net, plain.spikes).n >= FORKS);
    print_message("# %u of %u traces change, %u spikes\n", changing, rows.width - 1,
                  (unsigned)rows_of(plain.ctx, plain.net, plain.spikes).n);
}

static void test_groups_and_threads(void **state) {
    (void)state;
    NEEDS_COMPILER
    for (uint32_t threads = 1; threads <= 2; threads++) {
        const uint32_t groups[] = {0, 1, 5, 8, 10};
        for (int k = 0; k < 5; k++) {
            same_as_plain(&(struct way){.threads = threads, .group = groups[k], .units = true});
        }
    }
}

static void test_reset_and_pieces(void **state) {
    (void)state;
    NEEDS_COMPILER
    same_as_plain(&(struct way){.threads = 1, .group = 5, .units = true, .reset = true});
    same_as_plain(&(struct way){.threads = 2, .units = true, .reset = true, .pause = {1.7, 3}});
    same_as_plain(&(struct way){.threads = 1, .units = true, .pause = {0.025, 2.725}});
    same_as_plain(&(struct way){.threads = 1, .units = true, .late = true, .pause = {1.325, 3}});
    same_as_plain(
        &(struct way){.threads = 2, .group = 5, .units = true, .late = true, .pause = {0.7, 0.7}});
    same_as_plain(&(struct way){.threads = 1, .units = true, .pause = {0.7, 1}, .profile = true});
}

/* What each set's text sees of its columns: a value for each instance, one for all, none. */
static void test_columns_are_seen(void **state) {
    (void)state;
    const char *text;
    for (uint32_t group = 0; group <= 1; group++) {
        struct model m = make_model(&(struct way){.threads = 1, .group = group});
        WORKS(m.ctx, hk_net_unit_source(m.net, 0, &text));
        assert_non_null(strstr(text, "static void set0("));
        /* pas.g, which differs in one segment of one cell: it may be the only one of its set */
        assert_true(group || strstr(text, "double column_0_0[1] = {all_column_0_0[k]};"));
        assert_non_null(strstr(text, "double column_0_0[1] = {one_column_0_0};"));
        assert_non_null(strstr(text, "double column_0_1[1] = {0};"));                 /* pas.e */
        assert_non_null(strstr(text, "double column_0_1[1] = {all_column_0_1[k]};")); /* its own */
        assert_non_null(strstr(text, group ? "{one_column_14_0}" : "{all_column_14_0[k]}"));
        /* synapses are in the unit where all are linear and they are everywhere */
        assert_null(strstr(text, "finish0"));
        WORKS(m.ctx, hk_net_unit_source(m.net, 4, &text));
        assert_true(group || strstr(text, "static void finish0("));
        assert_true(group || strstr(text, "unit_synapse_current(&b, &p1)"));
        close_model(&m);
    }
}

/* Two networks of one type at once: the same file is loaded twice. */
static void test_two_networks(void **state) {
    (void)state;
    NEEDS_COMPILER
    struct model one = make_model(&(struct way){.threads = 1, .units = true});
    struct model two = make_model(&(struct way){.threads = 2, .group = 5, .units = true});
    close_model(&one);
    WORKS(two.ctx, hk_net_reset(two.net));
    WORKS(two.ctx, hk_net_run(two.net, UNTIL));
    same_rows(rows_of(two.ctx, two.net, two.values), rows_of(plain.ctx, plain.net, plain.values));
    close_model(&two);
}

/* A run that diverges says the same. */
static void test_divergence(void **state) {
    (void)state;
    NEEDS_COMPILER
    char said[2][1024];
    for (int way = 0; way < 4; way++) {
        hk_context *ctx = open_context();
        hk_cell *type = cylinder(ctx, 100, 2, 5, 100, 1);
        uint32_t segment = 3, cell = 2;
        double begin = 1, away = 0.01;
        WORKS(ctx, hk_cell_insert(type, "pas", 0, NULL));
        WORKS(ctx, hk_cell_insert(type, "EngineBurst", 1, &segment));
        struct hk_net_options options = hk_net_defaults();
        hk_net *net;
        WORKS(ctx, hk_net_new(ctx, &options, &net));
        add_cells(ctx, net, type, 4);
        WORKS(ctx, hk_net_set(net, 1, &cell, "EngineBurst", way < 2 ? "away_at" : "current_at", 1,
                              &segment, &begin, 0));
        if (way < 2) {
            WORKS(ctx, hk_net_set(net, 1, &cell, "EngineBurst", "away", 1, &segment, &away, 0));
        }
        if (way % 2) {
            load_units(ctx, net);
        }
        assert_int_equal(hk_net_run(net, 20), HK_DIVERGED);
        snprintf(said[way % 2], sizeof said[0], "%s", hk_message(ctx));
        if (way % 2) {
            assert_string_equal(said[0], said[1]);
        }
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_busy),       cmocka_unit_test(test_groups_and_threads),
        cmocka_unit_test(test_reset_and_pieces), cmocka_unit_test(test_columns_are_seen),
        cmocka_unit_test(test_two_networks),     cmocka_unit_test(test_divergence),
    };
    return cmocka_run_group_tests_name("unit", tests, open_all, close_all);
}
