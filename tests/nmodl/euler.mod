: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests METHOD euler: forward steps, of two coupled equations at once.
ENDCOMMENT

NEURON {
    SUFFIX eul
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, tau, w
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    PI = (pi) (1)
}

PARAMETER {
    gbar = 0.0003 (S/cm2)
    e = -50 (mV)
    tau = 60 (ms)
    w = 0.4 (/ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { x q }

INITIAL {
    x = 0.5
    q = 0
}

BREAKPOINT {
    SOLVE ring METHOD euler
    i = gbar * (1 + x) * (v - e)
}

DERIVATIVE ring {
    x' = -x / tau - w * q
    q' = w * x - q / tau
}
