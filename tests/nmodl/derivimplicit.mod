: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests METHOD derivimplicit: a pool with saturating removal and a buffer, coupled and not linear.
ENDCOMMENT

NEURON {
    SUFFIX dimp
    USEION ca READ ica, cai WRITE cai
    RANGE depth, vmax, kd, kon, koff, btotal
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    depth = 0.1 (um)
    vmax = 0.0005 (mM/ms)
    kd = 0.001 (mM)
    kon = 10 (/mM-ms)
    koff = 0.01 (/ms)
    btotal = 0.01 (mM)
    leak = 0.000025 (mM/ms)
}

ASSIGNED { ica (mA/cm2) }

STATE {
    cai (mM)
    cb (mM)
}

INITIAL {
    cai = 5.263157894736842e-05
    cb = btotal * kon * cai / (kon * cai + koff)
}

BREAKPOINT {
    SOLVE pool METHOD derivimplicit
}

DERIVATIVE pool { LOCAL influx, bind
    influx = -(1e4) * ica / (2 * FARADAY * depth) + leak
    bind = kon * cai * (btotal - cb) - koff * cb
    cai' = influx - bind - vmax * cai / (kd + cai)
    cb' = bind
}
