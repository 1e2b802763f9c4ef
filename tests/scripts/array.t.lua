-- SPDX-License-Identifier: BSD-3-Clause
-- Arrays: made, read, written, searched; and what they refuse.

local tap = require "tap"
local hk = require "hillock"

local a = hk.array { 3, 1, 2.5 }
tap.is(#a, 3, "the length of an array made of a list")
tap.is(a[3], 2.5, "an element")
tap.is(a[0], nil, "nothing before the first")
tap.is(a[4], nil, "nothing behind the last")
a[2] = -1
tap.is(a[2], -1.0, "an element that was written")

local sum = 0
for _, x in ipairs(a) do
    sum = sum + x
end
tap.is(sum, 4.5, "ipairs goes over the elements")
tap.is(a:sum(), 4.5, "the sum")
tap.is(a:mean(), 1.5, "the mean")
local least, at = a:min()
tap.is(least, -1.0, "the least")
tap.is(at, 2, "and where it is")
local greatest, there = a:max()
tap.is(greatest, 3.0, "the greatest")
tap.is(there, 1, "and where that is")
tap.is(hk.array { 0 / 0, 5, 0 / 0 }:max(), 5.0, "NaN is passed over")
tap.is(hk.array(0):min(), nil, "an empty array has no least element")
tap.is(hk.array(0):mean(), nil, "nor a mean")

tap.is(table.concat(a:totable(), " "), "3.0 -1.0 2.5", "as a table")
tap.is(table.concat(a:slice(2):totable(), " "), "-1.0 2.5", "a slice to the end")
tap.is(table.concat(a:slice(-2, -2):totable(), " "), "-1.0", "a slice counted from the end")
tap.is(#a:slice(3, 2), 0, "an empty slice")
tap.is(#a:slice(-9, 9), 3, "a slice beyond both ends")
tap.is(#hk.array(1000, 7), 1000, "an array of one value")
tap.is(hk.array(1000, 7)[1000], 7.0, "has it everywhere")
tap.is(hk.array { 1, 2, 2, 3 }:lower(2), 1, "how many are less")
tap.is(hk.array { 1, 2, 2, 3 }:lower(9), 4, "all are")
local copy = hk.array(a)
copy[1] = 0
tap.is(a[1], 3.0, "an array made of an array is a copy")
tap.is(tostring(hk.array { 1, 2, 3, 4, 5, 6 }), "array of 6: 1, 2, 3, 4, ... 6", "as text")

tap.throws(function() a[4] = 1 end, { "array.t.lua:", "4", "1 to 3" }, "writing behind the end")
tap.throws(function() a[1] = "x" end, { "array: element", "a number", "string x" },
    "writing a string")
tap.throws(function() return a.maximum end, "'maximum'", "an unknown method")
tap.throws(function() return hk.array { 1, "2" } end, "element 2 is not a number",
    "a list with a string")
tap.throws(function() return hk.array(-1) end, { "array: length", "-1" }, "a negative length")
tap.throws(function() return hk.array(2.5) end, { "array: length", "2.5" }, "half an element")
tap.throws(function() return hk.array() end, "a list or an array of numbers", "no list")
tap.throws(function() return a.max() end, "with a colon", "a method called with a dot")
tap.throws(function() return a:slice("x") end, "slice: first", "a slice from a string")
tap.throws(function() return a:lower {} end, "lower: x", "less than a table")
tap.done()
