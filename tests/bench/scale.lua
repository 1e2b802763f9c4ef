-- SPDX-License-Identifier: BSD-3-Clause
-- Size: what a great network costs in memory and in time to build.
--
--     build/hillock run tests/bench/scale.lua [CELLS [THREADS [MS [INPUTS]]]]
--
-- CELLS (1000) of the cell of examples/l23.lua, each with 500 excitatory and 200 inhibitory
-- synapses at random places, each driven by an input of its own (INPUTS: "poisson", or "spikes" for
-- arrays of times), and 30 from other cells; runs MS (10) of model time after 1 ms. Prints
--
--     build   s of the script's calls, of making cells, inputs and rules, and of the layout
--     memory  bytes a compartment: by facts.bytes, that the process has grown by, and its peak
--     run     ns a compartment and step
--
-- Memory of one process is not given back, so each size wants a run of its own.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../../examples/?.lua;" .. package.path

local hk = require "hillock"
local l23 = require "l23"

local cells, threads, ms, kind = ...
cells, threads, ms = tonumber(cells) or 1000, tonumber(threads) or 2, tonumber(ms) or 10
kind = kind or "poisson"

local dt <const> = 0.025
local clock <const> = os.clock

-- A line of /proc/self/status in bytes; 0 where there is none.
local function status(name)
    local file = io.open("/proc/self/status")
    local kb = file and file:read("a"):match(name .. ":%s*(%d+)")
    if file then
        file:close()
    end
    return kb and tonumber(kb) * 1024 or 0
end

local function background(net, population, options)
    if kind == "poisson" then
        options.input = { "Poisson", rate = { { 0, 1e6, 5 } } }
        options.at, options.delay = hk.anywhere, 1
        net:stimulate(population, options)
        return
    end
    local segments <const> = #population.type
    for c = 1, #population do -- one cell at a time, so that the script's tables stay small
        local cell, segment, times = {}, {}, {}
        for i = 1, options.count do
            cell[i], segment[i] = c, math.random(segments)
            times[i] = { math.random() * 100, 100 + math.random() * 300 }
        end
        local synapses = net:add(net:places(cell, segment), options.synapse)
        local inputs = net:inputs(options.count, { "SpikeArray", times = times })
        net:connect_one(inputs, synapses, { weight = options.weight, delay = 1 })
    end
end

local resident, begin = status "VmRSS", clock()
local pyramid = l23.cell()
local net = hk.network { celsius = 37, v_init = -65, dt = dt, seed = 1, threads = threads }
local population = net:population("L23", cells, pyramid)
local cells_s = clock() - begin

begin = clock()
background(net, population, {
    count = 500, synapse = { "ExpSyn", tau = 2, e = 0 }, weight = 0.0008, name = "excitation",
})
background(net, population, {
    count = 200, synapse = { "Exp2Syn", tau1 = 1, tau2 = 10, e = -75 }, weight = 0.0015,
    name = "inhibition",
})
local inputs_s = clock() - begin

begin = clock()
net:connect(population, population, {
    rule = hk.in_degree(math.min(30, cells - 1)), from = "soma(0.5)", threshold = -20,
    synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere, weight = 0.005, delay = 2,
})
net:record("spikes", { population, threshold = -20 })
local rules_s = clock() - begin
local network_bytes = status "VmRSS" - resident

net:build()
local layout_s = net.facts.build_s
net:run(1)
local first_s = net.facts.run_s
local built_bytes = status "VmRSS" - resident
net:run(ms + 1)

local facts <const> = net.facts
local function each(bytes) -- of a compartment
    return ("%.0f"):format(bytes / facts.compartments)
end
print(("%d cells, %d compartments, %d inputs, %d points (%d instances), %d connections, %d groups, "
    .. "%d threads"):format(facts.cells, facts.compartments, facts.inputs, facts.points,
    facts.instances, facts.connections, facts.groups, facts.threads))
print(("build:  cells %.2f s, inputs %.2f s, rules %.2f s, layout %.2f s, start and 1 ms %.2f s")
    :format(cells_s, inputs_s, rules_s, layout_s, first_s))
print(("memory: %s B a compartment by facts.bytes; grown by %s (network %s, when it runs %s), at "
    .. "most %s; %.2f GB"):format(each(facts.bytes), each(status "VmRSS" - resident),
    each(network_bytes), each(built_bytes), each(status "VmHWM" - resident),
    status "VmHWM" / 1e9))
print(("run:    %.1f ms in %.2f s, %.2f ns a compartment and step, %d spikes, %d events")
    :format(ms, facts.run_s - first_s, (facts.run_s - first_s) * 1e9
        / (facts.compartments * ms / dt), facts.spikes, facts.events))
net:close()
