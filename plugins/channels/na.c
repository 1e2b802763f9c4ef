/* SPDX-License-Identifier: BSD-3-Clause */
/* Na: transient sodium current, ina = q gbar m^3 h (v - ena), after Mainen et al. 1995 (Neuron
 * 15:1427) in the form of Park et al. 2019 (Nature Communications 10:5372). With relp(x, k) = x /
 * (1 - exp(-x/k)) and q = 2.3^((celsius - 23)/10):
 *   m   a = Rma relp(v - v12m, qm)      b = Rmb relp(v12m - v, qm)      tau = 1/(q (a + b))
 *       inf = a/(a + b)
 *   h   a = Rha relp(v - v12ha, qh)     b = Rhb relp(v12hb - v, qh)     tau = 1/(q (a + b))
 *       inf = 1/(1 + exp((v - v12hinf)/qhinf))
 * As relp(-x, k) = relp(x, k) exp(-x/k), one exponential gives both rates of m, and one both rates
 * of h: that of b is that of a times a constant. init leaves what the parameters alone decide, so
 * that no step divides by a parameter. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct na {
    hk_col gbar, Rma, Rmb, v12m, qm, Rha, Rhb, v12ha, v12hb, qh, v12hinf, qhinf;
    hk_col ena, m, h;
    hk_col am, bm, sm, ah, bh, sh, dh, fh, sinf;
};

static const struct hk_field na_fields[] = {
    {"gbar", HK_PARAMETER, "S/cm2", 0.0505, 0, HK_INF, "greatest conductance density", NULL, 0},
    {"Rma", HK_PARAMETER, "/mV/ms", 0.182, 0, HK_INF, "opening rate of m", NULL, 0},
    {"Rmb", HK_PARAMETER, "/mV/ms", 0.14, 0, HK_INF, "closing rate of m", NULL, 0},
    {"v12m", HK_PARAMETER, "mV", -30, 0, 0, "half-activation voltage of m", NULL, 0},
    {"qm", HK_PARAMETER, "mV", 9.8, 0.1, HK_INF, "slope of m", NULL, 0},
    {"Rha", HK_PARAMETER, "/mV/ms", 0.024, 0, HK_INF, "recovery rate of h", NULL, 0},
    {"Rhb", HK_PARAMETER, "/mV/ms", 0.0091, 0, HK_INF, "inactivation rate of h", NULL, 0},
    {"v12ha", HK_PARAMETER, "mV", -45, 0, 0, "half voltage of the recovery rate", NULL, 0},
    {"v12hb", HK_PARAMETER, "mV", -70, 0, 0, "half voltage of the inactivation rate", NULL, 0},
    {"qh", HK_PARAMETER, "mV", 5, 0.1, HK_INF, "slope of h's rates", NULL, 0},
    {"v12hinf", HK_PARAMETER, "mV", -60, 0, 0, "half-inactivation voltage of h", NULL, 0},
    {"qhinf", HK_PARAMETER, "mV", 6.2, 0.1, HK_INF, "slope of h's steady state", NULL, 0},
    {"ena", HK_REVERSAL, "mV", 0, 0, 0, "sodium's reversal potential", "na", 0},
    {"m", HK_STATE, "", 0, 0, 1, "activation", NULL, 0},
    {"h", HK_STATE, "", 0, 0, 1, "1 - inactivation", NULL, 0},
    {"am", HK_DERIVED, "/ms", 0, 0, 0, "Rma qm", NULL, 0},
    {"bm", HK_DERIVED, "/ms", 0, 0, 0, "Rmb qm", NULL, 0},
    {"sm", HK_DERIVED, "/mV", 0, 0, 0, "1/qm", NULL, 0},
    {"ah", HK_DERIVED, "/ms", 0, 0, 0, "Rha qh", NULL, 0},
    {"bh", HK_DERIVED, "/ms", 0, 0, 0, "Rhb qh", NULL, 0},
    {"sh", HK_DERIVED, "/mV", 0, 0, 0, "1/qh", NULL, 0},
    {"dh", HK_DERIVED, "", 0, 0, 0, "(v12hb - v12ha)/qh", NULL, 0},
    {"fh", HK_DERIVED, "", 0, 0, 0, "exp(dh)", NULL, 0},
    {"sinf", HK_DERIVED, "/mV", 0, 0, 0, "1/qhinf", NULL, 0},
};

struct na_rates {
    double m, m_inf, h, h_inf; /* rates in 1/ms at 23 degC */
};

HK_ALWAYS struct na_rates na_rates(const struct na *c, uint32_t k, double v) {
    struct na_rates r;
    double x = (c->v12m[k] - v) * c->sm[k], e = hk_expm1_rate(x);
    double sum = c->am[k] + c->bm[k] * (e + 1);
    e = x == 0 ? 1 : e; /* x/e is 1 at 0 */
    x = x == 0 ? 1 : x;
    double share = 1 / (sum * e); /* one division for two quotients, here and below */
    r.m = sum * sum * (x * share);
    r.m_inf = c->am[k] * (e * share);

    /* Where y is small, the series of y exp(y) / (exp(y) - 1), good to 2e-15, else itself, to
     * 1e-13. */
    double xa = (c->v12ha[k] - v) * c->sh[k], ea = hk_expm1_rate(xa);
    double y = xa + c->dh[k], u = (ea + 1) * c->fh[k], yy = y * y;
    int near = __builtin_fabs(y) < 0.02;
    double yb = near ? 1 + 0.5 * y + yy * (1. / 12 - yy * (1. / 720)) : y * u;
    double eb = near ? 1 : u - 1;
    xa = ea == 0 ? 1 : xa;
    ea = ea == 0 ? 1 : ea;
    double both = ea * eb, d = 1 + hk_exp_flush((v - c->v12hinf[k]) * c->sinf[k]);
    share = 1 / (both * d);
    r.h = (c->ah[k] * xa * eb + c->bh[k] * yb * ea) * (d * share);
    r.h_inf = both * share;
    return r;
}

HK_SETUP(na) {
    common[0] = hk_pow(2.3, (s->celsius - 23) / 10);
}

HK_CHECK(na) {
    double apart = __builtin_fabs(c->v12hb[k] - c->v12ha[k]);
    return apart > 300 * c->qh[k] ? "v12ha and v12hb are more than 300 qh apart" : NULL;
}

HK_KERNEL(na, init) {
    HK_EACH(k, b) {
        c->sm[k] = 1 / c->qm[k];
        c->am[k] = c->Rma[k] * c->qm[k];
        c->bm[k] = c->Rmb[k] * c->qm[k];
        c->sh[k] = 1 / c->qh[k];
        c->ah[k] = c->Rha[k] * c->qh[k];
        c->bh[k] = c->Rhb[k] * c->qh[k];
        c->dh[k] = (c->v12hb[k] - c->v12ha[k]) * c->sh[k];
        c->fh[k] = hk_exp_flush(c->dh[k]);
        c->sinf[k] = 1 / c->qhinf[k];
    }
    HK_EACH(k, b) {
        struct na_rates r = na_rates(c, k, b->v[k]);
        c->m[k] = r.m_inf;
        c->h[k] = r.h_inf;
    }
}

HK_KERNEL(na, advance) {
    const double rate = -b->dt * b->common[0];
    HK_EACH(k, b) {
        struct na_rates r = na_rates(c, k, b->v[k]);
        c->m[k] += (1 - hk_exp_flush(rate * r.m)) * (r.m_inf - c->m[k]);
        c->h[k] += (1 - hk_exp_flush(rate * r.h)) * (r.h_inf - c->h[k]);
    }
}

HK_KERNEL(na, current) {
    const double q = b->common[0];
    HK_EACH(k, b) {
        double m = c->m[k], g = q * c->gbar[k] * (m * m * m * c->h[k]);
        b->i[k] += g * (b->v[k] - c->ena[k]);
        b->g[k] += g;
    }
}

HK_PLUGIN(na) = {
    HK_HEADER(na, HK_CHANNEL, "Na", "transient sodium channel"),
    HK_FIELDS(na, na_fields),
    .flags = HK_CELSIUS,
    .n_common = 1,
    .carries = "na",
    .setup = na_setup,
    .init = na_init_hook,
    .current = na_current_hook,
    .advance = na_advance_hook,
    .check = na_check_hook,
};
