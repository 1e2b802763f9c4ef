: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests ELECTRODE_CURRENT of a POINT_PROCESS, t in BREAKPOINT and at_time.
ENDCOMMENT

NEURON {
    POINT_PROCESS RampClamp
    ELECTRODE_CURRENT i
    RANGE del, dur, start, stop, i
}

UNITS { (nA) = (nanoamp) }

PARAMETER {
    del = 10 (ms)
    dur = 50 (ms) <0, 1e9>
    start = 0 (nA)
    stop = 0.2 (nA)
}

ASSIGNED {
    i (nA)
}

INITIAL {
    i = 0
}

BREAKPOINT {
    at_time(del)
    at_time(del + dur)
    if (t < del + dur && t >= del) {
        i = start + (stop - start) * (t - del) / dur
    } else {
        i = 0
    }
}
