-- SPDX-License-Identifier: BSD-3-Clause
-- Running, recording and reading: values, spikes and events, in memory and in files; and mistakes.

local tap = require "tap"
local hk = require "hillock"

local here = "run.t.lua:"
local function refuses(texts, name, fn)
    texts = type(texts) == "string" and { texts } or texts
    table.insert(texts, here)
    tap.throws(fn, texts, name)
end

-- An RC compartment of 1 cm2 of uF and 10 000 ohm cm2: 10 ms.
local area = math.pi * 20 * 20
local function passive()
    local cell = hk.cell { name = "rc", morphology = hk.compartment { L = 20, diam = 20 }, cm = 1 }
    return cell:insert("pas", { g = 1e-4, e = -65 })
end

local net = hk.network { v_init = -65, dt = 0.025 }
local cells = net:population("RC", 2, passive())
local amp = 10 * 1e-4 * area * 1e-8 * 1e6 -- nA for 10 mV
net:add(cells[1] "soma(0.5)", { "IClamp", delay = 0, dur = 1e9, amp = amp })
local synapse = net:add(cells[2] "soma(0.5)", { "ExpSyn", tau = 2, e = 0 })
local input = net:input { "SpikeArray", times = { 3, 20 } }
net:connect_one(input, synapse, { weight = 0.001, delay = 1 })
local v = net:record("v", { cells, at = "soma(0.5)" })
net:record("v", { cells[1] "soma(0.5)", every = 1, window = { 10, 20 }, name = "part" })
net:record("g", { synapse, name = "conductance" })
net:record("pas.i", { cells, at = "soma(0.5)", every = 0.5 })
net:record("inputs", { input })
net:record("spikes", { cells, threshold = -60 })
local result = net:run(50)

tap.is(net.t, 50.0, "the time after the run")
tap.is(result.t, 50.0, "as the result says")
tap.is(#result.v, 2, "two traces")
tap.is(#v.t, 2001, "a sample each step, both ends")
tap.is(v.t[2001], 50.0, "the last time")
tap.is(v[1][1], -65.0, "the first value")
tap.near(v[1][2001], -65 + 10 * (1 - math.exp(-5)), 5e-3, "an RC charges as it should")
local trace, t = result:trace(1)
tap.is(#trace, #t, "a trace and its times")
local part = result:recording "part"
tap.is(#part.t, 11, "a window, both ends")
tap.is(part.t[1], 10.0, "its first time")
tap.is(part[1][11], v[1][801], "its last value")
tap.is(result.part[1][1], v[1][401], "a recording as the result's field")
local g, tg = result:trace("conductance", 1)
tap.near(hk.crossings(tg, g, 5e-4)[1], 4, 0.03, "the synapse opens when the event arrives")
tap.near((g:max()), 1e-3, 2e-5, "by the weight")
tap.is(#result:trace("pas.i", 2), 101, "a mechanism's current")
tap.is(table.concat(result.inputs.t:totable(), " "), "3.0 20.0", "an input's events")
tap.is(result.inputs.input[1], 1, "by the input's number")
local spikes = result:spikes()
tap.is(spikes.cell[1], 2, "the second cell passes the threshold first")
tap.is(#result:spikes(cells[1]).t, 1, "spikes of one cell")
tap.is(result:spikes(cells[1]).cell[1], 1, "by its place in the group")
tap.is(#result:rate { bin = 10 }.rate, 5, "a rate")
tap.near(result:rate({ bin = 50, cells = cells[1] }).rate[1], 20, 1e-9, "of one cell")
tap.ok(tostring(result):find("t = 50 ms"), "a result as text")
tap.ok(result.facts.steps > 0 and net.facts.compartments == 2, "facts")

-- ---- on, back, again

local before = v[1]
net:continue(10)
tap.is(net.t, 60.0, "on for 10 ms")
tap.is(#v.t, 2401, "the traces go on")
tap.is(#before, 2001, "what was read stays as it was")
net:run(50)
tap.is(net.t, 50.0, "a second run begins anew")
local same = #v[1] == #before
for i = 1, #before do
    same = same and v[1][i] == before[i]
end
tap.ok(same, "and gives the same bits")
net:reset()
tap.is(net.t, 0.0, "reset")
local whole = hk.network { v_init = -65, dt = 0.025 }
local again = whole:population("RC", 2, passive())
whole:add(again[1] "soma(0.5)", { "IClamp", delay = 0, dur = 1e9, amp = amp })
whole:record("v", { again, at = "soma(0.5)" })
whole:run(20)
local on = whole:continue(30).v
local equal = #on[1] == #before
for i = 1, #before do
    equal = equal and on[1][i] == before[i]
end
tap.ok(equal, "two runs, one after the other, are one")

-- ---- values of one cell's own

local own = hk.network { v_init = -65 }
local pair = own:population("RC", 3, passive())
pair[2]:set("pas", { e = -60 })
pair:slice(3):set({ cm = 2 }):set("pas", { e = hk.linear { slope = 1, intercept = -50 } }, "soma")
own:record("v", { pair, at = hk.anywhere })
local rest = own:run(200).v
tap.near(rest[1][8001], -65, 1e-9, "a cell as its type says")
tap.near(rest[2][8001], -60, 1e-6, "one with a potential of its own")
tap.near(rest[3][8001], -50, 1e-3, "one with a distribution")
tap.near(rest[3][801], -50 - 15 * math.exp(-1), 0.02, "and twice the capacitance")

-- ---- the same bits

local function busy(options)
    local one = hk.network(options)
    local type_of = hk.cell {
        name = "busy", nseg = 5, morphology = hk.ball_and_stick {
            soma = { L = 20, diam = 20 }, dend = { L = 200, diam = 2 },
        },
    }
    type_of:insert("pas")
    type_of:region "soma":insert "hh"
    local all = one:population("P", 7, type_of)
    one:stimulate(all, {
        count = 20, synapse = { "ExpSyn", tau = 2 }, at = hk.anywhere, input = {
            "Poisson", rate = { { 0, 100, 40 } },
        }, weight = hk.random.lognormal { mean = 0.01, sd = 0.003 }, delay = 1,
    })
    one:connect(all, all, {
        rule = hk.pairwise(0.5), from = "soma(0.5)", synapse = "ExpSyn", at = "dend",
        weight = 0.002, delay = hk.random.uniform { min = 1, max = 3 },
    })
    one:record("v", { all, at = "soma(0.5)" })
    one:record("spikes", { all })
    return one:run(100)
end
local model = { celsius = 6.3, seed = 5 }
local first = busy(model)
tap.ok(#first:spikes().t > 10, "a network that fires")
for _, change in ipairs { { threads = 2 }, { threads = 3, group = 2 }, { group = 1 } } do
    local options = { celsius = 6.3, seed = 5, threads = change.threads, group = change.group }
    local other = busy(options)
    local good = true
    for i = 1, 7 do
        local x, y = first.v[i], other.v[i]
        for k = 1, #x do
            good = good and x[k] == y[k]
        end
    end
    tap.ok(good, ("the same bits with %d threads, groups of %d"):format(change.threads or 1,
        change.group or 0))
end
tap.ok(busy({ celsius = 6.3, seed = 6 }).v[1][4001] ~= first.v[1][4001], "another seed, others")

-- ---- files

local folder = os.tmpname()
os.remove(folder)
local path = folder .. ".csv"
local filed = hk.network { v_init = -65 }
local few = filed:population("RC", 2, passive(), { ids = { 8, 3 } })
filed:add(few[1] "soma(0.5)", { "IClamp", dur = 1e9, amp = amp })
filed:record("v", { few, at = "soma(0.5)", every = 1, path = path, to = { "csv", digits = 12 },
    labels = { "first", "second" } })
filed:record("spikes", { few, threshold = -60, path = folder .. ".spikes.csv" })
local kept = filed:run(20)
filed:flush()
tap.is(#hk.read_csv(path .. ".part").t_ms, 21, "rows before the file is closed")
refuses("memory", "reading what is in a file", function() return kept.v[1] end)
filed:close()
local columns = hk.read_csv(path)
tap.is(#columns.t_ms, 21, "rows in a file")
tap.near(columns.first[21], -65 + 10 * (1 - math.exp(-2)), 2e-2, "under their labels")
tap.is(hk.read_csv(folder .. ".spikes.csv").cell[1], 8, "spikes in a file have identities")
os.remove(path)
os.remove(folder .. ".spikes.csv")

-- ---- mistakes

local function fresh(options)
    local one = hk.network(options or { v_init = -65 })
    return one, one:population("RC", 1, passive())
end
local n, c = fresh()
refuses("targets are missing", "no targets", function() n:record("v") end)
refuses("'at' is missing", "cells without a place", function() n:record("v", { c }) end)
refuses("expected cells, places or points", "a target that is none", function()
    n:record("v", { 5 })
end)
refuses({ "'evry'", "'every'" }, "a wrong key", function() n:record("v", { c, evry = 1 }) end)
refuses("u", "a field that is not there", function() n:record("u", { c, at = "soma(0.5)" }) end)
refuses("h", "a state that a mechanism lacks", function()
    n:record("pas.h", { c, at = "soma(0.5)" })
end)
refuses("hh", "a mechanism that is not there", function()
    n:record("hh.m", { c, at = "soma(0.5)" })
end)
refuses("no field", "a field that is no name", function()
    n:record("a b", { c, at = "soma(0.5)" })
end)
refuses("every", "a negative interval", function()
    n:record("v", { c, at = "soma(0.5)", every = -1 })
end)
refuses("is empty", "a window the wrong way round", function()
    n:record("v", { c, at = "soma(0.5)", window = { 5, 1 } })
end)
refuses("window", "a window of one", function()
    n:record("v", { c, at = "soma(0.5)", window = { 5 } })
end)
refuses("threshold is for spikes", "a threshold of v", function()
    n:record("v", { c, at = "soma(0.5)", threshold = 0 })
end)
refuses({ "memry", "memory" }, "a recorder that is not there", function()
    n:record("v", { c, at = "soma(0.5)", to = "memry" })
end)
refuses({ "digit" }, "an option that it lacks", function()
    n:record("v", { c, at = "soma(0.5)", to = { "csv", digit = 3 }, path = path })
end)
refuses("another network", "cells of another network", function()
    n:record("v", { cells, at = "soma(0.5)" })
end)
n:record("v", { c, at = "soma(0.5)", path = "/no/such/folder/v.csv" })
refuses({ "/no/such/folder/v.csv", "No such file" }, "a file that cannot be written", function()
    n:run(1)
end)

n, c = fresh()
n:record("v", { c, at = "soma(0.5)" })
refuses("duration", "a negative duration", function() n:run(-1) end)
refuses("duration", "a duration that is text", function() n:run("long") end)
refuses("duration", "a duration without end", function() n:run(math.huge) end)
local r = n:run(1)
refuses("built already", "a population after the run", function()
    n:population("B", 1, passive())
end)
refuses({ "nothing was recorded as 'spikes'", "v" }, "spikes that were not recorded", function()
    r:spikes()
end)
refuses({ "'vv'", "'v'" }, "a recording that is not there", function() r:recording "vv" end)
refuses("'w'", "a field that is not there", function() return r.w end)
refuses("traces 1 to 1, not 2", "a trace beyond the last", function() r:trace(2) end)
refuses("holds values", "spikes of v", function() r:spikes(nil, "v") end)
refuses("expected a cell group", "spikes of a number", function() result:spikes(5) end)
n:close()
refuses("closed", "reading from a closed network", function() return r.v.t end)
tap.is(#before, 2001, "arrays outlive their network")

-- A file gets its name when the network is closed; where that fails, close says so.
local gone = os.tmpname()
os.remove(gone)
os.execute("mkdir '" .. gone .. "'")
n, c = fresh()
n:record("v", { c, at = "soma(0.5)", path = gone .. "/v.csv" })
n:run(1)
os.execute("rm -r '" .. gone .. "'")
refuses({ "csv", gone .. "/v.csv" }, "a file whose folder is gone", function() n:close() end)
n:close()

n, c = fresh()
n:record("v", { c, at = "soma(0.5)" })
n:record("v", { c, at = "soma(0.5)", every = 0.5, window = { 1, math.huge }, name = "late" })
local start = n:run(0)
tap.is(#start.v.t, 1, "a run of 0 ms has the sample of t = 0")
tap.is(#n:run(2).late.t, 3, "a window without end")
n:close()

n, c = fresh()
n:record("v", { c, at = "soma(0.5)", name = "x" })
n:record("v", { c, at = "soma(0.5)", name = "x" })
refuses("2 recordings are called 'x'", "a name twice", function() return n:run(1).x end)

local hot = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
hot:insert "hh"
local cold = hk.network { v_init = -65 }
cold:population("H", 1, hot)
refuses("celsius", "a network without a temperature", function() cold:run(1) end)

collectgarbage()
collectgarbage()
tap.done()
