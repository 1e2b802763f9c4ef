-- SPDX-License-Identifier: BSD-3-Clause
-- From a folder of DendroTweaks' to a network: the model in l23/ as it is, an SWC file, MOD files
-- and a JSON file of how parameters spread over the dendrites. First its own protocol, then ten
-- such cells that excite each other, under a background whose rate steps up.
--
--     hillock run examples/dendrotweaks.lua [FOLDER [svg|png|pdf]]
--
-- draws what they do to FOLDER (or the current one).

local here = arg[0]:match "^(.*)/[^/]*$" or "."
local hk = require "hillock"

local folder, ending = arg[1] or ".", arg[2] or "svg"
local step, duration = { from = 100, to = 200 }, 300 -- ms

local function draw(name, figure)
    figure.dpi, figure.path = 110, ("%s/dendrotweaks-%s.%s"):format(folder, name, ending)
    hk.plot.figure(figure)
end

-- The cell type and the protocol that the folder has.
local cell, protocol = hk.dendrotweaks(here .. "/l23", { stimuli = "step" })
print(cell)
local outcome = protocol:run { model = cell }
local soma, t = outcome.result:trace("v_soma_0", 1)
local apical = outcome.result:trace("v_apical_0", 1)
print(("%s: the soma fires %d times"):format(protocol.name, #hk.crossings(t, soma, -20)))
draw("protocol", {
    panels = { hk.plot.traces {
        { t = t, v = { soma, apical } }, names = { "soma", "apical tree" }, stack = false,
    } },
    size = { 13, 5 }, highlight = { { 50, 250, "0.2 nA" } },
})

local net = hk.network { celsius = 37, v_init = -65, seed = 1 }
local cells = net:population("L23", 10, cell)
local function background(count, synapse, weight, high)
    return net:stimulate(cells, {
        count = count, synapse = synapse, at = hk.anywhere, weight = weight, delay = 1,
        input = { "Poisson", rate = {
            { 0, step.from, 5 }, { step.from, step.to, high }, { step.to, duration, 5 },
        } },
    })
end
local excitation = background(500, { "ExpSyn", tau = 2, e = 0 }, 0.0008, 20)
local inhibition = background(200, { "Exp2Syn", tau1 = 1, tau2 = 10, e = -75 }, 0.0015, 10)
net:connect(cells, cells, {
    rule = hk.pairwise(0.3), from = "soma(0.5)", threshold = -20, at = hk.anywhere,
    synapse = { "ExpSyn", tau = 2, e = 0 }, weight = 0.005, delay = 2,
})
net:record("inputs", { excitation.inputs, inhibition.inputs })
net:record("v", { cells, at = "soma(0.5)", every = 0.1 })
net:record("spikes", { cells, threshold = -20 })

local result <const> = net:run(duration)
local spikes = result:spikes().t
print(("the network: %d spikes, %d of them in the step"):format(#spikes,
    hk.count(spikes, step.from, step.to)))

draw("network", {
    panels = {
        hk.plot.inputs { result, groups = {
            { name = "excitatory", inputs = excitation.inputs },
            { name = "inhibitory", inputs = inhibition.inputs },
        } },
        hk.plot.traces { result }, hk.plot.raster { result }, hk.plot.rate { result, bin = 10 },
    },
    size = { 13, 16 }, highlight = { { step.from, step.to, "step" } },
})
