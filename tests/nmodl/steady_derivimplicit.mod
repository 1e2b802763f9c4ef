: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests SOLVE STEADYSTATE derivimplicit in INITIAL: the state begins where its nonlinear equation rests.
ENDCOMMENT

NEURON {
    SUFFIX stdimp
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, k, drive
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -80 (mV)
    k = 0.2 (/ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    drive (/ms)
}

STATE { x q }

INITIAL {
    x = 0.5
    q = 0.5
    SOLVE flow STEADYSTATE derivimplicit
}

BREAKPOINT {
    SOLVE flow METHOD derivimplicit
    i = gbar * x * q * (v - e)
}

DERIVATIVE flow {
    drive = 0.1(/ms) / (1 + exp(-(v + 60(mV)) / 8(mV)))
    x' = drive - k * x * x
    q' = k * (x - q - q * q * q)
}
