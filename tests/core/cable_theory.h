/* SPDX-License-Identifier: BSD-3-Clause */
/* cable_theory: a sealed passive cylinder with a current into its 0 end from t = 0 on: in the
 * continuum, cut into segments, and cut into segments and steps of backward Euler. All give the
 * change of v from rest, mV. */
#ifndef HK_TESTS_CABLE_THEORY_H
#define HK_TESTS_CABLE_THEORY_H
#include <math.h>
#include <stdint.h>

struct theory {
    double length, diam; /* um */
    double Ra, cm, g;    /* ohm cm, uF/cm2, S/cm2 */
    double current;      /* nA */
};

static const double PI_ = 3.14159265358979323846;

static inline double theory_tau(const struct theory *c) { /* ms */
    return 1e-3 * c->cm / c->g;
}
static inline double
theory_lambda(const struct theory *c) { /* um: 1e4 sqrt(d / (4 Ra g)) with d in cm */
    return 1e4 * sqrt(1e-4 * c->diam / (4 * c->Ra * c->g));
}
static inline double
theory_r_infinite(const struct theory *c) { /* MOhm, of a half-infinite cylinder */
    return 1e-2 * c->Ra * theory_lambda(c) / (PI_ * c->diam * c->diam / 4);
}

/* Rall (1969) Biophys J 9:1483: x um from the 0 end at t ms; INFINITY is the steady state. */
static inline double theory_v(const struct theory *c, double x, double t) {
    double lambda = theory_lambda(c), L = c->length / lambda, X = x / lambda, T = t / theory_tau(c);
    double sum = 0.5 * exp(-T);
    for (int n = 1; n < 2000 && t < (double)INFINITY; n++) {
        double w = n * PI_ / L;
        sum += exp(-(1 + w * w) * T) * cos(w * X) / (1 + w * w);
    }
    sum = t < (double)INFINITY ? sum : 0;
    return c->current * theory_r_infinite(c) * (cosh(L - X) / sinh(L) - 2 / L * sum);
}

/* The same for n segments: middle of segment j after `steps` steps of dt, or at t where dt is 0.
 * The modes of a sealed chain are cos(m pi (j + 1/2)/n), each with a conductance of its own (Strang
 * (1999) SIAM Review 41:135, the matrix of the DCT-2). */
static inline double theory_segment(const struct theory *c, uint32_t n, uint32_t j, double dt,
                                    double steps, double t) {
    double dx = c->length / n, area = PI_ * c->diam * dx;
    double axial = PI_ * c->diam * c->diam / 4 / (1e-2 * c->Ra * dx); /* uS */
    double leak = 1e-2 * c->g * area, capacity = 1e-5 * c->cm * area; /* uS, nF */
    double sum = 0;
    for (uint32_t m = 0; m < n; m++) {
        double angle = m * PI_ / n, s = sin(angle / 2), k = leak + 4 * axial * s * s;
        double left = dt > 0 ? exp(-steps * log1p(dt * k / capacity)) : exp(-t * k / capacity);
        sum += (m ? 2 : 1) * cos(angle / 2) * cos(angle * (j + 0.5)) / k * (1 - left);
    }
    return c->current * sum / n;
}

#endif
