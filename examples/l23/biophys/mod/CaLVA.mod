: SPDX-License-Identifier: BSD-3-Clause
TITLE CaLVA: low-voltage-activated calcium channel of Park et al. 2019 (Nature Communications 10:5372)

NEURON {
    SUFFIX CaLVA
    USEION ca READ eca WRITE ica
    RANGE gbar, minf, mtau, hinf, htau
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
    eca (mV)
    ica (mA/cm2)
    minf
    mtau (ms)
    hinf
    htau (ms)
}

STATE { m h }

INITIAL {
    rates(v)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = gbar * m * m * h * (v - eca)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) {
    minf = 1 / (1 + exp(-(v + 50) / 7.4(mV)))
    mtau = 3 + 1(ms) / (exp((v + 25) / 20(mV)) + exp(-(v + 100) / 15(mV)))
    hinf = 1 / (1 + exp((v + 78) / 5(mV)))
    htau = 85 + 1(ms) / (exp((v + 46) / 4(mV)) + exp(-(v + 405) / 50(mV)))
}
