-- SPDX-License-Identifier: BSD-3-Clause
-- functions: what a mechanism can call without defining it, as NEURON knows it:
--
--     functions.exp = { least = 1, most = 1, kind = "math" }
--
-- `least` and `most` count arguments. `kind` is
--
--     math     a value of its arguments: dimensionless, and of arguments without a dimension
--     event    net_send and its like
--     time     at_time
--     state    state_discontinuity
--     random   draws a number;   seed  says from which stream
--     print    writes to the terminal: no effect on a simulation
--     pointer  asks about a pointer
--     refused  what hillock does not have; `instead` says what to do
--
-- `units`, where there is one: the unit of the value, then those of the arguments ("*": any).
-- `statement`: it has no value.

local functions = {}

local function add(kind, least, most, names, more)
    for name in names:gmatch "%S+" do
        local entry = { name = name, kind = kind, least = least, most = most }
        for key, value in pairs(more or {}) do
            entry[key] = value
        end
        functions[name] = entry
    end
end

add("math", 1, 1, "exp log log10 sqrt fabs abs sin cos tan asin acos atan sinh cosh tanh floor "
    .. "ceil expm1 log1p log2 exp2 cbrt erf erfc asinh acosh atanh round trunc lgamma tgamma")
add("math", 2, 2, "pow atan2 fmod fmin fmax hypot copysign")
-- z, the valence, is a number: the unit of the value is that of the charge in a volume
add("math", 4, 4, "nrn_ghk", {
    units = { "millicoulomb/cm3", "millivolt", "milli/liter", "milli/liter", "" },
})

add("event", 2, 2, "net_send", { units = { "", "ms", "*" }, statement = true })
add("event", 1, 1, "net_event net_move", { units = { "", "ms" }, statement = true })
add("time", 1, 1, "at_time", { units = { "", "ms" } })
add("state", 2, 2, "state_discontinuity", { units = { "", "*", "*" }, statement = true })

add("random", 0, 1, "scop_random")
add("random", 1, 1, "exprand poisrand", { units = { "", "*" } })
add("random", 2, 2, "normrand", { units = { "", "*", "*" } })
add("random", 1, 3, "random_uniform random_normal", { units = { "", "*", "*", "*" } })
add("random", 1, 2, "random_negexp", { units = { "", "*", "*" } })
add("random", 1, 1, "random_ipick random_dpick", { units = { "", "*" } })
add("seed", 1, 1, "set_seed setseed", { statement = true })
add("seed", 2, 2, "random_setseq", { units = { "", "*", "*" }, statement = true })
add("seed", 2, 4, "random_setids", { units = { "", "*", "*", "*", "*" }, statement = true })

add("print", 0, math.huge, "printf prterr", { units = { "" }, statement = true })
add("pointer", 1, 1, "nrn_pointing", { units = { "", "*" } })

local none = "write its value with IF and the operators"
add("refused", 0, math.huge, "threshold force deflate hyperbol revhyperbol sigmoid revsigmoid "
    .. "harmonic squarewave sawtooth revsawtooth ramp pulse perpulse step perstep factorial gauss "
    .. "poisson boundary romberg legendre invert stepforce first_time", { instead = none })
add("refused", 0, math.huge, "expfit derivs spline schedule", {
    instead = "compute its values before, and give them to the mechanism as parameters",
})
add("refused", 0, math.huge, "nrn_random_play", {
    instead = "draw with random_uniform, random_normal or random_negexp of a RANDOM variable",
})
add("refused", 0, math.huge, "error", { instead = "leave it out, or limit the values with IF" })
for _, name in ipairs {
    "vector_capacity", "vector_vec", "vector_arg", "vector_instance_px", "vector_resize",
} do
    add("refused", 0, math.huge, name, { instead = "give the values as parameters" })
end

return functions
