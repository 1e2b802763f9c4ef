/* SPDX-License-Identifier: BSD-3-Clause */
/* solver: the tree matrix of a group of cells of one shape, eliminated once a step in Hines' order.
 *
 * Hines, Int J Bio-Med Comput 15 (1984) 69-76: with every node numbered after its parent, Gaussian
 * elimination from the last node to the first creates no new entry. Row i of the matrix holds d[i]
 * on the diagonal, b[i] in its parent's column, and its parent's row holds a[i] in column i. */
#ifndef HK_CORE_SOLVER_H
#define HK_CORE_SOLVER_H
#include <stdbool.h>
#include <stdint.h>

struct solver {
    uint32_t n, lanes; /* nodes of a cell; cells of the group */
    const uint32_t *
        at; /* [n] where node k's lanes begin in the group's flat arrays, parents before children */
    const uint32_t *up;  /* [n] the same of its parent; up[0] unused */
    const double *a, *b; /* [n] the two entries of node k and its parent; [0] unused */
};

/* Solves for v: d and x, the diagonal and the right side in the group's flat order, are used up.
 * Each lane runs the same operations whatever the number of lanes. After it, x of a node that is
 * not finite though its children's are tells where that began. */
void solver_solve(const struct solver *s, double *d, double *x, double *v);

/* An order for the solver, in which neighbours seldom wait for each other. The tree comes with any
 * root: nodes[k] with parents before children, parent[node], which nodes[0] need not have. What
 * goes out, [n] each, has the middle of the tree's longest path for its root: order[k], parents
 * before children, and up[node], HK_NONE at order[0]. Depends on the tree alone. False: no memory.
 */
bool solver_order(uint32_t n, const uint32_t *nodes, const uint32_t *parent, uint32_t *order,
                  uint32_t *up);

#endif
