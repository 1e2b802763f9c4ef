: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a PARAMETER that the file changes: what the user sets is its value at the start of a run.
ENDCOMMENT

NEURON {
    POINT_PROCESS PulseTrain
    RANGE del, dur, per, amp, num
    GLOBAL least
    ELECTRODE_CURRENT i
}

UNITS {
    (nA) = (nanoamp)
}

PARAMETER {
    del = 5.3 (ms)
    dur = 4 (ms)
    per = 0 (ms)
    amp = 0.02 (nA)
    num = 3
    least = 0.5 (ms)
}

ASSIGNED {
    i (nA)
    on
}

INITIAL {
    if (least < 2(ms)) {
        least = least + 2(ms)
    }
    if (per < dur + least) {
        per = dur + least
    }
    on = 0
    net_send(del, 1)
}

BREAKPOINT {
    i = amp * on
}

NET_RECEIVE (w) {
    if (flag == 1) {
        if (on == 0) {
            on = 1
            num = num - 1
            amp = amp * 1.25
            net_send(dur, 1)
        } else {
            on = 0
            if (num > 0) {
                net_send(per - dur, 1)
            }
        }
    }
}
