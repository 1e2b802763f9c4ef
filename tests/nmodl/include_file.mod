: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests INCLUDE: the PROCEDURE that gives steady state and time constant is in a file of its own.
ENDCOMMENT

NEURON {
    SUFFIX incl
    USEION k READ ek WRITE ik
    RANGE gbar, winf, wtau
}

INCLUDE "include_units.inc"

PARAMETER { gbar = 0.002 (S/cm2) }

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    winf
    wtau (ms)
}

STATE { w }

INITIAL {
    slow(v)
    w = winf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    ik = gbar * w * (v - ek)
}

DERIVATIVE gate {
    slow(v)
    w' = (winf - w) / wtau
}

INCLUDE "include_rates.inc"
