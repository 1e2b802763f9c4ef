/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree solver alone: ns a node and lane, for trees of several kinds and numbers of lanes.
 *
 *     cmake --build build --target bench_solver
 *     build/tests/bench_solver examples/l23/morphology/l23.swc
 * [SWC...]
 *
 * An SWC file is cut once by the d_lambda rule of the examples, once eight times finer. Best of
 * many repeats; what a copy of diagonal and right side takes is subtracted. */
#include "cable.h"
#include "solver.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct tree {
    uint32_t n;
    uint32_t *nodes, *parent; /* as solver_order takes them */
};

static void *take(size_t count, size_t size) {
    void *memory = aligned_alloc(64, (count * size + 127) / 64 * 64);
    if (!memory) {
        perror("bench_solver");
        exit(1);
    }
    return memset(memory, 0, count * size);
}

static double now_ns(void) {
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* ---- trees */

static uint32_t random_below(uint32_t n) { /* splitmix64 */
    static uint64_t state;
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) % n);
}

/* most: children of a node; 1 makes a cable. */
static struct tree make_tree(uint32_t n, uint32_t most) {
    struct tree t = {n, take(n, sizeof *t.nodes), take(n, sizeof *t.parent)};
    uint32_t *children = take(n, sizeof *children);
    for (uint32_t k = 0; k < n; k++) {
        t.nodes[k] = k;
        t.parent[k] = k ? k - 1 : HK_NONE;
        while (k && most > 1 && children[t.parent[k] = random_below(k)] == most) {
        }
        if (k) {
            children[t.parent[k]]++;
        }
    }
    free(children);
    return t;
}

static struct tree read_tree(hk_context *ctx, const char *path, double d_lambda) {
    hk_morph *morph;
    struct cable *cable;
    if (hk_morph_swc(ctx, path, &morph)) {
        fprintf(stderr, "bench_solver: %s\n", hk_message(ctx));
        exit(1);
    }
    uint32_t n = hk_morph_sections(morph);
    uint32_t *nseg = take(n, sizeof *nseg);
    double *Ra = take(n, sizeof *Ra);
    for (uint32_t s = 0; s < n; s++) {
        Ra[s] = 100;
        cable_nseg_lambda(ctx, morph, s, Ra[s], 2, d_lambda, 100, &nseg[s]);
    }
    if (cable_new(ctx, morph, nseg, Ra, &cable)) {
        fprintf(stderr, "bench_solver: %s\n", hk_message(ctx));
        exit(1);
    }
    n = cable->n_node;
    struct tree t = {n, take(n, sizeof *t.nodes), take(n, sizeof *t.parent)};
    memcpy(t.nodes, cable->order, n * sizeof *t.nodes);
    memcpy(t.parent, cable->parent, n * sizeof *t.parent);
    cable_free(cable);
    hk_morph_free(morph);
    free(nseg);
    free(Ra);
    return t;
}

/* ---- time */

struct work {
    struct solver solver;
    size_t length;
    double *diagonal, *right, *d, *x, *v;
};

/* Rows in memory in the solver's order, as shape.c has them within a set. */
static struct work make_work(const struct tree *t, uint32_t lanes) {
    uint32_t n = t->n, *order = take(n, sizeof *order), *above = take(n, sizeof *above);
    uint32_t *row = take(n, sizeof *row), *at = take(n, sizeof *at), *up = take(n, sizeof *up);
    double *a = take(n, sizeof *a);
    struct work w = {.length = (size_t)n * lanes};
    double **array[] = {&w.diagonal, &w.right, &w.d, &w.x, &w.v};
    for (uint32_t i = 0; i < 5; i++) {
        *array[i] = take(w.length, sizeof **array[i]);
    }
    if (!solver_order(n, t->nodes, t->parent, order, above)) {
        exit(1);
    }
    for (size_t k = 0; k < w.length; k++) {
        w.diagonal[k] = 1;
        w.right[k] = (double)(k % 100);
    }
    for (uint32_t k = 0; k < n; k++) {
        row[order[k]] = k;
        at[k] = k * lanes;
        up[k] = k ? row[above[order[k]]] * lanes : 0;
        a[k] = -1;
        for (uint32_t lane = 0; k && lane < lanes; lane++) {
            w.diagonal[at[k] + lane] += 1;
            w.diagonal[up[k] + lane] += 1;
        }
    }
    w.solver = (struct solver){.n = n, .lanes = lanes, .at = at, .up = up, .a = a, .b = a};
    free(order);
    free(above);
    free(row);
    return w;
}

static void free_work(struct work *w) {
    free((void *)(uintptr_t)w->solver.at);
    free((void *)(uintptr_t)w->solver.up);
    free((void *)(uintptr_t)w->solver.a);
    free(w->diagonal);
    free(w->right);
    free(w->d);
    free(w->x);
    free(w->v);
}

static double time_ns(struct work *w, uint32_t times, bool solve) {
    double begin = now_ns();
    for (uint32_t i = 0; i < times; i++) {
        memcpy(w->d, w->diagonal, w->length * sizeof *w->d);
        memcpy(w->x, w->right, w->length * sizeof *w->x);
        __asm__ volatile("" : : "r"(w->d), "r"(w->x) : "memory"); /* both copies are wanted */
        if (solve) {
            solver_solve(&w->solver, w->d, w->x, w->v);
        }
    }
    return (now_ns() - begin) / times / (double)w->length;
}

static double measure(const struct tree *t, uint32_t lanes) {
    struct work w = make_work(t, lanes);
    uint32_t times = 1 + (uint32_t)(300000 / w.length);
    double with = 1e9, without = 1e9;
    for (uint32_t i = 0; i < 20; i++) {
        double ns = time_ns(&w, times, true);
        with = ns < with ? ns : with;
        ns = time_ns(&w, times, false);
        without = ns < without ? ns : without;
    }
    free_work(&w);
    return with - without;
}

static const uint32_t LANES[] = {1, 2, 4, 5, 8, 10, 16};
enum { N_LANES = sizeof LANES / sizeof *LANES };

static void report(const char *name, struct tree t) {
    printf("%-24.24s %6u", name, (unsigned)t.n);
    for (uint32_t i = 0; i < N_LANES; i++) {
        printf(" %6.2f", measure(&t, LANES[i]));
        fflush(stdout);
    }
    printf("\n");
    free(t.nodes);
    free(t.parent);
}

int main(int argc, char **argv) {
    hk_context *ctx = hk_new();
    printf("%-24s %6s", "ns a node and lane", "nodes");
    for (uint32_t i = 0; i < N_LANES; i++) {
        printf(" %6u", (unsigned)LANES[i]);
    }
    printf("\n");
    for (int i = 1; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/'), *name = slash ? slash + 1 : argv[i];
        char fine[64];
        snprintf(fine, sizeof fine, "%s, fine", name);
        report(name, read_tree(ctx, argv[i], 0.1));
        report(fine, read_tree(ctx, argv[i], 0.0125));
    }
    report("cable", make_tree(1000, 1));
    report("random binary tree", make_tree(10000, 2));
    report("random tree", make_tree(10000, 10000));
    hk_free(ctx);
    return 0;
}
