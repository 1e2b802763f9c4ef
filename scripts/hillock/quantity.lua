-- SPDX-License-Identifier: BSD-3-Clause
-- quantity: numbers with a unit in a text, "300 pA", as numbers in another unit, 0.3 nA. The names
-- of units are those of nmodl/unit_table.lua, where the compiler of MOD files looks them up.

local units = require "hillock.nmodl.units"

local quantity = {}

local family

-- How units are written by hand, as the table has them.
local function plain_unit(text)
    text = text:gsub("\u{b5}", "u"):gsub("\u{3bc}", "u"):gsub("\u{2126}", "ohm")
        :gsub("\u{3a9}", "ohm"):gsub("\u{b0}C", "degC"):gsub("\u{b2}", "2"):gsub("\u{b3}", "3")
    return (text:gsub("%^(%d)", "%1"):gsub("[*\u{b7}]", "-"))
end

local function parse(text)
    family = family or units.family()
    local plain = plain_unit(text)
    if plain:find "%-%d" then
        return nil, ("'%s' has a negative power: write it behind a /"):format(text)
    elseif plain:find "^%s*%d" then
        return nil, ("'%s' is no unit"):format(text)
    end
    local unit, missing = family:parse(plain)
    if not unit then
        return nil, ("there is no unit '%s'%s"):format(missing, family:hint(missing))
    end
    return unit
end

-- x times a / b. Most factors are powers of ten, which are exact on one side of the fraction: so
-- 300 pA are the number that 0.3 is.
local function scale(x, a, b)
    local up, down = a / b, b / a
    local whole = math.floor((up >= 1 and up or down) + 0.5)
    if math.abs(math.max(up, down) / whole - 1) < 1e-12 then
        return up >= 1 and x * whole or x / whole
    end
    return x * up
end

-- Of temperatures, only degrees Celsius are numbers of degrees Celsius.
local function celsius(text)
    if plain_unit(text) == "degC" then
        return true
    end
    return nil, ("temperatures are in degC, not in %s"):format(text)
end

--- The number that a text such as "300 pA" is in a unit; nil and what is wrong.
---@param text string
---@param unit string "nA"; "" where there is none
function quantity.number(text, unit)
    local digits, written = text:match "^%s*([+-]?%.?%d[%d.]*[eE][+-]?%d+)%s*(.-)%s*$"
    if not digits then
        digits, written = text:match "^%s*([+-]?%.?%d[%d.]*)%s*(.-)%s*$"
    end
    local x = tonumber(digits)
    if not x then
        return nil, ("'%s' is no number with a unit, such as \"3 %s\""):format(text,
            unit == "" and "ms" or unit)
    elseif written == "" then
        return nil, ("'%s' has no unit: a number without one stands without quotes"):format(text)
    elseif unit == "" then
        return nil, ("'%s' has a unit, and this has none"):format(text)
    elseif plain_unit(unit) == "degC" then
        local fine, why = celsius(written)
        return fine and x, why
    end
    local from, why = parse(written)
    if not from then
        return nil, why
    end
    local to = parse(unit)
    if not to then
        return nil, ("'%s': the unit '%s' of this is not known: a plain number is wanted")
            :format(text, unit)
    elseif not units.alike(from, to) then
        return nil, ("'%s' is no quantity in %s"):format(text, unit)
    end
    return scale(x, from.factor, to.factor)
end

return quantity
