-- SPDX-License-Identifier: BSD-3-Clause
-- hk.load of MOD files: what they compute is what the plugins in C compute; what a script hears of
-- mistakes in them.

local tap = require "tap"
local scratch = require "scratch"

if not pcall(require, "lpeg") then
    tap.skip_all "the Lua module lpeg is not installed"
end
local source = os.getenv "HILLOCK_SOURCE" or "."
local mods = source .. "/examples/l23/biophys/mod"
local place <close> = scratch.new()
place:run { "mkdir", "cache" }

local function run(text)
    place:write("script.lua", 'local hk = require "hillock"\n' .. text)
    return place:run { scratch.hillock(), "run", "script.lua" }
end

-- ---- what they compute

-- The reference cell's mechanisms, with all values set, so that defaults do not matter.
local network = [[
local gbar = { Leak = 1e-4, Na = 0.05, Kv = 0.02, Km = 1e-4, Ka = 1e-3, KCa = 1e-3, CaHVA = 1e-4,
    CaLVA = 1e-4 }
local function run(units)
    local shape = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 300, diam = 2 } }
    local cell = hk.cell { morphology = shape, nseg = 5, Ra = 100, cm = 1 }
    for _, name in ipairs { "Leak", "Na", "Kv", "Km", "Ka", "KCa", "CaHVA", "CaLVA" } do
        cell:insert(name, { gbar = gbar[name] })
    end
    cell:set("Leak", { e = -75 })
    cell:insert("CaDyn", { depth = 0.1, taur = 50, cainf = 1e-4, gamma = 1 })
    local net = hk.network { celsius = 34, v_init = -70, units = units }
    local cells = net:population("P", 3, cell)
    net:add(cells[1] "soma(0.5)", { "IClamp", delay = 2, dur = 40, amp = 0.3 })
    net:record("v", { cells[1], at = "soma(0.5)" })
    net:record("cai", { cells[1], at = "soma(0.5)" })
    local result = net:run(30)
    return result:trace "v", result:trace "cai", net.facts.units
end
local function apart(a, b)
    local most = 0
    for i = 1, #a do
        most = math.max(most, math.abs(a[i] - b[i]))
    end
    return most
end
local v, cai = run(false)
local list = hk.load(MODS, { quiet = true })
local v_mod, cai_mod = run(false)
local v_unit, cai_unit, units = run(true)
print(#list >= 9, v:max() > 0, cai:max() > 2 * cai:min())
print(hk.plugin "Na".path:match "[^/]*$", units)
print(apart(v_mod, v_unit), apart(cai_mod, cai_unit))
print(apart(v, v_mod) < 1e-9, apart(cai, cai_mod) < 1e-12)
]]
local status, out, err, _ = run((network:gsub("MODS", ("%q"):format(mods))))
local lines = {}
for line in out:gmatch "[^\n]+" do
    lines[#lines + 1] = line
end
tap.is(status .. err, "0", "a network of MOD files runs")
tap.is(lines[1], "true\ttrue\ttrue", "all of a folder are loaded, and the cell fires")
tap.is(lines[2], "Na.so\t1", "hillock's own of the same names are out of use, and a unit is in use")
tap.is(lines[3], "0\t0", "the unit gives the same bits")
-- Sums in another order, over 1200 steps and some spikes.
tap.is(lines[4], "true\ttrue", "v is that of the plugins in C within 1e-9 mV")

status, out, err = run(([[
local function run()
    local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
    cell:insert("Leak", { gbar = 2e-4, e = -61 })
    local net = hk.network { v_init = -70 }
    net:record("v", { net:population("P", 1, cell), at = "soma(0.5)" })
    return net:run(20):trace "v"
end
local before, own = run(), hk.plugin "Leak".path
local leak = hk.load %q
local after = run()
local same = #before == #after
for i = 1, #before do
    same = same and before[i] == after[i]
end
print(leak.name, leak.kind, leak.path ~= own, hk.plugin "Leak".path == leak.path, same)
]]):format(mods .. "/Leak.mod"))
tap.is(status .. err .. out, "0Leak\tchannel\ttrue\ttrue\ttrue\n",
    "one whose name hillock has takes over for what is made afterwards, and gives the same bits")

-- ---- globals

place:write("glob.mod", [[
NEURON { SUFFIX glob NONSPECIFIC_CURRENT i RANGE g GLOBAL e }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { g = 0.001 (S/cm2) e = -70 (mV) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g * (v - e) }
]])
status, out, err = run [[
hk.load "glob.mod"
local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
cell:insert("glob", { g = 0.002, e = -50 })
local net = hk.network { v_init = -50 }
net:record("v", { net:population("P", 1, cell), at = "soma(0.5)" })
print((net:run(5):trace "v":min()))
]]
tap.is(status .. err .. out, "0-50.0\n", "a GLOBAL parameter is set as others are")

-- ---- messages

place:write("bad.mod", [[
NEURON { SUFFIX bad NONSPECIFIC_CURRENT i RANGE g }
PARAMETER { g = 0.001 }
ASSIGNED { v i }
BREAKPOINT { i = gg * v
    i = h }
]])
status, _, err = run '\nhk.load "bad.mod"'
tap.is(status, 1, "a MOD file with errors is an error")
tap.ok(err:find("^hillock: script.lua:3: bad.mod:4:18: error: "), "at the script's line")
tap.ok(err:find("\n    BREAKPOINT { i = gg * v\n                     ^", 1, true), "with its line")
tap.ok(err:find "bad.mod:5:9: error: ", "all of them")
status, _, err = run 'print(pcall(hk.load, "nosuch.mod"))'
tap.is(status .. err, "0", "which a script can catch")
status, _, err = run 'hk.load "nosuch.mod"'
tap.is(status .. err, "1hillock: script.lua:2: cannot read nosuch.mod: No such file or directory\n",
    "a file that is not there")

place:write("warned.mod", [[
NEURON { SUFFIX warned NONSPECIFIC_CURRENT i RANGE g }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { g = 0.001 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g * v * v }
]])
status, _, err = run 'hk.load("warned.mod", { strict = true })'
tap.is(status, 1, "strict makes errors of warnings")
tap.ok(err:find "^hillock: script.lua:2: warned.mod:5:%d+: error: ", "at the script's line")
status, _, err = run 'hk.load("warned.mod", { quiet = true }) hk.load "warned.mod"'
tap.is(status .. err, "0", "quiet: no warning; and none of what is unchanged")
place:run { "sh", "-c", "sed s/0.001/0.002/ warned.mod >other && mv other warned.mod" }
status, _, err = run 'hk.load "warned.mod"'
tap.is(status, 0, "with warnings, it is loaded")
tap.ok(err:find "^warned.mod:5:%d+: warning: ", "and they are shown")
tap.is(select(2, err:gsub("warning: ", "")), 1, "once")
status, _, err = run 'hk.load "warned.mod"'
tap.is(status .. err, "0", "when it was compiled")

for _, try in ipairs {
    { 'hk.load("a.mod", { strct = true })', "load: unknown key 'strct': did you mean 'strict'?" },
    { 'hk.load("a.mod", { quiet = 1 })', "load: quiet: expected true or false, got 1" },
    { 'hk.load("a.mod", 1)', "load: expected a table of options, got 1" },
    { 'hk.load(3)', "load: path: expected a string, got 3" },
    { 'hk.load "cache"', "load: cache: no C or MOD file is in this folder" },
    { 'hk.load "nosuch"', "load: nosuch: No such file or directory" },
} do
    status, _, err = run(try[1])
    tap.is(status .. err, "1hillock: script.lua:2: " .. try[2] .. "\n", try[2])
end
place:run { "sh", "-c", "mkdir two && cp glob.mod two/a.mod && cp glob.mod two/b.mod" }
status, _, err = run 'hk.load "two"'
tap.is(status .. err, "1hillock: script.lua:2: load: two/b.mod: its mechanism is called 'glob', "
    .. "as that of two/a.mod is: each needs a name of its own\n", "one name twice in a folder")
place:run { "sh", "-c", "mkdir mixed && cp glob.mod bad.mod mixed && cp bad.mod mixed/c.mod" }
status, _, err = run 'hk.load "mixed"'
tap.is(status .. " " .. select(2, err:gsub("error: ", "")), "1 4",
    "all errors of all of a folder's files")

-- ---- info

status, out, err = place:run { scratch.hillock(), "info", "glob.mod" }
tap.is(status .. err, "0", "hillock info of a MOD file")
tap.ok(out:find "^glob: " and out:find "\n    g  +S/cm2  0.001 "
    and out:find "\n    e  +mV  +%-70 [^\n]*one for the model", "says what it has")
status, out, err = place:run { scratch.hillock(), "info", "bad.mod" }
tap.is(status .. out, "1", "and what is wrong")
tap.ok(err:find "^hillock: bad.mod:4:18: error: ", "at its place")
tap.done()
