: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests ARTIFICIAL_CELL with net_send in INITIAL and net_move: a clock that events set forward.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL Clock
    RANGE period, phase, ticks
}

PARAMETER {
    period = 12.3 (ms)
    phase = 4.5 (ms)
}

ASSIGNED {
    ticks
    next (ms)
}

INITIAL {
    ticks = 0
    next = phase
    net_send(phase, 1)
}

NET_RECEIVE(shift (ms)) {
    if (flag == 1) {
        net_event(t)
        ticks = ticks + 1
        next = t + period
        net_send(period, 1)
    } else {
        if (next - shift > t) {
            next = next - shift
            net_move(next)
        }
    }
}
