-- SPDX-License-Identifier: BSD-3-Clause
-- Plugins from MOD files in a network that is saved and restored: each case gives the bits of a run
-- without that, whether its kernels are compiled together or not.

local tap = require "tap"
local scratch = require "scratch"

if not package.searchpath("hillock.nmodl", package.path) then
    tap.skip_all("there is no compiler of MOD files")
end

local folder = (os.getenv("HILLOCK_SOURCE") or ".") .. "/tests/nmodl/"
local cases = assert(loadfile(folder .. "cases.lua"))()
local model = assert(loadfile(folder .. "model.lua"))()
local place <close> = scratch.new()

-- The case as a network, and its recordings.
local function build(case, options)
    local net, made = model.build(case, options)
    local recordings = { net:record("v", { made.cells, at = "soma(0.5)", name = "all" }) }
    for _, list in ipairs { case.states, case.currents or {} } do
        for _, name in ipairs(list) do
            recordings[#recordings + 1] = model.record(net, made, name, 0.025)
        end
    end
    return net, recordings
end

-- The first difference between two lists of recordings, or nil.
local function difference(got, want)
    for i, recording in ipairs(want) do
        local a, b = got[i][1], recording[1]
        if #a ~= #b then
            return ("recording %d: %d rows, not %d"):format(i, #a, #b)
        end
        for k = 1, #b do
            if a[k] ~= b[k] and (a[k] == a[k] or b[k] == b[k]) then
                return ("recording %d, row %d: %.17g, not %.17g"):format(i, k, a[k], b[k])
            end
        end
    end
end

local quick = os.getenv "HILLOCK_QUICK"
local path = place.work .. "/case.hks"

-- Saved at each of these times by turns, from one network into a new one, each with its options.
local function chain(case, stops, options)
    local net, recordings = build(case, options[1])
    for i, t in ipairs(stops) do
        net:continue(t - net.t)
        net:save(path)
        net:close()
        net, recordings = build(case, options[i % #options + 1])
        net:restore(path)
    end
    net:continue(case.tstop - net.t)
    return net, recordings
end

local apart, together = { units = false }, { units = true }

local function compare(case, stops, options, name)
    local plain <close>, want = build(case, apart)
    plain:run(case.tstop)
    local net <close>, got = chain(case, stops, options)
    tap.is(difference(got, want), nil, ("%s: %s"):format(case.name, name))
    net:close()
end

-- Whether there is a compiler, and the case's cell can have a unit.
local function has_unit(case)
    local net <close> = build(case, together)
    return (pcall(net.run, net, 0))
end

for i, case in ipairs(cases) do
    if not case.compile and (not quick or i % 6 == 0) then
        model.load(case, folder)
        compare(case, { 0.025, 10.3, 12.475, case.tstop / 2 }, { apart }, "saved and restored")
        if not quick and i % 8 == 0 and has_unit(case) then
            compare(case, { 10.3, 12.475 }, { together, apart }, "with a unit and without")
        end
    end
end
tap.done()
