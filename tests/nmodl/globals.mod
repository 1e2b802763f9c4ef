: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests GLOBAL against RANGE, parameters in neither list, a GLOBAL ASSIGNED that INITIAL computes.
ENDCOMMENT

NEURON {
    SUFFIX globs
    USEION k READ ek WRITE ik
    RANGE gbar, scale
    GLOBAL vhalf, slope, qt
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    scale = 1
    vhalf = -50 (mV)
    slope = 9 (mV)
    taumax = 25 (ms)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    qt
    pinf
    ptau (ms)
}

STATE { p }

INITIAL {
    qt = 3^((celsius - 6.3(degC)) / 10(degC))
    steady(v)
    p = pinf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    ik = gbar * scale * p * p * (v - ek)
}

DERIVATIVE gate {
    steady(v)
    p' = (pinf - p) / ptau
}

PROCEDURE steady(v (mV)) {
    pinf = 1 / (1 + exp(-(v - vhalf) / slope))
    ptau = taumax / qt / (1 + ((v - vhalf) / slope)^2)
}
