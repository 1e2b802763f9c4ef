-- SPDX-License-Identifier: BSD-3-Clause
-- Pictures of cells: their shape, what is where on them, how their channels behave, and how they
-- fire.
--
--     hillock run examples/pictures.lua [FOLDER [svg|png|pdf]]
--
-- draws to FOLDER (or the current one). gnuplot is needed; scripts/plot.md has every option.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path

local hk = require "hillock"
local l23 = require "l23"

local folder, ending = ...
folder, ending = folder or ".", ending or "svg"

local function draw(name, size, panels)
    local figure = hk.plot.figure {
        panels = panels, size = size, dpi = 110,
        path = ("%s/pictures-%s.%s"):format(folder, name, ending),
    }
    print(figure)
end

-- A pyramidal cell that fires once.
local pyramid = l23.cell()
local net = hk.network { celsius = 37, v_init = -70 }
local cells = net:population("L23", 1, pyramid)
net:add(cells "soma(0.5)", { "IClamp", delay = 5, dur = 10, amp = 0.4 })
net:record("v", { cells, at = hk.anywhere, every = 0.1 })
net:record("spikes", { cells })
local result = net:run(20)
local spike = result:spikes().t[1]
print(("a spike at %.2f ms"):format(spike))

draw("morphology", { 16, 9 }, { {
    hk.plot.morphology { pyramid, title = "Domains" },
    hk.plot.morphology { pyramid, parameter = "Ka.gbar", title = "A-type potassium" },
    hk.plot.morphology {
        pyramid, result = result, t = spike + 1, title = "1 ms after a spike",
    },
} })
draw("distance", { 16, 6 }, { {
    hk.plot.distance { pyramid, parameter = "Ka.gbar" },
    hk.plot.distance { pyramid, parameter = "CaHVA.gbar" },
} })
draw("kinetics", { 16, 11 }, {
    { hk.plot.kinetics { "Na", celsius = 37 } },
    { hk.plot.kinetics { "Km", celsius = 37 } },
})

-- Simple cells under random input.
local squid = hk.cell { name = "squid", morphology = hk.compartment { L = 20, diam = 20 } }
squid:insert "hh"
local noisy = hk.network { celsius = 6.3, v_init = -65, seed = 1 }
local firing = noisy:population("squid", 20, squid)
noisy:stimulate(firing, {
    count = 20, synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere, weight = 0.0012,
    delay = 1, input = { "Poisson", rate = { { 0, 1000, 30 } } },
})
noisy:record("v", { firing[1], at = "soma(0.5)", every = 0.1 })
noisy:record("spikes", { firing, threshold = 0 })
local fired = noisy:run(1000)
draw("firing", { 16, 11 }, {
    { hk.plot.traces { fired, x_range = { 0, 300 } }, hk.plot.isi { fired, bin = 2, to = 80 } },
    { hk.plot.raster { fired }, hk.plot.rate { fired, kernel = "gaussian", width = 15, bin = 1 } },
})
