/* SPDX-License-Identifier: BSD-3-Clause */
/* Leak: a constant conductance of no particular ion, i = gbar (v - e), as in the cell of Park et
 * al. 2019 (Nature Communications 10:5372). The same current as pas, under the names of that
 * model. */
#include "hillock/plugin.h"

struct leak {
    hk_col gbar, e;
};

static const struct hk_field leak_fields[] = {
    {"gbar", HK_PARAMETER, "S/cm2", 1. / 11000, 0, HK_INF, "conductance density", NULL, 0},
    {"e", HK_PARAMETER, "mV", -79, 0, 0, "reversal potential", NULL, 0},
};

HK_KERNEL(leak, current) {
    HK_EACH(k, b) {
        b->i[k] += c->gbar[k] * (b->v[k] - c->e[k]);
        b->g[k] += c->gbar[k];
    }
}

HK_PLUGIN(leak) = {
    HK_HEADER(leak, HK_CHANNEL, "Leak", "constant leak conductance"),
    HK_FIELDS(leak, leak_fields),
    .current = leak_current_hook,
};
