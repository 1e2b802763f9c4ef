: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests METHOD cnexp where an equation uses the state that the one before it has just advanced.
ENDCOMMENT

NEURON {
    SUFFIX cnseq
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, tau1, tau2, tau3
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -85 (mV)
    tau1 = 3 (ms)
    tau2 = 8 (ms)
    tau3 = 15 (ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { a b c }

INITIAL {
    a = 0
    b = 0
    c = 0
}

BREAKPOINT {
    SOLVE chain METHOD cnexp
    i = gbar * c * (v - e)
}

DERIVATIVE chain {
    a' = (1 / (1 + exp(-(v + 55(mV)) / 5(mV))) - a) / tau1
    b' = (a - b) / tau2
    c' = (b * b - c) / tau3
}
