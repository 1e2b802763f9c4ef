: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests an ion of one's own with VALENCE: reversal potential read, current written, concentration
inside integrated, so that Nernst's equation gets the valence -1.
ENDCOMMENT

NEURON {
    SUFFIX chlor
    USEION cl READ ecl, icl, cli WRITE icl, cli VALENCE -1
    RANGE gbar, depth, tau, clrest
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
    (um) = (micron)
    F = (faraday) (coulomb)
}

PARAMETER {
    gbar = 0.0005 (S/cm2)
    depth = 0.5 (um)
    tau = 80 (ms)
    clrest = 6 (mM)
}

ASSIGNED {
    v (mV)
    ecl (mV)
    icl (mA/cm2)
}

STATE { cli (mM) }

INITIAL {
    cli = clrest
}

BREAKPOINT {
    SOLVE pool METHOD cnexp
    icl = gbar * (v - ecl)
}

DERIVATIVE pool {
    cli' = (1e4) * icl / (depth * F) + (clrest - cli) / tau
}
