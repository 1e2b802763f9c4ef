: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests older habits: v, celsius and ek as PARAMETERs, the word STATES, `DERIVATIVE` with a LOCAL,
TITLE in the middle, semicolon-free one-line blocks, unit factors as divisors.
ENDCOMMENT

TITLE old habits

UNITS { (mV) = (millivolt) (mA) = (milliamp) }

INDEPENDENT {t FROM 0 TO 1 WITH 1 (ms)}

NEURON { SUFFIX oldst USEION k READ ek WRITE ik RANGE gkbar, ik GLOBAL minf }

PARAMETER {
    v (mV)
    celsius = 6.3 (degC)
    ek = -77 (mV)
    gkbar = .003 (mho/cm2) <0,1e9>
    dt (ms)
}

STATE { m <1e-4> }

ASSIGNED { ik (mA/cm2) minf }

INITIAL { rate(v*1(/mV)) m = minf }

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gkbar*m*m*(v - ek)
}

DERIVATIVE states { LOCAL tau
    rate(v*1(/mV))
    tau = 9(ms)
    m' = (minf - m)/tau
}

UNITSOFF
FUNCTION sig(x) { sig = 1/(1 + exp(-x)) }
PROCEDURE rate(v) { minf = sig((v + 47)/8) }
UNITSON
