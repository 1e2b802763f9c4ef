/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree solver against a dense one, and what a lane's bits may depend on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "solver.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 60, MOST_LANES = 17 };

static uint64_t random_word(uint64_t *state) { /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double random_number(uint64_t *state) {
    return (double)(random_word(state) >> 11) * 0x1p-53;
}

struct tree {
    uint32_t n, parent[MOST_NODES], row[MOST_NODES]; /* row: a node's place in memory */
    double a[MOST_NODES], b[MOST_NODES];
};

/* straight: how often a node hangs on the one before it, so that there are unbranched runs. */
static struct tree random_tree(uint32_t n, double straight, uint64_t seed) {
    struct tree t = {.n = n};
    uint64_t state = seed;
    for (uint32_t k = 0; k < n; k++) {
        bool run = random_number(&state) < straight;
        t.parent[k] = k == 0 ? 0 : run ? k - 1 : (uint32_t)(random_word(&state) % k);
        t.a[k] = k ? -(0.01 + 10 * random_number(&state)) : 0;
        t.b[k] = k ? -(0.01 + 10 * random_number(&state)) : 0;
        t.row[k] = k;
    }
    for (uint32_t k = n; seed % 2 && k > 1; k--) { /* any order in memory will do */
        uint32_t other = (uint32_t)(random_word(&state) % k), row = t.row[k - 1];
        t.row[k - 1] = t.row[other];
        t.row[other] = row;
    }
    return t;
}

/* A cell's numbers depend on its own seed alone. The matrix dominates by its diagonal, as that of a
 * membrane does. */
static void random_cell(const struct tree *t, uint64_t seed, double *d, double *x) {
    uint64_t state = seed;
    for (uint32_t k = 0; k < t->n; k++) {
        d[k] = 0.1 + random_number(&state);
        x[k] = 200 * random_number(&state) - 100;
    }
    for (uint32_t k = 1; k < t->n; k++) {
        d[k] -= t->b[k];
        d[t->parent[k]] -= t->a[k];
    }
}

static struct solver make_solver(const struct tree *t, uint32_t lanes, uint32_t *at, uint32_t *up) {
    for (uint32_t k = 0; k < t->n; k++) {
        at[k] = t->row[k] * lanes;
        up[k] = t->row[t->parent[k]] * lanes;
    }
    return (struct solver){.n = t->n, .lanes = lanes, .at = at, .up = up, .a = t->a, .b = t->b};
}

/* Cells seed, seed + 1, ... side by side; v and the used-up right side in flat order. */
static void solve_cells(const struct tree *t, uint32_t lanes, uint64_t seed, double *x, double *v) {
    uint32_t at[MOST_NODES], up[MOST_NODES];
    double d[MOST_NODES * MOST_LANES];
    for (uint32_t lane = 0; lane < lanes; lane++) {
        double own_d[MOST_NODES], own_x[MOST_NODES];
        random_cell(t, seed + lane, own_d, own_x);
        for (uint32_t k = 0; k < t->n; k++) {
            d[t->row[k] * lanes + lane] = own_d[k];
            x[t->row[k] * lanes + lane] = own_x[k];
        }
    }
    struct solver s = make_solver(t, lanes, at, up);
    solver_solve(&s, d, x, v);
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
            m[k][t->parent[k]] = (long double)t->b[k];
            m[t->parent[k]][k] = (long double)t->a[k];
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

/* Elimination without pivots of a matrix that dominates by its diagonal loses a few units of
 * rounding a node; the condition is at most greatest diagonal (some 20 a child) over least excess
 * (0.1), so 1e-12 of the greatest v leaves room and no wrong entry passes. */
static void test_dense(void **state) {
    (void)state;
    double x[MOST_NODES * MOST_LANES], v[MOST_NODES * MOST_LANES], right[MOST_NODES], worst = 0;
    for (uint64_t trial = 0; trial < 60; trial++) {
        struct tree t =
            random_tree(1 + (uint32_t)trial % MOST_NODES, trial % 3 == 0 ? 0 : 0.8, trial);
        uint32_t lanes = 1 + (uint32_t)trial % MOST_LANES;
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

static void test_lanes(void **state) {
    (void)state;
    double x[MOST_NODES * MOST_LANES], v[MOST_NODES * MOST_LANES];
    double x1[MOST_NODES], v1[MOST_NODES];
    for (uint64_t trial = 0; trial < 10; trial++) {
        struct tree t = random_tree(41, 0.7, trial);
        for (uint32_t lanes = 1; lanes <= MOST_LANES; lanes++) {
            solve_cells(&t, lanes, 1000 * trial, x, v);
            for (uint32_t lane = 0; lane < lanes; lane++) {
                solve_cells(&t, 1, 1000 * trial + lane, x1, v1);
                for (uint32_t row = 0; row < t.n; row++) {
                    assert_memory_equal(&v[row * lanes + lane], &v1[row], sizeof *v);
                }
            }
        }
    }
}

/* What a divergence is found by: the node where it began, and v of the root. */
static void test_not_finite(void **state) {
    (void)state;
    struct tree t = random_tree(30, 0.5, 6);
    uint32_t at[MOST_NODES], up[MOST_NODES];
    struct solver s = make_solver(&t, 1, at, up);
    for (uint32_t bad = 0; bad < t.n; bad++) {
        double d[MOST_NODES], x[MOST_NODES], v[MOST_NODES];
        random_cell(&t, 5, d, x);
        if (bad % 2) {
            x[bad] = (double)NAN;
        } else {
            d[bad] = (double)INFINITY;
            x[bad] = -(double)INFINITY;
        }
        solver_solve(&s, d, x, v);
        uint32_t last = 0;
        for (uint32_t k = 0; k < t.n; k++) {
            last = isfinite(x[k]) ? last : k;
        }
        assert_int_equal(last, bad);
        assert_true(!isfinite(v[0]));
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dense),
        cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_not_finite),
    };
    return cmocka_run_group_tests_name("solver", tests, NULL, NULL);
}
