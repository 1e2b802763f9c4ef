-- SPDX-License-Identifier: BSD-3-Clause
-- names: what the names in the statements of a mechanism stand for. Counts how often each symbol is
-- read and written, and says what cannot be: names that nothing declares, wrong numbers of
-- arguments, indices where there is no array, assignments to what cannot be assigned.

local functions = require "hillock.nmodl.functions"
local symbols = require "hillock.nmodl.symbols"
local walk = require "hillock.nmodl.walk"
local words = require "hillock.nmodl.words"

local names = {}

local Context = {}
Context.__index = Context

-- ---- scopes

local function open(c)
    c.scope = { parent = c.scope, list = {}, of = {} }
end

local function close(c)
    local scope = c.scope
    c.scope = scope.parent
    for _, entry in ipairs(scope.list) do
        if not c.opaque and c.left then
            c.left(entry)
        end
    end
end

local function bring(c, entry)
    entry.reads, entry.writes = 0, 0
    c.scope.list[#c.scope.list + 1] = entry
    c.scope.of[entry.name] = entry
    return entry
end

-- A name of LOCAL, of an argument, of FROM, or of the function itself.
local function find_local(c, name)
    local scope = c.scope
    while scope do
        if scope.of[name] then
            return scope.of[name]
        end
        scope = scope.parent
    end
end

-- All that has a name here, for a hint.
local function visible(c)
    local list = symbols.names(c.symbols)
    local scope = c.scope
    while scope do
        for name in pairs(scope.of) do
            list[#list + 1] = name
        end
        scope = scope.parent
    end
    table.sort(list)
    return list
end

-- ---- names

-- The ion whose variable this would be, were it READ or written.
local function ion_of(c, name)
    for _, ion in ipairs(c.symbols.ions) do
        if symbols.ion_variable(name, ion.name.name) then
            return ion
        end
    end
end

local function undeclared(c, node, way)
    local key = node.name
    if c.said[key] then
        return
    end
    c.said[key] = true
    local ion = ion_of(c, key)
    if ion then
        c.messages:error(node.at, "%s is declared nowhere: add %s %s to USEION %s", key, way, key,
            ion.name.name)
    elseif functions[key] then
        c.messages:error(node.at, "%s is a function: expected its arguments in parentheses", key)
    else
        c.messages:error(node.at, "%s is declared nowhere%s", key, words.hint(key, visible(c)))
    end
end

-- A value that NEURON makes only where it is used.
local function made(c, name)
    if (name == "f_flux" or name == "b_flux") and c.kind == "kinetic" then
        return symbols.implied(c.symbols, name, "builtin")
    end
    return symbols.initial(c.symbols, name)
end

local function constant_index(node)
    if node.kind == "number" then
        return node.value
    elseif node.kind == "unary" and node.op == "-" and node.value.kind == "number" then
        return -node.value.value
    end
end

-- Is a name with or without an index what was declared?
local function check_index(c, node, declared, what)
    local size = declared.size
    if node.index and not size then
        c.messages:error(node.at, "%s has no index: it is no array", node.name)
    elseif size and not node.index and what ~= "whole" then
        c.messages:error(node.at, "%s is an array of %d: expected an index, %s[i]", node.name,
            size, node.name)
    elseif size and node.index then
        local index = constant_index(node.index)
        if index and (index < 0 or index >= size) then
            c.messages:error(node.index.at, "%s[%d] is not there: %s has %d values, from %s[0] to "
                .. "%s[%d]", node.name, index, node.name, size, node.name, node.name, size - 1)
        end
    end
end

local function read(c, node, what)
    local entry = find_local(c, node.name)
    if entry then
        entry.reads = entry.reads + 1
        if not entry.assigned and c.early and not c.opaque then
            c.early(entry, node)
            entry.assigned = true
        end
        check_index(c, node, entry, what)
        return
    end
    local symbol = c.symbols.of[node.name] or made(c, node.name)
    if not symbol then
        undeclared(c, node, "READ")
        return
    end
    symbol.reads = symbol.reads + 1
    if symbol.class == "function" or symbol.class == "procedure" or symbol.class == "block"
        or symbol.class == "table_function" then
        c.messages:error(node.at, "%s is %s, at line %d: expected its arguments in parentheses",
            node.name, symbols.what(symbol), c.messages.source:place(symbol.at).line)
    elseif (node.prime or 0) > 0 and symbol.class ~= "state" then
        c.messages:error(node.at, "%s' is the derivative of %s, which is %s, no STATE", node.name,
            node.name, symbols.what(symbol))
    else
        check_index(c, node, symbol, what)
    end
end

local function write_symbol(c, node, symbol)
    local class, name = symbol.class, node.name
    symbol.writes = symbol.writes + 1
    if name == "v" then
        -- many files step over a point where an expression is 0/0
        if not c.said["set v"] then
            c.messages:warning(node.at, "v is set for this mechanism alone, until the membrane's "
                .. "is read again; a LOCAL says what is meant").code = "v"
        end
        c.said["set v"] = true
    elseif class == "builtin" then
        c.messages:error(node.at, "%s is NEURON's: a mechanism cannot set it", name)
    elseif class == "constant" or class == "define" then
        c.messages:error(node.at, "%s is %s: it cannot be set%s", name, symbols.what(symbol),
            class == "constant" and "; a variable is declared in ASSIGNED" or "")
    elseif class == "function" or class == "procedure" or class == "table_function" then
        c.messages:error(node.at, "%s is %s: it is set in its own block alone", name,
            symbols.what(symbol))
    elseif class == "block" then
        c.messages:error(node.at, "%s is a block: it cannot be set", name)
    elseif symbol.ion and not symbol.ion.write and class == "ion" then
        local said = "read-only " .. name
        if not c.said[said] then
            c.messages:warning(node.at, "%s is only READ: what is set here, this mechanism alone "
                .. "sees, until it is read again; add WRITE %s to USEION %s if the ion shall have "
                .. "it", name, name, symbol.ion.name).code = "ion"
        end
        c.said[said] = true
    end
    check_index(c, node, symbol)
end

-- Derivatives: x' = ...
local function write_prime(c, node, symbol)
    if not symbol then
        undeclared(c, node, "WRITE")
    elseif symbol.class ~= "state" then
        c.messages:error(node.at, "%s' = ... needs a STATE, and %s is %s: declare it in STATE",
            node.name, node.name, symbols.what(symbol))
    elseif c.kind ~= "derivative" then
        c.messages:error(node.at, "%s' = ... has its place in a DERIVATIVE block", node.name)
    else
        symbol.writes, symbol.equation = symbol.writes + 1, true
        check_index(c, node, symbol)
    end
end

local function write(c, node)
    if (node.prime or 0) > 0 then
        write_prime(c, node, c.symbols.of[node.name])
        return
    end
    local entry = find_local(c, node.name)
    if entry then
        entry.writes, entry.assigned = entry.writes + 1, true
        check_index(c, node, entry)
        return
    end
    local symbol = c.symbols.of[node.name] or made(c, node.name)
    if not symbol then
        undeclared(c, node, "WRITE")
        return
    end
    write_symbol(c, node, symbol)
    if symbol.class == "state" and c.kind == "discrete" then
        symbol.equation = true
    end
end

-- ---- calls

local function count(least, most)
    if least == most then
        return ("%d argument%s"):format(least, least == 1 and "" or "s")
    end
    return ("%d to %d arguments"):format(least, most)
end

local function check_count(c, node, least, most)
    local n = #node.args
    if n < least or n > most then
        c.messages:error(node.at, "%s takes %s, got %d", node.name, count(least, most), n)
    end
end

local function builtin_call(c, node, entry, as_statement)
    check_count(c, node, entry.least, entry.most)
    if entry.kind == "refused" then
        c.messages:error(node.at, "hillock has no %s: %s", node.name, entry.instead)
    elseif entry.kind == "event" then
        local inside = c.kind == "net_receive"
            or node.name == "net_send" and c.kind == "initial"
        if not inside then
            c.messages:error(node.at, "%s has no place here: it is called in NET_RECEIVE%s",
                node.name, node.name == "net_send" and " and INITIAL" or "")
        elseif not c.facts.net_receive then
            c.messages:error(node.at, "%s needs a NET_RECEIVE block", node.name)
        end
    elseif node.name == "abs" then
        c.messages:warning(node.at, "abs is C's for whole numbers, by which NEURON cuts off what "
            .. "is behind the point; fabs does not").code = "abs"
    end
    if entry.statement and not as_statement then
        c.messages:warning(node.at, "%s has no value", node.name).code = "value"
    end
end

local expression

local function call(c, node, as_statement)
    local symbol = c.symbols.of[node.name]
    local entry = not symbol and functions[node.name]
    if type(entry) ~= "table" then
        entry = nil
    end
    for i, argument in ipairs(node.args) do
        -- The first of these is a variable, not its value.
        local target = i == 1 and entry and (entry.kind == "state" or entry.kind == "pointer"
            or node.name:match "^random_")
        if target and argument.kind == "name" then
            if entry.kind == "state" then
                write(c, argument)
            end
            read(c, argument)
        else
            expression(c, argument, "whole")
        end
    end
    if symbol then
        symbol.reads = symbol.reads + 1
        local class = symbol.class
        if class == "function" or class == "procedure" or class == "table_function" then
            local n = #symbol.node.args
            check_count(c, node, n, n)
            c.calls[node.name] = c.calls[node.name] or node.at
            if class == "procedure" and not as_statement then
                c.messages:warning(node.at, "%s is a PROCEDURE: its value is 0; a FUNCTION has one",
                    node.name).code = "value"
            end
        elseif class == "block" then
            c.messages:error(node.at, "%s is a block: expected SOLVE %s", node.name, node.name)
        else
            c.messages:error(node.at, "%s is %s, no function", node.name, symbols.what(symbol))
        end
    elseif entry then
        builtin_call(c, node, entry, as_statement)
    elseif find_local(c, node.name) then
        c.messages:error(node.at, "%s is a LOCAL or an argument here, no function", node.name)
    else
        local list = {}
        for name in pairs(functions) do
            list[#list + 1] = name
        end
        for _, other in ipairs(c.symbols.list) do
            if other.class:find "function" or other.class == "procedure" then
                list[#list + 1] = other.name
            end
        end
        table.sort(list)
        c.messages:error(node.at, "there is no function %s%s", node.name,
            words.hint(node.name, list))
    end
end

function expression(c, node, what)
    if node.kind == "call" then
        call(c, node)
        return
    end
    for _, part in ipairs(walk.parts(node)) do
        expression(c, part)
    end
    if node.kind == "name" then
        read(c, node, what)
    end
end

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
        local entry = node.kind == "assign" and find_local(c, node.name)
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
    call(c, node, true)
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
    local outer = find_local(c, node.name)
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
            undeclared(c, { name = id.name, at = id.at }, "WRITE")
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
        read(c, { name = id.name, at = id.at }, "whole")
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

local function value_of(c, node)
    local entry = find_local(c, node.name.name)
    if entry.writes == 0 and not c.opaque then
        c.messages:warning(node.name.at, "FUNCTION %s never sets its value: it is 0; expected "
            .. "%s = ...", entry.name, entry.name).code = "value"
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
    local said = {}
    for _, block in ipairs(tree.blocks) do
        if block.body then
            local c = setmetatable({
                symbols = table_, messages = messages, said = said, facts = facts, block = block,
                kind = block.kind, calls = {}, opaque = has_verbatim(block.body),
                left = observer.left, early = observer.early,
            }, Context)
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
                value_of(c, block)
            end
            close(c)
        end
    end
    return facts
end

return names
