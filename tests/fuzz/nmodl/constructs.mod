: SPDX-License-Identifier: BSD-3-Clause
TITLE constructs: all that the language has, and no model of anything

COMMENT
Seeds of the fuzz test: what the mechanisms of the tests have not.
ENDCOMMENT

DEFINE NSEG 4
DEFINE LESS -1

NEURON {
    POINT_PROCESS Constructs
    USEION ca READ cai, ica WRITE cai VALENCE 2 REPRESENTS CHEBI:29108
    USEION x WRITE ix CHARGE -1
    NONSPECIFIC_CURRENT i
    ELECTRODE_CURRENT ie
    RANGE g, e
    GLOBAL total, tab
    POINTER other
    BBCOREPOINTER donotuse
    EXTERNAL outside
    RANDOM r
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (um) = (micron)
    (mM) = (milli/liter)
    FARADAY = (faraday) (10000 coulomb)
    R = (k-mole) (joule/degC)
    PI = (pi) (1)
    F = 96485 (coul)
}

CONSTANT { q10 = 2.3 (1)  zero = -273.15 (degC) }

PARAMETER {
    g = .001 (uS) <0, 1e9>
    e = -60 (mV)
    total = 1e-3 (mM) <-1, +1>
    k[NSEG] (/ms)
    size = NSEG (um)
}

INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }

ASSIGNED { v (mV) i (nA) ix (mA/cm2) ie (nA) ica (mA/cm2) vol[NSEG] (um2) other tab diam (um) }

STATE {
    ca[NSEG] (mM) <1e-6>
    pump FROM 0 TO 1 START .5 (mol/cm2)
    bound (mol/cm2)
    m h
}

LOCAL scratch, list[NSEG]

UNITSOFF
FUNCTION alpha(v (mV), q) (/ms) {
    alpha = q^2 * exp(-(v + 10(mV)) / 5(mV)) : an inline comment
}
UNITSON

FUNCTION_TABLE table_of(v (mV)) (/ms)

PROCEDURE rates(v (mV)) { LOCAL a, b[2]
    TABLE tab DEPEND celsius FROM -100 TO 100 WITH 200
    a = alpha(v, 1) b[1] = -a^-2^a
    IF (a > 1 && !(b[1] <= 2) || a != 3) { a = 1 } ELSE IF (a == 2) { a = 3 } else { LOCAL c c = a }
    while (a < 10) { a = a + 1 }
    FROM i = 0 TO NSEG - 1 BY 1 { vol[i] = PI * (diam / 2)^2 / NSEG }
    tab = a ? another comment
    VERBATIM
    if (_p) { return 0; }
    ENDVERBATIM
    printf("%g\n", a)
    PROTECT total = total + 1 MUTEXLOCK MUTEXUNLOCK
}

INITIAL { rates(v) m = 0 h = 1 SOLVE kin STEADYSTATE sparse net_send(1, 2) }

BREAKPOINT {
    SOLVE states METHOD cnexp
    SOLVE kin METHOD sparse
    CONDUCTANCE g USEION ca
    i = g * m * (v - e)
    at_time(5)
}

DERIVATIVE states { m' = (1 - m) / 5 h' = -h * alpha(v, 1(mV)) }

KINETIC kin {
    COMPARTMENT j, vol[j] { ca }
    COMPARTMENT (1e10) * size { pump bound }
    LONGITUDINAL_DIFFUSION j, 0.6 * vol[j] { ca }
    ~ ca[0] << (-ica / (2 * FARADAY))
    FROM j = 0 TO NSEG - 2 { ~ ca[j] <-> ca[j + 1] (k[j], k[j]) }
    ~ ca[0] + 2 pump <-> bound (1, 0.5)
    ~ bound -> (0.1)
    CONSERVE pump + bound = total
}

LINEAR lin { ~ 2*m + h = 1 ~ m - h*(v + 1) = 0 }
NONLINEAR non SOLVEFOR m, h { ~ m^2 + exp(h) = 1 ~+ h = 2 }
DISCRETE dis { m = m@1 + 1 }

NET_RECEIVE (w (uS), last (ms)) {
    INITIAL { last = t }
    if (flag == 1) { WATCH (v > 10) 2, (v < -f) 3 net_event(t) net_move(t + 1) }
    FOR_NETCONS (w2, l2) { w2 = 1 }
    state_discontinuity(m, m + w)
}

BEFORE BREAKPOINT { scratch = 1 }
AFTER SOLVE { scratch = 2 }
CONSTRUCTOR { scratch = 0 }
DESTRUCTOR { scratch = 0 }
