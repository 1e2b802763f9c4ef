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

local Segment = object.class {
    name = "segment",
    fields = getters("name", "index", "section", "domain", "x", "diam", "area", "length",
        "distance", "ri", "parent", "section_index", "section_diam", "section_L", "cell"),
    meta = {
        __tostring = function(self) return self.name end,
    },
}
segment.Segment = Segment

local Section = object.class {
    name = "section",
    fields = getters("name", "index", "domain", "kind", "parent", "parent_x", "L", "diam", "nseg",
        "Ra", "cm", "first", "cell"),
    meta = {
        __tostring = function(self) return self.name end,
    },
}
segment.Section = Section

-- Section i of the cell as it is now; `first` is nil before the cut.
function segment.section(cell, core, morph, i)
    local name, domain, parent, parent_x, L, diam, kind = morph:section(i)
    local Ra, cm, nseg, first = core:section(i)
    return object.new(Section, {
        cell = cell, index = i, name = name, domain = domain, kind = kind, parent = parent,
        parent_x = parent_x, L = L, diam = diam, Ra = Ra, cm = cm, nseg = nseg, first = first,
    })
end

-- Segment i of the cell, which must have been cut. sections: a list of all sections.
function segment.segment(cell, core, sections, i)
    local s, _, parent, x, length, diam, area, ri, distance = core:segment(i)
    local section = sections[s]
    return object.new(Segment, {
        cell = cell, index = i, section = section.name, section_index = s, domain = section.domain,
        section_diam = section.diam, section_L = section.L, parent = parent, x = x,
        length = length, diam = diam, area = area, ri = ri, distance = distance,
        name = ("%s(%.6g)"):format(section.name, x),
    })
end

return segment
