-- SPDX-License-Identifier: BSD-3-Clause
-- The template of `hillock new mod`.

return [[
TITLE a voltage-gated potassium channel

COMMENT
One gate n and a current:
    i = gbar n (v - ek)      n' = (inf - n)/tau
    inf = 1/(1 + exp(-(v - vhalf)/k))      tau = tmin + 4 tmax inf (1 - inf)
faster by q10 for each 10 degrees above 23. Change names, equations and this comment.
ENDCOMMENT

NEURON {
    SUFFIX @NAME@
    USEION k READ ek WRITE ik
    RANGE gbar, vhalf, k, tmin, tmax, inf, tau
    GLOBAL q10
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.003 (S/cm2) <0, 1e9> : greatest conductance density
    vhalf = -30 (mV)              : voltage at which n is half open
    k = 9 (mV) <0.1, 1e9>         : slope of the activation
    tmin = 1 (ms) <1e-3, 1e9>     : time constant far from vhalf
    tmax = 4 (ms) <0, 1e9>        : what the time constant gains at vhalf
    q10 = 2.3                     : speed-up for each 10 degC, one for all instances
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    inf
    tau (ms)
}

STATE { n }

INITIAL {
    rates(v)
    n = inf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * n * (v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (inf - n) / tau
}

PROCEDURE rates(v (mV)) {
    inf = 1 / (1 + exp(-(v - vhalf) / k))
    tau = (tmin + 4 * tmax * inf * (1 - inf)) / q10^((celsius - 23) / 10 (degC))
}
]]
