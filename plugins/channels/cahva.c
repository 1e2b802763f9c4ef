/* SPDX-License-Identifier: BSD-3-Clause */
/* CaHVA: high-voltage-activated calcium channel, ica = q gbar m^2 h (v - eca), after Mainen &
 * Sejnowski 1996 (Nature 382:363) in the form of Park et al. 2019 (Nature Communications 10:5372).
 * With q = 2.3^((celsius - 23)/10) and u = -27 - v:
 *   m   a = 0.5 u/(exp(u/3.8) - 1)         b = 0.1 exp((-75 - v)/17)
 *   h   a = 0.000457 exp((-13 - v)/50)     b = 0.0065/(1 + exp((-15 - v)/28))
 *   tau = 1/(q (a + b))                    inf = a/(a + b)
 * Both exponentials of h are powers, the 14th and the 25th, of exp((-15 - v)/700). */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct cahva {
    hk_col gbar, eca, m, h;
};

static const struct hk_field cahva_fields[] = {
    {"gbar", HK_PARAMETER, "S/cm2", 5e-6, 0, HK_INF, "greatest conductance density", NULL, 0},
    {"eca", HK_REVERSAL, "mV", 0, 0, 0, "calcium's reversal potential", "ca", 0},
    {"m", HK_STATE, "", 0, 0, 1, "activation", NULL, 0},
    {"h", HK_STATE, "", 0, 0, 1, "1 - inactivation", NULL, 0},
};

struct cahva_rates {
    double m, m_inf, h, h_inf; /* rates in 1/ms at 23 degC */
};

HK_ALWAYS struct cahva_rates cahva_rates(double v) {
    struct cahva_rates r;
    double x = (-27 - v) * (1 / 3.8), e = hk_expm1_rate(x);
    e = x == 0 ? 1 : e; /* x/e is 1 at 0 */
    x = x == 0 ? 1 : x;
    double ae = 0.5 * 3.8 * x, sum = ae + 0.1 * hk_exp_flush((-75 - v) * (1. / 17)) * e;
    double share = 1 / (sum * e); /* one division for two quotients, here and below */
    r.m = sum * sum * share;
    r.m_inf = ae * (e * share);
    double p = hk_exp_flush((-15 - v) * (1. / 700)), p2 = p * p, p6 = p2 * p2 * p2, p12 = p6 * p6;
    double d = 1 + p12 * p12 * p, ad = 0.000457 * 1.0408107741923882 * (p12 * p2); /* exp(2/50) */
    sum = ad * d + 0.0065;
    share = 1 / (sum * d);
    r.h = sum * sum * share;
    r.h_inf = ad * d * (d * share);
    return r;
}

HK_SETUP(cahva) {
    common[0] = hk_pow(2.3, (s->celsius - 23) / 10);
}

HK_KERNEL(cahva, init) {
    HK_EACH(k, b) {
        struct cahva_rates r = cahva_rates(b->v[k]);
        c->m[k] = r.m_inf;
        c->h[k] = r.h_inf;
    }
}

HK_KERNEL(cahva, advance) {
    const double rate = -b->dt * b->common[0];
    HK_EACH(k, b) {
        struct cahva_rates r = cahva_rates(b->v[k]);
        c->m[k] += (1 - hk_exp_flush(rate * r.m)) * (r.m_inf - c->m[k]);
        c->h[k] += (1 - hk_exp_flush(rate * r.h)) * (r.h_inf - c->h[k]);
    }
}

HK_KERNEL(cahva, current) {
    const double q = b->common[0];
    HK_EACH(k, b) {
        double m = c->m[k], g = q * c->gbar[k] * (m * m * c->h[k]);
        b->i[k] += g * (b->v[k] - c->eca[k]);
        b->g[k] += g;
    }
}

HK_PLUGIN(cahva) = {
    HK_HEADER(cahva, HK_CHANNEL, "CaHVA", "high-voltage-activated calcium channel"),
    HK_FIELDS(cahva, cahva_fields),
    .flags = HK_CELSIUS,
    .n_common = 1,
    .carries = "ca",
    .setup = cahva_setup,
    .init = cahva_init_hook,
    .current = cahva_current_hook,
    .advance = cahva_advance_hook,
};
