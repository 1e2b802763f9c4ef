-- SPDX-License-Identifier: BSD-3-Clause
-- The reference cell and the fixed instance of its network, for comparison with NEURON:
--
--     build/hillock run tests/peer/network.lua REF OUT [MODS]
--
-- REF has l23_reduced.swc, network/background.csv and network/connections.csv; OUT, a folder that
-- exists, gets spikes.csv and soma_v.csv in the form of those in REF/network. MODS is a folder of
-- MOD files, whose mechanisms take the place of hillock's own.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. here .. "/../../examples/?.lua;" .. package.path

local instance = require "instance"

local ref, out, mods = ...
if not out then
    error("usage: hillock run tests/peer/network.lua REF OUT [MODS]", 0)
end
if mods then
    require("hillock").load(mods)
end

local net, cells = instance.network(instance.read(ref))
net:record("spikes", {
    cells, at = "soma(0.5)", threshold = -20,
    to = { "csv", digits = 12 }, path = out .. "/spikes.csv",
})
local labels = {}
for i = 1, #cells do
    labels[i] = ("cell%d_mV"):format(i - 1)
end
net:record("v", {
    cells, at = "soma(0.5)", every = 0.1, labels = labels,
    to = { "csv", digits = 12 }, path = out .. "/soma_v.csv",
})
net:run(500)
net:close()
