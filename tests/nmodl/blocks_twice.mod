: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests that a block may stand twice: NEURON, PARAMETER, ASSIGNED, STATE, INITIAL; NEURON puts the
second one behind the first.
ENDCOMMENT

NEURON { SUFFIX twice }

NEURON {
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, inf
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
}

UNITS { (S) = (siemens) }

PARAMETER { gbar = 0.0005 (S/cm2) }

PARAMETER { e = -80 (mV) }

ASSIGNED { v (mV) }

ASSIGNED {
    i (mA/cm2)
    inf
}

STATE { m }

STATE { h }

INITIAL {
    steady(v)
    m = inf
}

INITIAL {
    h = 1 - m
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    i = gbar * m * h * (v - e)
}

DERIVATIVE gates {
    steady(v)
    m' = (inf - m) / 2(ms)
    h' = (1 - inf - h) / 15(ms)
}

PROCEDURE steady(v (mV)) {
    inf = 1 / (1 + exp(-(v + 60(mV)) / 8(mV)))
}
