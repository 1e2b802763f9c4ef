: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests CONDUCTANCE, for an ion's current and for a nonspecific one, and THREADSAFE.
ENDCOMMENT

NEURON {
    SUFFIX conduct
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT i
    RANGE gk, gl, e, g
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gk = 0.001 (S/cm2)
    gl = 0.0001 (S/cm2)
    e = -65 (mV)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    i (mA/cm2)
    g (S/cm2)
    leak (S/cm2)
}

STATE { n }

INITIAL {
    n = open(v)
}

BREAKPOINT {
    CONDUCTANCE g USEION k
    CONDUCTANCE leak
    SOLVE gate METHOD cnexp
    g = gk * n
    leak = gl
    ik = g * (v - ek)
    i = leak * (v - e)
}

DERIVATIVE gate {
    n' = (open(v) - n) / 12(ms)
}

FUNCTION open(v (mV)) {
    open = 1 / (1 + exp(-(v + 45(mV)) / 6(mV)))
}
