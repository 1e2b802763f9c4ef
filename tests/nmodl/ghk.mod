: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests the Goldman-Hodgkin-Katz current with functions of one's own, for a permeability of calcium.
ENDCOMMENT

NEURON {
    SUFFIX ghkown
    USEION ca READ cai, cao WRITE ica
    RANGE pbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    F = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER { pbar = 0.0001 (cm/s) }

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    ica (mA/cm2)
}

STATE { m }

INITIAL {
    m = open(v)
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    ica = pbar * m * m * flow(v, cai, cao)
}

DERIVATIVE gate {
    m' = (open(v) - m) / 2(ms)
}

FUNCTION open(v (mV)) {
    open = 1 / (1 + exp(-(v + 40(mV)) / 7(mV)))
}

: charge by volume, millicoulomb per cm3
FUNCTION flow(v (mV), ci (mM), co (mM)) (.001 coul/cm3) { LOCAL z, eci, eco
    z = (1e-3) * 2 * F * v / (R * (celsius + 273.15))
    eco = co * efun(z)
    eci = ci * efun(-z)
    flow = (.001) * 2 * F * (eci - eco)
}

FUNCTION efun(z) {
    if (fabs(z) < 1e-4) {
        efun = 1 - z / 2
    } else {
        efun = z / (exp(z) - 1)
    }
}
