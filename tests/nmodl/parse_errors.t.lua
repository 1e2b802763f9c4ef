-- SPDX-License-Identifier: BSD-3-Clause
-- What the parser of NMODL says about mistakes: where they are, and what would be right.

local messages = require "hillock.nmodl.messages"
local parse = require "hillock.nmodl.parse"
local scratch = require "scratch"
local shape = require "nmodl.shape"
local source = require "hillock.nmodl.source"
local tap = require "tap"

-- The text has the messages of `want`, each "LINE:COLUMN: text", and no others.
local function says(text, want, name)
    local tree, said = shape.parse(text)
    local got = {}
    for i, message in ipairs(said) do
        local place = tree.source:place(message.at)
        got[i] = ("%d:%d: %s"):format(place.line, place.column, message.text)
    end
    tap.is(table.concat(got, "\n"), table.concat(want, "\n"), name or text:gsub("\n", " "))
    return tree
end

-- A statement has this message; `column` counts in the statement.
local function statement(text, column, want, inside)
    says((inside or "PROCEDURE p()") .. " {\n" .. text .. "\nlast = 1\n}",
        { ("2:%d: %s"):format(column, want) }, text)
end

-- An entry of a block has this message.
local function entry(keyword, text, column, want)
    says(keyword .. " {\n" .. text .. "\n}", { ("2:%d: %s"):format(column, want) },
        keyword .. ": " .. text)
end

-- ---- how messages look

local _, said = shape.parse "STATE {\n\tm = \xc3\xa9\n}"
tap.is(said:render()[1], "test.mod:2:4: error: m has no value here: set it in INITIAL\n"
    .. "    \tm = \xc3\xa9\n    \t  ^", "a message has its line, and a caret; tabs stay")
_, said = shape.parse "INITIAL {\n x = \xc3\xa9\xc3\xa9 ;\n}"
tap.is(said:render()[1], "test.mod:2:6: error: characters outside of ASCII may stand in comments "
    .. "only\n     x = \xc3\xa9\xc3\xa9 ;\n         ^", "the caret counts characters before it")
_, said = shape.parse("INITIAL { x = " .. ("y + "):rep(200) .. ")" .. (" + y"):rep(200) .. " }")
local shown, caret = said:render()[1]:match "\n    ([^\n]*)\n    ( *)%^$"
tap.ok(shown and #shown <= 160 and shown:sub(#caret + 1, #caret + 1) == ")",
    "of a long line the part around the column is shown")
_, said = shape.parse "INITIAL {\n x = ) \0\27[31m\n}"
tap.ok(said:render()[1]:find("x = ) ??[31m", 1, true), "a terminal gets no codes of the file")

-- ---- misspelt keywords

says("BREAKPIONT {\n  x = 1\n}\nSTATE { m }",
    { "1:1: 'BREAKPIONT' begins no block: did you mean BREAKPOINT?" })
says("Parameter { a = 1 }", { "1:1: 'Parameter' begins no block: did you mean PARAMETER?" })
says("hello", { "1:1: 'hello' begins no block" })
entry("NEURON", "SUFIX foo", 1, "'SUFIX' says nothing in NEURON: did you mean SUFFIX?")
entry("NEURON", "USEION ca WRIT ica", 11, "expected READ or WRITE and variables of the ion after "
    .. "USEION ca, got 'WRIT': did you mean WRITE?")
statement("SOVLE states METHOD cnexp", 1, "'SOVLE' begins no statement: did you mean SOLVE?")
statement("SOLVE states method cnexp", 14, "'method' begins no statement: did you mean METHOD?")
statement("If (x > 1) { y = 2 }", 1, "'If' begins no statement: did you mean IF?")
statement("for (x) { y = 2 }", 1, "'for' begins no statement: did you mean FROM?")
says("PLOT v VS t\nSTATE { m }", { "1:1: 'PLOT' begins no block: PLOT belongs to an older version "
    .. "of the language, and is not taken" })
says(("x"):rep(100000) .. " {\n}", { "1:1: '" .. ("x"):rep(100000) .. "' begins no block" },
    "a very long word")

-- ---- blocks

says("INITIAL x = 1", { "1:9: expected '{' and the statements of INITIAL, got 'x'" })
says("DERIVATIVE {\n}", { "1:12: expected the name of the block after DERIVATIVE, got '{'" })
says("FUNCTION STATE() { }\n", { "1:10: expected the name of the FUNCTION, got STATE, which is a "
    .. "keyword" })
says("FUNCTION f(x, y z) { }", { "1:17: expected ',' or ')' after an argument, got 'z'" })
says("BEFORE NOON { }", { "1:8: expected BREAKPOINT, SOLVE, INITIAL or STEP after BEFORE, got "
    .. "'NOON'" })
says("INITIAL {\n x = 1\n", { "1:9: the '{' of INITIAL has no '}': expected one before the end of "
    .. "the file" })
says("PROCEDURE p() {\n if (x) {\n y = 1\n}\nFUNCTION f() { f = 1 }",
    { "1:15: the '{' of PROCEDURE p has no '}': expected one before FUNCTION" })
says("PROCEDURE p() {\n if (x) {\n y = 1\nFUNCTION f() { f = }",
    { "2:9: the '{' of IF has no '}': expected one before FUNCTION",
        "4:20: expected an expression, got '}'" })
says("STATE { m\nINITIAL { }", { "1:7: the '{' of STATE has no '}': expected one before INITIAL" })
says("INITIAL { } }\nx = 1\nSTATE { m = 1 }", { "1:13: this '}' has no '{'",
    "3:11: m has no value here: set it in INITIAL" })
says("x = 1\n", { "1:1: 'x' begins no block" })
says("SOLVE x", { "1:1: SOLVE has no place outside of blocks" })
says("= 5", { "1:1: expected a block as NEURON, PARAMETER, BREAKPOINT, got '='" })
says("DEFINE N\nSTATE { m }", { "1:9: expected a number: DEFINE N 5, got the end of the line" })
says("DEFINE N 1.5", { "1:10: expected a number: DEFINE N 5, a whole number from 0, got 1.5" })
says("INCLUDE file", { "1:9: expected the path of a file: INCLUDE \"constants.inc\", got 'file'" })
says("INCLUDE \"no/such.inc\"", { "1:9: there is no file 'no/such.inc'" })

-- ---- NEURON and declarations

entry("NEURON", "RANGE a b, c", 9, "a comma is missing before 'b'")
entry("NEURON", "RANGE a,", 9, "expected a name after RANGE, got the end of the line")
entry("NEURON", "SUFFIX a POINT_PROCESS b", 10, "the mechanism has two names: 'a' and 'b'")
entry("NEURON", "USEION ca VALENCE 2", 20, "expected READ or WRITE and variables of the ion after "
    .. "USEION ca, got the end of the line")
entry("NEURON", "REPRESENTS", 11,
    "expected what it represents: REPRESENTS CHEBI:29101, got the end "
    .. "of the line")
entry("PARAMETER", "g = (S/cm2)", 5, "expected the number that g is by default, got '('")
entry("PARAMETER", "g = 1 (S/cm2", 7, "the '(' of this unit has no ')' on its line")
entry("PARAMETER", "g = 1e999", 5, "the number 1e999 is too large")
entry("PARAMETER", "k[3] = 1", 6, "an array has no value in PARAMETER: set it in INITIAL")
entry("PARAMETER", "k[N]", 3,
    "expected the size of the array, got 'N', which is not DEFINEd before")
entry("PARAMETER", "k[0]", 3, "expected the size of the array, a whole number from 1, got 0")
entry("PARAMETER", "STATE = 4", 1,
    "expected the name of a parameter, got STATE, which is a keyword")
entry("PARAMETER", "q = 1 <0 1>", 10,
    "expected ',' after the lower limit: <0, 1e9>, got the number 1")
entry("PARAMETER", "g = 1 pS/um2", 7, "expected a unit in parentheses, as (pS/...), got 'pS'")
entry("STATE", "m, h", 2, "a ',' has no place here: entries of a block follow each other")
entry("ASSIGNED", "m = 3", 3, "m has no value here: set it in INITIAL")
entry("UNITS", "(mV) (millivolt)", 6, "expected '=': (mV) = (millivolt), got '('")
entry("UNITS", "F = 96485", 10,
    "expected the unit of F, (1) if it has none, got the end of the line")
entry("UNITS", "F = (faraday)", 14, "expected the unit that is wanted: FARADAY = (faraday) "
    .. "(coulomb), got the end of the line")
entry("CONSTANT", "a 5", 3, "expected '=' and a number, got the number 5")
entry("INDEPENDENT", "t FROM 0 TO 1", 14,
    "expected WITH: t FROM 0 TO 1 WITH 1 (ms), got the end of the line")

-- ---- statements

statement("x = 1;", 6, "a ';' has no meaning in NMODL: a statement ends where it ends")
says("INITIAL {\n x = 1;\n y = 2;\n z = ;\n}",
    { "2:7: a ';' has no meaning in NMODL: a statement ends where it ends",
        "4:6: a ';' has no meaning in NMODL: a statement ends where it ends" },
    "many ';' are one error, but where they stand for something")
statement("x = 5 % 3", 7, "there is no operator '%': fmod(a, b) is the remainder")
statement("x = a & b", 7, "there is no operator '&': 'and' is '&&'")
statement("x = $", 5, "a '$' has no meaning in NMODL")
statement("x = \1", 5, "a byte 0x01 has no meaning in NMODL")
statement("x[1]' = 1", 5, "a \"'\" follows its name directly: x', x'[i]")
statement("x = (a + ) * 3", 10, "expected an expression, got ')'")
statement("x = (a + b", 11, "expected an operator or ')', got the end of the line")
statement("x = a b", 8, "expected '=' or '(' after 'b', got the end of the line")
statement("x a = 2", 3, "expected '=' or '(' after 'x', got 'a'")
statement("x = IF", 5, "expected an expression, got IF, which is a keyword")
statement("f(a, b", 7, "expected ',' or ')' after an argument of f, got the end of the line")
statement("f(a b)", 5, "expected ',' or ')' after an argument of f, got 'b'")
statement("x[2 = 3", 5, "expected ']' after the index of x, got '='")
statement("printf(\"foo)", 8, "this string has no '\"' at its end")
statement("if (m = 3) { h = 4 }", 7,
    "expected an operator or ')' after the condition, got '=': '==' compares")
statement("if m > 3 { h = 4 }", 4, "expected '(' and a condition after IF, got 'm'")
statement("if (m) h = 4", 8, "expected '{' and the statements of IF, got 'h'")
statement("else { h = 4 }", 1, "this ELSE has no IF { } before it")
statement("WHILE (x)", 10, "expected '{' and the statements of WHILE, got the end of the line")
statement("FROM i = 0 10 { x = 1 }", 12, "expected an operator or TO: FROM i = 0 TO 9 { }, got the "
    .. "number 10")
statement("LOCAL a b", 9, "a comma is missing before 'b'")
statement("LOCAL 5", 7, "expected the name of a local variable, got the number 5")
says("INITIAL {\n SOLVE\n}", { "2:7: expected the name of a block: SOLVE states METHOD cnexp, got "
    .. "the end of the line" })
says("INITIAL {\n SOLVE a METHOD\n}",
    { "2:16: expected the name of a method, as cnexp, got the end of the line" })
statement("TABLE a FROM 0 TO 1", 20,
    "expected an operator or WITH: TABLE ... FROM -100 TO 100 WITH 200, got the end of the line")
statement("TABLE a FROM 0 TO 1 WITH 1.5", 26,
    "expected the number of intervals of the table, a whole number from 1, got 1.5")
statement("PROTECT f(x)", 10, "expected '=' after 'f', got '('")
statement("STEP { }", 1, "STEP has no place here: expected a statement or '}'")
statement("LAG x", 6, "expected BY: LAG x BY tau, got the end of the line")
statement("WATCH (v) 2", 9, "expected an operator, '<' or '>': WATCH (v > 10) 2, got ')'")
statement("WATCH (v > 1)", 14,
    "expected the flag, a number: WATCH (v > 10) 2, got the end of the line")
says("DEFINE N 3\nINITIAL {\n N = 4\n LOCAL N\n}", {
    "3:2: 'N' is DEFINEd as 3: it cannot be assigned",
    "4:8: expected the name of a local variable, got 'N', which is DEFINEd as 3" })

local kinetic = "KINETIC k"
statement("~ a <-> b (1, 2)", 1,
    "'~' begins a reaction of KINETIC or an equation of LINEAR or NONLINEAR, and has no place here")
statement("~ a b", 5, "expected '<->', '->', '<<' or '+' after a reactant, got 'b'", kinetic)
statement("~ a <-> 0.5 b (1, 2)", 9,
    "expected the number of reactants, a whole number from 1, got 0.5", kinetic)
statement("~ a <-> b", 10,
    "expected '+', or '(' and the two rates: ~ a <-> b (kf, kb), got the end "
    .. "of the line", kinetic)
statement("~ a <-> b (kf)", 14, "expected an operator, or ',' and the rate of the way back: "
    .. "~ a <-> b (kf, kb), got ')'", kinetic)
statement("~ a << kf", 8, "expected '(' and the rate: ~ a << (k), got 'kf'", kinetic)
statement("CONSERVE a - b = 1", 12, "expected '+' or '=': CONSERVE a + b = total, got '-'", kinetic)
statement("CONSERVE a = 1", 1, "CONSERVE has no place outside of KINETIC")
statement("COMPARTMENT v a b", 15,
    "expected an operator, or '{' and the names of states after COMPARTMENT, got 'a'", kinetic)
statement("COMPARTMENT v { a 1 }", 19, "expected the name of a state, got the number 1", kinetic)
statement("~ a*x + b", 10, "expected an operator or '=': ~ a*x + b*y = c, got the end of the line",
    "LINEAR l")

-- ---- several, and going on

local tree = says("NEURON {\n SUFFIX\n RANGE a\n}\nPARAMETER {\n g = \n h = 1\n}\nINITIAL {\n"
    .. " x = (\n y = 2\n if (y > ) { z = 1 }\n w = 3\n}\nBREAKPONT {\n}\nSTATE { m }", {
    "2:8: expected the name of the mechanism after SUFFIX, got the end of the line",
    "6:5: expected the number that g is by default, got the end of the line",
    "11:4: expected an operator or ')', got '='",
    "12:10: expected an expression, got ')'",
    "15:1: 'BREAKPONT' begins no block: did you mean BREAKPOINT?",
}, "five mistakes are five messages")
tap.is(shape.show(tree.blocks[2]), "parameter{list=[parameter_entry{name=h value=1}]}",
    "and what is good is in the tree")
says("COMMENT\nSTATE { m }", { "1:1: this COMMENT has no ENDCOMMENT at the beginning of a line" })
says("INITIAL { x = 1\nVERBATIM }",
    { "2:1: this VERBATIM has no ENDVERBATIM at the beginning of a line" },
    "VERBATIM without an end")
_, said = shape.parse("INITIAL {\n" .. ("x = \n5 +\n"):rep(5000) .. "}")
tap.ok(said.errors == 50 and #said == 51 and said[51].kind == "note",
    "after fifty errors there is no more than a note")

-- ---- what is deep or long

-- The parser ends with this message, and after instructions in proportion to the length.
local function bounded(text, want, name)
    local counted = 0
    debug.sethook(function()
        counted = counted + 1
        if counted > 100 + #text then
            error "it does not end"
        end
    end, "", 1000)
    local fine, _, list = pcall(shape.parse, text)
    debug.sethook()
    tap.ok(fine and list[1] and list[1].text:find(want, 1, true), name)
    tap.note("%s: %s", name, fine and list[1] and list[1].text or tostring(_))
end

local n = 20000
local function inside(text)
    return "INITIAL {\nx = " .. text .. "\n}"
end

bounded(inside(("("):rep(n) .. "1" .. (")"):rep(n)), "nested too deeply", "parentheses")
bounded(inside(("-"):rep(n) .. "1"), "nested too deeply", "signs")
bounded(inside(("!"):rep(n) .. "1"), "nested too deeply", "not")
bounded(inside(("f("):rep(n)), "nested too deeply", "calls")
bounded(inside(("x["):rep(n)), "nested too deeply", "indices")
bounded(inside(("x^"):rep(n) .. "1"), "nested too deeply", "powers")
bounded(inside(("x+"):rep(n) .. "1"), "more than 1000 operators", "operators")
bounded("INITIAL " .. ("{"):rep(n), "nested too deeply", "blocks")
bounded("INITIAL {" .. ("if (x) { "):rep(n), "nested too deeply", "conditions")
bounded("INITIAL { if (x) {}" .. ("else if (x) { }"):rep(n) .. "}", "more than 100 ELSE IF",
    "else if")
bounded(("}"):rep(n), "this '}' has no '{'", "closing braces")
bounded(("x\n"):rep(n), "'x' begins no block", "lines of nothing")
bounded(("COMMENT\n"):rep(n), "has no ENDCOMMENT", "COMMENT")
bounded(("VERBATIM "):rep(n), "has no ENDVERBATIM", "VERBATIM")
bounded("INITIAL {" .. ('"'):rep(n + 1), "expected a statement", "quotes")
bounded(("\xff \0"):rep(n), "outside of ASCII", "bytes")
bounded("STATE { " .. ("m ("):rep(n), "has no ')'", "units without an end")
tap.ok(#shape.block("INITIAL {" .. ("{"):rep(39) .. ("}"):rep(39) .. "}") > 0
    and #select(2, shape.parse("INITIAL {" .. ("{"):rep(39) .. ("}"):rep(39) .. "}")) == 0,
    "forty blocks in each other are taken")
tap.ok(#select(2, shape.parse(inside(("("):rep(100) .. "1" .. (")"):rep(100)))) == 0,
    "and a hundred parentheses")
tap.ok(coroutine.wrap(function()
    return #select(2, shape.parse("INITIAL {" .. ("{"):rep(39) .. ("}"):rep(39) .. "}")) == 0
end)(), "in a coroutine, too")

-- ---- files in files

local folder <close> = scratch.new()
folder:write("itself.inc", "INCLUDE \"itself.inc\"\nSTATE { m }\n")
folder:write("around.inc", "INCLUDE \"./around.inc\"\n")
folder:write("many.inc", ("INCLUDE \"one.inc\"\n"):rep(200))
folder:write("one.inc", "")
assert(os.execute(("mkfifo %s/pipe.inc"):format(folder.work)))

-- What a file that includes this one is told first, without the folder.
local function included(name, want)
    local made = source.new(folder.work .. "/main.mod", ("INCLUDE %q\n"):format(name))
    local list = messages.new(made)
    parse.text(made, list)
    local first = list:render()[1] or ""
    tap.is(first:gsub(folder.work:gsub("%p", "%%%0") .. "/", ""):match "^[^\n]*", want,
        "INCLUDE " .. name)
end

included("itself.inc", "itself.inc:1:9: error: 'itself.inc' includes itself")
included("around.inc", ("./"):rep(19)
    .. "around.inc:1:9: error: more than 20 files are included in each other")
included("many.inc", "many.inc:100:1: error: more than 100 files are included")
included("pipe.inc", "main.mod:1:9: error: there is no file 'pipe.inc'")
included(".", "main.mod:1:9: error: there is no file '.'")

-- ---- a machine without lpeg

local kept = { package.loaded.lpeg, package.loaded["hillock.nmodl.lexer"] }
package.loaded.lpeg, package.loaded["hillock.nmodl.lexer"] = nil, nil
package.preload.lpeg = function() error "there is none" end
tap.throws(function() require "hillock.nmodl.lexer" end,
    { "the Lua module 'lpeg' is missing", "apt-get install lua-lpeg" }, "lpeg is missing")
package.preload.lpeg = nil
package.loaded.lpeg, package.loaded["hillock.nmodl.lexer"] = kept[1], kept[2]

tap.done()
