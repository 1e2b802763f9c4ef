: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests UNITS (names, constants), numbers with units, factors in parentheses, UNITSOFF and UNITSON.
ENDCOMMENT

NEURON {
    SUFFIX unum
    NONSPECIFIC_CURRENT i
    RANGE gamma, density, e, vt, g, minf
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (pS) = (picosiemens)
    (um) = (micron)
    F = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
    PI = (pi) (1)
}

PARAMETER {
    gamma = 20 (pS)
    density = 0.5 (/um2)
    e = -75 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    i (mA/cm2)
    g (S/cm2)
    vt (mV)
    minf
}

STATE { m }

INITIAL {
    vt = (1000) * R * (celsius + 273.15) / F
    rate(v / 1(mV))
    m = minf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    g = (1e-4) * gamma * density * m * PI / 3
    i = g * (v - e)
}

DERIVATIVE gate {
    rate(v / 1(mV))
    m' = (minf - m) / 4(ms)
}

UNITSOFF
PROCEDURE rate(v) {
    minf = 1 / (1 + exp(-(v + 55) / (0.5 * vt)))
}
UNITSON
