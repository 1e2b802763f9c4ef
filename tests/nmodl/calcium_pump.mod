: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests a pump that writes both current and concentration of an ion, in a KINETIC with CONSERVE and `<<`:
ca inside + pump <-> bound <-> pump + ca outside. Pump sites are counted as a concentration of the shell.
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
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    depth = 0.2 (um)
    total = 0.005 (mM)
    k1 = 100 (/mM-ms)
    k2 = 0.5 (/ms)
    k3 = 0.6 (/ms)
    k4 = 0.0001 (/mM-ms)
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
    free (mM)
    bound (mM)
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
    ~ cai << (-(1e4) * (ica - ipumplast) / (2 * FARADAY * depth))
    ~ cai + free <-> bound (k1, k2)
    ~ bound <-> free (k3, k4 * cao)
    ipump = (1e-4) * 2 * FARADAY * depth * (f_flux - b_flux)
    CONSERVE free + bound = total
}
