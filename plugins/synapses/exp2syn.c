/* SPDX-License-Identifier: BSD-3-Clause */
/* Exp2Syn: a conductance that rises and decays: i = (B - A) (v - e), A' = -A/tau1, B' = -B/tau2,
 * and an event of weight w adds w factor to both, so that a single one peaks at w. With r =
 * tau1/tau2 the peak's height is (1 - r) r^(r/(1 - r)), of which factor is the inverse. The names,
 * defaults and the limits 1e-9 <= r <= 0.9999 are NEURON's. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct exp2syn {
    hk_col tau1, tau2, e, A, B, decay1, decay2, factor;
};

static const struct hk_field exp2syn_fields[] = {
    {"tau1", HK_PARAMETER, "ms", 0.1, 1e-6, HK_INF, "time constant of rise", NULL, 0},
    {"tau2", HK_PARAMETER, "ms", 10, 1e-6, HK_INF, "time constant of decay", NULL, 0},
    {"e", HK_PARAMETER, "mV", 0, 0, 0, "reversal potential", NULL, 0},
    {"A", HK_STATE, "uS", 0, 0, HK_INF, "what still rises", NULL, 0},
    {"B", HK_STATE, "uS", 0, 0, HK_INF, "what still decays", NULL, 0},
    {"decay1", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau1)", NULL, 0},
    {"decay2", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau2)", NULL, 0},
    {"factor", HK_DERIVED, "", 0, 0, 0, "makes a single event peak at its weight", NULL, 0},
    {"weight", HK_WEIGHT, "uS", HK_NAN, 0, HK_INF, "peak conductance of an event", NULL, 0},
};

HK_KERNEL(exp2syn, init) {
    HK_EACH(k, b) {
        double r = c->tau1[k] / c->tau2[k];
        r = r > 0.9999 ? 0.9999 : r;
        r = r < 1e-9 ? 1e-9 : r;
        c->A[k] = 0;
        c->B[k] = 0;
        c->decay1[k] = hk_exp_flush(-b->dt / (r * c->tau2[k]));
        c->decay2[k] = hk_exp_flush(-b->dt / c->tau2[k]);
        c->factor[k] = hk_pow(r, -r / (1 - r)) / (1 - r);
    }
}

HK_KERNEL(exp2syn, current) {
    HK_EACH(k, b) {
        double g = c->B[k] - c->A[k];
        b->i[k] += g * (b->v[k] - c->e[k]);
        b->g[k] += g;
    }
}

HK_KERNEL(exp2syn, advance) {
    HK_EACH(k, b) {
        c->A[k] *= c->decay1[k];
        c->B[k] *= c->decay2[k];
    }
}

HK_ON(exp2syn, receive) {
    double w = e->weight[0] * c->factor[e->instance];
    c->A[e->instance] += w;
    c->B[e->instance] += w;
}

HK_PLUGIN(exp2syn) = {
    HK_HEADER(exp2syn, HK_POINT, "Exp2Syn", "synapse: the conductance rises and decays"),
    HK_FIELDS(exp2syn, exp2syn_fields),
    .flags = HK_LINEAR,
    .init = exp2syn_init_hook,
    .current = exp2syn_current_hook,
    .advance = exp2syn_advance_hook,
    .receive = exp2syn_receive_hook,
};
