-- SPDX-License-Identifier: BSD-3-Clause
-- set: giving values to the fields of a cell type's mechanisms, membrane and ions.

local distribution = require "hillock.distribution"
local keys = require "hillock.keys"

local set = {}

-- The role of a field of the cell's mechanism; nil where it has none of this name.
local function role_of(cell, mechanism, field)
    local plugin = mechanism and cell.core:plugin(mechanism)
    for _, known in ipairs(plugin and plugin.fields or {}) do
        if known.name == field then
            return known.role
        end
    end
    return nil
end

-- Refuses keys that are no names.
function set.check_keys(values, what)
    for key in next, values do
        if type(key) ~= "string" then
            keys.fail("%s: unknown key [%s]: names of fields are wanted", what, tostring(key))
        end
    end
end

local function one(cell, region, mechanism, field, spread, list)
    local what = mechanism and ("%s of %s"):format(field, mechanism) or field
    local role = role_of(cell, mechanism, field)
    if role == "table" then
        return cell.core:set_table(mechanism, field, spread)
    end
    local values = distribution.values(spread, function() return region:segments() end,
        function(i) return cell.core:get(mechanism, field, { i })[1] end, what)
    if role == "global" and type(values) == "number" then
        cell.core:set(mechanism, field, nil, values)
    else
        cell.core:set(mechanism, field, list, values)
    end
end

-- Fields of a mechanism in the region, whose segments are `list`.
function set.fields(cell, region, mechanism, values, list)
    keys.value("values of " .. mechanism, values, "table")
    set.check_keys(values, mechanism)
    for _, field in ipairs(keys.names(values)) do
        one(cell, region, mechanism, field, values[field], list)
    end
end

-- Ra or cm of sections, before the cut: what `spread` gives in the middle of each.
local function of_sections(cell, field, spread, list)
    if type(spread) == "number" then
        return cell.core[field](cell.core, list, keys.value(field, spread, "positive"))
    end
    local all, sections = cell.sections(cell), {}
    for k, i in ipairs(list) do
        sections[k] = all[i]
    end
    local values = distribution.of_sections(spread, sections, function(i) return all[i][field] end,
        field)
    for k, i in ipairs(list) do
        cell.core[field](cell.core, { i },
            keys.value(("%s of %s"):format(field, sections[k].name), values[k], "positive"))
    end
end

-- Ra, cm and ions' variables. sections: the region's, where it is one of whole sections; before the
-- cut Ra and cm are those of sections, which d_lambda reads.
function set.membrane(cell, region, values, sections, indices)
    set.check_keys(values, "set")
    local Ra, cm = values.Ra, values.cm
    if Ra ~= nil then
        if cell.is_cut then
            keys.fail("Ra: the cell is cut into segments already, and their axial resistances with "
                .. "it: set Ra before anything is inserted, located or used")
        elseif not sections then
            keys.fail("Ra: a section has one, but region %s is not of whole sections", region.name)
        end
        of_sections(cell, "Ra", Ra, sections)
    end
    if cm ~= nil and not cell.is_cut and sections then
        local spread = cm
        of_sections(cell, "cm", spread, sections)
        if type(spread) ~= "number" or #cell.after_cut > 0 then -- and each segment has its own
            table.insert(cell.after_cut, function()
                one(cell, region, nil, "cm", spread, indices())
            end)
        end
        cm = nil
    end
    for _, field in ipairs(keys.names(values)) do
        if field ~= "Ra" and (field ~= "cm" or cm ~= nil) then
            one(cell, region, nil, field, values[field], indices())
        end
    end
end

return set
