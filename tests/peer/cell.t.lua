-- SPDX-License-Identifier: BSD-3-Clause
-- Every segment's geometry and parameters of the reference cell against NEURON's, within 1e-6
-- relative.

package.path = (os.getenv("HILLOCK_SOURCE") or ".") .. "/tests/peer/?.lua;" .. package.path

local tap = require "tap"
local reference = require "reference"

local folder = reference.folder()
local cell = reference.cell()
local geometry = reference.read(folder .. "/geometry.csv")
local params = reference.read(folder .. "/params.csv")
local segments = cell:all():segments()

tap.is(#segments, #geometry.segment, "as many segments as NEURON's")

-- |got / want - 1|, or |got| where NEURON has 0.
local function relative(got, want)
    return want == 0 and math.abs(got) or math.abs(got / want - 1)
end

local function greatest(name, get, want)
    local most, where = 0, "none"
    for i, segment in ipairs(segments) do
        local here = relative(get(segment), want[i])
        if most == most and (here ~= here or here > most) then -- a NaN stays
            most, where = here, segment.name
        end
    end
    tap.near(most, 0, 1e-6,
        ("%s: greatest relative difference %.2g at %s"):format(name, most, where))
end

greatest("area", function(s) return s.area end, geometry.area_um2)
greatest("ri", function(s) return s.ri end, geometry.ri_Mohm)
greatest("distance", function(s) return s.distance end, geometry.distance_um)
greatest("diam", function(s) return s.diam end, geometry.diam_um)
greatest("x", function(s) return s.x end, geometry.x)
for i, segment in ipairs(segments) do
    local name = segment.name:match("^(.-)%(")
    if name ~= geometry.section[i] and name .. "[0]" ~= geometry.section[i] then
        tap.is(segment.name, geometry.section[i], "sections are called as in NEURON")
    end
end

-- Columns are FIELD_MECHANISM, cm, or an ion's reversal potential; empty where the mechanism is
-- missing.
for name, column in pairs(params) do
    if name ~= "segment" then
        local field, mechanism = name:match("^(%a+)_(%a+)$")
        local got = mechanism and cell:all():get(mechanism, field) or cell:all():get(name)
        local most, missing = 0, 0
        for i = 1, #segments do
            local want = tonumber(column[i])
            -- NEURON shows the eca that was set; what counts where cai is integrated is Nernst's
            -- (kinetics.md)
            if want and name ~= "eca" then
                local here = relative(got[i], want)
                most = (most ~= most or here <= most) and most or here
            elseif not want and got[i] == got[i] then
                missing = missing + 1
            end
        end
        tap.near(most, 0, 1e-6, ("%s: greatest relative difference %.2g"):format(name, most))
        tap.is(missing, 0, name .. ": missing where NEURON has none")
    end
end

tap.done()
