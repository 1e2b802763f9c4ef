: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests PROTECT and MUTEXLOCK around a GLOBAL counter, which nothing depends on.
ENDCOMMENT

NEURON {
    SUFFIX counts
    NONSPECIFIC_CURRENT i
    RANGE gbar, e
    GLOBAL calls, starts
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0002 (S/cm2)
    e = -60 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    calls
    starts
}

INITIAL {
    MUTEXLOCK
    starts = starts + 1
    MUTEXUNLOCK
}

BREAKPOINT {
    PROTECT calls = calls + 1
    i = gbar * (v - e)
}
