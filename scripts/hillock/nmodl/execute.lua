-- SPDX-License-Identifier: BSD-3-Clause
-- execute: runs statements with expressions for numbers. What a block leaves in a variable is a
-- node of the graph (hillock.nmodl.graph), made of what the variables were before it: functions and
-- procedures are inlined, IF becomes select, loops that count are unrolled.
--
-- What cannot be so (a loop that ends by a condition, an index that is computed, an event that is
-- sent) is an error of the kind execute.unable, which the caller catches: such a block is written
-- as C statements instead (hillock.nmodl.c_statements).

local c_random = require "hillock.nmodl.c_random"

local execute = {}

local NODES = 60000 -- of a graph: beyond it a block is no longer worth unrolling
local STATEMENTS = 100000 -- of a run, loops unrolled
local DEPTH = 60 -- of calls

--- Raises that this cannot be run with expressions.
---@param at integer? position in the source
---@param why string
function execute.unable(at, why, ...)
    error({ unable = why:format(...), at = at }, 0)
end

-- ---- variables
--
-- An environment: { g =, program =, values = variable -> node, written = list, frame = names of
-- locals }. A variable is a name, or a name with an index, "x[3]".

local Run = {}
Run.__index = Run

--- A run over a program's blocks.
---@param program table { g =, symbols =, functions = name -> node of the tree, leaf = function }
--- leaf(name): what a variable is that nothing has written yet.
---@param hooks? table { solve = function(run, statement), call = function(run, statement, args) }
function execute.new(program, hooks)
    return setmetatable({ g = program.g, program = program, hooks = hooks or {}, values = {},
        written = {}, order = {}, at = {}, depth = 0, frame = nil, locals = 0 }, Run)
end

-- The innermost local of a name: the variable's name, and its size.
local function find_local(run, name)
    local frame = run.frame
    while frame do
        local found = frame.names[name]
        if found then
            return found
        end
        frame = not frame.closed and frame.above or nil
    end
    return nil
end

local function push(run, closed)
    run.frame = { names = {}, above = run.frame, closed = closed }
end

local function pop(run)
    run.frame = run.frame.above
end

--- Makes a local variable in the innermost frame.
function Run:declare(name, value, size)
    self.locals = self.locals + 1
    local variable = ("%s`%d"):format(name, self.locals)
    self.frame.names[name] = { variable = variable, size = size }
    if value then
        self.values[variable] = value
    end
    return variable
end

local function with_index(run, name, index, at, size)
    if not index then
        return name
    end
    local node = run:value(index)
    if node.op ~= "const" then
        execute.unable(at, "an index that is computed")
    elseif not (node.value >= 0 and node.value < size) then
        error({ unsupported = ("%s[%.15g] is not there: it has %d values"):format(
            name:gsub("`.*", ""), node.value, size), at = at }, 0)
    end
    return ("%s[%d]"):format(name, math.floor(node.value))
end

-- The variable that a name is here, and whether it is local.
local function variable_of(run, name, index, at)
    local own = find_local(run, name)
    local size = own and own.size or not own and run.program.sizes[name] or 1
    return with_index(run, own and own.variable or name, index, at, size), own
end

--- The value of a variable of the mechanism.
function Run:get(variable)
    local value = self.values[variable]
    if not value then
        value = self.program.leaf(variable)
        self.values[variable] = value
    end
    return value
end

--- Sets a variable of the mechanism.
function Run:set(variable, value)
    self.values[variable] = value
    if not self.written[variable] then
        self.written[variable] = true
        self.order[#self.order + 1] = variable
    end
end

-- ---- expressions

local names_of_c = {
    exp = 1, log = 1, log10 = 1, sqrt = 1, fabs = 1, sin = 1, cos = 1, tan = 1, asin = 1, acos = 1,
    atan = 1, sinh = 1, cosh = 1, tanh = 1, floor = 1, ceil = 1, pow = 2, fmod = 2, atan2 = 2,
}

local evaluate = {}

function evaluate.number(run, e)
    return run.g:const(e.value)
end

function evaluate.scale(run, e)
    return run:value(e.value)
end

function evaluate.name(run, e)
    local variable, own = variable_of(run, e.name, e.index, e.at)
    if own then
        return run.values[variable] or run.g:const(0)
    end
    local define = run.program.defines[e.name]
    if define then
        return run.g:const(define)
    end
    if e.prime and e.prime > 0 then
        variable = variable .. "'"
    end
    return run:get(variable)
end

function evaluate.unary(run, e)
    local value = run:value(e.value)
    return e.op == "-" and run.g:neg(value) or run.g:no(value)
end

local binary = {
    ["+"] = "add", ["-"] = "sub", ["*"] = "mul", ["/"] = "div", ["^"] = "pow",
}

function evaluate.binary(run, e)
    local a, b = run:value(e.left), run:value(e.right)
    local g = run.g
    if binary[e.op] then
        return g[binary[e.op]](g, a, b)
    elseif e.op == "&&" then
        return g:logic("and", a, b)
    elseif e.op == "||" then
        return g:logic("or", a, b)
    end
    return g:compare(e.op, a, b)
end

-- at_time(x) in a fixed step: x falls into the step that ends now (NEURON's cvodeobj.cpp).
local function at_time(run, x)
    local g = run.g
    local moment = g:sub(x, g:const(1e-11))
    local t, dt = run:get "t", run:get "dt"
    return g:logic("and", g:compare("<=", moment, t), g:compare(">", moment, g:sub(t, dt)))
end

-- nrn_ghk(v, ci, co, z): the current's drive of Goldman, Hodgkin and Katz, as NEURON computes it:
-- 1e-3 z F (ci efun(-w) - co efun(w)), w = z v/(RT/F), efun(x) = x/(exp(x) - 1).
local function nrn_ghk(run, v, ci, co, z)
    local g = run.g
    local celsius = run:get "celsius"
    local kt = g:mul(g:const(1000 * 8.3144626181532395 / 96485.3321233100184),
        g:add(celsius, g:const(273.15)))
    local w = g:div(g:mul(z, v), kt)
    local inward = g:mul(ci, g:call("exprelr", g:neg(w)))
    local outward = g:mul(co, g:call("exprelr", w))
    return g:mul(g:mul(g:const(0.001 * 96485.3321233100184), z), g:sub(inward, outward))
end

local special = {
    at_time = at_time,
    nrn_ghk = nrn_ghk,
    abs = function(run, x) return run.g:call("fabs", x) end,
    exprelr = function(run, x) return run.g:call("exprelr", x) end,
    -- NEURON's scopmath: force and its like return what a simulation ignores
    threshold = false,
}

function evaluate.call(run, e)
    local args = {}
    for i, arg in ipairs(e.args) do
        args[i] = arg.kind ~= "string" and run:value(arg) or nil
    end
    local own = run.program.functions[e.name]
    if own then
        return run:invoke(own, args, e.at)
    elseif names_of_c[e.name] and #args == names_of_c[e.name] then
        return run.g:call(e.name, table.unpack(args))
    elseif special[e.name] then
        return special[e.name](run, table.unpack(args))
    elseif run.hooks.opaque then
        local value = run.hooks.opaque(run, e, args)
        if value then
            return value
        end
    end
    return execute.unable(e.at, "the function %s", e.name)
end

function evaluate.string(run)
    return run.g:const(0)
end

--- The node of an expression.
function Run:value(e)
    local go = evaluate[e.kind] or execute.unable(e.at, "an expression of kind %s", e.kind)
    return go(self, e)
end

-- ---- functions

--- Runs a FUNCTION or PROCEDURE of the file on nodes.
function Run:invoke(node, args, at)
    if node.kind == "table_function" then
        local value = self.hooks.table and self.hooks.table(self, node, args)
        if not value then
            error({ unsupported = ("a FUNCTION_TABLE of %d arguments: hillock has those of one or "
                .. "two"):format(#node.args), at = node.at }, 0)
        end
        return value
    end
    if self.depth > DEPTH then
        execute.unable(at, "calls deeper than %d", DEPTH)
    end
    self.depth = self.depth + 1
    push(self, true)
    for i, arg in ipairs(node.args) do
        self:declare(arg.name, args[i] or self.g:const(0))
    end
    local result = self:declare(node.name.name)
    self:body(node.body)
    pop(self)
    self.depth = self.depth - 1
    return self.values[result] or self.g:const(0)
end

-- ---- statements

local run_statement = {}

run_statement["local"] = function(run, s)
    for _, id in ipairs(s.list) do
        run:declare(id.name, nil, id.size)
    end
end

function run_statement.assign(run, s)
    if s.prime and s.prime > 0 then
        if not run.hooks.prime then
            execute.unable(s.at, "an equation outside of a solved block")
        end
        run.hooks.prime(run, s, variable_of(run, s.name, s.index, s.at))
        return
    end
    local value = run:value(s.value)
    local variable, own = variable_of(run, s.name, s.index, s.at)
    if own then
        run.values[variable] = value
    else
        run:set(variable, value)
        run.at[variable] = s.at
    end
end

-- What has an effect only outside of the model.
local silent = { printf = true, fprintf = true, prterror = true, error = true }

function run_statement.call(run, s)
    if silent[s.name] or c_random.is_nothing(s.name) then
        return
    elseif s.name == "state_discontinuity" then
        local variable = variable_of(run, s.args[1].name, s.args[1].index, s.at)
        run:set(variable, run:value(s.args[2]))
        return
    elseif run.hooks.call and run.hooks.call(run, s) then
        return
    end
    evaluate.call(run, s)
end

-- Copies what a branch may change.
local function branch(run, condition, body)
    local kept = run.values
    run.values = setmetatable({}, { __index = kept })
    local held = run.condition
    run.condition = run.condition and run.g:logic("and", run.condition, condition) or condition
    push(run)
    run:body(body)
    pop(run)
    run.condition = held
    local values = run.values
    run.values = kept
    return values
end

run_statement["if"] = function(run, s)
    local g = run.g
    local test = g:truth(run:value(s.test))
    if test.op == "const" then
        local body = test.value ~= 0 and s.yes or s.no
        if body then
            push(run)
            run:body(body)
            pop(run)
        end
        return
    end
    local yes = branch(run, test, s.yes)
    local no = branch(run, g:no(test), s.no or {})
    local changed, names = {}, {}
    for _, side in ipairs { yes, no } do
        for name in pairs(side) do
            if not changed[name] then
                changed[name] = true
                names[#names + 1] = name
            end
        end
    end
    table.sort(names)
    local function before(name)
        return run.values[name] or not name:find("`", 1, true) and run:get(name) or g:const(0)
    end
    for _, name in ipairs(names) do
        local a, b = rawget(yes, name) or before(name), rawget(no, name) or before(name)
        local value = g:select(test, a, b)
        if name:find("`", 1, true) then
            run.values[name] = value
        elseif value ~= before(name) then
            run:set(name, value)
        end
    end
end

function run_statement.block(run, s)
    push(run)
    run:body(s.body)
    pop(run)
end

function run_statement.from(run, s)
    local first, last = run:value(s.first), run:value(s.last)
    local by = s.by and run:value(s.by) or run.g:const(1)
    if first.op ~= "const" or last.op ~= "const" or by.op ~= "const" or by.value == 0 then
        execute.unable(s.at, "a loop whose ends are computed")
    end
    if (last.value - first.value) / by.value > 4096 then
        execute.unable(s.at, "a loop of more than 4096 rounds")
    end
    for i = first.value, last.value, by.value do
        push(run)
        run:declare(s.name, run.g:const(i))
        run:body(s.body)
        pop(run)
    end
end

run_statement["while"] = function(run, s)
    for _ = 1, 4096 do
        local test = run.g:truth(run:value(s.test))
        if test.op ~= "const" then
            execute.unable(s.at, "a WHILE loop")
        elseif test.value == 0 then
            return
        end
        push(run)
        run:body(s.body)
        pop(run)
    end
    execute.unable(s.at, "a WHILE loop of more than 4096 rounds")
end

function run_statement.solve(run, s)
    if run.hooks.solve then
        run.hooks.solve(run, s)
    end
end

function run_statement.conserve(run, s)
    if not run.hooks.conserve then
        execute.unable(s.at, "CONSERVE outside of KINETIC")
    end
    run.hooks.conserve(run, s)
end

for _, kind in ipairs { "reaction", "flux", "compartment", "equation", "watch", "for_netcons",
    "net_initial" } do
    run_statement[kind] = function(run, s)
        if not run.hooks[kind] then
            execute.unable(s.at, "a statement of kind %s", kind)
        end
        run.hooks[kind](run, s)
    end
end

local nothing = { table = true, units_on = true, units_off = true, conductance = true,
    mutexlock = true, mutexunlock = true, protect_mark = true, nothing = true }

--- Runs the statements of a body.
function Run:body(body)
    for _, s in ipairs(body) do
        self.steps_run = (self.steps_run or 0) + 1
        if self.steps_run > STATEMENTS or self.g.n > NODES then
            execute.unable(s.at, "more than %d statements, or %d operations", STATEMENTS, NODES)
        end
        local go = run_statement[s.kind]
        if go then
            go(self, s)
        elseif s.kind == "protect" then
            if s.body then
                self:body(s.body)
            elseif s.statement then
                self:body { s.statement }
            end
        elseif s.kind == "verbatim" then
            if not s.idiom or s.idiom == "random" then
                execute.unable(s.at, "VERBATIM")
            end
        elseif not nothing[s.kind] then
            execute.unable(s.at, "a statement of kind %s", s.kind)
        end
    end
end

--- Runs a whole block: its body in a frame of its own.
function Run:block(body)
    push(self, true)
    self:body(body)
    pop(self)
end

--- The variable of a reactant or of another name with an index.
function Run:variable(name, index, at)
    return (variable_of(self, name, index, at))
end

return execute
