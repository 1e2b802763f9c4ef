/* SPDX-License-Identifier: BSD-3-Clause */
/* ExpSyn: a conductance that jumps and decays: i = g (v - e), g' = -g/tau, and an event of weight w
 * adds w to g. The names and defaults are NEURON's. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct expsyn {
    hk_col tau, e, g, decay;
};

static const struct hk_field expsyn_fields[] = {
    {"tau", HK_PARAMETER, "ms", 0.1, 1e-6, HK_INF, "time constant of decay", NULL, 0},
    {"e", HK_PARAMETER, "mV", 0, 0, 0, "reversal potential", NULL, 0},
    {"g", HK_STATE, "uS", 0, 0, HK_INF, "conductance", NULL, 0},
    {"decay", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau)", NULL, 0},
    {"weight", HK_WEIGHT, "uS", HK_NAN, 0, HK_INF, "conductance that an event adds", NULL, 0},
};

HK_KERNEL(expsyn, init) {
    HK_EACH(k, b) {
        c->g[k] = 0;
        c->decay[k] = hk_exp_flush(-b->dt / c->tau[k]);
    }
}

HK_KERNEL(expsyn, current) {
    HK_EACH(k, b) {
        b->i[k] += c->g[k] * (b->v[k] - c->e[k]);
        b->g[k] += c->g[k];
    }
}

HK_KERNEL(expsyn, advance) {
    HK_EACH(k, b) {
        c->g[k] *= c->decay[k];
    }
}

HK_ON(expsyn, receive) {
    c->g[e->instance] += e->weight[0];
}

HK_PLUGIN(expsyn) = {
    HK_HEADER(expsyn, HK_POINT, "ExpSyn", "synapse: the conductance jumps and decays"),
    HK_FIELDS(expsyn, expsyn_fields),
    .flags = HK_LINEAR,
    .init = expsyn_init_hook,
    .current = expsyn_current_hook,
    .advance = expsyn_advance_hook,
    .receive = expsyn_receive_hook,
};
