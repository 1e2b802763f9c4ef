/* SPDX-License-Identifier: BSD-3-Clause */
/* Synapses and the matrix in a unit: where they are in it, where they stay outside, and that the
 * bits are those of the plugins one by one. */
#include "unit_files.h"

enum { CELLS = 11, SEGMENTS = 9, PROBES = 5 };
static const double UNTIL = 8;

struct way {
    uint32_t group, threads;
    bool units, late, clamp, reset; /* late: units come between runs; clamp: a point process that is
                                       not linear, in one cell */
};

struct model {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
    uint32_t first, probe[PROBES];
};

/* Every segment has a synapse of each kind, but one segment of every other cell. Two of one kind
 * are one instance; the probe of one of them makes a shadow of it. */
static void add_synapses(struct model *m) {
    const double times[] = {0.5, 1.1, 2.3, 2.31, 4};
    uint32_t source = add_times(m->ctx, m->net, times, 5), twin = 0, last = 0;
    for (uint32_t k = 0; k < CELLS; k++) {
        for (uint32_t s = k % 2; s < SEGMENTS; s++) {
            for (int twice = 0; twice < 2; twice++) {
                twin = add_point(m->ctx, m->net, SPEC("ExpSyn", VALUE("tau", 2)), m->first + k, s);
                connect_one(m->ctx, m->net, source, twin, 1e-4 * (1 + s + k), 0.3 * k + 0.1 * s);
            }
            last = add_point(m->ctx, m->net, SPEC("Exp2Syn", VALUE("tau2", 5), VALUE("e", -80)),
                             m->first + k, s);
            connect_one(m->ctx, m->net, source, last, 5e-5 * (1 + s), 0.2 * k);
        }
        add_detector(m->ctx, m->net, m->first + k, 0, -20);
    }
    m->probe[0] = probe_v(m->ctx, m->net, m->first, 0);
    m->probe[1] = probe_v(m->ctx, m->net, m->first + CELLS - 1, SEGMENTS - 1);
    m->probe[2] = probe_point(m->ctx, m->net, twin, "g");
    m->probe[3] = probe_point(m->ctx, m->net, last, "i");
    m->probe[4] = probe_events(m->ctx, m->net, HK_PROBE_SPIKES, NULL);
}

static struct model make_model(const struct way *way) {
    struct model m = {.ctx = open_context()};
    m.type = cylinder(m.ctx, 500, 4, SEGMENTS, 100, 1);
    passive(m.ctx, m.type, 1e-4, -65);
    const uint32_t half[] = {0, 1, 2, 3};
    WORKS(m.ctx, hk_cell_insert(m.type, "hh", 4, half));
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 6.3;
    options.threads = way->threads;
    options.group = way->group;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    m.first = add_cells(m.ctx, m.net, m.type, CELLS);
    add_synapses(&m);
    if (way->clamp) {
        add_point(m.ctx, m.net, SPEC("IClamp", VALUE("amp", 0.1), VALUE("dur", 5)), m.first + 3, 2);
    }
    if (way->late) {
        WORKS(m.ctx, hk_net_run(m.net, 1.275));
    }
    if (way->units) {
        load_units(m.ctx, m.net);
    }
    WORKS(m.ctx, hk_net_run(m.net, way->reset ? 3.7 : UNTIL));
    if (way->reset) {
        WORKS(m.ctx, hk_net_reset(m.net));
        WORKS(m.ctx, hk_net_run(m.net, 2.525));
        WORKS(m.ctx, hk_net_run(m.net, UNTIL));
    }
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->type);
    hk_free(m->ctx);
}

static void same_bits(const struct way *way, bool inside) {
    const char *text;
    struct model plain = make_model(&(struct way){.threads = 1, .clamp = way->clamp}),
                 m = make_model(way);
    WORKS(m.ctx, hk_net_unit_source(m.net, 0, &text));
    assert_int_equal(strstr(text, "finish0(") != NULL, inside);
    assert_int_equal(strstr(text, "exp2syn_advance(&b, &p") != NULL, inside);
    for (int k = 0; k < PROBES; k++) {
        same_rows(rows_of(m.ctx, m.net, m.probe[k]), rows_of(plain.ctx, plain.net, plain.probe[k]));
    }
    assert_true(rows_of(m.ctx, m.net, m.probe[4]).n >= CELLS / 2);
    close_model(&plain);
    close_model(&m);
}

static void test_inside(void **state) {
    (void)state;
    NEEDS_COMPILER
    const uint32_t groups[] = {0, 1, 5, 8, CELLS};
    for (int k = 0; k < 5; k++) {
        same_bits(&(struct way){.group = groups[k], .threads = 1 + (uint32_t)k % 2, .units = true},
                  true);
    }
    same_bits(&(struct way){.group = 5, .threads = 2, .units = true, .reset = true}, true);
    same_bits(&(struct way){.threads = 2, .units = true, .late = true}, true);
}

/* One point process that is not linear: the synapses of its cell type stay outside. */
static void test_outside(void **state) {
    (void)state;
    NEEDS_COMPILER
    const uint32_t groups[] = {0, 1, 5};
    for (int k = 0; k < 3; k++) {
        same_bits(&(struct way){.group = groups[k], .threads = 2, .units = true, .clamp = true},
                  false);
    }
}

/* A sum in another order, or another sign, is found. */
static void test_a_wrong_finish(void **state) {
    (void)state;
    NEEDS_COMPILER
    const char *text, *const from = "- sum;";
    struct model m = {.ctx = open_context()};
    m.type = cylinder(m.ctx, 500, 4, SEGMENTS, 100, 1);
    passive(m.ctx, m.type, 1e-4, -65);
    m.net = open_net(m.ctx, 0.025, -65);
    m.first = add_cells(m.ctx, m.net, m.type, CELLS);
    add_synapses(&m);
    WORKS(m.ctx, hk_net_build(m.net));
    WORKS(m.ctx, hk_net_unit_source(m.net, 0, &text));
    char *wrong = strdup(text);
    assert_non_null(wrong);
    assert_non_null(strstr(wrong, from));
    memcpy(strstr(wrong, from), "+ sum;", strlen(from));
    assert_int_equal(hk_net_unit_load(m.net, 0, compile_as("wrong", wrong), false), HK_INVALID);
    assert_non_null(strstr(hk_message(m.ctx), "the unit's results differ from its plugins'"));
    assert_int_equal(hk_net_facts(m.net).units, 0);
    WORKS(m.ctx, hk_net_run(m.net, 1));
    free(wrong);
    close_model(&m);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inside),
        cmocka_unit_test(test_outside),
        cmocka_unit_test(test_a_wrong_finish),
    };
    return cmocka_run_group_tests(tests, open_files, close_files);
}
