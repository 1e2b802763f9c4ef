-- SPDX-License-Identifier: BSD-3-Clause
-- segment: what is known of a section and of a segment of a cell type, once it is cut.

local object = require "hillock.object"

local segment = {}

local function get(key)
    return function(state) return state[key] end
end

local function getters(...)
    local fields = {}
    for _, key in ipairs { ... } do
        fields[key] = get(key)
    end
    return fields
end

-- How far section i is away at `at`, 0 to 1 along it: from the middle of the first section; within
-- its domain, from where the path from there enters it. lengths: the sections', where they are
-- known better than by the morphology, which is of single precision; or nil.
local function distance_of(morph, lengths, i, at, within)
    local distance = 0.0
    local _, domain = morph:section(i)
    while true do
        local _, here, parent, parent_x, L = morph:section(i)
        L = lengths and lengths[i] or L
        if within and here ~= domain then
            return distance
        elseif not parent then
            return distance + math.abs(at - 0.5) * L
        end
        distance, i, at = distance + at * L, parent, parent_x
    end
end

local section_fields = getters("name", "index", "domain", "kind", "parent", "parent_x", "L",
    "diam", "nseg", "Ra", "cm", "first", "cell")

function section_fields.distance(state)
    return distance_of(state.morph, state.lengths, state.index, 0.5)
end

function section_fields.domain_distance(state)
    return distance_of(state.morph, state.lengths, state.index, 0.5, true)
end

local segment_fields = getters("name", "index", "section", "domain", "x", "diam", "area",
    "length", "distance", "ri", "parent", "section_index", "section_diam", "section_L", "cell")

function segment_fields.domain_distance(state)
    return distance_of(state.morph, state.lengths, state.section_index, state.x, true)
end

local Segment = object.class {
    name = "segment",
    fields = segment_fields,
    meta = {
        __tostring = function(self) return self.name end,
    },
}
segment.Segment = Segment

local Section = object.class {
    name = "section",
    fields = section_fields,
    meta = {
        __tostring = function(self) return self.name end,
    },
}
segment.Section = Section

-- Section i of the cell (its state) as it is now; `first` is nil before the cut.
function segment.section(cell, i)
    local name, domain, parent, parent_x, L, diam, kind = cell.morph:section(i)
    local Ra, cm, nseg, first = cell.core:section(i)
    return object.new(Section, {
        cell = cell.object, morph = cell.morph, lengths = cell.lengths, index = i, name = name,
        domain = domain, kind = kind, parent = parent, parent_x = parent_x, L = L, diam = diam,
        Ra = Ra, cm = cm, nseg = nseg, first = first,
    })
end

-- Segment i of the cell (its state), which must have been cut.
function segment.segment(cell, i)
    local s, _, parent, x, length, diam, area, ri, distance = cell.core:segment(i)
    local section = cell.sections(cell)[s]
    if cell.lengths then
        distance = distance_of(cell.morph, cell.lengths, s, x)
    end
    return object.new(Segment, {
        cell = cell.object, index = i, section = section.name, section_index = s,
        domain = section.domain, morph = cell.morph, lengths = cell.lengths,
        section_diam = section.diam, section_L = section.L, parent = parent, x = x,
        length = length, diam = diam, area = area, ri = ri, distance = distance,
        name = ("%s(%.6g)"):format(section.name, x),
    })
end

return segment
