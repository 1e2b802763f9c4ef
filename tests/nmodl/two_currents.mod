: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests several NONSPECIFIC_CURRENTs in one mechanism, beside the current of an ion.
ENDCOMMENT

NEURON {
    SUFFIX twocur
    USEION na READ ena WRITE ina
    NONSPECIFIC_CURRENT il, ih
    RANGE gl, gh, gna, el, eh, ninf
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gl = 0.0002 (S/cm2)
    gh = 0.0004 (S/cm2)
    gna = 0.00005 (S/cm2)
    el = -72 (mV)
    eh = -30 (mV)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    il (mA/cm2)
    ih (mA/cm2)
    ninf
}

STATE { n }

INITIAL {
    ninf = open(v)
    n = ninf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    il = gl * (v - el)
    ih = gh * n * (v - eh)
    ina = gna * (1 - n) * (v - ena)
}

DERIVATIVE gate {
    ninf = open(v)
    n' = (ninf - n) / 40(ms)
}

FUNCTION open(v (mV)) {
    open = 1 / (1 + exp((v + 82(mV)) / 9(mV)))
}
