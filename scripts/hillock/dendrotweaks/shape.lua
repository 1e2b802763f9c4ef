-- SPDX-License-Identifier: BSD-3-Clause
-- shape: the sections that DendroTweaks (0.5) makes of an SWC file, in its order: the i-th section
-- is its sec_idx i - 1. A section goes from a branching point to the next one or to an end. Those
-- that leave the soma begin with their own first point and join its middle; all others join the
-- ends of their parents. A section's domain is its first point's.

local core = require "hillock.core"
local keys = require "hillock.keys"
local points = require "hillock.dendrotweaks.points"
local track = require "hillock.track"

local shape = {}

-- DendroTweaks' names of SWC's types.
local known = {
    [0] = "undefined", [1] = "soma", [2] = "axon", [3] = "dend", [31] = "basal", [4] = "apic",
    [41] = "trunk", [42] = "tuft", [43] = "oblique", [6] = "neurite", [7] = "glia", [8] = "reduced",
}

-- The names that a type has had, beside custom_TYPE, which any type has that is not in the table:
-- in the format's description, and in files of earlier versions.
local function other_names(type)
    local text = tostring(type)
    if type == 11 then
        return { "perisomatic" }
    elseif text == "5" then
        return { "custom" }
    elseif text:find "^5" then
        return { "custom_" .. text:sub(2) }
    elseif text:find "^8%d" then
        return { "reduced_" .. text, "reduced_" .. text:sub(2) }
    end
    return {}
end

--- The domain of a type that the file's header does not name. wanted: a set of the domains that the
--- model mentions, which decides where a type has had several names.
function shape.domain(type, wanted)
    if known[type] then
        return known[type]
    end
    local name = "custom_" .. type
    for _, other in ipairs(wanted and not wanted[name] and other_names(type) or {}) do
        if wanted[other] then
            return other
        end
    end
    return name
end

--- The types of a file that `wanted` gives another name than they have without it.
function shape.renamed(path, wanted)
    local list = {}
    for _, node in ipairs(path:find "%.swc$" and core.swc_points(path) or {}) do
        local name = not node.domain and shape.domain(node.type, wanted)
        if name and name ~= shape.domain(node.type) then
            list[node.type] = name
        end
    end
    return list
end

--- Whether DendroTweaks may call a domain so without a header that names it.
function shape.is_domain(name)
    for _, other in pairs(known) do
        if name == other then
            return true
        end
    end
    return name == "perisomatic" or name == "custom" or name:find "^custom_%d+$" ~= nil
        or name:find "^reduced_%d+$" ~= nil
end

--- The names that a domain may have, for messages.
function shape.domains()
    local list = { "perisomatic", "custom" }
    for _, name in pairs(known) do
        list[#list + 1] = name
    end
    return list
end

-- Cuts the points into sections { node, node, ... } with `parent`, a section.
local function cut(nodes)
    local begins, sections, section_of = { [nodes[1]] = true }, {}, {}
    for _, node in ipairs(nodes) do
        if #node.children > 1 then
            for _, child in ipairs(node.children) do
                begins[child] = true
            end
        end
    end
    for _, node in ipairs(nodes) do
        local section = begins[node] and {} or section_of[node.parent]
        if begins[node] then
            section.parent = node.parent and section_of[node.parent]
            sections[#sections + 1] = section
        end
        section_of[node] = section
        section[#section + 1] = node
    end
    return sections
end

-- The three points of a soma are three sections by then, and become one: the second, the first, the
-- third.
local function merge_soma(path, sections)
    local soma, ends, rest = sections[1], {}, {}
    for i, section in ipairs(sections) do
        local is_soma = i > 1 and section[1].type == 1
        table.insert(is_soma and ends or rest, section)
    end
    if #ends ~= 2 or #soma ~= 1 or #ends[1] ~= 1 or #ends[2] ~= 1 then
        keys.fail("%s:%d: a soma of three points is read where the second and the third hang on "
            .. "the first, and nothing hangs on these two", path, soma[1].line)
    end
    soma[1], soma[2], soma[3] = ends[1][1], soma[1], ends[2][1]
    return rest
end

local function add(made, section, root, path, name_of)
    if #section < 2 then
        keys.fail("%s:%d: this branch is one point, and has no length", path, section[1].line)
    end
    local list = {}
    for i, node in ipairs(section) do
        list[i] = { node.x, node.y, node.z, node.diam }
    end
    local parent, first = section.parent, section[#section == 3 and section == root and 2 or 1]
    section.number = made:add(name_of(first), first.type, parent and parent.number,
        parent == root and 0.5 or 1, nil, nil, list)
end

-- The sections of a file, as lists of points with `parent`.
local function sections_of(path)
    local nodes = points.read(track.file(path, "morphology"))
    local n_soma = 0
    for _, node in ipairs(nodes) do
        n_soma = n_soma + (node.type == 1 and 1 or 0)
    end
    local sections = cut(nodes)
    return n_soma == 3 and merge_soma(path, sections) or sections
end

-- Along its points, in double precision.
local function length_of(section)
    local length = 0.0
    for i = 2, #section do
        local a, b = section[i - 1], section[i]
        local x, y, z = b.x - a.x, b.y - a.y, b.z - a.z
        length = length + math.sqrt(x * x + y * y + z * z)
    end
    return length
end

--- The morphology in an SWC file, of hillock.core's; and its sections' lengths.
---@param path string
---@param domains? table<integer, string> names of types that the file's header does not name
---@param wanted? table<string, boolean> see shape.domain
function shape.read(path, domains, wanted)
    local sections, made, lengths = sections_of(path), core.morphology(path), {}
    for i, section in ipairs(sections) do
        lengths[i] = length_of(section)
        add(made, section, sections[1], path, function(node)
            return node.domain or domains and domains[node.type] or shape.domain(node.type, wanted)
        end)
    end
    return made, lengths
end

--- The numbers of the sections, from 1, in the order of DendroTweaks 0.4.6 and before it: children
--- by their types, then by how often they branch.
---@param path string
function shape.legacy_order(path)
    local sections = sections_of(path)
    local children, forks, order, stack = {}, {}, {}, { 1 }
    local number = {}
    for i, section in ipairs(sections) do
        number[section], children[i], forks[i] = i, {}, 0
        if section.parent then
            table.insert(children[number[section.parent]], i)
        end
    end
    for i = #sections, 1, -1 do
        forks[i] = forks[i] + (#children[i] > 1 and 1 or 0)
        local parent = sections[i].parent and number[sections[i].parent]
        if parent then
            forks[parent] = forks[parent] + forks[i]
        end
    end
    local function before(a, b)
        local type_a, type_b = sections[a][1].type, sections[b][1].type
        if type_a ~= type_b then
            return type_a < type_b
        elseif forks[a] ~= forks[b] then
            return forks[a] < forks[b]
        end
        return a < b
    end
    while #stack > 0 do
        local i = table.remove(stack)
        order[#order + 1] = i
        table.sort(children[i], before)
        for k = #children[i], 1, -1 do
            stack[#stack + 1] = children[i][k]
        end
    end
    return order
end

return shape
