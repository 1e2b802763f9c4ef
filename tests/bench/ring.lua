-- SPDX-License-Identifier: BSD-3-Clause
-- Rings of ten cells with hh channels, around each of which a spike travels:
--
--     build/hillock run tests/bench/ring.lua [WHAT] [CELLS [THREADS [REPEATS [MS]]]]
--
-- WHAT is "point", cells of one compartment, or "stick", with a passive dendrite.

local hk = require "hillock"
local bench = require "bench"

local case = bench.case({ what = "point", cells = 1000, ms = 100 }, ...)
local shape = bench.choose(case, {
    point = hk.compartment { L = 20, diam = 20 },
    stick = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 300, diam = 2 } },
})
local around <const> = 10

bench.measure(case, function()
    local type = hk.cell { name = "ring", morphology = shape, nseg = hk.d_lambda(0.1), Ra = 100 }
    type:insert("pas", { g = 1e-4, e = -65 })
    type:region "soma":insert "hh"
    local net = hk.network { celsius = 6.3, v_init = -65, threads = case.threads }
    local cells = net:population("ring", case.cells, type)
    local pairs_of = { pre = {}, post = {} }
    for i = 1, case.cells do
        local first = (i - 1) // around * around + 1
        local last = math.min(first + around - 1, case.cells)
        pairs_of.pre[i], pairs_of.post[i] = i, i < last and i + 1 or first
    end
    net:connect(cells, cells, {
        rule = hk.pairs(pairs_of), self = true, from = "soma(0.5)", threshold = 0,
        synapse = { "ExpSyn", tau = 2, e = 0 }, at = "soma(0.5)", weight = 0.02, delay = 5,
    })
    for first = 1, case.cells, around do
        net:add(cells[first] "soma(0.5)", { "IClamp", delay = 1, dur = 1, amp = 1 })
    end
    net:record("spikes", { cells, threshold = 0 })
    return net
end)
