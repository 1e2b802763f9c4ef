: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests ELECTRODE_CURRENT of a density mechanism: a photocurrent that depends on t.
ENDCOMMENT

NEURON {
    SUFFIX light
    ELECTRODE_CURRENT i
    RANGE amp, period, i
}

UNITS { (mA) = (milliamp) PI = (pi) (1) }

PARAMETER {
    amp = 0.002 (mA/cm2)
    period = 40 (ms)
}

ASSIGNED { i (mA/cm2) }

BREAKPOINT {
    i = amp * (1 - cos(2 * PI * t / period)) / 2
}
