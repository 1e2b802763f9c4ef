: SPDX-License-Identifier: BSD-3-Clause
TITLE NMDA: the slow excitatory synapse, blocked by magnesium as in Jahr & Stevens 1990 (J Neurosci 10:3178)

COMMENT
i = gmax (B - A) block(v) (v - e). An event of weight w (a number) adds w factor to A and B, so that a single one peaks at w gmax.
ENDCOMMENT

NEURON {
    POINT_PROCESS NMDA
    NONSPECIFIC_CURRENT i
    RANGE gmax, tau_rise, tau_decay, e, mg, mu, gamma, i, g
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
}

PARAMETER {
    gmax = 0.001 (uS) <0, 1e9>
    tau_rise = 2 (ms) <1e-6, 1e9>
    tau_decay = 30 (ms) <1e-6, 1e9>
    e = 0 (mV)
    mg = 1 (mM) <0, 1e9>
    mu = 0.28 (/mM) <0, 1e9>
    gamma = 0.062 (/mV) <0, 1e9>
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
    g = gmax * (B - A) * block(v)
    i = g * (v - e)
}

DERIVATIVE states {
    A' = -A / rise
    B' = -B / tau_decay
}

FUNCTION block(v (mV)) {
    block = 1 / (1 + mu * mg * exp(-gamma * v))
}

NET_RECEIVE(weight) {
    A = A + weight * factor
    B = B + weight * factor
}
