: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests LOCAL: of the file, of blocks, and in blocks within blocks where one hides another.
ENDCOMMENT

NEURON {
    SUFFIX locals
    NONSPECIFIC_CURRENT i
    RANGE gbar, e
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = -78 (mV)
}

LOCAL open, pace

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { m }

INITIAL {
    steady(v)
    m = open
}

BREAKPOINT { LOCAL g, drive
    SOLVE gate METHOD cnexp
    g = gbar * m
    drive = v - e
    if (drive > 0) { LOCAL g
        g = 0.9
        drive = drive * g
    } else { LOCAL more
        more = 1.1
        drive = drive * more
    }
    i = g * drive
}

DERIVATIVE gate {
    steady(v)
    m' = (open - m) * pace / 1(ms)
}

PROCEDURE steady(v (mV)) { LOCAL a, b
    a = 0.1(/ms) * exp((v + 60(mV)) / 20(mV))
    b = 0.2(/ms) * exp(-(v + 60(mV)) / 25(mV))
    { LOCAL sum
        sum = a + b
        open = a / sum
        pace = sum * 1(ms)
    }
}
