-- SPDX-License-Identifier: BSD-3-Clause
-- build: carries out a recipe: makes the cell type.

local cell = require "hillock.cell"
local core = require "hillock.core"
local distribution = require "hillock.distribution"
local keys = require "hillock.keys"

local build = {}

-- The diameter in the middle of a segment's section: that of the segment there.
local function section_diam(segment)
    return segment.cell:segment(segment.section .. "(0.5)").diam
end

local properties = {
    diam = function(part) return part.diam end,
    section_diam = section_diam,
    distance = function(part) return part.distance end,
    domain_distance = function(part) return part.domain_distance end,
}

-- Whether a segment or a section is in a part, by its value.
local function test(part, value_of)
    local low, high = part.low or -math.huge, part.high or math.huge
    return function(it)
        local value = value_of(it)
        return value > low and value <= high
    end
end

--- The region of a part of a cell type.
function build.region(made, part)
    local where = part.by and test(part, properties[part.by])
    return made:region { domain = part.domains, where = where }
end

-- Regions of whole sections, before the cut: those of a part whose middle is in it.
local function sections(made, part)
    if not part.by then
        return { made:region { domain = part.domains } }
    end
    local value_of = part.by == "section_diam" and properties.diam or properties[part.by]
    local is_in, list, domains = test(part, value_of), {}, {}
    for _, name in ipairs(part.domains) do
        domains[name] = true
    end
    for _, section in ipairs(made:sections()) do
        if domains[section.domain] and is_in(section) then
            list[#list + 1] = made:region(section.name)
        end
    end
    return list
end

local function spread_of(spread)
    return type(spread) == "table" and distribution[spread.kind](spread.parameters) or spread
end

-- Calls fn; where it fails, the error begins with the line of the file.
local function at(made, action, fn)
    local fine, message = pcall(fn)
    if not fine then
        local here = core.where() .. ":"
        if message:sub(1, #here) == here then
            message = message:sub(#here + 2)
        end
        keys.fail("%s:%d: %s", made.path, action.line, message)
    end
end

--- The cell type.
---@param made table a recipe
---@param options table name, morphology
function build.cell(made, options)
    local type_ = cell.new { name = options.name, morphology = options.morphology,
        nseg = cell.d_lambda(made.d_lambda) }
    local by_segment = false
    for _, field in ipairs { "Ra", "cm" } do
        for _, action in ipairs(made[field]) do
            by_segment = by_segment or field == "cm" and action.part.by ~= nil
            at(made, action, function()
                for _, part in ipairs(sections(type_, action.part)) do
                    part:set { [field] = spread_of(action.spread) }
                end
            end)
        end
    end
    type_:cut()
    for _, item in ipairs(made.insert) do
        for _, name in ipairs(item.mechanisms) do
            type_:region(item.domains):insert(made.loaded[name].insert)
        end
    end
    local values = by_segment and table.move(made.cm, 1, #made.cm, 1, {}) or {}
    table.move(made.values, 1, #made.values, #values + 1, values)
    for _, action in ipairs(values) do
        at(made, action, function()
            local part, value = build.region(type_, action.part), spread_of(action.spread)
            if action.mechanism then
                part:set(action.mechanism, { [action.field] = value })
            else
                part:set { [action.field] = value }
            end
        end)
    end
    return type_
end

return build
