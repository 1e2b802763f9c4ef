-- SPDX-License-Identifier: BSD-3-Clause
-- ziggurat: exponential and normal numbers as numpy draws them: the method of Marsaglia & Tsang
-- 2000 (J Stat Softw 5(8)) with 256 layers. A number is a whole one times its layer's width. The
-- widths of the exponential distribution are right to the last bit, as numpy's are; those of the
-- normal distribution are not, nor are numpy's: numbers differ by 1e-14 of their size at most.

local ziggurat = {}

-- ---- numbers of twice a double's digits, as two doubles: Dekker 1971 (Numer Math 18:224)

local function sum(a, b)
    local s = a + b
    local t = s - a
    return s, (a - (s - t)) + (b - t)
end

local function split(a)
    local t = 134217729.0 * a
    local high = t - (t - a)
    return high, a - high
end

local function product(a, b)
    local p, a1, a2 = a * b, split(a)
    local b1, b2 = split(b)
    return p, a2 * b2 - (((p - a1 * b1) - a2 * b1) - a1 * b2)
end

local function add(a, a2, b, b2)
    local s, e = sum(a, b)
    return sum(s, e + a2 + b2)
end

local function multiply(a, a2, b, b2)
    local p, e = product(a, b)
    return sum(p, e + a * b2 + a2 * b)
end

local function divide(a, a2, b, b2)
    local q = a / b
    local p, e = multiply(q, 0.0, b, b2)
    local rest = (a - p) - e + a2
    return sum(q, rest / b)
end

local LN2, LN2_REST = 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56

-- exp(a + a2): by its series for a 256th of what is left of a when multiples of ln 2 are gone.
local function exponential(a, a2)
    local n = math.floor(a / LN2 + 0.5)
    local p, e = multiply(n, 0.0, LN2, LN2_REST)
    local r, r2 = add(a, a2, -p, -e)
    r, r2 = r / 256, r2 / 256
    local s, s2, t, t2 = 1.0, 0.0, 1.0, 0.0
    for k = 1, 10 do
        t, t2 = multiply(t, t2, r, r2)
        t, t2 = divide(t, t2, k, 0.0)
        s, s2 = add(s, s2, t, t2)
    end
    for _ = 1, 8 do
        s, s2 = multiply(s, s2, s, s2)
    end
    return s * 2.0 ^ n, s2 * 2.0 ^ n
end

-- ---- the layers

-- The end of the lowest layer, the solution of the equation that all 256 have one area.
local EXP_END, EXP_REST = 0x1.ec9d9297ebb83p+2, -0x1.a1eb4a1d9ad40p-52
local NORMAL_END, NORMAL_AREA = 3.6541528853610088, 0.0049286732339746519

-- Of each layer: where it ends; the height there.
local function exponential_layers()
    local x, x2 = EXP_END, EXP_REST
    local y, y2 = exponential(-x, -x2)
    local v, v2 = multiply(x, x2, y, y2)
    v, v2 = add(v, v2, y, y2)
    local ends, heights = { [255] = x + x2 }, { [255] = y, [0] = 1.0 }
    local base = divide(v, v2, y, y2)
    for i = 254, 1, -1 do
        local q, q2 = divide(v, v2, x, x2)
        y, y2 = add(y, y2, q, q2)
        local log = -math.log(y)
        local e, e2 = exponential(log, 0.0)
        e, e2 = multiply(e, e2, y, y2) -- 1, but for what the logarithm is off
        x, x2 = sum(log, (1 - e) - e2)
        ends[i], heights[i] = x, y
    end
    ends[0] = base
    return ends, heights
end

local function normal_layers()
    local function height(x)
        return math.exp(-0.5 * x * x)
    end
    local x = NORMAL_END
    local ends, heights = { [255] = x }, { [255] = height(x), [0] = 1.0 }
    ends[0] = NORMAL_AREA / height(x)
    for i = 254, 1, -1 do
        x = math.sqrt(-2 * math.log(NORMAL_AREA / x + heights[i + 1]))
        ends[i], heights[i] = x, height(x)
    end
    return ends, heights
end

-- Tables of layers; `scale` is the number of whole numbers in a width. One below `inside` is in the
-- layer above, too.
local function tables(make, scale)
    local made = { width = {}, inside = {}, scale = scale }
    local ends, heights = make()
    for i = 0, 255 do
        made.width[i] = ends[i] / scale
    end
    made.inside[0], made.inside[1] = ends[255] / ends[0] * scale // 1, 0.0
    for i = 2, 255 do
        made.inside[i] = ends[i - 1] / ends[i] * scale // 1
    end
    made.height = heights
    return made
end

local exponentials, normals

local function between(layers, i, generator)
    local height = layers.height
    return (height[i - 1] - height[i]) * generator:double() + height[i]
end

--- An exponential number of mean 1.
function ziggurat.exponential(generator)
    exponentials = exponentials or tables(exponential_layers, 2.0 ^ 53)
    while true do
        local bits = generator:bits() >> 3
        local i, whole = bits & 0xff, (bits >> 8) + 0.0
        local x = whole * exponentials.width[i]
        if whole < exponentials.inside[i] then
            return x
        elseif i == 0 then
            return EXP_END - math.log(1 - generator:double())
        elseif between(exponentials, i, generator) < math.exp(-x) then
            return x
        end
    end
end

-- Beyond the lowest layer.
local function tail(generator)
    while true do
        local x = -math.log(1 - generator:double()) / NORMAL_END
        local y = -math.log(1 - generator:double())
        if y + y > x * x then
            return NORMAL_END + x
        end
    end
end

--- A normal number of mean 0 and standard deviation 1.
function ziggurat.normal(generator)
    normals = normals or tables(normal_layers, 2.0 ^ 52)
    while true do
        local bits = generator:bits()
        local i, rest = bits & 0xff, bits >> 8
        local negative, whole = rest & 1 == 1, rest >> 1 & 0xfffffffffffff
        local x = whole * normals.width[i]
        if whole < normals.inside[i] then
            return negative and -x or x
        elseif i == 0 then
            x = tail(generator)
            return whole >> 8 & 1 == 1 and -x or x
        elseif between(normals, i, generator) < math.exp(-0.5 * x * x) then
            return negative and -x or x
        end
    end
end

return ziggurat
