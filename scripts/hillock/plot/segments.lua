-- SPDX-License-Identifier: BSD-3-Clause
-- segments: a cell type's segments and a value for each, as the pictures of a cell read them.

local cell = require "hillock.cell"
local groups = require "hillock.groups"
local keys = require "hillock.keys"
local object = require "hillock.object"
local results = require "hillock.results"
local source = require "hillock.plot.source"

local segments = {}

-- What a folder's network.json says of a type, in the words of a cell type's state.
local function stored(name, type)
    local sections, list = {}, {}
    for i, one in ipairs(type.sections) do
        sections[i] = { name = one.name, domain = one.domain, parent = one.parent,
            parent_x = one.at, L = one.L, diam = one.diam, nseg = 0 }
    end
    for i, one in ipairs(type.segments) do
        local section = sections[one.section]
        section.first = section.first or i
        section.nseg = section.nseg + 1
        list[i] = { name = ("%s(%.6g)"):format(section.name, one.x), domain = section.domain,
            distance = one.distance, diam = one.diam }
    end
    return {
        name = name, stored = true,
        core = { segments = function() return #list end },
        morph = { points = function(_, i) return type.sections[i].points end },
        sections = function() return sections end,
        segment = function(_, i) return list[i] end,
    }
end

-- The type of that name in a folder's network, or the only one.
local function of_folder(what, value, name)
    local types = value.network.types
    local names = keys.names(types)
    if name == nil and #names == 1 then
        name = names[1]
    elseif name == nil then
        keys.fail("%s: 'type' is missing, as in type = '%s': there is %s", what, names[1],
            table.concat(names, ", "))
    elseif not types[name] then
        keys.fail("%s: there is no type '%s'%s", what, name, keys.hint(name, names))
    end
    return stored(name, types[name])
end

--- The state of a cell type, from one, from a group of its cells, or from a run's folder (`type`
--- says which of it).
function segments.cell(what, value, type)
    if object.test(results.Results, value) then
        return of_folder(what, value, type)
    elseif type then
        keys.fail("%s: 'type' is for results of a folder", what)
    elseif object.test(groups.Cells, value) then
        value = value.type
    end
    if not object.test(cell.Cell, value) then
        keys.fail("%s: expected a cell type (hk.cell) or cells of one, got %s", what,
            keys.describe(value))
    end
    return cell.used(value, what)
end

-- What a recording of all segments has at time t: the last sample that is not after it.
local function sampled(what, value, name, t, first, n)
    local list = {}
    for i = 1, n do
        list[i] = first + i - 1
    end
    local traces, found = source.traces(what, value, name, list)
    local at = 1
    for i = 1, #traces[1].t do
        if traces[1].t[i] > t + 1e-9 then
            break
        end
        at = i
    end
    local values = {}
    for i, trace in ipairs(traces) do
        values[i] = trace.v[at]
    end
    local unit, label = source.unit(found)
    return values, label, unit
end

-- "Na.gbar", "cm", "ena": what segments have of it; NaN where they lack it.
local function parameter(what, state, name)
    if state.stored then
        keys.fail("%s: a run's folder has no parameters: take the model's cell type", what)
    end
    local mechanism, field = name:match "^([%w_]+)%.([%w_]+)$"
    local list = mechanism and state.object:get(mechanism, field) or state.object:get(name)
    local unit = name == "cm" and "uF/cm2" or name == "Ra" and "ohm cm" or nil
    for i = 1, #list do
        if list[i] == list[i] then
            return list, name, unit or (source.unit(name))
        end
    end
    keys.fail("%s: no segment of %s has '%s'", what, state.name, name)
end

--- The options of `of`.
segments.options = {
    parameter = "string", values = "list", label = "string", unit = "string", result = "any",
    name = "string", t = "not negative", first = "count from 1", type = "string",
}

--- A value for each segment, with its label and unit, as the options say: `parameter`, `values`, or
--- `result` and `t`. Nothing where they say none of them.
function segments.of(what, state, options)
    local n = state.core:segments()
    local values, label, unit
    if options.parameter then
        values, label, unit = parameter(what, state, options.parameter)
    elseif options.values then
        values = keys.numbers(what .. ": values", options.values)
        if #values ~= n then
            keys.fail("%s: %d values for %d segments", what, #values, n)
        end
        label = "value"
    elseif options.result ~= nil then
        if not options.t then
            keys.fail("%s: 't' is missing: the time of the values, ms", what)
        end
        values, label, unit = sampled(what, options.result, options.name or "v", options.t,
            options.first or 1, n)
    else
        return nil
    end
    return values, options.label or label, options.unit or unit
end

--- The domains of the segments, in order of appearance, and each one's number.
function segments.domains(state)
    local names, number = {}, {}
    for _, section in ipairs(state.sections(state)) do
        if not number[section.domain] then
            names[#names + 1] = section.domain
            number[section.domain] = #names
        end
    end
    return names, number
end

return segments
