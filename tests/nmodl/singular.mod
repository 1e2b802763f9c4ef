: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests rates with a removable singularity, caught by an IF: x/(1 - exp(-x)); v crosses and may meet it.
ENDCOMMENT

NEURON {
    SUFFIX singul
    USEION na READ ena WRITE ina
    RANGE gbar, m, h
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER { gbar = 0.04 (S/cm2) }

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    minf
    mtau (ms)
    hinf
    htau (ms)
}

STATE { m h }

INITIAL {
    rates(v)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = gbar * m^3 * h * (v - ena)
}

DERIVATIVE gates {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

PROCEDURE rates(v (mV)) { LOCAL a, b
    a = 0.3(/mV-ms) * linoid(v + 40, 9)
    b = 0.2(/mV-ms) * linoid(-(v + 40), 9)
    mtau = 1 / (a + b)
    minf = a / (a + b)
    a = 0.03(/mV-ms) * linoid(-(v + 65), 6)
    b = 0.02(/mV-ms) * linoid(v + 65, 12)
    htau = 0.5 + 1 / (a + b)
    hinf = a / (a + b)
}

FUNCTION linoid(x (mV), k (mV)) (mV) {
    if (fabs(x / k) < 1e-5) {
        linoid = k * (1 + x / k / 2)
    } else {
        linoid = x / (1 - exp(-x / k))
    }
}
