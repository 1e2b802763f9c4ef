-- SPDX-License-Identifier: BSD-3-Clause
-- axis: where an axis begins and ends and where its ticks are: at multiples of 1, 2 or 5 times a
-- power of ten, a comfortable distance apart.

local keys = require "hillock.keys"
local text = require "hillock.plot.text"

local axis = {}

-- The least of 1, 2, 5 times a power of ten that is not below x.
local function round_step(x)
    local power = 10 ^ math.floor(math.log(x, 10) + 1e-9)
    for _, m in ipairs { 1, 2, 5, 10 } do
        if m * power >= x * (1 - 1e-9) then
            return m * power
        end
    end
end

--- The least and the greatest of the lists' numbers; nil where there is none.
function axis.extent(lists)
    local low, high
    for _, list in ipairs(lists) do
        for i = 1, #list do
            local x = list[i]
            if x == x and math.abs(x) < math.huge then
                low, high = low and math.min(low, x) or x, high and math.max(high, x) or x
            end
        end
    end
    return low, high
end

--- A span around low to high that data can be seen in: with `margin` of it on each side.
function axis.padded(low, high, margin)
    local span = high - low
    if span <= math.abs(high) * 1e-12 then
        span = math.max(math.abs(high), 1)
        margin = 0.5
    end
    return low - margin * span, high + margin * span
end

-- Multiplies of the step within low and high.
local function multiples(low, high, step)
    local ticks = {}
    for k = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6) do
        ticks[#ticks + 1] = k * step
    end
    return ticks
end

local function decades(a)
    local ticks = {}
    local first = math.ceil(math.log(a.low, 10) - 1e-6)
    for k = first, math.floor(math.log(a.high, 10) + 1e-6) do
        local name = k >= -3 and k <= 3 and text.number(10.0 ^ k, math.max(0, -k)) or text.power(k)
        ticks[#ticks + 1] = { 10.0 ^ k, name }
    end
    return ticks
end

-- The power of ten that numbers of this size are shown without: a multiple of 3, 0 for sizes that
-- are read at a glance.
local function exponent_of(low, high)
    local size = math.max(math.abs(low), math.abs(high))
    if size == 0 or size >= 0.01 and size < 99999 then
        return 0
    end
    return 3 * math.floor(math.log(size, 10) / 3 + 1e-9)
end

-- Ticks that a script gave: numbers, or { number, "label" }.
local function given(list, what)
    local ticks = {}
    for i, tick in ipairs(list) do
        local at, name = tick, nil
        if type(tick) == "table" then
            at, name = tick[1], tick[2]
        end
        keys.value(("%s[%d]"):format(what, i), at, "number")
        ticks[i] = { at, name and tostring(name) or (("%.10g"):format(at):gsub("^-", "−")) }
    end
    return ticks
end

--- Sets ticks of an axis { label =, unit =, low =, high =, log =, list =, whole = } that is
--- `length` pt long: a.ticks = { { where, label }, ... }, and a.exponent.
function axis.ticks(a, length, apart)
    a.exponent = 0
    if a.list then
        a.ticks = given(a.list, a.label or "ticks")
    elseif a.log then
        a.ticks = decades(a)
    else
        local most = math.max(1, math.floor(length / apart))
        local step = round_step(math.max((a.high - a.low) / most, 1e-300))
        if a.whole then
            step = math.max(1, math.floor(step + 0.5))
        end
        a.exponent = exponent_of(a.low, a.high)
        local unit = step / 10.0 ^ a.exponent
        local decimals = math.max(0, -math.floor(math.log(unit, 10) + 1e-9))
        a.ticks = {}
        for i, at in ipairs(multiples(a.low, a.high, step)) do
            a.ticks[i] = { at, text.number(at / 10.0 ^ a.exponent, decimals) }
        end
    end
    return a.ticks
end

--- "gbar (10⁻³ S/cm²)"; nil where the axis has no label.
function axis.title(a)
    if not a.label then
        return nil
    end
    local unit = a.unit and text.unit(a.unit) or ""
    if a.exponent ~= 0 then
        unit = text.power(a.exponent) .. (unit == "" and "" or " " .. unit)
    end
    return unit == "" and a.label or ("%s (%s)"):format(a.label, unit)
end

return axis
