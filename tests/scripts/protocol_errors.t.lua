-- SPDX-License-Identifier: BSD-3-Clause
-- What is wrong with a protocol is told, all of it, with file, line, path and the nearest right
-- thing; and numbers with units.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"
local protocol_of = require "hillock.protocol"
local quantity = require "hillock.quantity"

local source = os.getenv "HILLOCK_SOURCE" or "."
local l23 = source .. "/examples/l23.lua"
local place <close> = scratch.new()

-- ---- units

local function is(text, unit, want)
    tap.is(quantity.number(text, unit), want, text .. " in " .. unit)
end
is("300 pA", "nA", 0.3)
is("0.1 s", "ms", 100.0)
is("5 Hz", "Hz", 5)
is("5 /s", "Hz", 5)
is("1nS", "uS", 0.001)
is("-7e1 mV", "mV", -70.0)
is(".5 mV", "mV", 0.5)
is("20 mS/cm^2", "S/cm2", 0.02)
is("1 pS/um2", "S/cm2", 1e-4)
is("100 \u{3a9}\u{b7}cm", "ohm cm", 100)
is("3 \u{b5}m", "um", 3)
is("34 \u{b0}C", "degC", 34)
is("34 degC", "degC", 34)
is("0.2 mM", "mM", 0.2)
local function is_not(text, unit, why)
    local number, message = quantity.number(text, unit)
    tap.is(number, nil, ("no %s: %s"):format(unit, text))
    tap.ok(message:find(why, 1, true), "since " .. why)
end
is_not("5 mV", "nA", "'5 mV' is no quantity in nA")
is_not("5", "nA", "a number without one stands without quotes")
is_not("nA", "nA", "is no number with a unit, such as \"3 nA\"")
is_not("1..2 nA", "nA", "is no number")
is_not("5 nAmp", "nA", "there is no unit 'nAmp'")
is_not("2 parsec", "um", "there is no unit 'parsec': did you mean")
is_not("300 K", "degC", "temperatures are in degC, not in K")
is_not("1 s-1", "Hz", "write it behind a /")
is_not("3 mV", "", "has a unit, and this has none")

-- ---- all problems, without a model and with one

local function problems(text, model, name)
    local path = place.work .. "/" .. (name or "p.protocol.lua")
    place:write(name or "p.protocol.lua", text)
    local made, why = protocol_of.open(path)
    local list = made and made:check(model) or { why }
    for i, problem in ipairs(list) do
        list[i] = problem:sub(1, #place.work + 1) == place.work .. "/"
            and problem:sub(#place.work + 2) or problem
    end
    return list
end

-- The problems are these, one each (plain parts of them, in order).
local function told(text, wanted, name, model)
    local list = problems(text, model or l23)
    tap.is(#list, #wanted, name .. ": as many problems as there are")
    for i = 1, math.max(#list, #wanted) do
        local good = list[i] and wanted[i] and list[i]:find("p.protocol.lua" .. wanted[i], 1, true)
        tap.ok(good == 1, name .. ": " .. tostring(wanted[i]))
        if good ~= 1 then
            tap.note("got %s", tostring(list[i]))
        end
    end
end

told([[
return {
    protocol = 1,
    nam = "x",
    duration = "5 mV",
    celcius = 34,
    v_init = true,
    dt = 0, seed = 1.5,
    cells = 0,
    record = {}, set = 3,
}
]], {
    ":3: unknown key 'nam': did you mean 'name'?",
    ":4: duration: '5 mV' is no quantity in ms",
    ":5: unknown key 'celcius': did you mean 'celsius'?",
    ":6: v_init: expected a number (mV), got a boolean",
    ":7: dt: expected a number above 0 (ms), got 0",
    ":7: seed: expected a whole number, got 1.5",
    ":8: cells: expected a whole number from 1, got 0",
    ":9: set: expected a list, got 3",
}, "the protocol's own keys")

told([[
return {
    protocol = 1, duration = 10, celsius = 37, cells = 2,
    parameters = { Nax = 2, K = "two" },
    clamps = {
        { "IClam", at = "soma(0.5)" },
        { "IClamp", at = "sona(0.5)", am = 0.3, delay = -1 },
        { "IClamp", at = "soma(0.5)", amp = "3 mV", cells = { 3 } },
        { "IClamp" }, { at = "soma" },
        { "ExpSyn", at = "dend", population = "L32" },
    },
    set = {
        { at = "axon", mechanism = "Na", gbar = 0 },
        { mechanism = "Na", gba = 1 },
        { mechanism = "Xx", g = 1 },
        { mechanism = "Na" },
        { ena = "1 nA" },
        { mechanism = "Na", gbar = { "lineer", slope = 1, intercept = 2 } },
    },
    inputs = {
        { input = "Poison", synapse = "ExpSyn", count = 3, at = "dent", weight = 1, delay = 1 },
        { input = { "Poisson", rate = 5 }, synapse = "ExpSyn", at = "dend", weight = "1 mV",
          delay = "-1 ms" },
        { input = "Poisson", synapse = "ExpSyn", places = { "soma(0.5)", "dend" }, weight = 1,
          delay = 1 },
        { input = "Poisson", synapse = "ExpSyn", places = { "soma(0.5)" }, at = "dend",
          weight = { "normal", mean = 1, sd = 1 }, delay = 1 },
        { input = "Poisson", synapse = "ExpSyn", count = 1, at = "dend", weight = { 1, 2 },
          delay = { "normal", mean = 1 } },
    },
}
]], {
    ":3: parameters.K: expected a number as in " .. l23 .. ", got the string 'two'",
    ":3: parameters.Nax: " .. l23 .. " has no parameter 'Nax': did you mean 'Na'?",
    ":5: clamps[1]: there is no point process \"IClam\"; nearest: \"IClamp\"",
    ":6: clamps[2].at: cell \"L23\" has no section \"sona\"; nearest: \"soma[0]\"",
    ":6: clamps[2]: unknown key 'am': did you mean 'amp'?",
    ":6: clamps[2].delay: -1 is below 0 ms",
    ":7: clamps[3].cells[1]: L23 has cells 1 to 2, not 3",
    ":7: clamps[3].amp: '3 mV' is no quantity in nA",
    ":8: clamps[4]: 'at' is missing",
    ":8: clamps[5]: the clamp's name is missing at its beginning",
    ":9: clamps[6].population: there is no population 'L32': did you mean 'L23'?",
    ":12: set[1].gbar: cell \"L23\": axon[0](0.1667) has no mechanism \"Na\"",
    ":13: set[2]: unknown key 'gba': did you mean 'gbar'?",
    ":14: set[3].mechanism: there is no channel \"Xx\"",
    ":15: set[4]: it sets nothing",
    ":16: set[5].ena: '1 nA' is no quantity in mV",
    ":17: set[6].gbar: expected a number or a distribution",
    ":20: inputs[1].input: there is no input \"Poison\"; nearest: \"Poisson\"",
    ":20: inputs[1].at: segment: cell L23 has no region 'dent': did you mean 'dend'?",
    ":22: inputs[2].delay: expected a number from 0 (ms), got -1",
    ":23: inputs[3].places[2]: one segment is wanted, and 'dend' means 49",
    ":25: inputs[4]: 'places' names the places",
    ":26: inputs[4].weight: numbers are drawn for places that are drawn",
    ":28: inputs[5].delay: 'sd' is missing",
}, "what is done")

told([[
local v = { "v", at = "soma(0.5)" }
return {
    protocol = 1, duration = 10, celsius = 37,
    connections = {
        { rule = { "pairwize", 3 }, from = "soma", synapse = "ExpSyn", at = "dend", weight = 1,
          delay = 1 },
        { rule = { "pairwise", 3 }, from = "soma", synapse = "ExpSyn", at = "dend", weight = 1,
          delay = 1 },
        { rule = { "all", 3 }, from = "soma", synapse = "ExpSyn", at = "dend", weight = 1,
          delay = 1 },
        { rule = "all", pre = "A", from = "dend", synapse = "ExpSyn", at = "dend", weight = 1,
          delay = 1 },
        { rule = "all", from = "dend", synapse = "ExpSyn", at = "dend", weight = 1, delay = 1 },
    },
    record = {
        { "v" }, { "spike", at = "soma(0.5)" },
        v,
        { "Na.q", at = "soma(0.5)" },
        { "i", clamp = 1 },
        { "spikes", window = { 5, 2 } },
        { "cai", at = "soma(0.5)", every = "1 mV" },
        { "spikes", threshold = -20 },
    },
    checks = {
        { "spike_count", is = 1.5 }, { "speak_count" },
        { "value", of = "w", t = 3, is = 1 },
        { "spike_count", min = 3, max = 2 }, { "spike_count", cell = 2, is = 1 },
        { "max", of = "spikes", is = 2 },
        { "spike_times", times = { 3, 2 } },
        { "rate" }, { "rate", is = 3, min = 2 },
        { "spike_count", from = 5, to = 2, is = 0 },
    },
}
]], {
    ":5: connections[1].rule: 'pairwize' is none of them: did you mean 'pairwise'?",
    ":7: connections[2].rule[2]: expected a number from 0 to 1, got 3",
    ":9: connections[3].rule: \"all\" takes no number",
    ":11: connections[4].pre.population: there is no population 'A'",
    ":13: connections[5]: connect: from: one segment is wanted",
    ":16: record[1]: 'at' is missing",
    ":16: record[2]: there is no \"spike\" to record",
    ":17: record[3]: another recording is called 'v'",
    ":18: record[4]: Na has no \"q\" to record",
    ":19: record[5].clamp: there are 0 clamps, not 1",
    ":20: record[6].window: from 5 to 2 is empty",
    ":21: record[7].every: '1 mV' is no quantity in ms",
    ":25: checks[1].is: expected a whole number from 0, got 1.5",
    ":25: checks[2]: 'speak_count' is none of them: did you mean 'spike_count'?",
    ":26: checks[3]: nothing is recorded as 'w': did you mean '",
    ":27: checks[4]: min 3 is above max 2",
    ":27: checks[5].cell: there are cells 1 to 1, not 2",
    ":28: checks[6]: 'spikes' is a recording of spikes, and this wants traces",
    ":29: checks[7].times: 2 comes after 3",
    ":30: checks[8]: it expects nothing",
    ":30: checks[9]: 'is' is exact",
    ":31: checks[10]: from 5 to 2 is empty",
}, "what is looked at")

told("return { protocol = 1, duration = 10, record = { { 'v', at = 'soma' } } }",
    { ": " }, "no temperature")
tap.ok(problems("return { protocol = 1, duration = 10, record = { { 'v', at = 'soma' } } }",
    l23)[1]:find "celsius", "which is told")
told("return { protocol = 1, duration = 1, celsius = 3 }",
    { ": model: model: cannot read nox.lua" },
    "no such model", "nox.lua")
place:write("broken.lua", "return {\n  cell = = 1\n}")
told("return { protocol = 1, duration = 1, celsius = 3, model = 'broken.lua' }",
    { ":1: model: model: " .. place.work .. "/broken.lua:2: unexpected symbol near '='" },
    "a model with a mistake", place.work .. "/broken.lua")

-- ---- files

local function refused(text, why, name, file)
    local list = problems(text, l23, file)
    tap.ok(list[1]:find(why, 1, true), name)
    if not list[1]:find(why, 1, true) then
        tap.note("%s", list[1])
    end
end
refused("return {\n  protocol = = 1 }", "p.protocol.lua:2: unexpected symbol", "a mistake in Lua")
refused("return 3", "p.protocol.lua: a protocol is a table, and this gives 3", "no table")
refused("", "p.protocol.lua: the protocol is nil", "nothing")
refused("return { protocol = 2, duration = 1 }",
    "p.protocol.lua:1: protocol: this hillock knows version 1 of protocols, not 2", "a version")
refused("return { duration = 1 }", "'protocol' is missing", "no version")
refused('{\n  "protocol": 1,\n  "duration": ,\n}', "p.json:3: column 15: Expected value",
    "a mistake in JSON", "p.json")
refused('{\n  "protocol": 1,\n  "duration": "3 mV",\n  "clamps": [ {\n    "kind": "IClamp" } ] }',
    "p.json:3: duration: '3 mV' is no quantity in ms", "a problem in JSON has its line", "p.json")
refused('[1, 2', "p.json:1: ", "JSON that ends", "p.json")
refused('{"protocol": 1, "duration": 1e999}',
    "p.json:1: duration: expected a number from 0 (ms), got inf", "a number that is none", "p.json")
refused('{"protocol": 1, "duration": 1, "parameters": {"K": -1e999}}',
    "p.json:1: parameters.K: expected a number that JSON has, got -inf", "nor is this", "p.json")
refused('{"protocol": 1, "duration": null}', "'duration' is missing", "null", "p.json")
refused('  {"protocol": 3, "duration": 1}', "version 1 of protocols", "JSON by its first character")
tap.throws(function() hk.protocol(place.work .. "/no.json") end, "cannot read the protocol",
    "no file")
tap.throws(function() hk.protocol(3) end, "expected a string or a table, got 3", "no path")
tap.throws(function() hk.protocol { protocol = 1, durations = 3 } end,
    { "protocol_errors.t.lua:", "2 problems:\nthe protocol: ", "did you mean 'duration'?" },
    "hk.protocol throws them all")

-- ---- the objects

local small = hk.protocol { protocol = 1, duration = 1, celsius = 6.3 }
tap.throws(function() small:run {} end, "it names no model", "no model")
tap.throws(function() small:run { modle = l23 } end, "did you mean 'model'?", "a wrong option")
tap.throws(function() small:with { celsium = 3 } end,
    "there is no 'celsium': did you mean 'celsius'", "another value of nothing")
tap.throws(function() small:with { celsius = "3 mV" } end, "temperatures are in degC",
    "a wrong value")
tap.throws(function() small.duration = 3 end, "cannot be assigned", "it stays as it is")
tap.throws(function() small:write(place.work .. "/no/x.json") end, "write: ", "no such folder")
tap.throws(function() small:resolved { model = "nox.lua" } end, "cannot read nox.lua", "resolved")
local function model_is_not(value, texts, name)
    tap.throws(function() hk.model(value):cell() end, texts, name)
end
model_is_not(3, { "model: expected a cell type", "got 3" }, "a number is no model")
model_is_not({}, "has none of 'cell' and 'network'", "nor is an empty table")
model_is_not({ cell = print, network = print }, "both", "nor one with both")
model_is_not({ cell = 1 }, "expected a function", "nor one without a function")
model_is_not(function() end, "its function 'cell' gave nil", "nor a function that gives nothing")
model_is_not(place.work, "there is no folder biophys in it", "nor any folder")
tap.throws(function() hk.model(l23, { parameters = { Nax = 1 } }) end, "did you mean 'Na'?",
    "a wrong parameter")
tap.throws(function() hk.model(l23, { morphology = "x" }) end, "DendroTweaks folder",
    "options that are not for this")
tap.throws(function() hk.model(l23, { parameter = {} }) end, "did you mean 'parameters'?",
    "a wrong option of a model")
tap.done()
