-- SPDX-License-Identifier: BSD-3-Clause
-- builder: what all that a protocol names has in common: populations, cells, places, plugins with
-- values, numbers that may be drawn. A Builder has
--
--     net, state        the network and its state
--     model, type       the model, and its cell type where it is one
--     report            what is wrong
--     points            the points of each clamp
--     recorded          what is recorded, by name
--     full              the protocol's data with all defaults
--     folder            where recordings are put too, or nil

local core = require "hillock.core"
local groups = require "hillock.groups"
local keys = require "hillock.keys"
local place = require "hillock.place"
local random = require "hillock.random"
local plugin_values = require "hillock.protocol.plugin_values"
local report_of = require "hillock.protocol.report"

local builder = {}

local join, try = report_of.join, plugin_values.try

local Builder = {}
Builder.__index = Builder
builder.Builder = Builder

-- ---- populations, cells, places

function Builder:population(path, name)
    local list, names = self.state.populations, {}
    for i, population in ipairs(list) do
        names[i] = population.name
        if population.name == name then
            return population
        end
    end
    if name then
        self.report:add(join(path, "population"), "there is no population '%s'%s", name,
            keys.hint(name, names))
    elseif #list == 1 then
        return list[1]
    elseif #list == 0 then
        self.report:add("model", "%s has no cells", self.model.name)
    else
        self.report:add(path, "'population' is missing: there is %s", table.concat(names, ", "))
    end
end

-- The cells of a population, or those of them that are listed.
function Builder:some(path, population, list)
    local numbers = core.range(population.first, population.n)
    if list then
        local some = {}
        for i, k in ipairs(list) do
            if k > population.n then
                self.report:add(join(join(path, "cells"), i),
                    "%s has cells 1 to %d, not %d", population.name, population.n, k)
                return nil
            end
            some[i] = population.first + k - 1
        end
        numbers = some
    end
    return groups.cells(self.state, numbers, population.name)
end

-- The cells that an entry is about.
function Builder:cells(path, entry)
    local population = self:population(path, entry.population)
    return population and self:some(path, population, entry.cells)
end

--- A region as the API takes it: intervals have an end.
function builder.region(at)
    if at == "anywhere" then
        return place.anywhere
    elseif type(at) ~= "table" or #at > 0 then
        return at
    end
    local copy = {}
    for key, value in pairs(at) do
        local open = type(value) == "table" and type(value[1]) == "number"
        copy[key] = open and { value[1], value[2] or math.huge } or value
    end
    return copy
end

--- Places to draw from, as the API takes them.
function builder.drawn_from(at)
    if type(at) == "table" and at.by then
        local part = builder.region(at.at or "anywhere")
        return at.by == "length" and place.by_length(part) or place.by_area(part)
    end
    return builder.region(at)
end

-- The places of the cells, or nil where there is no such place.
function Builder:places(path, cells, at)
    return try(self.report, path, function() return cells:segment(builder.region(at)) end)
end

-- ---- plugins and numbers

-- A plugin's spec for the API and the same with all defaults; nil where the plugin is not there.
function Builder:spec(path, spec, kind, own)
    local plugin = plugin_values.find(self.report, path, spec[1], kind)
    if not plugin then
        return nil
    end
    local given = plugin_values.fields(self.report, path, plugin, spec, own or {})
    local before = #self.report.list
    local full = plugin_values.filled(self.report, path, plugin, spec, own)
    given[1], full[1] = spec[1], spec[1]
    return before == #self.report.list and given, full, plugin
end

-- A number in the unit of a field, or a drawn one; and what it is with units converted.
function Builder:drawn(path, value, field)
    local unit = field.unit or ""
    if type(value) ~= "table" or type(value[1]) ~= "string" then
        local number = plugin_values.number(self.report, path, value, unit, field)
        return number, number
    end
    local copy, options = { value[1] }, {}
    for key, inner in pairs(value) do
        if key ~= 1 then
            local number = plugin_values.number(self.report, join(path, key), inner, unit)
            copy[key], options[key] = number, number
        end
    end
    return try(self.report, path, random[value[1]], options), copy
end

return builder
