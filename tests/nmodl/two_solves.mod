: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests two SOLVE statements in one BREAKPOINT, by different methods, the second using the first's
states, and an IF in a KINETIC.
ENDCOMMENT

NEURON {
    SUFFIX twosol
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, open
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.002 (S/cm2)
    e = -80 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    open (/ms)
}

STATE { m c o d }

INITIAL {
    m = 1 / (1 + exp(-(v + 58(mV)) / 5(mV)))
    c = 1
    o = 0
    d = 0
}

BREAKPOINT {
    SOLVE sensor METHOD cnexp
    SOLVE pore METHOD sparse
    i = gbar * o * (v - e)
}

DERIVATIVE sensor {
    m' = (1 / (1 + exp(-(v + 58(mV)) / 5(mV))) - m) / 3(ms)
}

KINETIC pore {
    open = 0.4(/ms) * m
    if (m > 0.5) {
        open = 0.2(/ms) + 0.6(/ms) * (m - 0.5)
    }
    ~ c <-> o (open, 0.3(/ms))
    ~ o <-> d (0.1(/ms), 0.02(/ms))
    CONSERVE c + o + d = 1
}
