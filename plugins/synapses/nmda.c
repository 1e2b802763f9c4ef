/* SPDX-License-Identifier: BSD-3-Clause */
/* NMDA: the slow excitatory synapse, i = gmax (B - A) f(v) (v - e), with the magnesium block f(v) =
 * 1/(1 + mu mg exp(-gamma v)) of Jahr & Stevens 1990 (J Neurosci 10:3178); A' = -A/tau_rise, B' =
 * -B/tau_decay, and an event of weight w (a number) adds w factor to both, so that a single one
 * peaks at w gmax f(v). With r = tau_rise/tau_decay, at most 0.9999, factor is the inverse of (1 -
 * r) r^(r/(1 - r)). The names are DendroTweaks'. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct nmda {
    hk_col gmax, tau_rise, tau_decay, e, mg, mu, gamma, A, B, decay_A, decay_B, factor;
};

static const struct hk_field nmda_fields[] = {
    {"gmax", HK_PARAMETER, "uS", HK_NAN, 0, HK_INF, "unblocked peak at weight 1", NULL, 0},
    {"tau_rise", HK_PARAMETER, "ms", 2, 1e-6, HK_INF, "time constant of rise", NULL, 0},
    {"tau_decay", HK_PARAMETER, "ms", 30, 1e-6, HK_INF, "time constant of decay", NULL, 0},
    {"e", HK_PARAMETER, "mV", 0, 0, 0, "reversal potential", NULL, 0},
    {"mg", HK_PARAMETER, "mM", 1, 0, HK_INF, "magnesium outside", NULL, 0},
    {"mu", HK_PARAMETER, "/mM", 0.28, 0, HK_INF, "the block's strength: mu mg at 0 mV", NULL, 0},
    {"gamma", HK_PARAMETER, "/mV", 0.062, 0, HK_INF, "steepness of the block", NULL, 0},
    {"A", HK_STATE, "", 0, 0, HK_INF, "what still rises", NULL, 0},
    {"B", HK_STATE, "", 0, 0, HK_INF, "what still decays", NULL, 0},
    {"decay_A", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau_rise)", NULL, 0},
    {"decay_B", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau_decay)", NULL, 0},
    {"factor", HK_DERIVED, "", 0, 0, 0, "makes a single event peak at its weight", NULL, 0},
    {"weight", HK_WEIGHT, "", 1, 0, HK_INF, "an event's peak in units of gmax", NULL, 0},
};

HK_KERNEL(nmda, init) {
    HK_EACH(k, b) {
        double r = c->tau_rise[k] / c->tau_decay[k];
        r = r > 0.9999 ? 0.9999 : r;
        r = r < 1e-9 ? 1e-9 : r;
        c->A[k] = 0;
        c->B[k] = 0;
        c->decay_A[k] = hk_exp_flush(-b->dt / (r * c->tau_decay[k]));
        c->decay_B[k] = hk_exp_flush(-b->dt / c->tau_decay[k]);
        c->factor[k] = hk_pow(r, -r / (1 - r)) / (1 - r);
    }
}

HK_KERNEL(nmda, current) {
    HK_EACH(k, b) {
        double x = b->v[k] - c->e[k], gamma = c->gamma[k];
        double f = 1 / (1 + c->mu[k] * c->mg[k] * hk_exp_flush(-gamma * b->v[k]));
        double g = c->gmax[k] * (c->B[k] - c->A[k]) * f;
        b->i[k] += g * x;
        b->g[k] += g * (1 + gamma * (1 - f) * x); /* df/dv = gamma f (1 - f) */
    }
}

HK_KERNEL(nmda, advance) {
    HK_EACH(k, b) {
        c->A[k] *= c->decay_A[k];
        c->B[k] *= c->decay_B[k];
    }
}

HK_ON(nmda, receive) {
    double w = e->weight[0] * c->factor[e->instance];
    c->A[e->instance] += w;
    c->B[e->instance] += w;
}

HK_PLUGIN(nmda) = {
    HK_HEADER(nmda, HK_POINT, "NMDA", "slow excitatory synapse, blocked by magnesium"),
    HK_FIELDS(nmda, nmda_fields),
    .flags = HK_LINEAR,
    .init = nmda_init_hook,
    .current = nmda_current_hook,
    .advance = nmda_advance_hook,
    .receive = nmda_receive_hook,
};
