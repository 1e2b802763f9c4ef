: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests COMPARTMENT of states that are no arrays: two pools of different volume exchange a substance
that influx brings and a sink takes away.
ENDCOMMENT

NEURON {
    SUFFIX kincomp
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, small, large, k, source, sink
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (um) = (micron)
    (mM) = (milli/liter)
}

PARAMETER {
    gbar = 0.002 (S/cm2/mM)
    e = -85 (mV)
    small = 0.5 (um)
    large = 4 (um)
    k = 0.2 (um/ms)
    source = 0.1 (um mM/ms)
    sink = 0.3 (um/ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE {
    near (mM)
    far (mM)
}

INITIAL {
    near = 0
    far = 0.05
}

BREAKPOINT {
    SOLVE pools METHOD sparse
    i = gbar * near * (v - e)
}

KINETIC pools {
    COMPARTMENT small { near }
    COMPARTMENT large { far }
    ~ near << (source / (1 + exp(-(v + 55(mV)) / 6(mV))))
    ~ near <-> far (k, k)
    ~ far -> (sink)
}
