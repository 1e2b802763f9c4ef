-- SPDX-License-Identifier: BSD-3-Clause
-- ranges: how large and how small a value can become, for any voltage from -1000 to 1000 mV and
-- parameters not far from their defaults, so that no product of denominators overflows.
--
-- A range is { lo, hi, lo, hi, sign = }: natural logarithms of the magnitude, where v is far below
-- 0 and where it is far above, and a sign: 1, -1 or nil, and `with` the ids of the factors `bottom`
-- whose sign it has besides, so that terms of one sign are seen not to cancel.

local ranges = {}

local HUGE = math.huge
local LIMIT = 690 -- of the logarithm of what a double holds
local SATURATED = 304 -- of the logarithm of hk_expm1_rate where it no longer grows
local SLACK = 20 -- of an exponential on its falling side
local TINY = -50 -- of what is kept from being 0

local builtins = {
    v = { -HUGE, math.log(1000) }, dt = { math.log(1e-6), math.log(100), sign = 1 },
    celsius = { 0, math.log(60), sign = 1 }, diam = { math.log(1e-3), math.log(1e3), sign = 1 },
    area = { math.log(1e-6), math.log(1e7), sign = 1 }, t = { -HUGE, math.log(1e8) },
}

local function both(lo, hi, sign)
    return { lo, hi, lo, hi, sign = sign, with = "" }
end

--- The default of a parameter, where its maker told.
function ranges.default(node)
    local of = node.of
    return of and (of.value or of.symbol and of.symbol.class == "parameter" and of.symbol.value)
        or nil
end

-- A parameter is taken to be from a twentieth to twenty times its default, and of its sign.
local function of_symbol(node)
    local known = builtins[node.name]
    if known then
        return both(known[1], known[2], known.sign)
    elseif node.level >= 3 then
        return both(-HUGE, math.log(1e5))
    end
    local default = ranges.default(node)
    if not default or default == 0 then
        return both(-7, 7, 1)
    end
    local size = math.log(math.abs(default))
    return both(size - 3, math.max(size + 3, 6), default > 0 and 1 or -1)
end

local function log_add(a, b)
    if a < b then
        a, b = b, a
    end
    return b == -HUGE and a or a + math.log(1 + math.exp(b - a))
end

-- Of a select: that of both, and the bound where it is of the form max(c, x) or min(c, x).
local function of_select(algebra, factor)
    local test, yes, no = table.unpack(factor.args)
    local a, b = ranges.of(algebra, yes), ranges.of(algebra, no)
    local r = { sign = a.sign == b.sign and a.with == b.with and a.sign or nil, with = a.with }
    for i = 1, 3, 2 do
        r[i], r[i + 1] = math.min(a[i], b[i]), math.max(a[i + 1], b[i + 1])
    end
    local op = test.body[1]
    op = test.k == 1 and #test.body == 1 and op.args and op or nil
    if op and #yes.body == 0 and yes.k > 0 and op.args[1] == no and op.args[2] == yes
        and (op.op == "<" or op.op == "<=") then
        r.sign, r.with = 1, ""
        r[1], r[3] = a[1], a[3]
    end
    return r
end

-- The sign of a product of invariants, as their defaults say.
local function sign_of(algebra, body)
    local sign = 1
    for i, factor in ipairs(body) do
        if factor.level < 3 then
            local s = ranges.of_factor(algebra, factor).sign
            if not s then
                return nil
            elseif body.power[i] % 2 ~= 0 then
                sign = sign * s
            end
        end
    end
    return sign
end

--- Does what an exponential is of grow with v? 1 or -1, or nil where that is not known; and the
--- greatest magnitude of it.
local function slope(algebra, direction)
    if direction.bound then
        return direction.slope, direction.bound
    end
    local r = ranges.of(algebra, direction.first)
    direction.bound = math.exp(math.min(math.max(r[2], r[4]), 300)) / math.abs(direction.p)
    for _, factor in ipairs(direction.body) do
        if factor.level >= 3 then
            direction.slope = factor.node and factor.node.name == "v" and factor.node.op == "symbol"
                and sign_of(algebra, direction.body) or nil
        end
    end
    return direction.slope, direction.bound
end

--- exp(p w) of a direction w; top: the logarithm of its greatest value
local function of_exp(algebra, direction, p, most)
    local sign, bound = slope(algebra, direction)
    local size = bound * math.abs(p)
    local up, slack = math.min(size, most), math.min(size, SLACK)
    local grows = { -slack, up }
    local falls = { -size, slack }
    local r
    if not sign then
        r = both(-size, up)
    elseif sign * p > 0 then
        r = { falls[1], falls[2], grows[1], grows[2] }
    else
        r = { grows[1], grows[2], falls[1], falls[2] }
    end
    r.sign, r.with = 1, ""
    return r
end

-- The range of an exponential's power p.
local function of_power(algebra, factor, p)
    local direction = factor.direction
    local saturates = direction.rates[p] or direction.saturated and direction.saturated[p]
    return of_exp(algebra, direction, p, saturates and SATURATED or 709)
end

-- exp(u) - 1, and u, both without their zero.
local function of_rate(algebra, factor)
    if factor.kind == "top" then
        local r = ranges.of(algebra, factor.u)
        return { TINY, math.max(r[2], 0), TINY, math.max(r[4], 0), sign = 1,
            with = factor.pair .. " " }
    end
    local r = of_exp(algebra, factor.direction, factor.p, SATURATED)
    return { TINY, math.max(r[2], 1), TINY, math.max(r[4], 1), sign = 1,
        with = factor.pair .. " " }
end

local positive = { exp = true, pow = true, sqrt = true, fabs = true, exprelr = true }

--- The range of a factor to the power 1.
function ranges.of_factor(algebra, factor)
    local r = factor.range
    if r then
        return r
    elseif factor.kind == "sum" then
        r = ranges.of_sum(algebra, factor)
    elseif factor.kind == "top" or factor.kind == "bottom" then
        r = of_rate(algebra, factor)
    elseif factor.op == "select" and factor.args then
        r = of_select(algebra, factor)
    elseif factor.kind == "exp" then
        r = both(-HUGE, HUGE, 1)
    elseif factor.node and factor.node.op == "symbol" then
        r = of_symbol(factor.node)
    elseif factor.level < 3 then
        local sign = positive[factor.name] and factor.name ~= "pow" and 1
        if factor.name == "pow" then
            local base = factor.node[1]
            sign = (base.op ~= "const" or base.value > 0) and 1
        end
        r = both(-10, 10, sign or nil)
    else
        r = both(-HUGE, HUGE, positive[factor.name] and 1 or nil)
    end
    factor.range = r
    return r
end

-- The ids in the text a number of times that is odd.
local function odd(text)
    local count, list = {}, {}
    for id in text:gmatch "%d+" do
        count[id] = (count[id] or 0) + 1
    end
    for id, n in pairs(count) do
        if n % 2 == 1 then
            list[#list + 1] = id
        end
    end
    table.sort(list)
    return table.concat(list, " ")
end

--- The range of a monomial.
function ranges.of(algebra, mono)
    local size = mono.k == 0 and -HUGE or math.log(math.abs(mono.k))
    local r = both(size, size, mono.k < 0 and -1 or 1)
    local with = ""
    for i, factor in ipairs(mono.body) do
        local p = mono.body.power[i]
        local one
        if factor.kind == "exp" then
            one, p = of_power(algebra, factor, p), 1
        else
            one = ranges.of_factor(algebra, factor)
        end
        for j = 1, 3, 2 do
            local lo, hi = one[j] * p, one[j + 1] * p
            r[j], r[j + 1] = r[j] + math.min(lo, hi), r[j + 1] + math.max(lo, hi)
        end
        if p % 2 == 1 then
            r.sign = r.sign and one.sign and r.sign * one.sign
            with = with .. " " .. one.with
        end
    end
    r.with = odd(with)
    return r
end

--- The logarithms on a side of v (1 or 3), far from where any exp(u) - 1 is 0, of a state that is
--- no smaller than those of gates and concentrations.
---@return number lo
---@return number hi
function ranges.far(algebra, mono, side)
    local lo = math.log(math.abs(mono.k))
    local hi = lo
    for i, factor in ipairs(mono.body) do
        local power = mono.body.power[i]
        local one = factor.kind == "exp" and of_power(algebra, factor, power)
            or ranges.of_factor(algebra, factor)
        local low, high = one[side], one[side + 1]
        if factor.kind == "exp" then
            power = 1
        elseif factor.level < 3 then
            local default = factor.node and ranges.default(factor.node)
            low = default and default ~= 0 and math.log(math.abs(default)) or 0
            high = low
        elseif factor.kind == "top" or factor.kind == "bottom" then
            low, high = 0, factor.kind == "bottom" and high <= SLACK and 0 or high
        elseif low == -HUGE and factor.node and factor.node.op == "symbol" then
            low = -10
        end
        lo, hi = lo + math.min(low * power, high * power), hi + math.max(low * power, high * power)
    end
    return lo, hi
end

--- The range of a sum: where the terms have one sign, it is no smaller than the largest of them.
function ranges.of_sum(algebra, factor)
    local r = both(-HUGE, -HUGE)
    local same, sign, with = true, nil, nil
    for i, term in ipairs(factor.terms) do
        local one = ranges.of(algebra, term)
        if i == 1 then
            sign, with = one.sign, one.with
        end
        same = same and one.sign and one.sign == sign and one.with == with
        for j = 1, 3, 2 do
            r[j] = math.max(r[j], one[j])
            r[j + 1] = log_add(r[j + 1], one[j + 1])
        end
    end
    if same then
        r.sign, r.with = sign, with
    else
        r[1], r[3] = -HUGE, -HUGE
    end
    return r
end

--- Can a double hold it?
function ranges.is_safe(r)
    return r[2] <= LIMIT and r[4] <= LIMIT
end

--- Can a double hold both it and its inverse?
function ranges.is_divisor(r)
    return r[2] <= LIMIT and r[4] <= LIMIT and r[1] >= -LIMIT and r[3] >= -LIMIT
end

return ranges
