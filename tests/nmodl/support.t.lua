-- SPDX-License-Identifier: BSD-3-Clause
-- scripts/README.md has exactly the table that support.lua makes.

local tap = require "tap"
if not pcall(require, "lpeg") then
    tap.skip_all "the Lua module lpeg is not installed"
end
local support = require "nmodl.support"

local _, stands = support.parts()
tap.is(stands, support.table(),
    "scripts/README.md is as 'hillock run tests/nmodl/support.lua --write' writes it")
for _, try in ipairs {
    { "COMMENT\nTests a | b,\n  and c.\nENDCOMMENT", "a \\| b, and c" },
    { "COMMENT\nTests one thing. It does so\nENDCOMMENT", "one thing" },
    { ": Tests: after 1.5 ms.\nNEURON {", "after 1.5 ms" },
} do
    tap.is(support.subject(try[1]), try[2], "a file tests " .. try[2])
end
tap.is(support.subject "NEURON { SUFFIX x }", nil, "a file that does not say what it tests")
tap.done()
