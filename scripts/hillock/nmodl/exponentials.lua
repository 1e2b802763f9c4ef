-- SPDX-License-Identifier: BSD-3-Clause
-- exponentials: exp(u) as a factor with a power, so that exp(-u), exp(2u) and exp(u + c) are made
-- of one; and u/(exp(u) - 1), whose value at 0 is 1, with both quotients of alpha and beta out of
-- the same exponential.
--
-- A direction is what exponents have in common but for a number and an offset: of (v + 40)/10 and
-- -(v + 35)/20 it is v; of (v - v12)/k it is v/k. exp(u) of u = p (w + w0) + d is X^p exp(d), where
-- X is the direction's factor and w0 the offset of the first exponent that was met.
--
-- u/(exp(u) - 1) is the factor `top`, which is u, over `bottom`, which is exp(u) - 1: both are 1
-- where u is 0.

local monomial = require "hillock.nmodl.monomial"

local exponentials = {}

local Algebra = monomial.Algebra
local DYNAMIC = 3

-- u = p w + offset: p, the body of w, and the offset, a monomial.
local function split(self, u)
    local sum, rest
    for i, factor in ipairs(u.body) do
        if factor.level >= DYNAMIC then
            if sum or factor.kind ~= "sum" or u.body.power[i] ~= 1 then
                return u.k, u.body, self.zero
            end
            sum = factor
        end
    end
    rest = monomial.map(u)
    rest[sum] = nil
    rest = self:product(u.k, rest)
    local fixed, varied = {}, {}
    for _, term in ipairs(sum.terms) do
        table.insert(term.level >= DYNAMIC and varied or fixed, term)
    end
    local w = self:mul(rest, self:add(varied))
    return w.k, w.body, self:mul(rest, self:add(fixed))
end

local function new_direction(self, key, u, p, body, offset)
    local direction = { body = body, p = p, first = u, at = self:scale(offset, 1 / p), rates = {},
        id = self.n }
    direction.factor = self:factor("exp " .. key, { kind = "exp", direction = direction,
        level = body.level })
    self.directions[key] = direction
    return direction
end

-- exp of an invariant difference of offsets; nil where it is too large.
local function constant(self, d)
    if d.k == 0 then
        return self.unit
    elseif monomial.is_const(d) then
        if math.abs(d.k) > 200 then
            return nil
        end
        return self:const(math.exp(d.k))
    end
    return self:of(self:factor("call exp " .. d.id, { kind = "node", op = "call", name = "exp",
        args = { d }, level = d.level }))
end

--- exp(u).
function Algebra:exp(u)
    if u.k == 0 then
        return self.unit
    elseif u.level < DYNAMIC then
        return self:of(self:factor("call exp " .. u.id, { kind = "node", op = "call",
            name = "exp", args = { u }, level = u.level }))
    end
    local p, body, offset = split(self, u)
    local key, direction, by = tostring(body.id), nil, nil
    repeat
        direction = self.directions[key] or new_direction(self, key, u, p, body, offset)
        by = constant(self, self:sub(offset, self:scale(direction.at, p)))
        key = key .. "'" -- too far from the first
    until by
    local value = self:mul(by, self:of(direction.factor, p))
    direction.list = direction.list or {}
    direction.list[value] = u
    return value
end

-- Of a sum of two terms that is c (exp(u) - 1): u, exp(u) and c.
local function expm1_of(self, sum)
    if sum.expm1 == nil then
        sum.expm1 = false
        local a, b = sum.terms[1], sum.terms[2]
        if #sum.terms == 2 and (a.level < DYNAMIC or b.level < DYNAMIC) then
            if a.level >= DYNAMIC then
                a, b = b, a
            end
            local c = self:scale(a, -1)
            local ratio = self:mul(b, self:inverse(c))
            local last = ratio.body[#ratio.body]
            for _, factor in ipairs(ratio.body) do
                last = factor.kind == "exp" and factor or last
            end
            for value, u in pairs(last and last.kind == "exp" and last.direction.list or {}) do
                if value.body == ratio.body and math.abs(value.k / ratio.k - 1) < 1e-13 then
                    sum.expm1 = { u = u, value = value, c = c }
                end
            end
        end
    end
    return sum.expm1
end

local function minus(self, u)
    return self:scale(u, -1)
end

--- u/(exp(u) - 1).
function Algebra:exprelr(u)
    if u.k == 0 then
        return self.unit
    elseif u.level < DYNAMIC then
        return self:of(self:factor("call exprelr " .. u.id, { kind = "node", op = "call",
            name = "exprelr", args = { u }, level = u.level }))
    end
    local value = self:exp(u)
    local direction, p, offset
    for i, factor in ipairs(value.body) do
        if factor.kind == "exp" and factor.level == value.level then
            direction, p = factor.direction, value.body.power[i]
        end
    end
    if p * direction.p < 0 then -- exprelr(u) = exp(-u) exprelr(-u)
        return self:mul(self:exp(minus(self, u)), self:exprelr(minus(self, u)))
    end
    offset = self:mul(value, self:of(direction.factor, -p)) -- exp(u) = offset X^p
    direction.rates[p] = direction.rates[p] or {}
    local pair = ("%d"):format(u.id)
    local function make(kind)
        return self:factor(kind .. " " .. u.id, { kind = kind, u = u, p = p, offset = offset,
            direction = direction, level = u.level, pair = pair, rates = true })
    end
    local top, bottom = make "top", make "bottom"
    return self:product(1, { [top] = 1, [bottom] = -1 })
end

--- A product in which u over exp(u) - 1 is seen, or the inverse.
function Algebra:relative(mono)
    for i, sum in ipairs(mono.body) do
        local power = mono.body.power[i]
        if sum.kind == "sum" and (power == 1 or power == -1) and sum.level >= DYNAMIC then
            local found = expm1_of(self, sum)
            local varied = found and found.u.body
            local linear, at
            for j, factor in ipairs(varied or {}) do
                if factor.level >= DYNAMIC then
                    linear, at = not linear and factor or false, varied.power[j]
                end
            end
            for j, factor in ipairs(mono.body) do
                if linear and factor == linear and at == 1 and mono.body.power[j] * power <= -1 then
                    local map = monomial.map(mono)
                    map[sum] = nil
                    map[linear] = map[linear] + power
                    local rest = self:product(mono.k, map)
                    -- linear = u / scale
                    local scale = monomial.map(found.u)
                    scale[linear] = nil
                    local c = self:mul(found.c, self:product(found.u.k, scale))
                    local value = self:exprelr(found.u)
                    if power < 0 then
                        c = self:inverse(c)
                    else
                        value = self:inverse(value)
                    end
                    return self:mul(self:mul(rest, c), value)
                end
            end
        end
    end
    return mono
end

-- ---- how they are computed

-- How many products the n-th power takes, others of the same base being there.
local function cost(n)
    local products = -1
    while n > 0 do
        products = products + 1 + n % 2
        n = n // 2
    end
    return products
end

local EXP = 19 -- products in the time of an exponential

-- The whole numbers of which a and b are multiples, or nil: a/b = n/m.
local function ratio(a, b)
    for m = 1, 40 do
        local n = a / b * m
        local whole = math.floor(n + 0.5)
        if whole >= 1 and whole <= 40 and math.abs(n - whole) < 1e-12 * whole then
            return whole, m
        end
    end
end

local function gcd(a, b)
    return b == 0 and a or gcd(b, a % b)
end

-- Adds the power p to a group { base =, n = {[p] = n} }, where that is cheaper than an exponential.
local function join(group, p)
    local a, m = ratio(p, group.base)
    if not a then
        return false
    end
    local n, total = {}, 0
    n[p] = a
    for q, k in pairs(group.n) do
        n[q] = k * m
    end
    local common
    for _, k in pairs(n) do
        common = gcd(k, common or k)
    end
    local before = 0
    for q, k in pairs(n) do
        n[q] = k // common
        total = total + cost(n[q])
        before = before + (group.n[q] and cost(group.n[q]) or 0)
        if n[q] > 32 then
            return false
        end
    end
    if total - before > 12 then
        return false
    end
    group.base, group.n = p / n[p], n
    return true
end

-- The powers of one sign in groups.
local function grouped(list)
    table.sort(list, function(a, b) return math.abs(a) > math.abs(b) end)
    local groups = {}
    for _, p in ipairs(list) do
        local found = false
        for _, group in ipairs(groups) do
            found = found or join(group, p)
        end
        if not found then
            groups[#groups + 1] = { base = p, n = { [p] = 1 } }
        end
    end
    return groups
end

--- Decides how each power of a direction that is in use (`used`: a set) is computed: in `plan`, by
--- power, { rate = the power that hk_expm1_rate gives, n = } or { base =, n = }.
function exponentials.plan(direction, used)
    local plan, rest = {}, { {}, {} }
    for p in pairs(direction.rates) do
        plan[p] = { rate = p, n = 1 }
    end
    for p in pairs(used) do
        if not plan[p] then
            for q in pairs(direction.rates) do
                local n = p / q
                if n > 0 and n <= 8 and math.abs(n - math.floor(n + 0.5)) < 1e-12 then
                    plan[p] = { rate = q, n = math.floor(n + 0.5) }
                end
            end
            if not plan[p] then
                table.insert(rest[p > 0 and 1 or 2], p)
            end
        end
    end
    for _, list in ipairs(rest) do
        for _, group in ipairs(grouped(list)) do
            for p, n in pairs(group.n) do
                plan[p] = { base = group.base, n = n }
            end
        end
    end
    direction.plan = plan
end

return exponentials
