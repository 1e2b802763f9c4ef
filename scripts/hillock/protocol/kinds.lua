-- SPDX-License-Identifier: BSD-3-Clause
-- kinds: what the values of a protocol's keys may be. A kind is a function (report, path, value)
-- that gives the value as the protocol keeps it: numbers in the key's unit, lists as lists. nil
-- where it is wrong, which it has reported then.

local keys = require "hillock.keys"
local quantity = require "hillock.quantity"
local report_of = require "hillock.protocol.report"

local kinds = {}

local join = report_of.join
local WHOLE <const> = 2 ^ 53 -- up to there JSON has each whole number

-- ---- plain values

local function expected(report, path, what, value)
    report:add(path, "expected %s, got %s", what, keys.describe(value))
end

-- A text without zeros, which C would cut.
function kinds.text(report, path, value)
    if type(value) ~= "string" or value == "" or value:find "%z" then
        return expected(report, path, "a text", value)
    end
    return value
end

function kinds.boolean(report, path, value)
    if type(value) ~= "boolean" then
        expected(report, path, "true or false", value)
        return nil
    end
    return value
end

local function is_finite(x)
    return x > -math.huge and x < math.huge
end

local tests = {
    any = { function() return true end, "" },
    positive = { function(x) return x > 0 end, " above 0" },
    ["not negative"] = { function(x) return x >= 0 end, " from 0" },
    fraction = { function(x) return x >= 0 and x <= 1 end, " from 0 to 1" },
}

--- A number in a unit, or a text with another unit of its dimension.
---@param unit? string "" or nil: none
---@param test? string "positive", "not negative", "fraction"
function kinds.number(unit, test)
    local holds, said = table.unpack(tests[test or "any"])
    unit = unit or ""
    local what = "a number" .. said .. (unit ~= "" and (" (%s)"):format(unit) or "")
    return function(report, path, value)
        if type(value) == "string" then
            local number, why = quantity.number(value, unit)
            if not number then
                report:add(path, "%s", why)
                return nil
            end
            value = math.tointeger(number) or number
        end
        if type(value) ~= "number" or not is_finite(value) or not holds(value) then
            return expected(report, path, what, value)
        end
        return value
    end
end

--- A whole number from `least` on.
function kinds.whole(least)
    local what = least and ("a whole number from %d"):format(least) or "a whole number"
    return function(report, path, value)
        local whole = math.type(value) and math.tointeger(value)
        if not whole or least and whole < least or math.abs(whole) > WHOLE then
            return expected(report, path, what, value)
        end
        return whole
    end
end

-- Plain data of any form: what a model's parameters are. Whole numbers are whole, as JSON has them.
function kinds.data(report, path, value)
    if type(value) == "table" then
        local copy = {}
        for key, inner in next, value do
            copy[key] = kinds.data(report, join(path, key), inner)
        end
        return copy
    elseif math.type(value) == "integer" and math.abs(value) > WHOLE
        or math.type(value) == "float" and not is_finite(value) then
        return expected(report, path, "a number that JSON has", value)
    elseif math.type(value) == "float" then
        local whole = math.tointeger(value)
        return whole and math.abs(whole) <= WHOLE and whole or value
    end
    return value
end

-- ---- tables

-- How many elements a table has that is a list and nothing else; nil where it is another.
local function length(value)
    if type(value) ~= "table" then
        return nil
    end
    local n = 0
    for key in next, value do
        if math.type(key) ~= "integer" or key < 1 then
            return nil
        end
        n = n + 1
    end
    return n == #value and n or nil
end
kinds.length = length

--- A list of one kind.
function kinds.list(kind, what)
    return function(report, path, value)
        local n = length(value)
        if not n then
            return expected(report, path, "a list" .. (what and " of " .. what or ""), value)
        end
        local copy = {}
        for i = 1, n do
            copy[#copy + 1] = kind(report, join(path, i), value[i])
        end
        return copy
    end
end

-- Positions first, then names, so that problems come in the same order each time.
local function sorted_keys(t)
    local list = {}
    for key in next, t do
        list[#list + 1] = key
    end
    table.sort(list, function(a, b)
        if type(a) ~= type(b) then
            return type(a) == "number"
        end
        return a < b
    end)
    return list
end
kinds.sorted_keys = sorted_keys

--- A table of keys: { key = kind }, a '!' before the kind: { "!", kind }: it must be there.
--- `positions`: kinds of what stands at [1], [2]. `more`: other names may be there, which a later
--- look checks.
---@param fields table
---@param positions? table
---@param more? boolean
function kinds.record(fields, positions, more)
    positions = positions or {}
    local names = keys.names(fields)
    return function(report, path, value)
        if type(value) ~= "table" then
            return expected(report, path, "a table", value)
        end
        local copy = {}
        for _, key in ipairs(sorted_keys(value)) do
            local inner = value[key]
            local kind = fields[key] or positions[key]
            if kind then
                kind = type(kind) == "table" and kind[2] or kind
                copy[key] = kind(report, join(path, key), inner)
            elseif more and type(key) == "string" then
                copy[key] = kinds.data(report, join(path, key), inner)
            else
                report:unknown(path, key, table.move(names, 1, #names, 1, {}))
            end
        end
        for _, key in ipairs(names) do
            if type(fields[key]) == "table" and value[key] == nil then
                report:add(path, "'%s' is missing", key)
            end
        end
        return copy
    end
end

--- One of several words.
function kinds.word(list)
    return function(report, path, value)
        for _, word in ipairs(list) do
            if value == word then
                return value
            end
        end
        if type(value) == "string" then
            report:add(path, "'%s' is none of them%s", value,
                keys.hint(value, table.move(list, 1, #list, 1, {})))
        else
            expected(report, path, "one of " .. table.concat(list, ", "), value)
        end
    end
end

--- A table whose kind is told by the word at [1]: { word = kind }; the word alone may stand for it
--- where `alone`.
function kinds.choice(by_word, alone)
    local words = keys.names(by_word)
    return function(report, path, value)
        if alone and type(value) == "string" then
            value = { value }
        end
        if type(value) ~= "table" then
            return expected(report, path, "a table { \"" .. words[1] .. "\", ... }", value)
        end
        local word = value[1]
        if type(word) ~= "string" then
            report:add(path, "the word at its beginning is missing: one of %s",
                table.concat(words, ", "))
            return nil
        elseif not by_word[word] then
            report:add(path, "'%s' is none of them%s", word,
                keys.hint(word, table.move(words, 1, #words, 1, {})))
            return nil
        end
        return by_word[word](report, path, value)
    end
end

return kinds
