-- SPDX-License-Identifier: BSD-3-Clause
-- Cells of the reference kind with 10 000 synapses each, 128 a compartment:
--
--     build/hillock run tests/bench/synapses.lua [WHAT] [CELLS [THREADS [REPEATS [MS]]]]
--
-- WHAT is "unlike": each synapse has a tau of its own; or "alike": those of a compartment are one
-- instance.

local hk = require "hillock"
local bench = require "bench"
local l23 = require "l23"

local case = bench.case({ what = "unlike", cells = 10, ms = 100 }, ...)
local count <const> = 10000
local tau_of = bench.choose(case, {
    unlike = function(i) return 1 + i / count end,
    alike = function() return 2 end,
})

bench.measure(case, function()
    local net = hk.network { celsius = 37, v_init = -65, threads = case.threads }
    local type = l23.cell { morphology = bench.morphology }
    local cells = net:population("L23", case.cells, type)
    local numbers, segments, tau = {}, {}, {}
    for i = 1, case.cells * count do
        numbers[i], segments[i] = (i - 1) // count + 1, i % #type + 1
        tau[i] = tau_of(i % count)
    end
    local synapses = net:add(net:places(numbers, segments), { "ExpSyn", tau = tau, e = -70 })
    local inputs = net:inputs(#synapses, { "Poisson", rate = { { 0, case.ms, 1 } } })
    net:connect_one(inputs, synapses, { weight = 0.0001, delay = 1 })
    net:record("spikes", { cells, threshold = -20 })
    return net
end)
