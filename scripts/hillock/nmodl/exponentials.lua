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
        sums = 0 }
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
    local key = tostring(body.id)
    local direction, by
    while not by do
        direction = self.directions[key] or new_direction(self, key, u, p, body, offset)
        by = constant(self, self:sub(offset, self:scale(direction.at, p)))
        key = key .. "'" -- too far from the first
    end
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

local EXP = 19 -- products in the time of an exponential
local MOST = 32 -- the highest power of a base

-- Counts in `made` the powers of which the n-th is made, as Graph:pow does; returns the products.
local function products(n, made)
    if n == 1 or made[n] then
        return 0
    end
    made[n] = true
    local below = n % 2 == 1 and not made[n - 1]
    made[n - 1] = made[n - 1] or below
    return products(n // 2, made) + 1 + (below and 1 or 0)
end

-- The whole numbers of which a and b are multiples, or nil: a/b = n/m.
local function ratio(a, b)
    for m = 1, MOST do
        local n = a / b * m
        local whole = math.floor(n + 0.5)
        if whole >= 1 and whole <= MOST and math.abs(n - whole) < 1e-12 * whole then
            return whole, m
        end
    end
end

local function gcd(a, b)
    return b == 0 and a or gcd(b, a % b)
end

-- A list of powers as those of one base: { base =, n = {[p] = n}, cost = }, or nil.
local function group_of(list)
    local n, times = { [list[1]] = 1 }, 1
    for i = 2, #list do
        local a, m = ratio(list[i], list[1])
        if not a then
            return nil
        end
        n[list[i]] = a / m -- of the first
        times = times * m // gcd(times, m)
    end
    local common
    for p, share in pairs(n) do
        n[p] = math.floor(share * times + 0.5)
        common = gcd(n[p], common or n[p])
    end
    local made, cost = {}, EXP
    for p in pairs(n) do
        n[p] = n[p] // common
        if n[p] > MOST then
            return nil
        end
        cost = cost + products(n[p], made)
    end
    return { base = list[1] / n[list[1]], n = n, cost = cost }
end

-- The cheapest groups of powers of one sign. Few are tried in every way.
local function grouped(list)
    table.sort(list)
    local best, parts = nil, {}
    local function try(i)
        if i > #list then
            local total, groups = 0, {}
            for j, part in ipairs(parts) do
                groups[j] = group_of(part)
                if not groups[j] then
                    return
                end
                total = total + groups[j].cost
            end
            if not best or total < best.cost then
                best = { cost = total, groups = groups }
            end
            return
        end
        for j = 1, #parts + 1 do
            if j <= #parts and (#list <= 5 or j == #parts) or j == #parts + 1 then
                parts[j] = parts[j] or {}
                table.insert(parts[j], list[i])
                try(i + 1)
                table.remove(parts[j])
                if #parts[j] == 0 then
                    parts[j] = nil
                end
            end
        end
    end
    if #list > 10 then
        best = { groups = {} }
        for i, p in ipairs(list) do
            best.groups[i] = group_of { p }
        end
    else
        try(1)
    end
    return best.groups
end

--- What the powers of one sign in a list cost, in products.
function exponentials.cost(list)
    local total = 0
    for _, group in ipairs(grouped({ table.unpack(list) })) do
        total = total + group.cost
    end
    return total
end

--- The power whose exponential less 1 is computed, and of which p is the n-th; nil where there is
--- none.
function exponentials.rate_of(direction, p)
    for q in pairs(direction.rates) do
        local n = math.floor(p / q + 0.5)
        if n >= 1 and n <= 8 and math.abs(p / q - n) < 1e-12 then
            return q, n
        end
    end
end

--- Decides how each power of a direction that is in use (`used`: a set) is computed: in `plan`, by
--- power, { rate = the power that hk_expm1_rate gives, n = } or { base =, n = }.
function exponentials.plan(direction, used)
    local plan, rest = {}, { {}, {} }
    for p in pairs(direction.rates) do
        plan[p] = { rate = p, n = 1 }
    end
    for p in pairs(used) do
        local q, n = exponentials.rate_of(direction, p)
        if q then
            plan[p] = { rate = q, n = n }
        elseif not plan[p] then
            table.insert(rest[p > 0 and 1 or 2], p)
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
