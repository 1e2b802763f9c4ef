: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests KINETIC with CONSERVE and a loop of reactions; INITIAL solves for the STEADYSTATE with sparse.
ENDCOMMENT

NEURON {
    SUFFIX kincon
    USEION na READ ena WRITE ina
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER { gbar = 0.03 (S/cm2) }

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    kco (/ms)
    koc (/ms)
    koi (/ms)
    kio (/ms)
    kci (/ms)
    kic (/ms)
}

STATE { c o i }

INITIAL {
    SOLVE scheme STEADYSTATE sparse
}

BREAKPOINT {
    SOLVE scheme METHOD sparse
    ina = gbar * o * (v - ena)
}

KINETIC scheme {
    rates(v)
    ~ c <-> o (kco, koc)
    ~ o <-> i (koi, kio)
    ~ i <-> c (kic, kci)
    CONSERVE c + o + i = 1
}

PROCEDURE rates(v (mV)) {
    kco = 2(/ms) / (1 + exp(-(v + 35(mV)) / 6(mV)))
    koc = 1.5(/ms) / (1 + exp((v + 40(mV)) / 8(mV)))
    koi = 0.8(/ms)
    kio = 0.001(/ms)
    kic = 0.3(/ms) / (1 + exp((v + 62(mV)) / 7(mV)))
    kci = 0.05(/ms) / (1 + exp(-(v + 50(mV)) / 7(mV)))
}
