/* SPDX-License-Identifier: BSD-3-Clause */
/* AMPA_NMDA: the synapses AMPA and NMDA side by side, driven by the same events: each has its gmax
 * (their quotient is the NMDA to AMPA ratio) and its time constants; e is common to both:
 *   i = (gmax_AMPA (B - A)_AMPA + gmax_NMDA (B - A)_NMDA f(v)) (v - e)
 * with the magnesium block f(v) = 1/(1 + mu mg exp(-gamma v)) of Jahr & Stevens 1990 (J Neurosci
 * 10:3178). An event of weight w (a number) peaks at w gmax of each. The names are DendroTweaks';
 * ampa.c and nmda.c say the rest. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct ampa_nmda {
    hk_col gmax_AMPA, gmax_NMDA, e, tau_rise_AMPA, tau_decay_AMPA, tau_rise_NMDA, tau_decay_NMDA;
    hk_col mg, mu, gamma, A_AMPA, B_AMPA, A_NMDA, B_NMDA;
    hk_col decay_A_AMPA, decay_B_AMPA, decay_A_NMDA, decay_B_NMDA, factor_AMPA, factor_NMDA;
};

static const struct hk_field ampa_nmda_fields[] = {
    {"gmax_AMPA", HK_PARAMETER, "uS", HK_NAN, 0, HK_INF, "AMPA's peak at weight 1", NULL, 0},
    {"gmax_NMDA", HK_PARAMETER, "uS", HK_NAN, 0, HK_INF, "NMDA's, unblocked", NULL, 0},
    {"e", HK_PARAMETER, "mV", 0, 0, 0, "reversal potential of both", NULL, 0},
    {"tau_rise_AMPA", HK_PARAMETER, "ms", 0.1, 1e-6, HK_INF, "AMPA's rise", NULL, 0},
    {"tau_decay_AMPA", HK_PARAMETER, "ms", 2.5, 1e-6, HK_INF, "AMPA's decay", NULL, 0},
    {"tau_rise_NMDA", HK_PARAMETER, "ms", 2, 1e-6, HK_INF, "NMDA's rise", NULL, 0},
    {"tau_decay_NMDA", HK_PARAMETER, "ms", 30, 1e-6, HK_INF, "NMDA's decay", NULL, 0},
    {"mg", HK_PARAMETER, "mM", 1, 0, HK_INF, "magnesium outside", NULL, 0},
    {"mu", HK_PARAMETER, "/mM", 0.28, 0, HK_INF, "the block's strength: mu mg at 0 mV", NULL, 0},
    {"gamma", HK_PARAMETER, "/mV", 0.062, 0, HK_INF, "steepness of the block", NULL, 0},
    {"A_AMPA", HK_STATE, "", 0, 0, HK_INF, "what still rises of AMPA", NULL, 0},
    {"B_AMPA", HK_STATE, "", 0, 0, HK_INF, "what still decays of AMPA", NULL, 0},
    {"A_NMDA", HK_STATE, "", 0, 0, HK_INF, "what still rises of NMDA", NULL, 0},
    {"B_NMDA", HK_STATE, "", 0, 0, HK_INF, "what still decays of NMDA", NULL, 0},
    {"decay_A_AMPA", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau_rise_AMPA)", NULL, 0},
    {"decay_B_AMPA", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau_decay_AMPA)", NULL, 0},
    {"decay_A_NMDA", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau_rise_NMDA)", NULL, 0},
    {"decay_B_NMDA", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau_decay_NMDA)", NULL, 0},
    {"factor_AMPA", HK_DERIVED, "", 0, 0, 0, "makes AMPA peak at its weight", NULL, 0},
    {"factor_NMDA", HK_DERIVED, "", 0, 0, 0, "makes NMDA peak at its weight", NULL, 0},
    {"weight", HK_WEIGHT, "", 1, 0, HK_INF, "an event's peak in units of each gmax", NULL, 0},
};

/* tau_rise/tau_decay within the limits that keep the two apart */
HK_ALWAYS double ampa_nmda_ratio(double rise, double decay) {
    double r = rise / decay;
    r = r > 0.9999 ? 0.9999 : r;
    return r < 1e-9 ? 1e-9 : r;
}

HK_ALWAYS double ampa_nmda_factor(double r) {
    return hk_pow(r, -r / (1 - r)) / (1 - r);
}

HK_KERNEL(ampa_nmda, init) {
    HK_EACH(k, b) {
        double r = ampa_nmda_ratio(c->tau_rise_AMPA[k], c->tau_decay_AMPA[k]);
        c->A_AMPA[k] = 0;
        c->B_AMPA[k] = 0;
        c->decay_A_AMPA[k] = hk_exp_flush(-b->dt / (r * c->tau_decay_AMPA[k]));
        c->decay_B_AMPA[k] = hk_exp_flush(-b->dt / c->tau_decay_AMPA[k]);
        c->factor_AMPA[k] = ampa_nmda_factor(r);
    }
    HK_EACH(k, b) {
        double r = ampa_nmda_ratio(c->tau_rise_NMDA[k], c->tau_decay_NMDA[k]);
        c->A_NMDA[k] = 0;
        c->B_NMDA[k] = 0;
        c->decay_A_NMDA[k] = hk_exp_flush(-b->dt / (r * c->tau_decay_NMDA[k]));
        c->decay_B_NMDA[k] = hk_exp_flush(-b->dt / c->tau_decay_NMDA[k]);
        c->factor_NMDA[k] = ampa_nmda_factor(r);
    }
}

HK_KERNEL(ampa_nmda, current) {
    HK_EACH(k, b) {
        double x = b->v[k] - c->e[k], gamma = c->gamma[k];
        double f = 1 / (1 + c->mu[k] * c->mg[k] * hk_exp_flush(-gamma * b->v[k]));
        double fast = c->gmax_AMPA[k] * (c->B_AMPA[k] - c->A_AMPA[k]);
        double slow = c->gmax_NMDA[k] * (c->B_NMDA[k] - c->A_NMDA[k]) * f;
        b->i[k] += (fast + slow) * x;
        b->g[k] += fast + slow * (1 + gamma * (1 - f) * x); /* df/dv = gamma f (1 - f) */
    }
}

HK_KERNEL(ampa_nmda, advance) {
    HK_EACH(k, b) {
        c->A_AMPA[k] *= c->decay_A_AMPA[k];
        c->B_AMPA[k] *= c->decay_B_AMPA[k];
        c->A_NMDA[k] *= c->decay_A_NMDA[k];
        c->B_NMDA[k] *= c->decay_B_NMDA[k];
    }
}

HK_ON(ampa_nmda, receive) {
    uint32_t k = e->instance;
    double fast = e->weight[0] * c->factor_AMPA[k], slow = e->weight[0] * c->factor_NMDA[k];
    c->A_AMPA[k] += fast;
    c->B_AMPA[k] += fast;
    c->A_NMDA[k] += slow;
    c->B_NMDA[k] += slow;
}

HK_PLUGIN(ampa_nmda) = {
    HK_HEADER(ampa_nmda, HK_POINT, "AMPA_NMDA", "AMPA and NMDA in one synapse"),
    HK_FIELDS(ampa_nmda, ampa_nmda_fields),
    .flags = HK_LINEAR,
    .init = ampa_nmda_init_hook,
    .current = ampa_nmda_current_hook,
    .advance = ampa_nmda_advance_hook,
    .receive = ampa_nmda_receive_hook,
};
