-- SPDX-License-Identifier: BSD-3-Clause
-- change: values of a protocol by the paths of their keys, "clamps[1].amp".

local keys = require "hillock.keys"
local schema = require "hillock.protocol.schema"

local change = {}

-- The keys of a path, { "clamps", 1, "amp" }; nil where it is none.
local function steps_of(path)
    local steps, at = {}, 1
    while at <= #path do
        local name, behind = path:match("^%.?([%a_][%w_]*)()", at)
        local index, behind_index = path:match("^%[(%d+)%]()", at)
        if name and (at > 1) == (path:sub(at, at) == ".") then
            steps[#steps + 1], at = name, behind
        elseif index and at > 1 then
            steps[#steps + 1], at = math.tointeger(tonumber(index)), behind_index
        else
            return nil
        end
    end
    return #steps > 0 and steps or nil
end

local function copy_of(value)
    if type(value) ~= "table" then
        return value
    end
    local copy = {}
    for key, inner in next, value do
        copy[key] = copy_of(inner)
    end
    return copy
end

-- What is said of a step that leads nowhere.
local function nowhere(path, t, step, top)
    if math.type(step) then
        keys.fail("%s: there is no [%d], there are %d", path, step, #t)
    end
    local names = top and table.move(schema.order, 1, #schema.order, 1, {}) or keys.names(t)
    keys.fail("%s: there is no '%s'%s", path, step, keys.hint(step, names))
end

local known = {}
for _, key in ipairs(schema.order) do
    known[key] = true
end

local function put(data, path, value)
    local steps = steps_of(path)
    if not steps then
        keys.fail("'%s' is no path of a key, such as celsius or clamps[1].amp", path)
    end
    local t = data
    for i = 1, #steps - 1 do
        local step = steps[i]
        if t[step] == nil and i == 1 and step == "parameters" then
            t[step] = {}
        elseif type(t[step]) ~= "table" then
            nowhere(path, t, step, i == 1)
        end
        t = t[step]
    end
    local last = steps[#steps]
    if #steps == 1 and not known[last] or math.type(last) and t[last] == nil then
        nowhere(path, t, last, #steps == 1)
    end
    t[last] = copy_of(value)
end

--- A copy of a protocol's table with other values: { ["clamps[1].amp"] = 0.2 }. The entry must be
--- there; its key need not be.
---@param data table
---@param values table<string, any>
function change.apply(data, values)
    local copy = copy_of(data)
    for _, path in ipairs(keys.names(values)) do
        put(copy, path, values[path])
    end
    return copy
end

--- A value as it is typed: a number, true, false, or a text such as "300 pA".
---@param text string
function change.typed(text)
    local number = tonumber(text)
    if number and number == number and math.abs(number) ~= math.huge then
        return number
    elseif text == "true" or text == "false" then
        return text == "true"
    end
    return text
end

return change
