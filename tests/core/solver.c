/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree solver against a dense one, against a plain loop to the bit, and the order that it is
 * given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hillock/context.h"
#include "solver.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 120, MOST_LANES = 17 };

static uint64_t random_word(uint64_t *state) { /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double random_number(uint64_t *state) {
    return (double)(random_word(state) >> 11) * 0x1p-53;
}

/* ---- trees */

enum kind { CABLE, STAR, BINARY, COMB, RUNS, RANDOM, N_KIND };

/* k-th node of a tree of that kind. */
static uint32_t choose_parent(enum kind kind, uint32_t k, uint64_t *state) {
    switch (kind) {
    case CABLE: return k - 1;
    case STAR: return 0;
    case BINARY: return (k - 1) / 2;
    case COMB: return k % 4 == 1 && k > 4 ? k - 4 : k - 1; /* teeth of three */
    case RUNS: return random_number(state) < 0.8 ? k - 1 : (uint32_t)(random_word(state) % k);
    default: return (uint32_t)(random_word(state) % k);
    }
}

static void shuffle(uint32_t n, uint32_t *list, uint64_t *state) {
    for (uint32_t k = n; k > 1; k--) {
        uint32_t other = (uint32_t)(random_word(state) % k), item = list[k - 1];
        list[k - 1] = list[other];
        list[other] = item;
    }
}

/* A tree as a cable has it, and in the solver's order: what makes the matrix. */
struct tree {
    uint32_t n, nodes[MOST_NODES], parent[MOST_NODES];
    uint32_t order[MOST_NODES], up[MOST_NODES], place[MOST_NODES]; /* place: of a node in order */
    uint32_t row[MOST_NODES]; /* of order[k] in memory, any will do */
    double area[MOST_NODES];  /* 0 is a branch point */
    double a[MOST_NODES], b[MOST_NODES];
};

/* Conductances and areas over three decades; a node with two children or more may be without area,
 * and then its row is a balance of currents. */
static struct tree make_tree(enum kind kind, uint32_t n, uint64_t seed) {
    struct tree t = {.n = n};
    uint64_t state = seed;
    uint32_t name[MOST_NODES], children[MOST_NODES] = {0};
    for (uint32_t k = 0; k < n; k++) {
        name[k] = t.row[k] = k;
    }
    if (seed % 2) {
        shuffle(n, name, &state);
        shuffle(n, t.row, &state);
    }
    for (uint32_t k = 0; k < n; k++) {
        uint32_t above = k ? choose_parent(kind, k, &state) : 0;
        children[above] += k > 0;
        t.nodes[k] = name[k];
        t.parent[name[k]] = k ? name[above] : HK_NONE;
    }
    for (uint32_t k = 0; k < n; k++) {
        bool point = children[k] > 1 && random_number(&state) < 0.5;
        t.area[name[k]] = point ? 0 : pow(10, 3 * random_number(&state) - 1);
    }
    assert_true(solver_order(n, t.nodes, t.parent, t.order, t.up));
    for (uint32_t k = 0; k < n; k++) {
        uint32_t node = t.order[k], up = t.up[node];
        t.place[node] = k;
        if (k) {
            double g = pow(10, 3 * random_number(&state) - 1);
            t.a[k] = -g / (t.area[up] > 0 ? t.area[up] : 1);
            t.b[k] = -g / (t.area[node] > 0 ? t.area[node] : 1);
        }
    }
    return t;
}

static uint32_t up_place(const struct tree *t, uint32_t k) {
    return t->place[t->up[t->order[k]]];
}

/* Diagonal and right side by place; a cell's numbers depend on its own seed alone. Every row
 * dominates by what a membrane adds, but a branch point's, which adds nothing. */
static void random_cell(const struct tree *t, uint64_t seed, double *d, double *x) {
    uint64_t state = seed;
    for (uint32_t k = 0; k < t->n; k++) {
        double membrane = 0.1 + random_number(&state), right = 200 * random_number(&state) - 100;
        bool point = t->area[t->order[k]] <= 0;
        d[k] = point ? 0 : membrane;
        x[k] = point ? 0 : right;
    }
    for (uint32_t k = 1; k < t->n; k++) {
        d[k] -= t->b[k];
        d[up_place(t, k)] -= t->a[k];
    }
}

/* ---- solutions of cells seed, seed + 1, ... side by side; x and v in flat order */

static void solve_cells(const struct tree *t, uint32_t lanes, uint64_t seed, double *x, double *v) {
    uint32_t at[MOST_NODES], up[MOST_NODES];
    static double d[MOST_NODES * MOST_LANES];
    for (uint32_t k = 0; k < t->n; k++) {
        at[k] = t->row[k] * lanes;
        up[k] = k ? t->row[up_place(t, k)] * lanes : 0;
    }
    for (uint32_t lane = 0; lane < lanes; lane++) {
        double own_d[MOST_NODES], own_x[MOST_NODES];
        random_cell(t, seed + lane, own_d, own_x);
        for (uint32_t k = 0; k < t->n; k++) {
            d[at[k] + lane] = own_d[k];
            x[at[k] + lane] = own_x[k];
        }
    }
    struct solver s = {.n = t->n, .lanes = lanes, .at = at, .up = up, .a = t->a, .b = t->b};
    solver_solve(&s, d, x, v);
}

/* What every lane has to compute, by place. */
static void solve_plainly(const struct tree *t, uint64_t seed, double *v) {
    double d[MOST_NODES], x[MOST_NODES];
    random_cell(t, seed, d, x);
    for (uint32_t k = t->n - 1; k > 0; k--) {
        double inverse = 1.0 / d[k], scaled = x[k] * inverse;
        d[up_place(t, k)] -= (t->a[k] * t->b[k]) * inverse;
        x[up_place(t, k)] -= t->a[k] * scaled;
        d[k] = t->b[k] * inverse;
        x[k] = scaled;
    }
    v[0] = x[0] / d[0];
    for (uint32_t k = 1; k < t->n; k++) {
        v[k] = x[k] - d[k] * v[up_place(t, k)];
    }
}

/* Gauss with the greatest pivot, in long double. */
static void solve_dense(const struct tree *t, uint64_t seed, double *v) {
    static long double m[MOST_NODES][MOST_NODES + 1];
    double d[MOST_NODES], x[MOST_NODES];
    uint32_t n = t->n;
    random_cell(t, seed, d, x);
    memset(m, 0, sizeof m);
    for (uint32_t k = 0; k < n; k++) {
        m[k][k] = (long double)d[k];
        m[k][n] = (long double)x[k];
        if (k) {
            m[k][up_place(t, k)] = (long double)t->b[k];
            m[up_place(t, k)][k] = (long double)t->a[k];
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        uint32_t pivot = k;
        for (uint32_t r = k + 1; r < n; r++) {
            pivot = fabsl(m[r][k]) > fabsl(m[pivot][k]) ? r : pivot;
        }
        for (uint32_t c = 0; c <= n; c++) {
            long double other = m[k][c];
            m[k][c] = m[pivot][c];
            m[pivot][c] = other;
        }
        for (uint32_t r = 0; r < n; r++) {
            long double factor = m[r][k] / m[k][k];
            for (uint32_t c = k; r != k && c <= n; c++) {
                m[r][c] -= factor * m[k][c];
            }
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        v[k] = (double)(m[k][n] / m[k][k]);
    }
}

/* ---- tests */

static double x[MOST_NODES * MOST_LANES], v[MOST_NODES * MOST_LANES];

/* Elimination without pivots of a matrix that dominates by its diagonal loses a few units of
 * rounding a node, times the condition: at most greatest diagonal over least excess, 1e4. Where
 * every off-diagonal entry is negative little of that comes about (some 2e-14 of the greatest v),
 * so 1e-12 leaves room and no wrong entry passes. */
static void test_dense(void **state) {
    (void)state;
    double right[MOST_NODES], worst = 0;
    for (uint64_t trial = 0; trial < 120; trial++) {
        uint32_t lanes = 1 + (uint32_t)trial % MOST_LANES;
        struct tree t = make_tree(trial % N_KIND, 1 + (uint32_t)(trial * 7) % 60, trial);
        solve_cells(&t, lanes, 100 * trial, x, v);
        for (uint32_t lane = 0; lane < lanes; lane++) {
            solve_dense(&t, 100 * trial + lane, right);
            double greatest = 0;
            for (uint32_t k = 0; k < t.n; k++) {
                greatest = fmax(greatest, fabs(right[k]));
            }
            for (uint32_t k = 0; k < t.n; k++) {
                double error = fabs(v[t.row[k] * lanes + lane] - right[k]) / greatest;
                worst = fmax(worst, error);
                assert_true(error < 1e-12);
            }
        }
    }
    print_message("# greatest error %.2g of the greatest v\n", worst);
}

static void check_bits(const struct tree *t, uint64_t seed) {
    double right[MOST_LANES][MOST_NODES];
    for (uint32_t lane = 0; lane < MOST_LANES; lane++) {
        solve_plainly(t, seed + lane, right[lane]);
    }
    for (uint32_t lanes = 1; lanes <= MOST_LANES; lanes++) {
        solve_cells(t, lanes, seed, x, v);
        for (uint32_t lane = 0; lane < lanes; lane++) {
            for (uint32_t k = 0; k < t->n; k++) {
                assert_memory_equal(&v[t->row[k] * lanes + lane], &right[lane][k], sizeof *v);
            }
        }
    }
}

static void test_bits(void **state) {
    (void)state;
    static const uint32_t size[] = {1, 2, 3, 4, 8, 9, 17, 41, 64, MOST_NODES};
    for (uint64_t trial = 0; trial < sizeof size / sizeof *size * N_KIND * 4; trial++) {
        struct tree t = make_tree(trial % N_KIND, size[trial / N_KIND % 10], trial / 2);
        check_bits(&t, 1000 * trial);
    }
}

/* What a divergence is found by: the node where it began, and v of the root. */
static void test_not_finite(void **state) {
    (void)state;
    struct tree t = make_tree(RUNS, 30, 6);
    uint32_t up[MOST_NODES];
    for (uint32_t k = 0; k < t.n; k++) {
        up[k] = k ? up_place(&t, k) : 0;
        t.row[k] = k;
    }
    struct solver s = {.n = t.n, .lanes = 1, .at = t.row, .up = up, .a = t.a, .b = t.b};
    for (uint32_t bad = 0; bad < t.n; bad++) {
        double d[MOST_NODES], right[MOST_NODES], out[MOST_NODES];
        random_cell(&t, 5, d, right);
        if (bad % 2) {
            right[bad] = (double)NAN;
        } else {
            d[bad] = (double)INFINITY;
            right[bad] = -(double)INFINITY;
        }
        solver_solve(&s, d, right, out);
        uint32_t last = 0;
        for (uint32_t k = 0; k < t.n; k++) {
            last = isfinite(right[k]) ? last : k;
        }
        assert_int_equal(last, bad);
        assert_true(!isfinite(out[0]));
    }
}

static bool joined(const struct tree *t, uint32_t node, uint32_t other) {
    return t->parent[node] == other || t->parent[other] == node;
}

/* The same tree, parents before children. */
static void test_order(void **state) {
    (void)state;
    for (uint64_t trial = 0; trial < 300; trial++) {
        struct tree t = make_tree(trial % N_KIND, 1 + (uint32_t)(trial * 11) % MOST_NODES, trial);
        bool seen[MOST_NODES] = {false};
        assert_int_equal(t.up[t.order[0]], HK_NONE);
        for (uint32_t k = 0; k < t.n; k++) {
            uint32_t node = t.order[k];
            assert_true(node < t.n && !seen[node]);
            seen[node] = true;
            assert_true(k == 0 || (seen[t.up[node]] && joined(&t, node, t.up[node])));
        }
    }
}

static uint32_t depth_below(const struct tree *t, uint32_t root) {
    uint32_t depth[MOST_NODES], most = 0;
    bool seen[MOST_NODES] = {false};
    depth[root] = 0;
    seen[root] = true;
    for (uint32_t round = 0; round < t->n; round++) {
        for (uint32_t k = 1; k < t->n; k++) {
            uint32_t node = t->nodes[k], up = t->parent[node];
            if (seen[node] != seen[up]) {
                uint32_t from = seen[up] ? up : node, to = seen[up] ? node : up;
                depth[to] = depth[from] + 1;
                seen[to] = true;
                most = depth[to] > most ? depth[to] : most;
            }
        }
    }
    return most;
}

/* No root makes the tree less deep. */
static void test_root(void **state) {
    (void)state;
    for (uint64_t trial = 0; trial < 60; trial++) {
        struct tree t = make_tree(trial % N_KIND, 1 + (uint32_t)(trial * 11) % MOST_NODES, trial);
        uint32_t own = depth_below(&t, t.order[0]);
        for (uint32_t root = 0; root < t.n; root++) {
            assert_true(depth_below(&t, root) >= own);
        }
    }
}

/* A node with two branches of 20 and 56 of one: as many turns of eight that do not wait for each
 * other as the tree is deep, the least that there can be. Level by level, or with other than eight
 * abreast, there would be more. */
static void test_turns(void **state) {
    (void)state;
    enum { BRANCHES = 58, LONG = 20, ABREAST = 8 };
    struct tree t = {.nodes = {0}, .parent = {HK_NONE}, .n = 1};
    for (uint32_t branch = 0; branch < BRANCHES; branch++) {
        for (uint32_t k = 0; k < (branch < 2 ? LONG : 1); k++, t.n++) {
            t.nodes[t.n] = t.n;
            t.parent[t.n] = k ? t.n - 1 : 0;
        }
    }
    assert_true(solver_order(t.n, t.nodes, t.parent, t.order, t.up));
    uint32_t turns = 0;
    for (uint32_t k = t.n, first = t.n; k-- > 0;) { /* a turn is order[k] to order[first - 1] */
        bool waits = first - k > ABREAST || turns == 0;
        for (uint32_t i = k + 1; i < first; i++) {
            waits = waits || t.up[t.order[i]] == t.order[k];
        }
        if (waits) {
            first = k + 1;
            turns++;
        }
    }
    assert_int_equal(turns, depth_below(&t, t.order[0]) + 1);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dense),      cmocka_unit_test(test_bits),
        cmocka_unit_test(test_not_finite), cmocka_unit_test(test_order),
        cmocka_unit_test(test_root),       cmocka_unit_test(test_turns),
    };
    return cmocka_run_group_tests_name("solver", tests, NULL, NULL);
}
