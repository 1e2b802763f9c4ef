/* SPDX-License-Identifier: BSD-3-Clause */
/* GABAa: the fast inhibitory synapse: i = gmax (B - A) (v - e), A' = -A/tau_rise, B' =
 * -B/tau_decay, and an event of weight w (a number) adds w factor to both, so that a single one
 * peaks at w gmax. With r = tau_rise/tau_decay, at most 0.9999, factor is the inverse of (1 - r)
 * r^(r/(1 - r)). The names are DendroTweaks'. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct gabaa {
    hk_col gmax, tau_rise, tau_decay, e, A, B, decay_A, decay_B, factor;
};

static const struct hk_field gabaa_fields[] = {
    {"gmax", HK_PARAMETER, "uS", HK_NAN, 0, HK_INF, "conductance at weight 1's peak", NULL, 0},
    {"tau_rise", HK_PARAMETER, "ms", 0.2, 1e-6, HK_INF, "time constant of rise", NULL, 0},
    {"tau_decay", HK_PARAMETER, "ms", 1.4, 1e-6, HK_INF, "time constant of decay", NULL, 0},
    {"e", HK_PARAMETER, "mV", -70, 0, 0, "reversal potential", NULL, 0},
    {"A", HK_STATE, "", 0, 0, HK_INF, "what still rises", NULL, 0},
    {"B", HK_STATE, "", 0, 0, HK_INF, "what still decays", NULL, 0},
    {"decay_A", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau_rise)", NULL, 0},
    {"decay_B", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau_decay)", NULL, 0},
    {"factor", HK_DERIVED, "", 0, 0, 0, "makes a single event peak at its weight", NULL, 0},
    {"weight", HK_WEIGHT, "", 1, 0, HK_INF, "an event's peak in units of gmax", NULL, 0},
};

HK_KERNEL(gabaa, init) {
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

HK_KERNEL(gabaa, current) {
    HK_EACH(k, b) {
        double g = c->gmax[k] * (c->B[k] - c->A[k]);
        b->i[k] += g * (b->v[k] - c->e[k]);
        b->g[k] += g;
    }
}

HK_KERNEL(gabaa, advance) {
    HK_EACH(k, b) {
        c->A[k] *= c->decay_A[k];
        c->B[k] *= c->decay_B[k];
    }
}

HK_ON(gabaa, receive) {
    double w = e->weight[0] * c->factor[e->instance];
    c->A[e->instance] += w;
    c->B[e->instance] += w;
}

HK_PLUGIN(gabaa) = {
    HK_HEADER(gabaa, HK_POINT, "GABAa", "fast inhibitory synapse"),
    HK_FIELDS(gabaa, gabaa_fields),
    .flags = HK_LINEAR,
    .init = gabaa_init_hook,
    .current = gabaa_current_hook,
    .advance = gabaa_advance_hook,
    .receive = gabaa_receive_hook,
};
