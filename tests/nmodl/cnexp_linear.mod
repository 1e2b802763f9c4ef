: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests METHOD cnexp with linear equations: two gates by alpha and beta, one by a rate times state.
ENDCOMMENT

NEURON {
    SUFFIX cnlin
    USEION na READ ena WRITE ina
    RANGE gbar, am, bm, ah, bh
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER { gbar = 0.02 (S/cm2) }

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    am (/ms)
    bm (/ms)
    ah (/ms)
    bh (/ms)
}

STATE { m h s }

INITIAL {
    rates(v)
    m = am / (am + bm)
    h = ah / (ah + bh)
    s = 1
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = gbar * m * m * m * h * s * (v - ena)
}

DERIVATIVE gates {
    rates(v)
    m' = am * (1 - m) - bm * m
    h' = ah - (ah + bh) * h
    s' = -0.002(/ms) * s + 0.001(/ms)
}

PROCEDURE rates(v (mV)) { LOCAL x
    x = v + 38.5(mV)
    am = 0.5(/ms) * exp(x / 15(mV))
    bm = 2(/ms) * exp(-x / 20(mV))
    ah = 0.02(/ms) * exp(-x / 22(mV))
    bh = 1(/ms) / (1 + exp(-x / 8(mV)))
}
