-- SPDX-License-Identifier: BSD-3-Clause
-- The template of `hillock new channel`.

return [[
/* @NAME@: a voltage-gated potassium channel with one gate n and a current
 *   i = gbar n (v - ek),   n' = (inf(v) - n) / tau(v),
 *   inf(v) = 1 / (1 + exp(-(v - vhalf) / k)),   tau(v) = tmin + 4 tmax inf (1 - inf),
 * faster by q10 for each 10 degrees above 23. Change names, equations and this comment. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct @P@ { /* one column a field, in the order of the table below */
    hk_col gbar, vhalf, k, tmin, tmax, ek, n;
};

static const struct hk_field @P@_fields[] = {
    /* name, role, unit, default, least, greatest (0 and 0: any number), doc, ion, 0 */
    {"gbar", HK_PARAMETER, "S/cm2", 0.003, 0, HK_INF, "greatest conductance density", NULL, 0},
    {"vhalf", HK_PARAMETER, "mV", -30, 0, 0, "voltage at which n is half open", NULL, 0},
    {"k", HK_PARAMETER, "mV", 9, 0.1, HK_INF, "slope of the activation", NULL, 0},
    {"tmin", HK_PARAMETER, "ms", 1, 1e-3, HK_INF, "time constant far from vhalf", NULL, 0},
    {"tmax", HK_PARAMETER, "ms", 4, 0, HK_INF, "what the time constant gains at vhalf", NULL, 0},
    {"ek", HK_REVERSAL, "mV", 0, 0, 0, "potassium's reversal potential", "k", 0},
    {"n", HK_STATE, "", 0, 0, 1, "activation", NULL, 0},
    {"q10", HK_GLOBAL, "", 2.3, 0.1, 10, "speed-up for each 10 degC", NULL, 0},
};

HK_SETUP(@P@) { /* once, before a run: global[0] is the first HK_GLOBAL field */
    common[0] = hk_pow(s->global[0], (s->celsius - 23) / 10);
}

HK_ALWAYS double @P@_inf(const struct @P@ *c, uint32_t j, double v) {
    return 1 / (1 + hk_exp(-(v - c->vhalf[j]) / c->k[j]));
}

HK_KERNEL(@P@, init) { /* the steady state at the first v */
    HK_EACH(j, b) {
        c->n[j] = @P@_inf(c, j, b->v[j]);
    }
}

HK_KERNEL(@P@, current) { /* adds the current, mA/cm2, and its slope di/dv, S/cm2 */
    HK_EACH(j, b) {
        double g = c->gbar[j] * c->n[j];
        b->i[j] += g * (b->v[j] - c->ek[j]);
        b->g[j] += g;
    }
}

HK_KERNEL(@P@, advance) { /* the states go on by dt, exact where v is constant in the step */
    const double step = -b->dt * b->common[0];
    HK_EACH(j, b) {
        double inf = @P@_inf(c, j, b->v[j]);
        double tau = c->tmin[j] + 4 * c->tmax[j] * inf * (1 - inf);
        c->n[j] += (1 - hk_exp(step / tau)) * (inf - c->n[j]);
    }
}

HK_PLUGIN(@P@) = {
    HK_HEADER(@P@, HK_CHANNEL, "@NAME@", "potassium channel with one gate"),
    HK_FIELDS(@P@, @P@_fields),
    .carries = "k",      /* i is this ion's current */
    .flags = HK_CELSIUS, /* a model that uses it must set celsius */
    .n_common = 1,       /* doubles that setup fills */
    .setup = @P@_setup,
    .init = @P@_init_hook,
    .current = @P@_current_hook,
    .advance = @P@_advance_hook,
};
]]
