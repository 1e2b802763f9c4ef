: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests flag and net_send: each event opens a pulse of fixed duration; one that comes within a pulse
prolongs it by net_move.
ENDCOMMENT

NEURON {
    POINT_PROCESS Pulse
    NONSPECIFIC_CURRENT i
    RANGE dur, g, e, i, on, tau
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    dur = 4.1 (ms)
    g = 0.002 (uS)
    e = 0 (mV)
    tau = 1.5 (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    on
}

STATE { open }

INITIAL {
    on = 0
    open = 0
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = g * open * (v - e)
}

DERIVATIVE gate {
    open' = (on - open) / tau
}

NET_RECEIVE(w) {
    if (flag == 0) {
        if (on == 0) {
            on = w
            net_send(dur, 1)
        } else {
            net_move(t + dur)
        }
    }
    if (flag == 1) {
        on = 0
    }
}
