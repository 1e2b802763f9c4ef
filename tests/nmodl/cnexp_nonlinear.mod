: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests METHOD cnexp of an equation that is not linear in its state, which NEURON then solves as
derivimplicit does.
ENDCOMMENT

NEURON {
    SUFFIX cnnon
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, k, kd, feed
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -80 (mV)
    k = 0.1 (/ms)
    feed = 0.05 (/ms)
    kd = 0.4
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { x }

INITIAL {
    x = 0.1
}

BREAKPOINT {
    SOLVE decay METHOD cnexp
    i = gbar * x * (v - e)
}

DERIVATIVE decay {
    x' = feed / (1 + exp(-(v + 55(mV)) / 6(mV))) - k * x / (kd + x)
}
