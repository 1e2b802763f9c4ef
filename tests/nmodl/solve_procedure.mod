: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests SOLVE of a PROCEDURE that integrates by itself with dt, and the old PROCEDURE idiom of exponents.
ENDCOMMENT

NEURON {
    SUFFIX solproc
    USEION k READ ek WRITE ik
    RANGE gbar, ninf, nexp
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER { gbar = 0.004 (S/cm2) }

ASSIGNED {
    v (mV)
    dt (ms)
    ek (mV)
    ik (mA/cm2)
    ninf
    nexp
}

STATE { n }

INITIAL {
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE integrate
    ik = gbar * n * n * (v - ek)
}

PROCEDURE integrate() {
    rates(v)
    n = n + nexp * (ninf - n)
}

PROCEDURE rates(v (mV)) { LOCAL tau
    ninf = 1 / (1 + exp(-(v + 42(mV)) / 8(mV)))
    tau = 2(ms) + 6(ms) / (1 + exp((v + 40(mV)) / 10(mV)))
    nexp = 1 - exp(-dt / tau)
}
