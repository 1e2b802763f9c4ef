/* SPDX-License-Identifier: BSD-3-Clause */
/* What a network's digest is of, and what it is not of. */
#include "models.h"
#include "digest_hash.h"

struct change { /* of the network that make() makes; the digest is another one, or is not */
    const char *what;
    bool same;
    void (*types)(hk_context *, hk_cell *);
    void (*net)(hk_context *, hk_net *);
    struct hk_net_options options;
};

/* ---- a network with something of each kind */

static void connect_all(hk_context *ctx, hk_net *net) {
    const double times[] = {1, 5, 9}, rates[] = {0, 100, 20};
    for (uint32_t cell = 0; cell < 3; cell++) {
        uint32_t synapse = add_point(ctx, net, SPEC("ExpSyn", VALUE("tau", 2)), cell, 1);
        uint32_t tired = add_point(ctx, net, PLAIN("EngineDepress"), cell, 2);
        uint32_t spikes = add_times(ctx, net, times, 3);
        uint32_t noise = add_input(ctx, net, SPEC("Poisson", ROWS("rate", rates, 1)), "noise");
        double weights[] = {1e-3, 0.5}, delay = 1;
        connect_one(ctx, net, spikes, synapse, 1e-3, 0.5);
        WORKS(ctx, hk_net_connect(net, 1, &noise, &tired, weights, 2, &delay));
        connect_one(ctx, net, add_detector(ctx, net, cell, 0, -20), synapse, 2e-3, 1.5);
    }
}

static void digest_of(const struct change *c, char before[65], char after[65]) {
    hk_context *ctx = open_context();
    hk_cell *type = cylinder(ctx, 100, 2, 3, 100, 1);
    passive(ctx, type, 1e-4, -65);
    if (c->types) {
        c->types(ctx, type);
    }
    struct hk_net_options options = c->options;
    if (options.dt <= 0) {
        options = hk_net_defaults();
        options.celsius = 20;
    }
    hk_net *net;
    WORKS(ctx, hk_net_new(ctx, &options, &net));
    add_cells(ctx, net, type, 3);
    connect_all(ctx, net);
    if (c->net) {
        c->net(ctx, net);
    }
    WORKS(ctx, hk_net_digest(net, before));
    WORKS(ctx, hk_net_build(net));
    set_all(ctx, type, "pas", "e", -60); /* the network is built: that is for others */
    WORKS(ctx, hk_net_digest(net, after));
    hk_net_free(net);
    hk_cell_free(type);
    hk_free(ctx);
}

/* ---- changes */

static void set_cm(hk_context *ctx, hk_cell *type) {
    uint32_t segment = 1;
    double value = 1.1;
    WORKS(ctx, hk_cell_set(type, NULL, "cm", 1, &segment, &value, 0));
}

static void set_e(hk_context *ctx, hk_cell *type) {
    uint32_t segment = 2;
    double value = -64;
    WORKS(ctx, hk_cell_set(type, "pas", "e", 1, &segment, &value, 0));
}

static void insert_hh(hk_context *ctx, hk_cell *type) {
    WORKS(ctx, hk_cell_insert(type, "hh", 0, NULL));
}

static void insert_here(hk_context *ctx, hk_cell *type) {
    uint32_t segment = 0;
    WORKS(ctx, hk_cell_insert(type, "hh", 1, &segment));
}

static void set_ena(hk_context *ctx, hk_cell *type) {
    insert_hh(ctx, type);
    set_all(ctx, type, NULL, "ena", 49);
}

static void one_more_cell(hk_context *ctx, hk_net *net) {
    add_cells(ctx, net, hk_net_cell(net, 0).type, 1);
}

static void own_value(hk_context *ctx, hk_net *net) {
    uint32_t cell = 1;
    double value = -66;
    WORKS(ctx, hk_net_set(net, 1, &cell, "pas", "e", 0, NULL, &value, 0));
}

static void other_value(hk_context *ctx, hk_net *net) {
    double value = 3;
    uint32_t point = 2;
    WORKS(ctx, hk_net_point_set(net, 1, &point, "tau", &value, 0));
}

static void set_back(hk_context *ctx, hk_net *net) {
    double value = 2;
    uint32_t point = 2;
    other_value(ctx, net);
    WORKS(ctx, hk_net_point_set(net, 1, &point, "tau", &value, 0));
}

static void one_more_connection(hk_context *ctx, hk_net *net) {
    connect_one(ctx, net, point_source(ctx, net, 0), 0, 1e-3, 1);
}

static void other_weight(hk_context *ctx, hk_net *net) {
    connect_one(ctx, net, add_detector(ctx, net, 0, 0, -20), 0, 3e-3, 1.5);
}

static void other_delay(hk_context *ctx, hk_net *net) {
    connect_one(ctx, net, add_detector(ctx, net, 0, 0, -20), 0, 3e-3, 1.6);
}

static void other_threshold(hk_context *ctx, hk_net *net) {
    connect_one(ctx, net, add_detector(ctx, net, 0, 0, -21), 0, 3e-3, 1.5);
}

static void other_times(hk_context *ctx, hk_net *net) {
    const double times[] = {1, 5, 9.5};
    connect_one(ctx, net, add_times(ctx, net, times, 3), 0, 1e-3, 1);
}

static void same_times(hk_context *ctx, hk_net *net) {
    const double times[] = {1, 5, 9};
    connect_one(ctx, net, add_times(ctx, net, times, 3), 0, 1e-3, 1);
}

static void other_stream(hk_context *ctx, hk_net *net) {
    const double rates[] = {0, 100, 20};
    connect_one(ctx, net, add_input(ctx, net, SPEC("Poisson", ROWS("rate", rates, 1)), "other"), 0,
                1e-3, 1);
}

static void gap(hk_context *ctx, hk_net *net, uint32_t of, uint32_t shows) {
    uint32_t point = add_point(ctx, net, PLAIN("PortGap"), of, 0);
    struct hk_target port = {.at = HK_AT_POINT, .index = point, .field = "vgap"},
                     shown = {.at = HK_AT_SEGMENT, .index = shows, .field = "v"};
    WORKS(ctx, hk_net_port(net, 1, &port, &shown));
}

static void gap_to_1(hk_context *ctx, hk_net *net) {
    gap(ctx, net, 0, 1);
}

static void gap_to_2(hk_context *ctx, hk_net *net) {
    gap(ctx, net, 0, 2);
}

static void artificial(hk_context *ctx, hk_net *net) {
    uint32_t first;
    WORKS(ctx, hk_net_artificial(net, "fire", PLAIN("EngineFire"), 2, NULL, &first));
}

/* Detectors and recorders that only probes need stand between what decides results. */
static void watched(hk_context *ctx, hk_net *net) {
    uint32_t source = add_detector(ctx, net, 2, 1, -33);
    probe_events(ctx, net, HK_PROBE_SPIKES, &source);
    probe_v(ctx, net, 1, 0);
    probe_point(ctx, net, 0, "g");
}

static void watched_before(hk_context *ctx, hk_net *net) {
    watched(ctx, net);
    one_more_connection(ctx, net);
    other_threshold(ctx, net);
}

static void not_watched(hk_context *ctx, hk_net *net) {
    one_more_connection(ctx, net);
    other_threshold(ctx, net);
}

static struct hk_net_options with(double celsius, double v_init, double dt, uint64_t seed,
                                  uint32_t threads) {
    struct hk_net_options o = hk_net_defaults();
    o.celsius = celsius;
    o.v_init = v_init;
    o.dt = dt;
    o.seed = seed;
    o.threads = o.group = threads;
    return o;
}

static const struct change PLAIN_NET = {.what = "nothing"};

static void test_changes(void **state) {
    (void)state;
    const struct change changes[] = {
        {.what = "nothing", .same = true},
        {.what = "threads, groups", .same = true, .options = with(20, -65, 0.025, 1, 2)},
        {.what = "probes", .same = true, .net = watched},
        {.what = "a value and back", .same = true, .net = set_back},
        {.what = "celsius", .options = with(21, -65, 0.025, 1, 1)},
        {.what = "no celsius", .options = with((double)NAN, -65, 0.025, 1, 1)},
        {.what = "v_init", .options = with(20, -66, 0.025, 1, 1)},
        {.what = "dt", .options = with(20, -65, 0.05, 1, 1)},
        {.what = "seed", .options = with(20, -65, 0.025, 2, 1)},
        {.what = "cm", .types = set_cm},
        {.what = "a parameter", .types = set_e},
        {.what = "a mechanism", .types = insert_hh},
        {.what = "a mechanism at one segment", .types = insert_here},
        {.what = "an ion", .types = set_ena},
        {.what = "a cell", .net = one_more_cell},
        {.what = "a cell's own value", .net = own_value},
        {.what = "a point's value", .net = other_value},
        {.what = "a connection from a point", .net = one_more_connection},
        {.what = "a weight", .net = other_weight},
        {.what = "a delay", .net = other_delay},
        {.what = "a threshold", .net = other_threshold},
        {.what = "times", .net = other_times},
        {.what = "one more input", .net = same_times},
        {.what = "a stream", .net = other_stream},
        {.what = "a port", .net = gap_to_1},
        {.what = "a port elsewhere", .net = gap_to_2},
        {.what = "artificial cells", .net = artificial},
    };
    enum { N = sizeof changes / sizeof *changes };
    static char seen[N][65];
    char plain[65], built[65];
    digest_of(&PLAIN_NET, plain, built);
    for (uint32_t k = 0; k < N; k++) {
        digest_of(&changes[k], seen[k], built);
        if (strcmp(seen[k], built) != 0) {
            fail_msg("%s: the digest is another one once it is built", changes[k].what);
        }
        if (changes[k].same != !strcmp(seen[k], plain)) {
            fail_msg("%s: %s", changes[k].what, seen[k]);
        }
        for (uint32_t j = 0; !changes[k].same && j < k; j++) {
            if (!strcmp(seen[j], seen[k])) {
                fail_msg("%s and %s have one digest", changes[j].what, changes[k].what);
            }
        }
    }
}

static void test_probes_between(void **state) {
    (void)state;
    char one[65], other[65], built[65];
    digest_of(&(struct change){.net = watched_before}, one, built);
    assert_string_equal(one, built);
    digest_of(&(struct change){.net = not_watched}, other, built);
    assert_string_equal(one, other);
}

/* ---- how many numbers are hashed */

static uint64_t twice(void *data, uint64_t value) {
    (void)data;
    return 2 * value;
}

static void series_of(const uint64_t *value, uint32_t n, bool settled, bool mapped, char hex[65]) {
    struct series s = {0};
    struct digest d;
    unsigned char digest[32];
    for (uint32_t k = 0; k < n; k++) {
        assert_true(series_add(&s, value[k]));
    }
    if (settled) {
        series_settle(&s);
    }
    digest_begin(&d, NULL);
    digest_series(&d, &s, mapped ? twice : NULL, NULL);
    assert_int_equal(digest_end(&d, digest), HK_OK);
    hash_hex(digest, hex);
    series_free(&s);
}

/* However a series keeps its numbers. */
static void test_series(void **state) {
    (void)state;
    enum { N = 600 };
    static uint64_t value[N], changed[N];
    const uint64_t steps[] = {0, 1, 3, 300, 70000, (uint64_t)1 << 40};
    char all[6][65];
    for (int k = 0; k < 6; k++) {
        char open[65], settled[65], other[65], mapped[65], doubled[65];
        for (uint32_t i = 0; i < N; i++) {
            value[i] = 7 + steps[k] * (k % 2 ? i : i * 7 % 11);
            changed[i] = 2 * value[i];
        }
        series_of(value, N, false, false, open);
        series_of(value, N, true, false, settled);
        assert_string_equal(open, settled);
        series_of(value, N, true, true, mapped);
        series_of(changed, N, false, false, doubled);
        assert_string_equal(mapped, doubled);
        series_of(value, N - 1, true, false, other);
        assert_string_not_equal(open, other);
        memcpy(changed, value, sizeof value);
        changed[N - 2]++;
        series_of(changed, N, true, false, other);
        assert_string_not_equal(open, other);
        memcpy(all[k], open, sizeof open);
        for (int j = 0; j < k; j++) {
            assert_string_not_equal(all[j], all[k]);
        }
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_probes_between),
        cmocka_unit_test(test_series),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
