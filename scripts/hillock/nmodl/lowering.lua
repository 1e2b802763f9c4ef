-- SPDX-License-Identifier: BSD-3-Clause
-- lowering: nodes of the graph for normal forms, as few and as cheap as the plan (divisions,
-- exponentials) says. What does not vary is one product, so that it can be computed once.

local divisions = require "hillock.nmodl.divisions"
local graph = require "hillock.nmodl.graph"
local monomial = require "hillock.nmodl.monomial"
local ranges = require "hillock.nmodl.ranges"

local lowering = {}

local Lowering = {}
Lowering.__index = Lowering

local DYNAMIC = graph.DYNAMIC
local TINY = 0x1p-70

--- Lowers the normal forms of an algebra into its graph; plan: of divisions.plan.
function lowering.new(algebra, plan)
    return setmetatable({ g = algebra.g, algebra = algebra, plan = plan, monos = {}, factors = {} },
        Lowering)
end

local function power(self, node, n)
    if n == math.floor(n) and n >= 1 then
        return self.g:pow(node, self.g:const(n))
    end
    return self.g:call("pow", node, self.g:const(n))
end

-- The node of u, but for 0 a number so small that exp(u) - 1 is the same: 1 is their quotient.
-- (Were both 1 there, gcc would take what they are factors of apart into two cases.)
local function away_from_zero(self, u)
    local g, node = self.g, self:mono(u)
    return g:select(g:compare("==", node, g:const(0)), g:const(TINY), node)
end

-- The exponential that hk_expm1_rate gives with all powers of p of a direction: { u, exp(u) - 1,
-- what exp(u) is of X^p }.
local function primary(self, direction, p)
    local rate = direction.rates[p]
    if not rate.value then
        local found
        for _, pair in ipairs(rate) do
            if not found or pair.offset == self.algebra.unit then
                found = pair
            end
        end
        rate.u, rate.offset = found.u, found.offset
        rate.node = away_from_zero(self, found.u)
        rate.value = self.g:call("hk_expm1_rate", rate.node)
    end
    return rate
end

-- X^p.
local function exponential(self, factor, p)
    local g, direction = self.g, factor.direction
    local plan = direction.plan[p]
    if plan.rate then
        local rate = primary(self, direction, plan.rate)
        local x = g:add(rate.value, g:const(1))
        if direction.exact then
            x = g:select(g:compare("<", rate.node, g:const(0)),
                g:call("hk_exp_flush", rate.node), x)
        end
        if rate.offset ~= self.algebra.unit then
            x = g:mul(x, self:mono(self.algebra:inverse(rate.offset)))
        end
        return power(self, x, plan.n)
    end
    local u = self:mono(self.algebra:scale(direction.first, plan.base / direction.p))
    if plan.saturates then
        return g:add(g:call("hk_expm1_rate", u), g:const(1))
    end
    return power(self, g:call("hk_exp_flush", u), plan.n)
end

-- `top` and `bottom` of another exponent, off by an invariant: exp(u) - 1 is, but for a number, the
-- first one's exponential less 1. Near 0 it is the series of u/(exp(u) - 1) over 1, both times what
-- is at hand: of a number, gcc would make two cases.
local function shifted(self, factor, rate, off)
    local g, algebra = self.g, self.algebra
    local u = g:add(rate.node, self:mono(off))
    local by = algebra:mul(factor.offset, algebra:inverse(rate.offset))
    local e = g:mul(g:add(rate.value, g:const(1)), self:mono(by))
    local near = g:compare("<", g:call("fabs", u), g:const(0.02))
    local square = g:mul(u, u)
    local at_hand = g:sub(g:const(1 / 12), g:mul(g:const(1 / 720), square))
    local series = g:add(g:sub(g:const(1), g:mul(g:const(0.5), u)), g:mul(square, at_hand))
    return g:select(near, g:mul(series, at_hand), u), g:select(near, at_hand, g:sub(e, g:const(1)))
end

-- `top` and `bottom`.
local function quotient(self, factor)
    local g, algebra = self.g, self.algebra
    local rate = primary(self, factor.direction, factor.p)
    local u, e = rate.node, rate.value
    if rate.u ~= factor.u then
        local scale = 1 / factor.p
        local off = algebra:scale(algebra:sub(algebra:scale(factor.u, scale),
            algebra:scale(rate.u, scale)), factor.p)
        if off.level < DYNAMIC then
            return shifted(self, factor, rate, off)
        end
        u = away_from_zero(self, factor.u)
        e = g:call("hk_expm1_rate", u)
    end
    return u, e
end

-- The node of a sum: what is common to all instances first, then what is an instance's own.
local function sum(self, factor)
    local g = self.g
    local nodes = { {}, {} }
    for _, term in ipairs(factor.terms) do
        local size = self.algebra:scale(term, term.k < 0 and -1 or 1)
        local node = self:mono(size)
        table.insert(nodes[term.level >= DYNAMIC and 2 or 1],
            term.k < 0 and self.g:neg(node) or node)
    end
    table.sort(nodes[1], function(a, b) return a.level < b.level end)
    local total
    for _, node in ipairs(nodes[1]) do
        total = total and g:add(total, node) or node
    end
    for _, node in ipairs(nodes[2]) do
        if total and total.op == "const" and node.op == "+" and (node[1].op == "const"
            or node[2].op == "const") then -- 1 + (e + 1)
            local i = node[1].op == "const" and 1 or 2
            total = g:add(node[3 - i], g:const(node[i].value + total.value))
        else
            total = total and g:add(total, node) or node
        end
    end
    return total
end

-- The node of a factor to the power 1.
local function base(self, factor)
    local found = self.factors[factor]
    if found then
        return found
    end
    local g = self.g
    if factor.kind == "sum" then
        found = sum(self, factor)
    elseif factor.kind == "top" or factor.kind == "bottom" then
        local top, bottom = quotient(self, factor)
        found = factor.kind == "top" and top or bottom
    elseif factor.node then
        found = factor.node
    else
        local args = {}
        for i, arg in ipairs(factor.args) do
            args[i] = self:mono(arg)
        end
        local op = factor.op
        if op == "call" then found = g:call(factor.name, table.unpack(args))
        elseif op == "opaque" then
            found = g:opaque(factor.name, factor.level, table.unpack(args))
        elseif op == "select" then found = g:select(args[1], args[2], args[3])
        elseif op == "not" then found = g:no(args[1])
        elseif op == "and" or op == "or" then found = g:logic(op, args[1], args[2])
        else found = g:compare(op, args[1], args[2])
        end
    end
    self.factors[factor] = found
    return found
end

-- A factor to a power that is no division.
local function raised(self, factor, p)
    if factor.kind == "exp" then
        return exponential(self, factor, p)
    end
    return power(self, base(self, factor), p)
end

local function multiply(self, list)
    local total
    for _, node in ipairs(list) do
        total = total and self.g:mul(total, node) or node
    end
    return total
end

-- What does not vary, as factors: one, or two where an instance's own is a bare symbol.
local function invariants(self, mono)
    local g = self.g
    local nodes = { { g:const(mono.k) }, {} }
    local under = { {}, {} }
    for i, factor in ipairs(mono.body) do
        if factor.level < DYNAMIC then
            local p = mono.body.power[i]
            local at = factor.level >= graph.INSTANCE and 2 or 1
            table.insert((p > 0 and nodes or under)[at], power(self, base(self, factor),
                math.abs(p)))
        end
    end
    local list = {}
    for at = 1, 2 do
        local node = multiply(self, nodes[at])
        local divisor = multiply(self, under[at])
        if divisor then
            node = g:div(node or g:const(1), divisor)
        end
        list[at] = node
    end
    local own, all = list[2], list[1]
    if not own then
        return all
    elseif own.op == "symbol" and mono.level >= DYNAMIC then
        return all, own
    end
    return g:mul(all, own)
end

local function rank(factor)
    return factor.kind == "sum" and 1 or 0
end

-- The node list with a sign taken out of a difference.
local function flip(self, list)
    for i, node in ipairs(list) do
        if node.op == "-" then
            list[i] = self.g:neg(node)
            return true
        end
    end
end

-- The factors over the line, sums last.
local function over(self, mono, divisor)
    local list, under = {}, divisor and monomial.map(divisor) or {}
    for i, factor in ipairs(mono.body) do
        if factor.level >= DYNAMIC and not under[factor] then
            list[#list + 1] = { factor, mono.body.power[i], i }
        end
    end
    table.sort(list, function(a, b)
        local x, y = rank(a[1]), rank(b[1])
        return x < y or x == y and a[3] < b[3]
    end)
    local nodes, sums = {}, {}
    for _, item in ipairs(list) do
        table.insert(rank(item[1]) == 1 and sums or nodes, raised(self, item[1], item[2]))
    end
    if mono.k < 0 and flip(self, sums) then
        mono = self.algebra:scale(mono, -1)
    end
    local all, own = invariants(self, mono)
    local out = { multiply(self, nodes) }
    if all.op ~= "const" or all.value ~= 1 then
        out[#out + 1] = all
    end
    out[#out + 1] = own
    for _, node in ipairs(sums) do
        out[#out + 1] = node
    end
    return out
end

-- A product of dynamic factors with positive powers.
local function denominator(self, mono)
    local list = {}
    for i, factor in ipairs(mono.body) do
        list[i] = raised(self, factor, mono.body.power[i])
    end
    return multiply(self, list)
end

-- What a denominator lacks of its group's: 1/denominator = rest/group.
local function rest_of(self, entry)
    if not entry.rest then
        local rest = monomial.map(entry.group.mono)
        for i, factor in ipairs(entry.mono.body) do
            rest[factor] = rest[factor] - entry.mono.body.power[i]
        end
        entry.rest = self.algebra:product(1, rest)
    end
    return entry.rest
end

-- A quotient by a denominator that others have too, or that shares its division. The division is
-- the last to be known: all else is multiplied before, where that cannot leave the range.
local function shared(self, mono, nodes, entry)
    local g, group, rest = self.g, entry.group, rest_of(self, entry)
    group.value = group.value or g:div(g:const(1), denominator(self, group.mono))
    if #rest.body == 0 then
        local product = multiply(self, nodes)
        return product and g:mul(product, group.value) or group.value
    end
    local other = denominator(self, rest)
    local product = self.algebra:mul(mono, self.algebra:mul(entry.mono, rest))
    if ranges.is_safe(ranges.of(self.algebra, product)) then
        table.insert(nodes, other)
        return g:mul(multiply(self, nodes), group.value)
    end
    table.insert(nodes, 1, g:mul(other, group.value))
    return multiply(self, nodes)
end

--- The node of a normal form.
function Lowering:mono(mono)
    local found = self.monos[mono]
    if found then
        return found
    end
    local g = self.g
    local divisor = divisions.of(self.algebra, mono)
    local nodes = over(self, mono, divisor)
    if not divisor then
        found = multiply(self, nodes) or g:const(1)
    else
        local entry = self.plan[divisor]
        if not entry or entry.uses == 1 and entry.group.members == 1 then
            found = g:div(multiply(self, nodes) or g:const(1), denominator(self, divisor))
        else
            found = shared(self, mono, nodes, entry)
        end
    end
    self.monos[mono] = found
    return found
end

return lowering
