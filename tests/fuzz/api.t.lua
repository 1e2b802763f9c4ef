-- SPDX-License-Identifier: BSD-3-Clause
-- Every function and method that a script can see is called with what it does not expect: odd
-- values, too many and too few of them, and good options of which one is replaced. Whatever comes
-- of it, the process lives; and where a call fails, the message is for the script's writer: one
-- that names a line of this file and is none of Lua's own about the inside of a function.
--
-- The calls are made in a second process, in an empty folder: what kills it is reported with the
-- call that did.

local tap = require "tap"
local scratch = require "scratch"

local inside = ... == "inside"
local quick = os.getenv "HILLOCK_QUICK" == "1"

-- Whether the thread sanitizer is in the hillock that runs: its shadow of the world's thousands of
-- short-lived networks is never given back, and grows to more than a machine's memory.
local function thread_sanitized()
    local file <close> = assert(io.open(scratch.hillock(), "rb"))
    return file:read "a":find("__tsan_init", 1, true) ~= nil
end

if not inside then
    if thread_sanitized() then
        tap.skip_all "one thread makes these calls; the thread sanitizer would run out of memory"
    end
    local place <close> = scratch.new()
    local self = arg[0]
    if self:sub(1, 1) ~= "/" then
        self = os.getenv "PWD" .. "/" .. self
    end
    local status, out, err = place:run { "timeout", "-s", "KILL", "600", scratch.hillock(), "run",
        self, "inside" }
    tap.is(status, 0, "the process lives")
    if status ~= 0 then
        tap.note("the last call was %s", place:read "last" or "none")
        tap.note("%s", err:sub(-3000))
    end
    local seen = 0
    for name, calls, errors, problem in out:gmatch "([^\t\n]+)\t(%d+)\t(%d+)\t([^\n]*)\n" do
        seen = seen + 1
        tap.is(problem, "", ("%s: %s calls, %s errors"):format(name, calls, errors))
    end
    tap.ok(seen > 120, seen .. " functions and methods were called")
    tap.done()
end

local hk = require "hillock"
local object = require "hillock.object"
local core = require "hillock.core"
math.randomseed(1)

-- ---- what things are made of

local swc_text = "1 1 0 0 0 5 -1\n2 3 6 0 0 1 1\n3 3 40 0 0 1 2\n"

-- One of each kind of thing, new.
local function world()
    local w = {}
    w.morphology = hk.swc_text("shape", swc_text)
    w.cell = hk.cell { name = "P", morphology = w.morphology, nseg = 3 }
    w.cell:insert("pas", { g = 1e-4, e = -65 })
    w.region = w.cell:region "dend"
    w.region:insert "hh"
    w.segment = w.cell:segment "dend(0.5)"
    w.section = w.cell:section "dend"
    w.network = hk.network { celsius = 6.3, v_init = -65, seed = 1 }
    w["cell group"] = w.network:population("A", 3, w.cell)
    w["place group"] = w["cell group"] "soma(0.5)"
    w["point group"] = w.network:add(w["place group"], { "ExpSyn", tau = 2 })
    w["input group"] = w.network:inputs(3, { "SpikeArray", times = { 1, 2 } })
    w["made group"] = w.network:stimulate(w["cell group"], { count = 2, synapse = "ExpSyn",
        at = hk.anywhere, weight = 0.001, delay = 1, input = "Poisson" })
    w.recording = w.network:record("v", { w["cell group"], at = "soma(0.5)" })
    w.network:record("spikes", { w["cell group"] })
    w.array = hk.array { 1, 2, 3 }
    return w
end

local function world_that_ran()
    local w = world()
    w.result = w.network:run(1)
    return w
end

local function world_that_closed()
    local w = world_that_ran()
    w.network:close()
    return w
end

-- Odd values. Some are good for some functions: then the call goes well, and that is well.
local function odd_values(w)
    local cyclic = {}
    cyclic[1], cyclic.x = cyclic, cyclic
    return { -1, 0, 1, 3, 0.5, -0.0, 0 / 0, 1 / 0, -1 / 0, 1e308, -1e308, 2 ^ 53, 2 ^ 40, 1e-300,
        math.maxinteger, math.mininteger, "", "v", "soma", "soma(0.5)", "soma(7)", "dend[9](0.5)",
        "no\0where", ("long"):rep(500), "12", "%s%n%d", true, false, {}, { 1, 2 }, { "ExpSyn" },
        { "ExpSyn", tau = {} }, { {} }, { x = 1 }, { -1 }, { 1 / 0 }, cyclic, print,
        function() error("inner", 0) end, function() return nil end, function() return "text" end,
        coroutine.create(print), io.stdout, setmetatable({}, { __name = "strange" }),
        hk.random.uniform { min = 0, max = 1 }, hk.linear { slope = 1, intercept = 0 },
        w.morphology, w.cell, w.region, w.segment, w.section, w.network, w["cell group"],
        w["place group"], w["point group"], w["input group"], w["made group"], w.recording, w.array,
        w.result, n = 60 }
end

-- ---- calls

local last = assert(io.open("last", "w"))
last:setvbuf "no"

local here = debug.getinfo(1, "S").short_src:match "[^/]*$"
local results = {} -- by name: calls, errors, the first problem
local order = {}

local function show(value, depth)
    local mt = getmetatable(value)
    if type(value) == "string" then
        return ("%q"):format(#value > 60 and value:sub(1, 57) .. "..." or value):gsub("\n", "n")
    elseif type(value) == "table" and not mt and (depth or 0) < 3 then
        local parts = {}
        for key, inner in pairs(value) do
            parts[#parts + 1] = ("[%s] = %s"):format(tostring(key), show(inner, (depth or 0) + 1))
        end
        return "{ " .. table.concat(parts, ", ") .. " }"
    elseif type(mt) == "table" and rawget(mt, "__name") then
        return "a " .. mt.__name
    end
    return type(value) == "number" and ("%.17g"):format(value) or type(value)
end

-- What is wrong with a message; "" where it is well.
local function fault(message)
    if type(message) ~= "string" then
        return "the error is a " .. type(message)
    elseif message:find("inner", 1, true) then
        return "" -- that of a function among the arguments
    elseif not message:find(here .. ":%d+: .") then
        return "no line of the script: " .. message
    elseif message:find "attempt to " or message:find "bad argument" or message:find "nil val" then
        return "an error of the inside: " .. message
    elseif message:find "/hillock/%l+%.lua" or message:find "stack overflow" then
        return "an error of the inside: " .. message
    end
    return ""
end

local function call(name, fn, ...)
    local result = results[name]
    if not result then
        result = { calls = 0, errors = 0, problem = "" }
        results[name] = result
        order[#order + 1] = name
    end
    local given = table.pack(...)
    for i = 1, given.n do
        given[i] = show(given[i])
    end
    local text = ("%s(%s)"):format(name, table.concat(given, ", "))
    last:seek "set"
    last:write(text, "\n")
    result.calls = result.calls + 1
    local fine, message = pcall(function(...)
        return (fn(...)) -- not as a tail call: the message shall name this line
    end, ...)
    if not fine then
        result.errors = result.errors + 1
        local wrong = fault(message)
        if wrong ~= "" and result.problem == "" then
            result.problem = ("%s: %s"):format(text, wrong):gsub("[\t\n]", " "):sub(1, 600)
        end
    end
end

-- So long a run would be right, and endless.
local function too_long(name, values)
    if name == "network:run" or name == "network:continue" then
        local duration = tonumber(values[1])
        return duration and duration > 100 and duration < 1 / 0
    end
end

-- Calls with none, one, and some combinations of two to four odd values.
local function call_oddly(name, fn, w, ...)
    local values, before = odd_values(w), table.pack(...)
    local function try(...)
        local given = table.pack(...)
        if too_long(name, given) then
            return
        end
        local all = { table.unpack(before, 1, before.n) }
        table.move(given, 1, given.n, before.n + 1, all)
        call(name, fn, table.unpack(all, 1, before.n + given.n))
    end
    try()
    for i = 1, values.n do
        try(values[i])
    end
    for _ = 1, quick and 10 or 60 do
        local given = {}
        local n = math.random(2, 4)
        for i = 1, n do
            given[i] = values[math.random(values.n)]
        end
        try(table.unpack(given, 1, n))
    end
end

local function sorted(t)
    local names = {}
    for name in pairs(t) do
        names[#names + 1] = name
    end
    table.sort(names)
    return names
end

-- ---- functions

local functions = {}
for name, value in pairs(hk) do
    if type(value) == "function" then
        functions["hk." .. name] = value
    elseif name == "random" then
        for inner, drawn in pairs(value) do
            functions["hk.random." .. inner] = drawn
        end
    end
end
for _, name in ipairs(sorted(functions)) do
    call_oddly(name, functions[name], world_that_ran())
end

-- ---- methods, of what was made, of what ran, of what is closed, and of something else

for _, make in ipairs { world, world_that_ran, world_that_closed } do
    for _, class_name in ipairs(sorted(object.classes)) do
        local class = object.classes[class_name]
        for _, name in ipairs(sorted(class.methods)) do
            local w = make()
            if w[class_name] then
                call_oddly(class_name .. ":" .. name, class.methods[name], w, w[class_name])
            end
        end
        local thing = make()[class_name]
        for _, key in ipairs(thing and sorted(class.fields) or {}) do
            call(class_name .. " fields", function() return thing[key] end)
        end
    end
end
local w = world_that_ran()
for _, class_name in ipairs(sorted(object.classes)) do
    for _, name in ipairs(sorted(object.classes[class_name].methods)) do
        for _, other in ipairs { 1, "x", false, {}, w.cell, w.network, w.array, w.result } do
            call(class_name .. ":" .. name, object.classes[class_name].methods[name], other)
            call(class_name .. ":" .. name, object.classes[class_name].methods[name], other, 1)
        end
    end
end
for _, name in ipairs(sorted(core.array_methods)) do
    call_oddly("array:" .. name, core.array_methods[name], w, hk.array { 1, 2, 3 })
    call_oddly("array:" .. name, core.array_methods[name], w)
end

-- ---- operators

for _, class_name in ipairs(sorted(w)) do
    local thing, values = w[class_name], odd_values(w)
    for i = 1, values.n do
        local value = values[i]
        local name = class_name .. " operators"
        call(name, function(key) return thing[key] end, value)
        call(name, function(key, new) thing[key] = new end, value, 1)
        call(name, function(other) return thing == other end, value)
        call(name, tostring, thing)
        if class_name == "cell group" then
            call(name, function(spec) return thing(spec) end, value)
        end
    end
end

-- ---- options of which one is replaced

local good = {
    ["hk.cell"] = { hk.cell, { name = "x", morphology = w.morphology, nseg = { 1, dend = 3 },
        Ra = { 100, dend = 90 }, cm = 1 } },
    ["hk.compartment"] = { hk.compartment, { L = 20, diam = 20 } },
    ["hk.ball_and_stick"] = { hk.ball_and_stick, { soma = { L = 20, diam = 20 },
        dend = { L = 100, diam = 1 } } },
    ["hk.sections"] = { hk.sections, { { domain = "soma", L = 20, diam = 20, type = 1 },
        { domain = "dend", parent = 1, at = 0.5, points = { { 0, 0, 0, 1 }, { 10, 0, 0, 1 } } } } },
    ["hk.network"] = { hk.network, { celsius = 20, v_init = -65, dt = 0.025, seed = 1, threads = 1,
        group = 8 } },
    ["hk.rate"] = { hk.rate, { 1, 2, 3 }, { to = 100, from = 0, bin = 10, n = 1,
        kernel = "gaussian", width = 20 } },
    ["hk.peak"] = { hk.peak, { 1, 2, 3 }, { 1, 3, 2 }, { from = 1, to = 3, lowest = true } },
    ["hk.map"] = { hk.map, { 1, { 2 } }, function(x) return x end, { threads = 2 } },
    ["hk.polynomial"] = { hk.polynomial, { coeffs = { 1, 2, 3 } } },
    ["hk.sigmoid"] = { hk.sigmoid, { growth_rate = 1, scale_factor = 1, vertical_shift = 0,
        horizontal_shift = 0 } },
    ["hk.pairs"] = { hk.pairs, { pre = { 1, 2 }, post = { 2, 1 } } },
    ["hk.random.normal"] = { hk.random.normal, { mean = 1, sd = 1, min = 0, max = 3 } },
    ["cell:region"] = { "cell", "region", { domain = { "dend" }, section = "dend[0]",
        distance = { 0, 100 }, diam = { 0, 10 }, section_diam = { 0, 10 },
        where = function() return true end } },
    ["cell:insert"] = { "cell", "insert", "Kv", { gbar = hk.linear { slope = 0, intercept = 1 } } },
    ["cell:set"] = { "cell", "set", "pas", { g = function() return 1e-4 end, e = -70 } },
    ["network:population"] = { "network", "population", "B", 2, w.cell, { ids = { 7, 8 } } },
    ["network:add"] = { "network", "add", "PLACES", { "IClamp", delay = { 1, 2, 3 }, amp = 0.1,
        steps = { { 1, 2, 0.1 } }, waveform = { 1, 2 }, waveform_dt = 1 } },
    ["network:places"] = { "network", "places", { 1, 2 }, { 1, 2 } },
    ["network:inputs"] = { "network", "inputs", 2, { "SpikeArray", times = { { 1, 5 }, { 3 } } },
        { name = "n" } },
    ["network:stimulate"] = { "network", "stimulate", "CELLS", { count = 2, one_input = false,
        synapse = { "Exp2Syn", tau1 = 1, tau2 = 2, e = 0 }, at = hk.by_length "dend", delay = 1,
        weight = hk.random.normal { mean = 1e-3, sd = 1e-4 }, name = "s",
        input = { "Poisson", rate = { { 0, 5, 10 }, { 5, 9, 20 } } } } },
    ["network:connect"] = { "network", "connect", "CELLS", "CELLS", { rule = hk.pairwise(0.5),
        from = "soma(0.5)", threshold = 0, synapse = "ExpSyn", at = "dend", weight = 1e-3,
        delay = 1, self = true, name = "c" } },
    ["network:connect_one"] = { "network", "connect_one", "PLACES", "POINTS",
        { weight = { 1, 2, 3 }, delay = { 1, 2, 3 }, threshold = 0 } },
    ["network:record"] = { "network", "record", "v", { "CELLS", at = "soma(0.5)", every = 0.1,
        window = { 1, 5 }, to = { "csv", digits = 3 }, path = "out.csv", name = "r",
        labels = { "a", "b", "c" } } },
    ["cell group:set"] = { "cell group", "set", "pas", { g = 1e-4, e = -60 }, "soma" },
    ["point group:set"] = { "point group", "set", { tau = { 1, 2, 3 }, e = 0 } },
    ["result:rate"] = { "result", "rate", { cells = "CELLS", bin = 1, from = 0, to = 1,
        kernel = "box", width = 3, name = "spikes" } },
}

local function sorted_keys(t)
    local keys = {}
    for key in pairs(t) do
        keys[#keys + 1] = key
    end
    table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
    return keys
end

-- A copy of a plain value with the names of things replaced by the things, and with what stands at
-- the n-th place replaced; gives the copy and how many places there are.
local function with_odd(value, things, at, replacement)
    local place = 0
    local function copy(node)
        place = place + 1
        if place == at then
            return replacement
        end
        local named = { CELLS = "cell group", PLACES = "place group", POINTS = "point group" }
        if type(node) == "string" and named[node] then
            return things[named[node]]
        elseif type(node) ~= "table" or getmetatable(node) then
            return node
        end
        local new = {}
        for _, key in ipairs(sorted_keys(node)) do
            new[key] = copy(node[key])
        end
        return new
    end
    return copy(value), place
end

for _, name in ipairs(sorted(good)) do
    local form = good[name]
    local method = type(form[1]) == "string"
    local arguments = table.move(form, method and 3 or 2, #form, 1, {})
    local function try(things, at, replacement)
        local given = with_odd(arguments, things, at, replacement)
        if type(given) ~= "table" or getmetatable(given) then
            return
        end
        if method then
            local thing = things[form[1]]
            call(name, thing[form[2]], thing, table.unpack(given, 1, #arguments))
        else
            call(name, form[1], table.unpack(given, 1, #arguments))
        end
    end
    local make = form[1] == "result" and world_that_ran or world
    local errors = results[name] and results[name].errors or 0
    try(make(), 0)
    if results[name].errors > errors then
        results[name].problem = "the call as it should be fails"
    end
    local _, places = with_odd(arguments, w, 0)
    for at = 2, places do
        local things = make()
        local values = odd_values(things)
        for i = 1, values.n do
            try(things, at, values[i])
        end
        try(things, at, nil)
    end
end

for _, name in ipairs(order) do
    local result = results[name]
    io.write(("%s\t%d\t%d\t%s\n"):format(name, result.calls, result.errors, result.problem))
end
