-- SPDX-License-Identifier: BSD-3-Clause
-- Cells with the reference cell's membrane and shapes of their own:
--
--     build/hillock run tests/bench/shapes.lua [WHAT] [CELLS [THREADS [REPEATS [MS]]]]
--
-- WHAT is "varied", each cell like the reference cell but its trees drawn at random; "tree", a tree
-- of 10 000 compartments; or the path of an SWC file. Each cell is a type of its own.

local hk = require "hillock"
local bench = require "bench"
local l23 = require "l23"

local case = bench.case({ what = "varied", cells = 100, ms = 100 }, ...)

-- Like the reference cell: a soma, an axon, an apical cylinder, and seven dendrites that branch.
local function varied()
    local list = {
        { domain = "soma", L = 20, diam = 20 },
        { domain = "axon", parent = 1, at = 0.5, L = 30 + 20 * math.random(), diam = 1 },
        { domain = "dend_80", type = 80, parent = 1, L = 300 + 200 * math.random(), diam = 4 },
    }
    for _ = 1, math.random(3, 5) do
        local stem = #list + 1
        list[stem] = {
            domain = "dend", parent = 1, at = 0.5, L = 20 + 60 * math.random(), diam = 2,
        }
        for _ = 1, math.random(0, 4) do
            list[#list + 1] = {
                domain = "dend", parent = math.random(stem, #list), L = 40 + 100 * math.random(),
                diam = 0.7 + math.random(),
            }
        end
    end
    return hk.sections(list)
end

-- Sections of 90 um with five compartments each, on one of the last hundred before them.
local function tree()
    local list = {
        { domain = "soma", L = 20, diam = 20 },
        { domain = "dend_80", type = 80, parent = 1, L = 90, diam = 1 },
    }
    for i = 3, 2001 do
        local parent = math.random(math.max(1, i // 2), i - 1)
        list[i] = { domain = "dend", parent = parent, L = 90, diam = 1 }
    end
    return hk.sections(list)
end

-- The apical tree (4) gets the densities of the reference cell's apical cylinder (80).
local function from_file()
    local file = assert(io.open(case.what))
    local text = file:read "a":gsub("(\n%d+) 4 ", "%1 80 "):gsub("4:apic", "80:dend_80")
    file:close()
    return hk.swc_text(case.what, text)
end

math.randomseed(1)
local shapes = {}
for i = 1, case.cells do
    shapes[i] = (case.what == "varied" and varied or case.what == "tree" and tree or from_file)()
end

bench.measure(case, function()
    local net = hk.network { celsius = 37, v_init = -65, threads = case.threads }
    for i, shape in ipairs(shapes) do
        local cells = net:population("L23_" .. i, 1, l23.cell { morphology = shape })
        net:stimulate(cells, {
            count = 500, synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere, weight = 0.0008,
            delay = 1, input = { "Poisson", rate = { { 0, case.ms, 5 } } },
        })
        net:record("spikes", { cells, threshold = -20 })
    end
    return net
end)
