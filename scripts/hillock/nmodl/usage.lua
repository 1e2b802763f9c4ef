-- SPDX-License-Identifier: BSD-3-Clause
-- usage: what is declared and not used, read and never set, or read before it is set.

local walk = require "hillock.nmodl.walk"

local usage = {}

local function warn(messages, code, at, ...)
    messages:warning(at, ...).code = code
end

--- What names.resolve asks about LOCALs.
function usage.observer(messages)
    return {
        left = function(entry)
            if entry.what ~= "local" then
                return
            elseif entry.reads == 0 and entry.writes == 0 then
                warn(messages, "unused", entry.at, "LOCAL %s is not used", entry.name)
            elseif entry.reads == 0 then
                warn(messages, "unused", entry.at, "LOCAL %s is set and never read", entry.name)
            end
        end,
        early = function(entry, node)
            if entry.what == "local" then
                warn(messages, "unset", node.at, "LOCAL %s is read here, and nothing has set it",
                    entry.name)
            end
        end,
    }
end

-- ---- INITIAL

-- Goes along INITIAL and the procedures that it calls, and says of each variable what comes first:
-- found[name] = { at =, set = } of its first read, or of nothing where it is set before.
local function first_in_initial(tree)
    local order, going = {}, {}
    local blocks = {}
    for _, block in ipairs(tree.blocks) do
        if block.name and block.name.name then
            blocks[block.name.name] = block
        end
    end
    local run

    local function note(name, at, set, hidden)
        if not hidden[name] and not order[name] then
            order[name] = { at = at, set = set }
        end
    end

    local function expression(node, hidden)
        for _, part in ipairs(walk.parts(node)) do
            expression(part, hidden)
        end
        if node.kind == "name" then
            note(node.name, node.at, false, hidden)
        elseif node.kind == "call" then
            run(blocks[node.name])
        end
    end

    local function body(list, hidden)
        hidden = setmetatable({}, { __index = hidden })
        for _, node in ipairs(list or {}) do
            if node.kind == "verbatim" or node.kind == "solve" then
                order.unknown = order.unknown or { at = node.at, set = true }
            end
            if node.kind == "local" then
                for _, id in ipairs(node.list) do
                    hidden[id.name] = true
                end
            elseif node.kind == "call" then
                expression(node, hidden)
            elseif node.kind == "from" or node.kind == "while" then
                -- what a loop sets may be set when it is read
                walk.statements(node.body, function(inner)
                    if inner.kind == "assign" then
                        note(inner.name, inner.at, true, hidden)
                    end
                end)
            end
            for _, part in ipairs(node.kind ~= "call" and walk.parts(node) or {}) do
                expression(part, hidden)
            end
            if node.kind == "assign" then
                note(node.name, node.at, true, hidden)
            elseif node.kind == "from" then
                hidden[node.name] = true
            end
            for _, inner in ipairs(walk.bodies(node)) do
                body(inner, hidden)
            end
        end
    end

    function run(block)
        if not block or not block.body or going[block] then
            return
        end
        going[block] = true   -- once: what comes first does not change when it is called again
        local hidden = { [block.name and block.name.name or ""] = true }
        for _, id in ipairs(block.args or {}) do
            hidden[id.name] = true
        end
        body(block.body, hidden)
    end

    for _, block in ipairs(tree.blocks) do
        if block.kind == "initial" then
            run(block)
        end
    end
    return order
end

-- Read in INITIAL, and set there only later.
local function check_initial(tree, symbols, messages)
    local order = first_in_initial(tree)
    if order.unknown then
        return
    end
    local set = {}
    for _, block in ipairs(tree.blocks) do
        if block.kind == "initial" then
            walk.statements(block.body, function(node)
                if node.kind == "assign" then
                    set[node.name] = true
                end
            end)
        end
    end
    for _, symbol in ipairs(symbols.list) do
        local first = order[symbol.name]
        local kept = symbol.ion or symbol.pointer or symbol.external or symbol.implied
            or symbol.global
        if first and not first.set and not kept and set[symbol.name]
            and (symbol.class == "assigned" or symbol.class == "state" and not symbol.initial) then
            warn(messages, "unset", first.at, "%s is read here, and INITIAL sets it only "
                .. "afterwards: it is 0", symbol.name)
        end
    end
end

-- ---- symbols

local function unused(symbol)
    return symbol.reads == 0 and symbol.writes == 0 and symbol.at and not symbol.undeclared
        and not symbol.pointer and not symbol.ion and not symbol.current
end

local variable = { parameter = true, assigned = true, constant = true }

local function check_symbol(symbol, messages, opaque)
    if symbol.class == "state" then
        if not symbol.equation and symbol.writes == 0 then
            warn(messages, "state", symbol.at, "STATE %s has no equation, and nothing sets it",
                symbol.name)
        end
    elseif opaque then
        return
    elseif symbol.current and symbol.writes == 0 then
        warn(messages, "current", symbol.at, "the current %s is never set: it is 0", symbol.name)
    elseif variable[symbol.class] and unused(symbol) and not symbol.random then
        -- what can be seen from outside may serve there
        if not (symbol.class == "constant" or symbol.range or symbol.global)
            or symbol.hidden or symbol.class == "assigned" and not symbol.listed then
            warn(messages, "unused", symbol.at, "%s is not used", symbol.name)
        end
    elseif symbol.class == "assigned" and symbol.writes == 0 and symbol.reads > 0
        and not symbol.listed and not symbol.pointer and not symbol.external
        and not symbol.random then
        warn(messages, "unset", symbol.at, "%s is read and never set: it is 0, and without RANGE "
            .. "nobody can set it", symbol.name)
    end
end

local function check_limits(symbol, messages)
    local value, low, high = symbol.value, symbol.low, symbol.high
    if symbol.class == "parameter" and value and low and high and symbol.node.value
        and (value < low or value > high) then
        warn(messages, "limits", symbol.at, "the value %g of %s is outside of its limits, %g to %g",
            value, symbol.name, low, high)
    end
end

-- Names that NEURON { } lists are seen from outside.
local function listed(symbols)
    for _, list in ipairs { "range", "global", "pointer", "bbcorepointer", "external", "random" } do
        for _, id in ipairs(symbols.neuron and symbols.neuron[list] or {}) do
            local symbol = symbols.of[id.name]
            if symbol then
                symbol.listed = true
            end
        end
    end
end

local function has_verbatim(tree)
    local found = false
    for _, block in ipairs(tree.blocks) do
        found = found or block.kind == "verbatim" and block.idiom ~= "ignored"
        walk.statements(block.body, function(node)
            found = found or node.kind == "verbatim" and node.idiom ~= "ignored"
        end)
    end
    return found
end

--- Warnings about the symbols, after names.resolve. Sets symbol.never_written: an ASSIGNED that
--- RANGE lists and nothing in the file sets is a parameter whose value is 0.
function usage.check(tree, symbols, messages)
    listed(symbols)
    local opaque = has_verbatim(tree)
    for _, symbol in ipairs(symbols.list) do
        if symbol.class == "assigned" and symbol.writes == 0 and not symbol.current then
            symbol.never_written = true
        end
        if symbol.at then
            check_symbol(symbol, messages, opaque)
            check_limits(symbol, messages)
        end
    end
    check_initial(tree, symbols, messages)
    for _, block in ipairs(tree.blocks) do
        walk.statements(block.body, function(node)
            if node.kind == "table" then
                messages:note(node.at, "TABLE is switched off: the functions are computed exactly; "
                    .. "in NEURON, usetable_%s = 0 does the same", symbols.name or "").code
                    = "table"
            end
        end)
    end
end

return usage
