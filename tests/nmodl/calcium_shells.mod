: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a KINETIC over arrays: calcium in concentric shells of equal thickness, COMPARTMENT with an
index, a FROM loop of reactions, diam, a buffer in each shell.
ENDCOMMENT

DEFINE N 4

NEURON {
    SUFFIX shells
    USEION ca READ cai, ica WRITE cai
    RANGE D, btotal, kon, koff, tau, rest
    GLOBAL volume, coupling
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = (faraday) (coulomb)
    PI = (pi) (1)
}

PARAMETER {
    D = 0.22 (um2/ms)
    btotal = 0.02 (mM)
    kon = 50 (/mM-ms)
    koff = 0.1 (/ms)
    tau = 30 (ms)
    rest = 1e-4 (mM)
}

ASSIGNED {
    diam (um)
    ica (mA/cm2)
    cai (mM)
    volume[N] (um2)
    coupling[N]
}

STATE {
    ca[N] (mM)
    cb[N] (mM)
}

INITIAL {
    shape()
    FROM j = 0 TO N-1 {
        ca[j] = rest
        cb[j] = btotal * kon * rest / (kon * rest + koff)
    }
    cai = ca[0]
}

BREAKPOINT {
    SOLVE shells METHOD sparse
}

PROCEDURE shape() { LOCAL dr, outer
    dr = diam / 2 / N
    outer = diam / 2
    FROM j = 0 TO N-1 {
        volume[j] = PI * (outer^2 - (outer - dr)^2)
        outer = outer - dr
        coupling[j] = 2 * PI * outer / dr
    }
}

KINETIC shells {
    COMPARTMENT j, volume[j] { ca cb }
    ~ ca[0] << (-ica * PI * diam * (1e4) / (2 * FARADAY) + volume[0] * (rest - ca[0]) / tau)
    FROM j = 0 TO N-2 {
        ~ ca[j] <-> ca[j+1] (coupling[j] * D, coupling[j] * D)
    }
    FROM j = 0 TO N-1 {
        ~ ca[j] <-> cb[j] (kon * (btotal - cb[j]) * volume[j], koff * volume[j])
    }
    cai = ca[0]
}
