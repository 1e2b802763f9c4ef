-- SPDX-License-Identifier: BSD-3-Clause
-- hk.map: results in the list's order for any number of threads, plain values copied, errors with
-- the item.

local tap = require "tap"
local hk = require "hillock"

local list = {}
for i = 1, 40 do
    list[i] = { i = i, text = "n" .. i, on = i % 2 == 0, array = hk.array { i, 0.5 } }
end
for _, threads in ipairs { 1, 2, 3, 64 } do
    local got = hk.map(list, function(item)
        return { item.i ^ 2, item.text, item.on, item.array, { [1.5] = "deep" } }
    end, { threads = threads })
    local good = #got == 40
    for i, r in ipairs(got) do
        good = good and r[1] == i * i and r[2] == "n" .. i and r[3] == (i % 2 == 0)
            and r[4][1] == i and r[4][2] == 0.5 and r[5][1.5] == "deep"
    end
    tap.ok(good, ("items and results are copied, in order, with %d threads"):format(threads))
end
tap.is(#hk.map({}, function() end), 0, "an empty list")
tap.is(hk.map({ 1 }, function() return math.type(3) end)[1], "integer", "Lua's libraries are there")
tap.is(hk.map({ 1 }, function() return hk.version end)[1], hk.version, "modules are there")
tap.is(hk.map({ 7 }, function(x) return x end)[1], 7, "integers stay integers")
tap.is(hk.map({ 1 }, function() end)[1], nil, "no result")

local outside = 3
tap.throws(function() hk.map({ 1 }, function(x) return x + outside end) end,
    { "parallel.t.lua:", "'outside'" }, "a variable from outside")
tap.throws(function() hk.map({ 1, 2, 3 }, function(x) assert(x ~= 2, "two") end) end,
    { "item 2", "two" }, "an error has its item")
tap.throws(function()
    hk.map({ 1 }, function()
        local shape = hk.compartment { L = 1 }
        return #shape
    end)
end, { "item 1", "parallel.t.lua:", "'diam' is missing" }, "an error of hillock has its line")
tap.throws(function() hk.map({ 1, { f = { print } } }, function() end) end,
    { "item 2", "a function", ".f[1]" }, "an item that is no plain value")
tap.throws(function() hk.map({ 1 }, function() return io.stdout end) end,
    { "item 1", "an object" }, "a result that is none")
local ring = {}
ring.ring = ring
tap.throws(function() hk.map({ ring }, function() end) end, "within itself", "a table in itself")
tap.throws(function() hk.map({ 1 }, print) end, "not one of Lua's", "a function of C")
tap.throws(function() hk.map(1, print) end, "map: list", "no list")
tap.throws(function() hk.map({}, 1) end, "map: function", "no function")
tap.throws(function() hk.map({}, print, { thread = 1 }) end, { "'thread'", "'threads'" },
    "a wrong key")
tap.throws(function() hk.map({}, print, { threads = 0 }) end, "threads", "no thread")
tap.done()
