-- SPDX-License-Identifier: BSD-3-Clause
-- groups: what a network is made of, by the group: cells, places on cells, points and inputs. One
-- of them is a group of one; [i] gives the i-th as a group, # counts.

local core = require "hillock.core"
local cell = require "hillock.cell"
local distribution = require "hillock.distribution"
local keys = require "hillock.keys"
local object = require "hillock.object"
local place = require "hillock.place"
local region = require "hillock.region"
local set = require "hillock.set"

local groups = {}
local fail = keys.fail

-- The population in which the network's cell number `i` is.
function groups.population_of(net, i)
    local low, high = 1, #net.populations
    while low < high do
        local middle = (low + high + 1) // 2
        if net.populations[middle].first <= i then
            low = middle
        else
            high = middle - 1
        end
    end
    return net.populations[low]
end

-- The numbers of all cells. What stands for artificial cells has numbers between them.
function groups.all_numbers(net)
    local cells = {}
    for _, population in ipairs(net.populations) do
        table.move(core.range(population.first, population.n):totable(), 1, population.n,
            #cells + 1, cells)
    end
    return core.whole(cells)
end

-- Numbers i to j of a list or an array.
local function slice(list, i, j)
    if core.is_array(list) then
        return list:slice(i, j)
    end
    return table.move(list, i, j, 1, {})
end

local function bounds(n, first, last)
    first, last = first or 1, last or n
    keys.value("slice: first", first, "integer")
    keys.value("slice: last", last, "integer")
    if first < 1 or last > n or first > last then
        fail("slice: %d to %d is not within 1 and %d", first, last, n)
    end
    return first, last
end

-- What all groups do alike: [i], # and slices; `list` is the state's key of the numbers.
local function group_class(class, list)
    class.index = function(state, key, self)
        if math.type(key) and key >= 1 and key <= #state[list] then
            return class.part(state, key, key, self)
        end
    end
    class.meta = class.meta or {}
    class.meta.__len = function(self)
        return #object.state(class, self)[list]
    end
    class.methods.slice = function(self, first, last)
        local state = object.state(class, self, class.name .. ":slice")
        return class.part(state, bounds(#state[list], first, last))
    end
    return object.class(class)
end

-- ---- places

local Places
Places = group_class({
    name = "place group",
    methods = {},
    fields = {
        cells = function(state) return core.whole(state.cells) end,
        segments = function(state) return core.whole(state.segments) end,
    },
    part = function(state, i, j)
        return groups.places(state.net, slice(state.cells, i, j), slice(state.segments, i, j))
    end,
    meta = {
        __tostring = function(self)
            local state = object.state(Places, self)
            local n = #state.cells
            if n ~= 1 then
                return ("%d places"):format(n)
            end
            local population = groups.population_of(state.net, state.cells[1])
            local where = population.cell.segment(population.cell, state.segments[1])
            return ("%s of cell %d (%s)"):format(where.name, state.cells[1], population.name)
        end,
    },
}, "cells")
groups.Places = Places

function groups.places(net, cells, segments)
    return object.new(Places, { net = net, cells = cells, segments = segments })
end

-- ---- cells

local Cells
local cell_methods = {}

local function cells_state(self, what)
    return object.state(Cells, self, "cells:" .. what)
end

-- Calls apply(cell type's state, numbers) for each run of cells of one type.
local function by_type(state, apply)
    local runs, order = {}, {}
    for i = 1, #state.cells do
        local number = state.cells[i]
        local type_state = groups.population_of(state.net, number).cell
        if not runs[type_state] then
            runs[type_state] = {}
            order[#order + 1] = type_state
        end
        table.insert(runs[type_state], number)
    end
    for _, type_state in ipairs(order) do
        apply(type_state, runs[type_state])
    end
end

-- The one cell type of the group; an error where there are several.
function groups.type_of(state, what)
    local one
    by_type(state, function(type_state)
        if one and one ~= type_state then
            fail("%s: the cells are of several types: %s and %s", what, one.name, type_state.name)
        end
        one = type_state
    end)
    return one
end

--- The places "dend[3](0.5)" of all the cells, cell by cell; or those of a region.
---@param where any a location, a region, hk.anywhere
function cell_methods:segment(where)
    local state = cells_state(self, "segment")
    local cells, segments, found = {}, {}, {}
    by_type(state, function(type_state)
        found[type_state] = place.resolve(type_state, where, "segment")
    end)
    for i = 1, #state.cells do
        local number = state.cells[i]
        for _, segment in ipairs(found[groups.population_of(state.net, number).cell]) do
            cells[#cells + 1], segments[#segments + 1] = number, segment
        end
    end
    return groups.places(state.net, cells, segments)
end

-- The segments that a value of these cells goes to: those of `at`, or all that have the mechanism.
local function targets(type_state, mechanism, at)
    if at ~= nil then
        return region.resolve(type_state, at, "set: at")
    elseif mechanism then
        return region.of_indices(type_state, cell.having(type_state, mechanism), mechanism)
    end
    return region.all(type_state)
end

--- Values of these cells alone: set(mechanism, values [, at]) or set(values [, at]) for cm and
--- ions' variables. at: a region; without it, where the mechanism is.
---@param mechanism string|table<string, any>
---@param values? any
---@param at? any
function cell_methods:set(mechanism, values, at)
    local state = cells_state(self, "set")
    if type(mechanism) ~= "string" then
        mechanism, values, at = nil, mechanism, values
    end
    keys.value("set: values", values, "table")
    set.check_keys(values, "set")
    by_type(state, function(type_state, numbers)
        local part = targets(type_state, mechanism, at)
        for _, field in ipairs(keys.names(values)) do
            local spread = distribution.values(values[field], function() return part:segments() end,
                function(i) return type_state.core:get(mechanism, field, { i })[1] end, field)
            state.net.core:set(numbers, mechanism, field, part:indices(), spread)
        end
    end)
    return self
end

--- All cells of this group, then those of the other.
function cell_methods:join(other)
    local state = cells_state(self, "join")
    local second = object.state(Cells, other, "join")
    if second.net ~= state.net then
        fail("join: the cells are of two networks")
    end
    local cells = {}
    for i = 1, #state.cells do
        cells[i] = state.cells[i]
    end
    for i = 1, #second.cells do
        cells[#cells + 1] = second.cells[i]
    end
    return groups.cells(state.net, cells, state.name .. "+" .. second.name)
end

Cells = group_class({
    name = "cell group",
    methods = cell_methods,
    fields = {
        name = function(state) return state.name end,
        numbers = function(state) return core.whole(state.cells) end,
        ids = function(state) return state.net.core:identities(state.cells) end,
        type = function(state) return groups.type_of(state, "type").object end,
    },
    part = function(state, i, j)
        return groups.cells(state.net, slice(state.cells, i, j), state.name)
    end,
    meta = {
        __call = function(self, where)
            return cell_methods.segment(self, where)
        end,
        __tostring = function(self)
            local state = object.state(Cells, self)
            local types = {}
            by_type(state, function(type_state) types[#types + 1] = type_state.name end)
            local n = #state.cells
            return ("%d cell%s %s of type %s"):format(n, n == 1 and "" or "s", state.name,
                table.concat(types, ", "))
        end,
    },
}, "cells")
groups.Cells = Cells

function groups.cells(net, cells, name)
    return object.new(Cells, { net = net, cells = cells, name = name })
end

-- ---- points and inputs

local Points
local point_methods = {}

--- Gives parameters other values, before the first run: numbers, or lists of one for each point.
---@param values table<string, number|table>
function point_methods:set(values)
    local state = object.state(Points, self, "points:set")
    keys.value("set: values", values, "table")
    for _, field in ipairs(keys.names(values)) do
        state.net.core:point_set(state.points, field,
            keys.value("set: " .. field, values[field], "number|list"))
    end
    return self
end

--- The values of a parameter, as an array.
---@param field string
function point_methods:get(field)
    local state = object.state(Points, self, "points:get")
    return state.net.core:point_get(state.points, keys.value("get: field", field, "string"))
end

Points = group_class({
    name = "point group",
    methods = point_methods,
    fields = {
        plugin = function(state) return state.plugin end,
        name = function(state) return state.name end,
        places = function(state)
            if state.name then
                fail("places: artificial cells (%s) are nowhere", state.name)
            end
            local cells, segments = {}, {}
            for i = 1, #state.points do
                local _, c, s = state.net.core:point(state.points[i])
                cells[i], segments[i] = c, s
            end
            return groups.places(state.net, cells, segments)
        end,
    },
    part = function(state, i, j)
        return groups.points(state.net, slice(state.points, i, j), state.plugin, state.name)
    end,
    meta = {
        __tostring = function(self)
            local state = object.state(Points, self)
            return ("%d %s%s"):format(#state.points, state.plugin,
                state.name and ", artificial cells " .. state.name or "")
        end,
    },
}, "points")
groups.Points = Points

-- name: of artificial cells, nil for points on cells.
function groups.points(net, points, plugin, name)
    return object.new(Points, { net = net, points = points, plugin = plugin, name = name })
end

local Inputs
Inputs = group_class({
    name = "input group",
    methods = {},
    fields = {
        plugin = function(state) return state.plugin end,
    },
    part = function(state, i, j)
        return groups.inputs(state.net, slice(state.inputs, i, j), state.plugin)
    end,
    meta = {
        __tostring = function(self)
            local state = object.state(Inputs, self)
            return ("%d %s"):format(#state.inputs, state.plugin)
        end,
    },
}, "inputs")
groups.Inputs = Inputs

function groups.inputs(net, inputs, plugin)
    return object.new(Inputs, { net = net, inputs = inputs, plugin = plugin })
end

-- The state of the first of the classes that the value is of; nil where it is of none.
function groups.test(value, ...)
    for _, class in ipairs { ... } do
        local state = object.test(class, value)
        if state then
            return state, class
        end
    end
    return nil
end

return groups
