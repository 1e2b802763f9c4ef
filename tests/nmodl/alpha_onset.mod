: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a synapse without events: a function of t and an onset, `?` comments, upper and lower case.
ENDCOMMENT

INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }

NEURON {
    POINT_PROCESS Onset
    NONSPECIFIC_CURRENT i
    RANGE onset, tau, gmax, e, i, g
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    onset = 15 (ms) ? when it begins
    tau = 4 (ms) <1e-3, 1e6>
    gmax = 0.004 (uS) <0, 1e9>
    e = 0 (mV)
}

ASSIGNED { v (mV) i (nA) g (uS) }

BREAKPOINT {
    IF (gmax) { at_time(onset) }
    g = gmax * alpha((t - onset) / tau)
    i = g * (v - e)
}

FUNCTION alpha(x) {
    IF (x < 0 || x > 10) {
        alpha = 0
    } ELSE {
        alpha = x * exp(1 - x)
    }
}
