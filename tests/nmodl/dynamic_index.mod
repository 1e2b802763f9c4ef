: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests an array whose index is computed from v, and t in a DERIVATIVE.
ENDCOMMENT

DEFINE N 5

NEURON {
    SUFFIX dynidx
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, which, x
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    PI = (pi) (1)
}

PARAMETER {
    gbar = 0.0004 (S/cm2)
    e = -80 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    level[N]
    which
}

STATE { x s }

INITIAL {
    FROM j = 0 TO N-1 {
        level[j] = j * j / 16
    }
    x = 0
    s = 0
}

BREAKPOINT {
    SOLVE both METHOD cnexp
    i = gbar * (x + 0.2 * s) * (v - e)
}

DERIVATIVE both { LOCAL k
    k = (v + 75(mV)) / 5(mV)
    if (k < 0) {
        k = 0
    }
    if (k > 4) {
        k = 4
    }
    which = floor(k)
    x' = (level[which] - x) / 8(ms)
    s' = (sin(2 * PI * t / 25(ms)) - s) / 5(ms)
}
