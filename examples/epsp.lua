-- SPDX-License-Identifier: BSD-3-Clause
-- An excitatory postsynaptic potential on its way along a dendrite: where the synapse sits farther
-- out, the soma sees it smaller, later and wider.
--
--     hillock run examples/epsp.lua [FOLDER [svg|png|pdf]]

local hk = require "hillock"

local cell = hk.cell {
    name = "stick",
    morphology = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 500, diam = 1 } },
    nseg = hk.longest(10), Ra = 150, cm = 1,
}
cell:insert("pas", { g = 1 / 20000, e = -70 })
print(cell)

-- One cell for each place of the synapse, so that one run gives all.
local distances = { 50, 150, 250, 350, 450 }
local net = hk.network { v_init = -70 }
local cells = net:population("cells", #distances, cell)
local input = net:input { "SpikeArray", times = { 5 } }
for i, distance in ipairs(distances) do
    local place = cells[i](("dend(%g)"):format(distance / 500))
    local synapse = net:add(place, { "Exp2Syn", tau1 = 0.5, tau2 = 3, e = 0 })
    net:connect_one(input, synapse, { weight = 0.0005, delay = 0 })
end
net:record("v", { cells, at = "soma(0.5)" })
local result = net:run(60)

print("distance    peak at soma    after    half width")
for i, distance in ipairs(distances) do
    local v, t = result:trace(i)
    local peak, at = hk.peak(t, v)
    local half = (peak - 70) / 2 -- half way between rest at -70 mV and the peak
    local up, down = hk.crossings(t, v, half, "up")[1], hk.crossings(t, v, half, "down")[1]
    print(("%5.0f um    %7.3f mV    %6.2f ms    %6.2f ms")
        :format(distance, peak + 70, at - 5, down - up))
end

local names = {}
for i, distance in ipairs(distances) do
    names[i] = ("%d µm"):format(distance)
end
local traces = hk.plot.traces { result, stack = false, names = names, title = "EPSP at the soma" }
local folder, ending = ...
local path = ("%s/epsp.%s"):format(folder or ".", ending or "svg")
traces:save(path, { dpi = 110, size = { 10, 6.5 } })
