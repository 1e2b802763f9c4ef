: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests WRITE of a reversal potential: one mechanism sets ena from celsius and time, hh uses it.
ENDCOMMENT

NEURON {
    SUFFIX setena
    USEION na WRITE ena
    RANGE base, drop, tau
}

UNITS { (mV) = (millivolt) }

PARAMETER {
    base = 50 (mV)
    drop = 10 (mV)
    tau = 50 (ms)
}

ASSIGNED { ena (mV) }

STATE { x }

INITIAL {
    x = 0
    ena = base
}

BREAKPOINT {
    SOLVE drift METHOD cnexp
    ena = base - drop * x
}

DERIVATIVE drift {
    x' = (1 - x) / tau
}
