/* SPDX-License-Identifier: BSD-3-Clause */
/* Each kind of thing that has a state of its own, saved at several steps and restored in another
 * layout. The fixtures say what they are for. */
#include "save_check.h"

struct small {
    hk_context *ctx;
    hk_cell *type[2];
    uint32_t n_type;
    hk_net *net;
};

static hk_cell *new_type(struct small *s, double length, double diam, uint32_t nseg) {
    hk_cell *type = cylinder(s->ctx, length, diam, nseg, 100, 1);
    s->type[s->n_type++] = type;
    return type;
}

static void v_of(struct small *s, uint32_t n) {
    for (uint32_t k = 0; k < n; k++) {
        probe_v(s->ctx, s->net, k, 0);
    }
}

/* ---- what is saved */

/* A cell that goes up and down under eyes that watch it. */
static void make_watch(struct small *s) {
    add_cells(s->ctx, s->net, new_type(s, 20, 20, 1), 5);
    for (uint32_t k = 0; k < 5; k++) {
        const double times[] = {2.3, 9, 9, 21};
        double delay = 0.4;
        for (uint32_t i = 0; i < 4; i++) {
            add_point(s->ctx, s->net,
                      SPEC("IClamp", VALUE("delay", 2 + 6 * i + 0.1 * k), VALUE("dur", 3),
                           VALUE("amp", i % 2 ? -0.05 : 0.05)),
                      k, 0);
        }
        uint32_t eye = add_point(s->ctx, s->net,
                                 SPEC("EngineWatch", VALUE("high", -63), VALUE("low", -64)), k, 0);
        uint32_t source = add_times(s->ctx, s->net, times, 4);
        WORKS(s->ctx, hk_net_connect(s->net, 1, &source, &eye, NULL, 0, &delay));
        uint32_t out = point_source(s->ctx, s->net, eye);
        probe_events(s->ctx, s->net, HK_PROBE_SPIKES, &out);
        probe_point(s->ctx, s->net, eye, "n");
        probe_point(s->ctx, s->net, eye, "above");
    }
    v_of(s, 5);
}

/* Pacemakers, of which some emit at t = 0; what fires, as points and as artificial cells. */
static void make_pace(struct small *s) {
    uint32_t artificial;
    add_cells(s->ctx, s->net, new_type(s, 20, 20, 1), 4);
    WORKS(s->ctx, hk_net_artificial(s->net, "fire", SPEC("EngineFire", VALUE("rest", 3.3)), 6, NULL,
                                    &artificial));
    for (uint32_t k = 0; k < 4; k++) {
        uint32_t pace =
            add_point(s->ctx, s->net,
                      SPEC("EngineStart", VALUE("period", 1.7 + k), VALUE("at_once", k % 2)), k, 0);
        for (uint32_t i = 0; i < 6; i++) {
            double weights[] = {0.45, 1}, delay = 1.5 + 0.3 * i;
            uint32_t source = point_source(s->ctx, s->net, pace), target = artificial + i;
            WORKS(s->ctx, hk_net_connect(s->net, 1, &source, &target, weights, 2, &delay));
        }
        uint32_t heard = add_point(s->ctx, s->net, SPEC("ExpSyn", VALUE("tau", 2)), k, 0);
        connect_one(s->ctx, s->net, point_source(s->ctx, s->net, artificial + k), heard, 1e-3, 1.5);
    }
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t out = point_source(s->ctx, s->net, artificial + i);
        probe_events(s->ctx, s->net, HK_PROBE_SPIKES, &out);
        probe_point(s->ctx, s->net, artificial + i, "m");
    }
    v_of(s, 4);
}

/* Cells that look into each other. */
static void make_ports(struct small *s) {
    hk_cell *spy = new_type(s, 20, 20, 1);
    WORKS(s->ctx, hk_cell_insert(spy, "hh", 0, NULL));
    WORKS(s->ctx, hk_cell_insert(spy, "PortSpy", 0, NULL));
    add_cells(s->ctx, s->net, spy, 5);
    for (uint32_t k = 0; k < 5; k++) {
        uint32_t next = (k + 1) % 5;
        uint32_t gap = add_point(s->ctx, s->net, SPEC("PortGap", VALUE("r", 300)), k, 0);
        struct hk_target port[] = {
            {.at = HK_AT_POINT, .index = gap, .field = "vgap"},
            {.at = HK_AT_SEGMENT, .index = k, .mechanism = "PortSpy", .field = "one"},
            {.at = HK_AT_SEGMENT, .index = k, .mechanism = "PortSpy", .field = "other"}};
        struct hk_target shown[] = {
            {.at = HK_AT_SEGMENT, .index = next, .field = "v"},
            {.at = HK_AT_SEGMENT, .index = next, .mechanism = "PortSpy", .field = "early"},
            {.at = HK_AT_SEGMENT, .index = next, .field = "ina"}};
        WORKS(s->ctx, hk_net_port(s->net, 3, port, shown));
        probe_segment(s->ctx, s->net, k, 0, "PortSpy", "sum");
        probe_segment(s->ctx, s->net, k, 0, "PortSpy", "early");
    }
    add_point(s->ctx, s->net,
              SPEC("IClamp", VALUE("delay", 1), VALUE("dur", 20), VALUE("amp", 0.1)), 0, 0);
    v_of(s, 5);
}

/* Channels that draw, that keep what `current` stores, that integrate and write what ions have. */
static void make_channels(struct small *s) {
    static const char *const mechanisms[][2] = {{"hh", "m"},           {"RandomChannel", "x"},
                                                {"UnitTwice", "last"}, {"EnginePool", "cai"},
                                                {"IonWritesE", "eca"}, {"ObserveChannel", "flux"}};
    hk_cell *type = new_type(s, 100, 2, 3), *clock = new_type(s, 60, 3, 2);
    for (int m = 0; m < 6; m++) {
        WORKS(s->ctx, hk_cell_insert(type, mechanisms[m][0], 0, NULL));
    }
    WORKS(s->ctx, hk_cell_insert(clock, "UnitClock", 0, NULL));
    WORKS(s->ctx, hk_cell_insert(clock, "CaDyn", 0, NULL));
    WORKS(s->ctx, hk_cell_insert(clock, "CaHVA", 0, NULL));
    add_cells(s->ctx, s->net, type, 5);
    add_cells(s->ctx, s->net, clock, 5);
    for (uint32_t k = 0; k < 10; k++) {
        add_point(s->ctx, s->net,
                  SPEC("IClamp", VALUE("delay", 1 + k), VALUE("dur", 20), VALUE("amp", 0.05)), k,
                  0);
        for (int m = 0; k < 5 && m < 6; m++) {
            probe_segment(s->ctx, s->net, k, 1, mechanisms[m][0], mechanisms[m][1]);
        }
        if (k >= 5) {
            probe_segment(s->ctx, s->net, k, 1, "UnitClock", "last");
            probe_segment(s->ctx, s->net, k, 1, "UnitClock", "ahead");
            probe_segment(s->ctx, s->net, k, 1, NULL, "eca");
        }
        add_point(s->ctx, s->net, PLAIN("IonPoint"), k, 1);
    }
    v_of(s, 10);
}

/* Inputs of all kinds, heard now, much later, and by nobody. */
static void make_inputs(struct small *s) {
    add_cells(s->ctx, s->net, new_type(s, 20, 20, 1), 4);
    const double rates[] = {0, 12, 300, 15, 900, 150}, times[] = {0, 3, 3, 3.01, 17, 140, 141, 260};
    for (uint64_t k = 0; k < 12; k++) {
        const struct hk_spec *spec =
            k % 3 == 0   ? SPEC("Poisson", ROWS("rate", rates, 2))
            : k % 3 == 1 ? SPEC("NetStim", VALUE("start", 1), VALUE("interval", 4),
                                VALUE("number", 40), VALUE("noise", (double)(k % 2)))
                         : SPEC("SpikeArray", ROWS("times", times, 8));
        uint32_t input, source;
        WORKS(s->ctx, hk_net_inputs(s->net, spec, "any", 1, NULL, &k, &input));
        WORKS(s->ctx, hk_net_source(s->net, HK_FROM_INPUT, input, &source));
        for (uint32_t cell = 0; k != 11 && cell < 4; cell++) {
            uint32_t point =
                add_point(s->ctx, s->net, SPEC("ExpSyn", VALUE("tau", 2 + cell)), cell, 0);
            connect_one(s->ctx, s->net, source, point, 1e-4, cell == 3 ? 90 : 0.1 * (double)k);
        }
    }
    probe_events(s->ctx, s->net, HK_PROBE_EVENTS, NULL);
    v_of(s, 4);
}

/* Weights that events change, of the instance's own connections too. */
static void make_ends(struct small *s) {
    add_cells(s->ctx, s->net, new_type(s, 20, 20, 1), 3);
    for (uint32_t k = 0; k < 3; k++) {
        uint32_t tired = add_point(s->ctx, s->net, PLAIN("EngineDepress"), k, 0);
        uint32_t ends = add_point(s->ctx, s->net, PLAIN("EngineEnds"), k, 0);
        for (uint32_t i = 0; i < 4; i++) {
            uint32_t source = add_input(
                s->ctx, s->net,
                SPEC("NetStim", VALUE("interval", 2 + i), VALUE("number", 99), VALUE("noise", 0.5)),
                "trains");
            double weights[] = {2e-3, 0.8 + 0.02 * k}, delay = 0.3 * i;
            WORKS(s->ctx, hk_net_connect(s->net, 1, &source, &tired, weights, 2, &delay));
            weights[0] = i + 1;
            WORKS(s->ctx, hk_net_connect(s->net, 1, &source, &ends, weights, 1, &delay));
        }
        probe_point(s->ctx, s->net, tired, "g");
        probe_point(s->ctx, s->net, ends, "echo");
    }
    v_of(s, 3);
}

/* Windows and intervals that begin, end and lie between the steps at which it is saved. */
static void make_windows(struct small *s) {
    hk_cell *type = new_type(s, 20, 20, 1);
    WORKS(s->ctx, hk_cell_insert(type, "hh", 0, NULL));
    add_cells(s->ctx, s->net, type, 2);
    add_point(s->ctx, s->net, SPEC("IClamp", VALUE("dur", 99), VALUE("amp", 0.2)), 0, 0);
    const double windows[][3] = {{0, 0, 0},       {0.1, 0, 0},   {0.175, 1.3, 0}, {0.5, 5, 12.5},
                                 {0.25, 20, 900}, {0.025, 8, 8}, {7, 0.05, 0}};
    for (int k = 0; k < 7; k++) {
        struct hk_target target[] = {{.at = HK_AT_SEGMENT, .index = 0, .field = "v"},
                                     {.at = HK_AT_SEGMENT, .index = 0, .field = "ina"}};
        struct hk_probe probe = {.kind = HK_PROBE_VALUES,
                                 .n = 2,
                                 .target = target,
                                 .interval = windows[k][0],
                                 .from = windows[k][1],
                                 .until = windows[k][2],
                                 .recorder = *PLAIN("memory")};
        uint32_t out;
        WORKS(s->ctx, hk_net_probe(s->net, &probe, &out));
    }
    add_detector(s->ctx, s->net, 0, 0, -20);
    probe_events(s->ctx, s->net, HK_PROBE_SPIKES, NULL);
}

/* ---- saved and restored */

static struct small open_small(void (*make)(struct small *), uint32_t threads, uint32_t group) {
    struct small s = {.ctx = open_context()};
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 20;
    options.threads = threads;
    options.group = group;
    WORKS(s.ctx, hk_net_new(s.ctx, &options, &s.net));
    make(&s);
    return s;
}

static void close_small(struct small *s) {
    hk_net_free(s->net);
    for (uint32_t k = 0; k < s->n_type; k++) {
        hk_cell_free(s->type[k]);
    }
    hk_free(s->ctx);
}

static void save_at(void (*make)(struct small *), struct small *plain, double t, double until) {
    struct small a = open_small(make, 1, 0), b = open_small(make, 2, 1);
    WORKS(a.ctx, hk_net_reset(a.net)); /* not begun yet: nothing to do */
    WORKS(a.ctx, hk_net_build(a.net));
    WORKS(a.ctx, hk_net_reset(a.net));
    WORKS(a.ctx, hk_net_run(a.net, t));
    WORKS(a.ctx, hk_net_save(a.net, here));
    WORKS(b.ctx, hk_net_restore(b.net, here));
    WORKS(b.ctx, hk_net_save(b.net, there));
    same_files(here, there);
    WORKS(a.ctx, hk_net_run(a.net, until));
    same_recordings(plain->ctx, plain->net, a.ctx, a.net, 3);
    WORKS(b.ctx, hk_net_run(b.net, until));
    same_recordings(plain->ctx, plain->net, b.ctx, b.net, 3);
    WORKS(plain->ctx, hk_net_save(plain->net, here));
    WORKS(b.ctx, hk_net_save(b.net, there));
    same_files(here, there);
    close_small(&a);
    close_small(&b);
}

static void save_often(void (*make)(struct small *), double until) {
    struct small plain = open_small(make, 1, 2);
    WORKS(plain.ctx, hk_net_run(plain.net, until));
    const double at[] = {0, 0.025, 0.05, 1.5, 3, 5.05, 9.4, 17.125, 23.975};
    for (size_t k = 0; k < sizeof at / sizeof *at; k += is_quick() ? 4 : 1) {
        save_at(make, &plain, at[k], until);
    }
    close_small(&plain);
}

#define SAVED(what, until)                                                                         \
    static void test_##what(void **state) {                                                        \
        (void)state;                                                                               \
        save_often(make_##what, until);                                                            \
    }
SAVED(watch, 30)
SAVED(pace, 30)
SAVED(ports, 30)
SAVED(channels, 30)
SAVED(inputs, 300)
SAVED(ends, 40)
SAVED(windows, 30)

/* ---- between epochs, where the samples of its step are still to come; with a profile */

static volatile sig_atomic_t stopped;

static void stop_at(void *data, const struct hk_progress *now) {
    stopped = now->t >= *(const double *)data;
}

static void test_interrupted(void **state) {
    (void)state;
    double t = 4.9;
    struct small plain = open_small(make_windows, 1, 0), a = {.ctx = open_context()},
                 b = {.ctx = open_context()};
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 20;
    options.profile = true;
    WORKS(b.ctx, hk_net_new(b.ctx, &options, &b.net));
    options.stop = &stopped;
    options.progress = stop_at;
    options.progress_data = &t;
    options.progress_s = 0;
    WORKS(a.ctx, hk_net_new(a.ctx, &options, &a.net));
    make_windows(&a);
    make_windows(&b);
    stopped = 0;
    FAILS(a.ctx, hk_net_run(a.net, 30), HK_INTERRUPTED, "interrupted at t = 5 ms");
    WORKS(a.ctx, hk_net_save(a.net, here));
    WORKS(b.ctx, hk_net_restore(b.net, here));
    WORKS(b.ctx, hk_net_run(b.net, 30));
    WORKS(plain.ctx, hk_net_run(plain.net, 30));
    same_recordings(plain.ctx, plain.net, b.ctx, b.net, 8);
    struct hk_profile profile;
    WORKS(b.ctx, hk_net_profile(b.net, &profile));
    assert_true(profile.steps == 1000); /* those after the restored ones */
    close_small(&plain);
    close_small(&a);
    close_small(&b);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watch),   cmocka_unit_test(test_pace),
        cmocka_unit_test(test_ports),   cmocka_unit_test(test_channels),
        cmocka_unit_test(test_inputs),  cmocka_unit_test(test_ends),
        cmocka_unit_test(test_windows), cmocka_unit_test(test_interrupted),
    };
    return cmocka_run_group_tests_name("save_parts", tests, open_saves, close_files);
}
