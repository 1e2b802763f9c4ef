: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a current that is a polynomial of v (not linear), with its recovery variable by cnexp, after
FitzHugh 1961 (Biophys J 1:445).
ENDCOMMENT

NEURON {
    SUFFIX fitz
    NONSPECIFIC_CURRENT i
    RANGE k, low, mid, high, a, b, u
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (uA) = (microamp)
}

PARAMETER {
    k = 0.001 (mA/cm2)
    low = -65 (mV)
    mid = -50 (mV)
    high = 30 (mV)
    a = 0.02 (/ms)
    b = 0.4
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { u }

INITIAL {
    u = 0
}

BREAKPOINT { LOCAL x
    SOLVE recovery METHOD cnexp
    x = (v - low) / (high - low)
    i = k * (-20 * x * (1 - x) * (x - (mid - low) / (high - low)) + u)
}

DERIVATIVE recovery {
    u' = a * (b * 20 * (v - low) / (high - low) - u)
}
