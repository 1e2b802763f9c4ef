/* SPDX-License-Identifier: BSD-3-Clause */
/* SEClamp: a single-electrode voltage clamp, i = (amp - v)/rs, positive inward. It holds amp1 from
 * t = 0 on for dur1, then amp2 for dur2, then amp3 for dur3, and then injects nothing. A step of
 * the simulation takes the level of its middle, t + dt/2. The names and defaults are NEURON's. */
#include "hillock/plugin.h"

struct seclamp {
    hk_col rs, dur1, amp1, dur2, amp2, dur3, amp3;
};

static const struct hk_field seclamp_fields[] = {
    {"rs", HK_PARAMETER, "MOhm", 1, 1e-9, HK_INF, "the electrode's series resistance", NULL, 0},
    {"dur1", HK_PARAMETER, "ms", 0, 0, HK_INF, "how long the first level lasts", NULL, 0},
    {"amp1", HK_PARAMETER, "mV", 0, 0, 0, "first level", NULL, 0},
    {"dur2", HK_PARAMETER, "ms", 0, 0, HK_INF, "how long the second level lasts", NULL, 0},
    {"amp2", HK_PARAMETER, "mV", 0, 0, 0, "second level", NULL, 0},
    {"dur3", HK_PARAMETER, "ms", 0, 0, HK_INF, "how long the third level lasts", NULL, 0},
    {"amp3", HK_PARAMETER, "mV", 0, 0, 0, "third level", NULL, 0},
};

HK_KERNEL(seclamp, current) {
    const double t = b->t;
    HK_EACH(k, b) {
        double end1 = c->dur1[k], end2 = end1 + c->dur2[k], end3 = end2 + c->dur3[k];
        double level = t < end2 ? c->amp2[k] : c->amp3[k];
        level = t < end1 ? c->amp1[k] : level;
        double g = t < end3 ? 1 / c->rs[k] : 0;
        b->i[k] += g * (level - b->v[k]);
        b->g[k] -= g; /* di/dv of an inward current */
    }
}

HK_PLUGIN(seclamp) = {
    HK_HEADER(seclamp, HK_POINT, "SEClamp", "single-electrode voltage clamp with three levels"),
    HK_FIELDS(seclamp, seclamp_fields),
    .flags = HK_ELECTRODE,
    .current = seclamp_current_hook,
};
