-- SPDX-License-Identifier: BSD-3-Clause
-- Fields of plugins that are neither numbers nor states, as scripts see them: tables, what is only
-- observed, ions that come with a point process, channels that draw.

local tap = require "tap"
local hk = require "hillock"
local scratch = require "scratch"

hk.plugin_folder(os.getenv "HILLOCK_BUILD" .. "/tests/fixtures")

local function stick()
    local shape = hk.compartment { L = 40, diam = 10 }
    local cell = hk.cell { name = "stick", morphology = shape, nseg = 3, Ra = 100, cm = 1 }
    return cell:insert("pas", { g = 1e-4, e = -65 })
end

-- Two cells and what is recorded of them; make(cell type, net, cells) adds to it.
local function run(make, options)
    options = options or { v_init = -65, celsius = 20 }
    local cell = stick()
    local net = hk.network(options)
    local cells = net:population("A", 2, cell)
    make(cell, net, cells)
    return net:run(2), net
end

local refused = "fields.t.lua:"
local function refuses(texts, name, make)
    table.insert(texts, refused)
    tap.throws(function() run(make) end, texts, name)
end

-- ---- tables

local curve = { { -100, 1 }, { -60, 3 }, { 0, 5 } }
local result = run(function(cell, net, cells)
    cell:insert("TableChannel", { curve = curve, more = { 1, 2, 4 } })
    net:record("TableChannel.x", { cells, at = "soma(0.5)", name = "x" })
    net:record("TableChannel.sum", { cells, at = "soma(0.5)", name = "sum" })
end)
tap.near(result:trace("x", 2)[1], 1 + 35 / 20, 1e-12, "rows of a table")
tap.is(result:trace("sum", 1)[1], 7.0, "a list of numbers is one of rows of one")

result = run(function(cell, net, cells)
    cell:insert("TableChannel", { curve = curve })
    cell:region "soma(0.5)":set("TableChannel", { curve = hk.array { -100, 7, 0, 7 } })
    net:record("TableChannel.x", { cells, at = "soma(0.17)", name = "x" })
end)
tap.is(result:trace("x", 1)[1], 7.0, "set again, by an array, for all of the cell")

result = run(function(_, net, cells)
    local one = net:add(cells[1] "soma(0.5)", { "TablePoint", numbers = { 1, 2 }, list = { 5 } })
    local other = net:add(cells[2] "soma(0.5)", { "TablePoint", numbers = { 4 }, list = {} })
    net:record("seen", { one, other, name = "seen" })
    net:record("own", { one, other, name = "own" })
end)
tap.is(result:trace("seen", 1)[1], 3.0, "a point's table")
tap.is(result:trace("seen", 2)[1], 4.0, "and another one's")
tap.is(result:trace("own", 1)[1], 5.0, "beside its list")

refuses({ "TableChannel.curve must be set: it has no default" }, "a table that is not given",
    function(cell) cell:insert "TableChannel" end)
refuses({ "curve: 3 numbers are not rows of 2" }, "a row that is too long",
    function(cell) cell:insert("TableChannel", { curve = { { 1, 2, 3 } } }) end)
refuses({ "curve", "list of rows", "number" }, "a number for a table",
    function(cell) cell:insert("TableChannel", { curve = 3 }) end)
refuses({ "row 2", "curve is 5000, not within -1000 to 1000" }, "a number out of range",
    function(cell) cell:insert("TableChannel", { curve = { { 1, 2 }, { 3, 5000 } } }) end)
refuses({ "curve is not sorted" }, "what check says",
    function(cell) cell:insert("TableChannel", { curve = { { 3, 2 }, { 1, 5 } } }) end)
refuses({ "numbers must be given" }, "a point without its table",
    function(_, net, cells) net:add(cells[1] "soma(0.5)", { "TablePoint" }) end)
refuses({ "one value for all of cell type" }, "a table of one cell's own",
    function(cell, _, cells)
        cell:insert("TableChannel", { curve = curve })
        cells:set("TableChannel", { curve = 1 }, "soma")
    end)

-- ---- what is observed

result = run(function(cell, net, cells)
    cell:insert "ObserveChannel"
    local point = net:add(cells[2] "soma(0.5)", { "ObservePoint" })
    net:record("v", { cells, at = "soma(0.5)" })
    net:record("ObserveChannel.now", { cells, at = "soma(0.5)", name = "now" })
    net:record("ObserveChannel.when", { cells, at = "soma(0.5)", name = "when", every = 0.5 })
    net:record("twice", { point, name = "twice" })
    net:record("v", { point, name = "at point" })
    cell:set { cai = 3e-4 }
end)
local same = true
local v, now = result:trace("v", 2), result:trace("now", 2)
for i = 1, #v do
    same = same and v[i] == now[i]
end
tap.ok(same and #v == 81, "an observed column in each sample")
local when, t = result:trace("when", 1)
tap.ok(when[3] == 1 and t[3] == 1 and #when == 5, "at the time of the sample")
tap.is(result:trace("twice", 1)[10], 6e-4, "of a point")

-- ---- ions of a point process alone

result = run(function(cell, net, cells)
    local point = net:add(cells[1] "soma(0.5)", { "CarriesCa", g = 1e-3 })
    cell:set { eca = 50 }
    cells[2]:set({ eca = 20 }, "soma(0.5)")
    net:record("eca", { cells, at = "soma(0.5)", name = "e" })
    net:record("ica", { cells, at = "soma(0.5)", name = "ica" })
    net:record("i", { point, name = "i" })
end)
local area = math.pi * 10 * 40 / 3
tap.is(result:trace("e", 1)[1], 50.0, "an ion's variable that the user has set")
tap.is(result:trace("e", 2)[1], 20.0, "and of one cell's own")
tap.near(result:trace("ica", 1)[81], result:trace("i", 1)[81] * 100 / area, 1e-15,
    "its current is recorded")
tap.is(result:trace("ica", 2)[81], 0.0, "where it is")

-- ---- channels that draw

local function draws(threads, seed)
    local drawn = run(function(cell, net, cells)
        cell:insert "RandomChannel"
        net:record("RandomChannel.x", { cells, at = "soma(0.5)", name = "x" })
    end, { threads = threads, seed = seed })
    return drawn:trace("x", 1)[81], drawn:trace("x", 2)[81]
end
local first, second = draws(1, 3)
local again, other = draws(2, 3)
tap.ok(first == again and second == other and first ~= second, "each its own, on any thread")
tap.ok(draws(1, 4) ~= first, "of the seed")

-- ---- what `hillock info` says

local place <close> = scratch.new()
local function info(name)
    local file = os.getenv "HILLOCK_BUILD" .. "/tests/fixtures/" .. name .. ".so"
    local _, out = place:run { scratch.hillock(), "info", file }
    return out
end
local text = info "observe_channel"
tap.ok(text:find "now +mV +computed where it is recorded +v of now", "observed fields")
text = info "table_channel"
tap.ok(text:find "curve +%- +must be set +%-1000 to 1000 .*one table for the model of rows of 2",
    "tables that must be given")
tap.ok(text:find "more +%- +%- +any ", "and that may be")
tap.ok(info "ion_writes_e":find "eca +mV +reversal potential of ca", "reversal potentials")
tap.ok(info "random_channel":find "draws random numbers", "channels that draw")

tap.done()
