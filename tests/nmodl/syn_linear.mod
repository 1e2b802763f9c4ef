: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a synapse with rise and decay whose factor INITIAL computes; NET_RECEIVE with one weight.
ENDCOMMENT

NEURON {
    POINT_PROCESS TwoExp
    NONSPECIFIC_CURRENT i
    RANGE rise, decay, e, i, g
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    rise = 0.5 (ms) <1e-9, 1e9>
    decay = 5 (ms) <1e-9, 1e9>
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
    factor
}

STATE {
    A (uS)
    B (uS)
}

INITIAL { LOCAL r
    r = rise / decay
    if (r > 0.9999) {
        r = 0.9999
        rise = r * decay
    }
    factor = 1 / ((1 - r) * r^(r / (1 - r)))
    A = 0
    B = 0
}

BREAKPOINT {
    SOLVE fade METHOD cnexp
    g = B - A
    i = g * (v - e)
}

DERIVATIVE fade {
    A' = -A / rise
    B' = -B / decay
}

NET_RECEIVE(weight (uS)) {
    A = A + weight * factor
    B = B + weight * factor
}
