-- SPDX-License-Identifier: BSD-3-Clause
-- Pictures: formats and sizes, what each plot has on it, both themes, data, scripts, and errors.

local tap = require "tap"
local scratch = require "scratch"
local picture = require "picture"
local hk = require "hillock"

if not picture.drawn() then
    tap.skip_all("gnuplot is not installed")
end

local plot = hk.plot
local place <close> = scratch.new()
local work = place.work .. "/"

-- ---- models to draw

local stick = hk.cell {
    name = "a_stick", nseg = 5,
    morphology = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 200, diam = 2 } },
}
stick:insert "hh"
stick:region "dend":set("hh", { gnabar = hk.linear { slope = -2e-4, intercept = 0.12 } })
local net <close> = hk.network { celsius = 6.3, v_init = -65, seed = 1 }
local cells = net:population("P", 8, stick)
local more = net:population("Q", 4, stick)
local driven = net:stimulate(net.cells, {
    count = 10, synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere, weight = 0.004, delay = 1,
    input = { "Poisson", rate = { { 0, 100, 50 } } },
})
local made = net:connect(cells, more, {
    rule = hk.pairwise(0.5), from = "soma(0.5)", threshold = 0, at = "soma",
    synapse = { "ExpSyn", tau = 2, e = 0 }, weight = hk.random.uniform { min = 1e-4, max = 9e-4 },
    delay = 2,
})
net:record("v", { cells, at = "soma(0.5)", every = 0.1 })
net:record("v", { cells[1], at = hk.anywhere, name = "all", every = 1 })
net:record("spikes", { net.cells, threshold = 0 })
net:record("inputs", { driven.inputs })
local result = net:run(100)

-- Draws one panel to SVG and says what is on it.
local count = 0
local function svg(panel, options)
    count = count + 1
    local path = ("%spanel%d.svg"):format(work, count)
    local figure = panel:save(path, options)
    tap.is(figure.path, path, panel.kind .. ": the picture is where it was wanted")
    return picture.svg(path)
end

local function has(seen, words, name)
    for _, one in ipairs(words) do
        if not tap.ok(seen:has(one), ("%s: it says '%s'"):format(name, one)) then
            tap.note("%s", seen:said())
        end
    end
end

-- ---- formats and sizes

local traces = plot.traces { result }
traces:save(work .. "a.svg", { size = { 8.5, 6 } })
traces:save(work .. "a.pdf", { size = { 8.5, 6 } })
traces:save(work .. "a.png", { size = { 8.5, 6 }, dpi = 100 })
local a = picture.svg(work .. "a.svg")
tap.near(a.width, 8.5 / 2.54 * 96, 0.6, "an SVG is as wide as it was told")
tap.near(a.height, 6 / 2.54 * 96, 0.6, "and as high")
local pdf = picture.pdf(work .. "a.pdf")
tap.near(pdf.width, 8.5 / 2.54 * 72, 1, "so is a PDF, to the point below")
tap.near(pdf.height, 6 / 2.54 * 72, 1, "of that height")
tap.ok(pdf.whole, "and whole")
local png = picture.png(work .. "a.png")
tap.is(("%d %d"):format(png.width, png.height), "335 236", "a PNG has these many pixels")
tap.ok(png.least < 60 and png.greatest == 255 and png.mean > 200 and png.mean < 254,
    "dark lines on a light ground")
traces:save(work .. "b.png", { size = { "400 px", "300 px" }, theme = "dark" })
png = picture.png(work .. "b.png")
tap.is(("%d %d"):format(png.width, png.height), "400 300", "or just those that were asked for")
tap.ok(png.greatest > 200 and png.mean < 60, "light lines on a dark ground")
tap.ok(not place:read "a.svg.part" and not place:read "a.svg.gp", "nothing else is left")

-- ---- what each has

local seen = svg(traces)
has(seen, { "Membrane potential", "time (ms)", "cell", "0", "60", "100", "1", "8", "100 mV" },
    "traces")
tap.ok(seen.colours["#0072b2"] and seen.colours["#d55e00"] and seen.colours["#009e73"],
    "traces: each cell has a colour")
seen = svg(plot.traces { result, traces = { 2, 3 }, stack = false,
    colors = { "#123456", "purple" } })
has(seen, { "membrane potential (mV)", "cell 2", "cell 3", "0", "−50" }, "traces with an axis")
tap.ok(seen.colours["#123456"] and seen.colours["#cc79a7"], "traces: in colours they were given")
seen = svg(plot.traces { { t = { 0, 1, 2 }, v = { 1, 3, 2 } }, y_label = "it {/:Bold_x}",
    title = "a_b^c {d} 50%", x_ticks = { 0, { 2, "two 2%" } } })
has(seen, { "it {/:Bold_x}", "a_b^c {d} 50%", "two 2%", "time (ms)" }, "words as they are")

seen = svg(plot.raster { result })
has(seen, { "Spikes", "cell", "time (ms)", "12" }, "raster")
local spikes = result:spikes()
local strokes = 0
for _, colour in ipairs { "#0072b2", "#d55e00", "#009e73", "#e69f00", "#cc79a7", "#56b4e9",
    "#000000" } do
    strokes = strokes + (seen.colours[colour] or 0)
end
tap.is(strokes, #spikes.t, "raster: a stroke for each spike")
seen = svg(plot.raster { result, groups = { cells, { name = "others", cells = more } } })
has(seen, { "P", "others" }, "raster by population")
tap.ok(seen.colours["#0072b2"] and seen.colours["#d55e00"] and not seen.colours["#009e73"],
    "raster: two populations, two colours")

seen = svg(plot.inputs { result, groups = {
    { name = "first", inputs = driven.inputs:slice(1, 60), color = "green" },
    { name = "second", inputs = driven.inputs:slice(61) },
} })
has(seen, { "Inputs", "first", "second", "input", "time (ms)" }, "inputs")
local dots = (seen.colours["#009e73"] or 0) + (seen.colours["#d55e00"] or 0)
tap.ok(dots > 0.9 * #result.inputs.t and dots <= #result.inputs.t + 2,
    "inputs: a dot for nearly each event")

seen = svg(plot.rate { result, bin = 20 })
has(seen, { "Population rate", "rate (Hz)", "time (ms)", "0" }, "rate")
seen = svg(plot.rate { result, kernel = "gaussian", width = 5, bin = 1, groups = { cells, more } })
has(seen, { "P", "Q" }, "rate by population")

seen = svg(plot.matrix { made })
has(seen, { "Connections", "presynaptic cell", "postsynaptic cell", "weight (10⁻⁶ µS)" }, "matrix")
seen = svg(plot.matrix { made, value = "count" })
tap.is(seen.colours["#0072b2"], #made.connections, "matrix: a square for each connection")
tap.ok(not seen:has "connections", "matrix: one colour needs no bar")
local many = { pre = {}, post = {} }
for i = 1, 3000 do
    many.pre[i], many.post[i] = i * i // 3 % 500 + 1, i * 7 % 500 + 1
end
seen = svg(plot.matrix { many })
has(seen, { "connections", "500" }, "matrix of 500 cells in blocks")

seen = svg(plot.graph { made, groups = { cells, more } })
has(seen, { "Network", "1", "12", "P", "Q" }, "graph")
tap.ok(seen.colours["#0072b2"] >= 8 and seen.colours["#d55e00"] >= 4, "graph: a node for each cell")
seen = svg(plot.graph { { pre = { 1, 2, 2 }, post = { 2, 1, 2 } }, labels = { "one", "two" } })
has(seen, { "one", "two" }, "graph with names")

seen = svg(plot.morphology { stick })
has(seen, { "a_stick", "soma", "dend", "50 µm" }, "morphology")
seen = svg(plot.morphology { stick, parameter = "hh.gnabar", plane = "yx" })
has(seen, { "hh.gnabar (S/cm²)", "0.090", "0.120" }, "morphology by a parameter")
seen = svg(plot.morphology { cells, result = result, name = "all", t = 50 })
has(seen, { "a_stick, 50 ms", "membrane potential (mV)" }, "morphology by voltage")
seen = svg(plot.distance { stick, parameter = "hh.gnabar" })
has(seen, { "a_stick: hh.gnabar", "distance from the soma (µm)", "hh.gnabar (S/cm²)", "soma",
    "dend", "100" }, "distance")
tap.is(seen.colours["#d55e00"], 6, "distance: a dot for each segment, and the legend's")

seen = svg(plot.fi { { { current = { 0, 0.1 }, rate = { 0, 20 }, name = "here" },
    { current = { 0, 0.1 }, rate = { 5, 30 }, name = "there" } } })
has(seen, { "f-I curve", "current (nA)", "rate (Hz)", "here", "there", "0.00", "0.10" }, "f-I")
seen = svg(plot.isi { { t = { 0, 10, 20, 31, 40 }, cell = { 1, 1, 1, 1, 1 } }, bin = 1 })
has(seen, { "Interspike intervals", "interval (ms)", "n = 4, mean 10 ms, CV 0.07" }, "intervals")
tap.is(plot.isi { { t = { 0, 1, 10, 12 }, cell = { 1, 2, 1, 2 } } }.kind, "isi",
    "intervals are those of each cell")
seen = svg(plot.phase { result, trace = 2 })
has(seen, { "Phase plane", "v (mV)", "dv/dt (mV/ms)" }, "phase plane")

-- ---- figures

local inputs = plot.inputs { result }
local figure = plot.figure {
    panels = { inputs, traces, plot.raster { result }, plot.rate { result } }, size = { 12, 16 },
    title = "All of it", highlight = { { 20, 40, "a window" } }, path = work .. "four.svg",
    script = work .. "four.gp", data = true, dpi = 50,
}
seen = picture.svg(figure.path)
has(seen, { "All of it", "Inputs", "Membrane potential", "Spikes", "Population rate", "a window" },
    "a figure")
local times = 0
for _, words in ipairs(seen.texts) do
    times = times + (words == "time (ms)" and 1 or 0)
end
tap.is(times, 1, "panels share the axis of time: it is told once")
tap.is(seen.colours["#f3ead2"], 4, "the window is marked in each")
tap.is(table.concat(figure.data, " "):gsub(work, ""), "four.1-inputs.csv four.2-traces.csv "
    .. "four.3-raster.csv four.4-rate.csv", "their numbers are beside the picture")
local columns = hk.read_csv(figure.data[2])
tap.is(#columns.t_ms, 1001, "all samples")
tap.is(columns["v.3"][500], result:trace(3)[500], "to the last bit")
tap.is(#hk.read_csv(figure.data[3]).t_ms, #spikes.t, "and all spikes")

tap.is(place:run { "gnuplot", "-e", "output='again.svg'", "four.gp" }, 0, "its script runs alone")
tap.is(place:read "again.svg", place:read "four.svg", "and gives the same picture")
tap.is(place:run { "gnuplot", "four.gp" }, 0, "to its own path, too")

local before = place:read "four.svg"
seen = svg(inputs, { theme = "dark" })
tap.ok(seen.colours["#56b4e9"] and not seen.colours["#0072b2"], "a dark theme has its own colours")
tap.is(place:read "four.svg", before, "another picture changes none")
local rows = plot.figure {
    panels = { { plot.fi { { current = { 0, 1 }, rate = { 0, 1 } } }, plot.matrix { made } },
        { plot.graph { made } } }, path = work .. "rows.svg",
}
tap.near(picture.svg(rows.path).width, 17.6 / 2.54 * 96, 0.6, "two columns are 17.6 cm wide")
local alone = plot.figure { panels = { inputs, traces }, share = false, path = work .. "own.svg" }
times = 0
for _, words in ipairs(picture.svg(alone.path).texts) do
    times = times + (words == "time (ms)" and 1 or 0)
end
tap.is(times, 2, "share = false: each has its own axis")

-- What does not fit is cut, or goes to a line of its own.
local crowded = plot.traces { result, title = ("word "):rep(40) }
seen = svg(crowded, { highlight = { { 10, 20, "first name" }, { 21, 30, "second name" } } })
has(seen, { "first name", "second name" }, "windows that are near each other")
tap.ok(seen.texts[#seen.texts]:sub(-3) ~= "word" and seen:said():find("…", 1, true),
    "a title that is too long is cut")

-- ---- a run's folder

place:write("model.lua", [[
local hk = require "hillock"
local shape = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 200, diam = 2 } }
local cell = hk.cell { name = "stick", morphology = shape, nseg = 3 }
cell:insert "hh"
local net = hk.network { celsius = 6.3 }
local a, b = net:population("A", 2, cell), net:population("B", 1, cell)
net:add(a "soma(0.5)", { "IClamp", dur = 20, amp = { 0.2, 0.3 } })
net:connect(a, b, { rule = hk.all(), from = "soma(0.5)", at = "soma", delay = 1, weight = 0.01,
                    synapse = { "ExpSyn", tau = 2, e = 0 } })
net:record("v", { a, at = "soma(0.5)", every = 0.1 })
net:record("v", { b, at = hk.anywhere, name = "all", every = 0.1 })
net:record("spikes", { net.cells })
net:run(20)
]])
local status, _, why = place:run { scratch.hillock(), "run", "--results", "run", "model.lua" }
tap.is(status .. why, "0", "a run leaves a folder")
local run = hk.results(work .. "run")
has(svg(plot.traces { run }), { "Membrane potential", "1", "2", "20" }, "traces of a folder")
has(svg(plot.raster { run, groups = { "A", "B" } }), { "Spikes", "A", "B" }, "its spikes")
has(svg(plot.rate { run, groups = "A", bin = 5 }), { "Population rate", "20" }, "its rate")
has(svg(plot.phase { run.v }), { "dv/dt (mV/ms)" }, "one of its recordings")
tap.is(svg(plot.matrix { run }).colours["#0072b2"], 2, "its connections")
has(svg(plot.morphology { run, result = run, name = "all", t = 5 }),
    { "stick, 5 ms", "membrane potential (mV)" }, "its cells")
tap.throws(function() plot.raster { run, groups = { "C" } } end, { "no population 'C'" },
    "an unknown population")
tap.throws(function() plot.morphology { run, type = "stik" } end,
    { "no type 'stik': did you mean 'stick'?" }, "an unknown type")
tap.throws(function() plot.distance { run, parameter = "hh.gnabar" } end,
    { "a run's folder has no parameters" }, "a folder's parameters")

-- ---- many dots

local big, number = {}, {}
for i = 1, 50000 do
    big[i], number[i] = i * 0.6180339887498949 % 1 * 500, i * 7919 % 7000 + 1
end
local dense = svg(plot.inputs { { t = big, input = number } }, { size = { 17.6, 6 } })
tap.ok(dense.size < 3e6, ("50 000 dots are an SVG of %.1f MB"):format(dense.size / 1e6))
tap.ok(dense.colours["#0072b2"] > 40000, "and nearly all of them are in it")

-- ---- errors

local function fails(fn, texts, name)
    tap.throws(fn, texts, name)
end

fails(function() return plot.trace end, { "hillock.plot has no 'trace'", "did you mean 'traces'?" },
    "an unknown plot")
fails(function() plot.traces { result, colour = 1 } end,
    { "plot.t.lua", "traces: unknown key 'colour'", "did you mean 'colors'?" }, "an unknown key")
fails(function() plot.traces { result, name = "w" } end, { "nothing was recorded as 'w'" },
    "an unknown recording")
fails(function() plot.traces { 3 } end, { "traces: expected a result" }, "a number")
fails(function() plot.traces { result, traces = { 99 } } end, { "there are traces 1 to 8, not 99" },
    "an unknown trace")
fails(function() plot.traces { { t = {}, v = {} } } end, { "nothing to draw: no samples" },
    "no samples")
fails(function() plot.traces { { t = { 1, 2 }, v = { 1 } } } end,
    { "trace 1 has 1 values and 2 times" }, "times that do not fit")
fails(function() plot.raster { { t = {}, cell = {} } } end, { "nothing to draw: no spikes" },
    "no spikes")
fails(function() plot.raster { result, name = "v" } end, { "recording v holds values" },
    "a raster of voltages")
fails(function() plot.raster { result, color = "red" } end, { "\"cell\", \"group\" or \"one\"" },
    "an unknown way of colouring")
fails(function() plot.rate { { t = { 1 }, cell = { 1 } } } end, { "rate: 'to' is missing" },
    "a rate until when?")
fails(function() plot.matrix { { pre = {}, post = {} } } end, { "nothing to draw: no connections" },
    "no connections")
fails(function() plot.matrix { { pre = { 1 }, post = {} } } end, { "1 pre, 0 post" },
    "connections to nowhere")
fails(function() plot.graph { { pre = { 0 }, post = { 1 } } } end, { "cells count from 1" },
    "a cell 0")
fails(function() plot.graph { { pre = { 1 }, post = { 500 } } } end,
    { "500 cells do not fit on a circle" }, "a graph of 500 cells")
fails(function() plot.morphology { net } end, { "expected a cell type", "got a network" },
    "a network's shape")
fails(function() plot.morphology { stick, plane = "xx" } end, { "not 'xx'" }, "a plane of one axis")
fails(function() plot.distance { stick } end, { "'parameter' is missing" }, "a distance of what?")
fails(function() plot.distance { stick, parameter = "hh.gna" } end, { "gna", "gnabar" },
    "an unknown parameter")
fails(function() plot.distance { stick, values = { 1 } } end, { "1 values for 10 segments" },
    "values that do not fit")
fails(function() plot.fi { { current = { 1 }, rate = {} } } end, { "1 currents and 0 rates" },
    "currents without rates")
fails(function() plot.isi { { t = { 1 }, cell = { 1 } } } end, { "no cell has two spikes" },
    "no intervals")
fails(function() plot.phase { { t = { 1 }, v = { 1 } } } end, { "nothing to draw: 1 samples" },
    "one sample")
fails(function() plot.traces { result, x_range = { 5, 1 } } end, { "from 5 to 1 is no range" },
    "a range that ends before it begins")
fails(function() svg(plot.traces { result, colors = { "pink" } }) end,
    { "no colour is called 'pink'" }, "an unknown colour")
fails(function() traces:save(work .. "a.jpg") end, { ".svg, .png or .pdf" }, "an unknown format")
fails(function() traces:save(work .. "a.svg", { theme = "darkk" }) end,
    { "no theme is called 'darkk': did you mean 'dark'?" }, "an unknown theme")
fails(function() traces:save(work .. "a.svg", { size = { "3 m" } }) end,
    { "\"800 px\" is a length" }, "an unknown unit")
fails(function() traces:save(work .. "a.svg", { size = { 3, 1 } }) end,
    { "do not fit in 3 cm by 1 cm" }, "a picture that is too small")
fails(function() traces:save(work .. "no/a.svg") end, { "no/a.svg", "No such file" },
    "a folder that is not there")
fails(function() plot.figure { path = "a.svg" } end, { "figure: 'panels' is missing" }, "no panels")
fails(function() plot.figure { panels = {}, path = "a.svg" } end, { "the list is empty" },
    "an empty list")
fails(function() plot.figure { panels = { 3 }, path = "a.svg" } end,
    { "panels[1]: expected a panel" }, "what is no panel")
fails(function() plot.figure { panels = { traces }, path = work .. "a.svg", share = "y" } end,
    { "share" }, "an axis that is not shared")
fails(function() plot.figure { panels = { traces }, path = work .. "a.svg",
    highlight = { { 3, 1 } } } end, { "highlight[1]: from 3 to 1" }, "an empty window")
tap.is(picture.svg(work .. "a.svg").width, a.width, "what was there is there still")

tap.done()
