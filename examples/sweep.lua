-- SPDX-License-Identifier: BSD-3-Clause
-- How many spikes a step of current makes, with all of the sodium channels and with fewer: a sweep
-- of step.protocol.lua over two values, on all processors.
--
--     hillock run examples/sweep.lua

local here = arg[0]:match "^(.*)/[^/]*$" or "."

local hk = require "hillock"

local sweep = hk.sweep {
    protocol = here .. "/step.protocol.lua",
    over = { { "parameters.Na", { 1, 0.5 } }, { "clamps[1].amp", { 0.1, 0.2, 0.3, 0.4 } } },
    measure = { { "spike_count", name = "spikes" }, { "max", of = "v", name = "peak" } },
}
print "sodium  current  spikes   peak"
for i = 1, #sweep do
    local row = sweep:row(i)
    print(("%5.0f %%  %4.1f nA  %6d  %5.1f mV"):format(100 * row["parameters.Na"],
        row["clamps[1].amp"], row.spikes, row.peak))
end
