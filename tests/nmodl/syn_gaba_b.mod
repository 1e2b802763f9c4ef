: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a synapse of two coupled states, one by cnexp with a Hill function of the other, events that
change a third, and GLOBAL parameters of a point process.
ENDCOMMENT

NEURON {
    POINT_PROCESS SlowInhibition
    USEION k READ ek WRITE ik
    RANGE gmax, ik, g, drug
    GLOBAL k1, k2, k3, k4, kd
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    gmax = 0.005 (uS)
    k1 = 0.3 (/ms)
    k2 = 0.08 (/ms)
    k3 = 0.15 (/ms)
    k4 = 0.05 (/ms)
    kd = 0.2
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (nA)
    g (uS)
}

STATE { drug bound G }

INITIAL {
    drug = 0
    bound = 0
    G = 0
}

BREAKPOINT {
    SOLVE chain METHOD cnexp
    g = gmax * G^4 / (G^4 + kd)
    ik = g * (v - ek)
}

DERIVATIVE chain {
    drug' = -0.5(/ms) * drug
    bound' = k1 * drug * (1 - bound) - k2 * bound
    G' = k3 * bound - k4 * G
}

NET_RECEIVE(w) {
    drug = drug + w
}
