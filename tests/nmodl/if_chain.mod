: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests IF and ELSE chains, logic of several tests, comparison of all kinds, ! and nested IFs.
ENDCOMMENT

NEURON {
    SUFFIX ifs
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, level, tau
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0008 (S/cm2)
    e = -85 (mV)
    mode = 2
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    level
    tau (ms)
}

STATE { x }

INITIAL {
    choose(v)
    x = level
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = gbar * x * (v - e)
}

DERIVATIVE gate {
    choose(v)
    x' = (level - x) / tau
}

PROCEDURE choose(v (mV)) {
    if (v < -70) {
        level = 0
    } else if (v >= -70 && v < -60) {
        level = 0.3
    } else if (v >= -60 && v <= -50 || mode == 7) {
        level = 0.7
    } else {
        level = 1
    }
    tau = 10
    if (mode != 1) {
        if (!(v > -62)) {
            tau = 4
        } else {
            if (level > 0.5) { tau = 7 }
        }
    }
}
