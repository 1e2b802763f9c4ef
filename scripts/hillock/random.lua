-- SPDX-License-Identifier: BSD-3-Clause
-- random: numbers that are drawn, one for each connection that a bulk call makes: weights, delays.
-- They are drawn from the call's own stream, so that a script's other calls change nothing.

local keys = require "hillock.keys"
local object = require "hillock.object"

local random = {}

local Random = object.class {
    name = "random number",
    meta = {
        __tostring = function(self)
            return object.test(object.classes["random number"], self).text
        end,
    },
}

local function make(kind, options, a, b)
    local low, high = options.min or -math.huge, options.max or math.huge
    if low >= high then
        keys.fail("random.%s: min %g is not below max %g", kind, low, high)
    end
    local bounded = options.min or options.max
    local said = {}
    for _, key in ipairs(keys.names(options)) do
        said[#said + 1] = ("%s = %g"):format(key, options[key])
    end
    return object.new(Random, {
        text = ("random.%s { %s }"):format(kind, table.concat(said, ", ")),
        number = {
            distribution = kind, a = a, b = b,
            low = bounded and low or 0, high = bounded and high or 0,
        },
    })
end

--- Normal; drawn again until within min and max, where they are given.
---@param options { mean: number, sd: number, min?: number, max?: number }
function random.normal(options)
    keys.check("random.normal", options,
        { mean = "number!", sd = "not negative!", min = "number", max = "number" })
    return make("normal", options, options.mean, options.sd)
end

--- Log-normal, by the mean and standard deviation of the number itself.
---@param options { mean: number, sd: number, min?: number, max?: number }
function random.lognormal(options)
    keys.check("random.lognormal", options,
        { mean = "positive!", sd = "not negative!", min = "number", max = "number" })
    return make("lognormal", options, options.mean, options.sd)
end

--- Uniform from min to max.
---@param options { min: number, max: number }
function random.uniform(options)
    keys.check("random.uniform", options, { min = "number!", max = "number!" })
    return make("uniform", options, options.min, options.max)
end

--- Exponential.
---@param options { mean: number, min?: number, max?: number }
function random.exponential(options)
    keys.check("random.exponential", options,
        { mean = "positive!", min = "number", max = "number" })
    return make("exponential", options, options.mean, 0)
end

--- Gamma.
---@param options { mean: number, sd: number, min?: number, max?: number }
function random.gamma(options)
    keys.check("random.gamma", options,
        { mean = "positive!", sd = "positive!", min = "number", max = "number" })
    return make("gamma", options, options.mean, options.sd)
end

-- What the core takes: a number, or { distribution =, a =, b =, low =, high = }.
function random.number(value, what)
    local state = object.test(Random, value)
    if state then
        return state.number
    elseif type(value) ~= "number" then
        keys.fail("%s: expected a number or one of hk.random, got %s", what, keys.describe(value))
    end
    return value
end

return random
