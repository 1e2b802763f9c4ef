: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests NET_RECEIVE with several weights and an INITIAL block in it, conditions in it, and LOCAL.
ENDCOMMENT

NEURON {
    POINT_PROCESS Weights
    NONSPECIFIC_CURRENT i
    RANGE tau, e, i, g, recover
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau = 4 (ms)
    e = -10 (mV)
    recover = 30 (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
}

STATE { g (uS) }

INITIAL {
    g = 0
}

BREAKPOINT {
    SOLVE fade METHOD cnexp
    i = g * (v - e)
}

DERIVATIVE fade {
    g' = -g / tau
}

NET_RECEIVE(w (uS), gain, count, before (ms)) { LOCAL boost
    INITIAL {
        count = 0
        before = -1e3(ms)
    }
    boost = gain * exp(-(t - before) / recover)
    if (count > 3) {
        boost = 0
    }
    count = count + 1
    before = t
    g = g + w * (1 + boost)
}
