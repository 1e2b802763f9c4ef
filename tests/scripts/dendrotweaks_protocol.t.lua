-- SPDX-License-Identifier: BSD-3-Clause
-- Folders of DendroTweaks': protocols of now and of before, MOD files, and the command. The
-- expected spike times are those of DendroTweaks 0.5 with numpy 1.24.

local tap = require "tap"
local hk = require "hillock"
local scratch = require "scratch"

local place <close> = scratch.new()
local models = require "dendrotweaks_model"(place)
local model, biophys = models.model, models.biophys

local function throws(path, texts, name)
    tap.throws(function() hk.dendrotweaks(path) end, texts, name)
end

-- ---- protocols

local config = [[{
    "simulation": { "temperature": 20, "v_init": -70, "dt": 0.05, "duration": 40, "d_lambda": 0.2 },
    "stimuli": { "populations": { %s } }
}]]

local function protocol(options)
    local files = {
        ["stimuli/p/config.json"] = options.config or config:format(options.populations or ""),
    }
    for _, name in ipairs { "iclamps", "recordings", "synapses" } do
        files[("stimuli/p/%s.csv"):format(name)] = options[name]
    end
    return model { files = files, params = options.params }
end

local exc = [["exc": { "idx": 0, "syn_type": "AMPA", "N": 4, "input_params": { "rate": 20,
    "noise": 1, "start": 100, "end": 600, "weight": 2, "delay": 0, "seed": 42 },
    "kinetic_params": { "gmax": 0.002 } },
    "inh": { "idx": 1, "syn_type": "GABAa", "N": 2, "input_params": { "rate": 40, "noise": 0.5,
    "start": 0, "end": 300, "weight": 1, "delay": 1, "seed": 7 }, "kinetic_params": {} }]]
local made, object = hk.dendrotweaks(protocol {
    populations = exc,
    iclamps = "sec_idx,loc,amp,delay,dur\n0,0.5,0.1,5,20\n3,0.25,0.2,5,20\n0,0.4,0.3,6,21\n",
    recordings = "sec_idx,loc,var\n0,0.5,v\n3,0.25,v\n0,0.5,ina\n0,0.5,m_hh\n4,1,i_Leak\n0,0.5,v\n",
    synapses = "sec_idx,loc,pop_idx\n1,0.5,0\n4,0.2,0\n2,0.1,1\n1,0.5,0\n",
})
local p = object.data
tap.is(p.celsius .. " " .. p.v_init .. " " .. p.dt .. " " .. p.duration .. " " .. p.protocol,
    "20 -70 0.05 40 1", "the simulation's numbers")
local clamps = {}
for i, c in ipairs(p.clamps) do
    clamps[i] = ("%s %s %g %g %g"):format(c[1], c.at, c.amp, c.delay, c.dur)
end
tap.is(table.concat(clamps, ", "), "IClamp apic[0](0.25) 0.2 5 20, IClamp soma[0](0.4) 0.3 6 21",
    "clamps; the second one of a segment counts")
local records = {}
for i, r in ipairs(p.record) do
    records[i] = ("%s %s %s"):format(r[1], r.at, r.name)
end
tap.is(table.concat(records, ", "), "v soma[0](0.5) v_soma_0, v apic[0](0.25) v_apic_0_0.25, "
    .. "ina soma[0](0.5) ina_soma_0, hh.m soma[0](0.5) m_hh_soma_0, "
    .. "Leak.i apic[1](1) i_Leak_apic_1_1, v soma[0](0.5) v_soma_0_2", "recordings")
tap.is(#made, #hk.dendrotweaks(model { d_lambda = 0.2 }), "the protocol's d_lambda counts")

local function hex(times)
    local list = {}
    for i, t in ipairs(times) do
        list[i] = ("%a"):format(t)
    end
    return table.concat(list, " ")
end
local input = p.inputs[1]
tap.is(table.concat(input.places, " "), "dend[0](0.5) dend[0](0.5) apic[1](0.2)",
    "synapses in one place stand together")
tap.is(("%s %g %g %g %g"):format(input.synapse[1], input.synapse.gmax, input.synapse.tau_decay,
    input.weight, input.delay), "AMPA 0.002 2.5 2 0", "kinetics over DendroTweaks' defaults")
tap.is(hex(input.input.times[1]), "0x1.366fbd66ba9d6p+7 0x1.7bc7f2a89a5a8p+7 0x1.c1819e9976131p+7 "
    .. "0x1.9a03a9c271454p+8 0x1.9e36887c961cap+8 0x1.d7b9c3931d012p+8 0x1.0f4d14d0fc88p+9 "
    .. "0x1.16c32af758ea9p+9 0x1.1ae0181ca5759p+9", "a Poisson train, to the last bit")
tap.is(hex(input.input.times[3]), "0x1.ffe106e3e8e56p+7 0x1.25f249658425ap+8 0x1.85bee96356cp+8 "
    .. "0x1.b6c9ba670859ap+8 0x1.21b06354ba8acp+9", "and the third one")
local jittered = {
    0x1.8aaf68911f4a7p+5, 0x1.628e3894fd807p+6, 0x1.fa11c4e400d36p+6, 0x1.fe4f06f386c9ep+6,
    0x1.289e9119b8c9ep+7, 0x1.5de31afb173b2p+7, 0x1.85e3cd8056032p+7, 0x1.e1b4202de74eep+7,
    0x1.03693b8d4b034p+8, 0x1.19bb5001b52d7p+8,
}
local got, off = p.inputs[2].input.times[1], 0
for i, t in ipairs(jittered) do
    off = math.max(off, math.abs((got[i] or 0) - t))
end
tap.ok(#got == #jittered and off < 1e-11, ("a jittered train, within %.2g ms"):format(off))

local numpy = require "hillock.dendrotweaks.numpy"
tap.is(numpy.state(42, 49, 1)[1], 3312495928, "seeds of children")
tap.is(("%x"):format(numpy.generator(12345):bits()), "3a32b18db2ffc19d", "the generator's bits")
tap.is(#numpy.state(2 ^ 40 // 1 | 0, 3, 4), 4, "seeds of more than 32 bits")

local function run(type_, protocol_)
    local outcome, list = hk.protocol(protocol_):run { model = type_ }, {}
    for i, r in ipairs(hk.protocol(protocol_).data.record) do
        list[i] = outcome.result:trace(r.name, 1):totable()
    end
    outcome.net:close()
    return list
end
local traces = run(made, object)
tap.is(#traces[1], 801, "it runs")
tap.ok(math.abs(traces[2][400] + 70) > 1, "and something happens")

local free, unseeded = hk.dendrotweaks(protocol {
    populations = exc:gsub(', "seed": %d+', ', "seed": null'),
    recordings = "sec_idx,loc,var\n0,0.5,v\n",
    synapses = "sec_idx,loc,pop_idx\n1,0.5,0\n2,0.1,1\n" })
local q = unseeded.data
tap.ok(q.inputs[1].input[1] == "Poisson" and q.about:find("'exc' has no seed", 1, true),
    "without a seed the input follows the protocol's, and says so")
tap.is(q.inputs[2].input[1], "SpikeArray", "a jittered one is a train all the same")
tap.ok(run(free, q), "and it runs")

local function protocol_throws(options, texts, name)
    throws(protocol(options), texts, name)
end
local bad = "sec_idx,loc,var\n"
protocol_throws({ recordings = bad .. "9,0.5,v\n" },
    { "recordings.csv:2: sec_idx 9 is off the cell, which has the sections 0 to 8" },
    "a section off the cell")
protocol_throws({ recordings = bad .. "0,1.5,v\n" }, { "recordings.csv:2: loc is 1.5" },
    "a loc off it")
protocol_throws({ recordings = bad .. "\n0,x,v\n" },
    { "recordings.csv:3: loc is 'x', not a number" }, "a loc that is none")
protocol_throws({ recordings = bad .. "0.5,0.5,v\n" }, { "not a whole number" }, "half a section")
protocol_throws({ recordings = bad .. "0,0.5\n" }, { "2 fields, but the first line has 3" },
    "a field that is missing")
protocol_throws({ recordings = bad .. "0,0.5,m_hhh\n" },
    { "soma[0] has no variable 'm_hhh'", "did you mean 'm_hh'?" }, "an unknown variable")
protocol_throws({ recordings = bad .. "1,0.5,m_hh\n" }, { "dend[0] has no variable 'm_hh'" },
    "a variable that is elsewhere")
protocol_throws({ recordings = "sec_idx,location,var\n" }, { "recordings.csv:1: the column 'loc'" },
    "a column that is missing")
protocol_throws({ iclamps = "" }, { "iclamps.csv: the file is empty" }, "an empty file")
protocol_throws({ populations = exc:gsub("AMPA", "AMPAR"), synapses = "sec_idx,loc,pop_idx\n" },
    { "config.json:3", "unknown syn_type 'AMPAR'", "did you mean 'AMPA'?" }, "an unknown syn_type")
protocol_throws({ populations = exc:gsub("gmax", "gmx"), synapses = "sec_idx,loc,pop_idx\n" },
    { "unknown key 'gmx'", "did you mean 'gmax'?" }, "an unknown field of a synapse")
protocol_throws({ populations = exc, synapses = "sec_idx,loc,pop_idx\n0,0.5,2\n" },
    { "synapses.csv:2: there is no population of idx 2" }, "an unknown population")
protocol_throws({ populations = exc:gsub('"N": 4', '"N": 1'),
    synapses = "sec_idx,loc,pop_idx\n0,0.5,0\n0,0.4,0\n" }, { "N = 1 and 2 synapses" },
    "more synapses than N")
protocol_throws({ populations = exc:gsub('42', '-1'), synapses = "sec_idx,loc,pop_idx\n0,0.5,0\n" },
    { "seed is a whole number from 0" }, "a seed that is none")
protocol_throws({ config = config:format(""):gsub('"dt": 0.05,', "") },
    { "config.json:2: a number 'dt' is missing" }, "a simulation without dt")

-- ---- protocols of before

local old = model { files = {
    ["stimuli/old.json"] = [[{
    "simulation": { "temperature": 20, "v_init": -70, "dt": 0.05, "duration": 40 },
    "stimuli": {
        "recordings": [ { "name": "rec_0", "var": "v" }, { "name": "rec_1", "var": "v" } ],
        "iclamps": [ { "name": "iclamp_0", "amp": 0.05, "delay": 10, "dur": 80 } ],
        "populations": { "AMPA": [], "GABAa": [ { "name": "GABAa_0", "syn_type": "GABAa", "N": 3,
            "input_params": { "rate": 30, "noise": 0, "start": 0, "end": 100, "weight": 1,
                "delay": 0 },
            "kinetic_params": { "gmax": 0.001 } } ] } }
}]],
    ["stimuli/old.csv"] = "type,idx,sec_idx,loc\nrec,0,0,0.5\nrec,1,2,0.5\niclamp,0,1,0.5\n"
        .. "GABAa,0,6,0.3\nGABAa,0,3,0.7\nGABAa,0,3,0.2\n",
} }
local before = select(2, hk.dendrotweaks(old)).data
tap.is(before.name .. " " .. before.record[2].at .. " " .. before.clamps[1].at,
    "old dend[0](0.5) axon[0](0.5)", "sections are found by the numbers of before")
tap.is(table.concat(before.inputs[1].places, " "), "dend[1](0.2) dend[1](0.7) apic[0](0.3)",
    "synapses are in the order of sections")
tap.is(before.inputs[1].name .. " " .. before.inputs[1].synapse[1] .. " "
    .. table.concat(before.inputs[1].input.times[1], " ", 1, 2),
    "GABAa_0 GABAa 0 33.333333333333", "populations have their type's name and number")
local function old_throws(from, to, texts, name)
    local files = {}
    for _, ending in ipairs { "json", "csv" } do
        local file = "stimuli/old." .. ending
        files[file] = place:read(old:match "[^/]+$" .. "/" .. file):gsub(from, to)
    end
    throws(model { files = files }, texts, name)
end
old_throws("iclamp,0", "iclamp,1", { "old.csv:4: iclamps 1 is not in" },
    "a clamp that is not there")
old_throws("iclamp,0", "clamp,0", { "old.csv:4: unknown type 'clamp'", "'iclamp'" },
    "an unknown type")
old_throws("GABAa,0", "GABAa,1", { "old.csv:5: population 1 of type GABAa" },
    "an unknown population")

-- ---- MOD files

local function leak(name, e)
    return ([[
NEURON {
    SUFFIX %s
    NONSPECIFIC_CURRENT i
    RANGE gbar, e
}
PARAMETER {
    gbar = 0.001 (S/cm2)
    e = %d (mV)
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = gbar * (v - e)
}
]]):format(name, e)
end

local function with_mod(name, e)
    return model {
        biophys = biophys({}):gsub('%["Leak"', '["My_Leak"'),
        files = { ["biophys/mod/My_Leak.mod"] = leak(name, e) },
    }
end

if pcall(require, "lpeg") then
    local one = hk.dendrotweaks(with_mod("other", -40))
    local two = hk.dendrotweaks(with_mod("My_Leak", -50))
    tap.is(one:region "dend":get("My_Leak", "e")[1], -40, "a mechanism is called as its file")
    tap.is(two:region "dend":get("My_Leak", "e")[1], -50,
        "another model has another one of the name")
    tap.throws(function() hk.plugin "My_Leak" end, "there is no plugin \"My_Leak\"",
        "and a script that asks for it finds neither")
    local at_end = {}
    for i, type_ in ipairs { one, two } do
        local v = run(type_, { protocol = 1, celsius = 20, v_init = -45, duration = 200,
            record = { { "v", at = "apic[2](1)", name = "v" },
                { "My_Leak.i", at = "apic[2](1)", name = "i" } } })[1]
        at_end[i] = v[#v]
    end
    tap.ok(at_end[1] > at_end[2] + 3, ("each runs its own: %.1f and %.1f mV"):format(
        table.unpack(at_end)))
    throws(with_mod("My_Leak {", 0), { "My_Leak.mod:2" }, "what is wrong in a MOD file")
else
    tap.note("no lpeg: MOD files are not tried")
end

-- ---- the command

local hillock = scratch.hillock()
local function command(...)
    return place:run { hillock, "dendrotweaks", ... }
end
local there = protocol { populations = exc, iclamps = "sec_idx,loc,amp,delay,dur\n0,0.5,0.1,5,20\n",
    recordings = "sec_idx,loc,var\n0,0.5,v\n3,0.25,v\n",
    synapses = "sec_idx,loc,pop_idx\n1,0.5,0\n4,0.2,0\n2,0.1,1\n",
    params = [["gbar_Leak": { "all": 0.001, "part": { "function": "linear", "parameters": {
        "slope": 1e-6, "intercept": 1e-4 } } }, "e_Leak": { "all": -70 },
        "cm": { "all": 1, "dendritic": 2 },
        "Ra": { "all": 120 }]] }
local status, out, err = command(there, "info")
tap.is(status .. err, "0", "info")
for _, said in ipairs { "9 sections", "dendritic ", "linear { ", "2 recordings", "3 synapses" } do
    tap.ok(out:find(said, 1, true), "info says " .. said)
end
status, out, err = command(there, "run")
tap.is(status .. err, "0", "run")
tap.ok(out:find("protocol p of 40 ms", 1, true), "it says what ran")
for _, name in ipairs { "v_soma_0.csv", "v_apic_0_0.25.csv", "manifest.json" } do
    tap.ok(place:read("p.results/" .. name), "it leaves " .. name)
end
status, out, err = place:run { hillock, "replay", "p.results" }
tap.is(status .. out .. err, "0the same, bit for bit: 2 results\n", "which replays as the same")
local ended, _, said = place:run { hillock, "run", "--results", "same", there }
tap.is(ended .. said, "0", "hillock run takes such a folder, too")
tap.is(place:read "same/v_soma_0.csv", place:read "p.results/v_soma_0.csv", "with the same bits")
ended = place:run { hillock, "sweep", there, "--over", "clamps[1].amp=0.1,0.2", "--results", "sw" }
tap.is(ended, 0, "so does hillock sweep")
tap.is(place:read "sw/run1/v_soma_0.csv", place:read "same/v_soma_0.csv",
    "whose run with the protocol's own value is the protocol's")
ended, said = place:run { hillock, "replay", "sw/run2" }
tap.is(ended .. said, "0the same, bit for bit: 2 results\n", "and whose runs replay")
ended, _, said = place:run { hillock, "run", "--stimuli", "q", there }
tap.ok(ended == 1 and said:find("has no 'q'", 1, true), "a protocol that is not there")
place:write("script.lua", "")
ended, _, said = place:run { hillock, "run", "--stimuli", "q", "script.lua" }
tap.is(ended .. said, "1hillock: --stimuli is for protocols, and script.lua is a script\n",
    "--stimuli is for folders")
status, out, err = command(there, "export", "mine.lua")
tap.is(status .. err, "0", "export")
tap.ok(out:find("wrote mine.lua", 1, true), "it says what it writes")
for _, name in ipairs { "mine.lua", "mine.swc", "mine.protocol.lua" } do
    tap.ok(place:read(name), "it writes " .. name)
end

-- What the command says where something is wrong.
local function refuses(want, text, name, ...)
    local stopped, _, told = command(...)
    tap.ok(stopped == want and told:find(text, 1, true), name)
end
refuses(1, "mine.lua exists already: --force", "not over a file", there, "export", "mine.lua")
tap.is((command(there, "export", "mine.lua", "--force")), 0, "unless it is told to")
tap.ok(place:read "mine.lua":find("cell:region \"dend\":set { cm = 2 }", 1, true),
    "the module reads like a person's")

package.path = place.work .. "/?.lua;" .. package.path
local mine, data = require "mine", dofile(place.work .. "/mine.protocol.lua")
local type_, theirs_ = hk.dendrotweaks(there)
tap.is(data.model .. data.cells, "mine.lua1", "the protocol names the module")
local same, ours, theirs = true, run(mine.cell(), data), run(type_, theirs_)
for i, trace in ipairs(theirs) do
    for k, v in ipairs(trace) do
        same = same and ours[i][k] == v
    end
end
tap.ok(same and #theirs == 2, "what is exported computes the same bits")
status, out, err = place:run { hillock, "run", "mine.protocol.lua", "--results", "again" }
tap.is(status .. err, "0", "the protocol runs on the module")
local function numbers(path)
    local columns = hk.read_csv(place.work .. "/" .. path)
    return table.concat(columns["cell0.soma[0](0.5).v"], " ")
end
tap.is(numbers "again/v_soma_0.csv", numbers "p.results/v_soma_0.csv",
    "and writes what the folder's does")
tap.ok(out:find("protocol p of 40 ms", 1, true), "and says so")
tap.is(hk.model(there):cell().name, there:match "[^/]+$", "hk.model takes such a folder")
tap.is(mine.cell { e_Leak = -60 }:region "soma":get("Leak", "e")[1], -60, "parameters can be given")
tap.is(mine.parameters.e_Leak, -70, "and have defaults")
tap.throws(function() mine.cell { e_leak = 1 } end, "e_leak", "an unknown one is an error")
refuses(2, "NAME.lua", "export without a file", there, "export")
refuses(2, "takes no file", "info with one", there, "info", "x.lua")
refuses(1, "did you mean 'main'?", "an unknown name", there, "--biophys", "nain", "info")
refuses(1, "which protocol?", "run without a protocol", model {}, "run")

-- ---- plugins by their paths

place:write("mine.c", [[
#include <hillock/plugin.h>
struct mine {
    hk_col g;
};
static const struct hk_field mine_fields[] = {
    {"g", HK_PARAMETER, "S/cm2", 0.5, 0, HK_INF, "conductance", 0, 0},
};
HK_KERNEL(mine, current) {
    HK_EACH(k, b) b->g[k] += c->g[k];
}
HK_PLUGIN(mine) = {HK_HEADER(mine, HK_CHANNEL, "pas", "another pas"),
                   HK_FIELDS(mine, mine_fields), .current = mine_current_hook};
]])
local private = hk.load(place.work .. "/mine.c", { private = true })
tap.is(private.name .. hk.plugin "pas".fields[1].name .. #hk.plugin "pas".fields, "pasg2",
    "a plugin that is loaded privately does not take a name over")
local ball = hk.cell { morphology = hk.compartment { L = 10, diam = 10 } }
ball:insert(private.path, { g = 0.25 })
tap.is(ball:get("pas", "g")[1], 0.25, "it is inserted by its path")
tap.throws(function()
    hk.cell { morphology = hk.compartment { L = 10, diam = 10 } }:insert("pas"):insert(private.path)
end, { "has another pas than that of", "mine" }, "a cell has one mechanism of a name")
tap.done()
