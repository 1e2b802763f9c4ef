-- SPDX-License-Identifier: BSD-3-Clause
-- network.lua as a protocol: ten layer 2/3 pyramidal cells under background input whose rate steps
-- up for 100 ms, with recurrent connections. It gives the same spikes as the script.
--
--     hillock run examples/network.protocol.lua

local from, to, duration = 200, 300, 500 -- ms

local function stepping(low, high)
    return { "Poisson", rate = { { 0, from, low }, { from, to, high }, { to, duration, low } } }
end

return {
    protocol = 1,
    name = "network",
    model = "l23.lua",
    cells = 10,
    celsius = 37, v_init = -65, dt = 0.025, seed = 1, duration = duration,
    inputs = {
        {
            name = "excitation", count = 500, at = "anywhere", input = stepping(5, 20),
            synapse = { "ExpSyn", tau = "2 ms", e = 0 }, weight = "0.8 nS", delay = "1 ms",
        },
        {
            name = "inhibition", count = 200, at = "anywhere", input = stepping(5, 10),
            synapse = { "Exp2Syn", tau1 = 1, tau2 = 10, e = -75 }, weight = "1.5 nS", delay = 1,
        },
    },
    connections = {
        {
            rule = { "pairwise", 0.3 }, from = "soma(0.5)", threshold = -20, at = "anywhere",
            synapse = { "ExpSyn", tau = 2, e = 0 }, weight = "5 nS", delay = 2,
        },
    },
    record = {
        { "spikes", at = "soma(0.5)", threshold = -20 },
        { "v", at = "soma(0.5)", every = 0.1 },
    },
    checks = {
        { "rate", from = 0, to = from, max = 5, name = "rate before the step" },
        { "rate", from = from, to = to, min = 5, max = 50, name = "rate in the step" },
        { "rate", from = to, to = duration, max = 5, name = "rate after the step" },
        { "min", of = "v", cell = 1, min = -95, name = "v stays above ek" },
    },
}
