-- SPDX-License-Identifier: BSD-3-Clause
-- Units: the numbers of their names, the constants of UNITS, and what does not fit. What is wanted
-- here is what NEURON 8.2 has: nocmodl for the constants (to the bit), modlunit for what fits.

local checked = require "nmodl.checked"
local dimension = require "hillock.nmodl.dimension"
local tap = require "tap"

local function near(got, want, name)
    if want then
        tap.near(got, want, { rel = 1e-12 }, name)
    else
        tap.is(got, nil, name)
    end
end

-- ---- names

for _, case in ipairs {
    { "mA/cm2", "amp/m2", 10 }, { "mA/cm2", "nA/um2", 0.01 }, { "S/cm2", "mho/cm2", 1 },
    { "10000 umho", "siemens", 0.01 }, { "umho", "uS", 1 }, { "1/ms", "/ms", 1 },
    { "/ms", "/sec", 1000 }, { "mM", "milli/liter", 1 }, { "mM", "micro/cm3", 1 },
    { "um", "micron", 1 }, { "cm", "um", 1e4 }, { "degC", "kelvin", 1 }, { "mV", "volts", 1e-3 },
    { "kilocoulombs", "coulomb", 1000 }, { "joule/degC", "mV-coulomb/degC", 1000 },
    { "/mM-ms", "liter/milli-ms", 1 }, { "um2-ms", "cm2-sec", 1e-11 }, { "3 inch", "cm", 7.62 },
    { "1-21 m4/s", "um4/ms", 1 }, { "ohm-cm", "megohm-um", 0.01 }, { "uF/cm2", "farad/m2", 0.01 },
    { "mV", "mA" }, { "furlong", "m" }, { "1|4 m", "cm", 25 }, { "hecto-m", "m", 100 },
} do
    near(dimension.convert(case[1], case[2]), case[3], ("(%s) in (%s)"):format(case[1], case[2]))
end

-- ---- constants: what nocmodl 8.2.2 writes into the C of these

local constants = {
    { "(faraday) (coulomb)", 0x1.78e555060882cp+16 },
    { "96520 (coulomb)", 96520 },
    { "(faraday) (kilocoulombs)", 0x1.81f0fae775425p+6 },
    { "(faraday) (10000 coulomb)", 0x1.34c0c8b92a9b7p+3 },
    { "(k-mole) (joule/degC)", 0x1.0a1013e8990bep+3 },
    { "(k-mole) (mV-coulomb/degC)", 0x1.03d3b37125759p+13 },
    { "(gasconstant) (millijoule/kelvin)", 0x1.03d3b37125759p+13 },
    { "(pi) (1)", 0x1.921fb54442d18p+1 },
    { "(e) (coulomb)", 0x1.7a4da290c1653p-63 },
    { "(mole) (1)", 0x1.fe185ca57c517p+78 },
    { "(faraday) (micro-coulomb)", 0x1.676f9549b4f5dp+36 },
    { "(foot) -> (inch)", 0x1.8p+3 },
    { "(10000 coulomb) (coulomb)", 0x1.388p+13 },
    { "(mM) (1/liter)", 0x1.0624dd2f1a9fcp-10 },
    { "(6.3 faraday) (coulomb)", 0x1.28ce32f4c04d6p+19 },
}
for _, case in ipairs(constants) do
    local symbols = checked.text("NEURON { SUFFIX k }\nUNITS { (mV) = (millivolt) (molar) = "
        .. "(1/liter) (mM) = (millimolar)\nX = " .. case[1] .. " }").symbols
    tap.is(symbols.of.X.value, case[2], "X = " .. case[1])
end
checked.says("NEURON { SUFFIX k }\nUNITS { X = (faradya) (coulomb)\nY = (coulomb) (volt) }", {
    "2: error: the unit faradya of X is not known: did you mean faraday?",
    "3: warning: Y: (coulomb) and (volt) measure different things",
}, "constants that cannot be", nil, true)

-- ---- what fits, and what does not

local before = [[
NEURON { SUFFIX test RANGE a, g, tau, x, z }
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens)  FARADAY = (faraday) (coulomb) }
PARAMETER { g (S/cm2)  tau (ms)  ica (mA/cm2)  depth (um)  far (mm) }
ASSIGNED { v (mV)  a (mV)  x  z }
STATE { m  ca (mM) }
FUNCTION f(u (mV)) (mV) { f = u }
INITIAL { LOCAL l
]]

local function units(statement, wanted, name, block)
    local list = {}
    for _, message in ipairs(checked.text(before .. statement .. "\n}" .. (block or "")).list) do
        if message.code == "unit" then
            list[#list + 1] = message.text
        end
    end
    tap.is(table.concat(list, "\n"), wanted or "", name or statement)
end

for _, statement in ipairs {
    "a = v + 40", "a = 3", "a = v + 40(mV)", "x = exp(v / 1(mV))", "x = exp(-(v + 40(mV)) / 5(mV))",
    "x = v * 1(/mV)", "a = (1e3) * 1(volt)", "a = -v", "a = fabs(v)", "a = f(v)", "a = f(3)",
    "a = f(v + 1)", "x = (v / 1(mV))^2.5", "a = sqrt(v * v)", "x = v > 3", "x = v > 3 && m == 1",
    "l = v  a = l", "l = 3  a = l", "l = v  l = tau  tau = l", "a = v^2 / v", "a = v^3 * v^-2",
    "x = 2^m", "a = fmax(v, a)", "IF (v > 3(mV)) { a = v }", "l = ica / (2 * FARADAY * depth)",
    "ca = ca + (1e4) * ica * tau / (2 * FARADAY * depth)", "depth = (1e3) * far",
    "x = tau / 1(ms) + m", "a = v * 1(S) / 1(mho)", "FROM i = 0 TO 2 { x = i }",
    "UNITSOFF a = tau UNITSON", "a = pow(v, 1)", "x = pow(m, 0.5)", "x = tau * 1(/ms)",
    "x = atan2(v, a)",
} do
    units(statement)
end

local function different(a, b, what)
    return ("%s: %s and %s measure different things"):format(what, a, b)
end

for statement, wanted in pairs {
    ["a = v + tau"] = different("(mV)", "(ms)", "+"),
    ["a = tau"] = different("(mV)", "(ms)", "="),
    ["a = x"] = different("(mV)", "no unit", "="),
    ["x = 2 * v"] = different("no unit", "(mV)", "="),
    ["x = exp(v)"] = "argument 1 of exp has the unit (mV): expected none",
    ["x = v > tau"] = different("(mV)", "(ms)", ">"),
    ["a = f(tau)"] = different("(mV)", "(ms)", "argument u of f"),
    ["tau = f(v)"] = different("(ms)", "(mV)", "="),
    ["a = 1(volt)"] = "=: (mV) and (volt) differ by a factor: expected (1000) * before the second",
    ["x = exp(far / depth)"] =
        "argument 1 of exp has no unit, but a factor: expected (1000) * before it",
    ["x = 2^v"] = "the exponent of ^ has the unit (mV): expected none",
    ["x = v^m"] = "the base of ^, whose exponent is no whole number, has the unit (mV): expected "
        .. "none",
    ["a = sqrt(v)"] = "the argument of sqrt has the unit (mV), which has no root",
    ["a = fmax(v, tau)"] = different("(mV)", "(ms)", "fmax"),
    ["l = v\n tau = l"] = different("(ms)", "(mV)", "="),
    ["a = 3(mVolt)"] = "the unit mVolt is not known: UNITS { (mVolt) = (...) } can define it: did "
        .. "you mean volt?",
    ["UNITSOFF a = tau UNITSON\n a = tau"] = different("(mV)", "(ms)", "="),
} do
    units(statement, wanted)
end

units("m = 0\n}\nBREAKPOINT { SOLVE d METHOD cnexp }\nDERIVATIVE d {\n m' = (1 - m) / tau\n"
    .. " ca' = ca / tau", nil, "x' has the unit of x a millisecond")
units("m = 0\n}\nBREAKPOINT { SOLVE d METHOD cnexp }\nDERIVATIVE d {\n m' = (1 - m)\n ca' = 1(mM)",
    different("(/ms)", "no unit", "=") .. "\n" .. different("(mM/ms)", "(mM)", "="),
    "x' without a time")

local kinetic = [[
NEURON { SUFFIX test RANGE i }
UNITS { (mM) = (milli/liter) (mA) = (milliamp) F = (faraday) (coulomb) }
PARAMETER { k1 = 1 (/ms)  k2 = 1 (/mM-ms)  vol = 1 (um3)  flow = 1 (mM/ms) }
ASSIGNED { i (mM/ms) }
STATE { a (mM)  b (mM)  c (mM) }
BREAKPOINT { SOLVE k METHOD sparse }
KINETIC k {
    %s
    i = f_flux - b_flux
}
]]

local function reaction(statement, wanted)
    local list = {}
    for _, message in ipairs(checked.text(kinetic:format(statement)).list) do
        if message.code == "unit" then
            list[#list + 1] = message.text
        end
    end
    tap.is(table.concat(list, "\n"), wanted or "", statement)
end

reaction "~ a <-> b (k1, k1)"
reaction "~ a + b <-> c (k2, k1)"
reaction "~ 2 a <-> c (k2, k1)"
reaction "~ a << (flow)"
reaction "~ a -> (k1)"
reaction "~ a <-> b (k1, k1) CONSERVE a + b = 3(mM)"
reaction("~ a <-> b (k1, k2)", different("(/ms)", "(/mM-ms)",
    "the rate backward, as the states want it"))
reaction("~ a + b <-> c (k1, k1)", different("(/mM-ms)", "(/ms)",
    "the rate forward, as the states want it"))
reaction("~ a << (k1)", different("(mM/ms)", "(/ms)", "the flux, as the state wants it"))
reaction("~ a <-> b (k1, k1) CONSERVE a + b = k1", different("(mM)", "(/ms)", "CONSERVE"))

-- ---- declarations

checked.says([[
NEURON { POINT_PROCESS P USEION ca READ cai NONSPECIFIC_CURRENT i }
ASSIGNED { v (volt)  celsius  i (mA/cm2)  cai (mV)  dt }
BREAKPOINT { i = v + celsius + cai }
]], {
    "2: warning: v has the unit (volt): expected (mV)",
    "2: warning: celsius has no unit: expected celsius (degC)",
    "2: warning: i has the unit (mA/cm2): expected (nA)",
    "2: warning: cai has the unit (mV): expected (mM)",
    "2: warning: dt has no unit: expected dt (ms)",
}, "NEURON's variables and ions have NEURON's units, and are not said twice", nil, true)
checked.says("NEURON { SUFFIX k RANGE a }\nPARAMETER { a = 1 (mq) b = 2 (mq) }\n"
    .. "UNITS { (mX) = (millix) }\nINITIAL { a = b }", {
    "2: warning: the unit mq is not known: UNITS { (mq) = (...) } can define it",
    "3: warning: the unit millix is not known",
}, "each name that is not known is said once", nil, true)
checked.says("NEURON { SUFFIX k RANGE a }\nUNITS { (mV) = (millivolt) }\nPARAMETER { a = 1 (mV) }\n"
    .. "INITIAL { a = 1(ms) }", {
    "4: error: =: (mV) and (ms) measure different things",
}, "strict: they are errors", { strict = true }, true)

tap.done()
