-- SPDX-License-Identifier: BSD-3-Clause
-- bench: what the cases in this folder share: their arguments, the models that several have, how
-- they are timed, and the figures that they print. A case is a script; all take
--
--     build/hillock run tests/bench/CASE.lua [WHAT] [CELLS [THREADS [REPEATS [MS]]]]
--
-- where WHAT is a word that the case explains, and MS how long a run is. They print lines of names
-- and figures, which run.lua makes a table of.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
local root = here .. "/../.."
package.path = here .. "/../peer/?.lua;" .. root .. "/examples/?.lua;" .. package.path

local instance = require "instance"
local l23 = require "l23"

-- A shape like the reference cell's.
local bench = { morphology = root .. "/examples/l23/morphology/l23.swc" }

-- The arguments as { what =, cells =, threads =, repeats =, ms = }; `defaults` has the others, and
-- `usage` of what WHAT may be.
function bench.case(defaults, ...)
    local words, case = { ... }, {}
    for name, value in pairs { threads = 1, repeats = 3 } do
        case[name] = value
    end
    for name, value in pairs(defaults) do
        case[name] = value
    end
    if words[1] and not tonumber(words[1]) then
        case.what = table.remove(words, 1)
    end
    for i, name in ipairs { "cells", "threads", "repeats", "ms" } do
        local number = words[i] and tonumber(words[i])
        if words[i] and not (number and number > 0) then
            error(("%s: expected a number above 0, got '%s'"):format(name:upper(), words[i]), 0)
        end
        case[name] = number or case[name]
    end
    if #words > 4 then
        error("usage: " .. arg[0] .. " [WHAT] [CELLS [THREADS [REPEATS [MS]]]]", 0)
    end
    return case
end

-- `list` has what WHAT may be, by name; gives the one that the case has.
function bench.choose(case, list)
    local names = {}
    for name in pairs(list) do
        names[#names + 1] = name
    end
    table.sort(names)
    return list[case.what]
        or error(("'%s': one of %s"):format(case.what, table.concat(names, ", ")), 0)
end

-- ---- models

-- Times of a Poisson process of `hz` until `to` ms; at least one.
local function train(hz, to)
    local times, t = {}, 0
    repeat
        t = t - math.log(1 - math.random()) * 1000 / hz
        times[#times + 1] = t
    until t > to
    return times
end

-- An instance like the reference's, drawn anew but always the same: ten cells with 500 and 200
-- inputs each.
local function drawn()
    local segments = #l23.cell { morphology = bench.morphology }
    local files = {
        morphology = bench.morphology, cells = 10, inputs = {}, pre = {}, post = {}, segment = {},
    }
    math.randomseed(1)
    for _, kind in ipairs { { "exc", 500, 8 }, { "inh", 200, 5 } } do
        local name, count, hz = table.unpack(kind)
        local list = { cell = {}, segment = {}, times = {} }
        for i = 1, count * files.cells do
            list.cell[i] = (i - 1) // count + 1
            list.segment[i] = math.random(segments)
            list.times[i] = train(hz, 500)
        end
        files.inputs[name] = list
    end
    for pre = 1, files.cells do
        for post = 1, files.cells do
            if pre ~= post and math.random() < 0.3 then
                local k = #files.pre + 1
                files.pre[k], files.post[k], files.segment[k] = pre, post, math.random(segments)
            end
        end
    end
    return files
end

-- The fixed instance in the folder WHAT (of $HILLOCK_REFERENCE, by default), or with "drawn", one
-- like it.
function bench.instance(case)
    return case.what == "drawn" and drawn() or instance.read(case.what)
end

-- ---- timing

-- The most memory that the process has had, MB; nil where the system does not say.
local function peak_mb()
    local file = io.open "/proc/self/status"
    if file then
        local kb = file:read "a":match "VmHWM:%s*(%d+) kB"
        file:close()
        return kb and tonumber(kb) / 1000
    end
end

local function say(list)
    local words = {}
    for i = 1, #list, 2 do
        local value = list[i + 1]
        words[#words + 1] = ("%s %s"):format(list[i],
            math.type(value) == "float" and ("%.2f"):format(value) or value)
    end
    print(table.concat(words, "  "))
end

-- Builds the network that `make` gives, runs it, and prints the best times: of the build in the
-- processor's time, of a run in the clock's.
function bench.measure(case, make)
    local begin = os.clock()
    local net = make()
    net:build()
    local build_s = os.clock() - begin

    local best, best_cpu, spikes, events = math.huge, math.huge, 0, 0
    for _ = 1, case.repeats do
        begin = os.clock()
        net:run(case.ms)
        best_cpu = math.min(best_cpu, os.clock() - begin)
        local facts = net.facts
        best = math.min(best, facts.run_s)
        spikes, events = facts.spikes, facts.events
    end
    local facts = net.facts
    local function ns(seconds) -- a compartment and step
        return seconds * 1e9 / (facts.compartments * facts.steps)
    end
    say {
        "cells", facts.cells, "compartments", facts.compartments, "points", facts.points,
        "instances", facts.instances, "connections", facts.connections, "groups", facts.groups,
        "threads", facts.threads,
    }
    say {
        "build_s", ("%.4f"):format(build_s), "bytes", facts.bytes / facts.compartments,
        "peak_mb", peak_mb() or 0,
    }
    say {
        "ms", case.ms, "run_s", ("%.4f"):format(best), "ns", ns(best), "cpu_ns", ns(best_cpu),
        "spikes", spikes, "events", events,
    }
    net:close()
end

return bench
