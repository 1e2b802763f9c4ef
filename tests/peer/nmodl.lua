-- SPDX-License-Identifier: BSD-3-Clause
-- The cases of tests/nmodl/cases.lua in hillock, from their MOD files, against results of NEURON:
--
--     build/hillock run tests/peer/nmodl.lua RESULTS [NAME...]
--
-- RESULTS is a folder with NAME.csv of each case, as tests/peer/nmodl.py writes it. One test a
-- case: the largest difference, relative to the range that the variable covers in NEURON, and
-- where.

local source = os.getenv("HILLOCK_SOURCE") or "."
package.path = source .. "/tests/?.lua;" .. package.path

local tap = require "tap"

local corpus = source .. "/tests/nmodl/"
local cases = assert(loadfile(corpus .. "cases.lua"))()
local model = assert(loadfile(corpus .. "model.lua"))()

-- { t = list, NAME = list, ... } of a file whose first line is a comment.
local function read(path)
    local names, columns = nil, {}
    for line in io.lines(path) do
        if line:sub(1, 1) ~= "#" then
            local fields = {}
            for field in line:gmatch "[^,]+" do
                fields[#fields + 1] = field
            end
            if not names then
                names = fields
            else
                for i, name in ipairs(names) do
                    columns[name] = columns[name] or {}
                    table.insert(columns[name], tonumber(fields[i]))
                end
            end
        end
    end
    return columns
end

local function greatest(got, want)
    local low, high = math.huge, -math.huge
    for _, x in ipairs(want) do
        low, high = math.min(low, x), math.max(high, x)
    end
    local range = high - low
    if range == 0 then
        range = high ~= 0 and math.abs(high) or 1
    end
    local most, at = 0, 1
    for i, x in ipairs(want) do
        local difference = math.abs((got[i] or 0 / 0) - x) / range
        if difference ~= difference then
            return math.huge, i
        elseif difference > most then
            most, at = difference, i
        end
    end
    return most, at
end

local function run(case, want)
    local net <close>, made = model.build(case)
    local recordings, names = {}, {}
    for _, list in ipairs { case.states, case.currents or {} } do
        for _, name in ipairs(list) do
            names[#names + 1] = name
            recordings[name] = model.record(net, made, name, 1)
        end
    end
    net:run(case.tstop)
    local worst, beyond = { 0, "v", 0 }, {}
    for _, name in ipairs(names) do
        local most, at = greatest(recordings[name][1], want[name])
        if most > worst[1] then
            worst = { most, name, want.t[at] }
        end
        if most > case.tolerance then
            beyond[#beyond + 1] = ("%s: %.2g at %g ms, %.17g instead of %.17g")
                :format(name, most, want.t[at], recordings[name][1][at], want[name][at])
        end
    end
    return worst, beyond
end

-- Loads the MOD files of a case and runs it.
local function test(case, folder)
    model.load(case, corpus)
    if case.compile then
        return
    end
    return run(case, read(("%s/%s.csv"):format(folder, case.name)))
end

local folder = ...
local wanted, all = {}, select("#", ...) < 2
for i = 2, select("#", ...) do
    wanted[select(i, ...)] = true
end
for _, case in ipairs(cases) do
    if all or wanted[case.name] then
        local well, worst, beyond = pcall(test, case, folder)
        if not well then
            tap.ok(false, case.name .. ": it loads and runs")
            tap.note("%s", tostring(worst))
        elseif case.compile then
            tap.ok(true, case.name .. ": compiled")
        else
            tap.ok(#beyond == 0, ("%s: greatest relative difference %.2g, of %s at %g ms")
                :format(case.name, table.unpack(worst)))
            for _, line in ipairs(beyond) do
                tap.note("%s", line)
            end
        end
    end
end
tap.done()
