/* SPDX-License-Identifier: BSD-3-Clause */
/* Km: slow (M-type) potassium channel, ik = q gbar n (v - ek), after Mainen & Sejnowski 1996
 * (Nature 382:363) in the form of Park et al. 2019 (Nature Communications 10:5372). With relp(x, k)
 * = x / (1 - exp(-x/k)) and q = 2.3^((celsius - 23)/10):
 *   n   a = Ra relp(v - v12, s)    b = Rb relp(v12 - v, s)    tau = 1/(q (a + b))
 *       inf = a/(a + b)
 * where s is the parameter named q. As relp(-x, k) = relp(x, k) exp(-x/k), one exponential gives
 * both rates. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct km {
    hk_col gbar, Ra, Rb, v12, q, ek, n, an, bn, sn;
};

static const struct hk_field km_fields[] = {
    {"gbar", HK_PARAMETER, "S/cm2", 0.0002794, 0, HK_INF, "greatest conductance density", NULL, 0},
    {"Ra", HK_PARAMETER, "/mV/ms", 0.001, 0, HK_INF, "opening rate", NULL, 0},
    {"Rb", HK_PARAMETER, "/mV/ms", 0.001, 0, HK_INF, "closing rate", NULL, 0},
    {"v12", HK_PARAMETER, "mV", -30, 0, 0, "half-activation voltage", NULL, 0},
    {"q", HK_PARAMETER, "mV", 9, 0.1, HK_INF, "slope", NULL, 0},
    {"ek", HK_REVERSAL, "mV", 0, 0, 0, "potassium's reversal potential", "k", 0},
    {"n", HK_STATE, "", 0, 0, 1, "activation", NULL, 0},
    {"an", HK_DERIVED, "/ms", 0, 0, 0, "Ra q", NULL, 0},
    {"bn", HK_DERIVED, "/ms", 0, 0, 0, "Rb q", NULL, 0},
    {"sn", HK_DERIVED, "/mV", 0, 0, 0, "1/q", NULL, 0},
};

struct km_rates {
    double n, n_inf; /* rate in 1/ms at 23 degC */
};

HK_ALWAYS struct km_rates km_rates(const struct km *c, uint32_t k, double v) {
    double x = (c->v12[k] - v) * c->sn[k], e = hk_expm1_rate(x),
           sum = c->an[k] + c->bn[k] * (e + 1);
    e = x == 0 ? 1 : e; /* x/e is 1 at 0 */
    x = x == 0 ? 1 : x;
    double share = 1 / (sum * e); /* one division for two quotients */
    return (struct km_rates){sum * sum * (x * share), c->an[k] * (e * share)};
}

HK_SETUP(km) {
    common[0] = hk_pow(2.3, (s->celsius - 23) / 10);
}

HK_KERNEL(km, init) {
    HK_EACH(k, b) {
        c->an[k] = c->Ra[k] * c->q[k];
        c->bn[k] = c->Rb[k] * c->q[k];
        c->sn[k] = 1 / c->q[k];
    }
    HK_EACH(k, b) {
        c->n[k] = km_rates(c, k, b->v[k]).n_inf;
    }
}

HK_KERNEL(km, advance) {
    const double rate = -b->dt * b->common[0];
    HK_EACH(k, b) {
        struct km_rates r = km_rates(c, k, b->v[k]);
        c->n[k] += (1 - hk_exp_flush(rate * r.n)) * (r.n_inf - c->n[k]);
    }
}

HK_KERNEL(km, current) {
    const double q = b->common[0];
    HK_EACH(k, b) {
        double g = q * c->gbar[k] * c->n[k];
        b->i[k] += g * (b->v[k] - c->ek[k]);
        b->g[k] += g;
    }
}

HK_PLUGIN(km) = {
    HK_HEADER(km, HK_CHANNEL, "Km", "slow (M-type) potassium channel"),
    HK_FIELDS(km, km_fields),
    .flags = HK_CELSIUS,
    .n_common = 1,
    .carries = "k",
    .setup = km_setup,
    .init = km_init_hook,
    .current = km_current_hook,
    .advance = km_advance_hook,
};
