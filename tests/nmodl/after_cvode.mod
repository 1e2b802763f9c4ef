: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests SOLVE of a PROCEDURE with METHOD after_cvode.
ENDCOMMENT

NEURON {
    SUFFIX aftcv
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, trace
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0005 (S/cm2)
    e = -80 (mV)
}

ASSIGNED {
    v (mV)
    dt (ms)
    i (mA/cm2)
    trace (mV)
}

INITIAL {
    trace = v
}

BREAKPOINT {
    SOLVE follow METHOD after_cvode
    i = gbar * (v - e) / (1 + exp(-(trace + 55(mV)) / 5(mV)))
}

PROCEDURE follow() {
    trace = trace + dt * (v - trace) / 10(ms)
}
