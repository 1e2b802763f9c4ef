: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests concentrations that are only read, beside e of the same ion: NEURON computes e once, by Nernst's
equation, when the run begins.
ENDCOMMENT

NEURON {
    SUFFIX nread
    USEION ca READ cai, cao, eca WRITE ica
    RANGE gbar, ratio
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
}

PARAMETER { gbar = 0.00001 (S/cm2) }

ASSIGNED {
    v (mV)
    cai (mM)
    cao (mM)
    eca (mV)
    ica (mA/cm2)
    ratio
}

INITIAL {
    ratio = log(cao / cai)
}

BREAKPOINT {
    ica = gbar * ratio * (v - eca)
}
