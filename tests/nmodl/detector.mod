: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests net_event of a POINT_PROCESS, WATCH of an expression with a parameter and a state, a dead time.
ENDCOMMENT

NEURON {
    POINT_PROCESS Detector
    RANGE threshold_v, dead, slow, events
}

UNITS { (mV) = (millivolt) }

PARAMETER {
    threshold_v = -58 (mV)
    dead = 6 (ms)
    tau = 20 (ms)
}

ASSIGNED {
    v (mV)
    events
    silent
}

STATE { slow (mV) }

INITIAL {
    slow = v
    events = 0
    silent = 0
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE follow METHOD cnexp
}

DERIVATIVE follow {
    slow' = (v - slow) / tau
}

NET_RECEIVE(w) {
    if (flag == 1) {
        WATCH (v + 0.1 * (v - slow) > threshold_v) 2
    } else if (flag == 2) {
        if (silent == 0) {
            events = events + 1
            net_event(t)
            silent = 1
            net_send(dead, 3)
        }
    } else if (flag == 3) {
        silent = 0
    }
}
