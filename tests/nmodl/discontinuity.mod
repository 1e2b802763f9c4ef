: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests state_discontinuity in NET_RECEIVE, and a weight that is negative.
ENDCOMMENT

NEURON {
    POINT_PROCESS Jump
    NONSPECIFIC_CURRENT i
    RANGE tau, i, q
}

UNITS { (nA) = (nanoamp) }

PARAMETER { tau = 6 (ms) }

ASSIGNED { i (nA) }

STATE { q (nA) }

INITIAL {
    q = 0
}

BREAKPOINT {
    SOLVE fade METHOD cnexp
    i = -q
}

DERIVATIVE fade {
    q' = -q / tau
}

NET_RECEIVE(w (nA)) {
    state_discontinuity(q, q + w)
}
