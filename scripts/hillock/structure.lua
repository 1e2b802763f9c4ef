-- SPDX-License-Identifier: BSD-3-Clause
-- structure: what a network is made of, as the file network.json of a results folder has it for who
-- draws it:
--
--     { "populations": [ { "name", "first", "n", "type", "ids" where they do not count from 0 } ],
--       "types": { NAME: { "sections": [ { "name", "domain", "parent", "at", "L", "diam", "points":
--                                          [[x, y, z, diam], ...] } ],
--                          "segments": [ { "section", "x", "length", "diam", "area", "distance",
--                                          "parent" } ] } },
--       "connections": [ [pre cell, post cell, post segment, weight, delay], ... ],
--       "inputs": how many }
--
-- Cells, sections and segments count from 1; a parent is left out at the root; a section without
-- points is a plain cylinder. Connections are those from detectors to points on cells.

local json = require "hillock.json"

local structure = {}

local function sections_of(cell)
    local list = json.list {}
    for i = 1, cell.morph:sections() do
        local name, domain, parent, at, L, diam = cell.morph:section(i)
        list[i] = {
            name = name, domain = domain, parent = parent, at = parent and at, L = L, diam = diam,
            points = json.list(cell.morph:points(i)),
        }
    end
    return list
end

local function segments_of(cell)
    local list = json.list {}
    for i = 1, cell.core:segments() do
        local section, _, parent, x, length, diam, area, _, distance = cell.core:segment(i)
        list[i] = {
            section = section, x = x, length = length, diam = diam, area = area,
            distance = distance, parent = parent,
        }
    end
    return list
end

-- Identities, where they are not those that cells have by themselves.
local function ids_of(net, population)
    local cells = {}
    for i = 1, population.n do
        cells[i] = population.first + i - 1
    end
    local ids = net.core:identities(cells)
    for i = 1, #ids do
        if ids[i] ~= cells[i] - 1 then
            return ids:totable()
        end
    end
end

-- The populations, and the cell types by names that are all different.
local function populations_of(net)
    local list, types, named = json.list {}, {}, {}
    for i, population in ipairs(net.populations) do
        local cell = population.cell
        local name = named[cell]
        if not name then
            local n = 1
            name = cell.name
            while types[name] do
                n = n + 1
                name = ("%s-%d"):format(cell.name, n)
            end
            named[cell] = name
            types[name] = { sections = sections_of(cell), segments = segments_of(cell) }
        end
        list[i] = {
            name = population.name, first = population.first, n = population.n, type = name,
            ids = ids_of(net, population),
        }
    end
    return list, types
end

local function connections_of(net)
    local list = json.list {}
    local pre, post, segment, weight, delay = net.core:wiring()
    for i = 1, #pre do
        list[i] = { pre[i], post[i], segment[i], weight[i], delay[i] }
    end
    return list
end

--- The text of a network's file. net: its state.
function structure.text(net)
    local populations, types = populations_of(net)
    local _, _, inputs = net.core:counts()
    return json.text {
        populations = populations, types = types, connections = connections_of(net),
        inputs = inputs,
    } .. "\n"
end

return structure
