-- SPDX-License-Identifier: BSD-3-Clause
-- source: a protocol's file as a table, and back: Lua, which is evaluated in the sandbox, and JSON.
-- JSON has no table with names and positions; what stands at [1] is called "kind" there:
--
--     { "IClamp", at = "soma(0.5)", amp = 0.3 }
--     { "kind": "IClamp", "at": "soma(0.5)", "amp": 0.3 }

local core = require "hillock.core"
local files = require "hillock.files"
local json = require "hillock.json"
local keys = require "hillock.keys"
local kinds = require "hillock.protocol.kinds"
local lines = require "hillock.protocol.lines"
local schema = require "hillock.protocol.schema"
local track = require "hillock.track"

local source = {}

-- ---- reading

local function positions(value, from, to)
    if type(value) ~= "table" then
        return value
    end
    local copy = {}
    for key, inner in pairs(value) do
        copy[key == from and to or key] = positions(inner, from, to)
    end
    return copy
end

-- With all tables but the model's parameters changed.
local function convert(value, from, to)
    local copy = positions(value, from, to)
    if type(value) == "table" then
        copy.parameters = value.parameters
    end
    return copy
end

local function read_json(text, name)
    local value, why = json.parse(text)
    if why then
        local line, rest = why:match "^line (%d+), (.*)$"
        return nil, line and ("%s:%s: %s"):format(name, line, rest) or ("%s: %s"):format(name, why)
    end
    return convert(value, "kind", 1)
end

--- Is the text JSON, by its name or its first character?
function source.is_json(name, text)
    return name:find "%.json$" ~= nil or text:find "^%s*{" ~= nil
end

--- The table of a text; nil and what is wrong. Its shape is not looked at.
---@param text string
---@param name string of the file
function source.parse(text, name)
    local value, why
    if source.is_json(name, text) then
        value, why = read_json(text, name)
    else
        value, why = core.sandbox(text, name)
    end
    if why then
        return nil, why
    elseif type(value) ~= "table" then
        return nil, ("%s: a protocol is a table, and this gives %s"):format(name,
            keys.describe(value))
    end
    return value, lines.of(text)
end

--- The same of a file.
---@param path string
function source.read(path)
    local text, why = files.read(track.file(path, "protocol"))
    if not text then
        return nil, ("cannot read the protocol %s"):format(why)
    end
    return source.parse(text, path)
end

-- ---- writing

-- The keys of a table in an order of their own: positions, those of a protocol, names.
local function ordered(t)
    local rank, list = {}, {}
    for i, key in ipairs(schema.order) do
        rank[key] = i
    end
    for key in pairs(t) do
        list[#list + 1] = key
    end
    table.sort(list, function(a, b)
        if type(a) ~= type(b) then
            return type(a) == "number"
        end
        local x, y = rank[a] or 1e3, rank[b] or 1e3
        if type(a) == "string" and x ~= y then
            return x < y
        end
        return a < b
    end)
    return list
end

local words = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat "
    .. "return then true until while"):gmatch "%a+" do
    words[word] = true
end

local function text_of(value)
    return (("%q"):format(value):gsub("\\\n", "\\n"):gsub("\r", "\\r"))
end

local function name_of(key)
    if key:find "^[%a_][%w_]*$" and not words[key] then
        return key
    end
    return ("[%s]"):format(text_of(key))
end

local write

-- The parts of a table's text: "amp = 0.3".
local function parts_of(t, indent)
    local parts = {}
    for _, key in ipairs(ordered(t)) do
        local value = write(t[key], indent)
        if math.type(key) and key == #parts + 1 then
            parts[#parts + 1] = value
        else
            local name = type(key) == "string" and name_of(key) or ("[%d]"):format(key)
            parts[#parts + 1] = ("%s = %s"):format(name, value)
        end
    end
    return parts
end

function write(value, indent)
    if type(value) == "string" then
        return text_of(value)
    elseif type(value) ~= "table" then
        return type(value) == "number" and json.text(value) or tostring(value)
    end
    local parts = parts_of(value, indent .. "    ")
    if #parts == 0 then
        return "{}"
    end
    local whole = "{ " .. table.concat(parts, ", ") .. " }"
    if #whole + #indent < 88 and not whole:find "\n" and indent ~= "" then
        return whole
    end
    local inner = indent .. "    "
    return "{\n" .. inner .. table.concat(parts, ",\n" .. inner) .. ",\n" .. indent .. "}"
end

--- The protocol's text in Lua.
function source.lua(data)
    return "return " .. write(data, "") .. "\n"
end

-- Marks lists, which JSON tells from tables also where they are empty.
local function mark(value)
    if type(value) == "table" then
        for _, inner in pairs(value) do
            mark(inner)
        end
        if (kinds.length(value) or 0) > 0 then
            json.list(value)
        end
    end
    return value
end

-- A table that JSON has no way to write: nil, or its path.
local function mixed(value, path)
    if type(value) ~= "table" then
        return nil
    end
    local positions_too = #value > 0 and not kinds.length(value)
    if positions_too and (#value > 1 or value.kind ~= nil) then
        return path
    end
    for key, inner in pairs(value) do
        local found = mixed(inner, ("%s.%s"):format(path, key))
        if found then
            return found
        end
    end
end

-- { "IClamp", amp = } with "kind"; lists as they are.
local function kinds_of(value)
    if type(value) ~= "table" then
        return value
    end
    local copy, is_list = {}, kinds.length(value)
    for key, inner in pairs(value) do
        copy[key == 1 and not is_list and "kind" or key] = kinds_of(inner)
    end
    return copy
end

--- The table that JSON is written of: "kind" for what stands at [1], lists marked.
function source.plain(data)
    local bad = mixed(data, "the protocol")
    if bad then
        keys.fail("%s: JSON cannot hold names and several positions in one table", bad)
    end
    local copy = kinds_of(data)
    copy.parameters = kinds.data(nil, "", data.parameters)
    mark(copy)
    for _, key in ipairs(schema.lists) do
        if copy[key] then
            json.list(copy[key])
        end
    end
    return copy
end

--- The same of what came of checks.
function source.plain_checks(list)
    return json.list(mark(positions(list)))
end

--- The protocol's text in JSON.
function source.json(data)
    return json.text(source.plain(data)) .. "\n"
end

return source
