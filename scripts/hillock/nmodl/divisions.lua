-- SPDX-License-Identifier: BSD-3-Clause
-- divisions: which products of denominators there are in a set of normal forms, and which share one
-- division: 1/a = b r and 1/b = a r of r = 1/(a b), where a b can neither overflow nor vanish.

local exponentials = require "hillock.nmodl.exponentials"
local monomial = require "hillock.nmodl.monomial"
local ranges = require "hillock.nmodl.ranges"

local divisions = {}

-- Calls visit for what a factor is made of.
local function inside(factor, visit)
    if factor.kind == "sum" then
        for _, term in ipairs(factor.terms) do
            visit(term, factor)
        end
    elseif factor.kind == "exp" then
        visit(factor.direction.first)
    elseif factor.kind == "top" or factor.kind == "bottom" then
        visit(factor.u)
    elseif factor.args then
        for _, arg in ipairs(factor.args) do
            visit(arg)
        end
    end
end

-- Is it exp(u) - 1, but for a factor?
local function is_expm1(sum)
    local a, b = sum.terms[1], sum.terms[2]
    return #sum.terms == 2 and math.abs(a.k) == 1 and math.abs(b.k) == 1 and a.k ~= b.k
        and (#a.body == 0 or #b.body == 0)
end

-- The directions of the exponentials in a sum: two of them, and none may saturate, as the quotient
-- of two that do would be wrong. bare: those in a term that stands beside no other of their own.
local function look_at_sum(sum, mixed, bare)
    local found, count = {}, 0
    for _, term in ipairs(sum.terms) do
        for _, factor in ipairs(term.body) do
            if factor.kind == "exp" and not found[factor.direction] then
                found[factor.direction] = 0
                count = count + 1
            end
        end
    end
    for direction in pairs(found) do
        mixed[direction] = mixed[direction] or count > 1
        direction.sums = direction.sums + (is_expm1(sum) and 0 or 1)
        local without = false
        for _, term in ipairs(sum.terms) do
            local has = false
            for _, factor in ipairs(term.body) do
                has = has or factor.direction == direction
            end
            without = without or not has
        end
        bare[direction] = bare[direction] or not without
    end
end

-- The powers of each direction that are in use: a list of { direction =, used = {[p] = "sum" where
-- it is in a term of a sum, else "product"}, mixed =, bare = }.
local function uses(roots)
    local list, of, seen, mixed, bare, places = {}, {}, {}, {}, {}, {}
    local function use_of(direction)
        if not of[direction] then
            of[direction] = { direction = direction, used = {} }
            list[#list + 1] = of[direction]
            direction.rates = {}
        end
        return of[direction]
    end
    local function visit(mono, sum)
        if sum and not seen[sum] then
            seen[sum] = true
            look_at_sum(sum, mixed, bare)
        end
        for i, factor in ipairs(mono.body) do
            if factor.kind == "exp" then
                places[#places + 1] = { sum = sum, mono = mono }
                local used, power = use_of(factor.direction).used, mono.body.power[i]
                used[power] = (sum or used[power] == "sum") and "sum" or "product"
                bare[factor.direction] = bare[factor.direction] or not sum
            end
        end
        if seen[mono] then
            return
        end
        seen[mono] = true
        for _, factor in ipairs(mono.body) do
            inside(factor, visit)
            if factor.kind == "top" or factor.kind == "bottom" then
                local rates = use_of(factor.direction).direction.rates
                rates[factor.p] = rates[factor.p] or {}
                table.insert(rates[factor.p], factor)
            end
        end
    end
    for _, root in ipairs(roots) do
        visit(root)
    end
    for _, use in ipairs(list) do
        use.mixed, use.bare = mixed[use.direction], bare[use.direction]
    end
    return list, places
end

local MARGIN = 14 -- of logarithms

-- The monomial without the power of a direction's exponential that it has, or nil.
local function without(algebra, mono, direction)
    local map = monomial.map(mono)
    if map[direction.factor] then
        map[direction.factor] = nil
        return algebra:product(mono.k, map)
    end
end

-- X = 1 + (exp(u) - 1) is right to 1e-16 of 1, not of itself. Is that too little for an X that
-- stands in this monomial, or in a term of this sum, where X is small? It is not where another term
-- is far larger there, or where a product stays small with an X of 1e-16.
local function is_too_coarse(algebra, direction, sum, mono)
    local p = monomial.map(mono)[direction.factor]
    if not p or not exponentials.rate_of(direction, p) then
        return false
    end
    local rest = without(algebra, mono, direction)
    local x = ranges.of(algebra, algebra:of(direction.factor, p))
    for j = 1, 3, 2 do
        if x[j] < -2 * MARGIN then -- it falls there
            local _, size = ranges.far(algebra, rest, j)
            local solid = not sum and size < MARGIN / 2
            for _, other in ipairs(sum and sum.terms or {}) do
                if not without(algebra, other, direction) then
                    solid = solid or ranges.far(algebra, other, j) > size - MARGIN
                end
            end
            if not solid then
                return true
            end
        end
    end
    return false
end

-- Which directions of a rate need exponentials of their own.
local function find_coarse(algebra, list, places)
    for _, use in ipairs(list) do
        local direction = use.direction
        direction.exact = false
        if next(direction.rates) and next(use.used) then
            for _, place in ipairs(places) do
                direction.exact = direction.exact
                    or is_too_coarse(algebra, direction, place.sum, place.mono)
            end
        end
    end
end

local ENOUGH = 8 -- products that a division in place of an exponential must save

-- exp(-u) as a division by exp(u), where that is there and is far from 0, and both are powers of
-- one.
local function divide_by(algebra, use)
    local direction, used = use.direction, use.used
    direction.divided = {}
    if next(direction.rates) then
        return
    end
    local over, under = {}, {}
    for p in pairs(used) do
        table.insert(p * direction.p > 0 and over or under, p)
    end
    for _, p in ipairs(under) do
        local inverse = algebra:of(direction.factor, -p)
        local q = inverse.body.power[1]
        local all = used[q] and over or { q, table.unpack(over) }
        if used[p] == "product" and #over > 0
            and ranges.is_divisor(ranges.of(algebra, inverse))
            and exponentials.cost(all) + ENOUGH <= exponentials.cost(over)
                + exponentials.cost { p } then
            direction.divided[p] = q
            used[p] = nil
            used[q] = used[q] or "product"
            over = all
        end
    end
end

-- Which exponentials of a use may saturate: nothing but 1 + exp(u) is made of them. It is done
-- where they could else leave the range, and for exp(u) - 1.
local function saturate(algebra, use)
    local direction = use.direction
    direction.saturated = {}
    for p in pairs(use.used) do
        local plan = direction.plan[p]
        local r = ranges.of(algebra, algebra:of(direction.factor, p))
        if not plan.rate and plan.n == 1 and not use.mixed and not use.bare
            and (r[2] > 300 or r[4] > 300 or direction.sums == 0) then
            direction.saturated[p] = true
            plan.saturates = true
        end
    end
    for _, plan in pairs(direction.plan) do -- a base that others are powers of stays
        if plan.saturates then
            for p, other in pairs(direction.plan) do
                if other ~= plan and other.base == plan.base then
                    direction.saturated[p], direction.saturated[plan.base] = nil, nil
                    plan.saturates = nil
                end
            end
        end
    end
end

-- The ranges of sums anew: what saturates is known now.
local function forget_ranges(algebra)
    for _, factor in pairs(algebra.factors) do
        factor.range = nil
    end
end

--- The denominator of a product: a monomial, or nil.
function divisions.of(algebra, mono)
    local found = algebra.denominators[mono]
    if found == nil then
        local map
        for i, factor in ipairs(mono.body) do
            local power = mono.body.power[i]
            if monomial.divides(factor, power) or factor.kind == "exp"
                and factor.direction.divided and factor.direction.divided[power] then
                map = map or {}
                map[factor] = factor.kind == "exp" and factor.direction.divided[power] or -power
            end
        end
        found = map and algebra:product(1, map) or false
        algebra.denominators[mono] = found
    end
    return found
end

-- The denominators of all products in the roots: a list of { mono =, uses =, depth = }, those that
-- others are made of with a smaller depth.
local function list_of(algebra, roots)
    local list, of, depths = {}, {}, {}
    local visit
    local function depth_inside(mono)
        local depth = 0
        for _, factor in ipairs(mono.body) do
            inside(factor, function(inner)
                depth = math.max(depth, visit(inner))
            end)
        end
        return depth
    end
    function visit(mono)
        local depth = depths[mono.body]
        if depth then
            return depth
        end
        depth = depth_inside(mono)
        local divisor = divisions.of(algebra, mono)
        if divisor then
            local entry = of[divisor]
            if not entry then
                entry = { mono = divisor, uses = 0, depth = depth_inside(divisor) + 1 }
                of[divisor] = entry
                list[#list + 1] = entry
            end
            entry.uses = entry.uses + 1
            depth = math.max(depth, entry.depth)
        end
        depths[mono.body] = depth
        return depth
    end
    for _, root in ipairs(roots) do
        visit(root)
    end
    return list
end

-- The least product that both divide.
local function least_common(algebra, a, b)
    local map = monomial.map(a)
    for i, factor in ipairs(b.body) do
        map[factor] = math.max(map[factor] or 0, b.body.power[i])
    end
    return algebra:product(1, map)
end

-- Puts denominators together, up to `most`: each entry gets a `group`, { mono = their product, n =
-- }.
local function group(algebra, list, most)
    for i, entry in ipairs(list) do
        local found
        for j = i - 1, 1, -1 do
            local other = list[j].group
            if not found and other.depth == entry.depth then
                local product = least_common(algebra, other.mono, entry.mono)
                local same = product == other.mono or product == entry.mono
                if (same or other.n < most)
                    and ranges.is_divisor(ranges.of(algebra, product)) then
                    other.mono, other.n, found = product, other.n + (same and 0 or 1), other
                    other.members = other.members + 1
                end
            end
        end
        entry.group = found or { mono = entry.mono, n = 1, depth = entry.depth, members = 1 }
    end
end

--- Decides of the normal forms of all roots how exponentials and quotients are computed. Returns a
--- table from denominator to { mono =, uses =, group = }.
function divisions.plan(algebra, roots, most)
    algebra.denominators = {}
    local used, places = uses(roots)
    find_coarse(algebra, used, places)
    for _, use in ipairs(used) do
        divide_by(algebra, use)
        exponentials.plan(use.direction, use.used)
        saturate(algebra, use)
    end
    forget_ranges(algebra)
    local list, of = list_of(algebra, roots), {}
    group(algebra, list, most)
    for _, entry in ipairs(list) do
        of[entry.mono] = entry
    end
    return of
end

return divisions
