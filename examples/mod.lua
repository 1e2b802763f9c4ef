-- SPDX-License-Identifier: BSD-3-Clause
-- A cell whose mechanisms are MOD files of NEURON's, as they are: the layer 2/3 cell with the files
-- in l23/biophys/mod instead of hillock's plugins of the same names. Both give the same spikes.
--
--     hillock run examples/mod.lua

local here = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/?.lua;" .. package.path

local hk = require "hillock"
local l23 = require "l23"

-- A step of current into the soma: when the cell fires.
local function spikes()
    local net <close> = hk.network { celsius = 37, v_init = -79, dt = 0.025 }
    local cells = net:population("L23", 1, l23.cell())
    net:add(cells "soma(0.5)", { "IClamp", delay = 20, dur = 180, amp = 0.2 })
    net:record("spikes", { cells, at = "soma(0.5)", threshold = -20 })
    return net:run(200):spikes().t
end

local function show(what, times)
    local list = {}
    for i = 1, #times do
        list[i] = ("%.3f"):format(times[i])
    end
    print(("%s: %d spikes, at %s ms"):format(what, #times, table.concat(list, ", ")))
end

show("plugins in C", spikes())

-- From here on, the names are those of the MOD files. Compiled plugins are kept: the second time
-- this takes no time.
local list = hk.load(here .. "/l23/biophys/mod")
print(("%d MOD files loaded"):format(#list))
show("MOD files", spikes())
