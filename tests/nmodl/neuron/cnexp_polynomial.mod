: SPDX-License-Identifier: BSD-3-Clause
COMMENT
The same for NEURON 8.2.2, whose cnexp goes wrong with polynomials, by derivimplicit.
ENDCOMMENT

NEURON {
    SUFFIX cnpoly
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, k, feed
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -80 (mV)
    k = 0.3 (/ms)
    feed = 0.1 (/ms)
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
    SOLVE decay METHOD derivimplicit
    i = gbar * x * (v - e)
}

DERIVATIVE decay {
    x' = feed / (1 + exp(-(v + 55(mV)) / 6(mV))) - k * x * x
}
