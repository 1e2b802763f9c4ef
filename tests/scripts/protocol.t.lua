-- SPDX-License-Identifier: BSD-3-Clause
-- Protocols: what they are read as, that they give what the equivalent script gives, what their
-- checks say, and that they are the same in Lua and in JSON.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"

local source = os.getenv "HILLOCK_SOURCE" or "."
local examples = source .. "/examples/"
local place <close> = scratch.new()

-- A ball and a stick with hh in the ball.
local function stick()
    local shape = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 300, diam = 2 } }
    local cell = hk.cell { name = "stick", morphology = shape, nseg = hk.longest(50), cm = 1 }
    cell:insert("pas", { g = 1e-4, e = -65 })
    cell:region "soma":insert "hh"
    return cell
end

-- A protocol's table: `more` over what each needs.
local function of(more)
    local t = { protocol = 1, celsius = 6.3, duration = 50 }
    for key, value in pairs(more) do
        t[key] = value
    end
    return hk.protocol(t)
end

-- Do both lists or arrays hold the same numbers, to the bit?
local function same(a, b)
    for i = 1, math.max(#a, #b) do
        if a[i] ~= b[i] then
            return false
        end
    end
    return #a > 0
end

-- ---- to the bit what the script gives: the tutorial's network

package.path = package.path .. ";" .. examples .. "?.lua"
local l23 = require "l23"
local stepping = { "Poisson", rate = { { 0, 40, 5 }, { 40, 80, 40 } } }
local net = hk.network { celsius = 37, v_init = -65, dt = 0.025, seed = 3 }
local cells = net:population("L23", 5, l23.cell())
net:stimulate(cells, {
    count = 300, synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere, weight = 0.0008,
    delay = 1, input = stepping, name = "excitation",
})
net:stimulate(cells, {
    count = 50, synapse = { "Exp2Syn", tau1 = 1, tau2 = 10, e = -75 }, at = hk.by_length "dend",
    weight = hk.random.normal { mean = 0.0015, sd = 0.0002, min = 0 }, delay = 1, input = stepping,
})
net:connect(cells, cells, {
    rule = hk.pairwise(0.3), from = "soma(0.5)", threshold = -20,
    synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere, weight = 0.005, delay = 2,
})
net:record("spikes", { cells, threshold = -20 })
net:record("v", { cells, at = "soma(0.5)" })
local script = net:run(80)

local tutorial = hk.protocol {
    protocol = 1, celsius = 37, v_init = "-65 mV", dt = "25 us", seed = 3, duration = "0.08 s",
    cells = 5,
    inputs = {
        {
            name = "excitation", count = 300, at = "anywhere", input = stepping,
            synapse = { "ExpSyn", tau = "2 ms", e = 0 }, weight = "0.8 nS", delay = 1,
        },
        {
            count = 50, at = { by = "length", at = "dend" }, input = stepping, delay = 1,
            synapse = { "Exp2Syn", tau1 = 1, tau2 = 10, e = "-75 mV" },
            weight = { "normal", mean = "1.5 nS", sd = 0.0002, min = 0 },
        },
    },
    connections = { {
        rule = { "pairwise", 0.3 }, from = "soma(0.5)", threshold = -20,
        synapse = { "ExpSyn", tau = 2, e = 0 }, at = "anywhere", weight = 0.005, delay = 2,
    } },
    record = { { "spikes", threshold = -20 }, { "v", at = "soma(0.5)" } },
}
local outcome = tutorial:run { model = examples .. "l23.lua" }
tap.ok(same(outcome.result:spikes().t, script:spikes().t), "the network's spikes to the bit")
tap.ok(same(outcome.result:spikes().cell, script:spikes().cell), "of the same cells")
for i = 1, 5 do
    tap.ok(same(outcome.result:trace(i), script:trace(i)), ("v of cell %d to the bit"):format(i))
end
tap.is(outcome.passed, true, "a protocol without checks passes")
outcome.net:close()
local again = tutorial:run { model = examples .. "l23.lua", threads = 2 }
tap.ok(same(again.result:trace(2), script:trace(2)), "on two threads, too")
again.net:close()
for name, text in pairs { json = tutorial:json(), ["protocol.lua"] = tutorial:lua() } do
    place:write("net." .. name, text)
    local read = hk.protocol(place.work .. "/net." .. name)
    local run = read:run { model = examples .. "l23.lua" }
    tap.ok(same(run.result:trace(4), script:trace(4)), "written as " .. name .. " and read again")
    run.net:close()
end
local whole = hk.protocol(tutorial:resolved { model = examples .. "l23.lua" })
local run = whole:run()
tap.ok(same(run.result:trace(3), script:trace(3)), "with all defaults written out")
run.net:close()
net:close()

-- Clamps, values over the model's, named places, some of the cells.
local type = stick()
type:region "dend":set("pas", { g = 2e-4 })
type:set { ena = 55 }
net = hk.network { celsius = 6.3, v_init = -65 }
cells = net:population("stick", 3, type)
net:add(cells[2] "soma(0.5)", { "IClamp", delay = 5, dur = 20, amp = 0.3 })
local points = net:add(net:places({ 1, 1, 3, 3 }, { 2, 5, 2, 5 }), { "ExpSyn", tau = 2, e = 0 })
local inputs = net:inputs(4, { "SpikeArray", times = { { 3 }, { 4, 9 }, { 3 }, { 4, 9 } } })
net:connect_one(inputs, points, { weight = { 0.01, 0.02, 0.01, 0.02 }, delay = 1 })
net:record("v", { cells, at = "dend", every = 0.5, window = { 10, 30 } })
script = net:run(50)
local segments = type:segments()
local mixed = of {
    cells = 3, set = { { at = "dend", mechanism = "pas", g = 2e-4 }, { ena = 55 } },
    clamps = { { "IClamp", at = "soma(0.5)", delay = 5, dur = 20, amp = "300 pA", cells = { 2 } } },
    inputs = { {
        places = { segments[2].name, segments[5].name }, synapse = { "ExpSyn", tau = 2, e = 0 },
        input = { "SpikeArray", times = { { 3 }, { 4, 9 } } }, weight = { 0.01, "20 nS" },
        delay = 1, cells = { 1, 3 },
    } },
    record = { { "v", at = "dend", every = 0.5, window = { 10, 30 } },
        { "i", clamp = 1, name = "current" } },
}
outcome = mixed:run { model = stick }
for _, i in ipairs { 1, #segments, 2 * #segments } do
    tap.ok(same(outcome.result:trace(i), script:trace(i)), ("trace %d of a mixed one"):format(i))
end
tap.is(outcome.result:trace("current", 1):max(), 0.3, "a clamp's current")
tap.near(type:get("pas", "g")[2], 2e-4, 0, "the script's type is as it was")

-- ---- models

place:write("made.lua", [[
local hk = require "hillock"
local name, path = ...
local function cell(p)
    local cell = hk.cell { name = "made", morphology = hk.compartment { L = p.L, diam = 20 } }
    cell:insert "hh"
    return cell
end
return { cell = cell, parameters = { L = 20, about = name .. path:sub(-8) }, other = 1 }
]])
local made = hk.model(place.work .. "/made.lua")
tap.is(made.kind, "cell", "a model of a cell")
tap.is(made.parameters.about, "mademade.lua", "is told its name and path")
tap.is(made:cell().name, "made", "its cell")
tap.near(made:cell({ L = 30 }).area, math.pi * 600, 1e-6, "with a parameter")
tap.near(hk.model(made.path, { parameters = { L = 10 } }):cell().area, math.pi * 200, 1e-6,
    "or of hk.model")
tap.is(#hk.model(stick()):cell():segments(), 8, "a cell type is a model")
tap.is(#hk.model(stick):cell():segments(), 8, "so is a function")
tap.ok(tostring(made):find "a cell type", "as text")
place:write("pair.lua", [[
local made = require "made"
return {
    parameters = { n = 2, weight = 0.01 },
    network = function(net, p)
        local first = net:population("A", p.n, made.cell { L = 20 })
        local second = net:population("B", 1, made.cell { L = 30 })
        net:connect(first, second, { rule = require "hillock".all(), from = "soma(0.5)",
            synapse = { "ExpSyn", tau = 2 }, at = "soma(0.5)", weight = p.weight, delay = 1 })
    end,
}
]])
local pair = place.work .. "/pair.lua"
local two = of {
    clamps = { { "IClamp", at = "soma(0.5)", delay = 5, dur = 1, amp = 1, population = "A" } },
    set = { { population = "B", mechanism = "hh", gnabar = 0.13 } },
    record = { { "spikes", threshold = 0 }, { "v", at = "soma(0.5)", population = "B" } },
    checks = { { "spike_count", cell = 3, is = 1 }, { "spike_count", is = 4 } },
    parameters = { n = 3 },
}
outcome = two:run { model = pair, parameters = { n = 2, weight = 0.05 } }
tap.is(#outcome.net.cells, 3, "a network is a model; parameters given here count")
tap.is(#outcome.result.v, 1, "a recording of one population")
tap.is(outcome.checks[1].passed, true, "a check of one cell of all")
tap.is(outcome.checks[1].measured, 1, "what it measured")
tap.is(outcome.checks[2].passed, false, "a check that fails")
tap.is(outcome.passed, false, "and the outcome with it")
tap.is(outcome.model.kind, "network", "its model")
tap.is(#two:check(pair), 0, "nothing is wrong")

-- ---- checks

local function check(list, more)
    local t = {
        clamps = { { "IClamp", at = "soma(0.5)", delay = 5, dur = 40, amp = 0.4 } },
        record = { { "spikes", threshold = 0 }, { "v", at = "soma(0.5)", every = 0.1 },
            { "v", at = "dend", name = "dendrite" } },
        checks = list,
    }
    for key, value in pairs(more or {}) do
        t[key] = value
    end
    return of(t):run { model = stick }
end
local first = check {}
local times = first.result:spikes().t:totable()
local trace, tip = first.result:trace(1), first.result:trace("dendrite", 7)
tap.ok(#times > 1, "there are spikes to look at")
local function off(list, k, by)
    local copy = table.move(list, 1, #list, 1, {})
    copy[k] = by and copy[k] + by
    return copy
end
local fewer = table.move(times, 2, #times, 1, {})
local more = table.move(times, 1, #times, 2, { 1.5 })
outcome = check {
    { "spike_times", cell = 1, times = times, within = 0 },
    { "spike_times", times = off(times, 1, 0.02) },
    { "spike_times", times = off(times, 1, 0.3), within = 0.1 },
    { "spike_times", times = fewer },
    { "spike_times", times = more },
    { "spike_times", times = fewer, from = times[2], to = 1000 },
    { "spike_count", to = times[2], is = 1 },
    { "rate", to = 50, is = #times * 20 },
    { "rate", from = 10, to = 30, max = 1, name = "slow" },
    { "value", t = 12.3, is = trace[124], within = 0 },
    { "value", t = 12.3, is = trace[124] + 1, within = "0.5 mV" },
    { "value", t = 12.35, is = 0, within = 1000 },
    { "value", of = "dendrite", at = "dend(1)", t = 50, is = tip[2001] },
    { "max", is = trace:max() },
    { "min", from = 20, to = 30, min = -80, max = -50 },
    { "mean", from = 0, to = 4, is = -65, within = 1 },
    { "max", of = "dendrite", trace = 6, max = -70 },
    { "min", from = 50.01, is = 1 },
}
local function told(i, passed, text)
    local name = ("check %d %s"):format(i, passed and "passes" or "fails")
    tap.is(outcome.checks[i].passed, passed, name)
    tap.ok(outcome.checks[i].text:find(text, 1, true), "and says " .. text)
    if not outcome.checks[i].text:find(text, 1, true) then
        tap.note("%s", outcome.checks[i].text)
    end
end
told(1, true, ("spike_times of cell 1: all %d within 0 ms"):format(#times))
told(2, true, "within 0.025 ms")
told(3, false, "spike 1 at " .. ("%.10g ms is 0.3 ms early"):format(times[1]))
told(4, false, ("expected %d spikes, got %d; extra at %.10g ms"):format(#times - 1, #times,
    times[1]))
told(5, false, ("expected %d spikes, got %d; missing at 1.5 ms"):format(#times + 1, #times))
told(6, true, "all " .. #times - 1)
told(7, true, "1 (expected 1)")
told(8, true, ("%g (expected %g)"):format(#times * 20, #times * 20))
told(9, false, "slow, 10 to 30 ms: ")
told(10, true, "value of v at 12.3 ms")
told(11, false, "within 0.5, off by 1)")
told(12, false, "no sample is there; the nearest is at 12.")
told(13, true, "at dend(1)")
told(14, true, "max of v: ")
told(15, true, "expected -80 to -50")
told(16, true, "0 to 4 ms: -6")
told(17, false, "expected at most -70")
told(18, false, "no sample is there")
tap.is(#outcome.checks[1].measured, #times, "what is measured of times is a list")
local printed = tostring(outcome)
tap.is(select(2, printed:gsub("\n", "")), 18, "the outcome as text has a line for each")
tap.ok(printed:find("\nFAIL slow", 1, true) and printed:find("^ok   spike_times"), "that say it")

-- ---- results

local folder = place.work .. "/results"
outcome = of({ record = { { "v", at = "soma(0.5)" }, { "spikes", threshold = 0, name = "s" } } })
    :run { model = stick, results = folder }
outcome.net:close()
local columns = hk.read_csv(folder .. "/v.csv")
tap.is(#columns.t_ms, 2001, "recordings are in a folder")
tap.ok(hk.read_csv(folder .. "/s.csv").cell, "by their names")

-- ---- Lua and JSON

local data = {
    protocol = 1, name = "a \"name\"\n\u{e4}", about = "'", duration = 0.1 + 0.2, celsius = 1 / 3,
    v_init = -65.0, seed = 9007199254740992, dt = 5e-324,
    parameters = { kind = "x", deep = { 1, 2.5, { a = true, ["end"] = false } }, big = 1e300,
        tiny = -1e-300 },
    clamps = { { "IClamp", at = { domain = { "soma", "dend" }, distance = { 0, 100.5 } },
        amp = "0.1 nA", steps = { { 0, 1, 0.3 } } } },
    inputs = { { input = "Poisson", synapse = { "ExpSyn" }, count = 3, at = "dend",
        weight = { "lognormal", mean = 1, sd = 0.5 }, delay = 1 } },
    connections = { { rule = "all", from = "soma", synapse = "ExpSyn", at = { by = "area" },
        weight = 1, delay = 0.1 }, { rule = { "pairs", { { 1, 2 }, { 2, 1 } } }, from = "soma",
        synapse = "ExpSyn", at = "anywhere", weight = 1, delay = 0.1 } },
    set = {}, checks = { { "value", of = "v", t = 1, is = 1e-17, within = 0 } },
}
local function equal(a, b)
    if _G.type(a) ~= "table" or _G.type(b) ~= "table" then
        return a == b and math.type(a) == math.type(b)
    end
    for key in pairs(a) do
        if not equal(a[key], b[key]) then
            return false
        end
    end
    for key in pairs(b) do
        if a[key] == nil then
            return false
        end
    end
    return true
end
local kept = hk.protocol(data)
tap.is(math.type(kept.data.v_init), "integer", "whole numbers are whole")
tap.is(kept.data.parameters.deep[3]["end"], false, "parameters are as they are")
tap.is(kept.data.inputs[1].input[1], "Poisson", "a plugin's name alone is a plugin")
for _, name in ipairs { "a.json", "a.protocol.lua" } do
    kept:write(place.work .. "/" .. name)
    local read = hk.protocol(place.work .. "/" .. name)
    tap.ok(equal(read.data, kept.data), name .. " gives back the same, to the bit")
    tap.is(read:json(), kept:json(), "and the same JSON")
    tap.is(read:lua(), kept:lua(), "and the same Lua")
end
tap.ok(kept:json():find('"kind": "IClamp"', 1, true), "what stands first is called kind in JSON")
tap.ok(kept:json():find('"set": []', 1, true), "an empty list is a list")
tap.is(#place:read "a.json" > 0 and place:read "a.json.part", nil, "nothing else is left")
tap.ok(tostring(kept):find "1 in clamps, 1 in inputs, 2 in connections, 1 in checks", "as text")

local changed = kept:with { ["clamps[1].amp"] = 0.5, celsius = "20 degC", ["parameters.new"] = 1 }
tap.is(changed.data.clamps[1].amp, 0.5, "with another value")
tap.is(changed.data.celsius, 20, "or two")
tap.is(changed.data.parameters.new, 1, "or one that was not there")
tap.is(kept.data.clamps[1].amp, "0.1 nA", "the protocol itself stays as it is")

local full = of({ clamps = { { "IClamp", at = "soma(0.5)", amp = "1 pA" } },
    record = { { "spikes" } }, checks = { { "spike_count", min = 0 } } }):resolved { model = stick }
tap.is(full.clamps[1].amp, 0.001, "resolved: units")
tap.is(full.clamps[1].delay, 0, "defaults of plugins")
tap.is(full.record[1].threshold, -20, "defaults of recordings")
tap.is(full.checks[1].of, "spikes", "of checks")
tap.is(full.v_init, -65, "and of the protocol")
tap.is(full.dt, 0.025, "all of them")
tap.done()
