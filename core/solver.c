/* SPDX-License-Identifier: BSD-3-Clause */
#include "solver.h"

/* Along an unbranched run the diagonal and right side of the next node stay in registers: what
 * bounds a node's time is one division and one product. A strip is W lanes side by side. */
#define LOAD(W, p) (*(const strip##W *)(p))
#define STORE(W, p, value) (*(strip##W *)(p) = (value))
#define STRIP(W)                                                                                   \
    typedef double strip##W                                                                        \
        __attribute__((vector_size(W * sizeof(double)), aligned(sizeof(double)), may_alias));      \
    static void eliminate##W(const struct solver *s, double *d, double *x) {                       \
        for (uint32_t k = s->n - 1; k > 0;) {                                                      \
            strip##W dk = LOAD(W, d + s->at[k]), xk = LOAD(W, x + s->at[k]);                       \
            for (;;) {                                                                             \
                const uint32_t here = s->at[k], up = s->up[k];                                     \
                const double a = s->a[k], b = s->b[k];                                             \
                const strip##W inverse = 1.0 / dk, scaled = xk * inverse;                          \
                STORE(W, x + here, scaled);                                                        \
                STORE(W, d + here, b * inverse);                                                   \
                dk = LOAD(W, d + up) - (a * b) * inverse;                                          \
                xk = LOAD(W, x + up) - a * scaled;                                                 \
                k--;                                                                               \
                if (k == 0 || s->at[k] != up) {                                                    \
                    STORE(W, d + up, dk);                                                          \
                    STORE(W, x + up, xk);                                                          \
                    break;                                                                         \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static void substitute##W(const struct solver *s, const double *d, const double *x,            \
                              double *v) {                                                         \
        uint32_t last = s->at[0];                                                                  \
        strip##W vk = LOAD(W, x + last) / LOAD(W, d + last);                                       \
        STORE(W, v + last, vk);                                                                    \
        for (uint32_t k = 1; k < s->n; k++) {                                                      \
            const uint32_t here = s->at[k], up = s->up[k];                                         \
            const strip##W above = up == last ? vk : LOAD(W, v + up);                              \
            vk = LOAD(W, x + here) - LOAD(W, d + here) * above;                                    \
            STORE(W, v + here, vk);                                                                \
            last = here;                                                                           \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static void solve##W(const struct solver *s, double *d, double *x, double *v) {                \
        eliminate##W(s, d, x);                                                                     \
        substitute##W(s, d, x, v);                                                                 \
    }

STRIP(8)
STRIP(4)
STRIP(2)

static void solve1(const struct solver *s, double *d, double *x, double *v) {
    for (uint32_t k = s->n - 1; k > 0; k--) {
        const uint32_t here = s->at[k], up = s->up[k];
        const double inverse = 1.0 / d[here], scaled = x[here] * inverse;
        x[here] = scaled;
        d[here] = s->b[k] * inverse;
        d[up] -= (s->a[k] * s->b[k]) * inverse;
        x[up] -= s->a[k] * scaled;
    }
    v[s->at[0]] = x[s->at[0]] / d[s->at[0]];
    for (uint32_t k = 1; k < s->n; k++) {
        v[s->at[k]] = x[s->at[k]] - d[s->at[k]] * v[s->up[k]];
    }
}

void solver_solve(const struct solver *s, double *d, double *x, double *v) {
    uint32_t lane = 0;
    for (; lane + 8 <= s->lanes; lane += 8) {
        solve8(s, d + lane, x + lane, v + lane);
    }
    if (s->lanes - lane >= 4) {
        solve4(s, d + lane, x + lane, v + lane);
        lane += 4;
    }
    if (s->lanes - lane >= 2) {
        solve2(s, d + lane, x + lane, v + lane);
        lane += 2;
    }
    if (s->lanes > lane) {
        solve1(s, d + lane, x + lane, v + lane);
    }
}
