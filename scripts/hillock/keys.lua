-- SPDX-License-Identifier: BSD-3-Clause
-- keys: tables of options, checked. A key that nobody reads is an error that names the nearest one
-- that exists.

local core = require "hillock.core"

local keys = {}

-- Throws the text, formatted, with the line of the user's script.
function keys.fail(format, ...)
    core.fail(select("#", ...) > 0 and format:format(...) or format)
end

local fail = keys.fail

-- Edits (insert, delete, change, swap neighbours) from a to b.
local function edits(a, b)
    local row = { [0] = {} }
    for j = 0, #b do
        row[0][j] = j
    end
    for i = 1, #a do
        row[i] = { [0] = i }
        for j = 1, #b do
            local same = a:byte(i) == b:byte(j)
            local least = math.min(row[i - 1][j] + 1, row[i][j - 1] + 1,
                row[i - 1][j - 1] + (same and 0 or 1))
            local swapped = i > 1 and j > 1 and a:byte(i) == b:byte(j - 1)
                and a:byte(i - 1) == b:byte(j)
            if swapped then
                least = math.min(least, row[i - 2][j - 2] + 1)
            end
            row[i][j] = least
        end
    end
    return row[#a][#b]
end

-- The one of `names` that is nearest to `name`, where one is near enough to be meant; nil
-- otherwise.
function keys.nearest(name, names)
    local best, least
    for _, other in ipairs(names) do
        local distance = edits(name:lower(), other:lower())
        local far = distance > math.max(1, math.min(#name, #other) // 2)
        if not far and (not least or distance < least) then
            best, least = other, distance
        end
    end
    return best
end

-- ": did you mean 'x'?", or a list of what there is where nothing is near.
function keys.hint(name, names)
    if #names == 0 then
        return ""
    end
    table.sort(names)
    local near = keys.nearest(tostring(name), names)
    if near then
        return (": did you mean '%s'?"):format(near)
    end
    return ": there is " .. table.concat(names, ", ")
end

function keys.names(t)
    local names = {}
    for name in pairs(t) do
        if type(name) == "string" then
            names[#names + 1] = name
        end
    end
    table.sort(names)
    return names
end

-- What a value is, for a message: "nil", "a string ('x')", "a population".
function keys.describe(value)
    local kind = type(value)
    if kind == "string" then
        return ("the string '%s'"):format(#value > 40 and value:sub(1, 37) .. "..." or value)
    elseif kind == "number" then
        return tostring(value)
    elseif kind == "table" or kind == "userdata" then
        local mt = getmetatable(value)
        local name = type(mt) == "table" and rawget(mt, "__name")
        if core.is_array(value) then
            return "an array"
        end
        return name and "a " .. name or "a " .. kind
    end
    return kind == "nil" and "nil" or "a " .. kind
end

-- Is it a number that is whole, and can be an index?
local function is_whole(value)
    return math.type(value) and math.tointeger(value) and true or false
end

-- What types options may have: a name of Lua's type, or one of these.
local function is_list(value)
    return type(value) == "table" or core.is_array(value)
end

local tests = {
    number = function(value) return type(value) == "number" and value == value end,
    positive = function(value)
        return type(value) == "number" and value > 0 and value < math.huge
    end,
    ["not negative"] = function(value)
        return type(value) == "number" and value >= 0 and value < math.huge
    end,
    count = function(value) return is_whole(value) and value >= 0 end,
    ["count from 1"] = function(value) return is_whole(value) and value >= 1 end,
    integer = is_whole,
    string = function(value) return type(value) == "string" end,
    boolean = function(value) return type(value) == "boolean" end,
    table = function(value) return type(value) == "table" end,
    ["function"] = function(value) return type(value) == "function" end,
    list = is_list,
    any = function() return true end,
}

local said = {
    number = "a number",
    positive = "a number above 0",
    ["not negative"] = "a number from 0",
    count = "a whole number from 0",
    ["count from 1"] = "a whole number from 1",
    integer = "a whole number",
    string = "a string",
    boolean = "true or false",
    table = "a table",
    ["function"] = "a function",
    list = "a list or an array",
}

-- Throws unless the value is of one of the types ("number|table").
function keys.value(what, value, types)
    for kind in types:gmatch("[^|]+") do
        if tests[kind](value) then
            return value
        end
    end
    local wanted = {}
    for kind in types:gmatch("[^|]+") do
        wanted[#wanted + 1] = said[kind]
    end
    fail("%s: expected %s, got %s", what, table.concat(wanted, " or "),
        keys.describe(value))
end

-- Throws unless the value is an array, or a list of numbers.
function keys.numbers(what, value)
    keys.value(what, value, "list")
    if core.is_array(value) then
        return value
    elseif getmetatable(value) ~= nil then
        fail("%s: expected a list or an array, got %s", what, keys.describe(value))
    end
    for i = 1, #value do
        if type(value[i]) ~= "number" then
            fail("%s: element %d is %s, not a number", what, i, keys.describe(value[i]))
        end
    end
    return value
end

-- Checks a table of options against { key = types }; a '!' at the end of types: it must be given.
-- Positions up to `positions` are free. Returns the table.
---@param what string who asks, for messages
---@param options table
---@param allowed table<string, string>
---@param positions? integer
function keys.check(what, options, allowed, positions)
    if type(options) ~= "table" or getmetatable(options) ~= nil then
        fail("%s: expected a table of options, got %s", what, keys.describe(options))
    end
    for key, value in next, options do
        local types = allowed[key]
        if types then
            keys.value(("%s: %s"):format(what, key), value, (types:gsub("!$", "")))
        elseif math.type(key) ~= "integer" or key < 1 or key > (positions or 0) then
            local shown = (type(key) == "string" and "'%s'" or "[%s]"):format(tostring(key))
            fail("%s: unknown key %s%s", what, shown, keys.hint(key, keys.names(allowed)))
        end
    end
    for key, types in pairs(allowed) do
        if types:sub(-1) == "!" and options[key] == nil then
            fail("%s: '%s' is missing", what, key)
        end
    end
    return options
end

return keys
