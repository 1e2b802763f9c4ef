: SPDX-License-Identifier: BSD-3-Clause
TITLE CaDyn: calcium in a shell under the membrane, after Destexhe et al. 1994 (J Comput Neurosci 1:195)

COMMENT
Influx, decay and a pump: cai' = influx - kt cai/(cai + kd) + (cainf - cai)/taur. cnexp is exact in influx
and decay, with the pump at its rate of the step's beginning. It is off by default (kt = 0).
ENDCOMMENT

NEURON {
    SUFFIX CaDyn
    USEION ca READ ica, cai WRITE cai
    RANGE depth, taur, cainf, gamma, kt, kd
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
    kt = 0 (mM/ms)
    kd = 0 (mM)
}

ASSIGNED {
    ica (mA/cm2)
    influx (mM/ms)
    pump (mM/ms)
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
    pump = 0
    if (kt > 0) {
        pump = kt * cai / (cai + kd)
    }
    cai' = influx - pump + (cainf - cai) / taur
}
