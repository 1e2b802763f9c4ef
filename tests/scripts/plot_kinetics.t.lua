-- SPDX-License-Identifier: BSD-3-Clause
-- hk.plot.kinetics: what it measures on a plugin is what the plugin's equations say: of hh in C
-- against Hodgkin and Huxley's rates, of a MOD file against its text. The numbers are those of the
-- CSV file that goes with a picture.

local tap = require "tap"
local scratch = require "scratch"
local picture = require "picture"
local hk = require "hillock"

if not picture.drawn() then
    tap.skip_all("gnuplot is not installed")
end

local place <close> = scratch.new()
local work = place.work .. "/"

-- Steady states and time constants as they are drawn: columns by name.
local function measured(name, panel)
    local figure = hk.plot.figure { panels = { panel }, path = work .. name .. ".svg", data = true }
    local columns = {}
    for _, path in ipairs(figure.data) do
        for key, column in pairs(hk.read_csv(path)) do
            columns[key] = column
        end
    end
    return columns, picture.svg(figure.path)
end

-- The greatest difference of a column from what f(v) gives, by its size; and how many are missing.
local function off(columns, name, f)
    local most, missing = 0, 0
    for i, v in ipairs(columns.v_mV) do
        local got = tonumber(columns[name][i])
        if not got or got ~= got then
            missing = missing + 1
        else
            most = math.max(most, math.abs(got - f(v)) / math.max(1e-3, math.abs(f(v))))
        end
    end
    return most, missing
end

-- ---- hh, 6.3 degC: Hodgkin & Huxley 1952 (J Physiol 117:500), v from -65 mV

local function vtrap(x, y)
    return math.abs(x / y) < 1e-6 and y * (1 - x / y / 2) or x / (math.exp(x / y) - 1)
end
local rates = {
    m = function(v) return 0.1 * vtrap(-(v + 40), 10), 4 * math.exp(-(v + 65) / 18) end,
    h = function(v)
        return 0.07 * math.exp(-(v + 65) / 20), 1 / (math.exp(-(v + 35) / 10) + 1)
    end,
    n = function(v) return 0.01 * vtrap(-(v + 55), 10), 0.125 * math.exp(-(v + 65) / 80) end,
}
local hh, seen = measured("hh", hk.plot.kinetics { "hh", celsius = 6.3 })
for name, rate in pairs(rates) do
    -- init and the gates' exact step: what is left is rounding; ln of a quotient near 1 has the
    -- most of it.
    local most = off(hh, name .. "_inf", function(v)
        local a, b = rate(v)
        return a / (a + b)
    end)
    tap.ok(most < 1e-9, ("%s: its steady state, within %.1g"):format(name, most))
    local missing
    most, missing = off(hh, name .. "_tau_ms", function(v)
        local a, b = rate(v)
        return 1 / (a + b)
    end)
    tap.ok(most < 1e-6, ("%s: its time constant, within %.1g"):format(name, most))
    tap.is(missing, 0, name .. ": at each voltage")
end
for _, words in ipairs { "hh: steady state", "hh: time constant", "m", "h", "n", "v (mV)",
    "time constant (ms)", "1.0", "−100", "50" } do
    tap.ok(seen:has(words), ("it says '%s'"):format(words))
end

-- At 16.3 degC all is three times as fast (hh's q10).
local warm = measured("warm", hk.plot.kinetics {
    "hh", celsius = 16.3, show = "tau", states = { "h" }, range = { -80, 20 },
})
local most = off(warm, "h_tau_ms", function(v)
    local a, b = rates.h(v)
    return 1 / (a + b) / 3
end)
tap.ok(most < 1e-6, "temperature is heeded")
tap.is(warm.m_inf, nil, "the states that were asked for alone")

-- ---- MOD files

place:write("Gate.mod", [[
NEURON { SUFFIX Gate  NONSPECIFIC_CURRENT i  RANGE gbar, tau0 }
PARAMETER { gbar = 1e-4  tau0 = 4  v }
ASSIGNED { i }
STATE { x  slow }
INITIAL { x = 1 / (1 + exp(-(v + 30) / 7))  slow = 0.25 }
BREAKPOINT { SOLVE gates METHOD cnexp  i = gbar * x * (v + 70) }
DERIVATIVE gates {
    x' = (1 / (1 + exp(-(v + 30) / 7)) - x) / (tau0 + 0.01 * v * v)
    slow' = (0.25 - slow) / 100
}
]])
hk.load(work .. "Gate.mod", { quiet = true })
local gate
gate, seen = measured("gate", hk.plot.kinetics { "Gate", values = { tau0 = 2 } })
tap.ok(off(gate, "x_inf", function(v) return 1 / (1 + math.exp(-(v + 30) / 7)) end) < 1e-9,
    "a MOD file's gate: its steady state")
tap.ok(off(gate, "x_tau_ms", function(v) return 2 + 0.01 * v * v end) < 1e-6,
    "and its time constant, with the parameter that was set")
tap.is(gate.slow_inf, nil, "a state that does not move with v is left out")
tap.ok(seen:has "Gate: time constant", "by its name")

-- Two states in a row are no single exponential; which they reach is drawn all the same.
place:write("Chain.mod", [[
NEURON { SUFFIX Chain  NONSPECIFIC_CURRENT i  RANGE gbar }
PARAMETER { gbar = 1e-4  v }
ASSIGNED { i }
STATE { a  b  c }
INITIAL { SOLVE scheme STEADYSTATE sparse }
BREAKPOINT { SOLVE scheme METHOD sparse  i = gbar * c * (v + 70) }
KINETIC scheme {
    ~ a <-> b (exp(v / 30), 1)
    ~ b <-> c (exp(v / 20), 3)
    CONSERVE a + b + c = 1
}
]])
hk.load(work .. "Chain.mod", { quiet = true })
local chain = measured("chain", hk.plot.kinetics { "Chain", show = "steady" })
tap.ok(off(chain, "c_inf", function(v)
    local b = math.exp(v / 30)
    local c = b * math.exp(v / 20) / 3
    return c / (1 + b + c)
end) < 1e-6, "a scheme's steady state")

-- ---- what has none

tap.throws(function() hk.plot.kinetics { "hh" } end, { "celsius" }, "a temperature is needed")
tap.throws(function() hk.plot.kinetics { "pas" } end, { "pas has no states" }, "a leak")
tap.throws(function() hk.plot.kinetics { "ExpSyn" } end, { "ExpSyn is no channel" }, "a synapse")
tap.throws(function() hk.plot.kinetics { "Naa" } end, { "Naa" }, "an unknown channel")
tap.throws(function() hk.plot.kinetics { "hh", celsius = 6.3, states = { "q" } } end,
    { "hh has no state 'q'" }, "an unknown state")
tap.throws(function() hk.plot.kinetics { "hh", celsius = 6.3, show = "all" } end, { "not 'all'" },
    "an unknown half")
tap.throws(function() hk.plot.kinetics { "hh", celsius = 6.3, range = { 1, 1 } } end,
    { "from 1 to 1 is no range" }, "an empty range")
tap.throws(function() hk.plot.kinetics { "CaDyn" } end, { "CaDyn has no states" }, "a pool")
tap.throws(function() hk.plot.kinetics { "Gate", states = { "slow" } } end,
    { "no state of Gate depends on v" }, "a state that stands still")
tap.throws(function() hk.plot.kinetics { "Chain", show = "tau" } end,
    { "no state of Chain goes to its steady state as one exponential" }, "two exponentials")

tap.done()
