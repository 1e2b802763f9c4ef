: SPDX-License-Identifier: BSD-3-Clause
TITLE Leak: a constant conductance

NEURON {
    SUFFIX Leak
    NONSPECIFIC_CURRENT i
    RANGE gbar, e
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 1e-4 (S/cm2)
    e = -70 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

BREAKPOINT {
    i = gbar * (v - e)
}
