/* SPDX-License-Identifier: BSD-3-Clause */
#include "solver.h"
#include "arena.h"
#include "hillock/context.h"

/* How many nodes that do not wait for each other stand side by side, if there are that many. At 4
 * to 5 cycles a node, 8 of them take longer than what a node's parent waits for; 6 or 12 are no
 * better. */
enum { ABREAST = 8 };

/* ---- the root */

/* Half of the longest path is the least that a tree can be deep; a cable becomes two branches. */
static uint32_t find_middle(uint32_t n, const uint32_t *nodes, const uint32_t *parent,
                            uint32_t *height, uint32_t *tallest) {
    uint32_t longest = 0, middle = nodes[0];
    for (uint32_t k = n; k-- > 1;) { /* its children have been here, some of its siblings too */
        const uint32_t node = nodes[k], up = parent[node];
        const uint32_t arm = height[node] + 1, other = height[up];
        if (arm + other > longest) {
            longest = arm + other;
            uint32_t down = (arm > other ? arm : other) - longest / 2;
            uint32_t next = arm > other ? node : tallest[up];
            for (middle = up; down; down--) {
                middle = next;
                next = tallest[middle];
            }
        }
        if (arm > other) {
            height[up] = arm;
            tallest[up] = node;
        }
    }
    return middle;
}

/* The way from the new root to the old one turns round. */
static void turn(uint32_t n, const uint32_t *nodes, const uint32_t *parent, uint32_t root,
                 uint32_t *up, uint32_t *depth) {
    for (uint32_t k = 0; k < n; k++) {
        up[nodes[k]] = k ? parent[nodes[k]] : HK_NONE;
        depth[nodes[k]] = HK_NONE;
    }
    for (uint32_t node = root, below = HK_NONE, down = 0; node != HK_NONE; down++) {
        const uint32_t next = up[node];
        up[node] = below;
        depth[node] = down;
        below = node;
        node = next;
    }
    for (uint32_t k = 0; k < n; k++) {
        if (depth[nodes[k]] == HK_NONE) {
            depth[nodes[k]] = depth[up[nodes[k]]] + 1;
        }
    }
}

/* ---- the order */

/* Nodes whose children have had their turn: a heap, the deepest on top, of equal ones that with the
 * highest number. */
struct ready {
    uint64_t *item; /* depth << 32 | node */
    uint32_t n;
};

static void push(struct ready *ready, uint32_t depth, uint32_t node) {
    const uint64_t item = (uint64_t)depth << 32 | node;
    uint32_t k = ready->n++;
    for (; k && ready->item[(k - 1) / 2] < item; k = (k - 1) / 2) {
        ready->item[k] = ready->item[(k - 1) / 2];
    }
    ready->item[k] = item;
}

static uint32_t pop(struct ready *ready) {
    const uint32_t top = (uint32_t)ready->item[0];
    const uint64_t last = ready->item[--ready->n];
    uint32_t k = 0;
    for (uint32_t child; (child = 2 * k + 1) < ready->n; k = child) {
        child += child + 1 < ready->n && ready->item[child + 1] > ready->item[child];
        if (ready->item[child] <= last) {
            break;
        }
        ready->item[k] = ready->item[child];
    }
    ready->item[k] = last;
    return top;
}

/* Hu, Oper Res 9 (1961) 841-848: the deepest that are ready go first, ABREAST at a time, which is
 * the least number of turns. */
static void take_turns(uint32_t n, const uint32_t *up, const uint32_t *depth, uint32_t *waiting,
                       struct ready *ready, uint32_t *order) {
    for (uint32_t node = 0; node < n; node++) {
        if (up[node] != HK_NONE) {
            waiting[up[node]]++;
        }
    }
    for (uint32_t node = 0; node < n; node++) {
        if (!waiting[node]) {
            push(ready, depth[node], node);
        }
    }
    for (uint32_t k = n; k > 0;) {
        const uint32_t before = k, most = ready->n < ABREAST ? ready->n : ABREAST;
        while (before - k < most) {
            order[--k] = pop(ready);
        }
        for (uint32_t i = before; i-- > k;) {
            const uint32_t next = up[order[i]];
            if (next != HK_NONE && --waiting[next] == 0) {
                push(ready, depth[next], next);
            }
        }
    }
}

bool solver_order(uint32_t n, const uint32_t *nodes, const uint32_t *parent, uint32_t *order,
                  uint32_t *up) {
    struct arena arena = {0}; /* its memory is zero */
    uint32_t *height = ARENA_NEW(&arena, n, uint32_t), *tallest = ARENA_NEW(&arena, n, uint32_t);
    uint32_t *depth = ARENA_NEW(&arena, n, uint32_t), *waiting = ARENA_NEW(&arena, n, uint32_t);
    struct ready ready = {.item = ARENA_NEW(&arena, n, uint64_t)};
    bool fine = !arena.failed;
    if (fine) {
        turn(n, nodes, parent, find_middle(n, nodes, parent, height, tallest), up, depth);
        take_turns(n, up, depth, waiting, &ready, order);
    }
    arena_free(&arena);
    return fine;
}
