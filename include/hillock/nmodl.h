/* SPDX-License-Identifier: BSD-3-Clause */
/* nmodl.h: what plugins made of MOD files need besides plugin.h and math.h: indices that are
 * computed, tables, systems of linear equations, events that are moved. */
#ifndef HK_NMODL_H
#define HK_NMODL_H
#include "hillock/math.h"
#include "hillock/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An index into an array of n numbers, of a number: cut to a whole one, and kept inside. */
HK_ALWAYS uint32_t hk_index(double x, uint32_t n) {
    double most = (double)n - 1;
    double inside = x > 0 ? x : 0;
    return (uint32_t)(inside < most ? inside : most);
}

/* Whether moment x is in the step of dt that ends at t, as NEURON's at_time says it. */
HK_ALWAYS int hk_at_time(double x, double t, double dt) {
    double moment = x - 1e-11;
    return (moment <= t) & (moment > t - dt);
}

/* Solves a x = b for n unknowns by elimination with row pivoting; x takes b's place, a is used up.
 * Where a is singular, x is not finite. */
HK_ALWAYS void hk_solve(int n, double *a, double *b) {
    for (int p = 0; p < n; p++) {
        int best = p;
        for (int i = p + 1; i < n; i++) {
            best = hk_abs(a[i * n + p]) > hk_abs(a[best * n + p]) ? i : best;
        }
        if (best != p) {
            for (int j = p; j < n; j++) {
                double keep = a[p * n + j];
                a[p * n + j] = a[best * n + j];
                a[best * n + j] = keep;
            }
            double keep = b[p];
            b[p] = b[best];
            b[best] = keep;
        }
        for (int i = p + 1; i < n; i++) {
            double factor = a[i * n + p] / a[p * n + p];
            for (int j = p + 1; j < n; j++) {
                a[i * n + j] -= factor * a[p * n + j];
            }
            b[i] -= factor * b[p];
        }
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int j = i + 1; j < n; j++) {
            b[i] -= a[i * n + j] * b[j];
        }
        b[i] /= a[i * n + i];
    }
}

/* The last of n rows of `width` numbers at `row` whose number `column` is at or before x; 0 where
 * none is. */
HK_ALWAYS uint32_t hk_row_before(const double *row, uint32_t n, uint32_t width, uint32_t column,
                                 double x) {
    uint32_t low = 0, high = n;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (row[(size_t)middle * width + column] <= x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Where x is between a and b: 0 at a and before, 1 at b and after. */
HK_ALWAYS double hk_share(double a, double b, double x) {
    double share = (x - a) / (b - a);
    return !(share > 0) ? 0 : share < 1 ? share : 1;
}

/* The value at x of a FUNCTION_TABLE: rows of x and y in the order of x; a straight line between
 * two, the first y before the first, the last one after the last. */
HK_ALWAYS double hk_table1(const struct hk_list *table, double x) {
    const double *row = table->value;
    if (table->rows == 0) {
        return HK_NAN;
    }
    const double *a = row + 2 * (size_t)hk_row_before(row, table->rows, 2, 0, x);
    if (a == row + 2 * (size_t)(table->rows - 1)) {
        return a[1];
    }
    return a[1] + (a[3] - a[1]) * hk_share(a[0], a[2], x);
}

/* The same of two arguments: rows of x, y and z on a whole grid, in the order of x, those of one x
 * in the order of y; linear in y, then in x. */
HK_ALWAYS double hk_table2(const struct hk_list *table, double x, double y) {
    const double *row = table->value;
    uint32_t n_y = 1;
    if (table->rows == 0) {
        return HK_NAN;
    }
    while (n_y < table->rows && row[3 * (size_t)n_y] == row[0]) {
        n_y++;
    }
    uint32_t n_x = table->rows / n_y;
    if (n_x * n_y != table->rows) {
        return HK_NAN;
    }
    uint32_t j = hk_row_before(row, n_y, 3, 1, y), i = hk_row_before(row, n_x, 3 * n_y, 0, x);
    uint32_t j1 = j + 1 < n_y ? j + 1 : j, i1 = i + 1 < n_x ? i + 1 : i;
    double low = 0, high = 0;
    const double *a = row + 3 * (size_t)n_y * i, *b = row + 3 * (size_t)n_y * i1;
    double share = j1 > j ? hk_share(a[3 * j + 1], a[3 * j1 + 1], y) : 0;
    low = a[3 * j + 2] + (a[3 * j1 + 2] - a[3 * j + 2]) * share;
    high = b[3 * j + 2] + (b[3 * j1 + 2] - b[3 * j + 2]) * share;
    return i1 > i ? low + (high - low) * hk_share(a[0], b[0], x) : low;
}

/* Numbers of instance k's own stream: uniform in (0, 1), normal, exponential of mean 1, Poisson's
 * of a mean. `drawn` counts those drawn so far. */
HK_ALWAYS double hk_draw_uniform(const struct hk_block *b, uint32_t k, double *drawn) {
    double u = b->host->uniform(&b->stream[k], (uint64_t)*drawn);
    *drawn += 1;
    return u;
}

HK_ALWAYS double hk_draw_normal(const struct hk_block *b, uint32_t k, double *drawn) {
    double x = b->host->normal(&b->stream[k], (uint64_t)*drawn);
    *drawn += 1;
    return x;
}

HK_ALWAYS double hk_draw_exponential(const struct hk_block *b, uint32_t k, double *drawn) {
    return -hk_log(hk_draw_uniform(b, k, drawn));
}

/* By counting events of rate 1 until `mean`; above 500 the normal distribution is as good. */
HK_ALWAYS double hk_draw_poisson(const struct hk_block *b, uint32_t k, double *drawn, double mean) {
    if (!(mean < 500)) {
        double x = mean + hk_sqrt(mean) * hk_draw_normal(b, k, drawn);
        return x > 0 ? __builtin_floor(x + 0.5) : 0;
    }
    double n = 0, sum = hk_draw_exponential(b, k, drawn);
    while (sum < mean) {
        sum += hk_draw_exponential(b, k, drawn);
        n += 1;
    }
    return n;
}

/* The flags by which what a WATCH sends is known. */
HK_ALWAYS double hk_watched(uint32_t number) {
    return 1e300 * number;
}

/* The event that an instance sent last, for net_move: events carry a number below 48 beside their
 * flag, and those that were moved are marked as bits. */
enum { HK_SENT = 48 };

HK_ALWAYS double hk_sent_flag(double flag, double number) {
    return flag * 64 + number + 1;
}

HK_ALWAYS double hk_sent_number(double sent) {
    double low = sent - 64 * __builtin_floor(sent / 64);
    return low - 1;
}

HK_ALWAYS double hk_sent_next(double number) {
    return number + 1 < HK_SENT ? number + 1 : 0;
}

HK_ALWAYS int hk_sent_is(double marks, double number) {
    return (int)((uint64_t)marks >> (uint64_t)number & 1);
}

HK_ALWAYS double hk_sent_mark(double marks, double number, int on) {
    uint64_t bit = (uint64_t)1 << (uint64_t)number, bits = (uint64_t)marks;
    return (double)(on ? bits | bit : bits & ~bit);
}

#ifdef __cplusplus
}
#endif
#endif
