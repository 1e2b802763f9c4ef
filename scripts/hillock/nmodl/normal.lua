-- SPDX-License-Identifier: BSD-3-Clause
-- normal: the normal form (monomial, exponentials) of the graph's expressions, and what is known of
-- select there: the guard of a singularity that the normal form has not, and the inverse.

local graph = require "hillock.nmodl.graph"
local monomial = require "hillock.nmodl.monomial"
local ranges = require "hillock.nmodl.ranges"
require "hillock.nmodl.exponentials"

local normal = {}

local Algebra = monomial.Algebra
local DYNAMIC = graph.DYNAMIC

-- A function of monomials, a comparison, or a select.
local function apply(self, op, name, level, args)
    local ids = {}
    for i, arg in ipairs(args) do
        ids[i] = arg.id
    end
    return self:of(self:factor(("%s %s %s"):format(op, name or "", table.concat(ids, " ")),
        { kind = "node", op = op, name = name, level = level, args = args }))
end

local function leaf(self, node)
    return self:of(self:factor("leaf " .. node.id, { kind = "node", op = node.op,
        name = node.name, node = node, level = node.level }))
end

-- Has it a factor u/(exp(u) - 1)? Returns u's.
local function find_rate(mono, seen)
    seen = seen or {}
    for _, factor in ipairs(mono.body) do
        if factor.kind == "bottom" then
            return factor
        elseif factor.kind == "sum" and not seen[factor] then
            seen[factor] = true
            for _, term in ipairs(factor.terms) do
                local found = find_rate(term, seen)
                if found then
                    return found
                end
            end
        end
    end
end

local function symbols_of(node, list, seen)
    if not seen[node] then
        seen[node] = true
        if node.op == "symbol" then
            list[#list + 1] = node
        end
        for i = 1, #node do
            symbols_of(node[i], list, seen)
        end
    end
    return list
end

-- Numbers of no meaning, the same in every run.
local function draws(seed)
    local state = seed
    return function()
        state = (state * 6364136223846793005 + 1442695040888963407)
        return (state >> 33) / 2 ^ 31
    end
end

-- Values of symbols for a trial: parameters near their defaults.
local function values_of(list, seed)
    local draw, values = draws(seed), {}
    for _, node in ipairs(list) do
        local default = ranges.default(node)
        if default and default ~= 0 then
            values[node.name] = default * (0.9 + 0.2 * draw())
        elseif node.level < DYNAMIC then
            values[node.name] = 0.5 + 2 * draw()
        else
            values[node.name] = -60 + 120 * draw()
        end
    end
    return values
end
normal.values_of, normal.symbols_of = values_of, symbols_of

-- The graph's own node of u or -u, of which exp is taken.
local function node_of(self, u)
    return self.nodes_of[u] or self.nodes_of[self:scale(u, -1)]
end

-- Is `select` but the guard of main's singularity, where u is 0? yes: main is where the test holds.
-- Seen from some values: far from u = 0 the test always leads to main, at it the series is main's
-- limit.
local function is_guard(self, node, yes, u)
    local main, series = node[yes and 2 or 3], node[yes and 3 or 2]
    local at = node_of(self, u)
    if not at then
        return false
    end
    local list = symbols_of(node, {}, {})
    for seed = 1, 3 do
        local values = values_of(list, seed)
        local by
        for _, symbol in ipairs(symbols_of(at, {}, {})) do
            by = symbol.level >= DYNAMIC and symbol.name or by
        end
        if not by then
            return false
        end
        local function value(of, x)
            values[by] = x
            return graph.evaluate(of, values)
        end
        local zero, slope = 0.0, nil
        for _ = 1, 3 do -- u is nearly always a straight line
            local here = value(at, zero)
            slope = value(at, zero + 0.5) - value(at, zero - 0.5)
            if slope == 0 or slope ~= slope then
                return false
            end
            zero = zero - here / slope
        end
        local step = 1e-3 / slope
        local limit = (value(main, zero - step) + value(main, zero + step)) / 2
        local off = math.abs(value(series, zero) - limit)
        if off ~= off or off > 1e-5 * math.abs(limit) then
            return false
        end
        for _, away in ipairs { -30, -3, -0.5, 0.5, 3, 30 } do
            if (value(node[1], zero + away / slope) ~= 0) ~= yes then
                return false
            end
        end
    end
    return true
end

local function select_of(self, node)
    local test, yes, no = self:normal(node[1]), self:normal(node[2]), self:normal(node[3])
    if yes == no then
        return yes
    end
    for i, main in ipairs { yes, no } do
        local rate = find_rate(main)
        if rate and main ~= (i == 1 and no or yes) then
            local fine, guard = pcall(is_guard, self, node, i == 1, rate.u)
            if fine and guard then
                return main
            end
        end
    end
    local inner = monomial.single(yes)
    if inner and inner.op == "select" and inner.args and inner.args[1] == test and yes.k == 1 then
        yes = inner.args[2]
    end
    inner = monomial.single(no)
    if inner and inner.op == "select" and inner.args and inner.args[1] == test and no.k == 1 then
        no = inner.args[3]
    end
    return apply(self, "select", nil, node.level, { test, yes, no })
end

-- The number of divisions in a product.
local function divisions(mono)
    for i, factor in ipairs(mono.body) do
        if monomial.divides(factor, mono.body.power[i]) then
            return 1
        end
    end
    return 0
end

local flipped = { ["<"] = ">", [">"] = "<", ["<="] = ">=", [">="] = "<=" }

--- 1 / select, as a monomial: the least and the greatest of two positive values turn round; else
--- the select of the inverses, where that has fewer divisions.
function Algebra:inverse_select(factor)
    local test, yes, no = table.unpack(factor.args)
    local other_yes, other_no = self:inverse(yes), self:inverse(no)
    local before = divisions(yes) + divisions(no) + 1
    local after = divisions(other_yes) + divisions(other_no)
    local by = monomial.single(test)
    if by and flipped[by.op] and by.args and test.k == 1 then
        local left, right = by.args[1], by.args[2]
        local a, b = ranges.of(self, yes), ranges.of(self, no)
        if (left == yes and right == no or left == no and right == yes) and a.sign == 1
            and b.sign == 1 and a.with == "" and b.with == "" then
            test = apply(self, flipped[by.op], nil, by.level,
                { self:inverse(left), self:inverse(right) })
            after = after - divisions(yes) - divisions(no)
        end
    end
    if after < before and (after < before - 1 or after == 0 or before > 1) then
        return apply(self, "select", nil, factor.level, { test, other_yes, other_no })
    end
end

local function call_of(self, node)
    local args = {}
    for i = 1, #node do
        args[i] = self:normal(node[i])
    end
    if node.name == "exp" then
        if not self.nodes_of[args[1]] then
            self.nodes_of[args[1]] = node[1]
        end
        return self:exp(args[1])
    elseif node.name == "exprelr" then
        return self:exprelr(args[1])
    end
    if node.name == "fabs" then
        args[1] = self:scale(args[1], args[1].k < 0 and -1 or 1)
    end
    return apply(self, "call", node.name, node.level, args)
end

local function normal_of(self, node)
    local op, a, b = node.op, node[1], node[2]
    if op == "const" then
        return self:const(node.value)
    elseif op == "+" then
        return self:add { self:normal(a), self:normal(b) }
    elseif op == "-" then
        return self:sub(self:normal(a), self:normal(b))
    elseif op == "*" then
        return self:mul(self:normal(a), self:normal(b))
    elseif op == "/" then
        return self:mul(self:normal(a), self:inverse(self:normal(b)))
    elseif op == "neg" then
        return self:scale(self:normal(a), -1)
    elseif op == "symbol" or node.level < DYNAMIC and op ~= "call" then
        return leaf(self, node)
    elseif op == "call" and (node.level >= DYNAMIC or node.name == "exp") then
        return call_of(self, node)
    elseif op == "select" then
        return select_of(self, node)
    elseif op == "opaque" or op == "call" and node.level < DYNAMIC then
        if node.level < DYNAMIC then
            return leaf(self, node)
        end
    end
    local args = {}
    for i = 1, #node do
        args[i] = self:normal(node[i])
    end
    return apply(self, op, node.name, node.level, args)
end

--- The normal form of a node.
function Algebra:normal(node)
    local mono = self.normals[node]
    if not mono then
        mono = normal_of(self, node)
        self.normals[node] = mono
    end
    return mono
end

-- The exponentials of exp(u) - 1 first: the others of their directions are told by them.
local function prepare(self, roots)
    local list, seen = {}, {}
    local function go(node)
        if seen[node] then
            return seen[node] == 2
        end
        local has = node.op == "call" and node.name == "exp"
        seen[node] = has and 2 or 1
        local inner = false
        for i = 1, #node do
            inner = go(node[i]) or inner
        end
        if node.op == "-" and node.level >= DYNAMIC then
            for i = 1, 2 do
                local exp, one = node[i], node[3 - i]
                if exp.name == "exp" and exp.op == "call" and one.op == "const"
                    and one.value == 1 and seen[exp] == 2 then
                    list[#list + 1] = exp
                end
            end
        end
        return has or inner
    end
    for _, root in ipairs(roots) do
        go(root)
    end
    for _, exp in ipairs(list) do
        if not self.holds_exp(exp[1]) then
            self:normal(exp)
        end
    end
end

--- An algebra in which the normal forms of the roots are kept.
function normal.new(g, roots)
    local self = monomial.new(g)
    self.normals, self.nodes_of = {}, {}
    local holds = {}
    function self.holds_exp(node)
        if holds[node] == nil then
            local found = node.op == "call" and node.name == "exp"
            for i = 1, #node do
                found = self.holds_exp(node[i]) or found
            end
            holds[node] = found
        end
        return holds[node]
    end
    prepare(self, roots)
    return self
end

return normal
