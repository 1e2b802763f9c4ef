/* SPDX-License-Identifier: BSD-3-Clause */
/* The same bits, however the work is done: threads, groups, the order in which a script makes
 * things, pieces of a run, probes. */
#include "busy_model.h"

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
