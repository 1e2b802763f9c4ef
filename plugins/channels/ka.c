/* SPDX-License-Identifier: BSD-3-Clause */
/* Ka: A-type potassium channel, ik = gbar n l (v - ek), after Migliore et al. 1999 (J Comput
 * Neurosci 7:5) in the form of Park et al. 2019 (Nature Communications 10:5372). With f = 1e-3 *
 * 9.648e4 / (8.315 (273.16 + celsius)), q = 5^((celsius - 24)/10), z = -1.5 - 1/(1 + exp((v +
 * 40)/5)) and w = f z (v - 11):
 *   n   inf = 1/(1 + exp(w))               tau = max(0.1, exp(0.55 w)/(0.05 q (1 + exp(w))))
 *   l   inf = 1/(1 + exp(3 f (v + 56)))    tau = max(2, 0.26 (v + 50))
 * The exponentials of w and 0.55 w are the 20th and 11th power of that of w/20. */
#include "hillock/plugin.h"
#include "hillock/math.h"

struct ka {
    hk_col gbar, ek, n, l;
};

static const struct hk_field ka_fields[] = {
    {"gbar", HK_PARAMETER, "S/cm2", 0.0054, 0, HK_INF, "greatest conductance density", NULL, 0},
    {"ek", HK_REVERSAL, "mV", 0, 0, 0, "potassium's reversal potential", "k", 0},
    {"n", HK_STATE, "", 0, 0, 1, "activation", NULL, 0},
    {"l", HK_STATE, "", 0, 0, 1, "1 - inactivation", NULL, 0},
};

struct ka_rates {
    double n, n_inf, l, l_inf; /* rates in 1/ms */
};

HK_ALWAYS struct ka_rates ka_rates(const double *common, double v) {
    const double f20 = common[0], f3 = common[1], q = common[2];
    struct ka_rates r;
    double z = -1.5 - 1 / (1 + hk_exp_flush((v + 40) * 0.2));
    double p = hk_exp_flush(z * (v - 11) * f20), p2 = p * p, p5 = p2 * p2 * p, p10 = p5 * p5;
    double a = 1 + p10 * p10, share = 1 / (a * (p10 * p)); /* one division for two quotients */
    r.n_inf = share * (p10 * p);
    r.n = share * (q * a * a);
    r.n = r.n > 10 ? 10 : r.n;
    double d = 1 + hk_exp_flush(f3 * (v + 56)), tau = 0.26 * (v + 50);
    tau = tau < 2 ? 2 : tau;
    share = 1 / (d * tau);
    r.l_inf = share * tau;
    r.l = share * d;
    return r;
}

HK_SETUP(ka) {
    double f = 1e-3 * 9.648e4 / (8.315 * (273.16 + s->celsius));
    common[0] = f / 20;
    common[1] = 3 * f;
    common[2] = 0.05 * hk_pow(5, (s->celsius - 24) / 10);
}

HK_KERNEL(ka, init) {
    HK_EACH(k, b) {
        struct ka_rates r = ka_rates(b->common, b->v[k]);
        c->n[k] = r.n_inf;
        c->l[k] = r.l_inf;
    }
}

HK_KERNEL(ka, advance) {
    const double dt = -b->dt;
    HK_EACH(k, b) {
        struct ka_rates r = ka_rates(b->common, b->v[k]);
        c->n[k] += (1 - hk_exp_flush(dt * r.n)) * (r.n_inf - c->n[k]);
        c->l[k] += (1 - hk_exp_flush(dt * r.l)) * (r.l_inf - c->l[k]);
    }
}

HK_KERNEL(ka, current) {
    HK_EACH(k, b) {
        double g = c->gbar[k] * (c->n[k] * c->l[k]);
        b->i[k] += g * (b->v[k] - c->ek[k]);
        b->g[k] += g;
    }
}

HK_PLUGIN(ka) = {
    HK_HEADER(ka, HK_CHANNEL, "Ka", "A-type potassium channel"),
    HK_FIELDS(ka, ka_fields),
    .flags = HK_CELSIUS,
    .n_common = 3,
    .carries = "k",
    .setup = ka_setup,
    .init = ka_init_hook,
    .current = ka_current_hook,
    .advance = ka_advance_hook,
};
