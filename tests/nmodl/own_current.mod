: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests the use of an ion's current that a mechanism writes and does not READ: its own of the last
BREAKPOINT, whatever others carry.
ENDCOMMENT

NEURON {
    SUFFIX owncur
    USEION ca READ eca, cai WRITE ica, cai
    RANGE gbar, depth, tau, rest
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    (S) = (siemens)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    gbar = 0.00002 (S/cm2)
    depth = 0.3 (um)
    tau = 40 (ms)
    rest = 0.0001 (mM)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
}

STATE {
    cai (mM)
    m
}

INITIAL {
    cai = rest
    m = open(v)
    ica = gbar * m * (v - eca)
}

BREAKPOINT {
    SOLVE pool METHOD cnexp
    ica = gbar * m * (v - eca)
}

DERIVATIVE pool {
    m' = (open(v) - m) / 5(ms)
    cai' = -(1e4) * ica / (2 * FARADAY * depth) + (rest - cai) / tau
}

FUNCTION open(v (mV)) {
    open = 1 / (1 + exp(-(v + 45(mV)) / 6(mV)))
}
