: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a synapse whose current is not linear in v: a magnesium block (Jahr & Stevens 1990, J Neurosci
10:3178), beside a fast part without it; two NONSPECIFIC_CURRENTs of a point.
ENDCOMMENT

NEURON {
    POINT_PROCESS SlowFast
    NONSPECIFIC_CURRENT inmda, iampa
    RANGE tau, tauslow, mg, e, ratio, inmda, iampa
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
}

PARAMETER {
    tau = 2 (ms)
    tauslow = 40 (ms)
    mg = 1 (mM)
    ratio = 1.5
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    inmda (nA)
    iampa (nA)
}

STATE {
    fast (uS)
    slow (uS)
}

INITIAL {
    fast = 0
    slow = 0
}

BREAKPOINT {
    SOLVE fade METHOD cnexp
    iampa = fast * (v - e)
    inmda = slow * block(v) * (v - e)
}

DERIVATIVE fade {
    fast' = -fast / tau
    slow' = -slow / tauslow
}

FUNCTION block(v (mV)) {
    block = 1 / (1 + mg / 3.57(mM) * exp(-0.062(/mV) * v))
}

NET_RECEIVE(w (uS)) {
    fast = fast + w
    slow = slow + ratio * w
}
