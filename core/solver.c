/* SPDX-License-Identifier: BSD-3-Clause */
#include "solver.h"

/* A node's elimination takes some 20 cycles from its diagonal to its parent's (a division, a
 * product, a difference), but a processor can begin the division of one lane every 4 cycles, that
 * of four every 8. What fills this time is other nodes: solver_order lets branches take turns, all
 * lanes of a node go in one pass, and the processor overlaps what does not wait. So one scheme
 * serves every number of lanes, and a lane's operations are those of a plain loop over the nodes.
 * Where the tree leaves fewer than some five branches to turn to, the 20 cycles show again.
 *
 * Measured with tests/bench/solver.c on a Sapphire Rapids core, ns a node and lane; "chains" are
 * depth-first runs kept in registers, strip after strip:
 *
 *                                        one lane       ten lanes
 *                                     chains   this   chains   this
 *     reduced pyramidal cell, 79 nodes   4.8    2.5      1.1    0.74
 *     pyramidal cell, 1 732 nodes        6.9    1.8      1.6    0.81
 *     unbranched cable, 1 000 nodes      9.0    4.6      1.8    0.83
 *     random binary tree, 10 000         2.7    1.8      1.8    1.10
 *
 * Strips of four lanes are as fast as strips of eight where rows are whole cache lines, and faster
 * where these would straddle them: the divider is what both wait for. */

#define INLINE static inline __attribute__((always_inline))
#define AT(W, p) (*(strip##W *)(p))
#define GET(W, p) (*(const strip##W *)(p))

/* W lanes side by side. */
#define STRIP(W)                                                                                   \
    typedef double strip##W                                                                        \
        __attribute__((vector_size(W * sizeof(double)), aligned(sizeof(double)), may_alias));      \
                                                                                                   \
    INLINE void eliminate##W(double *d, double *x, uint32_t here, uint32_t up, double a,           \
                             double b) {                                                           \
        const strip##W inverse = 1.0 / GET(W, d + here), scaled = GET(W, x + here) * inverse;      \
        AT(W, x + here) = scaled;                                                                  \
        AT(W, d + here) = b * inverse;                                                             \
        AT(W, d + up) -= (a * b) * inverse;                                                        \
        AT(W, x + up) -= a * scaled;                                                               \
    }                                                                                              \
                                                                                                   \
    INLINE void substitute##W(const double *d, const double *x, double *v, uint32_t here,          \
                              uint32_t up) {                                                       \
        AT(W, v + here) = GET(W, x + here) - GET(W, d + here) * GET(W, v + up);                    \
    }

STRIP(4)
STRIP(2)
STRIP(1)

/* Calls step4, step2 or step1 for lanes `lane` on, until all have had their turn. */
#define EACH_STRIP(step, ...)                                                                      \
    {                                                                                              \
        uint32_t lane = 0;                                                                         \
        for (; lane + 4 <= lanes; lane += 4) {                                                     \
            step##4(__VA_ARGS__);                                                                  \
        }                                                                                          \
        if (lanes & 2) {                                                                           \
            step##2(__VA_ARGS__);                                                                  \
            lane += 2;                                                                             \
        }                                                                                          \
        if (lanes & 1) {                                                                           \
            step##1(__VA_ARGS__);                                                                  \
        }                                                                                          \
    }

/* Inlined for each number of lanes, so that its strips are known. s is a copy, so that no strip can
 * lie in it and its pointers stay in registers. */
INLINE void solve(const struct solver s, double *d, double *x, double *v, uint32_t lanes) {
    for (uint32_t k = s.n - 1; k > 0; k--) {
        const uint32_t here = s.at[k], up = s.up[k];
        const double a = s.a[k], b = s.b[k];
        EACH_STRIP(eliminate, d, x, here + lane, up + lane, a, b)
    }
    for (uint32_t lane = s.at[0]; lane < s.at[0] + lanes; lane++) {
        v[lane] = x[lane] / d[lane];
    }
    for (uint32_t k = 1; k < s.n; k++) {
        const uint32_t here = s.at[k], up = s.up[k];
        EACH_STRIP(substitute, d, x, v, here + lane, up + lane)
    }
}

enum { MOST = 16 }; /* lanes in one pass: more would not fit in the window of what overlaps */

void solver_solve(const struct solver *s, double *d, double *x, double *v) {
    uint32_t lane = 0;
    for (; lane + MOST <= s->lanes; lane += MOST) {
        solve(*s, d + lane, x + lane, v + lane, MOST);
    }
    d += lane;
    x += lane;
    v += lane;
    switch (s->lanes - lane) {
    case 1: solve(*s, d, x, v, 1); break;
    case 2: solve(*s, d, x, v, 2); break;
    case 3: solve(*s, d, x, v, 3); break;
    case 4: solve(*s, d, x, v, 4); break;
    case 5: solve(*s, d, x, v, 5); break;
    case 6: solve(*s, d, x, v, 6); break;
    case 7: solve(*s, d, x, v, 7); break;
    case 8: solve(*s, d, x, v, 8); break;
    case 9: solve(*s, d, x, v, 9); break;
    case 10: solve(*s, d, x, v, 10); break;
    case 11: solve(*s, d, x, v, 11); break;
    case 12: solve(*s, d, x, v, 12); break;
    case 13: solve(*s, d, x, v, 13); break;
    case 14: solve(*s, d, x, v, 14); break;
    case 15: solve(*s, d, x, v, 15); break;
    default: break;
    }
}
