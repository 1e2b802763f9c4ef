: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a synapse with depression and facilitation by resources, each connection with its own, after
Tsodyks, Uziel & Markram 2000 (J Neurosci 20:RC50); the exact solution between events.
ENDCOMMENT

NEURON {
    POINT_PROCESS Resources
    NONSPECIFIC_CURRENT i
    RANGE tau, taurec, taufac, U, e, i
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau = 3 (ms) <1e-9, 1e9>
    taurec = 100 (ms) <1e-9, 1e9>
    taufac = 200 (ms) <0, 1e9>
    U = 0.1 <0, 1>
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
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

NET_RECEIVE(w (uS), y, z, u, before (ms)) {
    INITIAL {
        y = 0
        z = 0
        u = 0
        before = t
    }
    z = z * exp(-(t - before) / taurec)
    z = z + y * (exp(-(t - before) / tau) - exp(-(t - before) / taurec)) / (tau / taurec - 1)
    y = y * exp(-(t - before) / tau)
    if (taufac > 0) {
        u = u * exp(-(t - before) / taufac)
        u = u + U * (1 - u)
    } else {
        u = U
    }
    g = g + w * (1 - y - z) * u
    y = y + (1 - y - z) * u
    before = t
}
