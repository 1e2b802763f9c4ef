/* SPDX-License-Identifier: BSD-3-Clause */
/* Poisson: events of a Poisson process whose rate is constant in each of a list of windows, and
 * zero outside them. The integral of the rate from one event to the next is exponential of mean 1:
 * one draw an event gives the next time exactly (Cinlar 1975, Introduction to Stochastic
 * Processes). */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct poisson {
    hk_col last, row, draws;
};

static const struct hk_field poisson_fields[] = {
    {"last", HK_STATE, "ms", 0, 0, 0, "time of the last event", NULL, 0},
    {"row", HK_STATE, "", 0, 0, HK_INF, "the window that it was in", NULL, 0},
    {"draws", HK_STATE, "", 0, 0, HK_INF, "random numbers drawn so far", NULL, 0},
    {"rate", HK_LIST, "ms, ms, Hz", 0, 0, HK_INF, "windows in order: from, to, rate", NULL, 3},
};

HK_CHECK(poisson) {
    const struct hk_list *rate = &b->list[0][k];
    for (uint32_t r = 0; r < rate->rows; r++) {
        const double *w = rate->value + 3 * (size_t)r;
        if (!(w[0] <= w[1]))
            return "a window of rate ends before it begins";
        if (r > 0 && !(w[-2] <= w[0]))
            return "a window of rate begins before the one before it ends";
        if (!(w[2] < HK_INF))
            return "a rate is infinite";
    }
    return NULL;
}

HK_KERNEL(poisson, init) {
    HK_EACH(k, b) {
        c->last[k] = 0;
        c->row[k] = 0;
        c->draws[k] = 0;
    }
}

HK_NEXT(poisson) {
    const struct hk_list *rate = &b->list[0][k];
    double left = -hk_log(b->host->uniform(&b->stream[k], (uint64_t)c->draws[k]));
    double t = c->last[k];
    c->draws[k] += 1;
    for (uint32_t r = (uint32_t)c->row[k]; r < rate->rows; r++) {
        const double *w = rate->value + 3 * (size_t)r, per_ms = w[2] * 1e-3;
        t = t < w[0] ? w[0] : t;
        if (!(per_ms > 0 && t < w[1]))
            continue;
        double here = (w[1] - t) * per_ms;
        if (left < here) {
            t += left / per_ms;
            c->last[k] = t;
            c->row[k] = r;
            return t;
        }
        left -= here;
        t = w[1];
    }
    c->row[k] = rate->rows;
    return HK_INF;
}

HK_PLUGIN(poisson) = {
    HK_HEADER(poisson, HK_INPUT, "Poisson", "random events at a rate that changes in steps"),
    HK_FIELDS(poisson, poisson_fields),
    .init = poisson_init_hook,
    .next = poisson_next_hook,
    .check = poisson_check_hook,
};
