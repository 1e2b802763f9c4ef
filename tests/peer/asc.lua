-- SPDX-License-Identifier: BSD-3-Clause
-- Neurolucida files in hillock against what NEURON makes of them:
--
--     build/hillock run tests/peer/asc.lua RESULTS FILE.asc...
--
-- RESULTS is a folder with NAME.csv of each file, as tests/peer/asc.py writes it. Sections' names,
-- parents and places, nseg and every number of every point are the same; L, areas and axial
-- resistances agree within 1e-9 relative, since NEURON sums up in another order.

local source = os.getenv("HILLOCK_SOURCE") or "."
package.path = source .. "/tests/?.lua;" .. package.path

local core = require "hillock.core"
local hk = require "hillock"
local tap = require "tap"

local TOLERANCE = 1e-9

-- A list of sections: { name, parent, where, L, nseg, points = { "x,y,z,diam", ... }, segments = {
-- { area, ri }, ... } }; nil where NEURON fails.
local function read(path)
    local list = {}
    for line in io.lines(path) do
        local kind, rest = line:match("^(%a+),?(.*)$")
        local last = list[#list]
        if kind == "error" then
            return nil
        elseif kind == "section" then
            local name, parent, where, L, nseg = rest:match("^(.-),(.-),(.-),(.-),(.-)$")
            list[#list + 1] = {
                name = name, parent = parent, where = where, L = tonumber(L), nseg = tonumber(nseg),
                points = {}, segments = {},
            }
        elseif kind == "point" then
            table.insert(last.points, rest)
        else
            local area, ri = rest:match("^(.-),(.-)$")
            table.insert(last.segments, { tonumber(area), tonumber(ri) })
        end
    end
    return list
end

-- Our sections, in the same form.
local function make(path)
    local morph = core.asc(path)
    local cell = hk.cell { name = "cell", morphology = path, Ra = 100, cm = 1,
        nseg = hk.d_lambda(0.1) }
    local list, all = {}, cell:all():segments()
    for i, section in ipairs(cell:sections()) do
        local ours = { name = section.name, parent = "", where = "", L = section.L,
            nseg = section.nseg, points = {}, segments = {} }
        if section.parent then
            ours.parent = cell:sections()[section.parent].name
            ours.where = ("%.9g"):format(section.parent_x)
        end
        for k, point in ipairs(morph:points(i)) do
            ours.points[k] = ("%.9g,%.9g,%.9g,%.9g"):format(table.unpack(point))
        end
        for k = 1, section.nseg do
            local segment = all[section.first + k - 1]
            ours.segments[k] = { segment.area, segment.ri }
        end
        list[i] = ours
    end
    return list
end

-- What differs, a list of lines, and the greatest relative difference of a number.
local function compare(got, want)
    local wrong, most, by_name = {}, 0, {}
    local function expect(what, one, other)
        if one ~= other then
            wrong[#wrong + 1] = ("%s: %s, NEURON has %s"):format(what, one, other)
        end
    end
    local function near(one, other)
        local apart = math.abs(one / other - 1)
        most = (most ~= most or apart <= most) and most or apart -- a NaN stays
    end
    for _, section in ipairs(got) do
        by_name[section.name] = section
    end
    expect("sections", #got, #want)
    for _, theirs in ipairs(want) do
        local ours, name = by_name[theirs.name], theirs.name
        if not ours then
            wrong[#wrong + 1] = name .. " is missing"
        else
            for _, key in ipairs { "parent", "where", "nseg" } do
                expect(name .. ": " .. key, ours[key], theirs[key])
            end
            expect(name .. ": points", #ours.points, #theirs.points)
            for k, point in ipairs(theirs.points) do
                expect(("%s: point %d"):format(name, k), ours.points[k], point)
            end
            near(ours.L, theirs.L)
            for k, segment in ipairs(ours.nseg == theirs.nseg and theirs.segments or {}) do
                near(ours.segments[k][1], segment[1])
                near(ours.segments[k][2], segment[2])
            end
        end
    end
    return wrong, most
end

local results, files = ..., { select(2, ...) }
for _, path in ipairs(files) do
    local name = path:match("([^/]+)%.[^.]*$")
    local want = read(("%s/%s.csv"):format(results, name))
    if not want then
        tap.note(name .. ": NEURON fails")
    else
        local good, got = pcall(make, path)
        local wrong, most = {}, 0
        if good then
            wrong, most = compare(got, want)
        else
            wrong[1] = got
        end
        tap.is(table.concat(wrong, "\n", 1, math.min(#wrong, 10)), "",
            ("%s: %d sections as in NEURON"):format(name, #want))
        tap.near(most, 0, TOLERANCE, ("%s: greatest relative difference %.2g"):format(name, most))
    end
end
tap.done()
