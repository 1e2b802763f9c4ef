: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests PARAMETER with limits, negative and scientific numbers, and STATE FROM TO START: the state
begins at its START, for INITIAL leaves it alone.
ENDCOMMENT

NEURON {
    SUFFIX limits
    NONSPECIFIC_CURRENT i
    RANGE g, e, rest, tau
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    g = 3.0e-4 (S/cm2) <0, 1e9>
    e = -6.5e+1 (mV)
    tau = 12 (ms) <1e-9, 1e9>
    rest = .25 <0, 1>
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { x FROM 0 TO 1 START 0.9 }

INITIAL { }

BREAKPOINT {
    SOLVE relax METHOD cnexp
    i = g * x * (v - e)
}

DERIVATIVE relax {
    x' = (rest - x) / tau
}
