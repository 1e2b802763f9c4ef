-- SPDX-License-Identifier: BSD-3-Clause
-- The reference network as a measure: build time, run time, ns a compartment and step, memory.
--
--     build/hillock run tests/bench/network.lua REF [CELLS [THREADS [REPEATS]]]
--
-- REF as in tests/peer/network.lua; cells beyond the instance's ten repeat it. Hold the figure
-- against the ruler's on the same machine in the same minute.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../peer/?.lua;" .. here .. "/../../examples/?.lua;" .. package.path

local instance = require "instance"

local ref, cells, threads, repeats = ...
if not ref then
    error("usage: hillock run tests/bench/network.lua REF [CELLS [THREADS [REPEATS]]]", 0)
end
cells, threads, repeats = tonumber(cells), tonumber(threads) or 1, tonumber(repeats) or 5

local begin = os.clock()
local files = instance.read(ref)
local read_s = os.clock() - begin

begin = os.clock()
local net, population = instance.network(files, { cells = cells, threads = threads })
net:record("spikes", { population, threshold = -20 })
net:record("v", { population, at = "soma(0.5)", every = 0.1 })
net:build()
local build_s = os.clock() - begin

local best, best_cpu, spikes = math.huge, math.huge, 0
for _ = 1, repeats do
    begin = os.clock()
    local result = net:run(500)
    best_cpu = math.min(best_cpu, os.clock() - begin)
    best = math.min(best, net.facts.run_s)
    spikes = #result:spikes().t
end
local facts = net.facts
local steps = 500 / net.dt
local function ns(seconds) -- a compartment and step
    return seconds * 1e9 / (facts.compartments * steps)
end
print(("%d cells, %d compartments, %d points (%d instances), %d connections, %d threads, %d groups")
    :format(facts.cells, facts.compartments, facts.points, facts.instances, facts.connections,
        facts.threads, facts.groups))
print(("read files %.0f ms, build %.0f ms, memory %.1f MB (%.0f B a compartment)")
    :format(read_s * 1e3, build_s * 1e3, facts.bytes / 1e6, facts.bytes / facts.compartments))
print(("best of %d runs of 500 ms: %.3f s, %.2f ns a compartment and step, %d spikes, %d events")
    :format(repeats, best, ns(best), spikes, facts.events))
print(("processor time: %.3f s, %.2f ns a compartment and step"):format(best_cpu, ns(best_cpu)))
net:close()
