: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a KINETIC that is not linear: two molecules of A make one of B, which opens a conductance.
ENDCOMMENT

NEURON {
    SUFFIX kinnon
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, feed, kf, kb, loss
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
}

PARAMETER {
    gbar = 0.002 (S/cm2/mM)
    e = -85 (mV)
    feed = 0.05 (mM/ms)
    kf = 0.4 (/mM-ms)
    kb = 0.1 (/ms)
    loss = 0.05 (/ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    open
}

STATE {
    A (mM)
    B (mM)
}

INITIAL {
    A = 0.2
    B = 0
}

BREAKPOINT {
    SOLVE dimer METHOD sparse
    i = gbar * B * (v - e)
}

KINETIC dimer {
    open = 1 / (1 + exp(-(v + 58(mV)) / 4(mV)))
    ~ A << (feed * open)
    ~ 2 A <-> B (kf, kb)
    ~ A -> (loss)
}
