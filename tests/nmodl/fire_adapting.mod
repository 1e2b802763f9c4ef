: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests ARTIFICIAL_CELL with a FUNCTION in NET_RECEIVE, states kept in ASSIGNED, and a barrier that
each of its own events raises.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL AdaptingFire
    RANGE taum, taut, rise, m, barrier, count
}

PARAMETER {
    taum = 10 (ms) <1e-9, 1e9>
    taut = 30 (ms) <1e-9, 1e9>
    rise = 0.8
}

ASSIGNED {
    m
    barrier
    count
    last (ms)
}

INITIAL {
    m = 0
    barrier = 0
    count = 0
    last = t
}

FUNCTION faded(x, tau (ms)) {
    faded = x * exp(-(t - last) / tau)
}

NET_RECEIVE(w) {
    m = faded(m, taum)
    barrier = faded(barrier, taut)
    last = t
    m = m + w
    if (m > 1 + barrier) {
        net_event(t)
        m = 0
        barrier = barrier + rise
        count = count + 1
    }
}
