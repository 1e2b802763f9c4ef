-- SPDX-License-Identifier: BSD-3-Clause
-- distribution: how a value spreads over a cell: functions of a segment's distance from the middle
-- of the soma (um along the path), named and parametrised as DendroTweaks exports them, and rules.

local keys = require "hillock.keys"
local object = require "hillock.object"

local distribution = {}

local Distribution
Distribution = object.class {
    name = "distribution",
    meta = {
        -- Its value at a distance.
        __call = function(self, distance)
            local state = object.state(Distribution, self, "distribution")
            if not state.at then
                keys.fail("%s: its value depends on the cell, not on the distance alone",
                    state.kind)
            end
            return state.at(keys.value("distance", distance, "number"))
        end,
        __tostring = function(self)
            local state = object.state(Distribution, self, "distribution")
            local said = {}
            for _, key in ipairs(keys.names(state.parameters)) do
                local value = state.parameters[key]
                if type(value) == "table" then
                    value = "{ " .. table.concat(value, ", ") .. " }"
                end
                said[#said + 1] = key .. " = " .. tostring(value)
            end
            return ("%s { %s }"):format(state.kind, table.concat(said, ", "))
        end,
    },
}

local function make(kind, parameters, at)
    return object.new(Distribution, { kind = kind, parameters = parameters, at = at })
end

local function checked(kind, parameters, allowed, defaults)
    keys.check(kind, parameters, allowed)
    local p = {}
    for key in pairs(allowed) do
        local value = parameters[key]
        p[key] = value == nil and defaults and defaults[key] or value
    end
    return p
end

--- slope * x + intercept
---@param p { slope: number, intercept: number }
function distribution.linear(p)
    p = checked("linear", p, { slope = "number!", intercept = "number!" })
    return make("linear", p, function(x) return p.slope * x + p.intercept end)
end

--- amplitude * sin(frequency * x + phase), angles in radians
---@param p { amplitude: number, frequency: number, phase?: number }
function distribution.sinusoidal(p)
    p = checked("sinusoidal", p,
        { amplitude = "number!", frequency = "number!", phase = "number" }, { phase = 0 })
    return make("sinusoidal", p, function(x)
        return p.amplitude * math.sin(p.frequency * x + p.phase)
    end)
end

local growth = {
    vertical_shift = "number", scale_factor = "number", growth_rate = "number!",
    horizontal_shift = "number",
}
local growth_defaults = { vertical_shift = 0, scale_factor = 1, horizontal_shift = 0 }

--- vertical_shift + scale_factor * exp(growth_rate * (x - horizontal_shift))
---@param p table growth_rate, scale_factor, vertical_shift, horizontal_shift
function distribution.exponential(p)
    p = checked("exponential", p, growth, growth_defaults)
    return make("exponential", p, function(x)
        local e = math.exp(p.growth_rate * (x - p.horizontal_shift))
        return p.vertical_shift + p.scale_factor * e
    end)
end

--- vertical_shift + scale_factor * (x + horizontal_shift)^exponent
---@param p table exponent, scale_factor, vertical_shift, horizontal_shift
function distribution.power(p)
    p = checked("power", p, {
        exponent = "number!", scale_factor = "number", vertical_shift = "number",
        horizontal_shift = "number",
    }, growth_defaults)
    return make("power", p, function(x)
        return p.vertical_shift + p.scale_factor * (x + p.horizontal_shift) ^ p.exponent
    end)
end

--- vertical_shift + scale_factor / (1 + exp(-growth_rate * (x - horizontal_shift)))
---@param p table growth_rate, scale_factor, vertical_shift, horizontal_shift
function distribution.sigmoid(p)
    p = checked("sigmoid", p, growth, growth_defaults)
    return make("sigmoid", p, function(x)
        local e = math.exp(-p.growth_rate * (x - p.horizontal_shift))
        return p.vertical_shift + p.scale_factor / (1 + e)
    end)
end

--- amplitude * exp(-(x - mean)^2 / (2 std^2))
---@param p { amplitude: number, mean: number, std: number }
function distribution.gaussian(p)
    p = checked("gaussian", p, { amplitude = "number!", mean = "number!", std = "positive!" })
    return make("gaussian", p, function(x)
        return p.amplitude * math.exp(-(x - p.mean) ^ 2 / (2 * p.std ^ 2))
    end)
end

--- max_value where start < x < stop, min_value elsewhere; ["end"] may be said for stop.
---@param p { start: number, stop: number, min_value: number, max_value: number }
function distribution.step(p)
    keys.value("step", p, "table")
    if p["end"] ~= nil and p.stop == nil then
        local copy = {}
        for key, value in pairs(p) do
            copy[key == "end" and "stop" or key] = value
        end
        p = copy
    end
    p = checked("step", p, {
        start = "number!", stop = "number!", min_value = "number!", max_value = "number!",
    })
    return make("step", p, function(x)
        return x > p.start and x < p.stop and p.max_value or p.min_value
    end)
end

--- Coefficients from the highest power to the constant.
---@param p number[]|{ coeffs: number[] }
function distribution.polynomial(p)
    keys.value("polynomial", p, "table")
    if p.coeffs == nil then
        p = { coeffs = p }
    end
    keys.check("polynomial", p, { coeffs = "table!" })
    local coeffs = {}
    for key in next, p.coeffs do
        if math.type(key) ~= "integer" then
            keys.fail("polynomial: unknown key '%s'", tostring(key))
        end
    end
    for i, c in ipairs(p.coeffs) do
        coeffs[i] = keys.value(("polynomial: coefficient %d"):format(i), c, "number")
    end
    if #coeffs == 0 then
        keys.fail("polynomial: coefficients are missing, the highest power first")
    end
    return make("polynomial", { coeffs = coeffs }, function(x)
        local sum = 0
        for _, c in ipairs(coeffs) do
            sum = sum * x + c
        end
        return sum
    end)
end

--- The value of the parent segment; the root keeps its own.
function distribution.inherit()
    return make("inherit", {})
end

-- Each segment's value is its parent's; parents that are not among them have what `get` says.
local function inherited(segments, get, what)
    local member, value, values = {}, {}, {}
    for _, segment in ipairs(segments) do
        member[segment.index] = segment
    end
    local function find(segment)
        local path, x = {}
        while true do
            path[#path + 1] = segment.index
            local parent = segment.parent or segment.index
            if value[parent] or parent == segment.index or not member[parent] then
                x = value[parent] or get(parent)
                break
            end
            segment = member[parent]
        end
        if x ~= x then
            keys.fail("%s: %s cannot inherit, its parent has no value", what, segment.name)
        end
        for _, index in ipairs(path) do
            value[index] = x
        end
        return x
    end
    for i, segment in ipairs(segments) do
        values[i] = value[segment.index] or find(segment)
    end
    return values
end

-- What a function gives for each of the list, numbers; or what a distribution's `at` gives for
-- their distances.
local function each(list, at, of, what)
    local values = {}
    for i, part in ipairs(list) do
        local value
        if at then
            value = at(part.distance)
        else
            value = of(part)
        end
        if type(value) ~= "number" then
            keys.fail("%s: the function gave %s for %s, not a number", what, keys.describe(value),
                part.name)
        end
        values[i] = value
    end
    return values
end

-- What `spread`, a distribution or a function of a section, gives in the middle of the sections, a
-- list of one each. get(index): a section's value now.
function distribution.of_sections(spread, sections, get, what)
    local state = object.test(Distribution, spread)
    if not state and type(spread) ~= "function" then
        keys.fail("%s: expected a number, a distribution or a function of a section, got %s", what,
            keys.describe(spread))
    elseif state and state.kind == "inherit" then
        return inherited(sections, get, what)
    end
    return each(sections, state and state.at, spread, what)
end

-- What `spread` (a number, a distribution or a function of a segment) gives in the segments, which
-- are made by `segments()` if need be: a number, or a list of one each. get(index): a segment's
-- value now.
function distribution.values(spread, segments, get, what)
    if type(spread) == "number" then
        return spread
    end
    local state = object.test(Distribution, spread)
    if not state and type(spread) ~= "function" then
        keys.fail("%s: expected a number, a distribution or a function of a segment, got %s", what,
            keys.describe(spread))
    end
    local list = segments()
    if state and state.kind == "inherit" then
        return inherited(list, get, what)
    end
    return each(list, state and state.at, spread, what)
end

return distribution
