-- SPDX-License-Identifier: BSD-3-Clause
-- The reference network with v of every segment in memory, every step:
--
--     build/hillock run tests/bench/dense.lua REF [CELLS [THREADS [REPEATS [MS]]]]
--
-- REF as for network.lua.

local hk = require "hillock"
local bench = require "bench"
local instance = require "instance"

local case = bench.case({ what = "drawn", ms = 100 }, ...)
local files = bench.instance(case)

bench.measure(case, function()
    local net, cells = instance.network(files, case)
    net:record("v", { cells, at = hk.anywhere })
    return net
end)
