-- SPDX-License-Identifier: BSD-3-Clause
-- The symbols of a mechanism, and the errors about names, places and methods.

local checked = require "nmodl.checked"
local tap = require "tap"

local channel, says, text = checked.channel, checked.says, checked.text

-- ---- symbols

local whole = [[
DEFINE N 3
NEURON {
    SUFFIX chan
    USEION ca READ eca, cai WRITE ica VALENCE 2
    USEION k READ ki WRITE ki
    NONSPECIFIC_CURRENT il, im
    RANGE gbar, minf, shown
    GLOBAL both
    POINTER other
}
UNITS { (mV) = (millivolt)  FARADAY = (faraday) (coulomb)  ten = 10 (mV) }
CONSTANT { fixed = 2 (mV) }
PARAMETER { gbar = 1 (S/cm2) <0, 10>  alone = 5  eca = 120 (mV)  celsius = 36 (degC) }
ASSIGNED { v (mV) ica (mA/cm2) il (mA/cm2) minf both shown list[N] other }
STATE { m ki (mM) c[2] }
INITIAL { m = m0  both = 2  c[0] = 0  c[1] = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = gbar * m * (v - eca) * cai
    il = alone * list[0] * other * shown
    im = fixed + ten
}
DERIVATIVE states { rates(v)  m' = minf - m  ki' = FARADAY  c'[0] = 1  c'[1] = 1 }
PROCEDURE rates(v (mV)) { minf = f(v)  list[1] = t }
FUNCTION f(x (mV)) { f = x }
]]

local result = text(whole)
tap.is(result.said, "", "a mechanism of everything has no findings")
local of = result.symbols.of
tap.is(result.symbols.name, "chan", "the name of the mechanism")
tap.is(result.symbols.what, "channel", "what it is")
for name, class in pairs {
    gbar = "parameter", alone = "parameter", fixed = "constant", FARADAY = "constant",
    ten = "constant", eca = "ion", cai = "ion", ica = "ion", ki = "state", m = "state",
    minf = "assigned", il = "assigned", im = "assigned", v = "builtin", celsius = "builtin",
    t = "builtin", f = "function", rates = "procedure", states = "block", N = "define",
    m0 = "parameter", list = "assigned",
} do
    tap.is(of[name] and of[name].class, class, name .. " is of class " .. class)
end
for name, range in pairs {
    gbar = true, alone = false, minf = true, both = false, list = true, m = true, il = true,
    im = true, m0 = false, ica = true,
} do
    tap.is(of[name].range, range, name .. (range and " is RANGE" or " is not RANGE"))
end
tap.is(of.alone.global, true, "a PARAMETER that is not RANGE is global")
tap.is(of.both.global, true, "an ASSIGNED of GLOBAL is global")
tap.is(of.gbar.value, 1.0, "the value of a parameter")
tap.is(of.gbar.low, 0.0, "its lower limit")
tap.is(of.gbar.unit, "S/cm2", "its unit")
tap.is(of.eca.ion.what, "reversal", "eca is the reversal potential")
tap.is(of.cai.ion.what, "inside", "cai is the concentration inside")
tap.is(of.ica.ion.what, "current", "ica is the current")
tap.is(of.ica.ion.write, true, "it is written")
tap.is(of.ica.ion.read, false, "it is not read")
tap.is(of.ki.ion.name, "k", "a state may be an ion's")
tap.is(of.im.current, "nonspecific", "a current needs no declaration")
tap.is(of.list.size, 3, "the size of an array, by DEFINE")
tap.is(of.other.pointer, true, "a POINTER")
tap.is(of.m.initial, "m0", "a state begins as its parameter")
tap.is(of.shown.never_written, true, "RANGE and never set: as a parameter")
tap.is(of.minf.never_written, nil, "what is set is none")
tap.is(of.minf.writes, 1, "writes are counted")
tap.is(of.alone.reads, 1, "and reads")
tap.is(of.FARADAY.value, 0x1.78e555060882cp+16, "FARADAY has NEURON's bits")
tap.is(text("NEURON { POINT_PROCESS P NONSPECIFIC_CURRENT i } BREAKPOINT { i = 1 }").symbols.what,
    "point", "a point process")
tap.is(text("NEURON { RANGE a } PARAMETER { a = 1 }").symbols.name, "test",
    "without SUFFIX, the name is the file's")
tap.is(text("NEURON { SUFFIX nothing } PARAMETER { a = 1 }").symbols.of.a.global, true,
    "SUFFIX nothing has globals alone")
tap.is(text("NEURON { SUFFIX a }\nNEURON { RANGE p }\nPARAMETER { p = 1 }").symbols.of.p.range,
    true, "a second NEURON block adds to the first")
local joined = text "NEURON { SUFFIX a } STATE { x y }\nINITIAL { x = 1 }\nINITIAL { y = 1 }"
tap.is(#joined.tree.blocks[3].body, 2, "several INITIAL are one")

-- ---- declarations

says("PARAMETER { a = 1 }", {
    "1: error: there is no NEURON block, which says what the mechanism is: "
        .. "NEURON { SUFFIX name }",
}, "a file without NEURON")
says("NEURON { SUFFIX a }\nNEURON { SUFFIX b }", {
    "2: error: there is one NEURON block already, at line 1: a file is one mechanism",
}, "two mechanisms")
says(channel("RANGE a, b", "PARAMETER { a = 1\na = 2 }\nASSIGNED { b }\nSTATE { b }"), {
    "3: error: a is declared twice: it is a parameter already, at line 2",
    "5: error: b is declared twice: it is a variable already, at line 4",
}, "names declared twice, with both places")
says(channel("RANGE f", "FUNCTION f(x) { f = x }"), {
    "1: warning: f is a function, at line 2: RANGE takes parameters, variables and states",
}, "a function in RANGE")
says(channel("GLOBAL s, lost, diam", "STATE { s }\nINITIAL { s = 1 }"), {
    "1: error: s is a state: it cannot be GLOBAL", "1: error: lost of GLOBAL is declared nowhere",
}, "what GLOBAL takes")
says(channel("RANGE diam", "INITIAL { }"), {
    "1: error: diam is NEURON's: it cannot be RANGE",
}, "a variable of NEURON's in RANGE")
says(channel("RANGE v USEION ca READ cao WRITE cai GLOBAL cai", "STATE { cai b[2] }\n"
    .. "CONSTANT { cao = 2 }\nINITIAL { cai = b0 * cao + usetable  b[0] = 1 }"), {
    "1: warning: v is the membrane's: it is left out of RANGE",
}, "what NEURON takes besides")
says(channel("RANGE a GLOBAL a", "PARAMETER { a }"), {
    "1: warning: a is RANGE and GLOBAL: as in NEURON, it is GLOBAL",
}, "RANGE and GLOBAL")
tap.is(text(channel("RANGE a GLOBAL a", "PARAMETER { a }")).symbols.of.a.range, false,
    "it is GLOBAL")
says(channel("POINTER p, q EXTERNAL x RANDOM r", "ASSIGNED { pp q }\nINITIAL { q = pp + x }"), {
    "1: error: p of POINTER is declared nowhere",
    "2: warning: pp is read and never set: it is 0, and without RANGE nobody can set it",
}, "a POINTER is declared, EXTERNAL and RANDOM need not be")
says(channel("USEION ca READ eka", ""), {
    "1: error: eka is no variable of the ion ca: it has eca, ica, cai and cao",
}, "a variable of another ion")
says(channel("USEION ca READ eca USEION ca READ cai", ""), {
    "1: error: USEION ca is said twice, at line 1 before: put both in one",
}, "an ion said twice")

-- ---- names

says(channel("RANGE tau", "PARAMETER { tau = 1 }\nSTATE { m }\nINITIAL { m = tua\n m = tua }"), {
    "4: error: tua is declared nowhere: did you mean tau?",
}, "a name that is declared nowhere, once, with the nearest one")
says(channel("USEION ca READ eca",
    "ASSIGNED { v }\nBREAKPOINT { ica = v - eca }\nINITIAL { ki = 1 }"), {
    "3: error: ica is declared nowhere: add WRITE ica to USEION ca",
    "4: error: ki is declared nowhere",
}, "a variable of an ion that USEION does not name")
says(channel("", "STATE { m }\nINITIAL { m = cai }"), {
    "3: error: cai is declared nowhere",
}, "a variable of an ion without USEION")
says(channel("", [[
CONSTANT { k = 1 }
STATE { m }
INITIAL { k = 2  t = 3  f = 1  m = f + exp  go = 1 }
FUNCTION f(x) { f = x }
PROCEDURE go() { m = 1 }]]), {
    "4: error: k is a constant: it cannot be set; a variable is declared in ASSIGNED",
    "4: error: t is NEURON's: a mechanism cannot set it",
    "4: error: f is a function: it is set in its own block alone",
    "4: error: f is a function, at line 5: expected its arguments in parentheses",
    "4: error: exp is a function: expected its arguments in parentheses",
    "4: error: go is a procedure: it is set in its own block alone",
}, "what cannot be set, and functions without arguments")
says(channel("", [[
STATE { m }
INITIAL { m = f(1, 2) + exp(1, 2) + pow(2) + fexp(2) + m(1)  go(1)  states() }
FUNCTION f(x) { f = x }
PROCEDURE go() { m = 1 }
BREAKPOINT { SOLVE states METHOD cnexp }
DERIVATIVE states { m' = -m }]]), {
    "3: error: f takes 1 argument, got 2", "3: error: exp takes 1 argument, got 2",
    "3: error: pow takes 2 arguments, got 1",
    "3: error: there is no function fexp: did you mean exp?",
    "3: error: m is a state, no function", "3: error: go takes 0 arguments, got 1",
    "3: error: states is a block: expected SOLVE states",
}, "calls")
says(channel("", "STATE { m }\nINITIAL { m = pulse(1, 2) }"), {
    "3: error: hillock has no pulse: write its value with IF and the operators",
}, "a function that hillock does not have")
says(channel("RANGE a", [[
ASSIGNED { a[3] b }
INITIAL { LOCAL x[2]
    a = 1
    b[0] = 2
    a[3] = 1
    x[0] = x[2]
    a[-1] = x[1] + x
    FROM i = 0 TO 2 { a[i] = b }
}]]), {
    "4: error: a is an array of 3: expected an index, a[i]",
    "5: error: b has no index: it is no array",
    "6: error: a[3] is not there: a has 3 values, from a[0] to a[2]",
    "7: warning: LOCAL x is read here, and nothing has set it",
    "7: error: x[2] is not there: x has 2 values, from x[0] to x[1]",
    "8: error: a[-1] is not there: a has 3 values, from a[0] to a[2]",
    "8: error: x is an array of 2: expected an index, x[i]",
}, "arrays and indices")
says(channel("RANGE p", [[
PARAMETER { p = 1 }
STATE { m }
BREAKPOINT { SOLVE d METHOD cnexp }
DERIVATIVE d { p' = 1  m' = p'  q' = 1 }
INITIAL { m' = 1 }]]), {
    "5: error: p' = ... needs a STATE, and p is a parameter: declare it in STATE",
    "5: error: p' is the derivative of p, which is a parameter, no STATE",
    "5: error: q is declared nowhere",
    "6: error: m' = ... has its place in a DERIVATIVE block",
}, "derivatives")
says(channel("RANGE p, f", [[
PARAMETER { p = 1 }
STATE { a b }
BREAKPOINT { SOLVE k METHOD sparse }
KINETIC k {
    ~ a + p <-> b (1, 1)
    ~ p << (1)
    ~ a <-> lost (1, 1)
    CONSERVE a + p = 1
    COMPARTMENT 1 { a gone }
}
ASSIGNED { f }
INITIAL { LOCAL a  a = 1  f = a }]]), {
    "7: error: p is a parameter, and has no flux: expected a STATE",
    "8: error: lost is declared nowhere",
    "9: error: p is a parameter: CONSERVE has the states of the block on its left",
    "10: warning: gone is declared nowhere: it is left out",
}, "reactions")

-- ---- places

says(channel("", [[
STATE { m n }
BREAKPOINT {
    SOLVE sates METHOD cnexp
    SOLVE d METHOD cnxep
    SOLVE d METHOD sparse
    SOLVE k METHOD cnexp
    SOLVE p METHOD euler
    SOLVE m
}
INITIAL { SOLVE d STEADYSTATE cnexp }
DERIVATIVE d { m' = -m }
KINETIC k { ~ n << (1) }
PROCEDURE p() { n = 1 }]]), {
    "4: error: there is no block sates to SOLVE",
    "5: error: there is no method cnxep: did you mean cnexp?",
    "6: error: sparse solves KINETIC blocks, and d is a DERIVATIVE: expected METHOD cnexp",
    "7: error: cnexp solves DERIVATIVE blocks, and k is a KINETIC: expected METHOD sparse",
    "8: error: p is a PROCEDURE: expected SOLVE p without METHOD",
    "9: error: m is a state: SOLVE takes DERIVATIVE, KINETIC, LINEAR, NONLINEAR, DISCRETE and "
        .. "PROCEDURE",
    "11: error: STEADYSTATE of a DERIVATIVE is solved by derivimplicit, not by cnexp",
}, "SOLVE: blocks and methods")
says(channel("", "NET_RECEIVE(w) { net_event(t) }\nCONSTRUCTOR { }"), {
    "2: error: NET_RECEIVE has its place in a POINT_PROCESS or an ARTIFICIAL_CELL: test is a "
        .. "SUFFIX mechanism",
    "3: error: CONSTRUCTOR has its place in a POINT_PROCESS: test is a SUFFIX mechanism",
}, "a channel receives nothing")
says("NEURON { POINT_PROCESS P }\nINITIAL { net_send(1, 1)  net_event(t) }\n"
    .. "BREAKPOINT { net_move(t) }", {
    "2: error: net_send needs a NET_RECEIVE block",
    "2: error: net_event has no place here: it is called in NET_RECEIVE",
    "3: error: net_move has no place here: it is called in NET_RECEIVE",
}, "events outside of NET_RECEIVE")
says("NEURON { POINT_PROCESS P }\nINITIAL { WATCH (v > 1) 2 }\nNET_RECEIVE(w) { }\n"
    .. "NET_RECEIVE(w) { FOR_NETCONS(a, b) { a = b } }", {
    "2: error: WATCH has its place in NET_RECEIVE",
    "4: error: there is one NET_RECEIVE already, at line 3",
    "4: error: FOR_NETCONS has the arguments of NET_RECEIVE, 1: got 2",
}, "WATCH, and a second NET_RECEIVE")
says(channel("", "STATE { m }\nFUNCTION f(x) { f = g(x) }\nFUNCTION g(x) { g = f(x) }\n"
    .. "FUNCTION h(x) { h = h(x) }\nINITIAL { m = f(1) + h(1) }"), {
    "4: error: f calls itself (f -> g -> f): hillock has no recursion",
    "5: error: h calls itself: hillock has no recursion",
}, "recursion")
says(channel("RANGE a, b", [[
ASSIGNED { a b }
INITIAL { f(1) p(1, 2) TABLE a FROM 0 TO 1 WITH 2 }
FUNCTION f(x) { TABLE a FROM 0 TO 1 WITH 2 f = x }
PROCEDURE p(x, y) { TABLE a FROM 0 TO 1 WITH 2 a = x b = y }
PROCEDURE q(x) { TABLE FROM 0 TO 1 WITH 2 a = x }]]), {
    "3: error: TABLE has its place in a FUNCTION or a PROCEDURE",
    "4: error: TABLE of a FUNCTION names no variables: expected TABLE FROM",
    "5: error: p has a TABLE, and so has one argument: got 2",
    "6: error: TABLE of a PROCEDURE names the variables that it sets: TABLE a, b FROM",
}, "TABLE")
says(channel("", "STATE { ca[2] }\nBREAKPOINT { SOLVE k METHOD sparse }\n"
    .. "KINETIC k { LONGITUDINAL_DIFFUSION i, 1 { ca }\n~ ca[0] <-> ca[1] (1, 1) }"), {
    "4: error: LONGITUDINAL_DIFFUSION is not supported: compartments exchange nothing but "
        .. "current; leave it out where diffusion along the section may be neglected",
}, "LONGITUDINAL_DIFFUSION")
says(channel("RANGE a", "ASSIGNED { a }\nPARAMETER { q = 1 }\nBREAKPOINT { LAG a BY q\n"
    .. "a = lag_a_q }"), {
    "4: error: LAG is not supported: keep what was in a variable of ASSIGNED",
}, "LAG is one error")

tap.is(require "hillock.nmodl.check".functions.net_send.most, 2, "the functions are a table")

tap.done()
