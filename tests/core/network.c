/* SPDX-License-Identifier: BSD-3-Clause */
#include "small_network.h"

#include "network.h"

#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof(a)[0]))
static const double NOT_A_NUMBER = (double)NAN;

/* Three cells of "stick" and one of "ball", a synapse on each stick, an input, a detector. */
static void make(struct small *s) {
    uint32_t first, cell[] = {0, 1, 2}, segment[] = {0, 4, 9};
    WORKS(s, hk_net_population(s->net, "A", s->type, 3, NULL, &first));
    assert_int_equal(first, 0);
    WORKS(s, hk_net_population(s->net, "B", s->other, 1, (const uint64_t[]){70}, &first));
    assert_int_equal(first, 3);
    struct hk_spec synapse = {.plugin = "NetSynapse"}, train = {.plugin = "NetTrain"};
    WORKS(s, hk_net_points(s->net, &synapse, 3, cell, segment, &first));
    WORKS(s, hk_net_inputs(s->net, &train, "trains", 1, NULL, NULL, &first));
    WORKS(s, hk_net_detector(s->net, 0, 9, -20, &first));
}

/* ---- the network and its cells */

static void test_defaults(void **state) {
    (void)state;
    struct hk_net_options o = hk_net_defaults();
    assert_true(isnan(o.celsius) && o.v_init == -65 && o.dt == 0.025);
    assert_true(o.seed == 1 && o.threads == 1 && o.group == 0 && !o.stop);
    hk_net_free(NULL);
}

static void test_options(void **state) {
    struct small *s = *state;
    const struct {
        double celsius, v_init, dt;
        const char *part;
    } bad[] = {{37, -65, 0, "dt is 0 ms, not above 0"},
               {37, -65, -0.1, "dt is -0.1 ms, not above 0"},
               {37, -65, NOT_A_NUMBER, "dt is nan ms, not above 0"},
               {37, -65, HUGE_VAL, "dt is inf ms, not above 0"},
               {37, NOT_A_NUMBER, 0.1, "v_init is nan mV, not a finite number"},
               {-300, -65, 0.1, "celsius is -300 degC, not a temperature"}};
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        struct hk_net_options o = hk_net_defaults();
        o.celsius = bad[i].celsius, o.v_init = bad[i].v_init, o.dt = bad[i].dt;
        hk_net *net = NULL;
        FAILS(s, hk_net_new(s->ctx, &o, &net), HK_INVALID, bad[i].part);
        assert_null(net);
    }
}

static void test_population(void **state) {
    struct small *s = *state;
    make(s);
    assert_int_equal(hk_net_cells(s->net), 4);
    struct hk_cell_of b = hk_net_cell(s->net, 3);
    assert_true(b.identity == 70 && b.population == 1 && b.type == s->other);
    assert_string_equal(b.population_name, "B");
    assert_true(hk_net_cell(s->net, 2).identity == 2);
    uint32_t first;
    WORKS(s, hk_net_population(s->net, "C", s->type, 2, NULL, &first));
    assert_true(hk_net_cell(s->net, 4).identity == 71 && hk_net_cell(s->net, 5).identity == 72);
    assert_int_equal(hk_net_cell(s->net, 6).population, HK_NONE);
}

static void test_population_errors(void **state) {
    struct small *s = *state;
    make(s);
    uint32_t first;
    hk_net *net = s->net;
    FAILS(s, hk_net_population(net, "", s->type, 1, NULL, &first), HK_INVALID, "needs a name");
    FAILS(s, hk_net_population(net, "C", s->type, 0, NULL, &first), HK_INVALID,
          "population \"C\" is empty");
    FAILS(s, hk_net_population(net, "C", s->raw, 1, NULL, &first), HK_ORDER,
          "cell type \"raw\" has not been built");
    FAILS(s, hk_net_population(net, "C", s->type, 1u << 30, NULL, &first), HK_INVALID, "too many");
    FAILS(s, hk_net_population(net, "C", s->type, 3, (const uint64_t[]){8, 9, 70}, &first),
          HK_INVALID, "identity 70, at 2 of the list, is that of cell 3 (of \"B\") already");
    FAILS(s, hk_net_population(net, "C", s->type, 3, (const uint64_t[]){8, 9, 8}, &first),
          HK_INVALID, "identity 8 is given twice, at 0 and at 2 of the list");
    assert_int_equal(hk_net_cells(net), 4);
    WORKS(s, hk_net_population(net, "C", s->type, 2, (const uint64_t[]){8, UINT64_MAX}, &first));
    FAILS(s, hk_net_population(net, "D", s->type, 1, NULL, &first), HK_INVALID,
          "1 identities above 18446744073709551615 do not exist");
    hk_context *elsewhere = hk_new();
    hk_net *foreign;
    WORKS(s, hk_net_new(elsewhere, NULL, &foreign));
    assert_int_equal(hk_net_population(foreign, "C", s->type, 1, NULL, &first), HK_INVALID);
    assert_non_null(strstr(hk_message(elsewhere), "of another context"));
    hk_net_free(foreign);
    hk_free(elsewhere);
}

static void test_many_identities(void **state) {
    struct small *s = *state;
    enum { N = 20000 };
    uint64_t *identity = malloc(N * sizeof *identity);
    for (uint32_t i = 0; i < N; i++) {
        identity[i] = (uint64_t)(N - i) << 33; /* equal lower halves */
    }
    uint32_t first;
    WORKS(s, hk_net_population(s->net, "A", s->type, N, identity, &first));
    identity[0] = 1;
    FAILS(s, hk_net_population(s->net, "B", s->type, N, identity, &first), HK_INVALID,
          "at 1 of the list, is that of cell 1");
    free(identity);
}

/* ---- values of cells */

static void test_set(void **state) {
    struct small *s = *state;
    uint32_t some[] = {2, 5}, cells[] = {1, 2};
    WORKS(s, hk_cell_insert(s->type, "NetLeak", 2, some));
    make(s);
    double value[] = {0.25, 0.5};
    WORKS(s, hk_net_set(s->net, 2, cells, "NetLeak", "g", 2, some, value, 1));
    assert_int_equal(s->net->n_override, 4);
    const struct override *o = &s->net->override[3];
    assert_true(o->cell == 2 && o->segment == 5 && o->value == 0.5 && o->place.kind == CELL_COLUMN);
    WORKS(s, hk_net_set(s->net, 1, cells, "NetLeak", "g", 0, NULL, value, 0));
    assert_int_equal(s->net->n_override, 6);
    assert_true(s->net->override[5].segment == 5 && s->net->override[5].value == 0.25);
}

static void test_set_errors(void **state) {
    struct small *s = *state;
    uint32_t some[] = {2, 5}, lacking[] = {2, 3}, off[] = {10}, cell[] = {1, 3}, nobody[] = {4};
    WORKS(s, hk_cell_insert(s->type, "NetLeak", 2, some));
    make(s);
    double value[] = {0.25, 0.5}, wrong[] = {0.25, -1};
    hk_net *net = s->net;
    FAILS(s, hk_net_set(net, 1, nobody, "NetLeak", "g", 2, some, value, 1), HK_NOT_FOUND,
          "cell 4 does not exist: there are 4");
    FAILS(s, hk_net_set(net, 1, cell, "NetLeak", "g", 1, off, value, 1), HK_NOT_FOUND,
          "segment 10 does not exist: cell type \"stick\" has 10");
    FAILS(s, hk_net_set(net, 1, cell, "NetLeak", "g", 2, lacking, value, 1), HK_NOT_FOUND,
          "segment 3 of cell type \"stick\" has no NetLeak");
    FAILS(s, hk_net_set(net, 1, cell, "NetLeak", "scale", 0, NULL, value, 0), HK_INVALID,
          "NetLeak.scale is one value for all of cell type \"stick\"");
    FAILS(s, hk_net_set(net, 1, cell, "NetLeak", "g", 2, some, wrong, 1), HK_INVALID, "-1");
    FAILS(s, hk_net_set(net, 2, cell, "NetLeak", "g", 0, NULL, value, 0), HK_NOT_FOUND, "NetLeak");
    FAILS(s, hk_net_set(net, 1, cell, "NetLeak", NULL, 0, NULL, value, 0), HK_INVALID,
          "a field's name is missing");
    assert_int_equal(net->n_override, 0);
}

/* ---- points and inputs */

static void test_points(void **state) {
    struct small *s = *state;
    make(s);
    assert_int_equal(hk_net_n_points(s->net), 3);
    struct hk_point_of p = hk_net_point(s->net, 1);
    assert_true(p.cell == 1 && p.segment == 4);
    assert_string_equal(p.plugin->name, "NetSynapse");
    assert_null(hk_net_point(s->net, 3).plugin);
    double value, tau[] = {3, 4};
    uint32_t some[] = {0, 2};
    WORKS(s, hk_net_point_get(s->net, 0, "tau", &value));
    assert_true(value == 2);
    WORKS(s, hk_net_point_set(s->net, 2, some, "tau", tau, 1));
    WORKS(s, hk_net_point_get(s->net, 2, "tau", &value));
    assert_true(value == 4);
    WORKS(s, hk_net_point_get(s->net, 1, "tau", &value));
    assert_true(value == 2);
    WORKS(s, hk_net_point_get(s->net, 1, "ratio", &value));
    assert_true(value == 3);
}

/* Equal values are kept once, whoever made them and however they were written. */
static void test_specs(void **state) {
    struct small *s = *state;
    make(s);
    hk_net *net = s->net;
    uint32_t zero = 0, one = 1, first, n = net->n_spec;
    struct hk_param same[] = {{"e", -0.0, NULL, 0}, {"tau", 2, NULL, 0}};
    WORKS(s, hk_net_points(net, &(struct hk_spec){"NetSynapse", 2, same}, 1, &zero, &zero, &first));
    assert_int_equal(net->n_spec, n);
    WORKS(s, hk_net_point_set(net, 1, &one, "tau", (const double[]){5}, 0));
    WORKS(s, hk_net_point_set(net, 1, &one, "tau", (const double[]){2}, 0));
    assert_int_equal(network_point(net, 1).spec, network_point(net, 0).spec);
    double times[] = {1, 2, 2}, copy[] = {1, 2, 2};
    struct hk_param a[] = {{"times", 0, times, 3}}, b[] = {{"times", 0, copy, 3}};
    WORKS(s, hk_net_inputs(net, &(struct hk_spec){"NetTrain", 1, a}, "x", 1, NULL, NULL, &first));
    times[0] = 9; /* the network has its own */
    WORKS(s, hk_net_inputs(net, &(struct hk_spec){"NetTrain", 1, b}, "x", 1, NULL, NULL, &first));
    assert_int_equal(network_input(net, 1).spec, network_input(net, 2).spec);
    b->rows = 2;
    WORKS(s, hk_net_inputs(net, &(struct hk_spec){"NetTrain", 1, b}, "x", 1, NULL, NULL, &first));
    assert_int_not_equal(network_input(net, 3).spec, network_input(net, 2).spec);
    assert_true(spec_list(&net->spec[network_input(net, 2).spec], 2).value[0] == 1);
}

static void point_fails(struct small *s, const char *plugin, struct hk_param param,
                        hk_status status, const char *part) {
    uint32_t zero = 0, first, points = hk_net_n_points(s->net);
    struct hk_spec spec = {plugin, param.field ? 1 : 0, &param};
    assert_string_equal(hk_status_name(hk_net_points(s->net, &spec, 1, &zero, &zero, &first)),
                        hk_status_name(status));
    if (!strstr(hk_message(s->ctx), part)) {
        fail_msg("\"%s\" is not in \"%s\"", part, hk_message(s->ctx));
    }
    assert_int_equal(hk_net_n_points(s->net), points);
}

static void test_spec_errors(void **state) {
    struct small *s = *state;
    make(s);
    double list[] = {1};
#define PARAM(...) ((struct hk_param){__VA_ARGS__})
    point_fails(s, "NetSynapsy", PARAM(NULL, 0, NULL, 0), HK_NOT_FOUND, "NetSynapse");
    point_fails(s, "NetLeak", PARAM(NULL, 0, NULL, 0), HK_INVALID,
                "NetLeak is a channel, not a point process");
    point_fails(s, "NetTrain", PARAM(NULL, 0, NULL, 0), HK_INVALID,
                "NetTrain is an input, not a point process");
    point_fails(s, NULL, PARAM(NULL, 0, NULL, 0), HK_INVALID, "a plugin's name is missing");
    point_fails(s, "NetSynapse", PARAM("tua", 1, NULL, 0), HK_NOT_FOUND,
                "NetSynapse has no field \"tua\"; the nearest is \"tau\"");
    point_fails(s, "NetSynapse", PARAM("g", 1, NULL, 0), HK_INVALID,
                "NetSynapse.g is no parameter: it cannot be set");
    point_fails(s, "NetSynapse", PARAM("tau", 0, NULL, 0), HK_INVALID,
                "NetSynapse.tau is 0 ms, not within 0.001 to 1000");
    point_fails(s, "NetSynapse", PARAM("tau", NOT_A_NUMBER, NULL, 0), HK_INVALID,
                "NetSynapse.tau is nan, not a number");
    point_fails(s, "NetSynapse", PARAM("e", HUGE_VAL, NULL, 0), HK_INVALID,
                "NetSynapse.e is inf, not a finite number");
    point_fails(s, "NetSynapse", PARAM("tau", 0, list, 1), HK_INVALID,
                "NetSynapse.tau is a number, not a list");
    point_fails(s, "NetSynapse", PARAM("slow", 1, NULL, 0), HK_INVALID,
                "NetSynapse: tau is not below slow");
    point_fails(s, "NetClamp", PARAM(NULL, 0, NULL, 0), HK_INVALID, "NetClamp.amp must be given");
    struct hk_param twice[] = {{"tau", 1, NULL, 0}, {"tau", 2, NULL, 0}};
    struct hk_param nameless[] = {{NULL, 1, NULL, 0}};
    uint32_t zero = 0, first;
    FAILS(s,
          hk_net_points(s->net, &(struct hk_spec){"NetSynapse", 2, twice}, 1, &zero, &zero, &first),
          HK_INVALID, "NetSynapse.tau is given twice");
    FAILS(s,
          hk_net_points(s->net, &(struct hk_spec){"NetSynapse", 1, nameless}, 1, &zero, &zero,
                        &first),
          HK_INVALID, "value 0 has no field's name");
    FAILS(s,
          hk_net_points(s->net, &(struct hk_spec){"NetSynapse", 1, NULL}, 1, &zero, &zero, &first),
          HK_INVALID, "the list of values is missing");
    WORKS(s, hk_net_points(s->net,
                           &(struct hk_spec){"NetSynapse", 1, &PARAM("slow", HUGE_VAL, NULL, 0)}, 1,
                           &zero, &zero, &first)); /* the range says that it may be */
}

static void test_point_errors(void **state) {
    struct small *s = *state;
    make(s);
    struct hk_spec spec = {.plugin = "NetSynapse"};
    uint32_t zero = 0, cell[] = {1, 4}, segment[] = {0, 10}, point[] = {0, 3}, first;
    double value, tau[] = {3, 0};
    hk_net *net = s->net;
    FAILS(s, hk_net_points(net, &spec, 2, cell, segment, &first), HK_NOT_FOUND,
          "cell 4 does not exist: there are 4");
    FAILS(s, hk_net_points(net, &spec, 1, cell, segment + 1, &first), HK_NOT_FOUND,
          "segment 10 does not exist: cell type \"stick\" has 10");
    FAILS(s, hk_net_points(net, &spec, 1, cell, NULL, &first), HK_INVALID,
          "list of segments is missing");
    FAILS(s, hk_net_points(net, &spec, 1, NULL, &zero, &first), HK_INVALID,
          "list of cells is missing");
    FAILS(s, hk_net_point_set(net, 2, point, "tau", tau, 0), HK_NOT_FOUND,
          "point 3 does not exist: there are 3");
    FAILS(s, hk_net_point_set(net, 2, (const uint32_t[]){0, 1}, "tau", tau, 1), HK_INVALID,
          "point 1: NetSynapse.tau is 0 ms, not within 0.001 to 1000");
    FAILS(s, hk_net_point_set(net, 1, point, "taus", tau, 0), HK_NOT_FOUND, "nearest is \"tau\"");
    FAILS(s, hk_net_point_set(net, 1, point, "weight", tau, 0), HK_INVALID,
          "no parameter of a point");
    FAILS(s, hk_net_point_set(net, 1, point, "tau", NULL, 0), HK_INVALID, "are needed");
    FAILS(s, hk_net_point_get(net, 3, "tau", &value), HK_NOT_FOUND, "point 3 does not exist");
    FAILS(s, hk_net_point_get(net, 0, "ta", &value), HK_NOT_FOUND, "nearest is \"tau\"");
    FAILS(s, hk_net_point_get(net, 0, "g", &value), HK_INVALID, "has no value before the run");
    WORKS(s, hk_net_point_get(net, 0, "tau", &value));
    assert_true(value == 2);
}

static void test_inputs(void **state) {
    struct small *s = *state;
    make(s);
    uint32_t first;
    uint64_t identity[] = {7, 8}, index[] = {5, 6};
    struct hk_spec spec = {.plugin = "NetTrain"};
    WORKS(s, hk_net_inputs(s->net, &spec, "trains", 2, identity, index, &first));
    assert_true(first == 1 && hk_net_n_inputs(s->net) == 3);
    struct input in = network_input(s->net, 2);
    assert_true(in.identity == 8 && in.index == 6 && in.stream == network_input(s->net, 0).stream);
    WORKS(s, hk_net_inputs(s->net, &spec, "others", 2, NULL, NULL, &first));
    assert_true(network_input(s->net, 4).index == 1 && network_input(s->net, 4).identity == 0);
    assert_int_not_equal(network_input(s->net, 4).stream, network_input(s->net, 0).stream);
}

static void test_input_errors(void **state) {
    struct small *s = *state;
    make(s);
    double unsorted[] = {1, 3, 2}, negative[] = {-1, 2}, odd[] = {1, NOT_A_NUMBER};
    double rate[] = {0, 5, 10, 5, 10, -1};
    const struct {
        struct hk_param param;
        const char *part;
    } bad[] = {
        {{"times", 0, unsorted, 3}, "NetTrain.times[2] is 2 ms, before times[1], 3 ms"},
        {{"times", 0, negative, 2}, "NetTrain.times[0] is -1 ms, before 0"},
        {{"times", 0, odd, 2}, "row 1: NetTrain.times is nan, not a finite number"},
        {{"times", 5, NULL, 0}, "NetTrain.times is a list, not a number"},
        {{"rate", 0, rate, 2}, "row 1: NetTrain.rate is -1, not within 0 to 1e+06"},
        {{"option", 2, NULL, 0}, "NetTrain.option is 2, not within 0 to 1"},
    };
    uint32_t first;
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        struct hk_spec spec = {"NetTrain", 1, &bad[i].param};
        FAILS(s, hk_net_inputs(s->net, &spec, "x", 1, NULL, NULL, &first), HK_INVALID, bad[i].part);
    }
    struct hk_spec fine = {.plugin = "NetTrain"}, point = {.plugin = "NetSynapse"};
    FAILS(s, hk_net_inputs(s->net, &point, "x", 1, NULL, NULL, &first), HK_INVALID,
          "NetSynapse is a point process, not an input");
    FAILS(s, hk_net_inputs(s->net, &fine, "", 1, NULL, NULL, &first), HK_INVALID, "needs a name");
    FAILS(s, hk_net_inputs(s->net, &fine, "a\tb", 1, NULL, NULL, &first), HK_INVALID,
          "control character 9 at 1");
    FAILS(s, hk_net_inputs(s->net, &fine, "x", 1u << 30, NULL, NULL, &first), HK_INVALID,
          "1073741825 inputs are too many");
    assert_int_equal(hk_net_n_inputs(s->net), 1);
    assert_int_equal(s->net->n_stream, 1);
}

/* ---- sources and connections */

static void test_sources(void **state) {
    struct small *s = *state;
    make(s);
    uint32_t a, b;
    struct hk_source_of of;
    WORKS(s, hk_net_detector(s->net, 1, 2, 0, &a));
    WORKS(s, hk_net_detector(s->net, 1, 2, -0.0, &b));
    assert_true(a == 1 && b == 1 && hk_net_n_detectors(s->net) == 2);
    WORKS(s, hk_net_source_get(s->net, a, &of));
    assert_true(of.kind == HK_DETECTOR && of.cell == 1 && of.segment == 2 && of.threshold == 0);
    WORKS(s, hk_net_source(s->net, HK_FROM_POINT, 2, &a));
    WORKS(s, hk_net_source_get(s->net, a, &of));
    assert_true(of.kind == HK_FROM_POINT && of.cell == 2 && of.segment == 9 && of.index == 2);
    WORKS(s, hk_net_source(s->net, HK_FROM_INPUT, 0, &a));
    WORKS(s, hk_net_source_get(s->net, a, &of));
    assert_true(of.kind == HK_FROM_INPUT && of.cell == HK_NONE && of.index == 0);
}

static void test_source_errors(void **state) {
    struct small *s = *state;
    make(s);
    uint32_t a = 99;
    struct hk_source_of of;
    hk_net *net = s->net;
    FAILS(s, hk_net_detector(net, 9, 0, 0, &a), HK_NOT_FOUND, "cell 9 does not exist");
    FAILS(s, hk_net_detector(net, 3, 3, 0, &a), HK_NOT_FOUND, "cell type \"ball\" has 3");
    FAILS(s, hk_net_detector(net, 0, 0, NOT_A_NUMBER, &a), HK_INVALID,
          "the threshold at cell 0 is nan mV, not a finite number");
    FAILS(s, hk_net_source(net, HK_FROM_INPUT, 1, &a), HK_NOT_FOUND,
          "input 1 does not exist: there are 1");
    FAILS(s, hk_net_source(net, HK_FROM_POINT, 3, &a), HK_NOT_FOUND, "point 3 does not exist");
    FAILS(s, hk_net_source(net, HK_DETECTOR, 1, &a), HK_NOT_FOUND, "detector 1 does not exist");
    FAILS(s, hk_net_source_get(net, UINT32_MAX, &of), HK_NOT_FOUND, "no kind of source");
    assert_true(a == 99 && hk_net_n_detectors(net) == 1);
}

static void test_connect(void **state) {
    struct small *s = *state;
    make(s);
    uint32_t input, source[2] = {0}, point[] = {1, 2};
    double one[] = {1, 2}, both[] = {1, 2, 3, 4}, delay[] = {0.025, 0};
    WORKS(s, hk_net_source(s->net, HK_FROM_INPUT, 0, &input));
    source[1] = input;
    WORKS(s, hk_net_connect(s->net, 2, source, point, NULL, 0, delay));
    WORKS(s, hk_net_connect(s->net, 2, source, point, one, 1, delay));
    WORKS(s, hk_net_connect(s->net, 2, source, point, both, 2, delay));
    assert_int_equal(hk_net_n_connections(s->net), 6);
    const double expected[6][2] = {{0.5, 3}, {0.5, 3}, {1, 3}, {2, 3}, {1, 2}, {3, 4}};
    for (uint32_t i = 0; i < 6; i++) {
        struct hk_connection_of c = hk_net_connection(s->net, i);
        assert_true(c.source == source[i % 2] && c.point == point[i % 2] && c.n_weight == 2);
        assert_true(c.delay == delay[i % 2]);
        assert_memory_equal(c.weight, expected[i], sizeof expected[i]);
    }
    assert_int_equal(hk_net_connection(s->net, 6).point, HK_NONE);
    /* a point's own values of its weights are its connections' defaults */
    uint32_t zero = 0, first;
    struct hk_param ratio = {"ratio", 7, NULL, 0};
    WORKS(s, hk_net_points(s->net, &(struct hk_spec){"NetSynapse", 1, &ratio}, 1, &zero, &zero,
                           &first));
    WORKS(s, hk_net_connect(s->net, 1, source, &first, one, 1, delay));
    assert_true(hk_net_connection(s->net, 6).weight[1] == 7);
}

static void test_connect_errors(void **state) {
    struct small *s = *state;
    make(s);
    uint32_t zero = 0, clamp, input, emitter;
    struct hk_param amp = {"amp", 1, NULL, 0};
    hk_net *net = s->net;
    WORKS(s, hk_net_points(net, &(struct hk_spec){"NetClamp", 1, &amp}, 1, &zero, &zero, &clamp));
    WORKS(s, hk_net_source(net, HK_FROM_INPUT, 0, &input));
    WORKS(s, hk_net_source(net, HK_FROM_POINT, 0, &emitter));
    const struct {
        uint32_t source, point, n_weight;
        double weight[3], delay;
        hk_status status;
        const char *part;
    } bad[] = {
        {1, 0, 1, {1}, 1, HK_NOT_FOUND, "detector 1 does not exist: there are 1"},
        {0, 9, 1, {1}, 1, HK_NOT_FOUND, "point 9 does not exist: there are 4"},
        {0, clamp, 0, {0}, 1, HK_INVALID, "NetClamp takes no events"},
        {0, 0, 3, {1, 1, 1}, 1, HK_INVALID, "3 weights are given, but NetSynapse has 2"},
        {0, 0, 1, {-1}, 1, HK_INVALID, "NetSynapse.weight is -1 uS, not within 0 to 100"},
        {0, 0, 2, {1, 11}, 1, HK_INVALID, "NetSynapse.ratio is 11, not within 0 to 10"},
        {0, 0, 1, {NOT_A_NUMBER}, 1, HK_INVALID, "NetSynapse.weight is nan, not a number"},
        {0, 0, 1, {1}, -1, HK_INVALID, "the delay is -1 ms, not a number from 0"},
        {input, 0, 1, {1}, -1, HK_INVALID, "the delay is -1 ms, not a number from 0"},
        {0, 0, 1, {1}, NOT_A_NUMBER, HK_INVALID, "the delay is nan ms, not a number from 0"},
        {0, 0, 1, {1}, 0, HK_INVALID, "the delay is 0 ms, less than dt"},
        {emitter, 0, 1, {1}, 0.01, HK_INVALID, "the delay is 0.01 ms, less than dt"},
    };
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        uint32_t source[] = {0, bad[i].source}, point[] = {0, bad[i].point};
        double weight[6] = {1, 1, 1}, delay[] = {1, bad[i].delay};
        for (uint32_t k = 0; k < bad[i].n_weight; k++) {
            weight[bad[i].n_weight + k] = bad[i].weight[k];
        }
        if (bad[i].n_weight > 2) { /* refused at the first one already */
            FAILS(s, hk_net_connect(net, 1, source, point, weight, 3, delay), HK_INVALID,
                  bad[i].part);
            continue;
        }
        assert_int_equal(hk_net_connect(net, 2, source, point, weight, bad[i].n_weight, delay),
                         bad[i].status);
        if (!strstr(hk_message(s->ctx), bad[i].part) ||
            !strstr(hk_message(s->ctx), "connection 1 of 2: ")) {
            fail_msg("\"%s\" is not in \"%s\"", bad[i].part, hk_message(s->ctx));
        }
        assert_int_equal(hk_net_n_connections(net), 0);
    }
    FAILS(s, hk_net_connect(net, 1, &zero, &zero, NULL, 0, NULL), HK_INVALID, "are needed");
}

/* ---- after the network is built */

static void test_closed(void **state) {
    struct small *s = *state;
    make(s);
    hk_net *net = s->net;
    static char token;
    uint32_t zero = 0, input, first;
    double one = 1;
    struct hk_spec synapse = {.plugin = "NetSynapse"}, train = {.plugin = "NetTrain"};
    WORKS(s, hk_net_source(net, HK_FROM_INPUT, 0, &input));
    net->layout = (struct layout *)(void *)&token; /* only whether it is there counts */
    FAILS(s, hk_net_population(net, "C", s->type, 1, NULL, &first), HK_ORDER,
          "cells cannot be added or changed: the network is built already");
    FAILS(s, hk_net_set(net, 1, &zero, NULL, "cm", 1, &zero, &one, 0), HK_ORDER, "values of cells");
    FAILS(s, hk_net_points(net, &synapse, 1, &zero, &zero, &first), HK_ORDER, "points cannot");
    FAILS(s, hk_net_point_set(net, 1, &zero, "tau", &one, 0), HK_ORDER, "points cannot");
    FAILS(s, hk_net_inputs(net, &train, "x", 1, NULL, NULL, &first), HK_ORDER, "inputs cannot");
    FAILS(s, hk_net_detector(net, 2, 0, 0, &first), HK_ORDER, "detectors cannot");
    FAILS(s, hk_net_connect(net, 1, &input, &zero, &one, 1, &one), HK_ORDER, "connections cannot");
    FAILS(s, hk_net_stimulate(net, &(struct hk_stimulus){.stream = "x"}, NULL), HK_ORDER,
          "stimuli cannot");
    FAILS(s, hk_net_rule(net, &(struct hk_rule){.stream = "x"}, NULL), HK_ORDER, "rules cannot");
    WORKS(s, hk_net_detector(net, 0, 9, -20, &first)); /* it is there */
    net->layout = NULL;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
#define TEST(name) cmocka_unit_test_setup_teardown(name, small_open, small_close)
    const struct CMUnitTest tests[] = {
        TEST(test_defaults),          TEST(test_options),         TEST(test_population),
        TEST(test_population_errors), TEST(test_many_identities), TEST(test_set),
        TEST(test_set_errors),        TEST(test_points),          TEST(test_specs),
        TEST(test_spec_errors),       TEST(test_point_errors),    TEST(test_inputs),
        TEST(test_input_errors),      TEST(test_sources),         TEST(test_source_errors),
        TEST(test_connect),           TEST(test_connect_errors),  TEST(test_closed),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
