-- SPDX-License-Identifier: BSD-3-Clause
-- VERBATIM: the C code that is understood, and that all other is refused.

local checked = require "nmodl.checked"
local tap = require "tap"
local walk = require "hillock.nmodl.walk"

-- Each VERBATIM of a text as "idiom variable distribution", or "refused".
local function idioms(text)
    local result = checked.text(text)
    local list = {}
    local function note(node)
        if node.kind == "verbatim" then
            local words = { node.idiom or "refused", node.variable, node.distribution }
            list[#list + 1] = table.concat(words, " ")
        end
    end
    for _, block in ipairs(result.tree.blocks) do
        note(block)
        walk.statements(block.body, note)
    end
    return table.concat(list, ", "), result
end

local point = [[
NEURON { POINT_PROCESS P RANGE a, b POINTER rng, other USEION ca READ cai }
ASSIGNED { a b rng other using cai }
NET_RECEIVE(w) { a = urand() + erand() + nrand() + draw() }
]]

local functions = {
    urand = "FUNCTION urand() { urand = 1 }\n", erand = "FUNCTION erand() { erand = 1 }\n",
    nrand = "FUNCTION nrand() { nrand = 1 }\n", draw = "FUNCTION draw() { draw = 1 }\n",
}

-- In a block; the functions that are called and are not in it are added.
local function is(block, wanted, name)
    local text = point
    for called, definition in pairs(functions) do
        if not block:find("FUNCTION " .. called .. "(", 1, true) then
            text = text .. definition
        end
    end
    tap.is(idioms(text .. block), wanted, name)
end

local function verbatim(c)
    return "VERBATIM\n" .. c .. "\nENDVERBATIM\n"
end

local function in_function(name, c, wanted, title)
    is(("FUNCTION %s() {\n%s}"):format(name, verbatim(c)), wanted, title)
end

-- ---- no effect

is(verbatim [[
#include <math.h>
#ifndef NRN_VERSION_GTEQ_8_2_0
double nrn_random_pick(void* r);
void* nrn_random_arg(int argpos);
extern int vector_capacity();
#define RANDCAST
#else
#define RANDCAST (Rand*)
#endif]], "ignored", "prototypes and includes")
is(verbatim "static int count;", "refused", "a variable of C")
is(verbatim "static double f(double x) { return x; }", "refused", "a function of C")
is(verbatim "static void bbcore_write(double* x, int* d) { *d += 1; }\n"
    .. "static void bbcore_read(double* x, int* d) { }", "ignored", "what CoreNEURON exchanges")
is("INITIAL {\n"
    .. verbatim '/* here */ printf("%g\\n", a); if (a > 3 && b == 1) { fflush(stdout); }' .. "}",
    "ignored", "printing")
is("INITIAL {\n" .. verbatim 'if ((a = 3)) printf("a");' .. "}", "refused",
    "printing that sets something")
is("INITIAL {\n" .. verbatim 'printf("%g", a++);' .. "}", "refused", "an argument with an effect")
is("INITIAL {\n" .. verbatim "// nothing" .. "}", "ignored", "a comment")
is("INITIAL {\n" .. verbatim "#if !NRNBBCORE" .. "a = 1\n" .. verbatim "#endif" .. "}",
    "ignored, ignored", "what NEURON compiles, and CoreNEURON does not")
is("INITIAL {\n" .. verbatim "#if NRNBBCORE" .. "a = 1\n" .. verbatim "#endif" .. "}",
    "refused, ignored", "what CoreNEURON alone compiles")
is("PROCEDURE p() { a = 1\n" .. verbatim "return 0;" .. "}", "ignored", "a return at the end")
is("PROCEDURE p() {\n" .. verbatim "return 0;" .. " a = 1 }", "refused", "a return before it")
is("FUNCTION f() { f = 1\n" .. verbatim "return 0;" .. "}", "refused", "a return of a value")
is("DESTRUCTOR {\n" .. verbatim "free(_p_other);" .. "}", "ignored", "DESTRUCTOR")
is("INITIAL {\n" .. verbatim "a = b;" .. "}", "refused", "an assignment")

-- ---- generators

is("PROCEDURE setRNG() {\n" .. verbatim [[
#ifndef CORENEURON_BUILD
    if (ifarg(1) && hoc_is_double_arg(1)) {
        nrnran123_State** pv = (nrnran123_State**)(&_p_rng);
        if (*pv) { nrnran123_deletestream(*pv); *pv = (nrnran123_State*)0; }
        *pv = nrnran123_newstream3(1, 2, 3);
        using = 1;
    } else { void** pv = (void**)(&_p_rng); *pv = nrn_random_arg(1); }
#endif]] .. "}", "ignored", "who hands over a generator")
is("PROCEDURE setRNG() {\n" .. verbatim "_p_rng = nrn_random_arg(1); a = 1;" .. "}\n"
    .. "INITIAL { b = a }", "refused", "and sets a variable")
is("INITIAL {\n" .. verbatim "if (_p_rng) { nrnran123_setseq((nrnran123_State*)_p_rng, 0, 0); }"
    .. "}", "ignored", "a generator starts anew")
is("PROCEDURE setRNG() {\n" .. verbatim "_p_rng = nrn_random_arg(1);" .. "}\nINITIAL { setRNG() }",
    "refused", "a PROCEDURE that the file calls")

in_function("urand", "_lurand = scop_random();", "random urand uniform", "scop_random")
in_function("draw", "_ldraw = nrnran123_negexp((nrnran123_State*)_p_rng);", "random draw negexp",
    "nrnran123_negexp")
in_function("draw", "return nrnran123_normal(_p_rng);", "random draw normal", "return")
in_function("erand", "_lerand = nrn_random_pick(RANDCAST _p_rng);", "random erand negexp",
    "nrn_random_pick: the name says what")
in_function("draw", "_ldraw = nrn_random_pick(_p_rng);", "refused", "nothing says what")
in_function("draw", "/* must be Random.normal(0,1) */ _ldraw = nrn_random_pick(_p_rng);",
    "random draw normal", "the comment says what")
in_function("urand", [[
    double value = 0.0;
    if (using) { value = nrnran123_dblpick((nrnran123_State*)_p_rng); }
    else if (_p_rng) { value = nrn_random_pick(RANDCAST _p_rng); }
    else { hoc_execerror("no generator", 0); }
    _lurand = value;]], "random urand uniform", "by way of a variable")
in_function("urand",
    "nrnran123_State* r = (nrnran123_State*)_p_rng; _lurand = nrnran123_dblpick(r);",
    "random urand uniform", "by way of a pointer")
in_function("urand", "_lurand = 2 * scop_random();", "refused", "a product")
in_function("urand", "_lurand = scop_random(); a = 3;", "refused", "and something else")
in_function("urand",
    "if (using) { _lurand = scop_random(); } else { _lurand = nrnran123_negexp(_p_rng); }",
    "refused", "two distributions")
is("FUNCTION erand() {\n" .. verbatim [[
    if (_p_rng) { _lerand = nrn_random_pick(_p_rng); } else {
        if (_nt != nrn_threads) { hoc_execerror("a", "b"); }]] .. "erand = exprand(1)\n"
    .. verbatim "}" .. "}", "ignored, ignored", "around the statement that draws the same")
local by_value = "FUNCTION erand() {\n" .. verbatim [[
    double value;
    if (_p_rng) { value = nrn_random_pick(_p_rng); return value; } else {]]
    .. "value = exprand(1)\n" .. verbatim "}" .. "erand = value }"
is(by_value, "ignored, ignored", "by way of a variable of C")
is((by_value:gsub("value = exprand", "erand = exprand")), "ignored, ignored", "or around it")
local _, by_value_result = idioms(point .. by_value .. functions.urand .. functions.nrand
    .. functions.draw)
tap.is(by_value_result.said, "2: warning: using is not used", "which nothing needs to declare")
tap.is(by_value_result.tree.blocks[4].body[2].name, "erand", "the function draws it")
tap.is(#by_value_result.tree.blocks[4].body, 3, "and no variable is left")
is("FUNCTION erand() {\n" .. verbatim "if (_p_rng) { _lerand = nrnran123_normal(_p_rng); } else {"
    .. "erand = exprand(1)\n" .. verbatim "}" .. "}", "refused, refused",
    "around one that draws something else")

local _, result = idioms(point .. "FUNCTION urand() {\n" .. verbatim "_lurand = scop_random();"
    .. "}\n" .. functions.erand .. functions.nrand .. functions.draw)
tap.is(result.said, "", "a number that is drawn is set")

-- ---- ions

is("INITIAL {\n" .. verbatim "cai = _ion_cai;" .. "}", "ion cai", "the value of the ion")
is("INITIAL {\n" .. verbatim "a = _ion_cai;" .. "}", "refused", "something else")

-- ---- the message

tap.is(checked.text("NEURON { SUFFIX c }\nINITIAL {\n" .. verbatim "x = 1;" .. "}").said,
    "3: error: VERBATIM is C code, and hillock takes none: write it in NMODL, or as a plugin in C",
    "the message")
tap.is(checked.text("NEURON { SUFFIX c }\nINITIAL {\n" .. verbatim "px = vector_vec(vv);"
    .. "}").said, "3: error: VERBATIM is C code, and hillock takes none: give what is in the "
    .. "vector as parameters, or spike times by VecStim", "of vectors")
tap.is(checked.text("NEURON { SUFFIX c }\nINITIAL { IF (v > 1) {\n" .. verbatim "return;"
    .. "} }").said, "3: error: VERBATIM is C code, and hillock takes none: put what comes after it "
    .. "in an ELSE", "of return")

-- ---- NEURON's stimuli

local vecstim = [[
NEURON { ARTIFICIAL_CELL VecStim BBCOREPOINTER ptr }
ASSIGNED { index etime (ms) ptr }
INITIAL { index = 0  element()  if (index > 0) { net_send(etime - t, 1) } }
NET_RECEIVE (w) {
    if (flag == 1) { net_event(t)  element()  if (index > 0) { %s } }
}
PROCEDURE element() {
VERBATIM
    { int i = (int)index; if (i >= 0) { etime = vector_vec(_p_ptr)[i]; index += 1.; } }
ENDVERBATIM
}
PROCEDURE play() {
VERBATIM
    { void** pv = (void**)(&_p_ptr); *pv = ifarg(1) ? vector_arg(1) : (void*)0; }
ENDVERBATIM
}
]]

local function whole(text, wanted, name)
    local result_of = checked.text(text)
    tap.is(result_of.tree.idiom, wanted, name)
    return result_of
end

tap.is(whole(vecstim:format "net_send(etime - t, 1)", "vecstim", "VecStim").said, "",
    "it has no errors")
whole(vecstim:format [[if (etime < t) { printf("unsorted") } else { net_send(etime - t, 1) }]],
    "vecstim", "VecStim that asks for the order")
whole(vecstim:format "net_send(etime - t, 1) net_send(1, 2)", nil, "VecStim with something more")

local netstim = [[
NEURON { ARTIFICIAL_CELL NetStim RANGE interval, number, start, noise BBCOREPOINTER donotuse }
PARAMETER { interval = 10 (ms) number = 10 start = 50 (ms) noise = 0 }
ASSIGNED { event (ms) on ispike donotuse }
INITIAL { on = 0 }
PROCEDURE init_sequence(t(ms)) { if (number > 0) { on = 1  event = 0  ispike = 0 } }
FUNCTION invl(mean (ms)) (ms) {
    if (mean <= 0.) { mean = .01 (ms) }
    if (noise == 0) { invl = mean } else { invl = (1. - noise)*mean + noise*mean*erand() }
}
FUNCTION erand() {
VERBATIM
    _lerand = any_thing(_p_donotuse);
ENDVERBATIM
}
PROCEDURE next_invl() {
    if (number > 0) { event = invl(interval) }
    if (ispike >= number) { on = 0 }
}
NET_RECEIVE (w) {
    if (flag == 0) {
        if (w > 0 && on == 0) {
            init_sequence(t)  next_invl()
            event = event - interval*(1. - noise)
            net_send(event, 1)
        } else if (w < 0) { on = 0 }
    }
    if (flag == 3) { if (on == 1) { init_sequence(t)  net_send(0, 1) } }
    if (flag == 1 && on == 1) {
        ispike = ispike + 1  net_event(t)  next_invl()
        if (on == 1) { net_send(event, 1) }
    }
}
]]
tap.is(whole(netstim, "netstim", "NetStim").said, "", "it has no errors")
whole(netstim:gsub("ispike = ispike %+ 1", "ispike = ispike + 1  on = 3"), nil,
    "NetStim with something more")
whole(netstim:gsub("ARTIFICIAL_CELL", "POINT_PROCESS"), nil, "a point process is none")

tap.done()
