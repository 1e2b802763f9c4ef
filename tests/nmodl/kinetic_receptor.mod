: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a receptor as a KINETIC in a point process: transmitter pulses by net_send bind to two sites,
desensitisation, CONSERVE, a conductance of the open states.
ENDCOMMENT

NEURON {
    POINT_PROCESS Receptor
    NONSPECIFIC_CURRENT i
    RANGE gmax, e, width, level, i, g, C
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
}

PARAMETER {
    gmax = 0.01 (uS)
    e = 0 (mV)
    width = 1 (ms)
    level = 1 (mM)
    kon = 5 (/mM-ms)
    koff = 2 (/ms)
    alpha = 0.8 (/ms)
    beta = 1.5 (/ms)
    kd = 0.2 (/ms)
    kr = 0.02 (/ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
    C (mM)
    pulses
}

STATE { R R1 R2 D O }

INITIAL {
    C = 0
    pulses = 0
    R = 1
    R1 = 0
    R2 = 0
    D = 0
    O = 0
}

BREAKPOINT {
    SOLVE scheme METHOD sparse
    g = gmax * O
    i = g * (v - e)
}

KINETIC scheme {
    ~ R <-> R1 (2 * kon * C, koff)
    ~ R1 <-> R2 (kon * C, 2 * koff)
    ~ R2 <-> D (kd, kr)
    ~ R2 <-> O (beta, alpha)
    CONSERVE R + R1 + R2 + D + O = 1
}

NET_RECEIVE(w) {
    if (flag == 0) {
        C = C + w * level
        pulses = pulses + 1
        net_send(width, 1)
    } else {
        pulses = pulses - 1
        if (pulses == 0) {
            C = 0
        }
    }
}
