-- SPDX-License-Identifier: BSD-3-Clause
-- Ten layer 2/3 pyramidal cells under background input whose rate steps up for 100 ms, with
-- recurrent connections.
--
--     hillock run examples/network.lua [FOLDER [svg|png|pdf]]
--
-- writes spikes.csv, v.csv and four pictures to FOLDER (or the current one) and prints the cells'
-- rates before, during and after the step.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path

local hk = require "hillock"
local l23 = require "l23"

local folder, ending = ...
folder, ending = folder or ".", ending or "svg"
local step = { from = 200, to = 300 } -- ms
local duration = 500

-- One type of cell, ten cells of it.
local pyramid = l23.cell()
local net = hk.network { celsius = 37, v_init = -65, dt = 0.025, seed = 1 }
local cells = net:population("L23", 10, pyramid)

-- Each cell has 500 excitatory and 200 inhibitory synapses anywhere on it, each driven by a Poisson
-- train of its own.
local function stepping(low, high)
    return { "Poisson", rate = {
        { 0, step.from, low }, { step.from, step.to, high }, { step.to, duration, low },
    } }
end
local excitation = net:stimulate(cells, {
    count = 500, synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere,
    weight = 0.0008, delay = 1, input = stepping(5, 20), name = "excitation",
})
local inhibition = net:stimulate(cells, {
    count = 200, synapse = { "Exp2Syn", tau1 = 1, tau2 = 10, e = -75 }, at = hk.anywhere,
    weight = 0.0015, delay = 1, input = stepping(5, 10), name = "inhibition",
})

-- Each pair is connected with probability 0.3, from soma to anywhere.
local recurrent = net:connect(cells, cells, {
    rule = hk.pairwise(0.3), from = "soma(0.5)", threshold = -20,
    synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere, weight = 0.005, delay = 2,
})

net:record("spikes", { cells, threshold = -20 })
net:record("spikes", { cells, threshold = -20, path = folder .. "/spikes.csv", name = "file" })
net:record("inputs", { excitation.inputs, inhibition.inputs })
net:record("v", { cells, at = "soma(0.5)", every = 0.1 })
net:record("v", { cells, at = "soma(0.5)", every = 0.1, path = folder .. "/v.csv", name = "v.csv" })

print(pyramid)
print(net)
print(("recurrent: %s"):format(recurrent))

local result <const> = net:run(duration)

local spikes = result:spikes()
print(("%d spikes; in Hz a cell:"):format(#spikes.t))
local windows = {
    { "before", 0, step.from }, { "during", step.from, step.to }, { "after", step.to, duration },
}
for _, window in ipairs(windows) do
    local name, from, to = table.unpack(window)
    local n = hk.count(spikes.t, from, to)
    local hz = n / #cells / (to - from) * 1000
    print(("  %-6s %3d to %3d ms  %3d spikes  %5.1f Hz"):format(name, from, to, n, hz))
end

-- What came in, who is connected to whom, and what came of it.
local inputs = hk.plot.inputs {
    result, groups = {
        { name = "excitatory", inputs = excitation.inputs },
        { name = "inhibitory", inputs = inhibition.inputs },
    },
}
local traces = hk.plot.traces { result }
local function draw(name, height, panels)
    hk.plot.figure {
        panels = panels, size = { 13, height }, dpi = 110, -- of PNG
        highlight = { { step.from, step.to, "step" } },
        path = ("%s/network-%s.%s"):format(folder, name, ending),
    }
end
draw("inputs", 6, { inputs })
draw("connections", 6.2, { { hk.plot.graph { recurrent }, hk.plot.matrix { recurrent } } })
draw("result", 16, { inputs, traces, hk.plot.raster { result }, hk.plot.rate { result, bin = 10 } })
draw("traces", 8, { traces })

local facts = net.facts
print(("%.0f ms of %d compartments in %.2f s"):format(duration, facts.compartments, facts.run_s))
net:close()
