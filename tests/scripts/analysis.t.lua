-- SPDX-License-Identifier: BSD-3-Clause
-- Rates, intervals, peaks and crossings of made-up spikes and traces, whose answers are known.

local tap = require "tap"
local hk = require "hillock"

local times = { 1, 4, 9, 12, 25, 25 }
local rate = hk.rate(times, { to = 30, bin = 10, n = 2 })
tap.is(#rate.rate, 3, "a rate has its bins")
tap.is(rate.t[1], 5.0, "the middle of a bin")
tap.is(rate.rate[1], 150.0, "three spikes of two cells in 10 ms are 150 Hz")
tap.is(rate.rate[3], 100.0, "the last bin")
tap.is(hk.rate(times, { from = 20, to = 30 }).rate[1], 200.0, "from another time")
local smooth = hk.rate({ 50.5 }, { to = 101, bin = 1, kernel = "gaussian", width = 3 })
tap.near(smooth.rate:sum() * 1e-3, 1, 1e-12, "a kernel keeps the number of spikes")
tap.near(smooth.rate[51] / smooth.rate[54], math.exp(0.5), 1e-12, "and is a Gaussian")
local box = hk.rate({ 50.5 }, { to = 101, bin = 1, kernel = "box", width = 5 })
tap.near(box.rate[49], 200, 1e-9, "a box is flat")
tap.near(box.rate[48], 0, 1e-9, "and ends")

tap.is(table.concat(hk.isi(times):totable(), " "), "3.0 5.0 3.0 13.0 0.0", "intervals")
tap.is(#hk.isi { 5 }, 0, "one spike has none")
tap.is(hk.count(times, 4, 12), 2, "a count includes its beginning, not its end")

local t, v = hk.array { 0, 1, 2, 3, 4 }, hk.array { -65, -20, 30, -70, -20 }
local peak, when = hk.peak(t, v)
tap.is(peak, 30.0, "the peak")
tap.is(when, 2.0, "and its time")
tap.is(hk.peak(t, v, { from = 2.5 }), -20.0, "the peak of a part")
tap.is(hk.peak(t, v, { lowest = true }), -70.0, "the lowest")
tap.is(hk.peak(t, v, { from = 9 }), nil, "the peak of nothing")
local up = hk.crossings(t, v, -20)
tap.is(#up, 1, "a trace that only reaches the threshold does not cross it")
tap.is(up[1], 1.0, "the crossing")
tap.near(hk.crossings(t, v, 0, "down")[1], 2.3, 1e-12, "downwards, between samples")

tap.throws(function() hk.rate(times, {}) end, "'to' is missing", "a rate without an end")
tap.throws(function() hk.rate(times, { to = 0 }) end, "no span", "a rate over nothing")
tap.throws(function() hk.rate(times, { to = 9, kernel = "triangle", width = 1 }) end,
    { "'triangle'", "gaussian" }, "an unknown kernel")
tap.throws(function() hk.rate(times, { to = 9, kernel = "box" }) end, "needs a width", "no width")
tap.throws(function() hk.rate(times, { to = 9, width = 3 }) end, "kernel", "a width without kernel")
tap.throws(function() hk.rate(times, { too = 9 }) end, { "'too'", "'to'" }, "an unknown key")
tap.throws(function() hk.isi(5) end, "isi: times", "intervals of a number")
tap.throws(function() hk.peak({ 1 }, { 1, 2 }) end, "1 times and 2 values", "lengths that differ")
tap.throws(function() hk.crossings(t, v, 0, "left") end, "'up' or 'down'", "a direction of its own")
tap.throws(function() hk.crossings(t, v) end, "threshold", "no threshold")
tap.throws(function() hk.count(times, 1) end, "count: to", "no end")

local path = os.tmpname()
local function write(text)
    local file <close> = assert(io.open(path, "w"))
    file:write(text)
end
write("pre,name\r\n1,a\n2.5,b\n\n")
local columns = hk.read_csv(path)
tap.is(columns.pre[2], 2.5, "a column of numbers")
tap.is(columns.name[1], "a", "a column of words")
tap.is(#columns.pre, 2, "an empty line is no row")
write("a,b\n1,2\n3\n")
tap.throws(function() hk.read_csv(path) end, { path .. ":3", "1 fields" }, "a short line")
write('a,"b, ""c"""\n0x10, 3 \n-1e400,"1\n2"\n5,nan')
columns = hk.read_csv(path)
tap.is(math.type(columns.a[1]), "integer", "numbers are what tonumber says")
tap.is(columns.a[2], -math.huge, "too large a one as well")
tap.is(columns['b, "c"'][2], "1\n2", "names and words in quotes")
tap.is(columns['b, "c"'][3], "nan", "and what tonumber takes for none is a word")
write("a\n" .. ("1\n"):rep(3) .. "1,2\n")
tap.throws(function() hk.read_csv(path) end, { path .. ":5", "2 fields" }, "a long line")
write("")
tap.throws(function() hk.read_csv(path) end, "is empty", "an empty file")
os.remove(path)
tap.throws(function() hk.read_csv(path) end, { path, "No such file" }, "no file")
tap.done()
