: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests WRITE of an outer concentration: potassium gathers in a thin space around the cell; ek follows
by Nernst's equation.
ENDCOMMENT

NEURON {
    SUFFIX kspace
    USEION k READ ik, ko WRITE ko
    RANGE width, tau, kbath
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    width = 0.05 (um)
    tau = 60 (ms)
    kbath = 3 (mM)
}

ASSIGNED { ik (mA/cm2) }

STATE { ko (mM) }

INITIAL {
    ko = kbath
}

BREAKPOINT {
    SOLVE space METHOD cnexp
}

DERIVATIVE space {
    ko' = (1e4) * ik / (width * FARADAY) + (kbath - ko) / tau
}
