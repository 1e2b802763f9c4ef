: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a POINTER to a STATE of another mechanism: the gate of cnexp_linear.mod.
ENDCOMMENT

NEURON {
    SUFFIX pstate
    POINTER gate
    NONSPECIFIC_CURRENT i
    RANGE gbar, e
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0003 (S/cm2)
    e = -85 (mV)
}

ASSIGNED {
    v (mV)
    gate
    i (mA/cm2)
}

BREAKPOINT {
    i = gbar * gate * gate * (v - e)
}
