: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests POINTER: half of a gap junction, which reads v elsewhere.
ENDCOMMENT

NEURON {
    POINT_PROCESS HalfGap
    NONSPECIFIC_CURRENT i
    POINTER vgap
    RANGE g, i
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER { g = 0.0005 (uS) }

ASSIGNED {
    v (mV)
    vgap (mV)
    i (nA)
}

BREAKPOINT {
    i = g * (v - vgap)
}
