: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests ARTIFICIAL_CELL with net_event, net_send and a refractory time: a leaky integrator.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL LeakyFire
    RANGE tau, refractory, m
}

PARAMETER {
    tau = 8 (ms)
    refractory = 3 (ms)
}

ASSIGNED {
    m
    last (ms)
    resting
}

INITIAL {
    m = 0
    last = 0
    resting = 0
}

NET_RECEIVE(w) {
    if (flag == 0 && resting == 0) {
        m = m * exp(-(t - last) / tau) + w
        last = t
        if (m > 1) {
            net_event(t)
            resting = 1
            m = 0
            net_send(refractory, 2)
        }
    } else if (flag == 2) {
        resting = 0
        last = t
    }
}
