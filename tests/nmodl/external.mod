: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests EXTERNAL: a GLOBAL of another file (globals.mod) that this one reads.
ENDCOMMENT

NEURON {
    SUFFIX extern
    NONSPECIFIC_CURRENT i
    EXTERNAL vhalf_globs
    RANGE gbar, e
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0002 (S/cm2)
    e = -80 (mV)
}

ASSIGNED {
    v (mV)
    vhalf_globs (mV)
    i (mA/cm2)
}

BREAKPOINT {
    i = gbar * (v - e) / (1 + exp(-(v - vhalf_globs) / 10(mV)))
}
