: SPDX-License-Identifier: BSD-3-Clause
TITLE CaHVA: high-voltage-activated calcium channel, after Mainen & Sejnowski 1996 (Nature 382:363)

NEURON {
    SUFFIX CaHVA
    USEION ca READ eca WRITE ica
    RANGE gbar, q, minf, mtau, hinf, htau
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0 (S/cm2)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    eca (mV)
    ica (mA/cm2)
    q
    minf
    mtau (ms)
    hinf
    htau (ms)
}

STATE { m h }

INITIAL {
    q = 2.3^((celsius - 23) / 10(degC))
    rates(v)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = q * gbar * m * m * h * (v - eca)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) { LOCAL a, b
    a = 0.5(/mV-ms) * relexp(-27 - v, 3.8)
    b = 0.1(/ms) * exp((-75 - v) / 17(mV))
    mtau = 1 / (q * (a + b))
    minf = a / (a + b)
    a = 0.000457(/ms) * exp((-13 - v) / 50(mV))
    b = 0.0065(/ms) / (1 + exp((-15 - v) / 28(mV)))
    htau = 1 / (q * (a + b))
    hinf = a / (a + b)
}

FUNCTION relexp(x (mV), k (mV)) (mV) {
    if (fabs(x / k) < 1e-6) {
        relexp = k - x / 2
    } else {
        relexp = x / (exp(x / k) - 1)
    }
}
