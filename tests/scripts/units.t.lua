-- SPDX-License-Identifier: BSD-3-Clause
-- Units: who gets them, that they change no bit, and what happens where there can be none.

local tap = require "tap"
local scratch = require "scratch"
local hillock = scratch.hillock()

local real = os.getenv "CC" or "cc"
if not os.execute(("%s --version >/dev/null 2>&1"):format(real)) then
    tap.skip_all("there is no C compiler " .. real)
end

local place <close> = scratch.new()

-- A compiler that counts its calls.
place:write("cc", ('#!/bin/sh\necho call >>"%s/calls"\nexec %s "$@"\n'):format(place.work, real))
os.execute(("chmod +x '%s/cc'"):format(place.work))

local function calls()
    local text = place:read "calls" or ""
    return select(2, text:gsub("\n", ""))
end

-- Runs a script with these settings of the environment, and no others of what counts here.
local function run(script, ...)
    local words = { "env", "-u", "HILLOCK_UNITS", "CC=" .. place.work .. "/cc", ... }
    for _, word in ipairs { hillock, "run", script } do
        words[#words + 1] = word
    end
    local status, out, err = place:run(words)
    return status, out, err
end

local function files(pattern)
    local command = ("find '%s/home' -name '%s' | wc -l"):format(place.folder, pattern)
    local pipe <close> = io.popen(command)
    return pipe:read "n"
end

-- model.lua: function(options, duration, mechanism...) -> the bits of a run, how many units ran
place:write("model.lua", [[
local hk = require "hillock"

local function type_of(name, nseg, ...)
    local shape = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 300, diam = 2 } }
    local type = hk.cell { name = name, morphology = shape, nseg = nseg, Ra = 100, cm = 1 }
    type:insert("pas", { g = 1e-4, e = -65 })
    type:region "soma":insert "hh"
    type:region "dend":insert "CaHVA"
    type:region "dend":insert "CaDyn"
    type:region "dend":insert "KCa"
    for _, mechanism in ipairs { ... } do
        type:insert(mechanism)
    end
    return type
end

return function(options, duration, ...)
    options.celsius = 20
    local net = hk.network(options)
    local a = net:population("A", 6, type_of("A", 5, ...))
    local b = net:population("B", 3, type_of("B", 9, "Km"))
    for k = 1, 3 do
        net:add(a[k] "soma(0.5)", { "IClamp", delay = k, dur = 50, amp = 0.2 * k })
        net:add(b[k] "dend(0.5)", { "IClamp", delay = k, dur = 50, amp = 0.1 * k })
    end
    net:record("v", { net.cells, at = "soma(0.5)" })
    net:record("cai", { net.cells, at = "dend(0.5)", name = "ca" })
    return net, function()
        local result, text = net:run(duration), {}
        for _, name in ipairs { "v", "ca" } do
            for i = 1, #result[name] do
                local trace = result[name][i]
                for k = 1, #trace, 7 do
                    text[#text + 1] = ("%a"):format(trace[k])
                end
            end
        end
        return table.concat(text, " "), net.facts.units
    end
end
]])

-- plain.lua, units.lua, ...: print the number of units, then the bits
local function write_script(name, options, duration, mechanisms, before)
    place:write(name, ([[
local hk = require "hillock"
%s
local _, run = require "model"({ %s }, %s%s)
local bits, units = run()
print(units)
print(bits)
]]):format(before or "", options, duration or 8, mechanisms or ""))
end

write_script("plain.lua", "units = false")
write_script("units.lua", "units = true")
write_script("free.lua", "")

local function parts(out)
    local units, bits = out:match "^(%d+)\n(.*)$"
    return tonumber(units), bits
end

-- ---- the option and the variable

local _, status, out, err
status, out, err = run "plain.lua"
local none, plain = parts(out)
tap.is(status .. err, "0", "units = false: nothing is said")
tap.is(none, 0, "no unit")
tap.is(calls(), 0, "and no compiler")
tap.ok(plain and #plain > 10000, "and there is something to compare")

status, out, err = run "units.lua"
local units, bits = parts(out)
tap.is(err, "", "units = true: nothing is said")
tap.is(status, 0, "it runs")
tap.is(units, 2, "each of the two cell types has its unit")
tap.ok(bits == plain, "the bits are the same")
tap.ok(calls() > 0, "the compiler was called")
tap.is(files "unit.so", 2, "two units are in the cache")

local before = calls()
status, out = run "units.lua"
units, bits = parts(out)
tap.is(units, 2, "the second time: its units")
tap.is(calls(), before, "are in the cache")
tap.ok(status == 0 and bits == plain, "with the same bits")

for _, case in ipairs {
    { "free.lua", "HILLOCK_UNITS=1", 2 }, { "free.lua", "HILLOCK_UNITS=0", 0 },
    { "free.lua", "HILLOCK_UNITS=2", 0 }, { "free.lua", "HILLOCK_UNITS=", 0 },
    { "plain.lua", "HILLOCK_UNITS=1", 0 }, { "units.lua", "HILLOCK_UNITS=0", 2 },
} do
    status, out, err = run(case[1], case[2])
    units, bits = parts(out)
    tap.is(units, case[3], ("%s, %s: %d units"):format(case[1], case[2], case[3]))
    tap.ok(status == 0 and err == "" and bits == plain, "and the same bits")
end

place:write("wrong.lua", 'require "hillock".network { units = 1 }')
status, _, err = run "wrong.lua"
tap.is(status .. err, "1hillock: wrong.lua:1: network: units: expected true or false, got 1\n",
    "units = 1")

-- ---- where nobody says

os.execute(("rm -r '%s/home/.cache'"):format(place.folder))
before = calls()
_, out = run "free.lua"
tap.is(parts(out), 0, "a short run has no units")
tap.is(calls(), before, "and calls no compiler")
-- 114 compartments and 800 ms: 3.6e6 of the 3e6 that are worth it. Whether a unit is faster than
-- the plugins is for the clock to say; that it is made is not.
place:write("long.lua", [[
local net = require "model"({}, 1)
net:run(800)
]])
tap.is(run "long.lua", 0, "a long one")
tap.is(files "unit.so", 2, "makes its units")
os.execute(("rm -r '%s/home/.cache'"):format(place.folder))
place:write("later.lua", [[
local net = require "model"({}, 1)
net:run(1)
net:continue(800)
]])
tap.is(run "later.lua", 0, "a long one after a short one")
tap.is(files "unit.so", 2, "makes them too")

-- ---- plugins of the user's

local function channel(name, more, current)
    return ([[
#include "hillock/plugin.h"
%s
struct NAME {
    hk_col g, e;
};

static const struct hk_field NAME_fields[] = {
    {"g", HK_PARAMETER, "S/cm2", 1e-5, 0, HK_INF, "conductance density", NULL, 0},
    {"e", HK_PARAMETER, "mV", -70, 0, 0, "reversal potential", NULL, 0},
};

HK_KERNEL(NAME, current) {
    HK_EACH(k, b) {
        b->i[k] += %s * (b->v[k] - c->e[k]);
        b->g[k] += %s;
    }
}

HK_PLUGIN(NAME) = {
    HK_HEADER(NAME, HK_CHANNEL, "NAME", "a leak"),
    HK_FIELDS(NAME, NAME_fields),
    .current = NAME_current_hook,
};
]]):format(more or "", current or "c->g[k]", current or "c->g[k]"):gsub("NAME", name)
end

-- Runs with a list of plugins, without units, and with them where they may be and where they must.
local function three_ways(loaded, mechanisms)
    write_script("own.lua", "units = units", 8, mechanisms,
        "local units = ({ T = true, F = false })[os.getenv 'OWN']\n" .. loaded)
    local ways = {}
    for i, way in ipairs { "OWN=F", "OWN=N", "OWN=T" } do
        local s, o, e = run("own.lua", way, i == 2 and "HILLOCK_UNITS=1" or "X=")
        local n, b = parts(o)
        ways[i] = { status = s, units = n, bits = b, err = e }
    end
    return table.unpack(ways)
end

place:write("mine.c", channel "mine")
local without, may, must = three_ways('hk.load "mine.c"', ', "mine"')
tap.is(without.units, 0, "a plugin of the user's")
tap.is(may.units, 2, "is part of a unit")
tap.is(must.units, 2, "where it must be, too")
tap.ok(without.bits ~= plain, "it has its effect")
tap.ok(may.bits == without.bits and must.bits == without.bits, "and the same bits")

place:write("value.h", "#define VALUE 1e-5\n")
place:write("included.c", channel("included", '#include "value.h"', "(VALUE + c->g[k])"))
without, may, must = three_ways('hk.load "included.c"', ', "included"')
tap.is(may.units, 1, "one whose source includes a file of the user's: the other type has its unit")
tap.ok(without.bits and may.bits == without.bits and may.err == "", "it runs with the same bits")
tap.ok(must.status == 1 and must.err:find("^hillock: %./model%.lua:%d+: units = true: ")
    and must.err:find("/included%.so: its source, .*/included%.c, cannot be read"),
    "units = true: an error that names it, at the script's line")

-- The same plugin in a folder with its source and the header.
place:run { "env", "CC=" .. place.work .. "/cc", hillock, "compile", "--output", "folder",
    "included.c" }
place:run { "cp", "included.c", "value.h", "folder" }
without, may, must = three_ways('hk.plugin_folder "folder"', ', "included"')
tap.ok(without.bits and may.bits == without.bits and may.err == "" and may.units == 1,
    "from a folder with its source: no unit, the same bits")
tap.ok(must.err:find("included.c:2:10: ", 1, true) and must.err:find("value.h", 1, true),
    "units = true: the compiler's error")
place:write("folder/included.c", (place:read "folder/included.c")
    :gsub('"value.h"', ('"%s/value.h"'):format(place.work)))
_, may, must = three_ways('hk.plugin_folder "folder"', ', "included"')
tap.ok(may.units == 1 and must.err:find("a plugin's source includes " .. place.work .. "/value.h",
    1, true), "nor where the file is found from anywhere")

-- Two sources with a name in common.
local helper = "static double rate(double g) { return g; }\n"
place:write("one.c", channel("one", helper, "rate(c->g[k])"))
place:write("two.c", channel("two", helper, "rate(c->g[k])"))
without, may, must = three_ways('hk.load "one.c" hk.load "two.c"', ', "one", "two"')
tap.is(may.units, 1, "two sources with a name in common have no unit")
tap.ok(without.bits and may.bits == without.bits and may.err == "", "and run with the same bits")
tap.ok(must.err:find(": units = true: two.c:2:15: ", 1, true)
    and must.err:find("rate", 1, true), "units = true: the name, at its file and line")
before = calls()
three_ways('hk.load "one.c" hk.load "two.c"', ', "one", "two"')
tap.is(calls(), before, "what does not compile is not tried again")

-- A plugin that is not made of the source beside it, which has a column more.
place:run { "env", "CC=" .. place.work .. "/cc", hillock, "compile", "--output", "stale", "mine.c" }
place:write("stale/mine.c", (channel("mine"):gsub("hk_col g, e;", "hk_col g, e, f;")))
without, may, must = three_ways('hk.plugin_folder "stale"', ', "mine"')
tap.ok(may.units == 1 and may.bits == without.bits, "a source that is newer: no unit, same bits")
tap.ok(must.err:find("it is not the source of the plugin beside it", 1, true),
    "units = true: why")

-- A current that depends on its last one.
place:write("twice.c", (channel("twice", nil, "(c->g[k] + c->e[k] * 0)")
    :gsub('{"e", HK_PARAMETER', '{"e", HK_ASSIGNED'):gsub("b%->g%[k%] %+=", "c->e[k] += 1; %0")))
without, may, must = three_ways('hk.load "twice.c"', ', "twice"')
tap.ok(without.bits and may.units == 1 and may.bits == without.bits,
    "a current that depends on its last one: no unit, same bits")
tap.ok(must.err:find("unit.so: a mechanism's `current` gives another one", 1, true),
    "units = true: why")

-- ---- where there can be none

for _, case in ipairs {
    { "no compiler", "there is no C compiler 'nonexistent'", "CC=nonexistent" },
    { "no folder for the cache", "there is no folder for compiled plugins", "HOME=" },
    { "a cache that cannot be", "cannot be made", "XDG_CACHE_HOME=/dev/null/none" },
    { "no lfs", "the Lua module 'lfs' is missing", "LUA_CPATH_5_4=/nowhere/?.so" },
    { "a compiler that fails", ": unit.c: the compiler failed", "CC=false" },
} do
    status, out, err = run("free.lua", "HILLOCK_UNITS=1", case[3])
    units, bits = parts(out)
    tap.ok(status == 0 and err == "" and units == 0 and bits == plain,
        case[1] .. ": it runs without")
    status, _, err = run("units.lua", case[3])
    tap.ok(status == 1 and err:find "^hillock: %./model%.lua:%d+: units = true: "
        and err:find(case[2], 1, true), case[1] .. ", units = true: an error")
end

place:write("again.lua", [[
local net = require "model"({ units = true }, 1)
print(pcall(net.run, net, 1))
print(pcall(net.continue, net, 1))
]])
_, out = run("again.lua", "CC=nonexistent")
tap.is(select(2, out:gsub("false\t[^\n]*units = true", "")), 2, "each run says it")

-- ---- several networks

-- lfs is loaded before there are threads: the thread sanitizer does not see dlopen's own lock.
place:write("several.lua", [[
local hk = require "hillock"
require "lfs"
local make = require "model"
local a, run_a = make({ units = true }, 8)
local b, run_b = make({ units = true, threads = 2, group = 1 }, 8)
local bits = run_a()
a:close()
print(run_b() == bits, run_b() == bits, b.facts.units)
local all = hk.map({ 1, 2, 3, 4 }, function(k)
    local net, run = require "model"({ units = true, group = k }, 8)
    local _ <close> = net
    return { run() }
end, { threads = 2 })
for k = 1, 4 do
    print(all[k][1] == bits, all[k][2])
end
]])
for _, what in ipairs { "compiled before", "compiled by the threads" } do
    status, out, err = run "several.lua"
    tap.is(status .. err, "0", what .. ": two networks at once and threads of hk.map")
    tap.is(out, "true\ttrue\t2\n" .. ("true\t2\n"):rep(4), "all have units, and the same bits")
    os.execute(("rm -r '%s/home/.cache'"):format(place.folder))
    place:write("several.lua", (place:read "several.lua"):gsub("local a, .-\nlocal all",
        'local bits = select(2, make({ units = false }, 8))()\nprint "true\\ttrue\\t2"\nlocal all'))
end
tap.done()
