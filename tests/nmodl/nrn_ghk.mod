: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests the functions nrn_ghk(v, ci, co, z) and ghk's use of celsius.
ENDCOMMENT

NEURON {
    SUFFIX ghkown2
    USEION k READ ki, ko WRITE ik
    RANGE pbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
}

PARAMETER { pbar = 2e-6 (cm/s) }

ASSIGNED {
    v (mV)
    celsius (degC)
    ki (mM)
    ko (mM)
    ik (mA/cm2)
}

BREAKPOINT {
    ik = pbar * nrn_ghk(v, ki, ko, 1)
}
