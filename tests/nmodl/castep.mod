: SPDX-License-Identifier: BSD-3-Clause
COMMENT
A calcium channel for the files that need an influx: USEION READ e WRITE i, nothing more.
ENDCOMMENT

NEURON {
    SUFFIX castep
    USEION ca READ eca WRITE ica
    RANGE gbar, minf, ica
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER { gbar = 0.0001 (S/cm2) }

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    minf
}

STATE { m }

INITIAL {
    minf = 1 / (1 + exp(-(v + 40) / 6(mV)))
    m = minf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    ica = gbar * m * (v - eca)
}

DERIVATIVE gate {
    minf = 1 / (1 + exp(-(v + 40) / 6(mV)))
    m' = (minf - m) / 3(ms)
}
