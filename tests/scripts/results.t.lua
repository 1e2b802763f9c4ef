-- SPDX-License-Identifier: BSD-3-Clause
-- hk.results: what is read back is what the run had; JSON that is written is read as it was.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"
local json = require "hillock.json"

local place <close> = scratch.new()
local function run(...)
    local status, _, err = place:run { scratch.hillock(), "run", ... }
    return status, err
end

place:write("model.lua", [[
local hk = require "hillock"
local cell = hk.cell { name = "one", morphology = hk.compartment { L = 20, diam = 20 } }
cell:insert "hh"
local net = hk.network { celsius = 6.3 }
local a = net:population("A", 2, cell)
local b = net:population("B", 2, cell, { ids = { 70, 50 } })
net:add(net.cells "soma(0.5)", { "IClamp", amp = { 0.1, 0.2, 0.3, 0.4 }, dur = 100 })
local input = net:input { "SpikeArray", times = { 2, 3.3, 7 } }
local synapse = net:add(a[1] "soma(0.5)", { "ExpSyn", tau = 2, e = 0 })
net:connect_one(input, synapse, { weight = 0.001, delay = 1 })
net:record("v", { net.cells, at = "soma(0.5)", every = 0.1 })
net:record("hh.m", { b[2], at = "soma(0.5)", name = "gate", window = { 5, 6 } })
net:record("spikes", { net.cells, threshold = 0 })
net:record("spikes", { b[2] "soma(0.5)", a[2] "soma(0.5)", threshold = 0, name = "places" })
net:record("inputs")
net:run(5)
local result = net:run(30)
if arg[1] == nil then
    return
end
local file <close> = assert(io.open(arg[1], "w"))
local spikes = result:spikes()
local function list(...)
    for _, array in ipairs { ... } do
        for i = 1, #array do
            file:write(("%.17g "):format(array[i]))
        end
        file:write "\n"
    end
end
list(spikes.t, spikes.cell, result.v[3], result.v.t, result.gate[1], result.gate.t,
    result:spikes(b).t, result:spikes(b).cell, result.places.cell, result.inputs.t,
    result.inputs.input, result:rate { cells = b, bin = 10 }.rate)
]])
tap.is(run("--results", "r", "model.lua", "said"), 0, "a run is kept")

local results = hk.results(place.work .. "/r")
local lines = {}
local function list(...)
    for _, array in ipairs { ... } do
        local parts = {}
        for i = 1, #array do
            parts[i] = ("%.17g "):format(array[i])
        end
        lines[#lines + 1] = table.concat(parts) .. "\n"
    end
end
local spikes = results:spikes()
list(spikes.t, spikes.cell, results.v[3], results.v.t, results.gate[1], results.gate.t,
    results:spikes("B").t, results:spikes("B").cell, results.places.cell, results.inputs.t,
    results.inputs.input, results:rate { cells = "B", bin = 10 }.rate)
tap.ok(#spikes.t > 8, "with spikes")
tap.is(table.concat(lines), place:read "said", "what is read back is what the run had")

tap.is(results.t, 30, "the last run")
tap.is(results.runs, 2, "of two")
tap.is(results:of(1, 1).t, 5, "the first run")
tap.is(#results:of(1, 1).v[1], 51, "has its own recordings")
tap.is(#results:spikes({ 4, 2 }).t, #results:spikes({ 2 }).t + #results:spikes({ 4 }).t,
    "cells by their numbers")
tap.is(results.v.every, 0.1, "the interval")
tap.is(results.v.labels[3], "cell70.soma[0](0.5).v", "the columns' names")
tap.is(#results.v, 4, "and how many there are")
local v, t = results:trace(2)
tap.is(#v, 301, "a trace")
tap.is(t[301], 30, "and its times")
tap.is(results.network.populations[2].ids[1], 70, "the structure")
tap.is(results.networks, 1, "of one network")
tap.is(results.manifest.command.file, "model.lua", "the manifest")
tap.is(#results:recordings(), 5, "all recordings")
tap.ok(tostring(results):find("network 1 of 1, t = 30 ms, 5 recordings", 1, true), "shown")
tap.is(tostring(results.v), "recording v of 4, " .. place.work .. "/r/run2.v.csv", "one of them")

local function fails(name, texts, fn)
    tap.throws(fn, texts, name)
end
fails("an unknown recording", { "results.t.lua:", "'spike'", "did you mean 'spikes'?" },
    function() results:recording "spike" end)
fails("an unknown population", { "there is no population 'C'" }, function() results:spikes "C" end)
fails("no such network", "there is no network 2: there are 1", function() results:of(2) end)
fails("no such run", "there is no run 3: there are 2", function() results:of(1, 3) end)
fails("traces of spikes", "recording spikes holds spikes, not traces",
    function() results:trace("spikes", 1) end)
fails("too many traces", "recording v has traces 1 to 4, not 5", function() results:trace(5) end)
fails("spikes of traces", "recording v holds values", function() results:spikes(nil, "v") end)
fails("no such folder", "nosuch", function() hk.results "nosuch" end)
fails("a folder without a manifest", { "there is no manifest.json", "no results folder" },
    function() hk.results(place.folder .. "/home") end)
place:write("r/run2.v.csv", "t_ms,a\n0,x\n")
fails("a file with words", { "run2.v.csv", "run2.v.csv:2: 'x' is no number" },
    function() return hk.results(place.work .. "/r").v[1] end)
place:write("r/run2.v.csv", "t_ms,a\n0\n")
fails("a file with a short line", { "run2.v.csv:2", "1 fields" },
    function() return hk.results(place.work .. "/r").v[1] end)
os.remove(place.work .. "/r/run2.v.csv")
fails("a file that is gone", { "run2.v.csv", "No such file" },
    function() return hk.results(place.work .. "/r").v.t end)

place:write("beside.lua", [[
local hk = require "hillock"
local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
local net = hk.network {}
local cells = net:population("A", 1, cell)
net:record("v", { cells, at = "soma(0.5)", path = "x.csv" })
net:record("v", { cells, at = "soma(0.5)", name = "kept" })
net:run(1)
]])
tap.is(run "beside.lua", 0, "a run with a manifest beside its file")
results = hk.results(place.work .. "/manifest.json")
tap.is(#results.v[1], 41, "is read from that")
fails("what was in memory is gone", { "kept was not kept in a file", "--results DIR" },
    function() return results.kept[1] end)
fails("and there is no structure", "has no network.json", function() return results.network end)

-- ---- JSON

local value = {
    b = { 1, 2.5, -0.1, 1e300, 5e-324, 1 / 3, 2 ^ 53 }, a = "quote \" \\ \n \1 µ", c = true,
    list = json.list {}, object = {}, rows = { { 1, 2 }, { 3, 4 } }, deep = { x = { { y = 1 } } },
}
local text = json.text(value)
tap.is(json.text(json.parse(text)):gsub('"list": {}', '"list": []'), text, "read and written again")
tap.is(json.text { x = 500.0, y = 0.1 + 0.2, z = 100000000000000000000.0 },
    '{\n  "x": 500,\n  "y": 0.30000000000000004,\n  "z": 1e+20\n}', "numbers")
tap.is(json.text { hk.array { 1, 2 }, 0 / 0 * -1, math.huge, -math.huge },
    '[\n  [1, 2],\n  "nan",\n  "inf",\n  "-inf"\n]', "arrays, and what is no number in JSON")
tap.is(math.type(json.parse "[3]"[1]), "integer", "whole numbers are integers")
tap.is(json.parse '{"a": null, "b": 1}'.a, nil, "null is nil")
local parsed, why = json.parse '{\n  "a": 1,\n  "b": tru\n}'
tap.is(parsed, nil, "text that is none")
tap.ok(why:find("^line 3, column 8: "), "is told of with its place")
tap.throws(function() json.text { f = print } end, "json: the value.f is a function",
    "a function cannot be written")
tap.throws(function() json.text { a = 1, [2.5] = 3 } end, "has the key [2.5]", "nor odd keys")
tap.done()
