: SPDX-License-Identifier: BSD-3-Clause
TITLE Km: slow potassium channel of the muscarinic kind, after Mainen & Sejnowski 1996 (Nature 382:363)

NEURON {
    SUFFIX Km
    USEION k READ ek WRITE ik
    RANGE gbar, q, ninf, ntau
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0 (S/cm2)
    Ra = 0.001 (/mV/ms)
    Rb = 0.001 (/mV/ms)
    v12 = -30 (mV)
    s = 9 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    q
    ninf
    ntau (ms)
}

STATE { n }

INITIAL {
    q = 2.3^((celsius - 23) / 10(degC))
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = q * gbar * n * (v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n) / ntau
}

PROCEDURE rates(v (mV)) { LOCAL a, b
    a = Ra * relp(v - v12, s)
    b = Rb * relp(v12 - v, s)
    ntau = 1 / (q * (a + b))
    ninf = a / (a + b)
}

FUNCTION relp(x (mV), k (mV)) (mV) {
    if (fabs(x / k) < 1e-6) {
        relp = k + x / 2
    } else {
        relp = x / (1 - exp(-x / k))
    }
}
