: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests equations that BREAKPOINT solves in a procedure that it calls: they are solved with the
currents, of the present v; and a current that is a STATE.
ENDCOMMENT

NEURON {
    POINT_PROCESS SpineSyn
    RANGE tau, e, i, neck, vs
    NONSPECIFIC_CURRENT i
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
    (Mohm) = (megohm)
}

PARAMETER {
    tau = 3 (ms)
    e = 0 (mV)
    neck = 0 (Mohm)
}

ASSIGNED {
    v (mV)
}

STATE {
    g (uS)
    i (nA)
    vs (mV)
}

INITIAL {
    g = 0
}

BREAKPOINT {
    SOLVE decay METHOD cnexp
    spine()
}

DERIVATIVE decay {
    g' = -g / tau
}

PROCEDURE spine() {
    SOLVE head
}

LINEAR head SOLVEFOR i, vs {
    ~ neck * i = v - vs
    ~ i = g * vs - g * e
}

NET_RECEIVE (weight (uS)) {
    g = g + weight
}
