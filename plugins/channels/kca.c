/* SPDX-License-Identifier: BSD-3-Clause */
/* KCa: calcium-activated potassium channel, ik = q gbar n (v - ek), after Mainen & Sejnowski 1996
 * (Nature 382:363) in the form of Park et al. 2019 (Nature Communications 10:5372). With q =
 * 2.3^((celsius - 23)/10) and cai in mM:
 *   n   a = 0.01 cai    b = 0.02 /ms    tau = 1/(q (a + b))    inf = a/(a + b) */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct kca {
    hk_col gbar, ek, cai, n;
};

static const struct hk_field kca_fields[] = {
    {"gbar", HK_PARAMETER, "S/cm2", 0.00021, 0, HK_INF, "greatest conductance density", NULL, 0},
    {"ek", HK_REVERSAL, "mV", 0, 0, 0, "potassium's reversal potential", "k", 0},
    {"cai", HK_INSIDE, "mM", 0, 0, 0, "calcium inside", "ca", 0},
    {"n", HK_STATE, "", 0, 0, 1, "activation", NULL, 0},
};

HK_SETUP(kca) {
    common[0] = hk_pow(2.3, (s->celsius - 23) / 10);
}

HK_KERNEL(kca, init) {
    HK_EACH(k, b) {
        double a = 0.01 * c->cai[k];
        c->n[k] = a / (a + 0.02);
    }
}

HK_KERNEL(kca, advance) {
    const double rate = -b->dt * b->common[0];
    HK_EACH(k, b) {
        double a = 0.01 * c->cai[k], sum = a + 0.02;
        c->n[k] += (1 - hk_exp_flush(rate * sum)) * (a / sum - c->n[k]);
    }
}

HK_KERNEL(kca, current) {
    const double q = b->common[0];
    HK_EACH(k, b) {
        double g = q * c->gbar[k] * c->n[k];
        b->i[k] += g * (b->v[k] - c->ek[k]);
        b->g[k] += g;
    }
}

HK_PLUGIN(kca) = {
    HK_HEADER(kca, HK_CHANNEL, "KCa", "calcium-activated potassium channel"),
    HK_FIELDS(kca, kca_fields),
    .flags = HK_CELSIUS,
    .n_common = 1,
    .carries = "k",
    .setup = kca_setup,
    .init = kca_init_hook,
    .current = kca_current_hook,
    .advance = kca_advance_hook,
};
