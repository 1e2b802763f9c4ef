-- SPDX-License-Identifier: BSD-3-Clause
-- A step of current into the soma of one cell, and when it fires.
--
--     hillock run examples/step.protocol.lua

return {
    protocol = 1,
    name = "step",
    about = "200 pA into the soma for 180 ms",
    model = "l23.lua",
    celsius = 37, v_init = -79, duration = "200 ms",
    clamps = { { "IClamp", at = "soma(0.5)", delay = 20, dur = 180, amp = "200 pA" } },
    record = {
        { "v", at = "soma(0.5)", every = 0.1 },
        { "spikes", at = "soma(0.5)", threshold = -20 },
    },
    checks = {
        { "spike_count", cell = 1, from = 0, to = 20, is = 0, name = "no spike before the step" },
        { "spike_count", cell = 1, min = 1 },
        { "max", of = "v", max = 60, name = "v stays below ena" },
    },
}
