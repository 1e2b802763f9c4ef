: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests FUNCTIONs and PROCEDUREs that call each other, with locals, with two arguments, with none, and
an argument that is written.
ENDCOMMENT

NEURON {
    SUFFIX nested
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, inf, tau
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.002 (S/cm2)
    e = -85 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    inf
    tau (ms)
}

STATE { m }

INITIAL {
    both(v)
    m = inf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = current(v) * fourth(m)
}

DERIVATIVE gate {
    both(v)
    m' = (inf - m) / tau
}

FUNCTION current(v (mV)) (mA/cm2) {
    current = gbar * (v - e)
}

FUNCTION fourth(x) { LOCAL y
    y = square(x)
    fourth = square(y)
}

FUNCTION square(x) {
    square = x * x
}

FUNCTION boltzmann(v (mV), half (mV)) { LOCAL k
    k = width()
    boltzmann = 1 / (1 + exp(-(v - half) / k))
}

FUNCTION width() (mV) {
    width = 7
}

FUNCTION bounded(x (mV)) (mV) {
    if (x > 20(mV)) {
        x = 20(mV)
    }
    bounded = x
}

PROCEDURE both(v (mV)) {
    inf = boltzmann(v, -48(mV))
    slow(bounded(v))
}

PROCEDURE slow(v (mV)) {
    tau = 3(ms) + 20(ms) * boltzmann(-v, 50(mV)) * boltzmann(v, -80(mV))
}
