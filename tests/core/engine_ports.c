/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports: what they show, when, and that it does not depend on where things are in memory. */
#include "models.h"

static const double DT = 0.025;

#define AT_V(cell, segment)                                                                        \
    (struct hk_target) {                                                                           \
        HK_AT_SEGMENT, cell, segment, NULL, "v", NULL                                              \
    }
#define AT_FIELD(cell, segment, mechanism, field)                                                  \
    (struct hk_target) {                                                                           \
        HK_AT_SEGMENT, cell, segment, mechanism, field, NULL                                       \
    }
#define OF_POINT(point, field)                                                                     \
    (struct hk_target) {                                                                           \
        HK_AT_POINT, point, 0, NULL, field, NULL                                                   \
    }

static void show(hk_context *ctx, hk_net *net, struct hk_target port, struct hk_target shown) {
    WORKS(ctx, hk_net_port(net, 1, &port, &shown));
}

/* ---- a gap junction */

/* Two passive cells of 20 um, 200 Mohm between them, 20 pA into the first from 1 ms on. */
static void test_gap(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
    passive(ctx, type, 1e-4, -65);
    hk_net *net = open_net(ctx, DT, -65);
    add_cells(ctx, net, type, 2);
    uint32_t probe[2];
    for (uint32_t k = 0; k < 2; k++) {
        uint32_t gap = add_point(ctx, net, SPEC("PortGap", VALUE("r", 200)), k, 0);
        show(ctx, net, OF_POINT(gap, "vgap"), AT_V(k, 0)); /* the last one holds: */
        show(ctx, net, OF_POINT(gap, "vgap"), AT_V(1 - k, 0));
        probe[k] = probe_v(ctx, net, k, 0);
    }
    add_point(ctx, net, SPEC("IClamp", VALUE("delay", 1), VALUE("dur", 1e9), VALUE("amp", 0.02)), 0,
              0);
    WORKS(ctx, hk_net_run(net, 300));
    /* NEURON 8.2.2 with POINTER vgap */
    const double right[][3] = {{41, -64.96070043316432, -65},
                               {45, -64.80823744089092, -64.996232741983306},
                               {100, -63.246710278462928, -64.559159262170411},
                               {400, -59.421952554979427, -61.198116444148056},
                               {12000, -56.153888057111317, -57.930617633701999}};
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        NEAR(at(rows_of(ctx, net, probe[0]), (uint64_t)right[i][0], 1), right[i][1], 1e-9);
        NEAR(at(rows_of(ctx, net, probe[1]), (uint64_t)right[i][0], 1), right[i][2], 1e-9);
    }
    /* In the steady state: g v0 + (v0 - v1)/r = i, g v1 + (v1 - v0)/r = 0, in uS, mV, nA. */
    double g = 1e-4 * 1e-2 * acos(-1) * 400, r = 1 / 200., i = 0.02;
    double v1 = i * r / (g * g + 2 * g * r), v0 = v1 * (g + r) / r;
    NEAR(last_of(ctx, net, probe[0]), v0 - 65, 1e-9);
    NEAR(last_of(ctx, net, probe[1]), v1 - 65, 1e-9);
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* ---- a network that looks into itself */

enum { CELLS = 7, PROBES = 10 };
struct model {
    hk_context *ctx;
    hk_net *net;
    uint32_t probe[PROBES];
};

/* Cells in a ring of gap junctions, half of them with calcium; the others spy on it. */
static struct model open_model(uint32_t group, uint32_t threads) {
    struct model m = {.ctx = open_context()};
    hk_context *ctx = m.ctx;
    hk_cell *calcium = cylinder(ctx, 100, 2, 3, 100, 1), *spy = cylinder(ctx, 20, 20, 1, 100, 1);
    hk_cell *both[] = {calcium, spy};
    for (int k = 0; k < 2; k++) {
        WORKS(ctx, hk_cell_insert(both[k], "hh", 0, NULL));
    }
    WORKS(ctx, hk_cell_insert(calcium, "CaHVA", 0, NULL));
    WORKS(ctx, hk_cell_insert(calcium, "CaDyn", 0, NULL));
    set_all(ctx, calcium, "CaHVA", "gbar", 1e-3);
    WORKS(ctx, hk_cell_insert(spy, "PortSpy", 0, NULL));
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 6.3;
    options.group = group;
    options.threads = threads;
    WORKS(ctx, hk_net_new(ctx, &options, &m.net));
    hk_net *net = m.net;
    add_cells(ctx, net, calcium, CELLS); /* 0 .. CELLS - 1 */
    add_cells(ctx, net, spy, CELLS);
    hk_cell_free(calcium);
    hk_cell_free(spy);
    add_point(ctx, net, SPEC("IClamp", VALUE("amp", 0.5), VALUE("dur", 100)), 1, 0);
    for (uint32_t k = 0; k < CELLS; k++) {
        uint32_t next = (k + 1) % CELLS;
        uint32_t gap[] = {add_point(ctx, net, SPEC("PortGap", VALUE("r", 100)), k, 2),
                          add_point(ctx, net, SPEC("PortGap", VALUE("r", 100)), CELLS + next, 0)};
        show(ctx, net, OF_POINT(gap[0], "vgap"), AT_V(CELLS + next, 0));
        show(ctx, net, OF_POINT(gap[1], "vgap"), AT_V(k, 2));
        show(ctx, net, AT_FIELD(CELLS + k, 0, "PortSpy", "one"), AT_V(k, 1));
        show(ctx, net, AT_FIELD(CELLS + k, 0, "PortSpy", "other"),
             k == 1   ? AT_FIELD(k, 1, NULL, "ica")
             : k == 2 ? AT_FIELD(k, 1, NULL, "cai")
             : k == 3 ? AT_FIELD(CELLS + 1, 0, "PortSpy", "early")
                      : AT_FIELD(k, 1, "hh", "m"));
        uint32_t synapse = add_point(ctx, net, SPEC("ExpSyn", VALUE("tau", 2)), next, 1);
        connect_one(ctx, net, add_detector(ctx, net, CELLS + k, 0, -20), synapse, 1e-3,
                    1 + 0.1 * k);
    }
    const char *field[] = {"first", "early", "late", "late_other", "sum"};
    for (uint32_t k = 0; k < 5; k++) {
        m.probe[k] = probe_segment(ctx, net, CELLS + 1, 0, "PortSpy", field[k]);
    }
    m.probe[5] = probe_v(ctx, net, 1, 1);
    m.probe[6] = probe_segment(ctx, net, 1, 1, NULL, "ica");
    m.probe[7] = probe_segment(ctx, net, CELLS + 2, 0, "PortSpy", "late_other");
    m.probe[8] = probe_segment(ctx, net, 2, 1, NULL, "cai");
    m.probe[9] = probe_events(ctx, net, HK_PROBE_SPIKES, NULL);
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_free(m->ctx);
}

/* `current` sees v and states of the step's start, advance v of its end, and what `current` made of
 * currents. */
static void test_moments(void **state) {
    (void)state;
    struct model m = open_model(0, 1);
    for (int again = 0; again < 2; again++) {
        WORKS(m.ctx, hk_net_run(m.net, 30));
        struct rows row[PROBES];
        for (int k = 0; k < PROBES; k++) {
            row[k] = rows_of(m.ctx, m.net, m.probe[k]);
        }
        struct rows v = row[5], ica = row[6], cai = row[8];
        assert_true(row[9].n >= 3);
        assert_true(at(row[0], 5, 1) == -65); /* in init */
        double sum = 0;
        for (uint64_t n = 1; n < v.n; n++) {
            assert_true(at(row[1], n, 1) == at(v, n, 1));
            assert_true(at(row[2], n, 1) == at(v, n, 1));
            assert_true(at(row[3], n, 1) == at(ica, n - 1, 1));
            assert_true(at(row[7], n, 1) == at(cai, n - 1, 1));
            sum += at(v, n - 1, 1) * (double)n + at(ica, n - 1, 1);
            assert_true(at(row[4], n, 1) == sum);
        }
        WORKS(m.ctx, hk_net_reset(m.net));
    }
    close_model(&m);
}

static void test_grouping(void **state) {
    (void)state;
    struct model one = open_model(64, 1);
    WORKS(one.ctx, hk_net_run(one.net, 30));
    const uint32_t how[][2] = {{1, 1}, {3, 3}, {2, 2}, {64, 4}};
    for (size_t i = 0; i < sizeof how / sizeof how[0]; i++) {
        struct model other = open_model(how[i][0], how[i][1]);
        WORKS(other.ctx, hk_net_run(other.net, 12.3));
        WORKS(other.ctx, hk_net_run(other.net, 30));
        for (int k = 0; k < PROBES; k++) {
            same_rows(rows_of(one.ctx, one.net, one.probe[k]),
                      rows_of(other.ctx, other.net, other.probe[k]));
        }
        close_model(&other);
    }
    close_model(&one);
}

/* A synapse that a port looks at stays by itself beside an equal one. */
static void test_point_field(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
    passive(ctx, type, 1e-4, -65);
    hk_cell *spy = cylinder(ctx, 20, 20, 1, 100, 1);
    WORKS(ctx, hk_cell_insert(spy, "PortSpy", 0, NULL));
    hk_net *net = open_net(ctx, DT, -65);
    add_cells(ctx, net, type, 1);
    add_cells(ctx, net, spy, 1);
    uint32_t synapse[3];
    double times[] = {1, 2};
    uint32_t train = add_times(ctx, net, times, 2);
    for (uint32_t k = 0; k < 3; k++) {
        synapse[k] = add_point(ctx, net, SPEC("ExpSyn", VALUE("tau", 1e9)), 0, 0);
        connect_one(ctx, net, train, synapse[k], k + 1, 0);
    }
    show(ctx, net, AT_FIELD(1, 0, "PortSpy", "one"), OF_POINT(synapse[1], "g"));
    show(ctx, net, AT_FIELD(1, 0, "PortSpy", "other"), OF_POINT(synapse[1], "v"));
    uint32_t late = probe_segment(ctx, net, 1, 0, "PortSpy", "late"),
             other = probe_segment(ctx, net, 1, 0, "PortSpy", "late_other"),
             v = probe_v(ctx, net, 0, 0), early = probe_segment(ctx, net, 1, 0, "PortSpy", "sum");
    WORKS(ctx, hk_net_run(net, 3));
    struct rows seen = rows_of(ctx, net, late);
    assert_true(at(seen, 40, 1) == 0); /* the event of 1 ms arrives in step 40 */
    NEAR(at(seen, 41, 1), 2, 1e-6);
    NEAR(at(seen, 120, 1), 4, 1e-6);
    assert_true(last_of(ctx, net, other) == last_of(ctx, net, v));
    (void)early;
    assert_int_equal(hk_net_facts(net).instances, 2); /* the other two are one */
    hk_net_free(net);
    hk_cell_free(type);
    hk_cell_free(spy);
    hk_free(ctx);
}

/* ---- what is refused */

static void test_mistakes(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 20, 20, 2, 100, 1);
    passive(ctx, type, 1e-4, -65);
    WORKS(ctx, hk_cell_insert(type, "PortSpy", 0, NULL));
    double one = 1;
    FAILS(ctx, hk_cell_set(type, "PortSpy", "one", 0, NULL, &one, 0), HK_NOT_FOUND,
          "field \"one\" is of role port");
    hk_net *net = open_net(ctx, DT, -65);
    add_cells(ctx, net, type, 3);
    uint32_t gap = add_point(ctx, net, SPEC("PortGap", VALUE("r", 100)), 2, 1), point;
    uint32_t cell = 0, segment = 0;
    FAILS(ctx, hk_net_points(net, SPEC("PortGap", VALUE("vgap", 1)), 1, &cell, &segment, &point),
          HK_INVALID, "vgap");
    struct hk_target port = OF_POINT(gap, "vgap"), v = AT_V(0, 0), bad = OF_POINT(gap, "r");
    FAILS(ctx, hk_net_port(net, 1, &bad, &v), HK_INVALID, "port 0 of 1: PortGap.r is no port");
    FAILS(ctx, hk_net_port(net, 1, &v, &v), HK_INVALID, "\"v\" is no port");
    bad = OF_POINT(gap, "i");
    FAILS(ctx, hk_net_port(net, 1, &port, &bad), HK_INVALID,
          "a port cannot show PortGap.i, the whole current");
    FAILS(ctx, hk_net_port(net, 1, &port, &port), HK_INVALID,
          "a port cannot show PortGap.vgap, which is a port itself");
    bad = AT_FIELD(7, 0, NULL, "v");
    FAILS(ctx, hk_net_port(net, 1, &port, &bad), HK_NOT_FOUND, "there is no cell 7");
    bad = AT_FIELD(0, 0, NULL, "cai");
    FAILS(ctx, hk_net_port(net, 1, &port, &bad), HK_NOT_FOUND, "cai");
    FAILS(ctx, hk_net_port(net, 1, &port, NULL), HK_INVALID, "a port and what it shows");
    FAILS(ctx, hk_net_build(net), HK_INVALID, "5): the port PortSpy.one shows nothing");
    for (uint32_t k = 0; k < 6; k++) {
        show(ctx, net, AT_FIELD(k / 2, k % 2, "PortSpy", "one"), v);
        show(ctx, net, AT_FIELD(k / 2, k % 2, "PortSpy", "other"), v);
    }
    FAILS(ctx, hk_net_build(net), HK_INVALID,
          "cell 2 (cylinder), segment s0[0](0.75): the port PortGap.vgap shows nothing");
    show(ctx, net, port, v);
    WORKS(ctx, hk_net_build(net));
    FAILS(ctx, hk_net_port(net, 1, &port, &v), HK_ORDER, "ports cannot be added");
    const char *text;
    FAILS(ctx, hk_net_unit_source(net, 0, &text), HK_INVALID, "cell type \"cylinder\" has no unit");
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* A cell that diverges says so, whoever looks at it. */
static void test_divergence(void **state) {
    (void)state;
    char message[2][512];
    for (uint32_t i = 0; i < 2; i++) {
        hk_context *ctx = open_context();
        hk_cell *type = cylinder(ctx, 20, 20, 1, 100, 1);
        struct hk_net_options options = hk_net_defaults();
        options.group = i ? 1 : 8;
        options.threads = i ? 2 : 1;
        hk_net *net;
        WORKS(ctx, hk_net_new(ctx, &options, &net));
        add_cells(ctx, net, type, 3);
        for (uint32_t k = 0; k < 3; k++) {
            uint32_t gap = add_point(ctx, net, SPEC("PortGap", VALUE("r", 1)), k, 0);
            show(ctx, net, OF_POINT(gap, "vgap"), AT_V((k + 1) % 3, 0));
        }
        add_point(ctx, net, SPEC("IClamp", VALUE("delay", 1), VALUE("dur", 9), VALUE("amp", 1e7)),
                  1, 0);
        assert_int_equal(hk_net_run(net, 10), HK_DIVERGED);
        snprintf(message[i], sizeof message[i], "%s", hk_message(ctx));
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
    assert_string_equal(message[0], message[1]);
    assert_non_null(strstr(message[0], "cell 1 (cylinder)"));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gap),      cmocka_unit_test(test_moments),
        cmocka_unit_test(test_grouping), cmocka_unit_test(test_point_field),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_divergence),
    };
    return cmocka_run_group_tests_name("engine_ports", tests, NULL, NULL);
}
