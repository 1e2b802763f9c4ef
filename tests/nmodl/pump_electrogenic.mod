: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a current of an ion that a mechanism reads in its DERIVATIVE and writes in its BREAKPOINT: the
pool takes the total current of other mechanisms and its own.
ENDCOMMENT

NEURON {
    SUFFIX epump
    USEION ca READ ica, cai WRITE ica, cai
    RANGE depth, imax, half, tau, rest, ip
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    depth = 0.3 (um)
    imax = 0.0003 (mA/cm2)
    half = 0.001 (mM)
    tau = 60 (ms)
    rest = 0.0001 (mM)
}

ASSIGNED {
    ica (mA/cm2)
    ip (mA/cm2)
}

STATE { cai (mM) }

INITIAL {
    cai = rest
    ip = imax * cai / (cai + half)
    ica = ip
}

BREAKPOINT {
    SOLVE pool METHOD derivimplicit
    ip = imax * cai / (cai + half)
    ica = ip
}

DERIVATIVE pool {
    cai' = -(1e4) * ica / (2 * FARADAY * depth) + (rest - cai) / tau
}
