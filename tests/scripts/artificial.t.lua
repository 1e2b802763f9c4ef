-- SPDX-License-Identifier: BSD-3-Clause
-- Artificial cells from a script: what connects from and to them, what is recorded of them, and
-- that cells do not know of them. EngineFire adds weight times gain to m, and above 1 fires.

local tap = require "tap"
local hk = require "hillock"

hk.plugin_folder((os.getenv "HILLOCK_BUILD" or "build") .. "/tests/fixtures")

local function refuses(text, name, fn)
    tap.throws(fn, { text, "artificial.t.lua:" }, name)
end

local type = hk.cell { name = "ball", morphology = hk.compartment { L = 20, diam = 20 } }
type:insert "hh"

local function list(array)
    return table.concat(array:totable(), " ")
end

-- ---- one by one

local net = hk.network { celsius = 6.3 }
net:population("before", 2, type)
local fire = net:artificial("fire", 3, { "EngineFire", tau = 1e9, rest = { 5, 5, 50 } })
local after = net:population("after", 2, type)
tap.is(#fire, 3, "a group")
tap.is(fire.name, "fire", "it has its name")
tap.is(fire[2].name, "fire", "a part of it too")
tap.is(fire.plugin, "EngineFire", "and the plugin's")
tap.is(tostring(fire), "3 EngineFire, artificial cells fire", "as text")
tap.is(list(fire:get "rest"), "5.0 5.0 50.0", "a list of values")
tap.is(#net.cells, 4, "net.cells does not have them")
tap.is(list(after.ids), "2 3", "nor do identities of cells count them")
tap.is(net:build().facts.cells, 4, "nor facts.cells")
tap.is(net.facts.compartments, 4, "nor facts.compartments")
net:close()

-- Events of 0.4 each ms from 1 ms on: it fires at 3 ms, then every 7.
local function small(connect)
    local made = hk.network { celsius = 6.3, dt = 0.025 }
    made:population("first", 1, type)
    local cells = made:artificial("fire", 3, { "EngineFire", tau = 1e9 })
    local target = made:population("target", 1, type)
    local train = made:input { "NetStim", start = 1, interval = 1, number = 30 }
    connect(made, cells, train, target)
    return made, cells, target
end

local cells, target
net, cells, target = small(function(made, all, train, last)
    made:connect_one(train, all[1], { weight = { { 0.4, 1 } }, delay = 0 })
    made:connect_one(all[1], all[2], { weight = { { 2, 1 } }, delay = 0.5 })
    local synapse = made:add(last "soma(0.5)", { "ExpSyn", tau = 1e9, e = -65 })
    made:connect_one(all[2], synapse, { weight = 1, delay = 1 })
    made:record("g", { synapse })
    made:record("spikes", { all })
    made:record("spikes", { name = "cells" })
    made:record("fired", { all[1] })
end)
local result = net:run(30)
local spikes = result:spikes(cells)
tap.is(list(spikes.t), "3.0 3.5 10.0 10.5 17.0 17.5 24.0 24.5", "spikes, at the time of emission")
tap.is(list(spikes.point), "1 2 1 2 1 2 1 2", "by their places in the group")
tap.is(list(result:spikes(cells[2]).t), "3.5 10.5 17.5 24.5", "of one of them")
tap.is(list(result:recording("spikes").cell), "0 0 0 0 0 0 0 0", "they are of no cell")
tap.is(#result:spikes(nil, "cells").t, 0, "and not among the spikes of all cells")
tap.is(#result:spikes(target).t, 0, "nor of a group")
local g = result:trace("g", 1)
tap.near(g[math.tointeger(4.5 / 0.025) + 1], 0, 0, "a connection's delay from what is emitted")
tap.near(g[math.tointeger(4.5 / 0.025) + 2], 1, 1e-6, "to a synapse")
tap.is(result:trace("fired", 1)[1201], 4, "their fields are recorded")

-- ---- rules and stimuli

local function whole(options, ids)
    local made = hk.network { celsius = 6.3, seed = 2, group = options.group,
        threads = options.threads }
    local excited = made:population("cells", 6, type)
    if options.more then
        made:artificial("more", 5, "EngineFire")
    end
    local a = made:artificial("a", 6, "EngineFire", { ids = ids })
    local b = made:artificial("b", 4, { "EngineFire", tau = 20 }, { ids = { 50, 51, 52, 53 } })
    local weight = hk.random.uniform { min = 0.3, max = 1.5 }
    local m = { a = a, b = b }
    m.driven = made:stimulate(a, { count = 3, weight = 0.5, delay = 0.3,
        input = { "Poisson", rate = { { 0, 100, 300 } } } })
    m.between = made:connect(a, b, { rule = hk.in_degree(3), weight = weight, delay = 1.3 })
    m.onto = made:connect(b, excited, { rule = hk.pairwise(0.6), at = "soma",
        synapse = { "ExpSyn", tau = 2 }, weight = 0.05, delay = 1 })
    m.back = made:connect(excited, a, { rule = hk.one_to_one(), from = "soma(0.5)", weight = 1,
        delay = 2 })
    made:record("spikes", { a, b })
    made:record("spikes", { excited, name = "cells" })
    local ran = made:run(100)
    local mine = ran:spikes(a)
    return list(mine.t) .. "/" .. list(mine.point) .. "/" .. list(ran:spikes(b).t) .. "/"
        .. list(ran:spikes(excited, "cells").t), m
end
local ids = { 10, 11, 12, 13, 14, 15 }
local first, made = whole({}, ids)
tap.is(#made.driven.points, 6, "a stimulus makes no points: they are the artificial cells")
tap.is(made.driven.points.name, "a", "themselves")
tap.is(#made.driven.connections, 18, "but connections")
tap.is(#made.between.connections, 12, "three to each")
local one = made.between.connections[1]
tap.is(one.source, "point", "from what points emit")
tap.ok(one.pre == nil and one.post == nil, "without cells")
tap.ok(one.pre_point and one.weight >= 0.3 and one.weight <= 1.5, "with weights that are drawn")
tap.is(#made.onto.points, #made.onto.connections, "to cells: a synapse for each")
tap.is(made.back.connections[6].point - made.back.connections[1].point, 5, "one to one")
tap.is(made.back.connections[1].pre, 1, "from cells")
tap.ok(#first > 500, "there is something to compare")
for _, options in ipairs { { group = 1, threads = 3 }, { group = 2 }, { threads = 2 } } do
    tap.is(whole(options, ids) == first, true, "the same for any grouping and threads")
end
tap.is(whole({ more = true }, ids) == first, true, "others before it change nothing")
tap.is(whole({}, { 20, 21, 22, 23, 24, 25 }) == first, false, "identities do")

-- ---- mistakes

net = hk.network {}
local some = net:population("some", 2, type)
local synapse = net:add(some "soma(0.5)", "ExpSyn")
refuses("ExpSyn has a current", "a plugin with a current", function()
    net:artificial("x", 1, "ExpSyn")
end)
refuses("EngineArea reads area of its segment", "one that reads its segment", function()
    net:artificial("x", 1, "EngineArea")
end)
refuses("artificial: name", "no name", function() net:artificial(nil, 1, "EngineFire") end)
refuses("a whole number from 1", "none", function() net:artificial("x", 0, "EngineFire") end)
refuses("ids: 1 for 2", "identities", function()
    net:artificial("x", 2, "EngineFire", { ids = { 1 } })
end)
refuses("is given twice", "equal identities", function()
    net:artificial("x", 2, "EngineFire", { ids = { 1, 1 } })
end)
refuses("rest has 3 values for 2", "lists of values", function()
    net:artificial("x", 2, { "EngineFire", rest = { 1, 2, 3 } })
end)
fire = net:artificial("fire", 2, "EngineFire")
local others = net:artificial("others", 2, "EngineFire")
refuses("artificial cells (fire) are nowhere", "their places", function() return fire.places end)
refuses("it has no membrane", "a place of theirs", function()
    net:add(net:places({ 3 }, { 1 }), "ExpSyn")
end)
refuses("it has no membrane", "v of one", function() net:record("v", { fire }) end)
refuses("these points sit on cells", "points on cells in a rule", function()
    net:connect(synapse, fire, { rule = hk.all(), weight = 1, delay = 1 })
end)
refuses("synapse", "a synapse to artificial cells", function()
    net:connect(fire, others, { rule = hk.all(), weight = 1, delay = 1, synapse = "ExpSyn" })
end)
refuses("from", "a place on artificial cells", function()
    net:connect(fire, others, { rule = hk.all(), weight = 1, delay = 1, from = "soma(0.5)" })
end)
refuses("one to one, but there are 2 sources and 1 targets", "numbers that differ", function()
    net:connect(fire, others[1], { rule = hk.one_to_one(), weight = 1, delay = 1 })
end)
refuses("less than dt", "a delay below dt", function()
    net:connect(fire, others, { rule = hk.all(), weight = 1, delay = 0 })
end)
refuses("is cell", "itself", function()
    net:connect(fire, fire, { rule = hk.one_to_one(), weight = 1, delay = 1 })
end)
refuses("expected a cell group", "a group of cells", function() some:join(fire) end)

tap.done()
