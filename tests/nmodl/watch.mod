: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests WATCH with two conditions, upwards and downwards, of which each sets the other one.
ENDCOMMENT

NEURON {
    POINT_PROCESS Watcher
    NONSPECIFIC_CURRENT i
    RANGE high, low, g, e, tau, ups, downs, on, i
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    high = -55 (mV)
    low = -62 (mV)
    g = 0.02 (uS)
    e = -80 (mV)
    tau = 2 (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    on
    ups
    downs
}

STATE { open }

INITIAL {
    on = 0
    open = 0
    ups = 0
    downs = 0
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = g * open * (v - e)
}

DERIVATIVE gate {
    open' = (on - open) / tau
}

NET_RECEIVE(w) {
    if (flag == 1) {
        WATCH (v > high) 2
    }
    if (flag == 2) {
        on = 1
        ups = ups + 1
        WATCH (v < low) 3
    }
    if (flag == 3) {
        on = 0
        downs = downs + 1
        WATCH (v > high) 2
    }
}
