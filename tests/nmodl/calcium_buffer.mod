: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a nonlinear KINETIC of an ion's concentration: calcium, a fast buffer with CONSERVE, decay to rest.
ENDCOMMENT

NEURON {
    SUFFIX cabuf
    USEION ca READ cai, ica WRITE cai
    RANGE depth, total, kon, koff, tau, rest
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    depth = 0.5 (um)
    total = 0.05 (mM)
    kon = 20 (/mM-ms)
    koff = 0.05 (/ms)
    tau = 40 (ms)
    rest = 1e-4 (mM)
}

ASSIGNED { ica (mA/cm2) }

STATE {
    cai (mM)
    buf (mM)
    cabuf (mM)
}

INITIAL {
    cai = rest
    cabuf = total * kon * cai / (kon * cai + koff)
    buf = total - cabuf
}

BREAKPOINT {
    SOLVE bind METHOD sparse
}

KINETIC bind {
    ~ cai << (-(1e4) * ica / (2 * FARADAY * depth) + rest / tau)
    ~ cai -> (1 / tau)
    ~ cai + buf <-> cabuf (kon, koff)
    CONSERVE buf + cabuf = total
}
