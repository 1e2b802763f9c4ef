: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a pump that writes both current and concentration of an ion, in a KINETIC with COMPARTMENT,
CONSERVE, `<<`, arguments of two units: ca + pump <-> bound <-> pump + ca outside.
ENDCOMMENT

NEURON {
    SUFFIX cpump
    USEION ca READ cai, cao, ica WRITE cai, ica
    RANGE depth, total, k1, k2, k3, k4, ipump
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    (mol) = (1)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    depth = 0.2 (um)
    total = 2e-13 (mol/cm2)
    k1 = 1000 (/mM-ms)
    k2 = 0.5 (/ms)
    k3 = 0.6 (/ms)
    k4 = 0.001 (/mM-ms)
    rest = 5e-5 (mM)
}

ASSIGNED {
    cao (mM)
    ica (mA/cm2)
    ipump (mA/cm2)
    ipumplast (mA/cm2)
}

STATE {
    cai (mM)
    free (mol/cm2)
    bound (mol/cm2)
}

INITIAL {
    cai = rest
    ipump = 0
    ipumplast = 0
    bound = total * (k1 * cai + k4 * cao) / (k1 * cai + k4 * cao + k2 + k3)
    free = total - bound
}

BREAKPOINT {
    SOLVE scheme METHOD sparse
    ipumplast = ipump
    ica = ipump
}

KINETIC scheme {
    COMPARTMENT depth * (1e-4) { cai }
    COMPARTMENT (1e3) { free bound }
    ~ cai << (-(ica - ipumplast) / (2 * FARADAY) * (1e0))
    ~ cai + free <-> bound (k1 * 1e3 * depth * 1e-4 / (depth * 1e-4), k2 * 1e3)
    ~ bound <-> free (k3 * 1e3, k4 * 1e3 * cao)
    CONSERVE free + bound = total
    ipump = 2 * FARADAY * (k3 * bound - k4 * cao * free) * 1e3
}
