: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests arrays of PARAMETER, ASSIGNED, STATE and LOCAL, FROM loops, an index that is an expression.
ENDCOMMENT

DEFINE N 3
DEFINE TOP 2

NEURON {
    SUFFIX arrays
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, share, inf
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -80 (mV)
    share[N]
}

ASSIGNED {
    v (mV)
    dt (ms)
    i (mA/cm2)
    inf[N]
}

STATE { m[N] }

INITIAL { LOCAL k
    share[0] = 0.5
    share[1] = 0.3
    share[TOP] = 1 - share[0] - share[1]
    steady(v)
    FROM k = 0 TO N-1 {
        m[k] = inf[k]
    }
}

BREAKPOINT { LOCAL sum, part[N]
    SOLVE gates
    sum = 0
    FROM k = 0 TO TOP {
        part[k] = share[k] * m[k]
        sum = sum + part[k]
    }
    i = gbar * sum * (v - e)
}

PROCEDURE gates() {
    steady(v)
    FROM k = 0 TO N-1 {
        m[k] = m[k] + (1 - exp(-dt / (1(ms) + 4(ms) * k * k))) * (inf[k] - m[k])
    }
}

PROCEDURE steady(v (mV)) {
    FROM k = 0 TO N-1 {
        inf[k] = 1 / (1 + exp(-(v + 60(mV) - k * 5(mV)) / (6(mV) + k * 1(mV))))
    }
}
