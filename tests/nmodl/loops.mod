: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests WHILE, FROM with a computed end, and BY, in upper and lower case.
ENDCOMMENT

NEURON {
    SUFFIX loops
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, terms, series, root
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -80 (mV)
    terms = 6
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    series
    root
}

BREAKPOINT {
    sum((v + 65(mV)) / 40(mV))
    square(1 + series * series)
    i = gbar * (v - e) / root
}

: a piece of the odd series of sin
PROCEDURE sum(x) { LOCAL term, sign
    series = 0
    term = x
    FROM k = 1 TO terms {
        series = series + term
        term = -term * x * x / ((2 * k) * (2 * k + 1))
    }
    sign = 0
    FROM k = 0 TO 6 BY 2 {
        sign = sign + k
    }
    series = series + (sign - 12)
}

: Heron's root
PROCEDURE square(x) { LOCAL last
    root = x
    last = 0
    while (fabs(root - last) > 1e-12 * root) {
        last = root
        root = 0.5 * (root + x / root)
    }
}
