: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests FUNCTION_TABLE: steady state and time constant are tables that the user gives.
ENDCOMMENT

NEURON {
    SUFFIX ftab
    USEION k READ ek WRITE ik
    RANGE gbar, ninf, ntau
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER { gbar = 0.002 (S/cm2) }

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    ninf
    ntau (ms)
}

STATE { n }

INITIAL {
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    ik = gbar * n * (v - ek)
}

DERIVATIVE gate {
    rates(v)
    n' = (ninf - n) / ntau
}

PROCEDURE rates(v (mV)) {
    ninf = steady(v)
    ntau = tau(v)
}

FUNCTION_TABLE steady(v (mV))
FUNCTION_TABLE tau(v (mV)) (ms)
