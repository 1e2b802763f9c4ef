: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests which operator binds first, and comparisons as numbers.
ENDCOMMENT

NEURON {
    SUFFIX preced
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, p1, p2, p3, p4, p5, p6
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0003 (S/cm2)
    e = -75 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    p1 p2 p3 p4 p5 p6
}

STATE { s }

INITIAL {
    s = 0
    all(v)
}

BREAKPOINT {
    SOLVE sum METHOD cnexp
    i = gbar * (1 + 0.1 * s) * (v - e)
}

DERIVATIVE sum {
    all(v)
    s' = (p1 + p2 + p3 + p4 + p5 + p6 - s) / 20(ms)
}

PROCEDURE all(v (mV)) { LOCAL x, y
    x = 1 + (v + 60(mV)) / 200(mV)
    y = 2 - x
    p1 = -x^2 + 2 * x^2 - x^-1
    p2 = y - x - 0.5 - 0.25
    p3 = y / x / 2 * 3 / x * y
    p4 = -x * y + - y * - x - (-x)
    p5 = (x > y) + 2 * (x < y) + (x != y) * 0.5
    p6 = 0
    if (!(x > y) && y < 3 || x > 0.9 && y > 0.9) {
        p6 = 2^x^2 / 4
    }
}
