-- SPDX-License-Identifier: BSD-3-Clause
-- references: a name in a statement is read, set, or called. Finds what it stands for, in the
-- scopes of LOCAL, arguments and FROM, or in the table of symbols; counts; and says what cannot be.
--
-- All take a context `c`: { symbols =, messages =, facts =, calls =, said =, kind = of the block,
-- block =, scope =, opaque = there is C code in the block, left =, early = }, made by names.lua.

local functions = require "hillock.nmodl.functions"
local symbols = require "hillock.nmodl.symbols"
local walk = require "hillock.nmodl.walk"
local words = require "hillock.nmodl.words"

local references = {}

-- ---- scopes

--- A new scope; close() ends it, and tells c.left about each of its names.
function references.open(c)
    c.scope = { parent = c.scope, list = {}, of = {} }
end

function references.close(c)
    local scope = c.scope
    c.scope = scope.parent
    for _, entry in ipairs(scope.list) do
        if not c.opaque and c.left then
            c.left(entry)
        end
    end
end

--- Adds a name to the scope: { name =, at =, what =, size =, assigned = }.
function references.bring(c, entry)
    entry.reads, entry.writes = 0, 0
    c.scope.list[#c.scope.list + 1] = entry
    c.scope.of[entry.name] = entry
    return entry
end

--- A name of LOCAL, of an argument, of FROM, or of the function itself.
function references.find(c, name)
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

--- Says once that nothing declares a name. `way`: READ or WRITE, what an ion would be asked for.
function references.undeclared(c, node, way)
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
    elseif name == "usetable" then
        -- whether NEURON interpolates: hillock does not
        local symbol = symbols.implied(c.symbols, name, "constant")
        symbol.value, symbol.range, symbol.global = 0, false, true
        return symbol
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
            c.messages:error(node.index.at, "%s[%.0f] is not there: %s has %d values, from %s[0] "
                .. "to %s[%d]", node.name, index, node.name, size, node.name, node.name, size - 1)
        end
    end
end

--- A name is read; `what`: "whole", an array may be named without an index.
function references.read(c, node, what)
    local entry = references.find(c, node.name)
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
        references.undeclared(c, node, "READ")
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
        references.undeclared(c, node, "WRITE")
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

--- A name is set: a node with name, index, prime.
function references.write(c, node)
    if (node.prime or 0) > 0 then
        write_prime(c, node, c.symbols.of[node.name])
        return
    end
    local entry = references.find(c, node.name)
    if entry then
        entry.writes, entry.assigned = entry.writes + 1, true
        check_index(c, node, entry)
        return
    end
    local symbol = c.symbols.of[node.name] or made(c, node.name)
    if not symbol then
        references.undeclared(c, node, "WRITE")
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

--- A function or a procedure is called.
function references.call(c, node, as_statement)
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
                references.write(c, argument)
            end
            references.read(c, argument)
        else
            references.expression(c, argument, "whole")
        end
    end
    if symbol then
        symbol.reads = symbol.reads + 1
        symbol.valued = symbol.valued or not as_statement
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
    elseif references.find(c, node.name) then
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

--- All names of an expression are read.
function references.expression(c, node, what)
    if node.kind == "call" then
        references.call(c, node)
        return
    end
    for _, part in ipairs(walk.parts(node)) do
        references.expression(c, part)
    end
    if node.kind == "name" then
        references.read(c, node, what)
    end
end

return references
