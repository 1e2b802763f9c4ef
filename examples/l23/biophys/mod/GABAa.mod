: SPDX-License-Identifier: BSD-3-Clause
TITLE GABAa: the fast inhibitory synapse

COMMENT
i = gmax (B - A) (v - e). An event of weight w (a number) adds w factor to A and B, so that a single one peaks at w gmax.
ENDCOMMENT

NEURON {
    POINT_PROCESS GABAa
    NONSPECIFIC_CURRENT i
    RANGE gmax, tau_rise, tau_decay, e, i, g
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    gmax = 0.001 (uS) <0, 1e9>
    tau_rise = 0.2 (ms) <1e-6, 1e9>
    tau_decay = 1.4 (ms) <1e-6, 1e9>
    e = -70 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
    rise (ms)
    factor
}

STATE { A B }

INITIAL { LOCAL r
    r = tau_rise / tau_decay
    if (r > 0.9999) {
        r = 0.9999
    }
    if (r < 1e-9) {
        r = 1e-9
    }
    rise = r * tau_decay
    factor = r^(-r / (1 - r)) / (1 - r)
    A = 0
    B = 0
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gmax * (B - A)
    i = g * (v - e)
}

DERIVATIVE states {
    A' = -A / rise
    B' = -B / tau_decay
}

NET_RECEIVE(weight) {
    A = A + weight * factor
    B = B + weight * factor
}
