/* SPDX-License-Identifier: BSD-3-Clause */
/* The same bits, however the work is done: threads, groups, the order in which a script makes
 * things, pieces of a run, probes. */
#include "models.h"

enum { FORKS = 10, BALLS = 3, CELLS = FORKS + BALLS, NOISES = 12, MOST_POINTS = NOISES + 6 };
static const double UNTIL = 60;

/* How a network is made and run; all zero: one thread, default groups, in one piece. */
struct way {
    uint32_t threads, group;
    bool other_order, reset, probes;
    double pause[3]; /* where the run is interrupted, ms */
};

struct made { /* a cell's points */
    uint32_t cell, noise[NOISES], next, far, tired, fire, heard, pace, torn;
};

struct model {
    hk_context *ctx;
    hk_cell *fork, *ball;
    hk_net *net;
    struct made made[CELLS]; /* by slot: what stands for a cell whenever it was made */
    uint32_t v[CELLS], spikes;
};

static uint64_t identity_of(uint32_t slot) {
    return slot < FORKS ? 100 + 7 * slot : 500 + slot;
}

/* Soma, a dendrite that forks, and one at the other end, with channels that share ions and a pool
 * in some of them. */
static hk_cell *make_fork(hk_context *ctx) {
    const struct stick stick[] = {{20, 20, 0, 0, 1},
                                  {150, 2, 0, 1, 5},
                                  {80, 1, 1, 1, 3},
                                  {90, 1.2, 1, 1, 3},
                                  {100, 1.5, 0, 0, 4}};
    hk_cell *type = tree(ctx, "fork", 5, stick, 100, 1);
    uint32_t soma = 0, pooled[] = {0, 1, 2, 3};
    passive(ctx, type, 5e-5, -65);
    WORKS(ctx, hk_cell_insert(type, "hh", 1, &soma));
    WORKS(ctx, hk_cell_insert(type, "CaHVA", 4, pooled));
    WORKS(ctx, hk_cell_insert(type, "CaDyn", 3, pooled));
    WORKS(ctx, hk_cell_insert(type, "KCa", 3, pooled));
    return type;
}

static hk_cell *make_ball(hk_context *ctx) {
    hk_cell *type = cylinder(ctx, 18, 18, 1, 100, 1);
    WORKS(ctx, hk_cell_insert(type, "hh", 0, NULL));
    return type;
}

static void make_cells(struct model *m, bool other_order) {
    uint64_t forks[FORKS], balls[BALLS];
    uint32_t first;
    for (uint32_t k = 0; k < FORKS; k++) {
        forks[k] = identity_of(other_order ? (3 * k + 4) % FORKS : k);
    }
    for (uint32_t k = 0; k < BALLS; k++) {
        balls[k] = identity_of(FORKS + (other_order ? BALLS - 1 - k : k));
    }
    if (other_order) {
        WORKS(m->ctx, hk_net_population(m->net, "balls", m->ball, BALLS, balls, &first));
    }
    WORKS(m->ctx, hk_net_population(m->net, "forks", m->fork, FORKS, forks, &first));
    if (!other_order) {
        WORKS(m->ctx, hk_net_population(m->net, "balls", m->ball, BALLS, balls, &first));
    }
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        for (uint32_t slot = 0; slot < CELLS; slot++) {
            m->made[slot].cell =
                hk_net_cell(m->net, cell).identity == identity_of(slot) ? cell : m->made[slot].cell;
        }
    }
}

/* Noise at several places, some of them at one with equal parameters and some with others. */
static void make_points(struct model *m, uint32_t slot) {
    struct made *made = &m->made[slot];
    hk_cell *type = hk_net_cell(m->net, made->cell).type;
    uint32_t n = hk_cell_segments(type);
    uint64_t identity = identity_of(slot);
    for (uint32_t k = 0; k < NOISES; k++) {
        made->noise[k] = add_point(m->ctx, m->net, SPEC("ExpSyn", VALUE("tau", k % 4 ? 2 : 3)),
                                   made->cell, k * 5 % 7 % n);
    }
    made->next = add_point(m->ctx, m->net, SPEC("ExpSyn", VALUE("tau", 2)), made->cell, 5 % n);
    made->far = add_point(m->ctx, m->net,
                          SPEC("Exp2Syn", VALUE("tau1", 0.5), VALUE("tau2", 4), VALUE("e", -75)),
                          made->cell, 0);
    made->tired =
        add_point(m->ctx, m->net, SPEC("EngineDepress", VALUE("tau", 2)), made->cell, 3 % n);
    made->fire = add_point(m->ctx, m->net, PLAIN("EngineFire"), made->cell, 0);
    made->pace =
        add_point(m->ctx, m->net, SPEC("EngineStart", VALUE("period", 2.3)), made->cell, 0);
    made->torn = add_point(m->ctx, m->net, PLAIN("EngineFire"), made->cell, 0);
    made->heard = add_point(m->ctx, m->net, SPEC("ExpSyn", VALUE("tau", 2)), made->cell, 2 % n);
    for (uint64_t k = 0; k < NOISES; k++) {
        uint32_t input, source;
        const double rates[] = {0, 30, 60, 30, 45, 200, 45, 1000, 60};
        const struct hk_spec *spec = k % 2
                                         ? SPEC("Poisson", ROWS("rate", rates, 3))
                                         : SPEC("NetStim", VALUE("start", 1), VALUE("interval", 12),
                                                VALUE("number", 1e9), VALUE("noise", 1));
        WORKS(m->ctx,
              hk_net_inputs(m->net, spec, k % 2 ? "poisson" : "noise", 1, &identity, &k, &input));
        WORKS(m->ctx, hk_net_source(m->net, HK_FROM_INPUT, input, &source));
        connect_one(m->ctx, m->net, source, made->noise[k], slot < FORKS ? 4e-3 : 1e-3,
                    0.3 * (double)k);
        if (k == 3) {
            double weights[] = {0.4, 1}, delay = 1;
            WORKS(m->ctx, hk_net_connect(m->net, 1, &source, &made->fire, weights, 2, &delay));
        }
    }
}

static void connect_cells(struct model *m, uint32_t slot) {
    const struct made *from = &m->made[slot], *to = &m->made[(slot + 1) % CELLS],
                      *far = &m->made[(slot + 4) % CELLS];
    uint32_t spikes = add_detector(m->ctx, m->net, from->cell, 0, -20),
             small = add_detector(m->ctx, m->net, from->cell, 0, -50);
    double tired[] = {6e-3, 0.6}, fire[] = {0.7, 1}, delay = 1.3125;
    connect_one(m->ctx, m->net, spikes, to->next, 5e-3, 1.2);
    connect_one(m->ctx, m->net, spikes, far->far, 4e-3, 2);
    connect_one(m->ctx, m->net, spikes, from->far, 1e-3, 0.8); /* itself */
    WORKS(m->ctx, hk_net_connect(m->net, 1, &spikes, &far->tired, tired, 2, &delay));
    WORKS(m->ctx, hk_net_connect(m->net, 1, &small, &to->fire, fire, 2, &delay));
    connect_one(m->ctx, m->net, point_source(m->ctx, m->net, from->fire), far->heard, 3e-3, 0.7);
    connect_one(m->ctx, m->net, point_source(m->ctx, m->net, from->torn), to->heard, 1e-3, 0.7);
    const double torn[] = {
        0.7, -0.6, 0.55}; /* three events of one time: whether it fires depends on their order */
    for (uint32_t k = 0; k < 3; k++) {
        const struct made *pace = &m->made[(slot + 3 * k) % CELLS];
        connect_one(m->ctx, m->net, point_source(m->ctx, m->net, pace->pace), from->torn, torn[k],
                    1);
    }
    connect_one(m->ctx, m->net, point_source(m->ctx, m->net, from->fire), to->heard, 3e-3, 0.7);
}

static void add_probes(struct model *m) {
    for (uint32_t slot = 0; slot < CELLS; slot++) {
        const struct made *made = &m->made[slot];
        for (uint32_t k = 0; k < NOISES; k += 2) {
            probe_point(m->ctx, m->net, made->noise[k], k % 4 ? "g" : "i");
        }
        probe_point(m->ctx, m->net, made->far, "g");
        probe_point(m->ctx, m->net, made->tired, "i");
        probe_point(m->ctx, m->net, made->fire, "m");
        probe_segment(m->ctx, m->net, made->cell, 0, "hh", "m");
        probe_segment(m->ctx, m->net, made->cell, 0, NULL, "ina");
        probe_segment(m->ctx, m->net, made->cell, 0, "hh", "i");
        if (slot < FORKS) {
            probe_segment(m->ctx, m->net, made->cell, 0, NULL, "ica");
            probe_segment(m->ctx, m->net, made->cell, 1, "CaHVA", "i");
            probe_segment(m->ctx, m->net, made->cell, 2, NULL, "eca");
        }
    }
    probe_events(m->ctx, m->net, HK_PROBE_EVENTS, NULL);
}

static struct model make_model(const struct way *way) {
    struct model m = {.ctx = open_context()};
    m.fork = make_fork(m.ctx);
    m.ball = make_ball(m.ctx);
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 20;
    options.seed = 42;
    options.threads = way->threads ? way->threads : 1;
    options.group = way->group;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    make_cells(&m, way->other_order);
    for (uint32_t k = 0; k < CELLS; k++) {
        make_points(&m, way->other_order ? (5 * k + 3) % CELLS : k);
    }
    for (uint32_t k = 0; k < CELLS; k++) {
        connect_cells(&m, way->other_order ? (2 * k + 9) % CELLS : k);
    }
    for (uint32_t slot = 0; slot < CELLS; slot++) {
        struct hk_target target[] = {
            {.at = HK_AT_SEGMENT, .index = m.made[slot].cell, .segment = 0, .field = "v"},
            {.at = HK_AT_SEGMENT,
             .index = m.made[slot].cell,
             .segment = slot < FORKS ? 11 : 0,
             .field = "v"}};
        struct hk_probe probe = {
            .kind = HK_PROBE_VALUES, .n = 2, .target = target, .recorder = *PLAIN("memory")};
        WORKS(m.ctx, hk_net_probe(m.net, &probe, &m.v[slot]));
    }
    struct hk_probe probe = {
        .kind = HK_PROBE_SPIKES, .identity = true, .recorder = *PLAIN("memory")};
    WORKS(m.ctx, hk_net_probe(m.net, &probe, &m.spikes));
    if (way->probes) {
        add_probes(&m);
    }
    return m;
}

static void run_model(struct model *m, const struct way *way) {
    for (int again = 0; again < 2; again++) {
        for (int k = 0; k < 3; k++) {
            if (way->pause[k] > 0) {
                WORKS(m->ctx, hk_net_run(m->net, way->pause[k]));
            }
        }
        if (again || !way->reset) {
            break;
        }
        WORKS(m->ctx, hk_net_reset(m->net));
    }
    WORKS(m->ctx, hk_net_run(m->net, UNTIL));
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->fork);
    hk_cell_free(m->ball);
    hk_free(m->ctx);
}

/* ---- comparing */

struct outcome {
    struct model model; /* in the plain way */
};

static int by_row(const void *left, const void *right) {
    const double *a = left, *b = right;
    for (int k = 0; k < 2; k++) {
        if (a[k] < b[k] || a[k] > b[k]) {
            return a[k] < b[k] ? -1 : 1;
        }
    }
    return 0;
}

/* Spikes of one time come in the order of their sources' numbers: by identities here. */
static double *sorted_spikes(struct model *m, uint64_t *n) {
    struct rows rows = rows_of(m->ctx, m->net, m->spikes);
    double *copy = malloc(rows.n * 2 * sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, rows.row, rows.n * 2 * sizeof *copy);
    qsort(copy, rows.n, 2 * sizeof *copy, by_row);
    *n = rows.n;
    return copy;
}

static void same_as_plain(struct outcome *plain, const struct way *way) {
    struct model m = make_model(way);
    run_model(&m, way);
    uint64_t n, right_n;
    double *spikes = sorted_spikes(&m, &n), *right = sorted_spikes(&plain->model, &right_n);
    assert_int_equal(n, right_n);
    assert_memory_equal(spikes, right, n * 2 * sizeof *spikes);
    free(spikes);
    free(right);
    for (uint32_t slot = 0; slot < CELLS; slot++) {
        same_rows(rows_of(m.ctx, m.net, m.v[slot]),
                  rows_of(plain->model.ctx, plain->model.net, plain->model.v[slot]));
    }
    close_model(&m);
}

static int open_plain(void **state) {
    struct outcome *plain = calloc(1, sizeof *plain);
    const struct way way = {.threads = 1};
    plain->model = make_model(&way);
    run_model(&plain->model, &way);
    *state = plain;
    return 0;
}

static int close_plain(void **state) {
    struct outcome *plain = *state;
    close_model(&plain->model);
    free(plain);
    return 0;
}

/* The network does enough for a difference to show: all cells spike, points fire, synapses are
 * shared. */
static void test_it_is_busy(void **state) {
    struct outcome *plain = *state;
    struct model *m = &plain->model;
    uint64_t n;
    double *spikes = sorted_spikes(m, &n);
    for (uint32_t slot = 0; slot < CELLS; slot++) {
        int of_cell = 0;
        for (uint64_t k = 0; k < n; k++) {
            of_cell += spikes[2 * k + 1] == (double)identity_of(slot);
        }
        assert_true(of_cell >= 2);
    }
    free(spikes);
    struct hk_net_facts facts = hk_net_facts(m->net);
    assert_true(facts.instances < facts.points);
    assert_true(facts.spikes > n); /* points fired too */
    print_message("# %d spikes of detectors, %d in all, %d events, %d of %d points after merging\n",
                  (int)n, (int)facts.spikes, (int)facts.events, (int)facts.instances,
                  (int)facts.points);
}

static void test_threads_and_groups(void **state) {
    for (uint32_t threads = 1; threads <= 3; threads++) {
        const uint32_t groups[] = {0, 1, 3, 10};
        for (int k = 0; k < 4; k++) {
            same_as_plain(*state, &(struct way){.threads = threads, .group = groups[k]});
        }
    }
}

static void test_other_order(void **state) {
    same_as_plain(*state, &(struct way){.other_order = true});
    same_as_plain(*state, &(struct way){.other_order = true, .group = 3, .threads = 2});
}

/* Pauses within an epoch (0.7 ms) and at its end, also of a step. */
static void test_pieces(void **state) {
    same_as_plain(*state, &(struct way){.pause = {30}});
    same_as_plain(*state, &(struct way){.pause = {0.025, 33.3, 33.325}});
    same_as_plain(*state, &(struct way){.pause = {7.7, 14, 59.975}, .group = 3, .threads = 2});
}

static void test_reset(void **state) {
    same_as_plain(*state, &(struct way){.reset = true, .pause = {41}});
    same_as_plain(*state,
                  &(struct way){.reset = true, .pause = {12.2, 35.1}, .group = 3, .threads = 3});
}

static void test_probes(void **state) {
    same_as_plain(*state, &(struct way){.probes = true});
    same_as_plain(
        *state,
        &(struct way){
            .probes = true, .group = 3, .threads = 2, .other_order = true, .pause = {20.025}});
}

/* ---- shared instances against instances of their own */

/* 20 synapses at one place of a spiking cell, shared or not (EngineDepress that does not tire is
 * ExpSyn without the promise to be linear): sums of 20 numbers in another order are some 20 units
 * of rounding of v apart, 3e-13 mV, and spikes magnify it a hundred times or so. */
static void test_merged(void **state) {
    (void)state;
    struct rows v[2];
    hk_context *ctx[2];
    hk_cell *type[2];
    hk_net *net[2];
    for (int own = 0; own < 2; own++) {
        ctx[own] = open_context();
        type[own] = make_fork(ctx[own]);
        struct hk_net_options options = hk_net_defaults();
        options.celsius = 20;
        WORKS(ctx[own], hk_net_new(ctx[own], &options, &net[own]));
        add_cells(ctx[own], net[own], type[own], 1);
        for (uint64_t k = 0; k < 20; k++) {
            uint32_t input, source,
                point = add_point(ctx[own], net[own],
                                  own ? SPEC("EngineDepress", VALUE("tau", 3))
                                      : SPEC("ExpSyn", VALUE("tau", 3)),
                                  0, 4);
            WORKS(ctx[own], hk_net_inputs(net[own],
                                          SPEC("NetStim", VALUE("start", 0), VALUE("interval", 10),
                                               VALUE("number", 1e9), VALUE("noise", 1)),
                                          "noise", 1, NULL, &k, &input));
            WORKS(ctx[own], hk_net_source(net[own], HK_FROM_INPUT, input, &source));
            double weights[] = {1e-3 * (1 + 0.1 * (double)k), 1}, delay = 0.1 * (double)k;
            WORKS(ctx[own],
                  hk_net_connect(net[own], 1, &source, &point, weights, own ? 2 : 1, &delay));
        }
        uint32_t probe = probe_v(ctx[own], net[own], 0, 0);
        WORKS(ctx[own], hk_net_run(net[own], 100));
        assert_int_equal(hk_net_facts(net[own]).instances, own ? 20 : 1);
        v[own] = rows_of(ctx[own], net[own], probe);
    }
    double worst = 0, most = -100;
    for (uint64_t r = 0; r < v[0].n; r++) {
        worst = fmax(worst, fabs(at(v[0], r, 1) - at(v[1], r, 1)));
        most = fmax(most, at(v[0], r, 1));
    }
    assert_true(most > 0); /* it spikes */
    assert_true(worst < 1e-9);
    print_message("# %.2g mV apart\n", worst);
    for (int own = 0; own < 2; own++) {
        hk_net_free(net[own]);
        hk_cell_free(type[own]);
        hk_free(ctx[own]);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_busy),  cmocka_unit_test(test_threads_and_groups),
        cmocka_unit_test(test_other_order), cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_reset),       cmocka_unit_test(test_probes),
        cmocka_unit_test(test_merged),
    };
    return cmocka_run_group_tests_name("engine_bits", tests, open_plain, close_plain);
}
