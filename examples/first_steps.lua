-- SPDX-License-Identifier: BSD-3-Clause
-- First steps: one compartment with the squid axon's channels, a current step, its spikes.
--
--     hillock run examples/first_steps.lua [FOLDER [svg|png|pdf]]

local hk = require "hillock"

-- A cylinder of 20 um by 20 um with the channels of Hodgkin and Huxley (1952).
local cell = hk.cell { name = "squid", morphology = hk.compartment { L = 20, diam = 20 }, cm = 1 }
cell:insert "hh"
print(cell)

-- A network of one such cell. hh depends on the temperature, and there is no default one.
local net = hk.network { celsius = 6.3, v_init = -65 }
local cells = net:population("squid", 1, cell)

-- 0.1 nA from 10 to 90 ms.
net:add(cells "soma(0.5)", { "IClamp", delay = 10, dur = 80, amp = 0.1 })

net:record("v", { cells, at = "soma(0.5)" })
net:record("spikes", { cells, threshold = 0 })
local result = net:run(100)

local spikes = result:spikes()
for i = 1, #spikes.t do
    print(("spike %d at %.3f ms"):format(i, spikes.t[i]))
end
local v = result:trace(1)
print(("v from %.1f to %.1f mV"):format(v:min(), v:max()))

-- A picture of it: v in time and against its own slope.
local folder, ending = ...
hk.plot.figure {
    panels = { { hk.plot.traces { result }, hk.plot.phase { result } } },
    size = { 16, 6 }, dpi = 110, highlight = { { 10, 90, "0.1 nA" } },
    path = ("%s/first_steps.%s"):format(folder or ".", ending or "svg"),
}
