: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests KINETIC with METHOD sparse: a chain of three closed states and an open one, no CONSERVE.
ENDCOMMENT

NEURON {
    SUFFIX kinlin
    USEION k READ ek WRITE ik
    RANGE gbar, a, b
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER { gbar = 0.005 (S/cm2) }

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    a (/ms)
    b (/ms)
}

STATE { c1 c2 c3 o }

INITIAL {
    c1 = 1
    c2 = 0
    c3 = 0
    o = 0
}

BREAKPOINT {
    SOLVE scheme METHOD sparse
    ik = gbar * o * (v - ek)
}

KINETIC scheme {
    a = 0.3(/ms) * exp((v + 40(mV)) / 30(mV))
    b = 0.2(/ms) * exp(-(v + 40(mV)) / 40(mV))
    ~ c1 <-> c2 (3 * a, b)
    ~ c2 <-> c3 (2 * a, 2 * b)
    ~ c3 <-> o (a, 3 * b)
}
