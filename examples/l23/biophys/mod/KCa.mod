: SPDX-License-Identifier: BSD-3-Clause
TITLE KCa: calcium-activated potassium channel, after Mainen & Sejnowski 1996 (Nature 382:363)

NEURON {
    SUFFIX KCa
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar, q, ninf, ntau
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
}

PARAMETER {
    gbar = 0 (S/cm2)
    Ra = 0.01 (/mM/ms)
    Rb = 0.02 (/ms)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    cai (mM)
    q
    ninf
    ntau (ms)
}

STATE { n }

INITIAL {
    q = 2.3^((celsius - 23) / 10(degC))
    rates(cai)
    n = ninf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = q * gbar * n * (v - ek)
}

DERIVATIVE states {
    rates(cai)
    n' = (ninf - n) / ntau
}

PROCEDURE rates(cai (mM)) { LOCAL a
    a = Ra * cai
    ntau = 1 / (q * (a + Rb))
    ninf = a / (a + Rb)
}
