-- SPDX-License-Identifier: BSD-3-Clause
-- c_random: functions of MOD files that draw random numbers, as C: each instance has a stream of
-- its own, and a column that counts what it has drawn.

local c_random = {}

local stream = "b, m->at, &m->drawn"
local uniform = ("hk_draw_uniform(%s)"):format(stream)
local normal = ("hk_draw_normal(%s)"):format(stream)
local exponential = ("hk_draw_exponential(%s)"):format(stream)

local function between(low, high)
    return low and ("(%s + (%s - %s) * %s)"):format(low, high, low, uniform) or uniform
end

local function scaled(mean, deviation)
    return mean and ("(%s + %s * %s)"):format(mean, deviation or "1", normal) or normal
end

local function with_mean(mean)
    return mean and ("(%s * %s)"):format(mean, exponential) or exponential
end

local function poisson(mean)
    return ("hk_draw_poisson(%s, %s)"):format(stream, mean)
end

-- By name: the arguments' texts to C. Those of NEURON 9 have the RANDOM variable first.
local functions = {
    scop_random = function(a) return between(a[1], a[2]) end,
    exprand = function(a) return with_mean(a[1]) end,
    normrand = function(a) return scaled(a[1], a[2]) end,
    poisrand = function(a) return poisson(a[1] or "1") end,
    random_uniform = function(a) return between(a[2], a[3]) end,
    random_negexp = function(a) return with_mean(a[2]) end,
    random_normal = function(a) return scaled(a[2], a[3]) end,
    random_ipick = function() return ("__builtin_floor(4294967296. * %s)"):format(uniform) end,
    random_dpick = function() return uniform end,
    random_getseq = function() return "m->drawn" end,
}

-- Streams are the host's: nothing of them is set.
local nothing = { random_setseq = true, random_setids = true, random_set_ids = true,
    set_seed = true }

--- The function as C: nil where it is another one.
function c_random.call(name, args)
    return functions[name] and functions[name](args)
end

--- A draw of VERBATIM that is understood (hillock.nmodl.idiom), by its distribution.
function c_random.draw(distribution)
    return ({ uniform = uniform, normal = normal, negexp = exponential })[distribution]
end

--- Does a statement that calls it do nothing?
function c_random.is_nothing(name)
    return nothing[name] or false
end

--- Does a call of this name draw?
function c_random.draws(name)
    return functions[name] ~= nil
end

return c_random
