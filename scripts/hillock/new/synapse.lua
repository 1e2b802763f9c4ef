-- SPDX-License-Identifier: BSD-3-Clause
-- The template of `hillock new synapse`.

return [[
/* @NAME@: a synapse whose conductance jumps by the weight at each event and decays with tau:
 *   i = g (v - e),   g' = -g / tau. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct @P@ { /* one column a field, in the order of the table below */
    hk_col tau, e, g, decay;
};

static const struct hk_field @P@_fields[] = {
    /* name, role, unit, default, least, greatest (0 and 0: any number), doc, ion, 0 */
    {"tau", HK_PARAMETER, "ms", 2, 1e-6, HK_INF, "time constant of decay", NULL, 0},
    {"e", HK_PARAMETER, "mV", 0, 0, 0, "reversal potential", NULL, 0},
    {"g", HK_STATE, "uS", 0, 0, HK_INF, "conductance", NULL, 0},
    {"decay", HK_DERIVED, "", 0, 0, 0, "exp(-dt/tau)", NULL, 0},
    {"weight", HK_WEIGHT, "uS", HK_NAN, 0, HK_INF, "what an event adds to g; no default", NULL, 0},
};

HK_KERNEL(@P@, init) {
    HK_EACH(k, b) {
        c->g[k] = 0;
        c->decay[k] = hk_exp(-b->dt / c->tau[k]);
    }
}

HK_KERNEL(@P@, current) { /* adds the current, nA, and its slope di/dv, uS */
    HK_EACH(k, b) {
        b->i[k] += c->g[k] * (b->v[k] - c->e[k]);
        b->g[k] += c->g[k];
    }
}

HK_KERNEL(@P@, advance) { /* the states go on by dt */
    HK_EACH(k, b) {
        c->g[k] *= c->decay[k];
    }
}

HK_ON(@P@, receive) { /* an event arrives at one instance */
    c->g[e->instance] += e->weight[0];
}

HK_PLUGIN(@P@) = {
    HK_HEADER(@P@, HK_POINT, "@NAME@", "synapse with a conductance that jumps and decays"),
    HK_FIELDS(@P@, @P@_fields),
    .flags = HK_LINEAR, /* twice the events, twice the conductance; remove it if yours is not so */
    .init = @P@_init_hook,
    .current = @P@_current_hook,
    .advance = @P@_advance_hook,
    .receive = @P@_receive_hook,
};
]]
