-- SPDX-License-Identifier: BSD-3-Clause
-- Whatever is passed to whatever function: an error that is a string, or a value; never a crash.
-- The arguments are drawn, the same ones every time; HILLOCK_QUICK=1 draws fewer.

local tap = require "tap"
local hk = require "hillock"
local core = require "hillock.core"
local object = require "hillock.object"
local scratch = require "scratch"

local place <close> = scratch.new() -- some of them write files
assert(require "lfs".chdir(place.work))

local rounds = os.getenv("HILLOCK_QUICK") and 5 or 40

local function model()
    local shape = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 100, diam = 1 } }
    local cell = hk.cell { morphology = shape, nseg = 3 }
    cell:insert("pas")
    local net = hk.network { v_init = -65 }
    local cells = net:population("A", 2, cell)
    local places = cells "soma(0.5)"
    local points = net:add(places, "ExpSyn")
    local inputs = net:inputs(2, { "SpikeArray", times = { 1, 2 } })
    local made = net:stimulate(cells, {
        count = 1, synapse = "ExpSyn", at = hk.anywhere, weight = 1, delay = 1, input = "NetStim",
    })
    local recording = net:record("v", { cells, at = "soma(0.5)" })
    net:record("spikes", { cells })
    return {
        shape = shape, cell = cell, net = net, cells = cells, places = places, points = points,
        inputs = inputs, made = made, connections = made.connections, recording = recording,
        region = cell:region "dend", segment = cell:segment(2), section = cell:section "dend",
        array = hk.array { 1, 2, 3 }, linear = hk.linear { slope = 1, intercept = 0 },
        rule = hk.all(), anywhere = hk.anywhere, lambda = hk.d_lambda(0.1),
        normal = hk.random.normal { mean = 1, sd = 1 },
    }
end

local plain = {
    -1, 0, 0.5, 1, 2, 3, 1e300, 1e-300, -0.0, 0 / 0, 1 / 0, -1 / 0, math.mininteger, 1 << 40,
    "", "v", "dend", "soma(0.5)", "dend[9](7)", "pas", "ExpSyn", "g", "\0", ("x"):rep(5000), "%s%n",
    true, false, print, function() return 1 end, function() error("mine") end, io.stdout,
    {}, { 1 }, { {} }, { "ExpSyn" }, { "ExpSyn", tau = {} }, { g = 1 }, { [1.5] = 2 }, { 0 / 0 },
    { cm = 2 }, { at = "soma(0.5)" }, { rule = 1 }, { delay = 1 }, { weight = 1, delay = -1 },
    { "SpikeArray", times = { 1, 0 / 0 } }, { "Poisson", rate = { { 0, 1, 1 } } }, { n = 2 },
    setmetatable({}, { __index = function() error("mine") end, __len = function() return 1e9 end }),
}

local seed = 1
local function draw(n) -- 1 to n
    seed = (seed * 6364136223846793005 + 1442695040888963407)
    return (seed >> 33) % n + 1
end

local made, pool
local function renew()
    made = model()
    pool = table.move(plain, 1, #plain, 1, {})
    for _, name in ipairs { "shape", "cell", "net", "cells", "places", "points", "inputs", "made",
        "connections", "recording", "region", "segment", "section", "array", "linear", "rule",
        "anywhere", "lambda", "normal" } do
        pool[#pool + 1] = made[name]
    end
end

local bad
local function attempt(name, fn, first, limit)
    local args = { first }
    for i = first ~= nil and 2 or 1, draw(5) do
        args[i] = draw(6) > 1 and pool[draw(limit or #pool)] or nil
    end
    local good, message = pcall(fn, table.unpack(args, 1, 6))
    if not good and type(message) ~= "string" then
        bad = ("%s threw a %s"):format(name, type(message))
    end
end

-- Functions that would run for as long as they are told, end the test, or start threads for it.
local passed_over = { run = true, continue = true, map = true, fail = true, home = true,
    load = true }

local count = 0
local function call_all(functions, name, first)
    local names = {}
    for key, fn in pairs(functions) do
        if type(fn) == "function" and not passed_over[key] then
            names[#names + 1] = key
        end
    end
    table.sort(names)
    for _, key in ipairs(names) do
        renew()
        for round = 1, rounds do
            local self
            if first then
                self = draw(8) > 1 and made[first] or pool[draw(#pool)]
            end
            attempt(name .. key, functions[key], self)
            count = count + 1
            if key == "close" or round % 50 == 0 then
                renew()
            end
        end
    end
end

local functions = {}
for name, value in pairs(hk) do
    functions[name] = value
end
call_all(functions, "hk.")
call_all(core, "core.")
tap.ok(not bad, bad or ("%d calls of functions"):format(count))

local objects = {
    { "cell", "cell" }, { "region", "region" }, { "network", "net" }, { "cell group", "cells" },
    { "place group", "places" }, { "point group", "points" }, { "input group", "inputs" },
}
bad, count = nil, 0
for _, pair in ipairs(objects) do
    call_all(object.classes[pair[1]].methods, pair[2] .. ":", pair[2])
end
call_all(core.array_methods, "array:", "array")
tap.ok(not bad, bad or ("%d calls of methods"):format(count))

-- The C module's own objects, which scripts do not see.
local function core_objects()
    local morph = core.morphology("m")
    morph:add("soma", 1, nil, 1, 20, 20)
    local cell = core.celltype("c", morph)
    cell:build()
    cell:insert("pas")
    local net = core.network {}
    net:population("A", cell, 2)
    net:points({ "ExpSyn" }, { 1 }, { 1 })
    net:inputs({ "NetStim" }, "s", 1)
    return { morph = morph, cell = cell, net = net }
end
local names = "add sections section report Ra cm nseg nseg_lambda nseg_length build segments "
    .. "segment find locate insert mechanisms has set get population identities points inputs "
    .. "point_set point_get point detectors sources source connect connection reset flush time "
    .. "facts counts stimulate rule probe rows column close"
bad, count = nil, 0
for _, kind in ipairs { "morph", "cell", "net" } do
    for name in names:gmatch("%S+") do
        local good, method = pcall(function() return core_objects()[kind][name] end)
        for _ = 1, good and method and rounds or 0 do
            local own = draw(8) > 1 and core_objects()[kind] or pool[draw(#pool)]
            attempt(kind .. ":" .. name, method, own)
            count = count + 1
        end
    end
end
tap.ok(not bad, bad or ("%d calls of the C module's methods"):format(count))
collectgarbage()
tap.done()
