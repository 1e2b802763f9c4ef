: SPDX-License-Identifier: BSD-3-Clause
TITLE Na: fast sodium channel, after Mainen et al. 1995 (Neuron 15:1427)

NEURON {
    SUFFIX Na
    USEION na READ ena WRITE ina
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
    Rma = 0.182 (/mV/ms)
    Rmb = 0.14 (/mV/ms)
    v12m = -30 (mV)
    qm = 9.8 (mV)
    Rha = 0.024 (/mV/ms)
    Rhb = 0.0091 (/mV/ms)
    v12ha = -45 (mV)
    v12hb = -70 (mV)
    qh = 5 (mV)
    v12hinf = -60 (mV)
    qhinf = 6.2 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ena (mV)
    ina (mA/cm2)
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
    ina = q * gbar * m * m * m * h * (v - ena)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) { LOCAL a, b
    a = Rma * relp(v - v12m, qm)
    b = Rmb * relp(v12m - v, qm)
    mtau = 1 / (q * (a + b))
    minf = a / (a + b)
    a = Rha * relp(v - v12ha, qh)
    b = Rhb * relp(v12hb - v, qh)
    htau = 1 / (q * (a + b))
    hinf = 1 / (1 + exp((v - v12hinf) / qhinf))
}

FUNCTION relp(x (mV), k (mV)) (mV) {
    if (fabs(x / k) < 1e-6) {
        relp = k + x / 2
    } else {
        relp = x / (1 - exp(-x / k))
    }
}
