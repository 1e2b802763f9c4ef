/* SPDX-License-Identifier: BSD-3-Clause */
/* pas: the passive membrane, i = g (v - e), with the names and defaults that NEURON gives it. */
#include "hillock/plugin.h"

struct pas {
    hk_col g, e;
};

static const struct hk_field pas_fields[] = {
    {"g", HK_PARAMETER, "S/cm2", 0.001, 0, HK_INF, "conductance density", NULL, 0},
    {"e", HK_PARAMETER, "mV", -70, 0, 0, "reversal potential", NULL, 0},
};

HK_KERNEL(pas, current) {
    HK_EACH(k, b) {
        b->i[k] += c->g[k] * (b->v[k] - c->e[k]);
        b->g[k] += c->g[k];
    }
}

HK_PLUGIN(pas) = {
    HK_HEADER(pas, HK_CHANNEL, "pas", "passive membrane"),
    HK_FIELDS(pas, pas_fields),
    .current = pas_current_hook,
};
