-- SPDX-License-Identifier: BSD-3-Clause
-- Save and restore from a script: in this process and from one to another, the recordings in memory
-- and in files; what net.digest tells apart; mistakes.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"

local source = os.getenv "HILLOCK_SOURCE" or "."
package.path = source .. "/examples/?.lua;" .. package.path
local l23 = require "l23"
local place <close> = scratch.new()
local path = place.work .. "/net.hks"

local function refuses(text, name, fn)
    tap.throws(fn, { text, "save.t.lua:" }, name)
end

local function same(a, b)
    if #a ~= #b then
        return false
    end
    for i = 1, #a do
        if a[i] ~= b[i] then
            return false
        end
    end
    return true
end

-- ---- the network of the examples: background and recurrent synapses

local pyramid = l23.cell()

local function column(options, csv)
    options.celsius = 34
    local net = hk.network(options)
    local cells = net:population("L23", 10, pyramid)
    local clock = net:population("clock", 2, hk.cell {
        morphology = hk.compartment { L = 20, diam = 20 },
    }:insert("pas", { g = 1e-4, e = -65 }))
    for _, e in ipairs { 0, -80 } do
        net:stimulate(cells, {
            count = 200, synapse = { "Exp2Syn", tau1 = 0.5, tau2 = 5, e = e },
            at = hk.anywhere, weight = e == 0 and 0.002 or 0.0005,
            delay = hk.random.normal { mean = 2, sd = 0.5, min = 0.1, max = 5 },
            input = { "Poisson", rate = { { 0, 1000, 30 } } },
        })
    end
    net:connect(cells, cells, {
        rule = hk.pairwise(0.5), from = "soma(0.5)", threshold = -20, at = "dend",
        synapse = { "ExpSyn", tau = 2, e = 0 }, weight = 0.001,
        delay = hk.random.uniform { min = 1.3, max = 90 },
    })
    net:stimulate(clock, {
        count = 5, synapse = { "ExpSyn", tau = 2, e = 0 }, at = "soma", weight = 0.001, delay = 1,
        input = { "NetStim", start = 3, interval = 7, number = 99, noise = 0.5 },
    })
    net:record("v", { cells, at = "soma(0.5)" })
    net:record("cai", { cells, at = "soma(0.5)", every = 0.5, window = { 10, 70 } })
    net:record("spikes", { cells, threshold = -20 })
    net:record("inputs")
    if csv then
        net:record("v", { clock, at = "soma(0.5)", every = 0.1, path = csv .. "v.csv", name = "c" })
        net:record("spikes", { cells, threshold = -20, path = csv .. "s.csv", name = "s" })
    end
    return net
end

local function same_results(a, b)
    local good = same(a:spikes().t, b:spikes().t) and same(a:spikes().cell, b:spikes().cell)
    for i = 1, 10 do
        good = good and same(a:trace(i), b:trace(i)) and same(a.cai[i], b.cai[i])
    end
    return good and same(a.inputs.t, b.inputs.t)
end

local plain <close> = column { threads = 1, units = false }
local want = plain:run(80)
tap.ok(#want:spikes().t > 10, ("the network spikes: %d times"):format(#want:spikes().t))

-- From one network into a new one at each of these times, in steps within an epoch and at its end.
local function chain(stops, ways)
    local net = column(ways[1])
    for i, t in ipairs(stops) do
        net:continue(t - net.t)
        tap.is(net:save(path), net, "save gives the network")
        local after = column(ways[i % #ways + 1])
        after:restore(path)
        tap.near(after.t, t, 1e-9, ("it is at %g ms"):format(t))
        net:close()
        net = after
    end
    return net:continue(80 - net.t)
end

tap.ok(same_results(chain({ 0, 0.025, 13, 13.725, 40, 79.975 }, { {} }), want),
    "a chain of networks gives the bits of one")
tap.ok(same_results(chain({ 20, 30.3, 51 },
    { { threads = 1 }, { threads = 2, group = 3 }, { threads = 2, group = 1 } }), want),
    "from 1 to 2 threads and back, in groups of any size")
if os.execute "command -v cc >/dev/null" and not os.getenv "HILLOCK_QUICK" then
    local compiled <close> = column { units = true }
    if pcall(compiled.run, compiled, 0) then
        tap.ok(same_results(chain({ 20, 33.325 },
            { { units = true }, { units = false, group = 4 } }), want),
            "with units and without")
    end
end

-- ---- to run begins anew, as does reset

local net <close> = column {}
net:run(10)
net:save(path)
net:restore(path)
tap.ok(same_results(net:run(80), want), "run begins anew at t = 0")
net:restore(path)
tap.is(net.t, 10, "restore goes back")
tap.ok(same_results(net:continue(70), want), "into the network that was saved")
net:reset():save(path)
local again <close> = column {}
tap.is(again:restore(path), again, "restore gives the network")
tap.ok(same_results(again:continue(80), want), "after a reset, at t = 0")

-- ---- files, and another process

local function files(from, to)
    return place:read(from) == place:read(to) and #place:read(from) > 100
end

local whole = column({}, place.work .. "/whole-")
whole:run(60)
whole:close()
local half = column({}, place.work .. "/half-")
half:run(33.3)
half:save(path)
local elsewhere = column({}, place.work .. "/elsewhere-")
elsewhere:restore(path)
elsewhere:continue(60 - elsewhere.t)
elsewhere:close()
tap.ok(files("whole-v.csv", "elsewhere-v.csv") and files("whole-s.csv", "elsewhere-s.csv"),
    "csv files elsewhere are whole, and those of a run without a stop")
half:continue(1) -- goes beyond what was saved
half:close()

place:write("first.lua", [[
local hk = require "hillock"
local function model()
    local type = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
    type:insert "hh"
    local net = hk.network { celsius = 6.3, threads = tonumber(arg[3]) }
    local cells = net:population("P", 5, type)
    net:stimulate(cells, { count = 20, synapse = { "ExpSyn", tau = 2, e = 0 }, at = "soma",
        weight = 0.01, delay = 3, input = { "Poisson", rate = { { 0, 1e4, 60 } } } })
    net:connect(cells, cells, { rule = hk.all(), from = "soma(0.5)", threshold = 0, at = "soma",
        synapse = { "ExpSyn", tau = 2, e = -80 }, weight = 0.001, delay = 4.5 })
    net:record("v", { cells, at = "soma(0.5)", path = arg[2] .. ".csv" })
    net:record("spikes", { cells })
    return net
end
local net = model()
if arg[1] == "whole" then
    net:run(100)
elseif arg[1] == "save" then
    net:run(42.7)
    net:save "other.hks"
else
    net:restore "other.hks"
    net:continue(100 - net.t)
end
print(net.digest, net.facts.steps, net.facts.spikes, net.facts.events)
net:close()
]])
local hillock = scratch.hillock()
local function run(...)
    local status, out, err = place:run { hillock, "run", "first.lua", ... }
    return status == 0 and out or tap.note("%s", err)
end
local right = run("whole", "whole", "1")
tap.ok(right and tonumber(right:match "^%x+%s+%d+%s+(%d+)") > 50, "another process spikes")
tap.is((run("save", "part", "2") or ""):match "^%x+", (right or ""):match "^%x+",
    "another process has the same digest")
tap.is(run("restore", "part", "1"), right, "another process goes on, to the same counts")
tap.is(place:read "part.csv", place:read "whole.csv", "and its file is the same")
tap.is(run("restore", "third", "2"), right, "once more, with another file")
tap.is(place:read "third.csv", place:read "whole.csv", "which is the same, too")

-- ---- the digest

local function small(options, change)
    local type = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
    type:insert "hh"
    options.celsius = 6.3
    local made <close> = hk.network(options)
    local cells = made:population("P", 3, type)
    if change then
        change(made, cells)
    end
    return made.digest, made:build().digest
end

local function stays(name, options, change)
    local before, after = small(options, change)
    local digest = small {}
    tap.ok(before == digest and after == digest, "the digest is the same " .. name)
end
local function differs(name, options, change)
    local before, after = small(options, change)
    local digest = small {}
    tap.ok(before ~= digest and after == before, "the digest is another one " .. name)
end

tap.ok(small({}):match "^%x+$" and #small({}) == 64, "a digest is 64 hexadecimal digits")
stays("with threads and groups", { threads = 2, group = 1, units = false })
stays("with recordings", {}, function(made, cells)
    made:record("spikes", { cells, threshold = -33 })
    made:record("v", { cells, at = "soma(0.5)" })
end)
differs("of another seed", { seed = 2 })
differs("with another step", { dt = 0.05 })
differs("with a point more", {}, function(made, cells)
    made:add(cells[2] "soma(0.5)", { "IClamp", amp = 0 })
end)
differs("where a cell has a value of its own", {}, function(_, cells)
    cells[1]:set("hh", { gnabar = 0.11 })
end)

-- ---- mistakes

place:write("words.hks", "no network")
refuses("words.hks: it is no saved network", "a file that is none", function()
    plain:restore(place.work .. "/words.hks")
end)
refuses("/nowhere/net.hks: it cannot be written", "nowhere to write", function()
    plain:save "/nowhere/net.hks"
end)
refuses("net.hks: it is of another model: its digest is", "another model", function()
    local other <close> = hk.network { celsius = 6.3 }
    other:population("P", 1, pyramid)
    other:restore(path)
end)
refuses("net.hks: it has 6 recordings, and the network has 4", "other recordings", function()
    column {}:restore(path)
end)
refuses("save: path: expected a string, got nil", "no path to save to", function()
    plain:save()
end)
refuses("restore: path: expected a string, got 7", "no path to restore from", function()
    plain:restore(7)
end)
tap.ok(same_results(plain:run(80), want), "mistakes leave no trace")
tap.done()
