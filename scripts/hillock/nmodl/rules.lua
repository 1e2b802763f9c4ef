-- SPDX-License-Identifier: BSD-3-Clause
-- rules: what has its place where in a mechanism: how often a block may be there, which blocks
-- SOLVE solves and by which method, which functions may call which.

local symbols = require "hillock.nmodl.symbols"
local walk = require "hillock.nmodl.walk"
local words = require "hillock.nmodl.words"

local rules = {}

-- The methods of NEURON, and the kinds of blocks that each is for.
local methods = {
    cnexp = "derivative", derivimplicit = "derivative", euler = "derivative kinetic",
    runge = "derivative kinetic", adams = "derivative kinetic", adeuler = "derivative kinetic",
    heun = "derivative kinetic", adrunge = "derivative kinetic", gear = "derivative kinetic",
    clsoda = "derivative kinetic", sparse = "kinetic", _advance = "kinetic", simeq = "linear",
    seidel = "linear", newton = "nonlinear", simplex = "nonlinear",
}

local free = { after_cvode = true, cvode_t = true, cvode_t_v = true }

--- The names of all methods, in order.
rules.methods = {}
for name in pairs(methods) do
    rules.methods[#rules.methods + 1] = name
end
for name in pairs(free) do
    rules.methods[#rules.methods + 1] = name
end
table.sort(rules.methods)

local function line(messages, at)
    return ("line %d"):format(messages.source:place(at).line)
end

-- What NEURON takes several of, as files that are included have them: one after the other.
local joined = { initial = true, breakpoint = true }

local function join(first, more)
    local has_locals = false
    for _, node in ipairs(more.body) do
        has_locals = has_locals or node.kind == "local"
    end
    if has_locals then
        first.body[#first.body + 1] = { kind = "block", at = more.at, body = more.body }
    else
        table.move(more.body, 1, #more.body, #first.body + 1, first.body)
    end
end

--- Is there what a mechanism cannot be without? Says what is missing or too much. Several INITIAL
--- become one, and several BREAKPOINT.
---@return boolean
function rules.file(tree, found, messages)
    local seen = {}
    for i = 1, #tree.blocks do
        local block = tree.blocks[i]
        local before = seen[block.kind]
        if before and joined[block.kind] then
            join(before, block)
            tree.blocks[i] = { kind = "joined", at = block.at }
        elseif before and block.kind == "net_receive" then
            messages:error(block.at, "there is one NET_RECEIVE already, at %s",
                line(messages, before.at))
        else
            seen[block.kind] = block
        end
    end
    local neuron = found.neuron
    if not neuron then
        messages:error(1, "there is no NEURON block, which says what the mechanism is: NEURON { "
            .. "SUFFIX name }")
        return false
    end
    return true
end

-- ---- SOLVE

local solvable = {
    derivative = "DERIVATIVE", kinetic = "KINETIC", linear = "LINEAR", nonlinear = "NONLINEAR",
    discrete = "DISCRETE", procedure = "PROCEDURE",
}

local default = {
    derivative = "cnexp", kinetic = "sparse", linear = "simeq", nonlinear = "newton",
}

local function method(node, block, messages)
    local name = node.method or node.steadystate
    local at = node.method_at or node.at
    if not name or free[name] then
        return
    elseif not methods[name] then
        messages:error(at, "there is no method %s%s", name, words.hint(name, rules.methods))
    elseif block.kind == "procedure" or block.kind == "discrete" then
        messages:error(at, "%s is a %s: expected SOLVE %s without METHOD", node.name,
            solvable[block.kind], node.name)
    elseif node.steadystate and block.kind == "derivative" and name ~= "derivimplicit" then
        messages:error(at, "STEADYSTATE of a DERIVATIVE is solved by derivimplicit, not by %s",
            name)
    elseif not (" " .. methods[name] .. " "):find(" " .. block.kind .. " ", 1, true) then
        messages:error(at, "%s solves %s, and %s is a %s: expected METHOD %s", name,
            methods[name]:upper():gsub(" ", " and ") .. " blocks", node.name, solvable[block.kind],
            default[block.kind])
    end
end

local function solve(found, messages, one, solved)
    local node = one.node
    local symbol = found.of[node.name]
    if not symbol then
        local list = {}
        for _, other in ipairs(found.list) do
            if other.class == "block" or other.class == "procedure" then
                list[#list + 1] = other.name
            end
        end
        messages:error(node.at, "there is no block %s to SOLVE%s", node.name,
            words.hint(node.name, list))
        return
    end
    symbol.reads = symbol.reads + 1
    if symbol.class ~= "block" and symbol.class ~= "procedure" then
        messages:error(node.at, "%s is %s: SOLVE takes DERIVATIVE, KINETIC, LINEAR, NONLINEAR, "
            .. "DISCRETE and PROCEDURE", node.name, symbols.what(symbol))
        return
    end
    if not node.steadystate or symbol.node.kind ~= "derivative" and symbol.node.kind ~= "kinetic"
    then
        solved[node.name] = true
    end
    method(node, symbol.node, messages)
end

local function check_solves(tree, found, messages, facts)
    local solved = {}
    for _, one in ipairs(facts.solves) do
        solve(found, messages, one, solved)
    end
    for _, block in ipairs(tree.blocks) do
        if solvable[block.kind] and block.kind ~= "procedure" and not solved[block.name.name] then
            messages:warning(block.at, "nothing solves %s %s: expected SOLVE %s%s in BREAKPOINT",
                solvable[block.kind], block.name.name, block.name.name,
                default[block.kind] and " METHOD " .. default[block.kind] or "").code = "solve"
        end
    end
end

-- ---- calls


local function check_recursion(messages, facts)
    local edges, places = {}, {}
    for _, calls in ipairs(facts.calls) do
        if calls.block.name then
            edges[calls.block.name.name] = calls.to
            places[#places + 1] = calls.block
        end
    end
    -- Depth first; a name that is on the way twice closes a circle.
    local state = {}
    local function go(name, way)
        state[name] = "open"
        local others = {}
        for other in pairs(edges[name] or {}) do
            others[#others + 1] = other
        end
        table.sort(others)
        for _, other in ipairs(others) do
            if state[other] == "open" then
                local at = edges[name][other]
                messages:error(at, "%s calls itself%s: hillock has no recursion", other,
                    other ~= name and (" (%s)"):format(way .. " -> " .. other) or "")
            elseif not state[other] then
                go(other, way .. " -> " .. other)
            end
        end
        state[name] = "closed"
    end
    for _, block in ipairs(places) do
        if not state[block.name.name] then
            go(block.name.name, block.name.name)
        end
    end
end

-- ---- all

local function check_net_receive(tree, found, messages)
    for _, block in ipairs(tree.blocks) do
        if block.kind == "net_receive" and found.what == "channel" then
            messages:error(block.at, "NET_RECEIVE has its place in a POINT_PROCESS or an "
                .. "ARTIFICIAL_CELL: %s is a SUFFIX mechanism", found.name)
        elseif (block.kind == "constructor" or block.kind == "destructor")
            and found.what == "channel" then
            messages:error(block.at, "%s has its place in a POINT_PROCESS: %s is a SUFFIX "
                .. "mechanism", block.kind:upper(), found.name)
        end
    end
end

local function check_table(tree, messages)
    for _, block in ipairs(tree.blocks) do
        for _, node in ipairs(block.body or {}) do
            if node.kind ~= "table" then
                goto continue
            elseif block.kind ~= "func" and block.kind ~= "procedure" then
                messages:error(node.at, "TABLE has its place in a FUNCTION or a PROCEDURE")
            elseif block.kind == "func" and #node.list > 0 then
                messages:error(node.at, "TABLE of a FUNCTION names no variables: expected TABLE "
                    .. "FROM")
            elseif block.kind == "procedure" and #node.list == 0 then
                messages:error(node.at, "TABLE of a PROCEDURE names the variables that it sets: "
                    .. "TABLE a, b FROM")
            elseif #block.args ~= 1 then
                messages:error(node.at, "%s has a TABLE, and so has one argument: got %d",
                    block.name.name, #block.args)
            end
            ::continue::
        end
    end
end

-- Variables that are called as those of an ion that the mechanism uses.
local function check_ions(found, messages)
    for _, ion in ipairs(found.ions) do
        for _, symbol in ipairs(found.list) do
            local what = symbol.at and not symbol.ion
                and symbols.ion_variable(symbol.name, ion.name.name)
            if what and (symbol.class == "assigned" or symbol.class == "state") then
                messages:warning(symbol.at, "%s is a variable of this mechanism alone: add %s %s "
                    .. "to USEION %s if the ion's is meant", symbol.name,
                    symbol.writes > 0 and "WRITE" or "READ", symbol.name, ion.name.name).code
                    = "ion"
            end
        end
    end
    for _, symbol in ipairs(found.list) do
        if symbol.ion and symbol.ion.write and symbol.writes == 0 and symbol.class == "ion" then
            messages:warning(symbol.node.at, "USEION %s has WRITE %s, and nothing sets %s",
                symbol.ion.name, symbol.name, symbol.name).code = "ion"
        end
    end
end

local function check_longitudinal(tree, messages)
    for _, block in ipairs(tree.blocks) do
        walk.statements(block.body, function(node)
            if node.kind == "longitudinal" then
                messages:error(node.at, "LONGITUDINAL_DIFFUSION is not supported: compartments "
                    .. "exchange nothing but current; leave it out where diffusion along the "
                    .. "section may be neglected")
            end
        end)
    end
end

--- What is said of a tree whose names are resolved.
---@param facts table of names.resolve
function rules.check(tree, found, messages, facts)
    check_solves(tree, found, messages, facts)
    check_recursion(messages, facts)
    check_net_receive(tree, found, messages)
    check_table(tree, messages)
    check_ions(found, messages)
    check_longitudinal(tree, messages)
end

return rules
