: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests BEFORE and AFTER blocks: before BREAKPOINT, after SOLVE, before STEP, after INITIAL.
ENDCOMMENT

NEURON {
    SUFFIX befaft
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, top, drive, steps, start
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -80 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    top (mV)
    drive
    steps
    start (mV)
}

STATE { x }

INITIAL {
    x = 0
    steps = 0
    top = v
}

AFTER INITIAL {
    start = v + 1
}

BEFORE BREAKPOINT {
    drive = 1 / (1 + exp(-(v + 55(mV)) / 5(mV)))
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = gbar * x * drive * (v - e)
}

DERIVATIVE gate {
    x' = (1 / (1 + exp(-(v + 60(mV)) / 5(mV))) - x) / 10(ms)
}

AFTER SOLVE {
    if (v > top) {
        top = v
    }
}

BEFORE STEP {
    steps = steps + 1
}
