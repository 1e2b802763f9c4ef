-- SPDX-License-Identifier: BSD-3-Clause
-- json: JSON whose bytes depend on the value alone: keys sorted, two spaces a level, lists of plain
-- values in one line, numbers with as few digits as give them back. Reading is cjson's.

local core = require "hillock.core"

local json = {}

local List = {} -- the metatable of what json.list marks

--- Marks a table as a list, which an empty one does not tell; gives it.
---@param list table
function json.list(list)
    return setmetatable(list, List)
end

-- ---- numbers

-- As few digits as give the number back; what is whole has no point. What JSON has no number for
-- is a string.
local function number(x)
    if math.type(x) == "integer" then
        return ("%d"):format(x)
    elseif x ~= x then
        return '"nan"'
    elseif x == math.huge or x == -math.huge then
        return x > 0 and '"inf"' or '"-inf"'
    end
    for digits = 15, 16 do
        local text = ("%%.%dg"):format(digits):format(x)
        if tonumber(text) == x then
            return text
        end
    end
    return ("%.17g"):format(x)
end

-- ---- strings

local escapes = {
    ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}

local function string_text(s)
    return '"' .. s:gsub('[%c"\\\127]', function(c)
        return escapes[c] or ("\\u%04x"):format(c:byte())
    end) .. '"'
end

-- ---- tables

local function list_or_not(t)
    if getmetatable(t) == List or core.is_array(t) then
        return true
    end
    return #t > 0
end

local write

local plain = {
    number = number,
    string = string_text,
    boolean = tostring,
}

local function is_plain(value)
    return type(value) ~= "table" and not core.is_array(value)
end

-- In one line, where nothing but plain values is in it.
local function line(list)
    local parts = {}
    for i = 1, #list do
        if not is_plain(list[i]) then
            return nil
        end
        parts[i] = write(list[i])
    end
    return "[" .. table.concat(parts, ", ") .. "]"
end

local function rows(list, indent, path)
    local parts, inner = {}, indent .. "  "
    for i = 1, #list do
        parts[i] = inner .. write(list[i], inner, ("%s[%d]"):format(path, i))
    end
    return "[\n" .. table.concat(parts, ",\n") .. "\n" .. indent .. "]"
end

local function object(t, indent, path)
    local keys, inner = {}, indent .. "  "
    for key in pairs(t) do
        if type(key) ~= "string" then
            error(("json: %s has the key [%s] beside names"):format(path, tostring(key)), 0)
        end
        keys[#keys + 1] = key
    end
    if #keys == 0 then
        return "{}"
    end
    table.sort(keys)
    local parts = {}
    for i, key in ipairs(keys) do
        parts[i] = ("%s%s: %s"):format(inner, string_text(key),
            write(t[key], inner, path .. "." .. key))
    end
    return "{\n" .. table.concat(parts, ",\n") .. "\n" .. indent .. "}"
end

function write(value, indent, path)
    local as = plain[type(value)]
    if as then
        return as(value)
    elseif type(value) ~= "table" and not core.is_array(value) then
        error(("json: %s is a %s, which JSON has not"):format(path, type(value)), 0)
    elseif list_or_not(value) then
        return line(value) or rows(value, indent, path)
    end
    return object(value, indent, path)
end

--- A value's text, without a line's end behind it. nan and infinities become strings. An empty
--- table is an object unless json.list marks it.
---@param value any
function json.text(value)
    return write(value, "", "the value")
end

-- ---- reading

local function cjson()
    local found, module = pcall(require, "cjson")
    if not found then
        error("the Lua module 'cjson' is missing (on Debian and Ubuntu: apt-get install lua-cjson)",
            0)
    end
    return module
end

-- Whole numbers as integers, null as nil.
local function tidy(value, null)
    if type(value) == "table" then
        for key, inner in pairs(value) do
            value[key] = tidy(inner, null)
        end
    elseif math.type(value) == "float" then
        return math.tointeger(value) or value
    elseif value == null then
        return nil
    end
    return value
end

-- "line 3, column 7" of the character that cjson names.
local function place(text, at)
    local before = text:sub(1, at - 1)
    local _, breaks = before:gsub("\n", "\n")
    return ("line %d, column %d"):format(breaks + 1, #before:match "[^\n]*$" + 1)
end

--- The value of a text: whole numbers are integers, null is nil. nil and what is wrong, where.
---@param text string
function json.parse(text)
    local module = cjson()
    local good, value = pcall(module.new().decode, text)
    if good then
        return tidy(value, module.null)
    end
    local why, at = tostring(value):match "^(.-) at character (%d+)$"
    if not why then
        return nil, tostring(value)
    end
    return nil, ("%s: %s"):format(place(text, tonumber(at)), why)
end

return json
