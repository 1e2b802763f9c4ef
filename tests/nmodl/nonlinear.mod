: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests NONLINEAR: a binding equilibrium of two unknowns, solved in each step.
ENDCOMMENT

NEURON {
    SUFFIX nonlin
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, total, kd, ligand
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0005 (S/cm2)
    e = -80 (mV)
    total = 1
    kd = 0.3
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    ligand
}

STATE { free bound }

INITIAL {
    ligand = 0.5
    free = 0.5
    bound = 0.2
    SOLVE balance
}

BREAKPOINT {
    SOLVE follow
    i = gbar * bound * (v - e)
}

PROCEDURE follow() {
    ligand = 0.2 + 0.8 / (1 + exp(-(v + 55(mV)) / 5(mV)))
    SOLVE balance
}

NONLINEAR balance {
    ~ free + bound = ligand
    ~ free * (total - bound) = kd * bound
}
