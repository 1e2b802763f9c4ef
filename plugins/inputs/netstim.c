/* SPDX-License-Identifier: BSD-3-Clause */
/* NetStim: a train of `number` events, as NEURON's of that name. The time from one event to the
 * next is (1 - noise) interval + noise interval x, with x drawn from the exponential distribution
 * of mean 1. The first event is at start + noise interval x: at start without noise, and on average
 * noise interval later with it. A negative start means no events; a number with a fraction rounds
 * up.
 *
 * The regular part of a time is a product, not a sum, so that it does not drift. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct netstim {
    hk_col start, number, interval, noise, done, random;
};

static const struct hk_field netstim_fields[] = {
    {"start", HK_PARAMETER, "ms", 50, 0, 0, "when the first event is, but for noise", NULL, 0},
    {"number", HK_PARAMETER, "", 10, 0, HK_INF, "how many events", NULL, 0},
    {"interval", HK_PARAMETER, "ms", 10, 1e-9, HK_INF, "mean time between events", NULL, 0},
    {"noise", HK_PARAMETER, "", 0, 0, 1, "random fraction of the interval", NULL, 0},
    {"done", HK_STATE, "", 0, 0, HK_INF, "events so far, and draws", NULL, 0},
    {"random", HK_STATE, "ms", 0, 0, HK_INF, "sum of the random parts so far", NULL, 0},
};

HK_KERNEL(netstim, init) {
    HK_EACH(k, b) {
        c->done[k] = 0;
        c->random[k] = 0;
    }
}

HK_NEXT(netstim) {
    double done = c->done[k], noise = c->noise[k], interval = c->interval[k];
    if (done >= c->number[k] || c->start[k] < 0)
        return HK_INF;
    if (noise > 0) {
        double u = b->host->uniform(&b->stream[k], (uint64_t)done);
        c->random[k] -= noise * interval * hk_log(u);
    }
    c->done[k] = done + 1;
    return c->start[k] + done * ((1 - noise) * interval) + c->random[k];
}

HK_PLUGIN(netstim) = {
    HK_HEADER(netstim, HK_INPUT, "NetStim", "a train of events, regular to random"),
    HK_FIELDS(netstim, netstim_fields),
    .init = netstim_init_hook,
    .next = netstim_next_hook,
};
