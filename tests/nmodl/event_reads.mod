: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests NET_RECEIVE that reads v, calls a FUNCTION and a PROCEDURE, sends itself two events for one
time, and sets an ASSIGNED that BREAKPOINT uses.
ENDCOMMENT

NEURON {
    POINT_PROCESS Reader
    NONSPECIFIC_CURRENT i
    RANGE tau, e, i, g, gain, seen
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau = 3 (ms)
    e = -5 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    gain
    seen
    held (uS)
}

STATE { g (uS) }

INITIAL {
    g = 0
    gain = 1
    seen = 0
    held = 0
}

BREAKPOINT {
    SOLVE fade METHOD cnexp
    i = gain * g * (v - e)
}

DERIVATIVE fade {
    g' = -g / tau
}

FUNCTION level(v (mV)) {
    level = 1 / (1 + exp(-(v + 60(mV)) / 5(mV)))
}

PROCEDURE count() {
    seen = seen + 1
}

NET_RECEIVE(w (uS)) {
    if (flag == 0) {
        g = g + w * (2 - level(v))
        held = w
        count()
        net_send(2.1, 1)
        net_send(2.1, 2)
    } else if (flag == 1) {
        gain = 1.5
    } else {
        g = g + 0.5 * held * gain
        gain = 1
    }
}
