-- SPDX-License-Identifier: BSD-3-Clause
-- Networks: cells, points, inputs, stimuli, rules and single connections; and every mistake in
-- them.

local tap = require "tap"
local hk = require "hillock"

local here = "network.t.lua:"
local function refuses(texts, name, fn)
    texts = type(texts) == "string" and { texts } or texts
    table.insert(texts, here)
    tap.throws(fn, texts, name)
end

local function stick(name)
    local cell = hk.cell {
        name = name or "stick", nseg = { 1, dend = 9 }, Ra = 100,
        morphology = hk.ball_and_stick {
            soma = { L = 20, diam = 20 }, dend = { L = 300, diam = 2 },
        },
    }
    return cell:insert("pas", { g = 1e-4, e = -65 })
end
local type_a, type_b = stick("A"), stick("B")

-- ---- cells

local net = hk.network { celsius = 20, v_init = -65, dt = 0.025, seed = 3 }
local a = net:population("A", 4, type_a)
local b = net:population("B", 3, type_b, { ids = { 100, 7, 50 } })
tap.is(#a, 4, "a population has its cells")
tap.is(#net.cells, 7, "and the network all of them")
tap.is(b.name, "B", "its name")
tap.is(b.type, type_b, "its type")
tap.is(table.concat(a.ids:totable(), " "), "0 1 2 3", "identities count on")
tap.is(table.concat(b.ids:totable(), " "), "100 7 50", "or are given")
tap.is(table.concat(b.numbers:totable(), " "), "5 6 7", "numbers in the network")
tap.is(b[2].ids[1], 7, "one of them")
tap.is(#a:slice(2, 3), 2, "some of them")
tap.is(#a:slice(3):join(b), 5, "some of two populations")
tap.is(a[5], nil, "no cell behind the last")
tap.is(tostring(a), "4 cells A of type A", "as text")
tap.ok(tostring(net):find("7 cells") and tostring(net):find("celsius 20"), "a network as text")
tap.is(net.t, 0.0, "the time")

local soma = a "soma(0.5)"
tap.is(#soma, 4, "a place on each")
tap.is(soma.segments[4], 1, "its segment")
tap.is(#a[1]:segment "dend", 9, "the places of a region")
tap.is(#a:slice(1, 2):segment(hk.anywhere), 20, "all places")
tap.is(tostring(soma[1]), "soma[0](0.5) of cell 1 (A)", "a place as text")

a[2]:set("pas", { g = 5e-4 })
a[2]:set("pas", { e = hk.linear { slope = 0.01, intercept = -70 } }, "dend")
a[3]:set { cm = 2 }

-- ---- points, inputs, connections one by one

local synapse = net:add(a[1] "dend(0.5)", { "ExpSyn", tau = 3 })
tap.is(#synapse, 1, "a point")
tap.is(synapse:get("tau")[1], 3.0, "its parameter")
tap.is(synapse:get("e")[1], 0.0, "a default")
local many = net:add(soma, { "ExpSyn", tau = { 1, 2, 3, 4 } })
tap.is(many:get("tau")[4], 4.0, "a parameter by a list")
many:set { tau = 5 }
tap.is(many:get("tau")[1], 5.0, "set again")
many:set { tau = hk.array { 5, 6, 7, 8 } }
tap.is(many[2]:get("tau")[1], 6.0, "set again by an array")
tap.is(many.places.cells[3], 3, "where they are")
tap.is(tostring(many), "4 ExpSyn", "points as text")
local input = net:input { "SpikeArray", times = { 1, 5, 9 } }
local inputs = net:inputs(4, { "SpikeArray", times = { { 1 }, { 2, 3 }, {}, { 4 } } })
tap.is(#inputs, 4, "inputs")
tap.is(inputs.plugin, "SpikeArray", "of a plugin")
local noise = net:inputs(4, { "NetStim", start = 0, interval = { 5, 6, 7, 8 }, noise = 1 })
tap.is(#noise:slice(1, 2), 2, "inputs with a number each")

local c = net:connect_one(input, synapse, { weight = 0.001, delay = 1 })
tap.is(#c, 1, "one connection")
tap.is(c[1].source, "input", "its source")
tap.is(c[1].weight, 0.001, "its weight")
tap.is(c[1].post, 1, "its cell")
local each = net:connect_one(inputs, many, { weight = { 1, 2, 3, 4 }, delay = hk.array { 1, 2, 3,
    4 } })
tap.is(each[3].weight, 3.0, "the third of a list")
tap.is(each[4].delay, 4.0, "its delay")
tap.is(#net:connect_one(noise, synapse, { weight = 0.001, delay = 1 }), 4, "many to one")
local detector = net:connect_one(a[2] "soma(0.5)", many, { weight = 0.01, delay = 1,
    threshold = -30 })
tap.is(detector[2].source, "detector", "from a cell")
tap.is(detector[2].pre, 2, "that cell")

-- ---- in bulk

local exp = { "ExpSyn", tau = 2, e = 0 }
local poisson = { "Poisson", rate = { { 0, 200, 5 }, { 200, 300, 20 } } }
local made = net:stimulate(a, {
    count = 50, synapse = exp, at = hk.anywhere, weight = 0.0008, delay = 1, input = poisson,
})
tap.is(#made.points, 200, "a synapse each")
tap.is(#made.inputs, 200, "an input each")
tap.is(#made.connections, 200, "a connection each")
local one = net:stimulate(a, {
    count = 5, synapse = "ExpSyn", at = "dend", weight = hk.random.normal { mean = 1, sd = 0.1 },
    delay = hk.random.uniform { min = 1, max = 2 }, input = poisson, one_input = true,
})
tap.is(#one.inputs, 4, "one input a cell")
local inside = true
for i = 1, #one.connections do
    local k = one.connections[i]
    inside = inside and k.segment > 1 and k.delay >= 1 and k.delay <= 2
end
tap.ok(inside, "on the dendrite, with delays that were drawn")
local soma_only = net:stimulate(a[1], {
    count = 20, synapse = exp, weight = 1, delay = 1, input = poisson,
    at = hk.on(hk.anywhere, function(s) return s.index == 1 and 1 or 0 end),
})
local all_soma = true
for i = 1, 20 do
    all_soma = all_soma and soma_only.connections[i].segment == 1
end
tap.ok(all_soma, "shares decide where")
for _, at in ipairs { hk.by_length(), hk.by_area "dend", { domain = "dend" }, "dend(0.5)" } do
    net:stimulate(b, {
        count = 2, synapse = exp, at = at, weight = 1, delay = 1, input = poisson,
        name = "at " .. tostring(at),
    })
end

local function connect(rule, options)
    local all = { rule = rule, from = "soma(0.5)", synapse = exp, at = "dend", weight = 1,
        delay = 2 }
    for key, value in pairs(options or {}) do
        all[key] = value
    end
    return net:connect(a, a, all)
end
tap.is(#connect(hk.all()).connections, 12, "all but to oneself")
tap.is(#connect(hk.all(), { self = true }).connections, 16, "all")
tap.is(#connect(hk.one_to_one(), { self = true }).connections, 4, "one to one")
tap.is(#connect(hk.in_degree(2)).connections, 8, "a fixed in-degree")
tap.is(#connect(hk.pairwise(0)).connections, 0, "pairs with probability 0")
tap.is(#connect(hk.pairwise(1)).connections, 12, "and 1")
local listed = connect(hk.pairs { { 1, 2 }, { 4, 1 } }, { threshold = 0 }).connections
tap.is(#listed, 2, "pairs that are listed")
tap.is(listed[2].pre, 4, "from")
tap.is(listed[2].post, 1, "to")
local path = os.tmpname()
local file = assert(io.open(path, "w"))
file:write("pre,post\n0,3\n")
file:close()
tap.is(connect(hk.pairs(path)).connections[1].post, 4, "pairs in a file count from 0")
os.remove(path)
tap.ok(net:connect(a, b, {
    rule = hk.all(), from = "dend(1)", synapse = exp, at = hk.anywhere, weight = 1, delay = 1,
}).points[12], "between populations")

-- ---- mistakes

refuses({ "'celcius'", "'celsius'" }, "a wrong option", function() hk.network { celcius = 37 } end)
refuses({ "dt", "above 0" }, "no step", function() hk.network { dt = 0 } end)
refuses("seed", "a seed that is no whole number", function() hk.network { seed = 1.5 } end)
refuses("threads", "a negative number of threads", function() hk.network { threads = -1 } end)
refuses("whole number from 1", "a population of none", function()
    net:population("C", 0, type_a)
end)
refuses("'A' already", "a name twice", function() net:population("A", 1, type_a) end)
refuses("population: name", "no name", function() net:population(nil, 1, type_a) end)
refuses("expected a cell, got", "a type that is none", function() net:population("C", 1, a) end)
refuses("ids", "too few identities", function() net:population("C", 2, type_a, { ids = { 9 } }) end)
refuses("100", "an identity twice", function()
    net:population("C", 1, type_a, { ids = { 100 } })
end)
refuses("ids", "half an identity", function() net:population("C", 1, type_a, { ids = { 0.5 } }) end)
refuses("not within 1 and 4", "a slice beyond the end", function() a:slice(2, 9) end)
refuses("no place", "a place without a number", function() a:segment "soma(x)" end)
refuses("axon", "a section that is not there", function() a "axon(0.5)" end)
refuses("no mechanism 'hh'", "a value of what is not there", function() a:set("hh", { gl = 1 }) end)
refuses("gbar", "a field that is not there", function() a:set("pas", { gbar = 1 }) end)
refuses({ "expected places", "a cell group" }, "a point on a cell", function()
    net:add(a, "ExpSyn")
end)
refuses({ "ExpSin", "ExpSyn" }, "a point process that is not there", function()
    net:add(soma, "ExpSin")
end)
refuses({ "tou", "tau" }, "a field that it lacks", function()
    net:add(soma, { "ExpSyn", tou = 1 })
end)
refuses("tau", "a value out of range", function() net:add(soma, { "ExpSyn", tau = -1 }) end)
refuses("pas", "a channel as a point", function() net:add(soma, "pas") end)
refuses("name is missing", "a spec without a name", function() net:add(soma, { tau = 1 }) end)
refuses("tau has 2 values for 4", "a list too short", function()
    net:add(soma, { "ExpSyn", tau = { 1, 2 } })
end)
refuses("tau", "text for a value", function() net:add(soma, { "ExpSyn", tau = "2" }) end)
refuses("times", "times that are not sorted", function()
    net:input { "SpikeArray", times = { 5, 1 } }
end)
refuses("times", "a negative time", function() net:input { "SpikeArray", times = { -1 } } end)
refuses({ "times", "string" }, "a time that is text", function()
    net:input { "SpikeArray", times = { "1" } }
end)
refuses("times: expected", "a word for a list", function()
    net:input { "SpikeArray", times = "1 2" }
end)
refuses({ "rate", "3" }, "a row too short", function()
    net:input { "Poisson", rate = { { 0, 5 } } }
end)
refuses("2 values for 3", "too few lists", function()
    net:inputs(3, { "SpikeArray", times = { { 1 }, { 2 } } })
end)
refuses("expected points", "a place as a target", function()
    net:connect_one(input, soma, { delay = 1 })
end)
refuses("expected a place", "a cell as a source", function()
    net:connect_one(a[1], synapse, { delay = 1 })
end)
refuses("'delay' is missing", "no delay", function() net:connect_one(input, synapse, {}) end)
refuses("delay", "a negative delay", function() net:connect_one(input, synapse, { delay = -1 }) end)
refuses("delay", "no delay between cells", function()
    net:connect_one(soma[1], synapse, { delay = 0 })
end)
refuses("3 sources and 4 points", "numbers that differ", function()
    net:connect_one(inputs:slice(1, 3), many, { delay = 1 })
end)
refuses("weight", "weights too few", function()
    net:connect_one(inputs, many, { weight = { 1, 2 }, delay = 1 })
end)
refuses("threshold is for places", "a threshold of an input", function()
    net:connect_one(input, synapse, { delay = 1, threshold = 0 })
end)
local other = hk.network()
local foreign = other:population("A", 1, type_a)
refuses("another network", "a cell of another network", function()
    net:connect_one(foreign "soma(0.5)", synapse, { delay = 1 })
end)
local function stimulus(change)
    local all = {
        count = 1, synapse = exp, at = hk.anywhere, weight = 1, delay = 1, input = poisson,
    }
    for key, value in pairs(change) do
        all[key] = value ~= "none" and value or nil
    end
    return function() net:stimulate(a, all) end
end
refuses("'count' is missing", "no count", stimulus { count = "none" })
refuses("at is missing: say hk.anywhere", "no place", stimulus { at = "none" })
refuses({ "'wieght'", "'weight'" }, "a wrong key", stimulus { wieght = 1 })
refuses("whole number from 1", "half a synapse", stimulus { count = 0.5 })
refuses({ "weight", "hk.random" }, "a weight that is text", stimulus { weight = "big" })
refuses("delay", "a negative delay of many", stimulus { delay = -1 })
refuses("no region 'axon'", "a region that is not there", stimulus { at = "axon" })
refuses({ "Poison", "Poisson" }, "an input that is not there", stimulus { input = "Poison" })
refuses("ExpSyn", "a synapse as an input", stimulus { input = "ExpSyn" })
refuses("share", "a share that is negative", stimulus {
    at = hk.on("dend", function() return -1 end),
})
refuses("no segment", "a place that is empty", stimulus {
    at = { where = function() return false end },
})
refuses("already", "a stream's name twice", function()
    stimulus { name = "twice" } ()
    stimulus { name = "twice" } ()
end)
refuses("several types", "cells of two types", function()
    net:stimulate(a:join(b), { count = 1, synapse = exp, at = hk.anywhere, weight = 1, delay = 1,
        input = poisson })
end)
refuses("expected a rule", "no rule", function() connect("all") end)
refuses("rule is missing", "no rule at all", function()
    net:connect(a, a, { from = "soma(0.5)", synapse = exp, at = "dend", weight = 1, delay = 1 })
end)
refuses("not within 0 and 1", "a probability above 1", function() hk.pairwise(1.5) end)
refuses("in_degree", "an in-degree of none", function() hk.in_degree(0) end)
refuses("sources for each target", "an in-degree of too many", function()
    connect(hk.in_degree(9))
end)
refuses("one segment is wanted", "a region as a source", function()
    connect(hk.all(), { from = "dend" })
end)
refuses("delay", "a rule without delay", function() connect(hk.all(), { delay = 0 }) end)
refuses("element 2 is no", "a pair of one", function() hk.pairs { { 1, 2 }, { 3 } } end)
refuses("5", "a pair beyond the end", function() connect(hk.pairs { { 1, 5 } }) end)
refuses({ "min 3", "max 2" }, "bounds the wrong way round", function()
    hk.random.uniform { min = 3, max = 2 }
end)
refuses({ "hillock.random", "'gauss'" }, "an unknown distribution", function()
    return hk.random.gauss
end)
refuses("cannot be assigned", "an assignment", function() net.celsius = 30 end)
refuses({ "'stimulus'", "'stimulate'" }, "an unknown method", function() net:stimulus(a, {}) end)

other:close()
refuses("closed", "a network that is closed", function() other:population("B", 1, type_a) end)
tap.is(tostring(other), "network, closed", "as text")
do
    local inner <close> = hk.network()
    other = inner
end
refuses("closed", "a network closed by its block", function() other:run(1) end)
tap.done()
