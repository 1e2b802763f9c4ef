-- SPDX-License-Identifier: BSD-3-Clause
-- graph: expressions as a graph in which equal ones are one node (hash consing), so that what a MOD
-- file computes twice is computed once, and comparing two expressions is comparing two tables.
--
-- A node is { op =, id =, level =, [1], [2], ... its arguments }:
--
--     const    value =
--     symbol   name =, and what its maker says of it in `of`
--     + - * /  two arguments;   neg  one
--     < <= > >= == !=   two;   and  or  two;   not  one: 1 or 0
--     select   condition, value if it is not 0, value else: both are computed
--     call     name =, arguments: a function of C's library, or of hillock/math.h
--     opaque   name =, arguments: a function of which nothing is known but that it has no effect
--
-- `level` says what a value depends on, the greatest of its symbols': CONST, COMMON (celsius, dt,
--     select   condition, the value where it is not 0, the value else: both are computed
-- DYNAMIC (v, states, t).

local derivative = require "hillock.nmodl.derivative"

local graph = {}

graph.CONST, graph.COMMON, graph.INSTANCE, graph.DYNAMIC = 0, 1, 2, 3

local Graph = {}
Graph.__index = Graph

--- A graph without nodes.
function graph.new()
    return setmetatable({ nodes = {}, n = 0 }, Graph)
end

-- The node of this key, made where it is new.
local function intern(self, key, make)
    local node = self.nodes[key]
    if not node then
        node = make
        self.n = self.n + 1
        node.id = self.n
        local level = node.level or 0
        for i = 1, #node do
            level = math.max(level, node[i].level)
        end
        node.level = level
        self.nodes[key] = node
    end
    return node
end

local function number_key(value)
    if value ~= value then
        return "nan"
    end
    return ("%a"):format(value)
end

--- A number.
function Graph:const(value)
    value = value + 0.0
    return intern(self, "# " .. number_key(value), { op = "const", value = value })
end

--- A variable of this name; `level` and `of` count when it is made first.
function Graph:symbol(name, level, of)
    return intern(self, "$ " .. name, { op = "symbol", name = name, level = level, of = of })
end

local function binary(self, op, a, b)
    return intern(self, op .. " " .. a.id .. " " .. b.id, { op = op, a, b })
end

local function unary(self, op, a)
    return intern(self, op .. " " .. a.id, { op = op, a })
end

local function is(node, value)
    return node.op == "const" and node.value == value
end

local function both_const(a, b)
    return a.op == "const" and b.op == "const"
end

function Graph:neg(a)
    if a.op == "const" then
        return self:const(-a.value)
    elseif a.op == "neg" then
        return a[1]
    elseif a.op == "-" then
        return self:sub(a[2], a[1])
    elseif a.op == "*" and a[1].op == "const" then
        return self:mul(self:const(-a[1].value), a[2])
    end
    return unary(self, "neg", a)
end

function Graph:add(a, b)
    if both_const(a, b) then
        return self:const(a.value + b.value)
    elseif is(a, 0) then
        return b
    elseif is(b, 0) then
        return a
    elseif b.op == "neg" then
        return self:sub(a, b[1])
    elseif a.op == "neg" then
        return self:sub(b, a[1])
    elseif b.op == "const" and b.value < 0 then
        return self:sub(a, self:const(-b.value))
    end
    if a.id > b.id then
        a, b = b, a
    end
    return binary(self, "+", a, b)
end

function Graph:sub(a, b)
    if both_const(a, b) then
        return self:const(a.value - b.value)
    elseif is(b, 0) then
        return a
    elseif is(a, 0) then
        return self:neg(b)
    elseif a == b then
        return self:const(0)
    elseif b.op == "neg" then
        return self:add(a, b[1])
    elseif b.op == "const" and b.value < 0 then
        return self:add(a, self:const(-b.value))
    end
    return binary(self, "-", a, b)
end

function Graph:mul(a, b)
    if both_const(a, b) then
        return self:const(a.value * b.value)
    elseif is(a, 0) or is(b, 0) then
        return self:const(0)
    elseif is(a, 1) then
        return b
    elseif is(b, 1) then
        return a
    elseif is(a, -1) then
        return self:neg(b)
    elseif is(b, -1) then
        return self:neg(a)
    elseif a.op == "neg" and a.level >= b.level then -- else its sign costs nothing: it is hoisted
        return self:neg(self:mul(a[1], b))
    elseif b.op == "neg" and b.level >= a.level then
        return self:neg(self:mul(a, b[1]))
    elseif b.op == "const" then
        a, b = b, a
    end
    if a.op == "const" and b.op == "*" and b[1].op == "const" then
        return self:mul(self:const(a.value * b[1].value), b[2])
    elseif a.op ~= "const" and a.id > b.id then
        a, b = b, a
    end
    return binary(self, "*", a, b)
end

function Graph:div(a, b)
    if both_const(a, b) and b.value ~= 0 then
        return self:const(a.value / b.value)
    elseif is(a, 0) and b.op ~= "const" then
        return a
    elseif is(b, 1) then
        return a
    elseif b.op == "const" and b.value ~= 0 then
        return self:mul(self:const(1 / b.value), a)
    elseif a.op == "neg" then
        return self:neg(self:div(a[1], b))
    elseif b.op == "neg" then
        return self:neg(self:div(a, b[1]))
    elseif a.op == "/" and b.op == "/" and a[2] == b[2] then
        return self:div(a[1], b[1])
    elseif b.op == "/" then
        return self:div(self:mul(a, b[2]), b[1])
    end
    return binary(self, "/", a, b)
end

-- a to the n-th, n > 0, by squaring.
local function whole_power(self, a, n)
    if n == 1 then
        return a
    end
    local half = whole_power(self, a, n // 2)
    local square = self:mul(half, half)
    return n % 2 == 1 and self:mul(square, a) or square
end

function Graph:pow(a, b)
    if both_const(a, b) then
        return self:const(a.value ^ b.value)
    elseif b.op == "const" then
        local n = b.value
        if n == 0 then
            return self:const(1)
        elseif n == math.floor(n) and math.abs(n) <= 32 then
            local power = whole_power(self, a, math.tointeger(math.abs(n)))
            return n > 0 and power or self:div(self:const(1), power)
        elseif n == 0.5 then
            return self:call("sqrt", a)
        end
    end
    return intern(self, ("pow %d %d"):format(a.id, b.id), { op = "call", name = "pow", a, b })
end

-- What numbers give.
local known = {
    exp = math.exp, sqrt = math.sqrt, fabs = math.abs, sin = math.sin, cos = math.cos,
    tan = math.tan, asin = math.asin, acos = math.acos, fmod = math.fmod,
    atan = function(x) return math.atan(x) end,
    atan2 = function(y, x) return math.atan(y, x) end,
    log = function(x) return math.log(x) end,
    log10 = function(x) return math.log(x, 10) end,
    floor = function(x) return x < 2 ^ 53 and x > -2 ^ 53 and math.floor(x) + 0.0 or x end,
    ceil = function(x) return x < 2 ^ 53 and x > -2 ^ 53 and math.ceil(x) + 0.0 or x end,
    pow = function(x, y) return x ^ y end,
    sinh = function(x) return (math.exp(x) - math.exp(-x)) / 2 end,
    cosh = function(x) return (math.exp(x) + math.exp(-x)) / 2 end,
    tanh = function(x)
        local e = math.exp(-2 * math.abs(x))
        return (x < 0 and -1 or 1) * (1 - e) / (1 + e)
    end,
    exprelr = function(x) -- Kahan: what rounding does to exp(x) it does to its logarithm
        local u = math.exp(x)
        return u == 1 and 1.0 or (math.abs(x) < 1 and math.log(u) or x) / (u - 1)
    end,
    min = math.min, max = math.max,
}

-- Those of hillock/math.h that have names of their own there.
known.hk_exp_flush = function(x) return x < -708.3964185322641 and 0.0 or math.exp(x) end
known.hk_expm1_rate = function(x)
    local u = math.exp(math.min(x, 299.7))
    if u == 1 then
        return x
    end
    return math.abs(x) < 1 and (u - 1) * (x / math.log(u)) or u - 1
end

--- A function of the table above, by C's name; exprelr is x/(exp(x) - 1).
function Graph:call(name, ...)
    local args = { ... }
    if name == "pow" then
        return self:pow(args[1], args[2])
    elseif name == "exp" and is(args[1], 0) then
        return self:const(1)
    end
    local values, ids = {}, {}
    for i, node in ipairs(args) do
        values[i] = node.op == "const" and node.value or nil
        ids[i] = node.id
    end
    if #values == #args and known[name] and name ~= "sinh" and name ~= "cosh" and name ~= "tanh"
    then
        local value = known[name](table.unpack(values))
        if value == value and value ~= math.huge and value ~= -math.huge then
            return self:const(value)
        end
    end
    args.op, args.name = "call", name
    return intern(self, name .. " " .. table.concat(ids, " "), args)
end

--- A function that the graph does not know; level: the least that its value has.
function Graph:opaque(name, level, ...)
    local args = { ... }
    local ids = {}
    for i, node in ipairs(args) do
        ids[i] = node.id
    end
    args.op, args.name, args.level = "opaque", name, level
    return intern(self, "opaque " .. name .. " " .. table.concat(ids, " "), args)
end

local compare = {
    ["<"] = function(a, b) return a < b end,
    ["<="] = function(a, b) return a <= b end,
    [">"] = function(a, b) return a > b end,
    [">="] = function(a, b) return a >= b end,
    ["=="] = function(a, b) return a == b end,
    ["!="] = function(a, b) return a ~= b end,
}

function Graph:compare(op, a, b)
    if both_const(a, b) then
        return self:const(compare[op](a.value, b.value) and 1 or 0)
    end
    return binary(self, op, a, b)
end

-- Is it 1 or 0?
local function is_truth(node)
    local op = node.op
    return compare[op] or op == "and" or op == "or" or op == "not"
        or op == "const" and (node.value == 0 or node.value == 1)
end

--- 1 where a is not 0, else 0.
function Graph:truth(a)
    return is_truth(a) and a or self:compare("!=", a, self:const(0))
end

function Graph:logic(op, a, b)
    a, b = self:truth(a), self:truth(b)
    if a.op == "const" or b.op == "const" then
        local fixed, other = a, b
        if a.op ~= "const" then
            fixed, other = b, a
        end
        if op == "and" then
            return fixed.value == 0 and fixed or other
        end
        return fixed.value == 0 and other or fixed
    end
    return a == b and a or binary(self, op, a, b)
end

function Graph:no(a)
    a = self:truth(a)
    if a.op == "const" then
        return self:const(1 - a.value)
    elseif a.op == "not" then
        return a[1]
    end
    return unary(self, "not", a)
end

function Graph:select(condition, yes, no)
    condition = self:truth(condition)
    if condition.op == "const" then
        return condition.value ~= 0 and yes or no
    elseif yes == no then
        return yes
    elseif condition.op == "not" then
        return self:select(condition[1], no, yes)
    end
    return intern(self, ("select %d %d %d"):format(condition.id, yes.id, no.id),
        { op = "select", condition, yes, no })
end

-- Makes a node anew of other arguments.
local function remake(self, node, args)
    local op = node.op
    local a, b = args[1], args[2]
    if op == "+" then return self:add(a, b)
    elseif op == "-" then return self:sub(a, b)
    elseif op == "*" then return self:mul(a, b)
    elseif op == "/" then return self:div(a, b)
    elseif op == "neg" then return self:neg(a)
    elseif op == "not" then return self:no(a)
    elseif op == "and" or op == "or" then return self:logic(op, a, b)
    elseif op == "select" then return self:select(a, b, args[3])
    elseif op == "call" then return self:call(node.name, table.unpack(args))
    elseif op == "opaque" then return self:opaque(node.name, node.level, table.unpack(args))
    elseif compare[op] then return self:compare(op, a, b)
    end
    return node
end

--- The expression with other nodes for some: `with` is a table from node to node.
function Graph:substitute(node, with, done)
    done = done or {}
    local function go(at)
        local found = with[at] or done[at]
        if found then
            return found
        end
        local args, changed = {}, false
        for i = 1, #at do
            args[i] = go(at[i])
            changed = changed or args[i] ~= at[i]
        end
        found = changed and remake(self, at, args) or at
        done[at] = found
        return found
    end
    return go(node)
end

--- Does the expression have this node in it? seen: what is known already.
function graph.depends(node, on, seen)
    seen = seen or {}
    local function go(at)
        if at == on then
            return true
        elseif seen[at] ~= nil then
            return seen[at]
        end
        local found = false
        for i = 1, #at do
            found = go(at[i]) or found
        end
        seen[at] = found
        return found
    end
    return go(node)
end

--- The derivative of an expression by a symbol. Returns nil and a function's name where it has none
--- that is known. seen: what is known already of who depends on `by`, as graph.depends has it.
function Graph:derivative(node, by, seen)
    return derivative.of(self, node, by, seen or {}, graph.depends)
end

--- The value, with numbers for symbols by name; for tests.
function graph.evaluate(node, symbols, opaque)
    local done = {}
    local function go(at)
        local value = done[at]
        if value then
            return value
        end
        local op, a, b = at.op, at[1] and go(at[1]), at[2] and go(at[2])
        if op == "const" then value = at.value
        elseif op == "symbol" then
            value = symbols[at.name] or error("no value for " .. at.name)
        elseif op == "+" then value = a + b
        elseif op == "-" then value = a - b
        elseif op == "*" then value = a * b
        elseif op == "/" then value = a / b
        elseif op == "neg" then value = -a
        elseif op == "not" then value = a == 0 and 1 or 0
        elseif op == "and" then value = a ~= 0 and b ~= 0 and 1 or 0
        elseif op == "or" then value = (a ~= 0 or b ~= 0) and 1 or 0
        elseif op == "select" then value = a ~= 0 and b or a == 0 and go(at[3])
        elseif compare[op] then value = compare[op](a, b) and 1 or 0
        elseif op == "call" then value = known[at.name](a, b)
        else value = opaque[at.name](a, b)
        end
        done[at] = value
        return value
    end
    return go(node)
end

return graph
