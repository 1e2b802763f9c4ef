: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests at_time and t in BREAKPOINT of a density mechanism: a conductance that is on for a while.
ENDCOMMENT

NEURON {
    SUFFIX window
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, begin, stop, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0003 (S/cm2)
    e = -40 (mV)
    begin = 20.3 (ms)
    stop = 60.3 (ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    g (S/cm2)
}

BREAKPOINT {
    g = 0
    if (at_time(begin)) {
        g = 0
    }
    at_time(stop)
    if (t > begin && t < stop) {
        g = gbar
    }
    i = g * (v - e)
}
