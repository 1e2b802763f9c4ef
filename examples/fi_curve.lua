-- SPDX-License-Identifier: BSD-3-Clause
-- How fast a cell fires under how much current: independent simulations, side by side on the
-- machine's processors.
--
--     hillock run examples/fi_curve.lua [FOLDER [svg|png|pdf]]

local hk = require "hillock"

local amplitudes = {}
for i = 0, 10 do
    amplitudes[i + 1] = 0.02 * i -- nA
end

-- Each call runs in a Lua of its own, so that from outside it can name modules, such as hk, but no
-- other values than what it is given.
local rates = hk.map(amplitudes, function(amp)
    local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
    cell:insert "hh"
    local net = hk.network { celsius = 6.3, v_init = -65 }
    local cells = net:population("cell", 1, cell)
    net:add(cells "soma(0.5)", { "IClamp", delay = 100, dur = 1000, amp = amp })
    net:record("spikes", { cells, threshold = 0 })
    local spikes = net:run(1100):spikes()
    return hk.count(spikes.t, 100, 1100) -- in one second
end)

print("current (nA)  rate (Hz)")
for i, amp in ipairs(amplitudes) do
    print(("%10.2f  %9.0f  %s"):format(amp, rates[i], ("#"):rep(rates[i] // 2)))
end

local folder, ending = ...
local curve = hk.plot.fi { { current = amplitudes, rate = rates } }
curve:save(("%s/fi_curve.%s"):format(folder or ".", ending or "svg"), { dpi = 110 })
