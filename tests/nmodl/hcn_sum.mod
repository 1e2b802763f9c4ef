: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests sums of gates with weights, two temperature factors, and a state that is read by RANGE alone.
ENDCOMMENT

NEURON {
    SUFFIX hsum
    NONSPECIFIC_CURRENT ih
    RANGE gbar, eh, fraction, fast, slow, ih, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0005 (S/cm2)
    eh = -35 (mV)
    fraction = 0.7 <0, 1>
    half = -80 (mV)
    q10 = 3
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ih (mA/cm2)
    g (S/cm2)
    inf
    qt
}

STATE { fast slow }

INITIAL {
    qt = q10^((celsius - 24(degC)) / 10(degC))
    inf = open(v)
    fast = inf
    slow = inf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    g = gbar * (fraction * fast + (1 - fraction) * slow)
    ih = g * (v - eh)
}

DERIVATIVE gates {
    inf = open(v)
    fast' = qt * (inf - fast) / (10(ms) + 40(ms) * bell(v))
    slow' = qt * (inf - slow) / (100(ms) + 300(ms) * bell(v))
}

FUNCTION open(v (mV)) {
    open = 1 / (1 + exp((v - half) / 8(mV)))
}

FUNCTION bell(v (mV)) {
    bell = exp(-((v - half) / 30(mV))^2)
}
