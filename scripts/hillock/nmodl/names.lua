-- SPDX-License-Identifier: BSD-3-Clause
-- names: what the names in the statements of a mechanism stand for, statement by statement. Counts
-- how often each symbol is read and written, and says what cannot be: names that nothing declares,
-- wrong numbers of arguments, indices where there is no array, assignments to what cannot be
-- assigned.

local references = require "hillock.nmodl.references"
local symbols = require "hillock.nmodl.symbols"
local walk = require "hillock.nmodl.walk"

local bring, open, close = references.bring, references.open, references.close
local expression, read, write = references.expression, references.read, references.write

local names = {}

-- ---- statements

local statement

local function body(c, list)
    open(c)
    for _, node in ipairs(list or {}) do
        statement(c, node)
    end
    close(c)
end

-- What a loop assigns is assigned when it comes round.
local function come_round(c, list)
    walk.statements(list, function(node)
        local entry = node.kind == "assign" and references.find(c, node.name)
        if entry then
            entry.assigned = true
        end
    end)
end

local statements = {}

function statements.assign(c, node)
    for _, part in ipairs(walk.parts(node)) do
        expression(c, part)
    end
    write(c, node)
end

function statements.call(c, node)
    references.call(c, node, true)
end

statements["local"] = function(c, node)
    for _, id in ipairs(node.list) do
        if c.scope.of[id.name] and c.scope.of[id.name].what == "local" then
            c.messages:error(id.at, "LOCAL %s is declared twice", id.name)
        end
        bring(c, { name = id.name, at = id.at, size = id.size, what = "local" })
    end
end

statements["while"] = function(c, node)
    come_round(c, node.body)
    expression(c, node.test)
    body(c, node.body)
end

function statements.from(c, node)
    for _, part in ipairs(walk.parts(node)) do
        expression(c, part)
    end
    -- It counts in a variable of its own, even if LOCAL names one that was meant.
    local outer = references.find(c, node.name)
    if outer then
        outer.reads, outer.writes, outer.assigned = outer.reads + 1, outer.writes + 1, true
    end
    come_round(c, node.body)
    open(c)
    bring(c, { name = node.name, at = node.at, what = "loop", assigned = true })
    body(c, node.body)
    close(c)
end

function statements.for_netcons(c, node)
    open(c)
    for _, id in ipairs(node.args) do
        bring(c, { name = id.name, at = id.at, what = "argument", assigned = true })
    end
    if #node.args ~= #(c.block.args or {}) then
        c.messages:error(node.at, "FOR_NETCONS has the arguments of NET_RECEIVE, %d: got %d",
            #(c.block.args or {}), #node.args)
    end
    body(c, node.body)
    close(c)
end

function statements.watch(c, node)
    for _, part in ipairs(walk.parts(node)) do
        expression(c, part)
    end
    if c.kind ~= "net_receive" then
        c.messages:error(node.at, "WATCH has its place in NET_RECEIVE")
    end
end

function statements.table(c, node)
    for _, part in ipairs(walk.parts(node)) do
        expression(c, part)
    end
    for _, id in ipairs(node.list) do
        local symbol = c.symbols.of[id.name]
        if not symbol then
            references.undeclared(c, { name = id.name, at = id.at }, "WRITE")
        end
    end
    for _, id in ipairs(node.depend) do
        read(c, { name = id.name, at = id.at }, "whole")
    end
end

local function reactant(c, node, solved)
    if node.index then
        expression(c, node.index)
    end
    local symbol = c.symbols.of[node.name]
    read(c, node)
    if not symbol then
        return
    elseif symbol.class == "state" then
        symbol.writes, symbol.equation = symbol.writes + 1, true
    elseif solved or symbol.class == "function" or symbol.class == "procedure" then
        c.messages:error(node.at, "%s is %s, and has no flux: expected a STATE", node.name,
            symbols.what(symbol))
    end
end

function statements.reaction(c, node)
    for _, one in ipairs(node.left) do
        reactant(c, one)
    end
    for _, one in ipairs(node.right) do
        reactant(c, one)
    end
    expression(c, node.forward)
    expression(c, node.backward)
end

function statements.flux(c, node)
    for _, one in ipairs(node.left) do
        reactant(c, one, true)
    end
    expression(c, node.rate)
    if #node.left > 1 then
        c.messages:error(node.left[2].at, "a flux has one state: got %d", #node.left)
    end
end

function statements.conserve(c, node)
    for _, one in ipairs(node.left) do
        if one.index then
            expression(c, one.index)
        end
        read(c, one)
        local symbol = c.symbols.of[one.name]
        if symbol and symbol.class ~= "state" then
            c.messages:error(one.at, "%s is %s: CONSERVE has the states of the block on its left",
                one.name, symbols.what(symbol))
        end
    end
    expression(c, node.value)
end

local function over_names(c, node)
    open(c)
    if node.index then
        bring(c, { name = node.index.name, at = node.index.at, what = "loop", assigned = true })
    end
    expression(c, node.volume)
    for _, id in ipairs(node.list) do
        if c.symbols.of[id.name] then
            read(c, { name = id.name, at = id.at }, "whole")
        else
            c.messages:warning(id.at, "%s is declared nowhere: it is left out", id.name).code
                = "unused"
        end
    end
    close(c)
end

statements.compartment, statements.longitudinal = over_names, over_names

function statements.equation(c, node)
    for _, side in ipairs { node.left, node.right } do
        expression(c, side)
        walk.expression(side, function(part)
            local symbol = part.kind == "name" and c.symbols.of[part.name]
            if symbol and symbol.class == "state" then
                symbol.equation, symbol.writes = true, symbol.writes + 1
            end
        end)
    end
end

function statements.conductance(c, node)
    read(c, { name = node.name, at = node.at })
end

function statements.lag(c, node)
    c.messages:error(node.at, "LAG is not supported: keep what was in a variable of ASSIGNED")
    c.said[("lag_%s_%s"):format(node.name, node.by.name or "")] = true
end

function statements.verbatim(c, node)
    if node.idiom == "random" or node.idiom == "ion" then
        write(c, { name = node.variable, at = node.at })
    end
end

function statements.protect(c, node)
    statement(c, node.statement)
end

function statements.solve(c, node)
    c.facts.solves[#c.facts.solves + 1] = { node = node, kind = c.kind }
    body(c, node.iferror)
end

function statement(c, node)
    local run = statements[node.kind]
    if run then
        run(c, node)
        return
    end
    for _, part in ipairs(walk.parts(node)) do
        expression(c, part)
    end
    for _, list in ipairs(walk.bodies(node)) do
        body(c, list)
    end
end

-- Does C code stand anywhere in it? Then nobody knows what is used.
local function has_verbatim(list)
    local found = false
    walk.statements(list, function(node)
        found = found or node.kind == "verbatim"
    end)
    return found
end

-- FUNCTIONs that are asked for a value, and have none.
local function check_values(table_, messages, without)
    for _, id in ipairs(without) do
        local symbol = table_.of[id.name]
        if symbol and symbol.valued then
            messages:warning(id.at, "FUNCTION %s never sets its value: it is 0; expected %s = ...",
                id.name, id.name).code = "value"
        end
    end
end

--- Goes over all blocks that compute.
---@param tree table
---@param table_ table of symbols.of_tree
---@param messages table
---@param observer { left: function(entry), early: function(entry, node) } asked about LOCALs when
---    their scope ends, and when they are read before they are set
---@return table facts { solves =, calls = by block, net_receive = the block or nil }
function names.resolve(tree, table_, messages, observer)
    local facts = { solves = {}, calls = {}, net_receive = nil }
    for _, block in ipairs(tree.blocks) do
        if block.kind == "net_receive" then
            facts.net_receive = facts.net_receive or block
        end
    end
    local said, without = {}, {}
    for _, block in ipairs(tree.blocks) do
        if block.body then
            local c = {
                symbols = table_, messages = messages, said = said, facts = facts, block = block,
                kind = block.kind, calls = {}, opaque = has_verbatim(block.body),
                left = observer.left, early = observer.early,
            }
            facts.calls[#facts.calls + 1] = { block = block, to = c.calls }
            open(c)
            for _, id in ipairs(block.args or {}) do
                bring(c, { name = id.name, at = id.at, what = "argument", assigned = true })
            end
            if block.kind == "net_receive" then
                bring(c, { name = "flag", what = "flag", assigned = true })
            elseif block.kind == "func" then
                bring(c, { name = block.name.name, what = "value", assigned = true })
            end
            body(c, block.body)
            if block.kind == "func" then
                local value = c.scope.of[block.name.name]
                without[#without + 1] = value.writes == 0 and not c.opaque and block.name or nil
            end
            close(c)
        end
    end
    check_values(table_, messages, without)
    return facts
end

return names
