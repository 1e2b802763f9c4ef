: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests METHOD runge (of the fourth order): an oscillator that v drives.
ENDCOMMENT

NEURON {
    SUFFIX rung
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, mu, w
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0003 (S/cm2)
    e = -50 (mV)
    mu = 0.3 (/ms)
    w = 0.5 (/ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { x q }

INITIAL {
    x = 0.2
    q = 0
}

BREAKPOINT {
    SOLVE wheel METHOD runge
    i = gbar * (2 + x) * (v - e)
}

DERIVATIVE wheel {
    x' = w * q
    q' = mu * (1 - x * x) * q - w * x + 0.001(/mV-ms) * (v + 65)
}
