: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests CONSTANT, DEFINE as a size and in an expression, powers of several kinds.
ENDCOMMENT

DEFINE GATES 4

NEURON {
    SUFFIX konst
    NONSPECIFIC_CURRENT i
    RANGE gbar, ninf, tau
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

CONSTANT {
    q10 = 2.7
    tref = 20 (degC)
    erev = -82 (mV)
}

PARAMETER { gbar = 0.0008 (S/cm2) }

ASSIGNED {
    v (mV)
    celsius (degC)
    i (mA/cm2)
    ninf
    tau (ms)
    speed
}

STATE { n }

INITIAL {
    speed = q10^((celsius - tref) / 10(degC))
    rate(v)
    n = ninf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = gbar * n^GATES * (v - erev)
}

DERIVATIVE gate {
    rate(v)
    n' = (ninf - n) / tau
}

PROCEDURE rate(v (mV)) {
    ninf = 1 / (1 + exp((-48(mV) - v) / 7(mV)))
    tau = (1(ms) + 6(ms) * exp(-((v + 50(mV)) / 30(mV))^2)) / speed
}
