: SPDX-License-Identifier: BSD-3-Clause
TITLE AMPA_NMDA: the synapses AMPA and NMDA side by side, driven by the same events

COMMENT
Each has its gmax (their quotient is the NMDA to AMPA ratio) and its time constants; e is common to both.
The block is that of Jahr & Stevens 1990 (J Neurosci 10:3178). An event of weight w (a number) peaks at
w gmax of each.
ENDCOMMENT

NEURON {
    POINT_PROCESS AMPA_NMDA
    NONSPECIFIC_CURRENT i
    RANGE gmax_AMPA, gmax_NMDA, e, mg, mu, gamma, i
    RANGE tau_rise_AMPA, tau_decay_AMPA, tau_rise_NMDA, tau_decay_NMDA
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
}

PARAMETER {
    gmax_AMPA = 0.001 (uS) <0, 1e9>
    gmax_NMDA = 0.001 (uS) <0, 1e9>
    e = 0 (mV)
    tau_rise_AMPA = 0.1 (ms) <1e-6, 1e9>
    tau_decay_AMPA = 2.5 (ms) <1e-6, 1e9>
    tau_rise_NMDA = 2 (ms) <1e-6, 1e9>
    tau_decay_NMDA = 30 (ms) <1e-6, 1e9>
    mg = 1 (mM) <0, 1e9>
    mu = 0.28 (/mM) <0, 1e9>
    gamma = 0.062 (/mV) <0, 1e9>
}

ASSIGNED {
    v (mV)
    i (nA)
    rise_AMPA (ms)
    rise_NMDA (ms)
    factor_AMPA
    factor_NMDA
}

STATE { A_AMPA B_AMPA A_NMDA B_NMDA }

INITIAL { LOCAL r
    r = ratio(tau_rise_AMPA, tau_decay_AMPA)
    rise_AMPA = r * tau_decay_AMPA
    factor_AMPA = r^(-r / (1 - r)) / (1 - r)
    r = ratio(tau_rise_NMDA, tau_decay_NMDA)
    rise_NMDA = r * tau_decay_NMDA
    factor_NMDA = r^(-r / (1 - r)) / (1 - r)
    A_AMPA = 0
    B_AMPA = 0
    A_NMDA = 0
    B_NMDA = 0
}

BREAKPOINT { LOCAL fast, slow
    SOLVE states METHOD cnexp
    fast = gmax_AMPA * (B_AMPA - A_AMPA)
    slow = gmax_NMDA * (B_NMDA - A_NMDA) / (1 + mu * mg * exp(-gamma * v))
    i = (fast + slow) * (v - e)
}

DERIVATIVE states {
    A_AMPA' = -A_AMPA / rise_AMPA
    B_AMPA' = -B_AMPA / tau_decay_AMPA
    A_NMDA' = -A_NMDA / rise_NMDA
    B_NMDA' = -B_NMDA / tau_decay_NMDA
}

: rise over decay, within limits that keep the two apart
FUNCTION ratio(rise (ms), decay (ms)) {
    ratio = rise / decay
    if (ratio > 0.9999) {
        ratio = 0.9999
    }
    if (ratio < 1e-9) {
        ratio = 1e-9
    }
}

NET_RECEIVE(weight) {
    A_AMPA = A_AMPA + weight * factor_AMPA
    B_AMPA = B_AMPA + weight * factor_AMPA
    A_NMDA = A_NMDA + weight * factor_NMDA
    B_NMDA = B_NMDA + weight * factor_NMDA
}
