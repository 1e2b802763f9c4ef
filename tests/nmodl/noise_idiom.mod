: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests the idiom of a Random object that VERBATIM picks numbers from: a fluctuating current.
ENDCOMMENT

NEURON {
    POINT_PROCESS Noisy
    ELECTRODE_CURRENT i
    RANGE mean, sd, tau, i
    POINTER rng
    THREADSAFE
}

UNITS { (nA) = (nanoamp) }

PARAMETER {
    mean = 0 (nA)
    sd = 0.01 (nA)
    tau = 5 (ms)
}

ASSIGNED {
    dt (ms)
    i (nA)
    x (nA)
    rng
}

VERBATIM
double nrn_random_pick(void* r);
void* nrn_random_arg(int argpos);
ENDVERBATIM

INITIAL {
    x = 0
}

BREAKPOINT {
    SOLVE walk
    i = mean + x
}

PROCEDURE walk() { LOCAL keep
    keep = exp(-dt / tau)
    x = keep * x + sd * sqrt(1 - keep * keep) * nrand()
}

FUNCTION nrand() {
VERBATIM
    if (_p_rng) {
        _lnrand = nrn_random_pick(_p_rng);
    } else {
        _lnrand = 0.;
    }
ENDVERBATIM
}

PROCEDURE setRandom() {
VERBATIM
    {
        void** pv = (void**)(&_p_rng);
        if (ifarg(1)) {
            *pv = nrn_random_arg(1);
        } else {
            *pv = (void*)0;
        }
    }
ENDVERBATIM
}
