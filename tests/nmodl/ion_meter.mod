: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests USEION READ of currents alone: the charge that sodium and potassium have carried.
ENDCOMMENT

NEURON {
    SUFFIX meter
    USEION na READ ina
    USEION k READ ik
    RANGE qna, qk
}

UNITS {
    (mA) = (milliamp)
    (uC) = (microcoulomb)
}

ASSIGNED {
    ina (mA/cm2)
    ik (mA/cm2)
}

STATE {
    qna (uC/cm2)
    qk (uC/cm2)
}

INITIAL {
    qna = 0
    qk = 0
}

BREAKPOINT {
    SOLVE charge METHOD cnexp
}

DERIVATIVE charge {
    qna' = ina
    qk' = ik
}
