-- SPDX-License-Identifier: BSD-3-Clause
-- The reference models in a folder of DendroTweaks' against what DendroTweaks and NEURON make of
-- them: every section and segment, every parameter, traces at every step.

package.path = (os.getenv "HILLOCK_SOURCE" or ".") .. "/tests/peer/?.lua;" .. package.path

local hk = require "hillock"
local tap = require "tap"
local reference = require "reference"
local scratch = require "scratch"

local folder = reference.folder()
local place <close> = scratch.new()

-- A model's folder of the reference's files.
local function make(name)
    local function run_all(...)
        for _, command in ipairs { ... } do
            assert(place:run(command) == 0)
        end
    end
    run_all({ "mkdir", "-p", name .. "/morphology", name .. "/biophys" },
        { "cp", ("%s/l23_%s.swc"):format(folder, name), name .. "/morphology/main.swc" },
        { "cp", ("%s/l23_%s.json"):format(folder, name), name .. "/biophys/main.json" },
        { "cp", "-r", folder .. "/stimuli", name .. "/stimuli" })
    return place.work .. "/" .. name
end

-- |got / want - 1|, or |got| where it shall be 0.
local function relative(got, want)
    return want == 0 and math.abs(got) or math.abs(got / want - 1)
end

-- The greatest of a list of differences, or the first that is NaN.
local function worst(list)
    local most = 0
    for _, x in ipairs(list) do
        if most == most and (x ~= x or x > most) then
            most = x
        end
    end
    return most
end

local function test_sections(name, cell)
    local want = reference.read(("%s/%s_expected/sections.csv"):format(folder, name))
    local sections, off = cell:cut():sections(), {}
    tap.is(#sections, #want.sec_idx, name .. ": as many sections")
    local wrong = 0
    for i, s in ipairs(sections) do
        local at = tonumber(want.parent_x[i])
        off[i] = relative(s.L, want.L_um[i])
        local same = s.domain == want.domain[i] and s.nseg == want.nseg[i]
            and (s.parent or 0) - 1 == want.parent_sec_idx[i] and (not at or s.parent_x == at)
        wrong = wrong + (same and 0 or 1)
    end
    tap.is(wrong, 0, name .. ": domain, nseg and parent of each")
    tap.near(worst(off), 0, 1e-6, ("%s: lengths within %.2g"):format(name, worst(off)))
end

local function test_segments(name, cell)
    local want = reference.read(("%s/%s_expected/segments.csv"):format(folder, name))
    local segments = cell:segments()
    tap.is(#segments, #want.sec_idx, name .. ": as many segments")
    for field, column in pairs { x = "x", diam = "diam_um", area = "area_um2", ri = "ri_Mohm",
        distance = "distance_um" } do
        local off = {}
        for i, s in ipairs(segments) do
            off[i] = relative(s[field], want[column][i])
        end
        tap.near(worst(off), 0, 1e-6, ("%s: %s within %.2g"):format(name, field, worst(off)))
    end
    local checked = 0
    for column, values in pairs(want) do
        local field, mechanism = column:match "^(.*)_(%u%w*)$"
        if mechanism ~= "Mohm" and mechanism or column == "cm" or column:find "^e%a+$" then
            local got = mechanism and cell:get(mechanism, field) or cell:get(column)
            local off, missing = {}, 0
            for i = 1, #segments do
                local x = tonumber(values[i])
                if (x == nil) ~= (got[i] ~= got[i]) then
                    missing = missing + 1
                elseif x then
                    off[#off + 1] = relative(got[i], x)
                end
            end
            tap.near(worst(off), 0, 1e-6, ("%s: %s within %.2g"):format(name, column, worst(off)))
            tap.is(missing, 0, ("%s: %s is where it is there"):format(name, column))
            checked = checked + 1
        end
    end
    tap.ok(checked > 30, name .. ": parameters were checked")
end

-- The names of a file's columns.
local function columns(path)
    local names, file = {}, assert(io.open(path))
    for column in file:read "l":gmatch "[^,]+" do
        names[#names + 1] = column
    end
    file:close()
    return names
end

-- The steps at which v rises above -20 mV, from 0.
local function crossings(v, n)
    local list = {}
    for i = 2, n do
        if v[i] > -20 and v[i - 1] <= -20 then
            list[#list + 1] = i - 1
        end
    end
    return list
end

local function test_traces(name, path, stimuli, spikes)
    local cell, protocol = hk.dendrotweaks(path, { stimuli = stimuli })
    local outcome = protocol:run { model = cell }
    local result, record = outcome.result, protocol.data.record
    local file = ("%s/%s_expected/%s.csv"):format(folder, name, stimuli)
    local want, names = reference.read(file), columns(file)
    tap.is(#record, #names - 1, ("%s: %s: as many recordings"):format(name, stimuli))
    for i, one in ipairs(record) do
        local got, expected = result:trace(one.name, 1), want[names[i + 1]]
        local what = ("%s: %s: %s"):format(name, stimuli, names[i + 1])
        local n = #expected
        tap.is(#got, n, what .. ": a sample each step")
        if one[1] == "v" then
            local most = reference.greatest(got, expected, 1, n)
            tap.near(most, 0, 1e-4, ("%s within %.2g mV"):format(what, most))
            local mine, theirs = crossings(got, n), crossings(expected, n)
            tap.is(table.concat(mine, " "), table.concat(theirs, " "),
                what .. ": spikes on their step")
            if spikes then
                tap.is(#theirs, spikes, what .. ": as many as there should be")
            end
        else -- NEURON's recorded currents lag by a step; they have nine digits
            local range = 0
            for k = 1, n do
                range = math.max(range, math.abs(expected[k]))
            end
            local most = reference.greatest(got, expected, 2, n, -1)
            tap.near(most, 0, 1e-6 * range,
                ("%s within %.2g of %.2g mA/cm2"):format(what, most, range))
        end
    end
    outcome.net:close()
end

local full, reduced = make "full", make "reduced"
for name, path in pairs { full = full, reduced = reduced } do
    local cell, protocol = hk.dendrotweaks(path, { stimuli = false })
    tap.is(protocol, nil, name .. ": no protocol where none is wanted")
    test_sections(name, cell)
    test_segments(name, cell)
end
test_traces("full", full, "current_soma_depol", 7)
test_traces("full", full, "current_soma_hyperpol")
test_traces("full", full, "current_dend_hyperpol_attenuation")
test_traces("reduced", reduced, "current_soma_depol")
tap.done()
