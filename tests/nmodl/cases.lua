-- SPDX-License-Identifier: BSD-3-Clause
-- cases: how each MOD file of this folder is put on a small cell, for the comparison with NEURON
-- (tests/peer/nmodl.lua, tests/peer/nmodl.py). A list of tables:
--
--     name        also that of the file with what is expected, expected/NAME.csv
--     files       the MOD files, from this folder; NEURON takes neuron/FILE instead where there is
--                 one, which means the same and avoids a defect of NEURON 8.2.2
--     dend        { L, diam, nseg }: a dendrite on the soma (20 um by 20 um), Ra 100
--     channels    { { mechanism, values, at }, ... } in the order of insertion; a value that is a
--                 list is the table of a FUNCTION_TABLE, { { x, y }, ... }
--     external    { SUFFIX = values }: what hillock is told of EXTERNAL variables, which in NEURON
--                 are another mechanism's
--     ions        { eca = 120, ... }, set all over the cell
--     clamps      { { delay, dur, amp }, ... } at the soma
--     points      { { point process, values, at }, ... }
--     artificial  { { artificial cell, values }, ... }
--     events      { { point = i or artificial = i, times, weight = { ... } }, ... }: when they
--                 arrive; times are multiples of dt and no whole ms
--     connect     { { from = place, source = i (a point) or artificial = i, point = j or to = j (an
--                 artificial cell), weight = { ... }, delay, threshold }, ... }
--     pointers    { { point = i or channel = SUFFIX, name =, at = place, of = "SUFFIX.field" },
--                 ... }: the pointer sees v, or a field, at that place; a channel's is there, too
--     celsius, v_init, tstop
--     states      what is recorded: "v", "cai", "SUFFIX.field", "p1.field" (of the first point),
--                 "a1.field" (of the first artificial cell), each with a place after a blank if
--                 that is not the soma
--     currents    the same, of what BREAKPOINT computes (currents, conductances) and of Nernst's
--                 potentials: those of the present v and concentrations, which NEURON shows a
--                 step later; of a mechanism without current, whose BREAKPOINT NEURON runs beside
--                 its states, they are states
--     tolerance   of the difference relative to the range that the variable covers; with
--     reason      why it is not 1e-9
--     compile     true: only compiled, not compared; `reason` says why

local cases = {}

-- NEURON's slope of a current is the difference over 0.001 mV.
local curved = "the current is not linear in v"

local pas = { "pas", { g = 1e-4, e = -65 } }
local hh = { "hh" }
local steps = { { 10.3, 30, 0.03 }, { 60.3, 20, -0.02 } }
local spiking = { { 5.3, 90, 0.2 } }
local strong = { { 10.3, 5, 0.2 }, { 40.3, 20, 0.1 }, { 75.3, 10, -0.03 } }

local function add(case)
    case.celsius = case.celsius or 22
    case.v_init = case.v_init or -65
    case.tstop = case.tstop or 100
    case.files = case.files or { case.name .. ".mod" }
    case.tolerance = case.tolerance or 1e-9
    cases[#cases + 1] = case
end

-- A channel beside pas, with currents that move v a little.
local function channel(name, suffix, states, currents, more)
    local case = more or {}
    case.name, case.states, case.currents = name, { "v" }, {}
    case.clamps = case.clamps or steps
    case.channels = case.channels or { pas, { suffix, case.values } }
    case.values = nil
    for _, field in ipairs(states) do
        table.insert(case.states, suffix .. "." .. field)
    end
    for _, field in ipairs(currents) do
        local whole = field:find "^i%l+$" or field:find "%."
        table.insert(case.currents, whole and field or suffix .. "." .. field)
    end
    add(case)
end

-- A synapse on the end of a short dendrite, by events that arrive at these times.
local arrivals = { 5.3, 8.425, 12.55, 13.3, 40.3, 41.3, 42.3, 43.3, 44.3, 70.675 }
local function synapse(name, point, weight, states, currents, more)
    local case = more or {}
    case.name, case.states, case.currents = name, { "v", "v dend(0.5)" }, {}
    case.dend = { L = 150, diam = 2, nseg = 3 }
    case.channels = case.channels or { pas }
    case.points = { { point, case.values, "dend(0.5)" } }
    case.values = nil
    case.events = case.events or { { point = 1, times = arrivals, weight = weight } }
    for _, field in ipairs(states) do
        table.insert(case.states, "p1." .. field)
    end
    for _, field in ipairs(currents) do
        table.insert(case.currents, "p1." .. field)
    end
    add(case)
end

-- Declarations and expressions
channel("unit_numbers", "unum", { "m", "vt" }, { "g" })
channel("constants", "konst", { "n" }, {})
channel("include_file", "incl", { "w", "wtau" }, { "ik" })
channel("limits", "limits", { "x" }, {})
channel("arrays", "arrays", { "m[0]", "m[2]", "inf[1]" }, {})
channel("locals", "locals", { "m" }, {})
channel("globals", "globs", { "p" }, { "ik" }, { values = { scale = 1.5, slope = 8 } })
channel("blocks_twice", "twice", { "m", "h", "inf" }, {})
channel("two_currents", "twocur", { "n" }, { "twocur.il", "twocur.ih", "ina" })
channel("nested_calls", "nested", { "m", "tau" }, {}, { clamps = strong })
channel("if_chain", "ifs", { "x", "level", "tau" }, {}, { clamps = strong })
channel("loops", "loops", {}, { "series", "root" })
channel("math", "maths", { "s", "a", "b", "c", "d", "f" }, {})
channel("precedence", "preced", { "s", "p1", "p2", "p3", "p4", "p5", "p6" }, {}, {
    clamps = strong,
})
channel("dynamic_index", "dynidx", { "x", "s", "which" }, {}, { clamps = strong })
channel("conductance", "conduct", { "n" }, { "ik" })
channel("represents", "ontol", {}, { "ik" })
channel("protect", "counts", {}, {})
channel("old_style", "oldst", { "m" }, { "ik" }, { channels = { hh, { "oldst" } }, celsius = 6.3 })
channel("hcn_sum", "hsum", { "fast", "slow" }, { "hsum.ih", "g" }, {
    v_init = -75, clamps = { { 10.3, 40, -0.05 }, { 60.3, 20, 0.03 } },
})
channel("geometry", "geom", {}, { "g", "total" }, { dend = { L = 100, diam = 1.5, nseg = 3 } })
channel("fitzhugh", "fitz", { "u" }, {}, {
    tolerance = 1e-6, reason = curved,
    channels = { pas, { "fitz", { k = 0.0005 } } }, clamps = { { 10.3, 40, 0.05 } },
})
add {
    name = "external", files = { "globals.mod", "external.mod" }, clamps = steps,
    channels = { pas, { "globs" }, { "extern", { gbar = 0.0003 } } },
    external = { extern = { vhalf_globs = -50 } },
    states = { "v", "globs.p" }, currents = { "ik" },
    tolerance = 1e-6, reason = curved,
}

-- Ions
add {
    name = "ion_meter", channels = { hh, { "meter" } }, clamps = spiking, celsius = 6.3,
    states = { "v", "meter.qna", "meter.qk" }, currents = { "ina", "ik" },
}
add {
    name = "castep", channels = { pas, { "castep" } }, clamps = strong, ions = { eca = 120 },
    states = { "v", "castep.m" }, currents = { "ica" },
}
add {
    name = "potassium_outside", channels = { hh, { "kspace" } }, clamps = spiking, celsius = 6.3,
    ions = { ki = 54.4, ko = 3 }, states = { "v", "ko" }, currents = { "ik", "ek" },
}
add {
    name = "chloride", channels = { pas, { "chlor" } }, clamps = strong,
    ions = { cli = 6, clo = 110 }, states = { "v", "cli" }, currents = { "icl", "ecl" },
}
add {
    name = "nernst_read", channels = { pas, { "nread" } }, clamps = steps,
    ions = { cai = 2e-4, cao = 1.8 }, states = { "v", "nread.ratio" }, currents = { "ica" },
}
add {
    name = "write_reversal", channels = { hh, { "setena" } }, clamps = spiking, celsius = 6.3,
    states = { "v", "setena.x", "ena" }, currents = {},
}
add {
    name = "messenger", files = { "messenger.mod", "messenger_gate.mod" }, clamps = strong,
    channels = { pas, { "messgate" }, { "mess" } },
    states = { "v", "ipi", "messgate.o" }, currents = { "messgate.i" },
}
local calcium = { "castep", { gbar = 0.00003 } }
local function pool(name, suffix, states, more)
    local case = more or {}
    case.name, case.files = name, { "castep.mod", name .. ".mod" }
    case.channels = { pas, calcium, { suffix, case.values } }
    case.values = nil
    case.clamps = strong
    case.ions = { cai = 1e-4, cao = 2 }
    case.states = { "v", "cai" }
    case.currents = { "ica", "eca" }
    for _, field in ipairs(states) do
        table.insert(case.states, suffix .. "." .. field)
    end
    add(case)
end
pool("pump_electrogenic", "epump", {})
pool("own_current", "owncur", { "m" })
pool("calcium_pump", "cpump", { "free", "bound" })
pool("derivimplicit", "dimp", { "cb" }, {
    tolerance = 1e-7, reason = "NEURON ends Newton's method where the residual is 1e-8",
})
pool("calcium_buffer", "cabuf", { "cabuf" })
pool("calcium_shells", "shells", { "ca[0]", "ca[3]", "cb[0]" })
for _, kt in ipairs { 0, 1e-4 } do
    add {
        name = kt == 0 and "cadyn" or "cadyn_pump", channels = {
            pas, calcium, { "CaDyn", { kt = kt, kd = kt } },
        },
        files = { "castep.mod", "../../examples/l23/biophys/mod/CaDyn.mod" }, clamps = strong,
        ions = { cai = 1e-4, cao = 2 }, states = { "v", "cai" }, currents = { "ica", "eca" },
    }
end
add {
    name = "ghk", channels = { pas, { "ghkown" } }, clamps = strong, ions = { cai = 1e-4, cao = 2 },
    states = { "v", "ghkown.m" }, currents = { "ica" },
    tolerance = 1e-6, reason = curved,
}
add {
    name = "nrn_ghk", channels = { pas, { "ghkown2", { pbar = 2e-6 } } }, clamps = steps,
    ions = { ki = 140, ko = 4 }, states = { "v" }, currents = { "ik" },
    tolerance = 1e-6, reason = curved,
}

-- Methods
add {
    name = "cnexp_linear", channels = { pas, { "cnlin" } }, clamps = spiking,
    states = { "v", "cnlin.m", "cnlin.h", "cnlin.s" }, currents = { "ina" },
}
channel("cnexp_sequence", "cnseq", { "a", "b", "c" }, {})
channel("cnexp_nonlinear", "cnnon", { "x" }, {})
channel("cnexp_polynomial", "cnpoly", { "x" }, {})
channel("euler", "eul", { "x", "q" }, {})
channel("runge", "rung", { "x", "q" }, {})
channel("kinetic_linear", "kinlin", { "c1", "c2", "c3", "o" }, { "ik" })
add {
    name = "kinetic_conserve", channels = { pas, { "kincon" } }, clamps = strong,
    states = { "v", "kincon.c", "kincon.o", "kincon.i" }, currents = { "ina" },
}
channel("kinetic_nonlinear", "kinnon", { "A", "B" }, {})
channel("kinetic_compartment", "kincomp", { "near", "far" }, {})
channel("kinetic_flux", "kinflux", { "x", "q", "net" }, {})
channel("steady_derivimplicit", "stdimp", { "x", "q" }, {}, {
    tolerance = 1e-7, reason = "NEURON ends Newton's method where the residual is 1e-8",
})
channel("linear", "linsys", { "c", "o", "h" }, {})
channel("nonlinear", "nonlin", { "free", "bound" }, {}, {
    tolerance = 1e-7, reason = "NEURON ends Newton's method where the residual is 1e-8",
})
channel("two_solves", "twosol", { "m", "c", "o", "d" }, {}, { clamps = strong })
channel("coupled", "coupl", { "x", "z", "w" }, {})
channel("discrete", "discr", { "x" }, {})
channel("solve_procedure", "solproc", { "n" }, { "ik" }, { clamps = strong })
channel("after_cvode", "aftcv", { "trace" }, {})
local steady, tau = {}, {}
for v = -100, 60, 5 do
    steady[#steady + 1] = { v, 1 / (1 + math.exp(-(v + 50) / 8)) }
    tau[#tau + 1] = { v, 2 + 10 / (1 + ((v + 50) / 20) ^ 2) }
end
channel("function_table", "ftab", { "n", "ntau" }, { "ik" }, {
    values = { steady = steady, tau = tau },
})
channel("table_depend", "tabdep", { "n" }, {}, {
    clamps = strong, celsius = 30, tolerance = 1e-6, reason = curved,
})
add {
    name = "singular", channels = { pas, { "singul" }, { "hsum", { gbar = 0.0001 } } },
    files = { "singular.mod", "hcn_sum.mod" }, clamps = spiking,
    states = { "v", "singul.m", "singul.h" }, currents = { "ina" },
}
add {
    name = "singular_start", channels = { pas, { "singul" } }, files = { "singular.mod" },
    v_init = -40, clamps = steps, states = { "v", "singul.m", "singul.h" }, currents = { "ina" },
}
channel("table_writes", "tabwr", { "m", "last" }, {}, { clamps = strong })
channel("before_after", "befaft", { "x", "top", "start", "steps" }, { "drive" }, {
    clamps = strong,
})
channel("at_time", "window", {}, { "g" })
channel("electrode_density", "light", {}, { "i" })

-- Points and events
add {
    name = "ramp_clamp", channels = { pas },
    points = { { "RampClamp", { stop = 0.05 }, "soma(0.5)" } },
    states = { "v" }, currents = { "p1.i" },
}
add {
    name = "alpha_onset", channels = { pas }, points = {
        { "Onset", { onset = 15.01 }, "soma(0.5)" },
        { "Onset", { onset = 40.01, gmax = 0.002 }, "soma(0.5)" },
    },
    states = { "v" }, currents = { "p1.i", "p2.g" },
}
synapse("syn_linear", "TwoExp", { 0.002 }, { "A", "B" }, { "g", "i" })
synapse("syn_nmda", "SlowFast", { 0.002 }, { "fast", "slow" }, { "iampa", "inmda" }, {
    tolerance = 1e-6, reason = curved,
})
synapse("syn_depressing", "Resources", { 0.05 }, { "g" }, { "i" })
synapse("syn_gaba_b", "SlowInhibition", { 0.6 }, { "drug", "bound", "G" }, { "g", "ik" })
synapse("syn_pulse", "Pulse", { 1 }, { "open", "on" }, { "i" })
add {
    name = "pulse_train", channels = { pas },
    points = { { "PulseTrain", { per = 9, num = 4 }, "soma(0.5)" },
        { "PulseTrain", { del = 50.3, dur = 3.5 }, "soma(0.5)" } },
    states = { "v" }, currents = { "p1.i", "p2.i" },
}
synapse("syn_spine", "SpineSyn", { 0.002 }, { "g", "i" }, {}, { values = { neck = 150 } })
synapse("discontinuity", "Jump", { 0.02 }, { "q" }, { "i" }, {
    events = {
        { point = 1, times = { 5.3, 20.3, 60.425 }, weight = { 0.03 } },
        { point = 1, times = { 12.3, 70.3 }, weight = { -0.02 } },
    },
})
synapse("bbcore", "Unused", { 0.001 }, { "g" }, {})
synapse("destructor", "Constructed", { 0.001 }, { "g" }, {})
synapse("kinetic_receptor", "Receptor", { 1 }, { "R", "R2", "D", "O", "C" }, { "i" }, {
    values = { width = 0.7 },
})
synapse("syn_weights", "Weights", {}, { "g" }, { "i" }, {
    events = {
        { point = 1, times = arrivals, weight = { 0.001, 2 } },
        { point = 1, times = { 6.3, 25.3, 55.3 }, weight = { 0.003, 0.5 } },
    },
})
synapse("syn_plastic", "Plastic", {}, { "g", "posts" }, { "i" }, {
    channels = { { "pas", { g = 1e-4, e = -65 }, "dend" }, { "hh", nil, "soma" } },
    clamps = { { 10.3, 5, 0.3 }, { 30.3, 5, 0.3 }, { 60.3, 5, 0.3 } }, celsius = 6.3,
    events = {
        { point = 1, times = { 8.3, 20.3, 33.3, 62.3, 80.3 }, weight = { 0.001 } },
        { point = 1, times = { 12.3, 55.3, 90.3 }, weight = { 0.002 } },
    },
})
synapse("event_reads", "Reader", { 0.002 }, { "g", "gain", "seen" }, { "i" })
add {
    name = "pointer_state", files = { "cnexp_linear.mod", "pointer_state.mod" }, clamps = spiking,
    channels = { pas, { "cnlin" }, { "pstate" } },
    pointers = { { channel = "pstate", name = "gate", at = "soma(0.5)", of = "cnlin.m" } },
    states = { "v", "cnlin.m" }, currents = {},
}
add {
    name = "watch", channels = { pas }, points = { { "Watcher", nil, "soma(0.5)" } },
    clamps = { { 10.3, 15, 0.04 }, { 50.3, 30, 0.06 } },
    states = { "v", "p1.open", "p1.ups", "p1.downs" }, currents = { "p1.i" },
}
add {
    name = "gap", dend = { L = 300, diam = 1, nseg = 5 }, channels = { pas },
    points = { { "HalfGap", nil, "soma(0.5)" }, { "HalfGap", nil, "dend(0.9)" } },
    pointers = {
        { point = 1, name = "vgap", at = "dend(0.9)" },
        { point = 2, name = "vgap", at = "soma(0.5)" },
    },
    clamps = steps, states = { "v", "v dend(0.9)" }, currents = { "p1.i", "p2.i" },
}
add {
    name = "graded", dend = { L = 300, diam = 1, nseg = 5 }, channels = { pas },
    points = { { "Graded", { half = -55 }, "dend(0.9)" } },
    pointers = { { point = 1, name = "vpre", at = "soma(0.5)" } },
    clamps = steps, states = { "v", "v dend(0.9)", "p1.s" }, currents = { "p1.i" },
}
add {
    name = "fire_leaky", files = { "fire_leaky.mod", "syn_linear.mod" }, channels = { pas },
    artificial = { { "LeakyFire", { tau = 10 } }, { "LeakyFire", { tau = 20, refractory = 2 } } },
    points = { { "TwoExp", nil, "soma(0.5)" } },
    events = {
        {
            artificial = 1, times = { 3.3, 5.3, 6.3, 7.3, 9.3, 20.3, 21.3, 22.3, 60.3 },
            weight = { 0.45 },
        },
        { artificial = 1, times = { 30.3, 61.3, 80.3 }, weight = { 1.2 } },
    },
    connect = {
        { artificial = 1, point = 1, weight = { 0.001 }, delay = 1 },
        { artificial = 1, to = 2, weight = { 0.6 }, delay = 2 },
        { artificial = 2, point = 1, weight = { 0.003 }, delay = 1.5 },
    },
    states = { "v", "p1.B" }, currents = {},
}
add {
    name = "detector", files = { "detector.mod", "syn_linear.mod" }, channels = { pas },
    points = { { "Detector", nil, "soma(0.5)" }, { "TwoExp", nil, "soma(0.5)" } },
    clamps = { { 10.3, 15, 0.04 }, { 50.3, 30, 0.03 } },
    connect = { { source = 1, point = 2, weight = { 0.0005 }, delay = 1.25 } },
    states = { "v", "p1.slow", "p1.events", "p2.B" }, currents = {},
}
-- Two of a kind on each of two segments, with values of their own.
add {
    name = "several", files = { "syn_pulse.mod", "hcn_sum.mod" },
    dend = { L = 150, diam = 2, nseg = 3 },
    channels = {
        pas, { "hsum", { gbar = 0.0002, fraction = 0.4 }, "dend" },
        { "hsum", { gbar = 0.0005, fraction = 0.9 }, "soma" },
    },
    points = {
        { "Pulse", { dur = 2.1 }, "dend(0.5)" }, { "Pulse", { dur = 7.1, g = 0.001 }, "dend(0.5)" },
        { "Pulse", { e = -90 }, "soma(0.5)" }, { "Pulse", { tau = 3 }, "soma(0.5)" },
    },
    events = {
        { point = 1, times = arrivals, weight = { 1 } },
        { point = 2, times = arrivals, weight = { 0.7 } },
        { point = 3, times = { 9.3, 30.3 }, weight = { 1 } },
        { point = 4, times = { 25.3, 70.3 }, weight = { 0.5 } },
    },
    states = {
        "v", "v dend(0.5)", "hsum.fast", "hsum.fast dend(0.5)",
        "p1.open", "p2.open", "p3.open", "p4.open",
    },
    currents = { "p2.i", "p3.i" },
}
add {
    name = "fire_adapting", files = { "fire_adapting.mod", "syn_linear.mod" }, channels = { pas },
    artificial = { { "AdaptingFire" } }, points = { { "TwoExp", nil, "soma(0.5)" } },
    events = {
        {
            artificial = 1, weight = { 0.7 },
            times = { 3.3, 5.3, 9.3, 12.3, 15.3, 18.3, 40.3, 43.3, 60.3, 61.3, 62.3, 90.3 },
        },
    },
    connect = { { artificial = 1, point = 1, weight = { 0.001 }, delay = 1.25 } },
    states = { "v", "p1.B", "a1.m", "a1.barrier", "a1.count" }, currents = {},
}
add {
    name = "fire_clock", files = { "fire_clock.mod", "syn_linear.mod" }, channels = { pas },
    artificial = { { "Clock" } }, points = { { "TwoExp", nil, "soma(0.5)" } },
    events = { { artificial = 1, times = { 10.4, 30.1, 50.2, 51.2 }, weight = { 2.5 } } },
    connect = { { artificial = 1, point = 1, weight = { 0.001 }, delay = 1 } },
    states = { "v", "p1.B", "a1.ticks" }, currents = {},
}
add {
    name = "connected", files = { "syn_linear.mod" }, dend = { L = 150, diam = 2, nseg = 3 },
    channels = { { "pas", { g = 1e-4, e = -65 }, "dend" }, { "hh", nil, "soma" } },
    points = { { "TwoExp", nil, "dend(0.5)" } }, clamps = { { 5.3, 60, 0.3 } }, celsius = 6.3,
    connect = {
        { from = "soma(0.5)", point = 1, weight = { 0.001 }, delay = 3.125, threshold = -20 },
    },
    states = { "v", "v dend(0.5)", "p1.A" }, currents = {},
}

-- VERBATIM idioms
add {
    name = "vecstim", files = { "../../examples/l23/biophys/mod/VecStim.mod", "syn_linear.mod" },
    channels = { pas },
    artificial = { { "VecStim", { times = { 5.3, 7.3, 20.425, 20.425, 60.3 } } } },
    points = { { "TwoExp", nil, "soma(0.5)" } },
    connect = { { artificial = 1, point = 1, weight = { 0.001 }, delay = 1 } },
    states = { "v", "p1.B" }, currents = {},
}
add { name = "noise_idiom", compile = true, reason = "the random numbers are NEURON's" }

-- The reference cell's membrane, and its synapses
local soma = {
    { "Leak", { gbar = 1 / 11000, e = -79 } }, { "Na", { gbar = 0.0505 } },
    { "Kv", { gbar = 0.005 } }, { "Km", { gbar = 0.0002794 } }, { "Ka", { gbar = 0.0054 } },
    { "KCa", { gbar = 0.00021 } }, { "CaHVA", { gbar = 5e-6 } }, { "CaLVA", { gbar = 3e-5 } },
    { "CaDyn" },
}
local membrane = {}
for i, mechanism in ipairs(soma) do
    membrane[i] = ("../../examples/l23/biophys/mod/%s.mod"):format(mechanism[1])
end
add {
    name = "l23_soma", files = membrane, channels = soma, clamps = { { 10.3, 70, 0.05 } },
    celsius = 37, v_init = -79, ions = { ena = 60, ek = -80, cai = 1e-4, cao = 2 },
    states = { "v", "cai", "Na.m", "Na.h", "Kv.n", "Km.n", "Ka.n", "Ka.l", "KCa.n",
        "CaHVA.m", "CaLVA.m" },
    currents = { "ina", "ik", "ica" },
}
for _, name in ipairs { "AMPA", "GABAa", "NMDA", "AMPA_NMDA" } do
    local block = name:find "NMDA"
    local values = { gmax = 0.001 }
    if name == "AMPA_NMDA" then
        values = { gmax_AMPA = 0.001, gmax_NMDA = 0.0015 }
    end
    synapse(name:lower(), name, { 1.5 }, {}, { "i" }, {
        values = values, files = { "../../examples/l23/biophys/mod/" .. name .. ".mod" },
        tolerance = block and 1e-6, reason = block and curved,
    })
end

return cases
