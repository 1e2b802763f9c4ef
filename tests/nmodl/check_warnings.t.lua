-- SPDX-License-Identifier: BSD-3-Clause
-- Warnings and notes of the checker, and what has none.

local checked = require "nmodl.checked"
local tap = require "tap"

local channel, says, text = checked.channel, checked.says, checked.text

local function code(what, wanted, name)
    local codes = {}
    for _, message in ipairs(text(what).list) do
        codes[#codes + 1] = message.code or "none"
    end
    tap.is(table.concat(codes, " "), wanted, name)
end

-- ---- what is not used, or not set

says(channel("", [[
PARAMETER { p = 1 }
CONSTANT { c = 1 }
ASSIGNED { a b }
STATE { m n }
INITIAL { LOCAL x, y, z
    m = b
    y = 1
    FROM i = 0 TO 3 { z = z + i  m = z }
}]]), {
    "4: warning: a is not used",
    "4: warning: b is read and never set: it is 0, and without RANGE nobody can set it",
    "5: warning: STATE n has no equation, and nothing sets it",
    "6: warning: LOCAL x is not used", "6: warning: LOCAL y is set and never read",
}, "what is not used; a parameter may serve outside, a constant is usual")
says(channel("RANGE a, lost", "ASSIGNED { a }\nSTATE { m }\nINITIAL { m = a }"), {
    "1: warning: lost of RANGE is declared nowhere",
}, "a remainder in RANGE; what is RANGE can be set from outside")
says(channel("", "STATE { m }\nINITIAL { LOCAL x\n m = x\n x = 1 }"), {
    "4: warning: LOCAL x is read here, and nothing has set it",
}, "a LOCAL that is read first")
says(channel("", "STATE { m }\nINITIAL { LOCAL x\n IF (t > 1) { x = 1 }\n m = x\n"
    .. " WHILE (m < 3) { LOCAL y\n m = m + x } }"), { "6: warning: LOCAL y is not used" },
    "a LOCAL that is set on some path")
says(channel("", "ASSIGNED { a b }\nSTATE { m }\nINITIAL { m = a\n a = 1\n set()\n m = b }\n"
    .. "PROCEDURE set() { b = m }"), {
    "4: warning: a is read here, and INITIAL sets it only afterwards: it is 0",
}, "INITIAL reads what it sets afterwards; a procedure sets, too")
says(channel("NONSPECIFIC_CURRENT i", "ASSIGNED { i }\nBREAKPOINT { }"), {
    "2: warning: the current i is never set: it is 0",
}, "a current that nothing sets")
says(channel("USEION na WRITE ina", "ASSIGNED { ina }\nBREAKPOINT { }"), {
    "2: warning: USEION na has WRITE ina, and nothing sets ina",
}, "an ion's that nothing sets")
says(channel("", "STATE { m }\nDERIVATIVE d { m' = -m }\nKINETIC k { ~ m << (1) }"), {
    "3: warning: nothing solves DERIVATIVE d: expected SOLVE d METHOD cnexp in BREAKPOINT",
    "4: warning: nothing solves KINETIC k: expected SOLVE k METHOD sparse in BREAKPOINT",
}, "blocks that nothing solves")
says(channel("", "STATE { m }\nINITIAL { m = f(1) }\nFUNCTION f(x) { m = x }"), {
    "4: warning: FUNCTION f never sets its value: it is 0; expected f = ...",
}, "a FUNCTION without a value")
says(channel("", "STATE { m }\nINITIAL { f(1) }\nFUNCTION f(x) { m = x }"), {},
    "nobody asks for it")
says(channel("", "STATE { m }\nINITIAL { m = p() + abs(m) }\nPROCEDURE p() { m = 1 }"), {
    "3: warning: p is a PROCEDURE: its value is 0; a FUNCTION has one",
    "3: warning: abs is C's for whole numbers, by which NEURON cuts off what is behind the point; "
        .. "fabs does not",
}, "a PROCEDURE as a value, and abs")

-- ---- ions, v

says(channel("USEION k READ ek WRITE ik", [[
ASSIGNED { ek ik ki v }
INITIAL { ek = -80  ki = 3 }
BREAKPOINT { ek = -70  ik = v - ek }]]), {
    "2: warning: ki is a variable of this mechanism alone: add WRITE ki to USEION k if the ion's "
        .. "is meant",
    "3: warning: ek is only READ: what is set here, this mechanism alone sees, until it is read "
        .. "again; add WRITE ek to USEION k if the ion shall have it",
}, "variables of ions that are not read or written")
says(channel("RANGE a", "ASSIGNED { a }\nBREAKPOINT { IF (v == 1) { v = v + 1e-4 } a = v }"), {
    "3: warning: v is set for this mechanism alone, until the membrane's is read again; a LOCAL "
        .. "says what is meant",
}, "v is set, as in many files")
says(channel("RANGE a", "ASSIGNED { a }\nINITIAL { p(1) }\nPROCEDURE p(v) { v = v + 1  a = v }"),
    {}, "an argument v is set as any other")

-- ---- values

says(channel("RANGE a, b", "PARAMETER { a = 5 <0, 1>\nb = 0.5 <0, 1> }"), {
    "2: warning: the value 5 of a is outside of its limits, 0 to 1",
}, "a value outside of its limits")
says(channel("USEION k READ ek WRITE ik", "PARAMETER { celsius = 6 (degC)\nek = -77 (mV) }\n"
    .. "ASSIGNED { ik (mA/cm2) v (mV) }\nUNITS { (mV) = (millivolt) (mA) = (milliamp) }\n"
    .. "UNITSOFF\nBREAKPOINT { ik = v - ek + celsius }"), {
    "2: note: the value of celsius is NEURON's: 6 is not taken",
    "3: note: the value of ek is the ion's: -77 is not taken",
}, "values that NEURON does not take", nil, true)
says(channel("RANGE a", "ASSIGNED { a }\nINITIAL { p(1) }\n"
    .. "PROCEDURE p(x) { TABLE a FROM 0 TO 1 WITH 10\n a = x }"), {
    "4: note: TABLE is switched off: the functions are computed exactly; in NEURON, "
        .. "usetable_test = 0 does the same",
}, "TABLE", nil, true)

-- ---- what has no warning

says(channel("RANGE a POINTER p", [[
PARAMETER { q = 1 }
ASSIGNED { a b p }
STATE { m }
LOCAL top
INITIAL { LOCAL i
    IF (1/2 == 0.5 && a != 3) { m = 1 } ELSE { m = 0 }
    FROM i = 0 TO 3 { b = b + i }
    top = 1
    printf("hello %g\n", m)
    f(2)
}
BREAKPOINT { SOLVE d METHOD cnexp }
DERIVATIVE d { m' = (b - m) * p * top }
FUNCTION f(x) { f = x }]]), {}, "usual things")

-- ---- codes

code(channel("RANGE lost", "PARAMETER { a = 5 <0, 1> }\nSTATE { m n }\nINITIAL { LOCAL x\n"
    .. "m = a }"), "range limits state unused", "the code of each kind")

tap.done()
