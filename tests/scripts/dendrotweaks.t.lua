-- SPDX-License-Identifier: BSD-3-Clause
-- Folders of DendroTweaks': sections of an SWC file, groups and functions of a biophysical
-- configuration, which files are meant, and what is wrong. The expected sections are those of
-- DendroTweaks 0.5.

local tap = require "tap"
local hk = require "hillock"
local scratch = require "scratch"

local place <close> = scratch.new()
local models = require "dendrotweaks_model"(place)
local folder, model, biophys, shape = models.folder, models.model, models.biophys, models.shape

local function cell_of(options)
    return (hk.dendrotweaks(model(options)))
end

-- ---- sections

local function sections_of(text, options)
    local cell = hk.cell { morphology = hk.swc(folder { ["m.swc"] = text } .. "/m.swc",
        { rule = "dendrotweaks", domains = options }) }
    local list = {}
    for i, s in ipairs(cell:sections()) do
        list[i] = ("%s %d %.6g"):format(s.domain, (s.parent or 0) - 1, s.L)
    end
    return table.concat(list, ", "), cell
end

tap.is(sections_of(shape), "soma -1 20, dend 0 70, axon 0 70.7107, apic 0 50, apic 3 44.7214, "
    .. "apic 3 53.8516, dend 0 42.4264, dend 6 40, dend 6 53.8516",
    "sections are numbered as DendroTweaks does")
local text, cell = sections_of [[
1 1 100 200 300 5 -1
2 3 110 200 300 1 1
3 3 110.00001 200 300 1 2
4 3 150 200 300 1 3
5 3 150 240 300 1 4
6 3 190 200 300 1 4
]]
tap.is(text, "soma -1 10, dend 0 40, dend 1 40, dend 1 40",
    "a soma of one point is as long as wide; doublets are left out; branches begin at their fork")
tap.is(cell:section "dend[0]".parent_x, 0.5, "what leaves the soma joins its middle")
tap.is(cell:section "dend[1]".parent_x, 1, "other sections join ends")
tap.near(cell:segment("dend[1](0.5)").distance, 60, 1e-9, "distances begin in the soma's middle")

-- The centre of the apical points ends up above the soma, whatever way the file has it.
local turned = sections_of((shape:gsub("(%d+ 4) (%S+) (%S+)", "%1 %3 %2")))
tap.is(turned:match "apic 0 %S+", "apic 0 50,", "a cell that lies on its side has the same lengths")

local types = "1 1 0 0 0 5 -1\n"
for i, type in ipairs { 0, 2, 3, 31, 4, 41, 42, 43, 6, 7, 8, 5, 50, 11, 80, 99 } do
    types = types .. ("%d %d %d 10 0 1 1\n%d %d %d 90 0 1 %d\n"):format(2 * i, type, i, 2 * i + 1,
        type, i, 2 * i)
end
tap.is((sections_of(types):gsub(" [%d.]+ [%d.]+", "")), "soma -1 10, undefined, axon, dend, basal, "
    .. "apic, trunk, tuft, oblique, neurite, glia, reduced, custom_5, custom_50, custom_11, "
    .. "custom_80, custom_99", "the domains of SWC's types")
tap.is((sections_of("# DOMAIN_NAMES 1:soma 80:reduced_80\n1 1 0 0 0 5 -1\n2 80 0 9 0 1 1\n"
    .. "3 80 0 20 0 1 2\n")), "soma -1 10, reduced_80 0 11", "the file's header names domains")
tap.is((sections_of("1 1 0 0 0 5 -1\n2 11 0 9 0 1 1\n3 11 0 20 0 1 2\n", { [11] = "perisomatic" })),
    "soma -1 10, perisomatic 0 11", "and so does the option")

local function shape_throws(broken, texts, name)
    tap.throws(function() sections_of(broken) end, texts, name)
end
shape_throws("1 1 0 0 0 5 -1\n2 1 0 5 0 5 1\n3 1 0 9 0 4 2\n4 1 0 12 0 2 3\n",
    { "m.swc:1: a soma of 4 points", "one point, or three" }, "a soma of four points is refused")
shape_throws("1 1 0 0 0 5 -1\n2 1 0 5 0 5 1\n3 1 0 9 0 4 2\n",
    { "m.swc:1: a soma of three points" }, "a chain of three is refused")
shape_throws("1 1 0 0 0 5 -1\n2 3 0 9 0 1 1\n", { "m.swc:2: this branch is one point" },
    "a branch without length is refused")
shape_throws("1 1 0 0 0 5 -1\n2 3 0 9 0 1 7\n", { "m.swc:2: parent 7 of point 2" },
    "SWC's own errors are as ever")
tap.throws(function() hk.swc("x.swc", { rule = "dendrotweak" }) end, "did you mean 'dendrotweaks'?",
    "an unknown rule")
tap.throws(function() hk.swc("x.swc", { domains = { [3] = "d" } }) end, "alone takes names",
    "domains without the rule")
tap.throws(function() hk.swc("x.swc", { rule = "dendrotweaks", domains = { a = "d" } }) end,
    "unknown key 'a'", "a domain without a type")

-- ---- functions

local functions = {
    { "constant", '"value": 3', function() return 3 end },
    { "uniform", '"value": 3', function() return 3 end },
    { "linear", '"slope": 2, "intercept": 1', function(x) return 2 * x + 1 end },
    { "power", '"exponent": 2, "horizontal_shift": 5, "scale_factor": 3, "vertical_shift": 1',
        function(x) return 1 + 3 * (x + 5) ^ 2 end },
    { "exponential", '"growth_rate": 0.01, "horizontal_shift": 5, "scale_factor": 3',
        function(x) return 3 * math.exp(0.01 * (x - 5)) end },
    { "sigmoid", '"growth_rate": 0.1, "horizontal_shift": 50, "vertical_shift": 2',
        function(x) return 2 + 1 / (1 + math.exp(-0.1 * (x - 50))) end },
    { "sinusoidal", '"amplitude": 2, "frequency": 0.01, "phase": 0.5',
        function(x) return 2 * math.sin(0.01 * x + 0.5) end },
    { "gaussian", '"amplitude": 2, "mean": 50, "std": 10',
        function(x) return 2 * math.exp(-(x - 50) ^ 2 / 200) end },
    { "step", '"start": 30, "end": 60, "min_value": 1, "max_value": 2',
        function(x) return x > 30 and x < 60 and 2 or 1 end },
    { "polynomial", '"coeffs": [0.1, 2, 3]', function(x) return 0.1 * x * x + 2 * x + 3 end },
}
for _, f in ipairs(functions) do
    local params = '"gbar_Leak": { "dendritic": { "function": "%s", "parameters": { %s } } }'
    local made = cell_of { d_lambda = 0.01, params = params:format(f[1], f[2]) }
    local worst = 0
    for _, s in ipairs(made:region "dend":segments()) do
        local got, want = made:region(s.name):get("Leak", "gbar")[1], f[3](s.distance)
        worst = math.max(worst, math.abs(got - want) / math.abs(want))
    end
    tap.near(worst, 0, 1e-12, f[1] .. " over the dendrites")
    tap.is(made:region "apic":get("Leak", "gbar")[1], 0,
        f[1] .. ": elsewhere DendroTweaks' default")
end
tap.throws(function() hk.power { scale_factor = 2 } end, "'exponent' is missing", "hk.power's own")
tap.is(hk.power { exponent = 2, horizontal_shift = 1 } (3), 16, "hk.power is a function")

-- ---- groups

-- Which of the segments of dend and apic get the value of the group "part".
local function members(part)
    local made = cell_of { d_lambda = 0.02, part = part,
        params = '"e_Leak": { "all": -70, "part": -50 }' }
    local inside, list = made:get("Leak", "e"), {}
    for i, s in ipairs(made:segments()) do
        list[i] = { s, inside[i] == -50 }
    end
    return list, made
end

local function test_group(part, is_in, name)
    local wrong, inside = 0, 0
    for _, it in ipairs(members(part)) do
        local here = (it[1].domain == "dend" or it[1].domain == "apic") and is_in(it[1])
        wrong = wrong + (it[2] == here and 0 or 1)
        inside = inside + (here and 1 or 0)
    end
    tap.ok(wrong == 0 and inside > 0, ("%s (%d segments)"):format(name, inside))
end
test_group("", function() return true end, "a group of domains")
test_group(', "select_by": "distance", "max_value": 50', function(s) return s.distance <= 50 end,
    "a group by distance")
test_group(', "select_by": "distance", "min_value": 30, "max_value": null',
    function(s) return s.distance > 30 end, "and null for no bound")
test_group(', "select_by": "domain_distance", "min_value": 45', function(s)
    return s.domain_distance > 45
end, "a group by domain_distance")
test_group(', "select_by": "diam", "max_value": 1.5', function(s) return s.diam <= 1.5 end,
    "a group by diam")
test_group(', "select_by": "section_diam", "min_value": 1.5', function(s)
    return s.cell:segment(s.section .. "(0.5)").diam > 1.5
end, "a group by section_diam")

-- At a bound itself: the lower one is out, the upper one in.
local straight = "1 1 0 0 0 10 -1\n2 3 0 10 0 1 1\n3 3 64 10 0 1 2\n"
for _, bound in ipairs { { "min", -70 }, { "max", -50 } } do
    local made = hk.dendrotweaks(folder {
        ["morphology/main.swc"] = straight,
        ["biophys/main.json"] = ([[{ "d_lambda": 9, "domains": { "dend": ["Leak"] }, "groups": [
            { "name": "all", "domains": ["dend"] },
            { "name": "g", "domains": ["dend"], "select_by": "distance", "%s_value": 32 } ],
            "params": { "e_Leak": { "all": -70, "g": -50 } } }]]):format(bound[1]),
    })
    tap.is(made:region "dend":get("Leak", "e")[1], bound[2], bound[1] .. "_value: the bound itself")
end

local twice = cell_of {
    groups = ', { "name": "part", "domains": ["axon"] }',
    params = '"e_Leak": { "all": -70, "part": -50, "dendritic": -60 }',
}
tap.is(twice:region "axon":get("Leak", "e")[1], -50, "of groups of one name the last counts")
tap.is(twice:region "apic":get("Leak", "e")[1], -70, "and the first one does not")
tap.is(twice:region "dend":get("Leak", "e")[1], -60, "later groups of a parameter count")
local back = cell_of { params = '"e_Leak": { "dendritic": -60, "all": -70 }' }
tap.is(back:region "dend":get("Leak", "e")[1], -70, "in the order of the file, not the alphabet's")

local child = cell_of { d_lambda = 0.02, params = [["gbar_Leak": {
    "all": { "function": "linear", "parameters": { "slope": 1, "intercept": 0 } },
    "part": "inherit" }]] }
local first = child:segment "dend[2](0)"
tap.is(child:region(first.name):get("Leak", "gbar")[1],
    child:region "soma":get("Leak", "gbar")[1], "inherit: the parent's value, down the tree")

local part = cell_of { params = '"gnabar_hh": { "all": 1 }' }
tap.is(part:region "soma":get("hh", "gnabar")[1], 1, "a parameter is set where the mechanism is")
tap.is(part:get "ena"[1], 50, "a reversal potential that the file leaves out is NEURON's")
tap.is(part:get "ek"[1], -77, "and the other")

-- ---- Ra and cm before the cut

local membrane = cell_of { d_lambda = 0.05, part = ', "select_by": "distance", "min_value": 40',
    params = [["Ra": { "all": 100, "dendritic": { "function": "linear",
        "parameters": { "slope": 1, "intercept": 50 } } },
    "cm": { "all": 1, "part": 2 }]] }
for _, s in ipairs(membrane:sections()) do
    if s.domain == "dend" then
        tap.near(s.Ra, s.distance + 50, 1e-9, s.name .. ": Ra is that of its middle")
    end
    local d_lambda = membrane:section(s.name).cm
    local far = (s.domain == "dend" or s.domain == "apic") and s.distance > 40
    tap.is(d_lambda, far and 2 or 1, s.name .. ": d_lambda reads cm of its middle")
end
for _, s in ipairs(membrane:region { "dend", "apic" }:segments()) do
    if membrane:region(s.name):get "cm"[1] ~= (s.distance > 40 and 2 or 1) then
        tap.ok(false, s.name .. ": cm is each segment's own")
    end
end
local plain = hk.cell { morphology = hk.ball_and_stick { soma = { L = 20, diam = 20 },
    dend = { L = 300, diam = 2 } }, nseg = 5 }
plain:region "dend":set { cm = hk.linear { slope = 0.01, intercept = 1 },
    Ra = function(s) return s.L / 3 end }
tap.is(plain:section "dend".Ra, 100, "Ra by a function of a section")
tap.near(plain:section "dend".cm, 1 + 0.01 * 160, 1e-9, "cm by a distribution, in the middle")
tap.near(plain:segment("dend(0.1)").distance * 0.01 + 1, plain:region "dend(0.1)":get "cm"[1], 1e-9,
    "and in each segment after the cut")
tap.near(plain:segment("dend(0.1)").domain_distance, 30, 1e-9,
    "domain_distance begins at the domain")
tap.throws(function() hk.cell { morphology = hk.compartment { L = 1, diam = 1 } }:all()
    :set { Ra = function() return -1 end } end, { "Ra of soma", "above 0" }, "Ra must be above 0")

-- ---- wrong configurations

local function throws(options, texts, name)
    local path = options.path or model(options)
    tap.throws(function() hk.dendrotweaks(path, options.options) end, texts, name)
end
local function params_throw(params, texts, name)
    throws({ params = params }, texts, name)
end
params_throw('"e_Leak": { "al": -70 }', { "main.json:9: e_Leak: there is no group 'al'",
    "did you mean 'all'?" }, "an unknown group")
params_throw('"e_Lek": { "all": -70 }', { "main.json:9: unknown parameter 'e_Lek'",
    "did you mean 'e_Leak'?" }, "an unknown parameter")
params_throw('"g_Leak": { "all": -70 }', { "unknown parameter 'g_Leak'" },
    "a field that the mechanism lacks")
params_throw('"e_Leak": { "all": { "function": "lineer", "parameters": {} } }',
    { "main.json:9", "unknown function 'lineer'", "did you mean 'linear'?" }, "an unknown function")
params_throw('"e_Leak": { "all": { "function": "linear", "parameters": { "slope": 1 } } }',
    { "main.json:9: e_Leak of all: linear's parameter 'intercept' is missing" },
    "a parameter that is missing")
params_throw('"e_Leak": { "all": { "function": "linear", "parameters": { "slop": 1 } } }',
    { "unknown key 'slop'", "did you mean 'slope'?" }, "a parameter that is unknown")
params_throw('"e_Leak": { "all": { "function": "polynomial", "parameters": { "coeffs": [] } } }',
    { "coeffs is empty" }, "a polynomial without coefficients")
params_throw('"e_Leak": { "all": { "function": "constant", "parameters": { "value": "x" } } }',
    { "value: expected a number, got a string" }, "a value that is no number")
params_throw('"e_Leak": { "all": "inherited" }', { "neither 'inherit' nor a function" },
    "a word that is none")
params_throw('"gbar_Leak": { "all": -1 }', { "main.json:9: ", "gbar", "-1" },
    "a value out of the field's range")
throws({ part = ', "select_by": "diamt"' }, { "main.json:7: group 'part' selects by",
    "'diamt'", "did you mean 'diam'?" }, "an unknown property")
throws({ groups = ', { "name": "x", "domains": ["dent"] }' }, { "main.json:7: group 'x'",
    "unknown domain 'dent'", "did you mean 'dend'?" }, "a group's domain that is unknown")
throws({ groups = ', { "name": "x", "domain": ["dend"] }' },
    { "unknown key 'domain'", "did you mean 'domains'?" }, "a group's key that is unknown")
throws({ biophys = (biophys({}):gsub('"dend": %[', '"dent": [')) },
    { "main.json:3: the morphology has no domain 'dent'", "did you mean 'dend'?" },
    "an unknown domain")
throws({ biophys = (biophys({}):gsub('"hh"', '"hhh"')) },
    { "main.json:3: there is no mechanism 'hhh'", "did you mean 'hh'?", "searched: ",
    "/biophys/mod/hhh.mod" }, "an unknown mechanism")
throws({ biophys = (biophys({}):gsub('"params"', '"parms"')) },
    { "main.json:9: a biophysical configuration: unknown key 'parms'", "did you mean 'params'?" },
    "an unknown part")
for _, broken in ipairs {
    { '{\n"a": 1,\n}', "main.json:3: expected a key in quotes, got '}'" },
    { '{ "a": tru }', "main.json:1: expected a value, got 'tru'" },
    { '{ "a": 01 }', "'01' is no value" },
    { '{ "a": NaN }', "got 'NaN'" },
    { '{ "a": [1 2] }', "expected ',' or ']' after an element of a list, got '2'" },
    { '{ "a" 1 }', "expected ':' after the key 'a'" },
    { '{ "a": "x\n" }', "the string has no end" },
    { '{ "a": "\\q" }', "no escape '\\q'" },
    { '{ "a": "\\u12" }', "four hexadecimal digits" },
    { '{ "a": 1', "got the end of the file" },
    { '{} x', "goes on after its end, with 'x'" },
    { "[]", "main.json:1: expected an object, got a list" },
} do
    throws({ biophys = broken[1] }, broken[2], "malformed: " .. broken[1]:gsub("\n", " "))
end

-- ---- which files

local several = folder {
    ["morphology/a.swc"] = shape, ["morphology/b.swc"] = shape, ["biophys/main.json"] = biophys {},
    ["biophys/other.json"] = biophys { d_lambda = 0.5 },
}
throws({ path = several }, { "morphology = which?", "has a, b" },
    "several morphologies, none is main")
throws({ path = several, options = { morphology = "cell" } }, { "has no 'cell'", "there is a, b" },
    "an unknown morphology")
throws({ path = several, options = { morphology = "a", stimuli = "s" } }, { "stimuli has none" },
    "a protocol where there is none")
throws({ path = several, options = { morpholgy = "a" } }, "did you mean 'morphology'?",
    "an unknown option")
throws({ path = several .. "x" }, "is no folder", "no folder")
throws({ path = folder { ["x/y"] = "" } }, "morphology has none", "a folder of something else")
local chosen, none = hk.dendrotweaks(several .. "/", { morphology = "a.swc", biophys = "other" })
tap.is(chosen.name .. tostring(none), several:match "[^/]+$" .. "nil",
    "names are taken with their endings and without")
tap.done()
