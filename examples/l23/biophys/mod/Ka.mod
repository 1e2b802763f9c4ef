: SPDX-License-Identifier: BSD-3-Clause
TITLE Ka: A-type potassium channel, after Migliore et al. 1999 (J Comput Neurosci 7:5)

NEURON {
    SUFFIX Ka
    USEION k READ ek WRITE ik
    RANGE gbar, q, c, ninf, ntau, linf, ltau
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0 (S/cm2)
    v12n = 11 (mV)
    v12l = -56 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    q
    c (/mV)
    ninf
    ntau (ms)
    linf
    ltau (ms)
}

STATE { n l }

INITIAL {
    q = 5^((celsius - 24) / 10(degC))
    c = (1e-3) * 9.648e4(coulomb) / (8.315(joule/degC) * (273.16 + celsius))
    rates(v)
    n = ninf
    l = linf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * n * l * (v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n) / ntau
    l' = (linf - l) / ltau
}

PROCEDURE rates(v (mV)) { LOCAL x, a
    x = c * (-1.5 - 1 / (1 + exp((v + 40) / 5(mV)))) * (v - v12n)
    a = exp(x)
    ninf = 1 / (1 + a)
    ntau = exp(0.55 * x) / (q * 0.05(/ms) * (1 + a))
    if (ntau < 0.1) {
        ntau = 0.1
    }
    linf = 1 / (1 + exp(3 * c * (v - v12l)))
    ltau = 0.26(ms/mV) * (v + 50)
    if (ltau < 2) {
        ltau = 2
    }
}
