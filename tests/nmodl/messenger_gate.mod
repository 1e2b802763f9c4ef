: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests READ of a concentration that another file (messenger.mod) writes, with a power in the gate.
ENDCOMMENT

NEURON {
    SUFFIX messgate
    USEION ip READ ipi VALENCE 1
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, half, hill, inf
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
}

PARAMETER {
    gbar = 0.0005 (S/cm2)
    e = -85 (mV)
    half = 0.0006 (mM)
    hill = 2.5
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    ipi (mM)
    inf
}

STATE { o }

INITIAL {
    inf = open(ipi)
    o = inf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = gbar * o * (v - e)
}

DERIVATIVE gate {
    inf = open(ipi)
    o' = (inf - o) / 4(ms)
}

FUNCTION open(c (mM)) { LOCAL x
    x = (c / half)^hill
    open = x / (1 + x)
}
