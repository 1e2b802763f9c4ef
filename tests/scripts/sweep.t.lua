-- SPDX-License-Identifier: BSD-3-Clause
-- Sweeps: which runs there are, that each is what the protocol gives by itself, that one that fails
-- is told in its row, and that threads share what is compiled.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"

local source = os.getenv "HILLOCK_SOURCE" or "."
local place <close> = scratch.new()

place:write("ball.lua", [[
local hk = require "hillock"
return {
    parameters = { gnabar = 0.12 },
    cell = function(p)
        local cell = hk.cell { name = "ball", morphology = hk.compartment { L = 20, diam = 20 } }
        cell:insert("hh", { gnabar = p.gnabar })
        return cell
    end,
}
]])
place:write("noisy.protocol.lua", [[
return {
    protocol = 1, model = "ball.lua", celsius = 6.3, duration = 60, seed = 7,
    clamps = { { "IClamp", at = "soma(0.5)", delay = 5, dur = 50, amp = 0 } },
    inputs = { { count = 3, at = "soma", input = { "Poisson", rate = { { 0, 60, 100 } } },
        synapse = { "ExpSyn", tau = 2 }, weight = "3 nS", delay = 1 } },
    record = { { "spikes", threshold = 0 }, { "v", at = "soma(0.5)", every = 1 } },
    checks = { { "spike_count", min = 1, name = "it fires" } },
}
]])
local file = place.work .. "/noisy.protocol.lua"
local protocol = hk.protocol(file)

local sweep = hk.sweep {
    protocol = file, threads = 2,
    over = { { "parameters.gnabar", { 0.12, 0.06 } }, { "clamps[1].amp", { 0.1, "200 pA", 0.3 } } },
    measure = { { "spike_count", name = "n" }, { "spike_times", cell = 1 }, { "trace" },
        { "value", t = 30 }, { "max", from = 10, to = 20 }, { "rate" } },
}
tap.is(#sweep, 6, "all combinations")
tap.is(table.concat(sweep.columns, "; "),
    "run; parameters.gnabar; clamps[1].amp; seed; n; spike_times cell 1; trace; value t 30; "
    .. "max from 10 to 20; rate; it fires; passed; error", "the columns")
tap.is(table.concat(sweep["parameters.gnabar"], " "), "0.12 0.12 0.12 0.06 0.06 0.06",
    "the first one slowest")
tap.is(table.concat(sweep["clamps[1].amp"], " "), "0.1 200 pA 0.3 0.1 200 pA 0.3",
    "the last one fastest")
tap.is(sweep.failed, 0, "none fails")
for i = 1, #sweep do
    local row = sweep:row(i)
    local alone = protocol:with {
        ["parameters.gnabar"] = row["parameters.gnabar"], ["clamps[1].amp"] = row["clamps[1].amp"],
    }:run()
    local v, times = alone.result:trace(1), alone.result:spikes().t
    local same = #v == #row.trace and #times == row.n
    for k = 1, #v do
        same = same and v[k] == row.trace[k]
    end
    for k = 1, #times do
        same = same and times[k] == row["spike_times cell 1"][k]
    end
    tap.ok(same, ("run %d is the protocol with its values, to the bit"):format(i))
    tap.is(row["value t 30"], v[31], "a value")
    tap.is(row["it fires"], #times, "what a check measured")
    tap.is(row.passed, alone.passed, "and whether it passed")
    alone.net:close()
end
local one = hk.sweep { protocol = file, threads = 1, measure = { { "trace" } },
    over = { ["clamps[1].amp"] = { 0.1, 0.3 } } }
for k = 1, 61 do
    if one.trace[2][k] ~= sweep.trace[3][k] then
        tap.ok(false, "one thread gives the same")
    end
end
tap.is(one.passed, sweep:row(1).passed and sweep:row(3).passed, "all passed, or not")

-- ---- lists, seeds, failures

local listed = hk.sweep { protocol = protocol, seeds = 2, measure = { { "spike_count" } },
    list = { { ["clamps[1].amp"] = 0.1 }, { seed = 20, duration = 30 } } }
tap.is(table.concat(listed.seed, " "), "7 8 20 21", "seeds count on")
tap.is(table.concat({ #listed, listed:row(3).duration, tostring(listed:row(1).duration) }, " "),
    "4 30 nil", "a list of runs, with values of their own")

local bad = hk.sweep { protocol = protocol, over = { ["clamps[1].amp"] = { 0.1, "3 mV", 0.2 } },
    measure = { { "spike_count", name = "n" } }, results = place.work .. "/out" }
tap.is(bad.failed, 1, "one fails")
tap.is(bad.passed, false, "so not all passed")
tap.is(bad:row(2).error, file .. ":3: clamps[1].amp: '3 mV' is no quantity in nA",
    "its row says why")
tap.ok(bad.n[1] and not bad.n[2] and bad.n[3], "the others went on")
tap.ok(tostring(bad):find "^sweep: 3 runs, 1 failed", "as text")
local table_of = hk.read_csv(place.work .. "/out/sweep.csv")
tap.is(table_of.run[3], 3, "the table is in the folder of results")
tap.is(table_of.error[2], bad:row(2).error, "errors, too")
tap.ok(hk.read_csv(place.work .. "/out/run3/v.csv"), "with each run's recordings")
local blow = hk.sweep { protocol = protocol, over = { ["clamps[1].amp"] = { 1e6, 0.1 } } }
tap.is(blow.failed, 1, "a run that diverges fails")
tap.ok(blow.error[1]:find("soma", 1, true), "and says where")
sweep:csv(place.work .. "/all.csv")
local all = hk.read_csv(place.work .. "/all.csv")
tap.is(all["value t 30"][4], sweep["value t 30"][4], "numbers in a CSV file are whole")
tap.is(select(2, all.trace[1]:gsub("%S+", "")), 61, "a list is numbers with blanks")

-- ---- mistakes

local function refuses(options, texts, name)
    options.protocol = options.protocol or protocol
    tap.throws(function() hk.sweep(options) end, texts, name)
end
refuses({ over = { ["clamp[1].amp"] = { 1 } } },
    { "sweep.t.lua:", "clamp[1].amp: there is no 'clamp': did you mean 'clamps'?" }, "a wrong path")
refuses({ over = { ["clamps[2].amp"] = { 1 } } }, "there is no [2], there are 1", "a wrong number")
refuses({ over = { ["clamps[1]..amp"] = { 1 } } }, "is no path of a key", "no path")
refuses({ over = { celsius = {} } }, "celsius: the list of values is empty", "no values")
refuses({ over = { celsius = 3 } }, "celsius: expected a table, got 3", "no list")
refuses({ over = { { "celsius" } } }, "over[1]: expected { PATH, list of values }", "an axis")
refuses({ over = { seed = { 1 } }, list = { {} } }, "say 'over' or 'list'", "both")
refuses({ list = {} }, "the list of runs is empty", "no runs")
refuses({ measure = { { "spike_cont" } } }, "did you mean 'spike_count'?", "a wrong measure")
refuses({ measure = { { "value" } } }, "measure[1]: 't' is missing", "a measure without its key")
refuses({ overs = {} }, "unknown key 'overs': did you mean 'over'?", "a wrong key")
refuses({ model = function() end }, "it must be a file", "a model that cannot go to threads")
refuses({ protocol = place.work .. "/none.json" }, "cannot read the protocol", "no protocol")
tap.throws(function() sweep:row(7) end, "rows 1 to 6, not 7", "no such row")
local unknown = hk.sweep { protocol = protocol, measure = { { "max", of = "w" } } }
tap.ok(unknown.error[1]:find("measure[1]: nothing is recorded as 'w'", 1, true),
    "a measure of nothing is told in the rows")

-- ---- two threads compile the same at once

place:write("mod.lua", ([[
local hk = require "hillock"
return function()
    hk.load(%q, { quiet = true })
    local cell = hk.cell { name = "m", morphology = hk.compartment { L = 20, diam = 20 } }
    cell:insert("Kv", { gbar = 0.005 })
    cell:insert("Leak", { gbar = 1e-4, e = -70 })
    return cell
end
]]):format(source .. "/examples/l23/biophys/mod"))
local status, out, err = place:run { "env", "HILLOCK_UNITS=1", scratch.hillock(), "sweep", file,
    "--model", "mod.lua", "--set", "celsius=37", "--over", "clamps[1].amp=0.1,0.1,0.1,0.1",
    "--threads", "2", "--measure", "max:of=v" }
tap.is(err, "", "two threads compile MOD files and units at once")
local peaks = {}
for peak in out:gmatch "\n%d+ +0.1 +7 +(%S+)" do
    peaks[#peaks + 1] = peak
end
tap.is(#peaks, 4, "all runs are well")
tap.ok(peaks[1] == peaks[2] and peaks[3] == peaks[4] and peaks[1] == peaks[4], "and alike")
tap.ok(status == 0 or status == 1, "the status is that of the checks")
tap.done()
