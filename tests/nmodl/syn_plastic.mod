: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests FOR_NETCONS and WATCH: weights grow for events before a spike of the cell, shrink for those
after one, within limits.
ENDCOMMENT

NEURON {
    POINT_PROCESS Plastic
    NONSPECIFIC_CURRENT i
    RANGE tau, e, up, down, window, i, posts
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau = 3 (ms)
    e = 0 (mV)
    up = 0.3
    down = 0.2
    window = 15 (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    post (ms)
    posts
}

STATE { g (uS) }

INITIAL {
    g = 0
    post = -1e9
    posts = 0
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE fade METHOD cnexp
    i = g * (v - e)
}

DERIVATIVE fade {
    g' = -g / tau
}

NET_RECEIVE(w (uS), scale, pre (ms)) {
    INITIAL {
        scale = 1
        pre = -1e9
    }
    if (flag == 0) {
        g = g + w * scale
        pre = t
        scale = scale * (1 - down * exp((post - t) / window))
    } else if (flag == 1) {
        WATCH (v > -10) 2
    } else if (flag == 2) {
        post = t
        posts = posts + 1
        FOR_NETCONS(w1, s1, pre1) {
            s1 = s1 * (1 + up * exp((pre1 - t) / window))
            if (s1 > 3) {
                s1 = 3
            }
        }
    }
}
