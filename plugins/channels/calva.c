/* SPDX-License-Identifier: BSD-3-Clause */
/* CaLVA: low-voltage-activated calcium channel, ica = gbar m^2 h (v - eca), in the form of Park et
 * al. 2019 (Nature Communications 10:5372); it does not depend on temperature.
 *   m   inf = 1/(1 + exp(-(v + 50)/7.4))    tau = 3 + 1/(exp((v + 25)/20) + exp(-(v + 100)/15))
 *   h   inf = 1/(1 + exp((v + 78)/5))       tau = 85 + 1/(exp((v + 46)/4) + exp(-(v + 405)/50))
 * exp((v + 78)/5) and exp((v + 46)/4) are powers of p = exp((v + 25)/20), exp(-(v + 100)/15) and
 * exp(-(v + 405)/50) of s = exp(-(v + 100)/150). */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct calva {
    hk_col gbar, eca, m, h;
};

static const struct hk_field calva_fields[] = {
    {"gbar", HK_PARAMETER, "S/cm2", 3e-5, 0, HK_INF, "greatest conductance density", NULL, 0},
    {"eca", HK_REVERSAL, "mV", 0, 0, 0, "calcium's reversal potential", "ca", 0},
    {"m", HK_STATE, "", 0, 0, 1, "activation", NULL, 0},
    {"h", HK_STATE, "", 0, 0, 1, "1 - inactivation", NULL, 0},
};

struct calva_rates {
    double m, m_inf, h, h_inf; /* rates in 1/ms */
};

HK_ALWAYS struct calva_rates calva_rates(double v) {
    struct calva_rates r;
    double p = hk_exp_flush((v + 25) * (1. / 20)), p2 = p * p, p4 = p2 * p2;
    double s = hk_exp_flush((v + 100) * (-1. / 150)), s3 = s * s * s, s9 = s3 * s3 * s3;
    const double exp_53_5 = 40134.83743087578, exp_21_4 = 190.56626845863;
    const double exp_305_50 = 0.0022428677194858034; /* of -305/50 */
    double m = 1 + hk_exp_flush((v + 50) * (-1 / 7.4)), h = 1 + exp_53_5 * p4;
    double a = p + s9 * s, d = exp_21_4 * (p4 * p) + exp_305_50 * s3;
    double tm = 1 + 3 * a, th = 1 + 85 * d;
    double share = 1 / (m * tm); /* one division for two quotients */
    r.m_inf = share * tm;
    r.m = share * m * a;
    share = 1 / (h * th);
    r.h_inf = share * th;
    r.h = share * h * d;
    return r;
}

HK_KERNEL(calva, init) {
    HK_EACH(k, b) {
        struct calva_rates r = calva_rates(b->v[k]);
        c->m[k] = r.m_inf;
        c->h[k] = r.h_inf;
    }
}

HK_KERNEL(calva, advance) {
    const double dt = -b->dt;
    HK_EACH(k, b) {
        struct calva_rates r = calva_rates(b->v[k]);
        c->m[k] += (1 - hk_exp_flush(dt * r.m)) * (r.m_inf - c->m[k]);
        c->h[k] += (1 - hk_exp_flush(dt * r.h)) * (r.h_inf - c->h[k]);
    }
}

HK_KERNEL(calva, current) {
    HK_EACH(k, b) {
        double m = c->m[k], g = c->gbar[k] * (m * m * c->h[k]);
        b->i[k] += g * (b->v[k] - c->eca[k]);
        b->g[k] += g;
    }
}

HK_PLUGIN(calva) = {
    HK_HEADER(calva, HK_CHANNEL, "CaLVA", "low-voltage-activated calcium channel"),
    HK_FIELDS(calva, calva_fields),
    .carries = "ca",
    .init = calva_init_hook,
    .current = calva_current_hook,
    .advance = calva_advance_hook,
};
