-- SPDX-License-Identifier: BSD-3-Clause
-- The gallery: each example makes its pictures, whose words and sizes are looked at; the pictures
-- that are kept are those; and without gnuplot the examples run and say once what is missing.

local tap = require "tap"
local scratch = require "scratch"
local picture = require "picture"

if not picture.drawn() then
    tap.skip_all("gnuplot is not installed")
end

local source = os.getenv "HILLOCK_SOURCE" or "."

-- What each picture has on it: titles, units, ticks; its width in px, and how many curves, dots and
-- areas there must be at least.
local expected = {
    ["first_steps"] = { 605, 3, "Membrane potential", "membrane potential (mV)", "time (ms)",
        "0.1 nA", "Phase plane", "v (mV)", "dv/dt (mV/ms)", "−50", "0", "100" },
    ["dendrotweaks-protocol"] = { 491, 2, "Membrane potential", "membrane potential (mV)",
        "time (ms)", "soma", "apical tree", "0.2 nA", "0", "300" },
    ["dendrotweaks-network"] = { 491, 10000, "Inputs", "Membrane potential", "Spikes",
        "Population rate", "rate (Hz)", "time (ms)", "step", "excitatory", "inhibitory", "10" },
    ["fi_curve"] = { 321, 2, "f-I curve", "current (nA)", "rate (Hz)", "0.00", "0.20", "80" },
    ["epsp"] = { 378, 5, "EPSP at the soma", "time (ms)", "50 µm", "450 µm", "−70", "−66", "60" },
    ["network-inputs"] = { 491, 20000, "Inputs", "excitatory", "inhibitory", "input", "time (ms)",
        "step", "0", "500", "6000" },
    ["network-connections"] = { 491, 60, "Network", "Connections", "presynaptic cell",
        "postsynaptic cell", "1", "10" },
    ["network-result"] = { 491, 20000, "Inputs", "Membrane potential", "Spikes", "Population rate",
        "rate (Hz)", "time (ms)", "100 mV", "step", "excitatory", "inhibitory", "cell", "10" },
    ["network-traces"] = { 491, 10, "Membrane potential", "cell", "1", "10", "100 mV",
        "time (ms)", "step", "0", "500" },
    ["pictures-morphology"] = { 605, 60, "Domains", "soma", "axon", "dend", "apical", "100 µm",
        "A-type potassium", "Ka.gbar (S/cm²)", "1 ms after a spike", "membrane potential (mV)" },
    ["pictures-distance"] = { 605, 100, "L23: Ka.gbar", "L23: CaHVA.gbar",
        "distance from the soma (µm)", "CaHVA.gbar (10⁻⁶ S/cm²)", "600" },
    ["pictures-kinetics"] = { 605, 6, "Na: steady state", "Na: time constant", "Km: steady state",
        "Km: time constant", "m", "h", "n", "v (mV)", "time constant (ms)", "1.0", "−100", "50" },
    ["pictures-firing"] = { 605, 300, "Membrane potential", "Interspike intervals", "Spikes",
        "Population rate", "interval (ms)", "intervals", "rate (Hz)", "20" },
}

local function lines_of(command)
    local list = {}
    local pipe <close> = io.popen(command)
    for line in pipe:lines() do
        list[#list + 1] = line
    end
    return list
end

local place <close> = scratch.new()
local scripts = lines_of(("grep -l 'hk[.]plot' '%s'/examples/*.lua"):format(source))
for _, path in ipairs(scripts) do
    local status, _, err = place:run { scratch.hillock(), "run", path, "." }
    tap.is(status .. err, "0", path:match "[^/]*$" .. " runs")
end

local made = {}
for _, path in ipairs(lines_of(("ls '%s'/*.svg"):format(place.work))) do
    local name = path:match "([^/]*)%.svg$"
    local seen, wanted = picture.svg(path), expected[name] or { 0, 0 }
    made[#made + 1] = name
    tap.ok(expected[name], name .. ": there is a test of it here")
    tap.near(seen.width, wanted[1], 1, name .. ": its width")
    local pieces = 0
    for colour, n in pairs(seen.colours) do
        pieces = pieces + (colour ~= "#1a1a1a" and colour ~= "#ffffff" and n or 0)
    end
    tap.ok(pieces >= wanted[2], ("%s: it is not empty: %d pieces"):format(name, pieces))
    for i = 3, #wanted do
        if not tap.ok(seen:has(wanted[i]), ("%s: it says '%s'"):format(name, wanted[i])) then
            tap.note("%s", seen:said())
        end
    end
    expected[name] = nil
end
tap.is(next(expected), nil, "all pictures were made")

-- ---- those that are kept

local kept = {}
for _, path in ipairs(lines_of(("ls '%s'/examples/gallery/*.png"):format(source))) do
    kept[#kept + 1] = path:match "([^/]*)%.png$"
    local png = picture.png(path)
    tap.ok(png.width > 300 and png.width < 720 and png.least < 80 and png.greatest == 255,
        kept[#kept] .. ".png is a picture")
end
tap.is(table.concat(kept, " "), table.concat(made, " "), "the gallery has each of them")
local page = table.concat(lines_of(("cat '%s'/examples/README.md"):format(source)), "\n")
for _, name in ipairs(kept) do
    tap.ok(page:find(("](gallery/%s.png)"):format(name), 1, true), name .. " is on its page")
end

-- ---- without gnuplot

-- All programs that there are, but for gnuplot.
local bin = place.folder .. "/bin"
os.execute(("mkdir '%s'"):format(bin))
for folder in os.getenv "PATH":gmatch "[^:]+" do
    os.execute(("ln -s '%s'/* '%s' 2>/dev/null"):format(folder, bin))
end
os.execute(("rm -f '%s'/gnuplot*"):format(bin))
local bare <close> = scratch.new()
for _, path in ipairs(scripts) do
    local name = path:match "([^/]*)%.lua$"
    local status, _, err = bare:run { "env", "PATH=" .. bin, scratch.hillock(), "run", path, "." }
    tap.is(status, 0, name .. " runs without gnuplot")
    local _, times = err:gsub("gnuplot is missing", "")
    tap.is(times, 1, name .. " says so once")
    tap.ok(err:find("apt-get install gnuplot-nox", 1, true) and err:find(name, 1, true),
        name .. ": what to install, and what was not drawn")
end
tap.is(#lines_of(("ls '%s'/*.svg '%s'/*.gp '%s'/*.part 2>/dev/null"):format(bare.work, bare.work,
    bare.work)), 0, "nothing half made is left")
bare:write("needed.lua", [[
local hk = require "hillock"
local panel = hk.plot.fi { { current = { 0, 1 }, rate = { 0, 1 } } }
print(panel:save("a.svg", { data = true, script = "a.gp" }).path)
panel:save("a.svg", { needed = true })
]])
local status, out, err = bare:run { "env", "PATH=" .. bin, scratch.hillock(), "run", "needed.lua" }
tap.is(status .. out, "1nil\n", "needed = true: an error")
tap.ok(err:find "needed.lua:4: panel:save: gnuplot is missing", "that says where")
tap.ok(bare:read "a.csv" and bare:read "a.gp", "the data and the script are there all the same")

tap.done()
