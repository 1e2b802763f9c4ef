: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests BBCOREPOINTER that is declared and never used, with the empty VERBATIM functions that NEURON asks for
beside it, and THREADSAFE.
ENDCOMMENT

NEURON {
    THREADSAFE
    POINT_PROCESS Unused
    NONSPECIFIC_CURRENT i
    BBCOREPOINTER generator
    RANGE tau, e, i
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau = 7 (ms)
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    generator
}

STATE { g (uS) }

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

VERBATIM
static void bbcore_write(double* x, int* d, int* xx, int* offset, _threadargsproto_) {
}
static void bbcore_read(double* x, int* d, int* xx, int* offset, _threadargsproto_) {
}
ENDVERBATIM
