: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests CONSTRUCTOR and DESTRUCTOR blocks that do nothing a simulation depends on.
ENDCOMMENT

NEURON {
    POINT_PROCESS Constructed
    NONSPECIFIC_CURRENT i
    RANGE tau, e, made
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau = 5 (ms)
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    made
}

STATE { g (uS) }

CONSTRUCTOR {
    made = 1
}

DESTRUCTOR {
    made = 0
}

INITIAL {
    g = 0
}

BREAKPOINT {
    SOLVE fade METHOD cnexp
    i = g * (v - e)
}

DERIVATIVE fade {
    g' = -g / tau
}

NET_RECEIVE(w (uS)) {
    g = g + w
}
