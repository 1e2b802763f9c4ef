: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests the functions of mathematics and the operator ^ in expressions of every kind.
ENDCOMMENT

NEURON {
    SUFFIX maths
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, a, b, c, d, f
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
    a b c d f
}

STATE { s }

INITIAL {
    s = 0
    all(v)
}

BREAKPOINT {
    SOLVE sum METHOD cnexp
    i = gbar * (1 + 0.2 * s) * (v - e)
}

DERIVATIVE sum {
    all(v)
    s' = (tanh(a + b + c + d + f) - s) / 9(ms)
}

PROCEDURE all(v (mV)) { LOCAL x, y
    x = v / 50(mV)
    y = 1.5 + x * x
    a = exp(-y) + log(y) + log10(y) + pow(y, 0.7) - y^-1.3
    b = sqrt(y) + fabs(x) + sin(x) * cos(2 * x) + tan(x / 3)
    c = asin(sin(x) / 2) + acos(cos(x) / 2) + atan(x) + atan2(x, y)
    d = sinh(x / 2) - cosh(x / 2) + floor(10 * x) / 10 - ceil(10 * x) / 10
    f = fmod(y, 0.8) + y^2^0.5 - 2^-x / 3 - -x
}
