-- SPDX-License-Identifier: BSD-3-Clause
-- Ports from a script: what net:port connects, its mistakes, and that units change no bit.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"

local fixtures = (os.getenv "HILLOCK_BUILD" or "build") .. "/tests/fixtures"
hk.plugin_folder(fixtures)

local function refuses(text, name, fn)
    tap.throws(fn, { text, "ports.t.lua:" }, name)
end

local function ball()
    local cell = hk.cell { name = "ball", morphology = hk.compartment { L = 20, diam = 20 } }
    return cell:insert("pas", { g = 1e-4, e = -65 })
end

-- ---- a gap junction between two passive cells

local function pair(connect)
    local net = hk.network { v_init = -65, dt = 0.025 }
    local cells = net:population("pair", 2, ball())
    net:add(cells[1] "soma(0.5)", { "IClamp", delay = 1, dur = 1e9, amp = 0.02 })
    local gaps = net:add(cells "soma(0.5)", { "PortGap", r = 200 })
    connect(net, cells, gaps)
    net:record("v", { cells, at = "soma(0.5)" })
    return net
end

local net = pair(function(net, cells, gaps)
    tap.is(net:port(gaps[1], "vgap", cells[2] "soma(0.5)"), net, "net:port gives the network")
    net:port(gaps[2], "PortGap.vgap", cells[1] "soma(0.5)", "v")
end)
local result = net:run(300)
-- g v1 + (v1 - v2)/r = i, g v2 + (v2 - v1)/r = 0
local g, r, i = 1e-6 * math.pi * 400, 1 / 200, 0.02
local v2 = i * r / (g * g + 2 * g * r)
tap.near(result:trace(1)[12001], v2 * (g + r) / r - 65, 1e-9, "steady state of the first cell")
tap.near(result:trace(2)[12001], v2 - 65, 1e-9, "and of the other")

local same = pair(function(other, cells, gaps)
    other:port(gaps, "vgap", cells[1] "soma(0.5)") -- replaced:
    other:port(gaps, "vgap", other:places({ 2, 1 }, { 1, 1 }))
end):run(300)
tap.is(same:trace(2)[12001], result:trace(2)[12001], "a list of places; the last call holds")
local points = pair(function(other, _, gaps)
    other:port(gaps[1], "vgap", gaps[2])
    other:port(gaps[2], "vgap", gaps[1], "v")
end):run(300)
tap.is(points:trace(2)[12001], result:trace(2)[12001], "v where a point is")

-- ---- channels' ports, and fields

net = hk.network { v_init = -65, dt = 0.025, celsius = 6.3 }
local spy = ball():insert "PortSpy"
local spies = net:population("spies", 3, spy)
local source = hk.cell { name = "axon", morphology = hk.compartment { L = 20, diam = 20 } }
source:insert "hh"
local axon = net:population("axon", 1, source)
net:add(axon "soma(0.5)", { "IClamp", delay = 1, dur = 5, amp = 0.3 })
net:port(spies "soma(0.5)", "PortSpy.one", axon "soma(0.5)", "hh.m")
net:port(spies "soma(0.5)", "PortSpy.other", axon "soma(0.5)", "ina")
net:record("PortSpy.late", { spies, at = "soma(0.5)", name = "m" })
net:record("PortSpy.late_other", { spies, at = "soma(0.5)", name = "ina" })
net:record("hh.m", { axon, at = "soma(0.5)", name = "right m" })
net:record("ina", { axon, at = "soma(0.5)", name = "right ina" })
result = net:run(10)
for name, record in pairs { m = "right m", ina = "right ina" } do
    local right, first, last = result:trace(record, 1), result:trace(name, 1), result:trace(name, 3)
    local equal = true
    for k = 2, #right do
        equal = equal and first[k] == right[k - 1] and last[k] == right[k - 1]
    end
    tap.ok(equal, name .. " of one for all, as advance sees it")
end

-- ---- mistakes

net = hk.network {}
local cells = net:population("ball", 2, ball())
local gaps = net:add(cells "soma(0.5)", { "PortGap", r = 200 })
local somas = cells "soma(0.5)"
local other = hk.network {}
local strange = other:population("ball", 1, ball())
refuses("port: expected places", "cells are no places", function()
    net:port(cells, "vgap", somas)
end)
refuses("port: source: expected places", "nor a number a source", function()
    net:port(gaps, "vgap", 3)
end)
refuses("port: name", "the name is missing", function() net:port(gaps, nil, somas) end)
refuses("'v gap' is no field", "a name that is none", function() net:port(gaps, "v gap", somas) end)
refuses("at places the mechanism is needed", "a port at places", function()
    net:port(somas, "vgap", somas)
end)
refuses("the points are PortGap", "another mechanism", function()
    net:port(gaps, "Gap.vgap", somas)
end)
refuses("port: 2 ports and 3 sources", "as many sources as ports", function()
    net:port(gaps, "vgap", net:places({ 1, 2, 1 }, { 1, 1, 1 }))
end)
refuses("belongs to another network", "another network's cells", function()
    net:port(gaps, "vgap", strange "soma(0.5)")
end)
refuses("PortGap.r is no port", "a parameter is no port", function() net:port(gaps, "r", somas) end)
refuses("port 0 of 2", "a field that is not there", function()
    net:port(gaps, "vgap", somas, "hh.m")
end)
refuses("a port itself", "a port cannot show a port", function()
    net:port(gaps, "vgap", gaps, "vgap")
end)
refuses("the port PortGap.vgap shows nothing", "a port that is not connected", function()
    net:run(1)
end)

-- ---- units

local place <close> = scratch.new()
place:write("units.lua", ([[
local hk = require "hillock"
hk.plugin_folder "%s"
local function run(units, spied)
    local net = hk.network { v_init = -65, dt = 0.025, celsius = 6.3, units = units }
    local type = hk.cell { name = "c", morphology = hk.compartment { L = 20, diam = 20 } }
    type:insert "hh"
    local spy = hk.cell { name = "s", morphology = hk.compartment { L = 20, diam = 20 } }
    spy:insert "pas"
    local cells = net:population("c", 9, type)
    local last = net:population("s", 1, spy)
    net:add(cells[1] "soma(0.5)", { "IClamp", delay = 1, dur = 5, amp = 0.3 })
    local gaps = net:add(cells "soma(0.5)", { "PortGap", r = 200 })
    local all = net:places({ 9, 1, 2, 3, 4, 5, 6, 7, 8 }, { 1, 1, 1, 1, 1, 1, 1, 1, 1 })
    net:port(gaps, "vgap", all, spied)
    net:record("v", { cells, last, at = "soma(0.5)" })
    local result = net:run(20)
    local sum = {}
    for k = 1, 10 do
        sum[k] = ("%%.17g"):format(result:trace(k)[801])
    end
    return table.concat(sum, " "), result.facts.units
end
local plain, none = run(false)
local fast, two = run(true)
print(plain == fast, none, two)
plain = run(false, "hh.m") == run(true, "hh.m")
print(plain, select(2, pcall(run, true, "ina")))
]]):format(fixtures))
local compiler = os.getenv "CC" or "cc"
if os.execute(compiler .. " --version >/dev/null 2>&1") then
    local _, out, err = place:run { scratch.hillock(), "run", "units.lua" }
    tap.ok(out:find("true\t0\t2", 1, true), "cells that others look at have units")
    tap.ok(out:find("true\t[^\n]*cell type \"c\" has no unit"),
        "but for those whose currents ports show")
    tap.note("%s%s", out, err)
else
    tap.skip(2, "there is no C compiler " .. compiler)
end

tap.done()
