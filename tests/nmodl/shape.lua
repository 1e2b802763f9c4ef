-- SPDX-License-Identifier: BSD-3-Clause
-- shape: trees of the NMODL parser as text, for tests: kind{field=value ...}, lists in brackets,
-- expressions with all of their parentheses. Positions are left out.
--
--     shape.block "PARAMETER { g = 1 }"    --> parameter{list=[parameter_entry{name=g value=1}]}

local messages = require "hillock.nmodl.messages"
local parse = require "hillock.nmodl.parse"
local source = require "hillock.nmodl.source"

local shape = {}

local show

local function number(value)
    return ("%.14g"):format(value)
end

local function list(items, between)
    local texts = {}
    for i, item in ipairs(items) do
        texts[i] = show(item)
    end
    return table.concat(texts, between)
end

local function name_of(node)
    return node.name .. ("'"):rep(node.prime or 0)
        .. (node.back and "@" .. node.back or "")
        .. (node.index and "[" .. show(node.index) .. "]" or "")
end

local ways = {
    number = function(node)
        return number(node.value) .. (node.unit and "(" .. node.unit .. ")" or "")
    end,
    string = function(node) return ("%q"):format(node.value) end,
    name = name_of,
    reactant = function(node)
        return (node.n ~= 1 and node.n .. " " or "") .. name_of(node)
    end,
    call = function(node) return node.name .. "(" .. list(node.args, ", ") .. ")" end,
    unary = function(node) return node.op .. show(node.value) end,
    binary = function(node)
        return ("(%s %s %s)"):format(show(node.left), node.op, show(node.right))
    end,
    id = function(node)
        return name_of(node) .. (node.size and "[" .. node.size .. "]" or "")
            .. (node.unit and "(" .. node.unit .. ")" or "")
    end,
    assign = function(node) return name_of(node) .. " = " .. show(node.value) end,
}

function show(value)
    if type(value) == "number" then
        return number(value)
    elseif type(value) == "string" then
        return ("%q"):format(value)
    elseif type(value) ~= "table" then
        return tostring(value)
    elseif ways[value.kind] then
        return ways[value.kind](value)
    elseif value.kind == nil and (#value > 0 or next(value) == nil) then
        return "[" .. list(value, ", ") .. "]"
    end
    local fields = {}
    for key, field in pairs(value) do
        if key ~= "kind" and key ~= "at" and not key:find "_at$" and key ~= "source" then
            fields[#fields + 1] = key .. "=" .. show(field)
        end
    end
    table.sort(fields)
    return (value.kind or "") .. "{" .. table.concat(fields, " ") .. "}"
end

shape.show = show

--- The tree and the messages of a text.
function shape.parse(text, options)
    local made = source.new("test.mod", text)
    local said = messages.new(made)
    return parse.text(made, said, options), said
end

--- The shape of the blocks of a text, or its first message.
function shape.block(text, options)
    local tree, said = shape.parse(text, options)
    if #said > 0 then
        return said:render()[1]
    end
    return list(tree.blocks, " ")
end

--- The shape of statements; `block` is what they are in (PROCEDURE).
function shape.statements(text, block)
    local shown = shape.block((block or "PROCEDURE p()") .. " {\n" .. text .. "\n}")
    return shown:match "body=(%b[])" or shown
end

--- The shape of an expression.
function shape.expression(text)
    local shown = shape.statements("x = " .. text)
    return shown:match "^%[x = (.*)%]$" or shown
end

return shape
