-- SPDX-License-Identifier: BSD-3-Clause
-- schema: the keys of a protocol and what their values may be, as far as that depends on no model
-- and no plugin. What does (fields of plugins, a weight's unit) is data here, and check.lua's.

local kinds = require "hillock.protocol.kinds"
local keys = require "hillock.keys"

local schema = {}

local text, number, whole, list, record = kinds.text, kinds.number, kinds.whole, kinds.list,
    kinds.record
local ms = number("ms", "not negative")

local function needed(kind)
    return { "!", kind }
end

-- ---- parts

local function version(report, path, value)
    if value ~= 1 then
        report:add(path, "this hillock knows version 1 of protocols, not %s", keys.describe(value))
        return nil
    end
    return value
end

-- { from, to } or { from }, which has no end.
local function interval(unit)
    local numbers = list(number(unit, "not negative"))
    return function(report, path, value)
        local two = numbers(report, path, value)
        if two and (#value < 1 or #value > 2) then
            report:add(path, "expected { from, to } or { from }, got %d numbers", #value)
            return nil
        elseif two and two[2] and two[1] > two[2] then
            report:add(path, "from %.15g to %.15g is empty", two[1], two[2])
            return nil
        end
        return two
    end
end

local function text_or_list(report, path, value)
    if type(value) == "string" then
        return text(report, path, value)
    end
    return list(text, "names")(report, path, value)
end

local options = record {
    domain = text_or_list, section = text_or_list, distance = interval "um",
    diam = interval "um", section_diam = interval "um",
}

--- "soma(0.5)", "dend", { "soma", "dend" }, { domain =, distance = { from, to } }
local function region(report, path, value)
    if type(value) == "table" and #value == 0 and next(value) ~= nil then
        return options(report, path, value)
    elseif type(value) ~= "string" and type(value) ~= "table" then
        report:add(path, "expected a place such as \"soma(0.5)\", a region or a list of them, got "
            .. "%s", keys.describe(value))
        return nil
    end
    return text_or_list(report, path, value)
end

local shared = record {
    by = needed(kinds.word { "length", "area" }), at = region,
}

-- The places that are drawn from: a region, or { by = "length", at = region }.
local function drawn_from(report, path, value)
    if type(value) == "table" and value.by ~= nil then
        return shared(report, path, value)
    end
    return region(report, path, value)
end

-- A plugin with values: "ExpSyn" or { "ExpSyn", tau = 2 }.
local with_values = record({}, { text }, true)
local function spec(report, path, value)
    if type(value) == "string" then
        value = { value }
    end
    if type(value) == "table" and value[1] == nil then
        report:add(path, "the plugin's name is missing: { \"NAME\", field = value }")
        return nil
    end
    return with_values(report, path, value)
end

--- A number, or { "normal", mean =, sd =, min =, max = } and its like.
function schema.drawn(kind)
    local plain, above = kind, needed(kind)
    local by_name = {}
    for name, fields in pairs {
        normal = { mean = above, sd = above, min = plain, max = plain },
        lognormal = { mean = above, sd = above, min = plain, max = plain },
        uniform = { min = above, max = above },
        exponential = { mean = above, min = plain, max = plain },
        gamma = { mean = above, sd = above, min = plain, max = plain },
    } do
        by_name[name] = record(fields, { text })
    end
    local choice = kinds.choice(by_name)
    local one_each = list(kind, "numbers")
    return function(report, path, value)
        if type(value) ~= "table" then
            return kind(report, path, value)
        elseif type(value[1]) == "string" and by_name[value[1]] or not kinds.length(value) then
            return choice(report, path, value)
        end
        return one_each(report, path, value) -- of places that are named
    end
end

local function rule_of(n, kind)
    return function(report, path, value)
        if kinds.length(value) ~= n then
            report:add(path, n == 1 and "\"%s\" takes no number" or "\"%s\" takes one value",
                value[1])
            return nil
        end
        return { value[1], kind and kind(report, path .. "[2]", value[2]) }
    end
end

local rule = kinds.choice({
    pairwise = rule_of(2, number("", "fraction")), all = rule_of(1), one_to_one = rule_of(1),
    in_degree = rule_of(2, whole(1)), pairs = rule_of(2, list(list(whole(1)), "pairs")),
}, true)

-- ---- entries

local cells = list(whole(1), "cells, counted from 1")

local set = record({ at = region, mechanism = text, population = text }, nil, true)

local clamp = record({ at = needed(region), cells = cells, population = text, name = text },
    { text }, true)

local input = record {
    name = text, input = needed(spec), synapse = needed(spec), count = whole(1), at = drawn_from,
    places = list(text, "places"), weight = needed(schema.drawn(kinds.data)),
    delay = needed(schema.drawn(ms)), cells = cells, population = text, one_input = kinds.boolean,
}

local connection = record {
    name = text, rule = needed(rule), pre = text, post = text, from = needed(text),
    threshold = number "mV", synapse = needed(spec), at = needed(drawn_from),
    weight = needed(schema.drawn(kinds.data)), delay = needed(schema.drawn(ms)),
    self = kinds.boolean,
}

local recording = record({
    at = region, every = number("ms", "positive"), window = interval "ms", cells = cells,
    population = text, name = text, threshold = number "mV", clamp = whole(1),
}, { text })

local function check(fields)
    fields.name = text
    return record(fields, { text })
end

local function within_window(fields)
    fields.from, fields.to = ms, ms
    return check(fields)
end

local function bounds(kind, more)
    local fields = { is = kind, min = kind, max = kind, of = text }
    for key, inner in pairs(more) do
        fields[key] = inner
    end
    return within_window(fields)
end

local trace = {
    trace = whole(1), cell = whole(1), at = text, within = kinds.data,
}

local checks = kinds.choice {
    spike_count = bounds(whole(0), { cell = whole(1) }),
    rate = bounds(number("Hz", "not negative"), { cell = whole(1), within = number "Hz" }),
    spike_times = within_window {
        of = text, cell = whole(1), times = needed(list(ms, "times")),
        within = number("ms", "not negative"),
    },
    value = check {
        of = text, trace = whole(1), cell = whole(1), at = text, t = needed(ms),
        is = needed(kinds.data), within = kinds.data,
    },
    min = bounds(kinds.data, trace), max = bounds(kinds.data, trace),
    mean = bounds(kinds.data, trace),
}

local looked_at = { of = text, trace = whole(1), cell = whole(1), at = text }

local function look(more)
    local fields = {}
    for _, from in ipairs { looked_at, more or {} } do
        for key, kind in pairs(from) do
            fields[key] = kind
        end
    end
    return within_window(fields)
end

local spikes_looked_at = within_window { of = text, cell = whole(1) }

local measures = kinds.choice {
    spike_count = spikes_looked_at, rate = spikes_looked_at, spike_times = spikes_looked_at,
    min = look(), max = look(), mean = look(), trace = look(),
    value = look { t = needed(ms) },
}

-- An entry whose word at [1] is missing is told so.
local function named(kind, what)
    return function(report, path, value)
        if type(value) == "table" and value[1] == nil then
            report:add(path, "%s is missing at its beginning", what)
        end
        return kind(report, path, value)
    end
end

-- A list of entries; one that is wrong is false, so that the others keep their numbers.
local function entries(kind)
    return list(function(report, path, value)
        local before = #report.list
        local entry = kind(report, path, value)
        return #report.list == before and entry
    end)
end

--- The keys in the order in which they are written.
schema.order = {
    "protocol", "name", "about", "model", "parameters", "cells", "celsius", "v_init", "dt", "seed",
    "duration", "set", "clamps", "inputs", "connections", "record", "checks",
}

--- Those that are lists of entries.
schema.lists = { "set", "clamps", "inputs", "connections", "record", "checks" }

schema.defaults = { cells = 1, v_init = -65, dt = 0.025, seed = 1 }

local function parameters(report, path, value)
    if type(value) ~= "table" or kinds.length(value) and #value > 0 then
        report:add(path, "expected a table of names, got %s", keys.describe(value))
        return nil
    end
    return kinds.data(report, path, value)
end

--- What a sweep measures of each run: checks that expect nothing.
schema.measure = list(named(measures, "what is measured"))

--- All of a protocol.
schema.all = record {
    protocol = needed(version), name = text, about = text, model = text, parameters = parameters,
    cells = whole(1), celsius = number "degC", v_init = number "mV",
    dt = number("ms", "positive"), seed = whole(), duration = needed(ms), set = entries(set),
    clamps = entries(named(clamp, "the clamp's name")), inputs = entries(input),
    connections = entries(connection), record = entries(named(recording, "what is recorded")),
    checks = entries(named(checks, "the check's word")),
}

return schema
