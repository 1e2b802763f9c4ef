-- SPDX-License-Identifier: BSD-3-Clause
-- The cases of the bench, small: each builds the model that its table names, runs, and prints its
-- figures; and the table is made of them.

local tap = require "tap"
local scratch = require "scratch"

local source = os.getenv "HILLOCK_SOURCE" or "."
local hillock = scratch.hillock()
local place <close> = scratch.new()

-- Status, figures by name, output and errors of a script of the bench.
local function run(script, ...)
    local path = ("%s/tests/bench/%s.lua"):format(source, script)
    local status, out, err = place:run { hillock, "run", path, ... }
    local figures = {}
    for name, value in out:gmatch "(%a[%w_]*) (%S+)" do
        figures[name] = tonumber(value)
    end
    return status, figures, out, err
end

-- The figures of a case, which must be whole.
local function figures_of(script, ...)
    local status, figures, _, err = run(script, ...)
    local name = table.concat({ script, ... }, " ")
    tap.is(status .. err, "0", name .. " runs")
    for _, key in ipairs { "build_s", "run_s", "ns", "bytes" } do
        tap.ok((figures[key] or -1) >= 0, ("%s: %s is a figure"):format(name, key))
    end
    return figures
end

local segments <const> = 78 -- of the reference cell, as examples/l23/morphology/l23.swc has it

-- CELLS, THREADS, REPEATS, MS
local figures = figures_of("network", "drawn", "12", "1", "2", "2")
tap.is(figures.cells, 12, "the network has the cells that were asked for, beyond the instance's")
tap.is(figures.compartments, 12 * segments, "of the reference cell's kind")
tap.is(figures_of("network", "drawn", "10", "2", "1", "2").threads, 2, "on two threads")

figures = figures_of("dense", "drawn", "3", "1", "1", "2")
tap.is(figures.cells, 3, "cells within the instance's")

figures = figures_of("ring", "point", "25", "1", "1", "20")
tap.is(figures.compartments, 25, "cells of one compartment")
tap.ok(figures.spikes > 3 * 2, "a spike goes around each ring")
tap.ok(figures_of("ring", "stick", "20", "1", "1", "20").compartments > 100, "with dendrites")

figures = figures_of("shapes", "varied", "5", "1", "1", "1")
tap.is(figures.groups, 5, "no cell shares its group where each has a shape of its own")
tap.is(figures_of("shapes", "tree", "1", "1", "1", "0.1").compartments, 10001, "the tree's size")
local swc = source .. "/examples/l23/morphology/l23.swc"
tap.is(figures_of("shapes", swc, "1", "1", "1", "1").compartments, segments, "a shape from a file")

figures = figures_of("synapses", "alike", "2", "1", "1", "1")
tap.is(figures.instances, 2 * segments, "synapses that are alike are one a compartment")
figures = figures_of("synapses", "unlike", "2", "1", "1", "1")
tap.is(figures.instances, 2 * 10000, "synapses that are not alike are what they are")

-- ---- arguments

local function refused(text, ...)
    local status, _, _, err = run(...)
    local name = table.concat({ ... }, " ")
    tap.ok(status == 1 and err:find(text, 1, true), ("%s: %s"):format(name, err))
end

refused("'cube': one of point, stick", "ring", "cube")
refused("THREADS: expected a number above 0, got 'two'", "ring", "point", "10", "two")
refused("CELLS: expected a number above 0, got '0'", "ring", "0")
refused("usage:", "ring", "point", "1", "2", "3", "4", "5")
refused("--slow: one of --quick", "run", "--slow")
refused("--rounds: a whole number must follow", "run", "--rounds", "many")
refused("no case has such a name", "run", "nothing like this")

-- ---- the table

local function table_of(...)
    local path = source .. "/tests/bench/run.lua"
    local status, out, err = place:run {
        "env", "HILLOCK_REFERENCE=none", "HILLOCK_RULER=none", hillock, "run", path, "--quick", ...,
    }
    tap.is(status .. err, "0", "the table is made")
    return out
end

local out = table_of "soma and dendrite"
tap.ok(out:find "\nrings, hh, soma and dendrite +1000 +10000 +1 ", "it has the case")
tap.ok(out:find "  1%.00  +%-  ", "its ratio to itself is 1, that to a ruler that is missing none")
tap.ok(out:find "no ruler in none" and out:find "no reference in none", "and that is said")
out = table_of("--markdown", "soma and dendrite")
tap.ok(out:find "^| case | cells | .* |\n| %-%-%- | %-%-%-: | ", "and one for a page")

tap.done()
