-- SPDX-License-Identifier: BSD-3-Clause
-- From a MOD file to C: what is a column and what is not, what is computed once, which synapses are
-- linear, what is written as statements.

local nmodl = require "hillock.nmodl"
local tap = require "tap"

local function compile(text)
    local made, messages = nmodl.compile_text("test.mod", text)
    if not made then
        tap.fail("it compiles", table.concat(messages:render(), "\n"))
        os.exit(1)
    end
    return made
end

local function refused(text, wants, name)
    local made, messages = nmodl.compile_text("test.mod", text)
    local said = table.concat(messages:render(), "\n")
    tap.ok(not made, name .. ": refused")
    for _, want in ipairs(wants) do
        tap.ok(said:find(want, 1, true), ("%s: it says %s"):format(name, want))
    end
end

-- The role of a field in the table of fields.
local function role(made, name)
    return made.c:match('{"' .. name .. '", (HK_[%u_]+),')
end

-- ---- a channel

local gate = compile [[
NEURON {
    SUFFIX gate
    USEION k READ ek WRITE ik
    RANGE gbar, ninf, q, start
}
PARAMETER { gbar = 1e-3 (S/cm2) vhalf = -30 (mV) }
ASSIGNED { v (mV) celsius (degC) ek (mV) ik (mA/cm2) ninf ntau (ms) q start }
STATE { n }
INITIAL {
    q = 3^((celsius - 6.3)/10)
    start = v
    rates(v)
    n = ninf
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n*n*(v - ek)
}
DERIVATIVE states {
    rates(v)
    n' = (ninf - n)/ntau
}
PROCEDURE rates(v (mV)) {
    ninf = 1/(1 + exp(-(v - vhalf)/9))
    ntau = 5/q
}
]]
tap.is(gate.name, "gate", "a mechanism has the name of its SUFFIX")
tap.is(gate.kind, "channel", "and its kind")
tap.is(role(gate, "gbar"), "HK_PARAMETER", "a RANGE parameter is a column")
tap.is(role(gate, "vhalf"), "HK_GLOBAL", "another one a value for all")
tap.is(role(gate, "n"), "HK_STATE", "a state")
tap.is(role(gate, "ek"), "HK_REVERSAL", "what is read of an ion")
tap.is(role(gate, "ninf"), "HK_OBSERVED", "what a step computes anew is no column unless recorded")
tap.is(role(gate, "q"), "HK_OBSERVED", "nor what INITIAL computes of parameters")
tap.is(role(gate, "start"), "HK_ASSIGNED", "but what INITIAL keeps of v is stored")
tap.is(role(gate, "ntau"), nil, "what is not RANGE has no field")
tap.ok(gate.c:find('.carries = "k"', 1, true), "its current is all the ion's")
tap.ok(gate.c:find("HK_CELSIUS", 1, true), "it depends on celsius")
tap.ok(gate.c:match "HK_SETUP.-hk_pow", "the power of celsius is computed once a run")
tap.ok(not gate.c:match "advance%).-hk_pow", "and not in a step")
tap.is(gate.facts.kernels.advance, "graph", "its kernels are straight lines")
tap.ok(gate.c:find("/* line 21 */", 1, true), "lines of the file are in comments")

-- ---- several currents

local two = compile [[
NEURON { SUFFIX two USEION na READ ena WRITE ina NONSPECIFIC_CURRENT il RANGE gna, gl }
PARAMETER { gna = 1e-4 gl = 1e-4 }
ASSIGNED { v ena ina il }
BREAKPOINT { ina = gna*(v - ena) il = gl*(v + 65) }
]]
tap.is(role(two, "ina"), "HK_WRITE_CURRENT", "an ion's part of two currents is stored")
tap.ok(not two.c:find(".carries", 1, true), "then not all is the ion's")
tap.ok(two.c:match "= gna %+ gl;", "the slope has both")

-- ---- linear synapses, and others

local function synapse(more)
    return ([[
NEURON { POINT_PROCESS syn RANGE tau, e, i NONSPECIFIC_CURRENT i }
PARAMETER { tau = 2 (ms) e = 0 (mV) }
ASSIGNED { v (mV) i (nA) <A> }
STATE { g (uS) <S> }
INITIAL { g = <I> }
BREAKPOINT { SOLVE state METHOD cnexp i = <C> }
DERIVATIVE state { g' = <D> }
NET_RECEIVE(w (uS) <W>) { <R> }
]]):gsub("<(%u)>", function(key)
        local usual = { A = "", S = "", I = "0", C = "g*(v - e)", D = "-g/tau", W = "",
            R = "g = g + w" }
        return more[key] or usual[key]
    end)
end
local function is_linear(more, want, name)
    tap.is(compile(synapse(more)).facts.linear, want, name)
end
is_linear({}, true, "an exponential synapse is linear")
is_linear({ C = "g*(v - e)/(1 + exp(-0.062*v))" }, true, "also with a current not linear in v")
is_linear({ R = "g = g + 3*w*tau" }, true, "and what is added has parameters")
is_linear({ R = "state_discontinuity(g, g + w)" }, true, "also by state_discontinuity")
is_linear({ I = "1" }, false, "not where it begins with something")
is_linear({ C = "g*g*(v - e)" }, false, "not with a square of the state")
is_linear({ C = "(g + 0.1)*(v - e)" }, false, "not with a current of its own")
is_linear({ D = "-g/tau + 0.1" }, false, "not with a drive of its own")
is_linear({ D = "-g/tau*(1 + g)" }, false, "not with a decay that depends on the state")
is_linear({ R = "g = g + w*(1 - g)" }, false, "not where an event adds what depends on the state")
is_linear({ R = "g = w" }, false, "not where an event sets it")
is_linear({ R = "if (g < 1) { g = g + w }" }, false, "not where an event looks at it")
is_linear({ R = "g = g + w*v" }, false, "not where it looks at v")
is_linear({ W = ", p", R = "g = g + w*p p = p*0.5" }, false, "not where it changes a weight")
is_linear({ R = "g = g + w net_send(1, 1)" }, false, "not where it sends")
is_linear({ A = "last", R = "g = g + w last = t" }, false, "not where it keeps the time")

-- ---- statements where expressions cannot be

local loop = compile [[
NEURON { SUFFIX loop NONSPECIFIC_CURRENT i RANGE g }
PARAMETER { g = 1e-4 }
ASSIGNED { v i }
BREAKPOINT { i = g*root(2 + v*v*1e-4)*(v + 65) }
FUNCTION root(x) { LOCAL y
    y = x
    while (fabs(y*y - x) > 1e-9*x) { y = 0.5*(y + x/y) }
    root = y
}
]]
tap.is(loop.facts.kernels.current, "statements", "a loop that ends by a condition")
tap.ok(loop.c:find("above.v += 0.001", 1, true), "its slope is a difference")

-- ---- many globals become columns

local many = { "NEURON { SUFFIX many NONSPECIFIC_CURRENT i }", "ASSIGNED { v i }", "PARAMETER {" }
local sum = {}
for i = 1, 70 do
    many[#many + 1] = ("p%d = %d"):format(i, i)
    sum[i] = ("p%d*(v + %d)"):format(i, i)
end
many[#many + 1] = "}\nBREAKPOINT { i = 1e-6*(" .. table.concat(sum, " + ") .. ") }\n"
tap.is(role(compile(table.concat(many, "\n")), "p70"), "HK_PARAMETER",
    "more globals than there is room for are columns")

-- ---- what is refused

refused("NEURON { SUFFIX nothing }\nFUNCTION f(x) { f = x }\n", { "SUFFIX nothing" },
    "a file without a mechanism")
refused([[
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
STATE { x }
ASSIGNED { v i }
BREAKPOINT { SOLVE s METHOD sparse i = x*v }
KINETIC s { LOCAL k
    k = 1
    while (k < v) { k = 2*k }
    ~ x <-> x (k, k)
}
]], { "test.mod:4", "cannot solve s by sparse" }, "a scheme with a loop that ends by a condition")

-- ---- parameters that the file changes, and events that it sends

local started = compile [[
NEURON { POINT_PROCESS Started RANGE per GLOBAL least NONSPECIFIC_CURRENT i }
PARAMETER { per = 3 least = 2 }
ASSIGNED { i }
INITIAL { if (per < least) { per = least } least = least + 1 }
BREAKPOINT { i = per }
NET_RECEIVE (w) { per = per + w }
]]
tap.is(role(started, "per"), "HK_PARAMETER", "a PARAMETER that the file changes can be set")
tap.is(role(started, "per_now"), "HK_ASSIGNED", "and has a column for what it is now")
tap.is(role(started, "least"), "HK_GLOBAL", "so has one that is GLOBAL")
refused("NEURON { ARTIFICIAL_CELL Late }\nNET_RECEIVE (w (ms)) { net_event(t + w) }",
    { "test.mod:2:24", "net_event(t)", "net_send" }, "an event that goes out later")

tap.done()
