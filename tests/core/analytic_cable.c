/* SPDX-License-Identifier: BSD-3-Clause */
/* The cable equation: sealed cylinders and a branching tree against their exact solutions.
 *
 * Two kinds of tolerance. Against the exact solution of what is computed (segments, steps of
 * backward Euler) only rounding remains: the matrix of n segments per length constant has a
 * condition of some n^2, so that v has an error of n^2 units of rounding (2e-16) of the greatest v.
 * Against the continuum the method's own error remains, of which each test says the bound. */
#include "models.h"
#include "cable_theory.h"

/* Rallpack 1: Bhalla, Bilitch & Bower (1992) Trends Neurosci 15:453. Ra 1 ohm m, Cm 0.01 F/m2, Rm 4
 * ohm m2: one length constant. */
static const struct theory RALLPACK1 = {
    .length = 1000, .diam = 1, .Ra = 100, .cm = 1, .g = 1 / 4e4, .current = 0.1};

struct cable {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
    uint32_t n, probe;
};

static uint32_t probe_several(hk_context *ctx, hk_net *net, uint32_t n, const uint32_t *segment) {
    struct hk_target target[16];
    for (uint32_t k = 0; k < n; k++) {
        target[k] = (struct hk_target){.at = HK_AT_SEGMENT, .segment = segment[k], .field = "v"};
    }
    struct hk_probe probe = {
        .kind = HK_PROBE_VALUES, .n = n, .target = target, .recorder = *PLAIN("memory")};
    uint32_t out;
    WORKS(ctx, hk_net_probe(net, &probe, &out));
    return out;
}

/* The first segment, one a third of the way, and the last. */
static uint32_t column_segment(uint32_t n, uint32_t column) {
    return column == 1 ? 0 : column == 2 ? n / 3 : n - 1;
}

static struct cable open_cable(const struct theory *theory, uint32_t n, double dt, double rest) {
    struct cable c = {.ctx = open_context(), .n = n};
    c.type = cylinder(c.ctx, theory->length, theory->diam, n, theory->Ra, theory->cm);
    passive(c.ctx, c.type, theory->g, rest);
    c.net = open_net(c.ctx, dt, rest);
    add_cells(c.ctx, c.net, c.type, 1);
    add_point(c.ctx, c.net, SPEC("IClamp", VALUE("amp", theory->current)), 0, 0);
    uint32_t segment[3] = {column_segment(n, 1), column_segment(n, 2), column_segment(n, 3)};
    c.probe = probe_several(c.ctx, c.net, 3, segment);
    return c;
}

static void close_cable(struct cable *c) {
    hk_net_free(c->net);
    hk_cell_free(c->type);
    hk_free(c->ctx);
}

/* ---- what is computed is what the segments' equations say */

static void test_segments(void **state) {
    (void)state;
    double worst = 0;
    for (uint32_t n = 1; n <= 100; n = n < 10 ? 3 * n : n + 73) { /* 1, 3, 9, 27, 100 */
        struct cable c = open_cable(&RALLPACK1, n, 0.05, -65);
        WORKS(c.ctx, hk_net_run(c.net, 100));
        struct rows rows = rows_of(c.ctx, c.net, c.probe);
        assert_int_equal(rows.n, 2001);
        for (uint32_t step = 0; step <= 2000; step += step < 20 ? 1 : 99) {
            for (uint32_t column = 1; column <= 3; column++) {
                double right =
                    -65 + theory_segment(&RALLPACK1, n, column_segment(n, column), 0.05, step, 0);
                NEAR(at(rows, step, column), right,
                     1e-8); /* 167 mV times 100^2 times 2e-16, times 25 */
                worst = fmax(worst, fabs(at(rows, step, column) - right));
            }
        }
        close_cable(&c);
    }
    print_message("# greatest error %.2g mV\n", worst);
}

/* ---- Rallpack 1 as it is set: 1000 segments, steps of 0.05 ms, 250 ms */

/* After k steps backward Euler has (1 + x/k)^-k for exp(-x) of each mode, at most 0.3/k off for k
 * of 20 and more (0.5 max x^2 exp(-x) = 0.27 to the first order in 1/k). At the 0 end all modes
 * count with the same sign, and elsewhere with less, so that v is off by 0.3/k of the greatest
 * steady v. Segments add what the next test allows. */
static void test_rallpack1(void **state) {
    (void)state;
    struct cable c = open_cable(&RALLPACK1, 1000, 0.05, -65);
    WORKS(c.ctx, hk_net_run(c.net, 250));
    struct rows rows = rows_of(c.ctx, c.net, c.probe);
    double steady = theory_v(&RALLPACK1, 0, (double)INFINITY), worst = 0, end = 0;
    for (uint32_t step = 20; step <= 5000; step += 20) {
        for (uint32_t column = 1; column <= 3; column++) {
            double x = column_segment(1000, column) + 0.5,
                   right = -65 + theory_v(&RALLPACK1, x, 0.05 * step);
            NEAR(at(rows, step, column), right, steady * (0.3 / step + 1e-6 / 8));
            worst = fmax(worst, fabs(at(rows, step, column) - right));
            end = step == 5000 ? fmax(end, fabs(at(rows, step, column) - right)) : 0;
        }
    }
    print_message("# greatest error from 1 ms on %.2g mV, at 250 ms %.2g mV\n", worst, end);
    close_cable(&c);
}

/* ---- steady state: the same cable at rest at 0 mV, after 20 time constants, as nsuite has it */

/* With h the segment's length in length constants, the segments' own steady state is cosh(m (n - j
 * - 1/2)) h/sinh(m n) with 2 sinh(m/2) = h: to the second order, h^2/24 (L coth L + (L - X) tanh(L
 * - X)) off, less than h^2/8 for L = 1. What is left of the transient are (1 + dt/tau)^-(20 tau/dt)
 * = 3e-9. */
static void test_steady(void **state) {
    (void)state;
    double worst = 0;
    for (uint32_t n = 50; n <= 800; n *= 4) {
        struct cable c = open_cable(&RALLPACK1, n, 1, 0);
        WORKS(c.ctx, hk_net_run(c.net, 800));
        struct rows rows = rows_of(c.ctx, c.net, c.probe);
        double steady = theory_v(&RALLPACK1, 0, (double)INFINITY), h = 1. / n;
        for (uint32_t column = 1; column <= 3; column++) {
            double x = (column_segment(n, column) + 0.5) * 1000 / n,
                   right = theory_v(&RALLPACK1, x, (double)INFINITY);
            NEAR(at(rows, 800, column), right, steady * (h * h / 8 + 3e-9));
            worst = fmax(worst, fabs(at(rows, 800, column) - right) / (steady * h * h));
        }
        close_cable(&c);
    }
    print_message("# greatest error %.2g h^2 of the greatest v\n", worst);
}

/* ---- a tree in which the branches' diameters follow Rall's 3/2 power law */

enum { LEVELS = 10, BRANCHES = (1 << LEVELS) - 1 };

/* Rallpack 2's: each branch has two of half its diameter to the power 3/2 and the same length in
 * length constants. */
static hk_cell *binary_tree(hk_context *ctx, uint32_t nseg) {
    static struct stick stick[BRANCHES];
    double length = 32, diam = 16;
    for (uint32_t level = 0, k = 0; level < LEVELS; level++) {
        for (uint32_t end = k + (1u << level); k < end; k++) {
            stick[k] = (struct stick){.length = length,
                                      .diam = diam,
                                      .parent = k ? (k - 1) / 2 : 0,
                                      .parent_x = 1,
                                      .nseg = nseg};
        }
        length *= pow(2, -1. / 3);
        diam *= pow(2, -2. / 3);
    }
    return tree(ctx, "binary", BRANCHES, stick, RALLPACK1.Ra, RALLPACK1.cm);
}

/* Such a tree is a cylinder of the root's diameter, LEVELS times its length (Rall 1962), and cut
 * alike it is so exactly. */
static void test_branches(void **state) {
    (void)state;
    const struct theory cylinder = {320, 16, RALLPACK1.Ra, RALLPACK1.cm, RALLPACK1.g, 0.1};
    for (uint32_t nseg = 1; nseg <= 4; nseg += 3) {
        hk_context *ctx = open_context();
        hk_cell *type = binary_tree(ctx, nseg);
        passive(ctx, type, RALLPACK1.g, -65);
        hk_net *net = open_net(ctx, 0.05, -65);
        add_cells(ctx, net, type, 1);
        add_point(ctx, net, SPEC("IClamp", VALUE("amp", 0.1)), 0, 0);
        uint32_t n = LEVELS * nseg,
                 segment[4] = {0, nseg * 5, nseg * BRANCHES - 1, nseg * (BRANCHES / 2 + 1) - 1};
        uint32_t same[4] = {0, nseg * 2, n - 1, n - 1}, probe = probe_several(ctx, net, 4, segment);
        WORKS(ctx, hk_net_run(net, 250));
        struct rows rows = rows_of(ctx, net, probe);
        double worst = 0;
        for (uint32_t step = 0; step <= 5000; step += 50) {
            for (uint32_t k = 0; k < 4; k++) {
                double right = -65 + theory_segment(&cylinder, n, same[k], 0.05, step, 0);
                NEAR(at(rows, step, k + 1), right,
                     1e-8); /* as in test_segments: v of 25 mV, segments of 0.008/nseg */
                worst = fmax(worst, fabs(at(rows, step, k + 1) - right));
            }
        }
        /* A tree with diameter and length swapped would pass a tolerance of a percent of v; not
         * that of this difference. */
        double drop = at(rows, 5000, 1) - at(rows, 5000, 3);
        double R = 1e-2 * RALLPACK1.Ra * 32 / (PI_ * 64),
               between =
                   0; /* from the first middle to the last, a tenth of the current lost each */
        for (uint32_t k = 1; k < n; k++) {
            between += 0.1 * R / nseg * (1 - (double)k / n);
        }
        NEAR(drop, between, 0.01 * between);
        if (nseg == 4) {
            NEAR(drop, 0.0775, 1e-4); /* the figure that is known for these dimensions */
        }
        print_message("# nseg %u: greatest error %.2g mV, v(root) - v(tip) %.5g mV, v(root) %.7g\n",
                      (unsigned)nseg, worst, drop, at(rows, 5000, 1));
        hk_net_free(net);
        hk_cell_free(type);
        hk_free(ctx);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_rallpack1),
        cmocka_unit_test(test_steady),
        cmocka_unit_test(test_branches),
    };
    return cmocka_run_group_tests_name("analytic_cable", tests, NULL, NULL);
}
