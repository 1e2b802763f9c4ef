-- SPDX-License-Identifier: BSD-3-Clause
-- segments: a cell type's segments and a value for each, as the pictures of a cell read them.

local cell = require "hillock.cell"
local groups = require "hillock.groups"
local keys = require "hillock.keys"
local object = require "hillock.object"
local source = require "hillock.plot.source"

local segments = {}

--- The state of a cell type, from one or from a group of its cells.
function segments.cell(what, value)
    if object.test(groups.Cells, value) then
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
    name = "string", t = "not negative", first = "count from 1",
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
