-- SPDX-License-Identifier: BSD-3-Clause
-- FUNCTION_TABLE: values that the user gives, of one argument and of two, between the rows and
-- beyond them.

local hk = require "hillock"
local scratch = require "scratch"
local tap = require "tap"

local place <close> = scratch.new()
local path = place.work .. "/tables.mod"
local file <close> = assert(io.open(path, "w"))
file:write [[
NEURON { SUFFIX tables RANGE x, y, one, two }
PARAMETER { x = 0 y = 0 }
ASSIGNED { one two }
BREAKPOINT { one = line(x) two = plane(x, y) }
FUNCTION_TABLE line(x)
FUNCTION_TABLE plane(x, y)
]]
file:close()
hk.load(path)

-- one and two at a place.
local function values(x, y, line, plane)
    local cell = hk.cell { morphology = hk.compartment { L = 10, diam = 10 } }
    cell:insert("tables", { x = x, y = y, line = line, plane = plane })
    local net <close> = hk.network { v_init = -65, dt = 0.025, celsius = 20 }
    local cells = net:population("one", 1, cell)
    local at = "soma(0.5)"
    net:record("tables.one", { cells, at = at, name = "one" })
    net:record("tables.two", { cells, at = at, name = "two" })
    local result = net:run(0.1)
    return result:trace("one", 1)[2], result:trace("two", 1)[2]
end

local line = { { -1, 10 }, { 0, 20 }, { 2, 0 } }
-- z = 1 + 2 x + 3 y + x y at x = 0, 1, 3 and y = -1, 1: linear in each between the rows
local plane = {}
local function z(x, y) return 1 + 2 * x + 3 * y + x * y end
for _, x in ipairs { 0, 1, 3 } do
    for _, y in ipairs { -1, 1 } do
        plane[#plane + 1] = { x, y, z(x, y) }
    end
end

local function is(x, y, want_one, want_two, name)
    local one, two = values(x, y, line, plane)
    tap.near(one, want_one, { abs = 1e-12 }, name .. ", one argument")
    tap.near(two, want_two, { abs = 1e-12 }, name .. ", two arguments")
end
is(0, 1, 20, z(0, 1), "at a row")
is(0.5, 0.25, 15, z(0.5, 0.25), "between rows")
is(1.75, -0.5, 2.5, z(1.75, -0.5), "in the next interval")
is(-0.25, 0, 17.5, z(0, 0), "before the first x of the second")
is(-7, -9, 10, z(0, -1), "before all rows")
is(9, 9, 0, z(3, 1), "after all rows")
local _, two = values(1, 0, line, { { 0, 0, 1 }, { 0, 1, 2 }, { 1, 0, 3 } })
tap.ok(two ~= two, "a grid with a hole has no value")
tap.throws(function() values(0, 0, line, nil) end, { "tables", "plane" }, "a table is missing")

tap.done()
