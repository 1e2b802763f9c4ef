/* SPDX-License-Identifier: BSD-3-Clause */
/* hh: the squid axon's channels, ina = gnabar m^3 h (v - ena), ik = gkbar n^4 (v - ek), i = gl (v -
 * el), after Hodgkin & Huxley 1952 (J Physiol 117:500), with the names, defaults and rates (resting
 * potential -65 mV) that NEURON gives them, and no table. With ex(x) = x/(exp(x) - 1) and q =
 * 3^((celsius - 6.3)/10):
 *   m   a = ex(-(v + 40)/10)            b = 4 exp(-(v + 65)/18)
 *   h   a = 0.07 exp(-(v + 65)/20)      b = 1/(exp(-(v + 35)/10) + 1)
 *   n   a = 0.1 ex(-(v + 55)/10)        b = 0.125 exp(-(v + 65)/80)
 *   tau = 1/(q (a + b))                 inf = a/(a + b) */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct hh {
    hk_col gnabar, gkbar, gl, el, ena, ek, ina, ik, m, h, n;
};

static const struct hk_field hh_fields[] = {
    {"gnabar", HK_PARAMETER, "S/cm2", 0.12, 0, HK_INF, "greatest sodium conductance", NULL, 0},
    {"gkbar", HK_PARAMETER, "S/cm2", 0.036, 0, HK_INF, "greatest potassium conductance", NULL, 0},
    {"gl", HK_PARAMETER, "S/cm2", 0.0003, 0, HK_INF, "leak conductance density", NULL, 0},
    {"el", HK_PARAMETER, "mV", -54.3, 0, 0, "the leak's reversal potential", NULL, 0},
    {"ena", HK_REVERSAL, "mV", 0, 0, 0, "sodium's reversal potential", "na", 0},
    {"ek", HK_REVERSAL, "mV", 0, 0, 0, "potassium's reversal potential", "k", 0},
    {"ina", HK_WRITE_CURRENT, "mA/cm2", 0, 0, 0, "sodium current", "na", 0},
    {"ik", HK_WRITE_CURRENT, "mA/cm2", 0, 0, 0, "potassium current", "k", 0},
    {"m", HK_STATE, "", 0, 0, 1, "sodium activation", NULL, 0},
    {"h", HK_STATE, "", 0, 0, 1, "1 - sodium inactivation", NULL, 0},
    {"n", HK_STATE, "", 0, 0, 1, "potassium activation", NULL, 0},
};

struct hh_rates {
    double m, m_inf, h, h_inf, n, n_inf; /* rates in 1/ms at 6.3 degC */
};

HK_ALWAYS struct hh_rates hh_rates(double v) {
    struct hh_rates r;
    double x = (-40 - v) * 0.1, e = hk_expm1_rate(x);
    double p = hk_exp_flush((-65 - v) * (1. / 80)), p2 = p * p;
    double a = x == 0 ? 1 : x / e;
    r.m = a + 4 * hk_exp_flush((-65 - v) * (1. / 18));
    r.m_inf = a / r.m;
    double ad = 0.07 * (p2 * p2), d = 1 + 1.6487212707001282 * (e + 1); /* exp(0.5) */
    double sum = ad * d + 1;
    r.h = sum / d;
    r.h_inf = ad * d / sum;
    a = 0.1 * hk_exprelr((-55 - v) * 0.1);
    r.n = a + 0.125 * p;
    r.n_inf = a / r.n;
    return r;
}

HK_SETUP(hh) {
    common[0] = hk_pow(3, (s->celsius - 6.3) / 10);
}

HK_KERNEL(hh, init) {
    HK_EACH(k, b) {
        struct hh_rates r = hh_rates(b->v[k]);
        c->m[k] = r.m_inf;
        c->h[k] = r.h_inf;
        c->n[k] = r.n_inf;
    }
}

HK_KERNEL(hh, advance) {
    const double rate = -b->dt * b->common[0];
    HK_EACH(k, b) {
        struct hh_rates r = hh_rates(b->v[k]);
        c->m[k] += (1 - hk_exp_flush(rate * r.m)) * (r.m_inf - c->m[k]);
        c->h[k] += (1 - hk_exp_flush(rate * r.h)) * (r.h_inf - c->h[k]);
        c->n[k] += (1 - hk_exp_flush(rate * r.n)) * (r.n_inf - c->n[k]);
    }
}

HK_KERNEL(hh, current) {
    HK_EACH(k, b) {
        double v = b->v[k], m = c->m[k], n2 = c->n[k] * c->n[k];
        double gna = c->gnabar[k] * (m * m * m * c->h[k]), gl = c->gl[k];
        double gk = c->gkbar[k] * (n2 * n2);
        double ina = gna * (v - c->ena[k]), ik = gk * (v - c->ek[k]);
        c->ina[k] = ina;
        c->ik[k] = ik;
        b->i[k] += ina + ik + gl * (v - c->el[k]);
        b->g[k] += gna + gk + gl;
    }
}

HK_PLUGIN(hh) = {
    HK_HEADER(hh, HK_CHANNEL, "hh", "squid axon: sodium, potassium and leak"),
    HK_FIELDS(hh, hh_fields),
    .flags = HK_CELSIUS,
    .n_common = 1,
    .setup = hh_setup,
    .init = hh_init_hook,
    .current = hh_current_hook,
    .advance = hh_advance_hook,
};
