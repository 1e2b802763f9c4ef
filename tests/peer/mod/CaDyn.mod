: SPDX-License-Identifier: BSD-3-Clause
TITLE CaDyn: calcium in a shell under the membrane, after Destexhe et al. 1994 (J Comput Neurosci 1:195)

COMMENT
The pool of the reference cell, whose pump is off (kt = 0): influx and decay only, so that cnexp is exact.
ENDCOMMENT

NEURON {
    SUFFIX CaDyn
    USEION ca READ ica, cai WRITE cai
    RANGE depth, taur, cainf, gamma
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (um) = (micron)
    (mM) = (milli/liter)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    depth = 0.1 (um)
    taur = 50 (ms)
    cainf = 1e-4 (mM)
    gamma = 1
}

ASSIGNED {
    ica (mA/cm2)
    influx (mM/ms)
}

STATE { cai (mM) }

INITIAL {
    cai = cainf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
}

DERIVATIVE states {
    influx = -(1e4) * ica * gamma / (2 * FARADAY * depth)
    if (influx < 0) {
        influx = 0
    }
    cai' = influx + (cainf - cai) / taur
}
