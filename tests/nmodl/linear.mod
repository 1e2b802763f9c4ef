: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests LINEAR: fractions of a closed, an open and an inactivated state at rest, solved in INITIAL and
in each step.
ENDCOMMENT

NEURON {
    SUFFIX linsys
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, a, b, k
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0005 (S/cm2)
    e = -80 (mV)
    k = 0.05 (/ms)
    back = 0.02 (/ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a (/ms)
    b (/ms)
}

STATE { c o h }

INITIAL {
    rates(v)
    SOLVE rest
}

BREAKPOINT {
    SOLVE follow
    i = gbar * o * (v - e)
}

PROCEDURE follow() {
    rates(v)
    SOLVE rest
}

LINEAR rest {
    ~ c + o + h = 1
    ~ a * c - b * o = 0
    ~ k * o - back * h = 0
}

PROCEDURE rates(v (mV)) {
    a = 0.1(/ms) * exp((v + 50(mV)) / 20(mV))
    b = 0.1(/ms) * exp(-(v + 50(mV)) / 20(mV))
}
