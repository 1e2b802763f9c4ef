: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests inflow `<<`, outflow `->`, and the variables f_flux and b_flux of the reaction before.
ENDCOMMENT

NEURON {
    SUFFIX kinflux
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, net, input
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -20 (mV)
    kon = 0.2 (/ms)
    koff = 0.1 (/ms)
    decay = 0.04 (/ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    net (/ms)
    input (/ms)
}

STATE { x q }

INITIAL {
    x = 0
    q = 0
    net = 0
}

BREAKPOINT {
    SOLVE scheme METHOD sparse
    i = gbar * q * (v - e)
}

KINETIC scheme {
    input = 0.05(/ms) / (1 + exp(-(v + 55(mV)) / 5(mV)))
    ~ x << (input)
    ~ x <-> q (kon, koff)
    net = f_flux - b_flux
    ~ q -> (decay)
}
