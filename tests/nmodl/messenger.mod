: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests an ion of one's own that carries no current: the concentration of a second messenger, which
another file (messenger_gate.mod) reads.
ENDCOMMENT

NEURON {
    SUFFIX mess
    USEION ip READ ipi WRITE ipi VALENCE 1
    RANGE make, tau, rest
}

UNITS {
    (mV) = (millivolt)
    (mM) = (milli/liter)
}

PARAMETER {
    make = 0.0001 (mM/ms)
    tau = 25 (ms)
    rest = 0.0002 (mM)
}

ASSIGNED { v (mV) }

STATE { ipi (mM) }

INITIAL {
    ipi = rest
}

BREAKPOINT {
    SOLVE pool METHOD cnexp
}

DERIVATIVE pool {
    ipi' = make / (1 + exp(-(v + 55(mV)) / 5(mV))) + (rest - ipi) / tau
}
