: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests TABLE with DEPEND on celsius and a parameter, and a TABLE in a FUNCTION. The comparison is
without tables (usetable 0).
ENDCOMMENT

NEURON {
    SUFFIX tabdep
    USEION k READ ek WRITE ik
    RANGE gbar
    GLOBAL ninf, ntau, half
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.003 (S/cm2)
    half = -45 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    ninf
    ntau (ms)
}

STATE { n }

INITIAL {
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    ik = gbar * n * rect(v) * (v - ek)
}

DERIVATIVE gate {
    rates(v)
    n' = (ninf - n) / ntau
}

PROCEDURE rates(v (mV)) {
    TABLE ninf, ntau DEPEND celsius, half FROM -120 TO 80 WITH 400
    ninf = 1 / (1 + exp(-(v - half) / 9(mV)))
    ntau = (2(ms) + 12(ms) / (1 + exp((v - half) / 15(mV)))) / 3^((celsius - 22(degC)) / 10(degC))
}

FUNCTION rect(v (mV)) {
    TABLE FROM -120 TO 80 WITH 200
    rect = 1 / (1 + exp((v + 20(mV)) / 30(mV)))
}
