/* SPDX-License-Identifier: BSD-3-Clause */
/* CaDyn: calcium in a shell under the membrane, after Destexhe et al. 1994 (J Comput Neurosci
 * 1:195) in the form of Park et al. 2019 (Nature Communications 10:5372):
 *   cai' = d - kt cai/(cai + kd) + (cainf - cai)/taur       d = max(0, -1e4 ica gamma/(2 F depth))
 * The step is exact (exponential) in the influx and the decay, and implicit in the pump, whose rate
 * is that at the step's end:
 *   c1 = a - p c1/(c1 + kd)
 *   a = c0 + (1 - exp(-dt/taur)) (cainf + taur d - c0)
 *   p = (1 - exp(-dt/taur)) taur kt
 * The positive root of this quadratic is the new cai. With kt = 0 it is a itself, NEURON's cnexp;
 * with a pump it is of first order in dt, stable and never negative for any dt, and at rest exactly
 * where the equation is. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct cadyn {
    hk_col depth, taur, cainf, gamma, kt, kd, ica, cai, rise, drive, pump;
};

static const struct hk_field cadyn_fields[] = {
    {"depth", HK_PARAMETER, "um", 0.1, 1e-6, HK_INF, "depth of the shell", NULL, 0},
    {"taur", HK_PARAMETER, "ms", 50, 1e-6, HK_INF, "time constant of removal", NULL, 0},
    {"cainf", HK_PARAMETER, "mM", 1e-4, 1e-12, HK_INF, "calcium at rest", NULL, 0},
    {"gamma", HK_PARAMETER, "", 1, 0, HK_INF, "fraction of the calcium that stays free", NULL, 0},
    {"kt", HK_PARAMETER, "mM/ms", 0, 0, HK_INF, "greatest rate of the pump", NULL, 0},
    {"kd", HK_PARAMETER, "mM", 0, 0, HK_INF, "calcium at which the pump runs at kt/2", NULL, 0},
    {"ica", HK_ION_CURRENT, "mA/cm2", 0, 0, 0, "calcium current", "ca", 0},
    {"cai", HK_WRITE_INSIDE, "mM", 0, 0, 0, "calcium inside", "ca", 0},
    {"rise", HK_DERIVED, "", 0, 0, 0, "1 - exp(-dt/taur)", NULL, 0},
    {"drive", HK_DERIVED, "mM cm2/mA", 0, 0, 0, "taur d/ica, where d is not 0", NULL, 0},
    {"pump", HK_DERIVED, "mM", 0, 0, 0, "p, the most that the pump moves in a step", NULL, 0},
};

HK_KERNEL(cadyn, init) {
    const double faraday = 96485.3321233100184; /* C/mol, CODATA 2018: the value that NEURON 8.2's
                                                   results agree with */
    HK_EACH(k, b) {
        c->cai[k] = c->cainf[k];
        c->rise[k] = -hk_expm1(-b->dt / c->taur[k]);
        c->drive[k] = -1e4 * c->gamma[k] / (2 * faraday * c->depth[k]) * c->taur[k];
        c->pump[k] = c->rise[k] * c->taur[k] * c->kt[k];
    }
}

/* The step's a: what the new cai would be without a pump. */
HK_ALWAYS double cadyn_free(const struct cadyn *c, uint32_t k) {
    double drive = c->drive[k] * c->ica[k];
    drive = drive < 0 ? 0 : drive;
    return c->cai[k] + c->rise[k] * (c->cainf[k] + drive - c->cai[k]);
}

HK_KERNEL(cadyn, advance) {
    uint64_t pumps = 0;
    HK_EACH(k, b) {
        uint64_t bits;
        memcpy(&bits, &c->pump[k], sizeof bits);
        pumps |= bits;
    }
    if (!pumps) { /* saves a root and a division; the loop below would give the same bits */
        HK_EACH(k, b) {
            c->cai[k] = cadyn_free(c, k);
        }
        return;
    }
    HK_EACH(k, b) {
        double a = cadyn_free(c, k), kd = c->kd[k], pump = c->pump[k];
        double half = 0.5 * (kd + pump - a), root = __builtin_sqrt(half * half + a * kd);
        double large = root + __builtin_fabs(half); /* or a kd / large: nothing cancels */
        double pumped = half > 0 ? a * kd / large : large;
        c->cai[k] = pump == 0 ? a : pumped;
    }
}

HK_PLUGIN(cadyn) = {
    HK_HEADER(cadyn, HK_CHANNEL, "CaDyn", "calcium pool: influx, decay and a pump"),
    HK_FIELDS(cadyn, cadyn_fields),
    .init = cadyn_init_hook,
    .advance = cadyn_advance_hook,
};
