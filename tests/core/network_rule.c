/* SPDX-License-Identifier: BSD-3-Clause */
#include "small_network.h"

#include "network.h"

#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof(a)[0]))
static const double NOT_A_NUMBER = (double)NAN;

/* ---- rules */

static void test_pairwise(void **state) {
    struct small *s = *state;
    enum { N = 300 };
    uint32_t *cell = counting(N);
    populate(s, s->net, N, NULL);
    struct hk_rule what = rule("rec", HK_PAIRWISE, N, cell);
    struct hk_made made;
    WORKS(s, hk_net_rule(s->net, &what, &made));
    double pairs = N * (N - 1), p = what.probability;
    assert_true(fabs(made.n_connection - p * pairs) < 5 * sqrt(pairs * p * (1 - p)));
    assert_true(made.n_point == made.n_connection && made.n_input == 0);
    assert_int_equal(hk_net_n_detectors(s->net), N);
    uint32_t in[N] = {0}, last = HK_NONE, target = HK_NONE;
    for (uint32_t i = 0; i < made.n_connection; i++) {
        struct hk_connection_of c = hk_net_connection(s->net, made.connection + i);
        struct hk_source_of from;
        uint32_t to = hk_net_point(s->net, c.point).cell;
        WORKS(s, hk_net_source_get(s->net, c.source, &from));
        assert_true(from.segment == 2 && from.threshold == -20 && from.cell != to);
        assert_true(to != target || from.cell > last); /* each pair once, in order */
        target = to, last = from.cell;
        assert_true(c.delay >= 1 && c.delay <= 3 && c.weight[0] > 0 && c.weight[1] == 3);
        in[to]++;
    }
    double chi = 0; /* of the targets' counts: N degrees of freedom, standard deviation sqrt(2 N) */
    for (uint32_t i = 0; i < N; i++) {
        double d = in[i] - p * (N - 1);
        chi += d * d / ((N - 1) * p * (1 - p));
    }
    assert_true(fabs(chi - N) < 5 * sqrt(2.0 * N));
    free(cell);
}

static void test_extreme_probabilities(void **state) {
    struct small *s = *state;
    uint32_t *cell = counting(20);
    populate(s, s->net, 20, NULL);
    struct hk_made made;
    struct hk_rule what = rule("never", HK_PAIRWISE, 20, cell);
    what.probability = 0;
    WORKS(s, hk_net_rule(s->net, &what, &made));
    assert_int_equal(made.n_connection, 0);
    what.stream = "always", what.probability = 1, what.self = true;
    WORKS(s, hk_net_rule(s->net, &what, &made));
    assert_int_equal(made.n_connection, 400);
    free(cell);
}

static void test_all_and_one_to_one(void **state) {
    struct small *s = *state;
    uint32_t *cell = counting(20);
    populate(s, s->net, 20, NULL);
    struct hk_made made;
    struct hk_rule what = rule("all", HK_ALL, 20, cell);
    WORKS(s, hk_net_rule(s->net, &what, &made));
    assert_int_equal(made.n_connection, 380);
    what = rule("one", HK_ONE_TO_ONE, 10, cell);
    what.post = cell + 10;
    WORKS(s, hk_net_rule(s->net, &what, &made));
    assert_int_equal(made.n_connection, 10);
    for (uint32_t i = 0; i < 10; i++) {
        struct hk_connection_of c = hk_net_connection(s->net, made.connection + i);
        struct hk_source_of from;
        WORKS(s, hk_net_source_get(s->net, c.source, &from));
        assert_true(from.cell == i && hk_net_point(s->net, c.point).cell == i + 10);
    }
    assert_int_equal(hk_net_n_detectors(s->net), 20); /* those of the first rule */
    free(cell);
}

static void test_in_degree(void **state) {
    struct small *s = *state;
    enum { N = 200, DEGREE = 20 };
    uint32_t *cell = counting(N);
    populate(s, s->net, N, NULL);
    struct hk_made made;
    struct hk_rule what = rule("in", HK_IN_DEGREE, N, cell);
    what.degree = DEGREE;
    WORKS(s, hk_net_rule(s->net, &what, &made));
    assert_int_equal(made.n_connection, N * DEGREE);
    uint32_t in[N] = {0}, out[N] = {0};
    static bool pair[N][N];
    memset(pair, 0, sizeof pair);
    for (uint32_t i = 0; i < made.n_connection; i++) {
        struct hk_connection_of c = hk_net_connection(s->net, made.connection + i);
        uint32_t to = hk_net_point(s->net, c.point).cell, from = s->net->detector[c.source].cell;
        assert_true(from != to && !pair[from][to]);
        pair[from][to] = true;
        in[to]++;
        out[from]++;
    }
    double chi = 0, p = (double)DEGREE / (N - 1);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(in[i], DEGREE);
        chi += (out[i] - (double)DEGREE) * (out[i] - (double)DEGREE) / ((N - 1) * p * (1 - p));
    }
    assert_true(fabs(chi - N) < 5 * sqrt(2.0 * N)); /* every source alike */
    what.stream = "every", what.degree = N - 1;
    WORKS(s, hk_net_rule(s->net, &what, &made));
    assert_int_equal(made.n_connection, N * (N - 1));
    what.stream = "none", what.degree = 0;
    WORKS(s, hk_net_rule(s->net, &what, &made));
    assert_int_equal(made.n_connection, 0);
    free(cell);
}

static void test_pairs(void **state) {
    struct small *s = *state;
    uint32_t *cell = counting(6), pre[] = {2, 0, 2, 5}, post[] = {1, 1, 1, 0};
    populate(s, s->net, 6, NULL);
    struct hk_made made;
    struct hk_rule what = rule("pairs", HK_PAIRS, 6, cell);
    what.n_pair = 4, what.pair_pre = pre, what.pair_post = post;
    WORKS(s, hk_net_rule(s->net, &what, &made));
    assert_int_equal(made.n_connection, 4);
    for (uint32_t i = 0; i < 4; i++) {
        struct hk_connection_of c = hk_net_connection(s->net, i);
        assert_true(s->net->detector[c.source].cell == pre[i]);
        assert_true(hk_net_point(s->net, c.point).cell == post[i]);
    }
    assert_true(hk_net_connection(s->net, 0).delay != hk_net_connection(s->net, 2).delay);
    free(cell);
}

static void test_rule_errors(void **state) {
    struct small *s = *state;
    uint32_t *cell = counting(6), first, mixed[] = {0, 6}, twice[] = {1, 1}, bad_pair[] = {0, 6},
             same[] = {1, 2};
    populate(s, s->net, 6, NULL);
    WORKS(s, hk_net_population(s->net, "B", s->other, 1, NULL, &first));
    struct hk_param amp = {"amp", 1, NULL, 0};
#define BAD(of, status, part, ...)                                                                 \
    do {                                                                                           \
        struct hk_rule what = rule("rec", of, 6, cell);                                            \
        __VA_ARGS__;                                                                               \
        FAILS(s, hk_net_rule(s->net, &what, NULL), status, "rule \"rec\": ");                      \
        FAILS(s, hk_net_rule(s->net, &what, NULL), status, part);                                  \
        assert_true(!s->net->n_point && !s->net->n_connection && !s->net->n_detector);             \
        assert_true(!s->net->n_weight && !s->net->n_stream);                                       \
    } while (0)
    BAD((enum hk_rule_kind)9, HK_INVALID, "no rule has the number 9", (void)what);
    BAD(HK_PAIRWISE, HK_INVALID, "the probability is 1.5, not within 0 to 1",
        what.probability = 1.5);
    BAD(HK_PAIRWISE, HK_INVALID, "the probability is nan", what.probability = NOT_A_NUMBER);
    BAD(HK_ALL, HK_INVALID, "the list of sources is empty", what.n_pre = 0);
    BAD(HK_ALL, HK_INVALID, "the list of targets is empty", what.n_post = 0);
    BAD(HK_ALL, HK_INVALID, "the list of cells is missing", what.pre = NULL);
    BAD(HK_ALL, HK_INVALID, "the sources are of more than one type", what.pre = mixed,
        what.n_pre = 2);
    BAD(HK_ALL, HK_INVALID, "the targets are of more than one type", what.post = mixed,
        what.n_post = 2);
    BAD(HK_ALL, HK_INVALID, "cell 1 is twice in the list of sources", what.pre = twice,
        what.n_pre = 2);
    BAD(HK_ALL, HK_NOT_FOUND, "segment 10 does not exist: cell type \"stick\"",
        what.from_segment = 10);
    BAD(HK_ALL, HK_INVALID, "the threshold is nan mV", what.threshold = NOT_A_NUMBER);
    BAD(HK_ALL, HK_INVALID, "NetClamp takes no events",
        what.point = ((struct hk_spec){"NetClamp", 1, &amp}));
    BAD(HK_ALL, HK_INVALID, "the delay is 0 ms, less than dt",
        what.delay = ((struct hk_number){.a = 0}));
    BAD(HK_ALL, HK_INVALID, "the delay is",
        what.delay = ((struct hk_number){HK_NORMAL, 1, 1, 0, 0}));
    BAD(HK_ALL, HK_INVALID, "NetSynapse.weight is",
        what.weight = ((struct hk_number){HK_NORMAL, 1, 1, 0, 0}));
    BAD(HK_ALL, HK_INVALID, "weight: none of 1000 draws of uniform(0, 1) was within 2 to 3",
        what.weight = ((struct hk_number){HK_UNIFORM, 0, 1, 2, 3}));
    BAD(HK_ONE_TO_ONE, HK_INVALID, "one to one, but there are 6 sources and 5 targets",
        what.n_post = 5);
    BAD(HK_ONE_TO_ONE, HK_INVALID, "pair 0 is cell 0 with itself, which is not allowed",
        (void)what);
    BAD(HK_IN_DEGREE, HK_INVALID, "7 sources for each target, but there are 6", what.degree = 7);
    BAD(HK_IN_DEGREE, HK_INVALID, "6 sources for each target, but cell 0 has 5 without itself",
        what.degree = 6);
    BAD(HK_PAIRS, HK_INVALID, "the list of pairs is missing", what.n_pair = 1);
    BAD(HK_PAIRS, HK_NOT_FOUND, "pair 1: source 6 does not exist: there are 6", what.n_pair = 2,
        what.pair_pre = bad_pair, what.pair_post = same);
    BAD(HK_PAIRS, HK_NOT_FOUND, "pair 1: target 6 does not exist: there are 6", what.n_pair = 2,
        what.pair_pre = same, what.pair_post = bad_pair);
    BAD(HK_PAIRS, HK_INVALID, "pair 0 is cell 1 with itself", what.n_pair = 2, what.pair_pre = same,
        what.pair_post = same);
#undef BAD
    struct hk_rule what = rule("rec", HK_ALL, 6, cell);
    WORKS(s, hk_net_rule(s->net, &what, NULL));
    FAILS(s, hk_net_rule(s->net, &what, NULL), HK_INVALID,
          "rule \"rec\": the stream name \"rec\" is used already");
    free(cell);
}

/* ---- a network's connections by what they are, not by their numbers */

struct link {
    uint64_t from, to; /* identities; of an input, its index */
    uint32_t kind, at, segment;
    double delay, weight[2];
};

static int compare_links(const void *a, const void *b) {
    return memcmp(a, b, sizeof(struct link));
}

static struct link *links(const hk_net *net, uint32_t first, uint32_t n) {
    struct link *out = calloc(n + 1, sizeof *out);
    for (uint32_t i = 0; i < n; i++) {
        struct hk_connection_of c = hk_net_connection(net, first + i);
        struct hk_point_of p = hk_net_point(net, c.point);
        struct hk_source_of from;
        assert_int_equal(hk_net_source_get(net, c.source, &from), HK_OK);
        out[i].kind = from.kind;
        out[i].from = from.kind == HK_DETECTOR ? net->identity[from.cell]
                                               : network_input(net, from.index).index;
        out[i].at = from.segment;
        out[i].to = net->identity[p.cell];
        out[i].segment = p.segment;
        out[i].delay = c.delay;
        memcpy(out[i].weight, c.weight, sizeof out[i].weight);
    }
    qsort(out, n, sizeof *out, compare_links);
    return out;
}

static void assert_same(const hk_net *a, struct hk_made x, const hk_net *b, struct hk_made y) {
    assert_true(x.n_connection > 0);
    assert_int_equal(x.n_connection, y.n_connection);
    struct link *l = links(a, x.connection, x.n_connection),
                *m = links(b, y.connection, y.n_connection);
    assert_memory_equal(l, m, x.n_connection * sizeof *l);
    free(l);
    free(m);
}

/* ---- what results depend on */

enum { CELLS = 60 };

static const enum hk_rule_kind drawn[] = {HK_PAIRWISE, HK_ALL, HK_IN_DEGREE};

/* All kinds of calls; made[0] is the stimulus, then the rules. */
static void furnish(struct small *s, hk_net *net, const uint32_t *cell, struct hk_made *made) {
    struct hk_stimulus bg = stimulus("bg", CELLS, cell);
    bg.weight = (struct hk_number){HK_GAMMA, 1, 0.5, 0, 0};
    bg.delay = (struct hk_number){HK_NORMAL, 2, 1, 0.5, 4};
    WORKS(s, hk_net_stimulate(net, &bg, &made[0]));
    for (uint32_t i = 0; i < COUNT(drawn); i++) {
        struct hk_rule r = rule((const char *[]){"p", "a", "d"}[i], drawn[i], CELLS, cell);
        WORKS(s, hk_net_rule(net, &r, &made[1 + i]));
    }
}

/* The same identities made in another order, listed in another order, other calls before: the same
 * connections. */
static void test_order(void **state) {
    struct small *s = *state;
    uint64_t forward[CELLS], backward[CELLS];
    uint32_t *cell = counting(CELLS), shuffled[CELLS];
    for (uint32_t i = 0; i < CELLS; i++) {
        forward[i] = 100 + 7 * i;
        backward[CELLS - 1 - i] = forward[i];
        shuffled[i] = 1 + (i * 7 + 3) % CELLS;
    }
    hk_net *other = small_net(s, 1);
    struct hk_made a[4], b[4], made;
    populate(s, s->net, CELLS, forward);
    furnish(s, s->net, cell, a);
    populate(s, other, 1, (const uint64_t[]){5});
    populate(s, other, CELLS, backward);
    struct hk_stimulus more = stimulus("more", CELLS, shuffled);
    WORKS(s, hk_net_stimulate(other, &more, &made));
    struct hk_rule rules = rule("other", HK_PAIRWISE, CELLS, shuffled);
    rules.from_segment = 3;
    WORKS(s, hk_net_rule(other, &rules, &made));
    furnish(s, other, shuffled, b);
    for (uint32_t i = 0; i < 4; i++) {
        assert_same(s->net, a[i], other, b[i]);
    }
    hk_net_free(other);
    free(cell);
}

/* Fewer sources: the pairs that remain are connected alike. */
static void test_fewer_sources(void **state) {
    struct small *s = *state;
    uint32_t *cell = counting(CELLS);
    populate(s, s->net, CELLS, NULL);
    hk_net *other = small_net(s, 1);
    populate(s, other, CELLS, NULL);
    struct hk_rule what = rule("p", HK_PAIRWISE, CELLS, cell);
    struct hk_made a, b;
    WORKS(s, hk_net_rule(s->net, &what, &a));
    what.n_pre = CELLS / 2;
    WORKS(s, hk_net_rule(other, &what, &b));
    struct link *l = links(s->net, a.connection, a.n_connection),
                *m = links(other, b.connection, b.n_connection);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < a.n_connection; i++) {
        if (l[i].from < CELLS / 2) {
            assert_memory_equal(&l[i], &m[kept], sizeof *l);
            kept++;
        }
    }
    assert_int_equal(kept, b.n_connection);
    free(l);
    free(m);
    free(cell);
    hk_net_free(other);
}

/* Another seed or another name: other draws. */
static void test_seed_and_name(void **state) {
    struct small *s = *state;
    uint32_t *cell = counting(CELLS);
    hk_net *other = small_net(s, 2);
    populate(s, s->net, CELLS, NULL);
    populate(s, other, CELLS, NULL);
    struct hk_made a, b, c;
    struct hk_rule what = rule("p", HK_ALL, CELLS, cell);
    WORKS(s, hk_net_rule(s->net, &what, &a));
    WORKS(s, hk_net_rule(other, &what, &b));
    what.stream = "q";
    WORKS(s, hk_net_rule(s->net, &what, &c));
    uint32_t same_seed = 0, same_name = 0;
    for (uint32_t i = 0; i < a.n_connection; i++) {
        double delay = network_connection(s->net, i).delay;
        same_seed += delay == network_connection(other, b.connection + i).delay;
        same_name += delay == network_connection(s->net, c.connection + i).delay;
    }
    assert_int_equal(same_seed, 0);
    assert_int_equal(same_name, 0);
    free(cell);
    hk_net_free(other);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
#define TEST(name) cmocka_unit_test_setup_teardown(name, small_open, small_close)
    const struct CMUnitTest tests[] = {
        TEST(test_pairwise),
        TEST(test_extreme_probabilities),
        TEST(test_all_and_one_to_one),
        TEST(test_in_degree),
        TEST(test_pairs),
        TEST(test_rule_errors),
        TEST(test_order),
        TEST(test_fewer_sources),
        TEST(test_seed_and_name),
    };
    return cmocka_run_group_tests_name("network_rule", tests, NULL, NULL);
}
