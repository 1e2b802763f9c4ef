-- SPDX-License-Identifier: BSD-3-Clause
-- source: where a plot's numbers come from: a result of a run or of a folder, a recording, or plain
-- tables of lists and arrays.

local core = require "hillock.core"
local groups = require "hillock.groups"
local keys = require "hillock.keys"
local object = require "hillock.object"
local record = require "hillock.record"
local result = require "hillock.result"
local results = require "hillock.results"

local source = {}

local function is_list(value)
    return core.is_array(value) or type(value) == "table" and getmetatable(value) == nil
end

-- A plain table of the script's.
local function is_plain(value)
    return type(value) == "table" and getmetatable(value) == nil
end

local function is_recording(value)
    return object.test(record.Recording, value) or object.test(results.Stored, value)
end

-- The recording `name` of a result, or the recording itself.
local function recording_of(what, value, name)
    if is_recording(value) then
        return value
    elseif object.test(result.Result, value) or object.test(results.Results, value) then
        return value:recording(name)
    end
    keys.fail("%s: expected a result, a recording or a table, got %s", what, keys.describe(value))
end

-- What it records: "v", whatever it is called.
local function subject(recording)
    local state = object.test(record.Recording, recording)
    return state and state.what or recording.what
end

-- The populations of a result's network: { name =, first =, n = }.
local function populations_of(value)
    local state = object.test(result.Result, value)
    if state then
        return state.net.populations
    end
    return object.test(results.Results, value) and value.network.populations or {}
end

-- The numbers of a population's cells.
local function population(what, value, name)
    local names = {}
    for i, one in ipairs(populations_of(value)) do
        names[i] = one.name
        if one.name == name then
            return core.range(one.first, one.n)
        end
    end
    keys.fail("%s: there is no population '%s'%s", what, name, keys.hint(name, names))
end

-- The unit of what a recording holds: of v, of an ion's variable, of a plugin's field.
function source.unit(name)
    local mechanism, field = name:match "^([%w_]+)%.([%w_]+)$"
    if name == "v" then
        return "mV", "membrane potential"
    elseif mechanism then
        local known, plugin = pcall(core.plugin_find, mechanism)
        for _, one in ipairs(known and plugin.fields or {}) do
            if one.name == field then
                return one.unit ~= "" and one.unit or nil, name
            end
        end
        return nil, name
    elseif name:match "^%l+[io]$" then
        return "mM", name
    elseif name:match "^e%l+$" then
        return "mV", name
    elseif name:match "^i%l+$" then
        return "mA/cm2", name
    end
    return nil, name
end

-- One list of samples, or several.
local function lists_of(what, value)
    if value.v ~= nil then
        keys.value(what .. ": v", value.v, "list")
        local many = not core.is_array(value.v) and is_list(value.v[1])
        return many and value.v or { value.v }
    end
    local lists = {}
    for i, list in ipairs(value) do
        lists[i] = list
    end
    return lists
end

--- Traces { t =, v =, number = } of a result's recording `name`, of a recording, or of { t =, v = }
--- with one list or a list of lists; of those numbered in `which` alone. With the recording's name.
function source.traces(what, value, name, which)
    local t, count, get
    if is_plain(value) then
        t = keys.numbers(what .. ": t", value.t)
        local lists = lists_of(what, value)
        count, get = #lists, function(i) return keys.numbers(("%s: trace %d"):format(what, i),
            lists[i]) end
    else
        local recording = recording_of(what, value, name or "v")
        if recording.kind ~= "values" then
            keys.fail("%s: recording %s holds %s, not traces", what, recording.name, recording.kind)
        end
        name = subject(recording)
        t, count = recording.t, recording.columns
        get = function(i) return recording[i] end
    end
    local list = {}
    if not which then
        which = {}
        for i = 1, count do
            which[i] = i
        end
    end
    for k, i in ipairs(which) do
        if not math.type(i) or i % 1 ~= 0 or i < 1 or i > count then
            keys.fail("%s: traces[%d]: there are traces 1 to %d, not %s", what, k, count,
                tostring(i))
        end
        local v = get(i)
        if #v ~= #t then
            keys.fail("%s: trace %d has %d values and %d times", what, i, #v, #t)
        end
        list[k] = { t = t, v = v, number = i }
    end
    if #list == 0 or #t == 0 then
        keys.fail("%s: there is nothing to draw: %s", what, #t == 0 and "no samples" or "no traces")
    end
    return list, name or "v"
end

-- Numbers, where they are whole, with the greatest.
local function greatest(list)
    local most = 0
    for i = 1, #list do
        most = math.max(most, list[i])
    end
    return most
end

--- Groups of cells { name =, numbers = } in the order in which they stand, from `given`: a group,
--- or a list of groups, of names of populations of `value`, or of { name =, cells = group, name or
--- list of numbers, color = }.
function source.groups(what, given, value)
    if given == nil then
        return nil
    elseif object.test(groups.Cells, given) or type(given) == "string" then
        given = { given }
    end
    local list = {}
    for i, one in ipairs(keys.value(what .. ": groups", given, "table")) do
        local which = ("%s: groups[%d]"):format(what, i)
        local cells, name, color = one, nil, nil
        if is_plain(one) then
            keys.check(which, one, {
                name = "string!", cells = "any", inputs = "any", color = "string",
            })
            cells, name, color = one.cells or one.inputs, one.name, one.color
        end
        local state, class = groups.test(cells, groups.Cells, groups.Inputs, groups.Points)
        local numbers
        if type(cells) == "string" then
            numbers, name = population(which, value, cells), name or cells
        elseif state then
            numbers = class == groups.Cells and cells.numbers
                or core.whole(state.inputs or state.points)
            name = name or class ~= groups.Inputs and cells.name
        else
            numbers = keys.numbers(which, cells)
        end
        list[i] = { name = name or ("group %d"):format(i), numbers = numbers, color = color }
    end
    return list
end

-- The second column of events of one kind: cells, points or inputs.
local function events_of(what, value, name, column)
    if is_plain(value) then
        local t = keys.numbers(what .. ": t", value.t)
        local number = keys.numbers(what .. ": " .. column, value[column] or value.cell)
        if #t ~= #number then
            keys.fail("%s: %d times and %d numbers", what, #t, #number)
        end
        return t, number
    end
    local recording = recording_of(what, value, name)
    if recording.kind == "values" then
        keys.fail("%s: recording %s holds values, not %s", what, recording.name, name)
    end
    return recording.t, recording[recording.kind == "events" and "input" or column]
end

--- Events by group, as lists { t =, row =, name =, n =, first = }: rows count on over the groups.
--- Without groups there is one, of all numbers from 1.
function source.events(what, value, name, column, given)
    local t, number = events_of(what, value, name, column)
    local list = source.groups(what, given, value)
    if not list then
        local n = math.max(1, greatest(number))
        return { { t = t, row = number, n = n, first = 1, numbers = number } }, n
    end
    local at, rows = {}, 0
    for g, group in ipairs(list) do
        group.t, group.row, group.n, group.first = {}, {}, #group.numbers, rows + 1
        for i = 1, #group.numbers do
            at[group.numbers[i]] = { g, rows + i }
        end
        rows = rows + #group.numbers
    end
    for i = 1, #t do
        local where = at[number[i]]
        if where then
            local group = list[where[1]]
            group.t[#group.t + 1], group.row[#group.row + 1] = t[i], where[2]
        end
    end
    return list, rows
end

--- The end of a result's run, ms; nil of other things.
function source.duration(value)
    local run = object.test(result.Result, value) or object.test(results.Results, value)
    return run and value.t > 0 and value.t or nil
end

return source
