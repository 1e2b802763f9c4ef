: SPDX-License-Identifier: BSD-3-Clause
COMMENT
The same for NEURON 8.2.2, which takes a step of 1e-9 ms for STEADYSTATE derivimplicit, with the rest computed.
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
    drive = 0.1(/ms) / (1 + exp(-(v + 60(mV)) / 8(mV)))
    x = sqrt(drive / k)
    q = 0.5
    FROM n = 1 TO 50 {
        q = q - (q + q * q * q - x) / (1 + 3 * q * q)
    }
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
