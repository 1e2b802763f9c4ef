/* SPDX-License-Identifier: BSD-3-Clause */
#include "small_network.h"

#include "network.h"

#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof(a)[0]))
static const double NOT_A_NUMBER = (double)NAN;

/* ---- stimuli */

static void test_stimulate(void **state) {
    struct small *s = *state;
    populate(s, s->net, 6, NULL);
    uint32_t cell[] = {4, 1};
    struct hk_made made, next;
    struct hk_stimulus what = stimulus("bg", 2, cell);
    WORKS(s, hk_net_stimulate(s->net, &what, &made));
    assert_true(made.n_point == 10 && made.n_input == 10 && made.n_connection == 10);
    for (uint32_t i = 0; i < 10; i++) {
        struct hk_connection_of c = hk_net_connection(s->net, made.connection + i);
        assert_true(c.point == made.point + i && c.delay == 1 && c.weight[0] == 1 &&
                    c.weight[1] == 3);
        assert_true(c.source == SOURCE(HK_FROM_INPUT, made.input + i));
        assert_int_equal(hk_net_point(s->net, c.point).cell, cell[i / 5]);
        assert_true(network_input(s->net, i).identity == cell[i / 5] &&
                    network_input(s->net, i).index == i % 5);
    }
    what.stream = "one";
    what.one_input = true;
    WORKS(s, hk_net_stimulate(s->net, &what, &next));
    assert_true(next.n_input == 2 && next.input == 10 && next.point == 10 && next.n_point == 10);
    assert_int_equal(hk_net_connection(s->net, 16).source, SOURCE(HK_FROM_INPUT, 11));
    what.stream = "none";
    what.count = 0;
    WORKS(s, hk_net_stimulate(s->net, &what, &next));
    assert_true(next.n_input == 0 && next.n_point == 0 && next.n_connection == 0);
}

static void test_stimulate_errors(void **state) {
    struct small *s = *state;
    uint32_t first, cell[] = {0, 1}, mixed[] = {0, 2}, twice[] = {1, 1}, off[] = {0, 9},
                    far[] = {10};
    populate(s, s->net, 2, NULL);
    WORKS(s, hk_net_population(s->net, "B", s->other, 1, NULL, &first));
    const struct hk_stimulus fine = stimulus("bg", 2, cell);
    struct hk_param tau = {"tau", -1, NULL, 0};
    double share[SEGMENTS] = {0}, bad_share[SEGMENTS] = {1, -1};
#define BAD(status, part, ...)                                                                     \
    do {                                                                                           \
        struct hk_stimulus what = fine;                                                            \
        __VA_ARGS__;                                                                               \
        FAILS(s, hk_net_stimulate(s->net, &what, NULL), status, "stimulus \"");                    \
        FAILS(s, hk_net_stimulate(s->net, &what, NULL), status, part);                             \
        assert_true(!s->net->n_point && !s->net->n_input && !s->net->n_connection);                \
        assert_true(!s->net->n_weight && !s->net->n_stream);                                       \
    } while (0)
    BAD(HK_INVALID, "\"\": a random stream needs a name", what.stream = NULL);
    BAD(HK_INVALID, "the list of cells is empty", what.n_cell = 0);
    BAD(HK_NOT_FOUND, "cell 9 does not exist: there are 3", what.cell = off);
    BAD(HK_INVALID, "cell 1 is twice in the list of cells", what.cell = twice);
    BAD(HK_INVALID, "more than one type: cell 0 is \"stick\", cell 2 is \"ball\"",
        what.cell = mixed);
    BAD(HK_INVALID, "NetTrain is an input, not a point process", what.point.plugin = "NetTrain");
    BAD(HK_INVALID, "NetSynapse is a point process, not an input",
        what.input.plugin = "NetSynapse");
    BAD(HK_INVALID, "NetSynapse.tau is -1 ms", what.point.param = &tau, what.point.n_param = 1);
    BAD(HK_INVALID, "the place has no segments", what.place.n = 0);
    BAD(HK_NOT_FOUND, "segment 10 does not exist", what.place.segment = far, what.place.n = 1);
    BAD(HK_INVALID, "have the sum 0", what.place.share = share);
    BAD(HK_INVALID, "the share of segment 1 is -1", what.place.share = bad_share);
    BAD(HK_INVALID, "NetSynapse.weight is -1 uS, not within 0 to 100", what.weight.a = -1);
    BAD(HK_INVALID, "cell 0: NetSynapse.weight is", what.count = 1000, /* not the first one */
        what.weight = ((struct hk_number){HK_NORMAL, 0, 30, 0, 0}));
    BAD(HK_INVALID, "the delay is -1 ms", what.delay.a = -1);
    BAD(HK_INVALID, "weight: constant(nan, 0) is not of finite numbers",
        what.weight.a = NOT_A_NUMBER);
    BAD(HK_INVALID, "inputs are too many", what.count = 1u << 30, what.one_input = false);
#undef BAD
    WORKS(s, hk_net_stimulate(s->net, &fine, NULL));
    FAILS(s, hk_net_stimulate(s->net, &fine, NULL), HK_INVALID,
          "stimulus \"bg\": the stream name \"bg\" is used already");
    FAILS(s, hk_net_inputs(s->net, &fine.input, "bg", 1, NULL, NULL, &first), HK_INVALID,
          "the stream name \"bg\" is used already");
    WORKS(s, hk_net_inputs(s->net, &fine.input, "mine", 1, NULL, NULL, &first));
    struct hk_stimulus mine = fine;
    mine.stream = "mine";
    FAILS(s, hk_net_stimulate(s->net, &mine, NULL), HK_INVALID, "\"mine\" is used already");
}

/* ---- numbers */

static void test_number_errors(void **state) {
    struct small *s = *state;
    uint32_t zero = 0;
    populate(s, s->net, 1, NULL);
    const struct {
        struct hk_number number;
        const char *part;
    } bad[] = {
        {{HK_UNIFORM, 2, 1, 0, 0}, "delay: uniform(2, 1): its upper end is below its lower end"},
        {{HK_NORMAL, 2, -1, 0, 0}, "delay: normal(2, -1): its standard deviation is negative"},
        {{HK_LOGNORMAL, 0, 1, 0, 0}, "delay: lognormal(0, 1): its mean is not above 0"},
        {{HK_LOGNORMAL, 1, -1, 0, 0}, "its standard deviation is negative"},
        {{HK_EXPONENTIAL, -1, 0, 0, 0}, "delay: exponential(-1, 0): its mean is negative"},
        {{HK_GAMMA, -1, 1, 0, 0}, "delay: gamma(-1, 1): its mean is not above 0"},
        {{HK_NORMAL, 2, NOT_A_NUMBER, 0, 0}, "delay: normal(2, nan) is not of finite numbers"},
        {{HK_NORMAL, 2, 1, 3, 2}, "delay: normal(2, 1) cannot be within 3 to 2"},
        {{HK_NORMAL, 2, 1, 0, NOT_A_NUMBER}, "cannot be within 0 to nan"},
        {{(enum hk_distribution)6, 2, 1, 0, 0}, "delay: no distribution has the number 6"},
        {{HK_NORMAL, 2, 1, 50, 60},
         "delay: none of 1000 draws of normal(2, 1) was within 50 to 60"},
        {{HK_CONSTANT, 2, 0, 50, 60},
         "delay: none of 1000 draws of constant(2, 0) was within 50 to 60"},
    };
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        struct hk_stimulus what = stimulus("bg", 1, &zero);
        what.delay = bad[i].number;
        FAILS(s, hk_net_stimulate(s->net, &what, NULL), HK_INVALID, bad[i].part);
        assert_int_equal(s->net->n_connection, 0);
    }
}

/* Mean and standard deviation of 40 000 delays: within five standard errors of what was asked for.
 * The error of a standard deviation is s sqrt((kurtosis - 1) / 4n). */
static void test_distributions(void **state) {
    struct small *s = *state;
    enum { N = 40000 };
    uint32_t zero = 0;
    populate(s, s->net, 1, NULL);
    const struct {
        struct hk_number number;
        double mean, sd, kurtosis;
    } good[] = {
        {{HK_UNIFORM, 1, 4, 0, 0}, 2.5, 0.8660254037844386, 1.8},
        {{HK_NORMAL, 9, 1, 0, 0}, 9, 1, 3},
        {{HK_LOGNORMAL, 3, 1, 0, 0}, 3, 1, 5.1},
        {{HK_EXPONENTIAL, 2, 0, 0, 0}, 2, 2, 9},
        {{HK_GAMMA, 3, 1, 0, 0}, 3, 1, 3.7},
        {{HK_GAMMA, 1, 2, 0, 0}, 1, 2, 27},
        {{HK_NORMAL, 0, 1, 0, 1000}, 0.7978845608028654, 0.6028102749890869, 3.9},
        {{HK_GAMMA, 3, 0, 0, 0}, 3, 0, 1},
        {{HK_CONSTANT, 3, 0, 2, 4}, 3, 0, 1},
    };
    for (uint32_t i = 0; i < COUNT(good); i++) {
        char name[8];
        snprintf(name, sizeof name, "s%u", i);
        struct hk_stimulus what = stimulus(name, 1, &zero);
        struct hk_made made;
        what.count = N;
        what.delay = good[i].number;
        WORKS(s, hk_net_stimulate(s->net, &what, &made));
        double sum = 0, squares = 0, mean = good[i].mean;
        for (uint32_t k = 0; k < N; k++) {
            double d = network_connection(s->net, made.connection + k).delay - mean;
            sum += d;
            squares += d * d;
        }
        double error = good[i].sd / sqrt(N), sd = sqrt(squares / N);
        if (fabs(sum / N) > 5 * error ||
            fabs(sd - good[i].sd) > 2.5 * error * sqrt(good[i].kurtosis - 1)) {
            fail_msg("%u: mean %g + %g, sd %g, not %g", i, mean, sum / N, sd, good[i].sd);
        }
    }
}

/* ---- places */

static void test_places(void **state) {
    struct small *s = *state;
    enum { N = 100000 };
    uint32_t zero = 0, segment[] = {3, 9, 0, 5};
    double share[] = {1, 0, 5, 4};
    populate(s, s->net, 1, NULL);
    for (uint32_t shared = 0; shared < 2; shared++) {
        struct hk_stimulus what = stimulus(shared ? "shares" : "equal", 1, &zero);
        struct hk_made made;
        what.count = N;
        what.place = (struct hk_place){4, segment, shared ? share : NULL};
        WORKS(s, hk_net_stimulate(s->net, &what, &made));
        uint32_t got[SEGMENTS] = {0};
        for (uint32_t k = 0; k < N; k++) {
            got[hk_net_point(s->net, made.point + k).segment]++;
        }
        for (uint32_t i = 0; i < 4; i++) {
            double p = shared ? share[i] / 10 : 0.25;
            assert_true(fabs(got[segment[i]] - p * N) <= 5 * sqrt(N * p * (1 - p)));
        }
        assert_int_equal(got[3] + got[9] + got[0] + got[5], N);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
#define TEST(name) cmocka_unit_test_setup_teardown(name, small_open, small_close)
    const struct CMUnitTest tests[] = {
        TEST(test_stimulate),     TEST(test_stimulate_errors), TEST(test_number_errors),
        TEST(test_distributions), TEST(test_places),
    };
    return cmocka_run_group_tests_name("network_bulk", tests, NULL, NULL);
}
