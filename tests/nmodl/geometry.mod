: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests diam and area: a density that depends on the diameter, a scaled current of the segment.
ENDCOMMENT

NEURON {
    SUFFIX geom
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, total, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (nA) = (nanoamp)
    (S) = (siemens)
    (um) = (micron)
}

PARAMETER {
    gbar = 0.0003 (S/cm2)
    e = -75 (mV)
    diam0 = 10 (um)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    diam (um)
    area (um2)
    total (nA)
    g (S/cm2)
}

INITIAL {
    g = gbar * sqrt(diam / diam0)
}

BREAKPOINT {
    i = g * (v - e)
    total = i * area * (1e-2)
}
