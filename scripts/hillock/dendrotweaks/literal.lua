-- SPDX-License-Identifier: BSD-3-Clause
-- literal: values as Lua text that gives them back, to the last bit, in lines of 100 columns.

local literal = {}

local WIDTH = 100

--- A number, with as many digits as it needs.
function literal.number(x)
    if math.type(x) == "integer" then
        return ("%d"):format(x)
    elseif x == math.huge then
        return "math.huge"
    elseif x == -math.huge then
        return "-math.huge"
    end
    for digits = 15, 17 do
        local text = ("%." .. digits .. "g"):format(x)
        if tonumber(text) == x then
            return text
        end
    end
end

local words = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
    return then true until while]]):gmatch "%a+" do
    words[word] = true
end

--- Whether a text can be a variable.
function literal.is_name(text)
    return text:find "^[%a_][%w_]*$" ~= nil and not words[text]
end

local function key_text(key)
    if type(key) == "string" and literal.is_name(key) then
        return key
    end
    return ("[%s]"):format(literal.value(key))
end

-- The elements of a table as texts: its list, then its names, in the order given or sorted.
local function elements(value, indent, order)
    local list, named, place = {}, {}, {}
    for i, name in ipairs(order or {}) do
        place[name] = i
    end
    for i, element in ipairs(value) do
        list[i] = literal.value(element, indent, order)
    end
    for key in pairs(value) do
        if not (math.type(key) == "integer" and key >= 1 and key <= #value) then
            named[#named + 1] = key
        end
    end
    table.sort(named, function(a, b)
        local first, second = place[a] or math.huge, place[b] or math.huge
        return first ~= second and first < second or first == second and tostring(a) < tostring(b)
    end)
    for _, key in ipairs(named) do
        list[#list + 1] = ("%s = %s"):format(key_text(key),
            literal.value(value[key], indent, order))
    end
    return list
end

--- "{ ... }" of texts in lines that are filled; what has a line break has lines of its own.
---@param list string[]
---@param indent integer of the line that it begins on
function literal.fill(list, indent)
    local pad, lines, line = (" "):rep(indent + 4), {}, nil
    for _, text in ipairs(list) do
        local fits = line and not text:find "\n" and #line + #text + 2 <= WIDTH
        if fits then
            line = line .. " " .. text .. ","
        else
            lines[#lines + 1] = line
            line = pad .. text .. ","
            if text:find "\n" then
                lines[#lines + 1], line = line, nil
            end
        end
    end
    lines[#lines + 1] = line
    return ("{\n%s\n%s}"):format(table.concat(lines, "\n"), (" "):rep(indent))
end

--- Any value of numbers, strings, booleans and tables; an object says itself by __tostring.
---@param value any
---@param indent? integer of the line that it begins on
---@param order? string[] of names that come first
---@param used? integer columns of that line that are taken
function literal.value(value, indent, order, used)
    indent = indent or 0
    if type(value) == "number" then
        return literal.number(value)
    elseif type(value) == "string" then
        return ('"%s"'):format(value:gsub('[\\"]', "\\%0"):gsub("\n", "\\n"))
    elseif type(value) ~= "table" or getmetatable(value) then
        return tostring(value)
    end
    local list = elements(value, indent + 4, order)
    local line = #list == 0 and "{}" or ("{ %s }"):format(table.concat(list, ", "))
    if #line + (used or indent + 24) <= WIDTH and not line:find "\n" then
        return line
    end
    return literal.fill(list, indent)
end

return literal
