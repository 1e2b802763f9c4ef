-- SPDX-License-Identifier: BSD-3-Clause
-- units: from the text of a unit, as (mA/cm2) or (k-mole), to a factor and powers of base units.
-- The text is read as NEURON reads it: a number first, if any; then names with a power of one
-- digit, apart by blanks or "-"; after the first "/" all is divided by. A name may have prefixes
-- ("milli") and an "s" at its end.
--
-- A unit is { factor =, [i] = the power of the i-th base unit, text = as it was written }.

local unit_table = require "hillock.nmodl.unit_table"
local words = require "hillock.nmodl.words"

local units = {}

local base = unit_table.base

local function new(factor)
    local unit = { factor = factor }
    for i = 1, #base do
        unit[i] = 0
    end
    return unit
end

--- The unit of a number.
function units.one(factor)
    return new(factor or 1.0)
end

--- The product of a unit with a power of another; `power` is a whole number.
function units.times(a, b, power)
    power = power or 1
    local unit = new(a.factor)
    for _ = 1, math.abs(power) do
        unit.factor = power > 0 and unit.factor * b.factor or unit.factor / b.factor
    end
    for i = 1, #base do
        unit[i] = a[i] + power * b[i]
    end
    return unit
end

--- Have both the same dimension?
function units.alike(a, b)
    for i = 1, #base do
        if a[i] ~= b[i] then
            return false
        end
    end
    return true
end

local dimensionless = new(1.0)

--- Has it none?
function units.is_plain(unit)
    return units.alike(unit, dimensionless)
end

-- ---- a family of units: those of the table, and those that a file defines

local Family = {}
Family.__index = Family

--- The units that a file knows: the table's, and those that it adds with define().
function units.family()
    return setmetatable({ known = {}, own = {} }, Family)
end

-- A number as NEURON's table has it: 1.5, 1+3 for 1000, 1|3 for a third. Gives the number and the
-- rest of the text.
local function number(text)
    local digits, rest = text:match "^%s*([%d.]*)(.*)$"
    if digits == "" then
        return 1.0, rest
    end
    local power, after = rest:match "^[eE]?([+-]%d+)(.*)$"
    local value = tonumber(digits .. (power and "e" .. power or ""))
    rest = after or rest
    if not value or value == 0 then
        value = 1.0
    end
    if rest:sub(1, 1) == "|" then
        local divisor
        divisor, rest = number(rest:sub(2))
        value = value / divisor
    end
    return value + 0.0, rest
end

-- The unit of a name without prefixes.
local function plain(self, name, depth)
    if self.known[name] then
        return self.known[name]
    end
    local unit
    for i, of in ipairs(base) do
        if name == of then
            unit = new(1.0)
            unit[i] = 1
        end
    end
    local definition = unit_table.definitions[name] or unit_table.usual[name]
    if not unit and definition then
        unit = self:parse(definition, depth + 1)
    end
    self.known[name] = unit
    return unit
end

local function named(self, name, depth)
    local factor = 1.0
    while true do
        local unit = name == "" and dimensionless or plain(self, name, depth)
        if unit then
            return unit, factor
        end
        local shorter
        for _, prefix in ipairs(unit_table.prefixes) do
            if name:sub(1, #prefix[1]) == prefix[1] then
                shorter, factor = name:sub(#prefix[1] + 1), factor * prefix[2]
                break
            end
        end
        if not shorter and #name > 1 and name:sub(-1) == "s" then
            shorter = name:sub(1, -2)
        end
        if not shorter then
            return nil
        end
        name = shorter
    end
end

--- The unit of a text, or nil and the name that is not known.
function Family:parse(text, depth)
    depth = depth or 0
    if depth > 20 then
        return nil, text
    end
    local factor, rest = number(text)
    local unit = new(factor)
    local divided = false
    for name, sign in (rest .. " "):gmatch "([^%s/%-*^1-9]*)([%s/%-*^1-9])" do
        if name ~= "" then
            local part, scale = named(self, name, depth)
            if not part then
                return nil, name
            end
            local times = math.max(tonumber(sign) or 1, 1)
            for _ = 1, times do
                unit.factor = divided and unit.factor / (part.factor * scale)
                    or unit.factor * (part.factor * scale)
                for i = 1, #base do
                    unit[i] = unit[i] + (divided and -part[i] or part[i])
                end
            end
        end
        divided = divided or sign == "/"
    end
    return unit
end

--- Adds a name. false where it is known already as something else.
function Family:define(name, unit)
    local given = not self.own[name] and unit_table.definitions[name]
    local before = self.own[name] or given and plain(self, name, 0)
    if before then
        return units.alike(before, unit) and math.abs(before.factor / unit.factor - 1) < 1e-5
    end
    self.own[name], self.known[name] = unit, unit
    return true
end

--- ": did you mean (x)?" for a name that is not known.
function Family:hint(name)
    if #name < 3 then
        return ""   -- to two letters, much is near
    end
    local list = {}
    for _, from in ipairs { self.own, unit_table.definitions, unit_table.usual } do
        for other in pairs(from) do
            list[#list + 1] = other
        end
    end
    table.sort(list)
    return words.hint(name, list)
end

-- ---- as text

-- What messages call units that are common in mechanisms.
local common = {
    "mV", "ms", "mA/cm2", "nA", "uS", "S/cm2", "mM", "um", "um2", "degC", "/ms", "/mV", "mM/ms",
    "/mM-ms", "mV/ms", "mA", "uF/cm2", "coulomb", "joule/degC", "cm", "cm/s", "um/ms", "S", "/mM",
    "volt", "amp", "sec", "pA", "nS", "pS", "cm2", "um3", "mA/um2", "volt/cm", "ohm", "megohm",
}
local families

local function spell(unit)
    if not families then
        families = {}
        local family = units.family()
        for _, text in ipairs(common) do
            families[#families + 1] = { text = text, unit = family:parse(text) }
        end
    end
    for _, one in ipairs(families) do
        if units.alike(one.unit, unit) and math.abs(unit.factor / one.unit.factor - 1) < 1e-5 then
            return one.text
        end
    end
    local above, below = {}, {}
    for i, name in ipairs(base) do
        local power = math.abs(unit[i])
        local text = power == 1 and name or name .. power
        if unit[i] > 0 then
            above[#above + 1] = text
        elseif unit[i] < 0 then
            below[#below + 1] = text
        end
    end
    local text = table.concat(above, "-")
    if #below > 0 then
        text = text .. "/" .. table.concat(below, "-")
    end
    if math.abs(unit.factor - 1) > 1e-5 or text == "" then
        text = ("%.6g%s%s"):format(unit.factor, text ~= "" and " " or "", text)
    end
    return text
end

--- "(mA/cm2)", or "no unit".
function units.say(unit)
    if units.is_plain(unit) and math.abs(unit.factor - 1) < 1e-5 then
        return "no unit"
    end
    return "(" .. (unit.text or spell(unit)) .. ")"
end

return units
