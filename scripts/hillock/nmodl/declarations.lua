-- SPDX-License-Identifier: BSD-3-Clause
-- declarations: the blocks that declare names: UNITS, CONSTANT, PARAMETER, ASSIGNED, STATE,
-- INDEPENDENT. (NEURON is in interface.lua.) An entry with an error is left out, and the parser
-- goes on with the next line.

local declarations = {}

-- Entries up to "}": each is parsed by `entry`, which adds it to the node.
local function run(p, node, entry)
    while p.kind ~= "}" and p.kind ~= "end" and not p:at_block() do
        p:begin()
        if p.kind == "," then
            p:complain(p.at, "a ',' has no place here: entries of a block follow each other")
            p:next()
        else
            entry(p, node)
        end
    end
end

--- KEYWORD { entries }, KEYWORD at hand.
---@param node table what it becomes
---@param entry function(p, node)
function declarations.block(p, node, entry)
    local keyword = p:word()
    node.at = p.at
    p:next()
    local open = p:expect("{", "'{' after " .. keyword)
    while true do
        local from = p.i
        if p:attempt(run, p, node, entry) then
            break
        end
        p:skip_line(from)
    end
    if p.kind == "}" then
        p:next()
    else
        p:unclosed(open, keyword)
    end
    return node
end

-- (unit)
local function unit(p, node)
    node.unit, node.unit_at = p:unit()
    local after = p:ahead()
    if not node.unit and p.kind == "name" and (after == "/" or after == "*" or after == "-") then
        p:fail_at(p.at, "expected a unit in parentheses, as (%s%s...), got '%s'", p:word(), after,
            p:word())
    end
end

-- <low, high>
local function limits(p, node)
    if p:accept "<" then
        node.low = p:signed "the lower limit: <0, 1e9>"
        p:expect(",", "',' after the lower limit: <0, 1e9>")
        node.high = p:signed "the upper limit: <0, 1e9>"
        p:expect(">", "'>' after the upper limit: <0, 1e9>")
    end
end

-- name = 1 (unit) <low, high>
local function parameter(p, block)
    local node = { kind = "parameter_entry", at = p.at, name = p:id "the name of a parameter" }
    node.size = p:size()
    if p.kind == "=" then
        if node.size then
            p:fail_at(p.at, "an array has no value in PARAMETER: set it in INITIAL")
        end
        p:next()
        node.value = p:signed(("the number that %s is by default"):format(node.name.name))
    end
    unit(p, node)
    limits(p, node)
    block.list[#block.list + 1] = node
end

-- name[size] FROM 0 TO 1 START 0 (unit) <tolerance>
local function dependent(what)
    return function(p, block)
        local node = { kind = "variable_entry", at = p.at, name = p:primed_id(what) }
        node.size = p:size()
        if p.kind == "=" then
            p:fail_at(p.at, "%s has no value here: set it in INITIAL", node.name.name)
        end
        if p:accept "FROM" then
            node.from = p:signed "the least value"
            p:expect("TO", "TO: x FROM 0 TO 1")
            node.to = p:signed "the greatest value"
        end
        if p:accept "START" then
            node.start = p:signed "the value at the start"
        end
        unit(p, node)
        if p:accept "<" then
            node.abstol = p:signed "the tolerance: <1e-4>"
            p:expect(">", "'>' after the tolerance")
        end
        block.list[#block.list + 1] = node
    end
end

-- name = 1 (unit)
local function constant(p, block)
    local node = { kind = "constant_entry", at = p.at, name = p:id "the name of a constant" }
    p:expect("=", "'=' and a number")
    node.value = p:signed "a number"
    unit(p, node)
    block.list[#block.list + 1] = node
end

-- (mV) = (millivolt), or NAME = 1 (unit), NAME = (from) (to), NAME = (from) -> (to)
local function unit_entry(p, block)
    local node = { kind = "unit_entry", at = p.at }
    if p.kind == "(" then
        node.name = p:unit()
        p:expect("=", "'=': (mV) = (millivolt)")
        node.unit, node.unit_at = p:unit()
        if not node.unit then
            p:fail "a unit in parentheses: (mV) = (millivolt)"
        end
    else
        node.constant = p:id "a unit in parentheses, or the name of a constant"
        p:expect("=", "'=' and a number or a unit: FARADAY = (faraday) (coulomb)")
        if p.kind == "(" then
            node.unit, node.unit_at = p:unit()
            if p.kind == "-" and p:ahead() == ">" then
                p:next()
                p:next()
            end
            node.to, node.to_at = p:unit()
            if not node.to then
                p:fail "the unit that is wanted: FARADAY = (faraday) (coulomb)"
            end
        else
            node.value = p:signed "a number or a unit: F = 96485 (coulomb)"
            node.unit, node.unit_at = p:unit()
            if not node.unit then
                p:fail(("the unit of %s, (1) if it has none"):format(node.constant.name))
            end
        end
    end
    block.list[#block.list + 1] = node
end

-- t FROM 0 TO 1 WITH 1 (ms)
local function independent(p)
    p:accept "SWEEP"
    p:id "the name of the independent variable, t"
    p:expect("FROM", "FROM: t FROM 0 TO 1 WITH 1 (ms)")
    p:signed "a number"
    p:expect("TO", "TO: t FROM 0 TO 1 WITH 1 (ms)")
    p:signed "a number"
    p:expect("WITH", "WITH: t FROM 0 TO 1 WITH 1 (ms)")
    p:integer("a number of steps", 0)
    if p:accept "START" then
        p:signed "a number"
    end
    p:unit()
end

local entries = {
    UNITS = { "units", unit_entry },
    CONSTANT = { "constant", constant },
    PARAMETER = { "parameter", parameter },
    ASSIGNED = { "assigned", dependent "the name of a variable" },
    STATE = { "state", dependent "the name of a state" },
    INDEPENDENT = { "independent", independent },
}

declarations.blocks = {}
for keyword, entry in pairs(entries) do
    declarations.blocks[keyword] = function(p)
        return declarations.block(p, { kind = entry[1], list = {} }, entry[2])
    end
end

return declarations
