-- SPDX-License-Identifier: BSD-3-Clause
-- monomial: expressions as products of factors, k f1^n1 f2^n2 ..., and sums of such products, in a
-- form in which equal ones are the same table. Nothing is multiplied out: a sum is a factor.
--
-- A factor is { kind =, id =, level =, ... }:
--
--     node   a symbol, a function's value, a comparison or a select: op, name, node (a leaf of the
--            graph) or args (monomials)
--     sum    terms: monomials, the first of them (in `lead`) with k = 1 or -1 where there is one
--     exp    exp(p (w + w0)) is the p-th power, p any number: see exponentials
--     top, bottom    u and exp(u) - 1, both 1 at u = 0: see exponentials
--
-- A body is the product without its number k: { list of factors, power = {number}, id =, level = }.
-- A monomial is { k =, body = }.

local ranges = require "hillock.nmodl.ranges"

local monomial = {}

local DYNAMIC = 3 -- graph.DYNAMIC

local Algebra = {}
Algebra.__index = Algebra
monomial.Algebra = Algebra

--- An algebra over a graph.
function monomial.new(g)
    local self = setmetatable({ g = g, factors = {}, bodies = {}, monos = {}, n = 0,
        directions = {} }, Algebra)
    self.unit = self:product(1, {})
    self.zero = self:product(0, {})
    return self
end

--- The factor of this key, made where it is new; level: that of what it is made of.
function Algebra:factor(key, make)
    local factor = self.factors[key]
    if not factor then
        factor = make
        self.n = self.n + 1
        factor.id = self.n
        self.factors[key] = factor
    end
    return factor
end

local function by_id(a, b)
    return a.id < b.id
end

-- The power of an exponential as it is already known, but for rounding.
local function same_power(factor, power)
    factor.powers = factor.powers or {}
    for _, known in ipairs(factor.powers) do
        if math.abs(power - known) <= 1e-12 * math.abs(known) then
            return known
        end
    end
    table.insert(factor.powers, power)
    return power
end

-- The body of a table from factor to power.
local function body_of(self, map)
    local list = {}
    for factor, power in pairs(map) do
        if math.abs(power) > 1e-12 then
            list[#list + 1] = factor
        end
    end
    table.sort(list, by_id)
    local texts, power, level = {}, {}, 0
    for i, factor in ipairs(list) do
        power[i] = map[factor]
        if factor.kind == "exp" then
            power[i] = same_power(factor, power[i])
        end
        texts[i] = ("%d^%.11g"):format(factor.id, power[i])
        level = math.max(level, factor.level)
    end
    local key = table.concat(texts, " ")
    local body = self.bodies[key]
    if not body then
        self.n = self.n + 1
        list.power, list.level, list.id = power, level, self.n
        self.bodies[key] = list
        body = list
    end
    return body
end

local function make(self, k, body)
    local key = ("%d %.15g"):format(body.id, k)
    local mono = self.monos[key]
    if not mono then
        self.n = self.n + 1
        mono = { k = k, body = body, id = self.n, level = body.level }
        self.monos[key] = mono
    end
    return mono
end

--- k times the factors to their powers.
function Algebra:product(k, map)
    if math.abs(math.abs(k) - 1) < 1e-15 then -- 1.9 (1/1.9)
        k = k < 0 and -1 or 1
    end
    return make(self, k + 0.0, body_of(self, k == 0 and {} or map))
end

--- A factor to a power.
function Algebra:of(factor, power)
    return self:product(1, { [factor] = power or 1 })
end

function Algebra:const(k)
    return self:product(k, {})
end

function Algebra:scale(mono, k)
    return k == 0 and self.zero or make(self, mono.k * k, mono.body)
end

--- The factors of a monomial: a table from factor to power.
function monomial.map(mono)
    local map = {}
    for i, factor in ipairs(mono.body) do
        map[factor] = mono.body.power[i]
    end
    return map
end

--- Is it a number?
function monomial.is_const(mono)
    return #mono.body == 0
end

--- The only factor, where the monomial is one to the power 1 times a number.
function monomial.single(mono)
    local body = mono.body
    return #body == 1 and body.power[1] == 1 and body[1] or nil
end

--- a b.
function Algebra:mul(a, b)
    if a.k == 0 or b.k == 0 then
        return self.zero
    elseif #b.body == 0 then
        return self:scale(a, b.k)
    elseif #a.body == 0 then
        return self:scale(b, a.k)
    end
    local map = monomial.map(a)
    for i, factor in ipairs(b.body) do
        map[factor] = (map[factor] or 0) + b.body.power[i]
    end
    return self:relative(self:product(a.k * b.k, map))
end

-- The p-th power without a look inside of the sums.
local function plain_power(self, mono, p)
    local map = {}
    for i, factor in ipairs(mono.body) do
        map[factor] = mono.body.power[i] * p
    end
    return self:product(mono.k ^ p, map)
end

-- ---- sums

-- Like terms added; a term that is nothing but a sum gives its own terms.
local function collect(self, list)
    local sums, sizes, order = {}, {}, {}
    local function add(mono, sign)
        local inner = monomial.single(mono)
        if inner and inner.kind == "sum" and math.abs(mono.k) == 1 then
            for _, term in ipairs(inner.terms) do
                add(term, sign * mono.k)
            end
            return
        end
        local body = mono.body
        if not sums[body] then
            order[#order + 1] = body
        end
        sums[body] = (sums[body] or 0) + sign * mono.k
        sizes[body] = math.max(sizes[body] or 0, math.abs(mono.k))
    end
    for _, mono in ipairs(list) do
        add(mono, 1)
    end
    local terms = {}
    for _, body in ipairs(order) do
        if math.abs(sums[body]) > 4e-16 * sizes[body] then
            terms[#terms + 1] = make(self, sums[body], body)
        end
    end
    return terms
end

-- The factors that all terms have: their least powers, of one sign.
local function common_factors(terms)
    local common = monomial.map(terms[1])
    for i = 2, #terms do
        local map = monomial.map(terms[i])
        for factor, power in pairs(common) do
            local other = map[factor] or 0
            if power * other <= 0 then
                common[factor] = nil
            elseif math.abs(other) < math.abs(power) then
                common[factor] = other
            end
        end
    end
    return common
end

-- The common factors without the invariant ones, where each term that varies has others: what is
-- computed once then costs nothing as a part of them.
local function without_own(terms, common)
    local level = 0
    for _, term in ipairs(terms) do
        level = math.max(level, term.level)
    end
    if level < DYNAMIC then
        return common
    end
    for _, term in ipairs(terms) do
        local has = false
        for i, factor in ipairs(term.body) do
            if factor.level < DYNAMIC then
                has = has or term.body.power[i] ~= common[factor]
            end
        end
        if not has and (term.level >= DYNAMIC or #term.body > 0) then
            return common
        end
    end
    for factor in pairs(common) do
        if factor.level < DYNAMIC then
            common[factor] = nil
        end
    end
    return common
end

-- The sum's number: the terms are divided by it. That of the first term that varies and has 1 or
-- -1, or else of the first that varies.
local function leading(terms)
    local level = 0
    for _, term in ipairs(terms) do
        level = math.max(level, term.level)
    end
    local first
    for _, term in ipairs(terms) do
        if term.level == level then
            if math.abs(term.k) == 1 then
                return term.k
            end
            first = first or term.k
        end
    end
    return first
end

local function by_body(a, b)
    return a.body.id < b.body.id
end

--- Is this factor's power a division?
function monomial.divides(factor, power)
    return power < 0 and factor.level >= DYNAMIC and factor.kind ~= "exp"
end

-- What the denominators of the terms have together.
local function denominators(terms)
    local map = {}
    for _, term in ipairs(terms) do
        for i, factor in ipairs(term.body) do
            local power = term.body.power[i]
            if monomial.divides(factor, power) then
                map[factor] = math.max(map[factor] or 0, -power)
            end
        end
    end
    return map
end

-- How many terms have a denominator.
local function count_quotients(terms)
    local n = 0
    for _, term in ipairs(terms) do
        local divided = false
        for i, factor in ipairs(term.body) do
            divided = divided or monomial.divides(factor, term.body.power[i])
        end
        n = n + (divided and 1 or 0)
    end
    return n
end

-- A sum with one denominator: sum = new sum / denominator. Not where that leaves the range.
local function pulled(self, factor)
    if factor.pulled then
        return factor.pulled
    end
    factor.pulled = self:of(factor)
    local map = denominators(factor.terms)
    if next(map) then
        local by, terms = self:product(1, map), {}
        for i, term in ipairs(factor.terms) do
            terms[i] = self:mul(term, by)
        end
        local over = self:add(terms)
        if ranges.is_safe(ranges.of(self, over)) then
            factor.pulled = self:mul(over, plain_power(self, by, -1))
        end
    end
    return factor.pulled
end

--- The sum of a list of monomials, a monomial.
function Algebra:add(list)
    local terms = collect(self, list)
    if #terms < 2 then
        return terms[1] or self.zero
    end
    local common = without_own(terms, common_factors(terms))
    if next(common) then
        local inverse = {}
        for factor, power in pairs(common) do
            inverse[factor] = -power
        end
        local by = self:product(1, inverse)
        for i, term in ipairs(terms) do
            terms[i] = self:mul(term, by)
        end
        return self:mul(self:product(1, common), self:add(terms))
    end
    table.sort(terms, by_body)
    local k = leading(terms)
    local ids, level = {}, 0
    for i, term in ipairs(terms) do
        terms[i] = make(self, term.k / k, term.body)
        ids[i] = terms[i].id
        level = math.max(level, term.level)
    end
    local factor = self:factor("+ " .. table.concat(ids, " "),
        { kind = "sum", terms = terms, level = level })
    if factor.is_divisor or count_quotients(terms) > 1 then
        return self:scale(pulled(self, factor), k)
    end
    return self:product(k, { [factor] = 1 })
end

--- 1 / mono.
function Algebra:inverse(mono)
    local out = self:const(1 / mono.k)
    for i, factor in ipairs(mono.body) do
        local power, part = mono.body.power[i], nil
        if power > 0 and factor.kind == "sum" and factor.level >= DYNAMIC then
            local inner = pulled(self, factor)
            if inner ~= self:of(factor) and not factor.is_divisor then
                factor.is_divisor, self.again = true, true
            end
            part = plain_power(self, inner, -power)
        elseif power == 1 and factor.op == "select" and factor.args then
            part = self:inverse_select(factor)
        end
        out = self:mul(out, part or self:of(factor, -power))
    end
    return out
end

--- a - b.
function Algebra:sub(a, b)
    return self:add { a, self:scale(b, -1) }
end

return monomial
