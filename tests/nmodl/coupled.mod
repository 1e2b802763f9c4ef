: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests METHOD derivimplicit of three coupled linear equations.
ENDCOMMENT

NEURON {
    SUFFIX coupl
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, drive
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -80 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    drive (/ms)
}

STATE { x z w }

INITIAL {
    x = 0.2
    z = 0.1
    w = 0
}

BREAKPOINT {
    SOLVE coupled METHOD derivimplicit
    i = gbar * w * (v - e)
}

DERIVATIVE coupled {
    drive = 0.1(/ms) / (1 + exp(-(v + 58(mV)) / 5(mV)))
    x' = drive - 0.2(/ms) * x + 0.05(/ms) * z
    z' = 0.15(/ms) * x - 0.1(/ms) * z - 0.02(/ms) * w
    w' = 0.1(/ms) * z - 0.08(/ms) * w
}
