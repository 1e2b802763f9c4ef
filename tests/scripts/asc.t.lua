-- SPDX-License-Identifier: BSD-3-Clause
-- Shapes from Neurolucida files; tests/peer/asc.t.lua holds their sections against NEURON's.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"

local text = [[
("CellBody" (-5 -5 0) (-5 5 0) (5 6 0) (6 -4 0))
( (Dendrite) (1 0 0 2) (99 0 0 1) (Dot (5 5 5)) )
( (Axon) (0 -3 0 1) (0 -50 0 1) )
]]

local shape = hk.asc_text("drawn", text)
tap.is(shape.name, "drawn", "text has the name that it is given")
tap.is(#shape, 3, "its sections are counted")
tap.is(shape.report, "drawn: 8 points, soma of 1 contour read as 21 circles on its axis; left out "
    .. "1 marker; 3 sections: 1 soma, 1 axon, 1 dend", "the report says what was read and left out")

local place <close> = scratch.new()
local folder = place.work
for _, name in ipairs { "traced.asc", "TRACED.ASC", "two.dots.Asc" } do
    local path = folder .. "/" .. name
    place:write(name, text)
    local cell = hk.cell { morphology = path }
    tap.is(cell.name, (name:gsub("%.[^.]*$", "")), name .. ": a cell's shape by the ending")
    tap.is(cell:section("dend").parent_x, 0.5, name .. ": dendrites join the soma's middle")
    tap.is(hk.asc(path).name, cell.name, name .. ": by name")
end

tap.throws(function() hk.asc(folder .. "/none.asc") end,
    { "asc.t.lua:", "none.asc", "No such file" }, "no such file")
tap.throws(function() hk.asc_text("drawn", "\n( (Dendrit) (1 0 0 2) )") end,
    { "asc.t.lua:", "drawn:2", "Dendrit", "\"Dendrite\"" }, "a word that is nearly a type")
tap.throws(function() hk.asc(5) end, { "asc: path", "5" }, "a number for a path")
tap.throws(function() hk.asc_text("drawn") end, { "asc_text: text" }, "no text")
tap.done()
