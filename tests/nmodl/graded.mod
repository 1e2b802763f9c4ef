: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests POINTER in a DERIVATIVE: a graded synapse that follows v elsewhere.
ENDCOMMENT

NEURON {
    POINT_PROCESS Graded
    NONSPECIFIC_CURRENT i
    POINTER vpre
    RANGE g, e, half, slope, tau, i
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    g = 0.003 (uS)
    e = 0 (mV)
    half = -50 (mV)
    slope = 4 (mV)
    tau = 5 (ms)
}

ASSIGNED {
    v (mV)
    vpre (mV)
    i (nA)
}

STATE { s }

INITIAL {
    s = 0
}

BREAKPOINT {
    SOLVE follow METHOD cnexp
    i = g * s * (v - e)
}

DERIVATIVE follow {
    s' = (1 / (1 + exp(-(vpre - half) / slope)) - s) / tau
}
