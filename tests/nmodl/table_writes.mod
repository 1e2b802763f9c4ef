: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a TABLE of RANGE variables, a PROCEDURE that is called with an expression, a FUNCTION that
changes a variable beside its value.
ENDCOMMENT

NEURON {
    SUFFIX tabwr
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, last
    GLOBAL shift, minf, mtau
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0008 (S/cm2)
    e = -80 (mV)
    shift = 5 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    minf
    mtau (ms)
    last (mV)
}

STATE { m }

INITIAL {
    last = v
    rates(v + shift)
    m = minf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = gbar * m * m * (v - e)
}

DERIVATIVE gate {
    rates(kept(v) + shift)
    m' = (minf - m) / mtau
}

FUNCTION kept(x (mV)) (mV) {
    last = x
    kept = x
}

PROCEDURE rates(u (mV)) {
    TABLE minf, mtau FROM -150 TO 100 WITH 500
    minf = 1 / (1 + exp(-(u + 50(mV)) / 8(mV)))
    mtau = 1(ms) + 8(ms) * exp(-((u + 50(mV)) / 25(mV))^2)
}
