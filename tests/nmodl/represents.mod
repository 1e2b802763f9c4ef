: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests REPRESENTS, of the mechanism and of an ion.
ENDCOMMENT

NEURON {
    SUFFIX ontol
    REPRESENTS NCIT:C17145
    USEION k READ ek WRITE ik REPRESENTS CHEBI:29103
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER { gbar = 0.0002 (S/cm2) }

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
}

BREAKPOINT {
    ik = gbar * (v - ek)
}
