-- SPDX-License-Identifier: BSD-3-Clause
-- The reference network as a measure:
--
--     build/hillock run tests/bench/network.lua REF [CELLS [THREADS [REPEATS [MS]]]]
--
-- REF as in tests/peer/network.lua, or "drawn"; cells beyond the instance's ten repeat it. Hold the
-- figure against the ruler's on the same machine in the same minute.

local bench = require "bench"
local instance = require "instance"

local case = bench.case({ what = "drawn", repeats = 5, ms = 500 }, ...)
local files = bench.instance(case)

bench.measure(case, function()
    local net, cells = instance.network(files, case)
    net:record("spikes", { cells, threshold = -20 })
    net:record("v", { cells, at = "soma(0.5)", every = 0.1 })
    return net
end)
