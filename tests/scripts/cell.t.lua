-- SPDX-License-Identifier: BSD-3-Clause
-- Cell types: sections and segments, regions, values and distributions; and every mistake in them.

local tap = require "tap"
local hk = require "hillock"

local here = "cell.t.lua:"
local swc = [[
# DOMAIN_NAMES 1:soma 3:dend 80:tuft
1 1 0 0 0 10 -1
2 1 0 -10 0 10 1
3 1 0 10 0 10 1
4 3 0 20 0 1 1
5 3 0 220 0 1 4
6 3 100 320 0 0.5 5
7 3 -100 320 0 0.5 5
8 80 -10 0 0 1 1
9 80 -310 0 0 1 8
]]
local shape = hk.swc_text("tree", swc)
local function tree(options)
    options = options or {}
    options.morphology = shape
    return hk.cell(options)
end

-- ---- sections and segments

local cell = tree { name = "T", nseg = 5, Ra = { 100, tuft = 150 }, cm = { 1, dend = 2 } }
tap.is(cell.name, "T", "its name")
tap.is(tree().name, "tree", "or the shape's")
tap.ok(tostring(cell):find("not cut"), "it is not cut at first")
tap.is(#cell:sections(), 5, "sections")
tap.is(cell:section("soma").name, "soma[0]",
    "a section's name without its number, where it is alone")
tap.is(cell:section("dend[2]").parent, cell:section("dend[0]").index, "a section's parent")
tap.is(cell:section("dend_80[0]").domain, "tuft", "a domain that the file names")
tap.is(cell:section("dend_80").Ra, 150, "Ra of a region")
tap.is(cell:section("dend[1]").Ra, 100, "Ra of the others")
tap.is(cell:section("dend[1]").cm, 2.0, "cm of a region")
tap.is(cell:section("dend[0]").first, nil, "no segment yet")
tap.is(#cell, 25, "segments: that cuts")
tap.ok(cell:section("dend[0]").first, "now there is a first one")
tap.ok(tostring(cell):find("5 sections, 25 segments"), "it tells of both")
local s = cell:segment("dend[0](0.5)")
tap.is(s.name, "dend[0](0.5)", "a segment's name")
tap.is(s.section, "dend[0]", "its section")
tap.is(s.domain, "dend", "its domain")
tap.near(s.length, s.section_L / 5, 1e-9, "its length")
tap.near(s.area, math.pi * s.diam * s.length, 1e-6, "its area")
tap.ok(s.distance > 0 and s.ri > 0, "its distance and resistance")
tap.is(cell:segment(s.index).name, s.name, "a segment by its number")
tap.is(cell:segment("dend[0](1)").x, 0.9, "the end belongs to the last segment")
tap.is(tree { nseg = hk.longest(50) }:section("dend[0]").nseg, 1, "nseg is 1 before the cut")
local fine = tree { nseg = hk.longest(50) }:cut()
tap.ok(fine:segment("dend[0](0.5)").length <= 50, "no segment is longer than said")
local lambda = tree { nseg = hk.d_lambda(0.1), Ra = 100 }:cut()
tap.is(lambda:section("soma").nseg, 1, "a soma needs one segment")
tap.ok(lambda:section("dend[0]").nseg > 1, "a dendrite more")
tap.is(tree { nseg = function(section) return section.domain == "soma" and 1 or 3 end }:cut()
    :section("dend[1]").nseg, 3, "nseg by a function")
tap.is(tree { nseg = { 1, dend = 7, tuft = hk.longest(10) } }:cut():section("dend[1]").nseg, 7,
    "nseg by region")

-- ---- regions

tap.is(#cell:region "dend", 15, "a domain")
tap.is(#cell:region "tuft", 5, "a domain by the file's name")
tap.is(#cell:region "dend_80", 5, "and by NEURON's")
tap.is(#cell:region "dend[1]", 5, "one section")
tap.is(#cell:region "dend[1](0.3)", 1, "one segment")
tap.is(#cell:region { "soma", "tuft" }, 10, "a list of domains")
tap.is(#cell:all(), 25, "all")
local far = cell:region { domain = "dend", distance = { 200, math.huge } }
tap.ok(#far > 0 and #far < 15, "by distance")
for _, segment in ipairs(far:segments()) do
    if segment.distance < 200 or segment.domain ~= "dend" then
        tap.ok(false, segment.name .. " is not far")
    end
end
tap.is(#cell:region { where = function(segment) return segment.x < 0.2 end }, 5, "by a function")
tap.is(#cell:region { section_diam = { 19, 21 } }, 5, "by the diameter in the section's middle")
tap.is(#cell:region { diam = { nil, 1.5 }, domain = "dend" } > 0, true, "by diameter")
tap.is(#cell:region "soma":union "tuft", 10, "a union")
tap.is(#cell:region "dend":minus(far) + #far, 15, "a difference")
tap.is(#cell:region "dend":intersection(far), #far, "an intersection")
tap.is(cell:region "soma"[1].name, "soma[0](0.1)", "the first segment of a region")
tap.near(cell:region "dend".area + cell:region { "soma", "tuft" }.area, cell.area, 1e-6,
    "areas add up")
tap.ok(tostring(cell:region "dend"):find("region dend of cell T: 15 segments"), "a region as text")

-- ---- values

cell:insert("pas", { g = 1e-4, e = -70 })
cell:region "soma":insert("hh"):set("hh", { gnabar = 0.2 })
tap.is(table.concat(cell:mechanisms(), " "), "pas hh", "mechanisms")
tap.is(cell:region "tuft":get("pas", "g")[1], 1e-4, "a value")
tap.is(cell:region "soma":get("hh", "gnabar")[5], 0.2, "another")
tap.ok(cell:get("hh", "gnabar")[25] ~= cell:get("hh", "gnabar")[25], "NaN where there is none")
cell:set("hh", { gkbar = 0.01 })
tap.is(cell:get("hh", "gkbar")[1], 0.01, "a value wherever the mechanism is")
cell:set { ena = 55, cm = 1.5 }
tap.is(cell:region "soma":get("ena")[1], 55.0, "an ion's potential")
tap.is(cell:get("cm")[25], 1.5, "cm of segments")
local untouched = tree()
untouched:region "soma":set { cm = 3, Ra = 77 }
tap.is(untouched:section("soma").cm, 3.0, "cm of a section before the cut")
tap.is(untouched:cut():get("cm")[1], 3.0, "goes to its segments")

local function check(spread, formula, name)
    cell:set("pas", { g = spread })
    local g, good = cell:get("pas", "g"), true
    for _, segment in ipairs(cell:segments()) do
        local want = formula(segment.distance, segment)
        good = good and math.abs(g[segment.index] - want) <= 1e-15 + 1e-12 * math.abs(want)
    end
    tap.ok(good, name)
end
check(2e-4, function() return 2e-4 end, "constant")
check(hk.linear { slope = 1e-6, intercept = 1e-4 }, function(x) return 1e-6 * x + 1e-4 end,
    "linear")
check(hk.sinusoidal { amplitude = 1e-4, frequency = 0.001, phase = 0.5 },
    function(x) return 1e-4 * math.sin(0.001 * x + 0.5) end, "sinusoidal")
check(hk.exponential { growth_rate = -0.01, scale_factor = 1e-3, vertical_shift = 1e-5,
    horizontal_shift = 10 }, function(x) return 1e-5 + 1e-3 * math.exp(-0.01 * (x - 10)) end,
    "exponential")
check(hk.sigmoid { growth_rate = 0.05, scale_factor = 1e-3, horizontal_shift = 100 },
    function(x) return 1e-3 / (1 + math.exp(-0.05 * (x - 100))) end, "sigmoid")
check(hk.gaussian { amplitude = 1e-3, mean = 150, std = 50 },
    function(x) return 1e-3 * math.exp(-(x - 150) ^ 2 / 5000) end, "gaussian")
check(hk.step { start = 50, stop = 150, min_value = 1e-5, max_value = 1e-3 },
    function(x) return x > 50 and x < 150 and 1e-3 or 1e-5 end, "step")
check(hk.polynomial { 1e-9, 1e-7, 1e-5 }, function(x) return 1e-9 * x * x + 1e-7 * x + 1e-5 end,
    "polynomial")
check(function(segment) return 1e-5 * segment.diam end,
    function(_, segment) return 1e-5 * segment.diam end, "a function of a segment")
cell:set("pas", { g = 1e-4 })
cell:region "soma":set("pas", { g = 5e-4 })
cell:region "dend":set("pas", { g = hk.inherit() })
tap.is(cell:region "dend":get("pas", "g")[15], 5e-4, "inherited from the soma")
tap.is(cell:region "tuft":get("pas", "g")[5], 1e-4, "but not where that was not said")
tap.is(hk.linear { slope = 2, intercept = 1 }(3), 7, "a distribution at a distance")

-- ---- mistakes

local function refuses(texts, name, fn)
    if type(texts) == "string" then
        texts = { texts }
    end
    table.insert(texts, here)
    tap.throws(fn, texts, name)
end
refuses({ "'morpology'", "'morphology'" }, "a key that is no option", function()
    hk.cell { morpology = shape }
end)
refuses("'morphology' is missing", "no morphology", function() hk.cell {} end)
refuses({ "none.swc", "No such file" }, "no such file", function()
    hk.cell { morphology = "none.swc" }
end)
refuses("expected a morphology, got 5", "a number for a shape", function()
    hk.cell { morphology = 5 }
end)
refuses({ "Ra", "above 0", "-1" }, "a negative Ra", function() tree { Ra = -1 } end)
refuses({ "no region 'sooma'", "'soma'" }, "Ra of an unknown region", function()
    tree { Ra = { 100, sooma = 1 } }
end)
refuses({ "nseg", "0" }, "no segments", function() tree { nseg = 0 }:cut() end)
refuses("nseg", "nseg that is text", function() tree { nseg = "many" } end)
refuses({ "the function gave nil", "soma[0]" }, "nseg by a function that gives nothing", function()
    tree { nseg = function() end }:cut()
end)
refuses("d_lambda", "a negative d_lambda", function() hk.d_lambda(-0.1) end)
refuses("longest", "segments of no length", function() hk.longest(0) end)
refuses({ "no region 'axon'", "dend" }, "a region that is not there", function()
    cell:region "axon"
end)
refuses("dend[7]", "a section that is not there", function() cell:region "dend[7]" end)
refuses("dend[7]", "a place on it", function() cell:segment "dend[7](0.5)" end)
refuses("1.5", "a place off the section", function() cell:segment "dend[0](1.5)" end)
refuses("'soma' is no place", "a place without a number", function() cell:segment "soma" end)
refuses({ "1 to 25", "26" }, "a segment's number beyond the last", function() cell:segment(26) end)
refuses({ "'domian'", "'domain'" }, "a wrong key of a region", function()
    cell:region { domian = "soma" }
end)
refuses("is above", "bounds the wrong way round", function()
    cell:region { distance = { 5, 1 } }
end)
refuses("got 3", "a number for a region", function() cell:region(3) end)
refuses("region is one of cell", "a region of another cell", function()
    cell:region "soma":union(tree():region "soma")
end)
refuses({ '"Naa"', '"Na"' }, "a mechanism that is not there", function() cell:insert "Naa" end)
refuses({ "gbar" }, "a field that is not there", function() cell:insert("pas", { gbar = 1 }) end)
refuses({ "g" }, "a value out of its range", function() cell:set("pas", { g = -1 }) end)
refuses({ "no mechanism 'Km'", "pas" }, "a value of what is not inserted", function()
    cell:set("Km", { gbar = 1 })
end)
refuses("hh", "a value where the mechanism is not", function()
    cell:region "tuft":set("hh", { gnabar = 1 })
end)
refuses("expected a number", "a value that is text", function() cell:set("pas", { g = "much" }) end)
refuses({ "the function gave nil", "soma[0](0.1)" }, "a function that gives nothing", function()
    cell:set("pas", { g = function() end })
end)
refuses("unknown key [1]", "values without names", function() cell:set("pas", { 1 }) end)
refuses("cut into segments already", "Ra after the cut", function() cell:set { Ra = 50 } end)
refuses("ezz", "an ion that nobody knows", function() cell:set { ezz = 50 } end)
refuses("'gnabar'", "a segment's field that is not there", function() return s.gnabar end)
refuses({ "'regoin'", "'region'" }, "a method that is not there", function() cell:regoin "soma" end)
refuses("cannot be assigned", "an assignment", function() cell.name = "x" end)
refuses("expected a cell", "a method without its object", function() cell.region("soma") end)
refuses("'slope' is missing", "a distribution without slope", function()
    hk.linear { intercept = 1 }
end)
refuses({ "'slop'", "'slope'" }, "a wrong parameter", function() hk.linear { slop = 1 } end)
refuses("highest power", "a polynomial of nothing", function() hk.polynomial {} end)
refuses("std", "a Gaussian without width", function()
    hk.gaussian { amplitude = 1, mean = 0, std = 0 }
end)
refuses("depends on the cell", "inherit at a distance", function() hk.inherit()(3) end)
refuses("boom", "an error in a user's function", function()
    cell:region { where = function() error("boom") end }
end)

-- ---- shapes

refuses("sections[2]: parent is missing", "a section without parent", function()
    hk.sections { { domain = "soma", L = 1, diam = 1 }, { domain = "dend", L = 1, diam = 1 } }
end)
refuses({ "no section 'some'", "soma" }, "a parent that is not there", function()
    hk.sections { { domain = "soma", L = 1, diam = 1 },
        { domain = "dend", parent = "some", L = 1, diam = 1 } }
end)
refuses("L and diam", "neither a length nor points", function()
    hk.sections { { domain = "soma" } }
end)
refuses("the root and has no parent", "a root with a parent", function()
    hk.sections { { domain = "soma", parent = 1, L = 1, diam = 1 } }
end)
refuses("empty", "no sections", function() hk.sections {} end)
refuses("row { x, y, z, diam }", "a point of three numbers", function()
    hk.sections { { domain = "soma", points = { { 0, 0, 0 }, { 1, 0, 0 } } } }
end)
refuses("soma: 'L' is missing", "a ball without length", function()
    hk.ball_and_stick { soma = { diam = 1 }, dend = { L = 1, diam = 1 } }
end)
local hand = hk.cell { morphology = hk.sections {
    { domain = "soma", L = 20, diam = 20 },
    { domain = "dend", parent = "soma", at = 0.5, L = 100, diam = 2 },
    { domain = "dend", parent = "dend[0]", points = { { 0, 0, 0, 2 }, { 50, 0, 0, 1 } } },
} }
tap.is(hand:section("dend[1]").L, 50.0, "a section made of points")
tap.is(hand:section("dend[0]").parent_x, 0.5, "where it joins")
tap.is(#hk.compartment { L = 1, diam = 2 }, 1, "a compartment is one section")
tap.done()
