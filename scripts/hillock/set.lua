-- SPDX-License-Identifier: BSD-3-Clause
-- set: giving values to the fields of a cell type's mechanisms, membrane and ions.

local core = require "hillock.core"
local distribution = require "hillock.distribution"
local keys = require "hillock.keys"

local set = {}

-- The role of a mechanism's field; nil where it has none of this name.
local function role_of(mechanism, field)
    for _, known in ipairs(mechanism and core.plugin_find(mechanism).fields or {}) do
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
    local role = role_of(mechanism, field)
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

-- Ra, cm and ions' variables. sections: the region's, where it is one of whole sections; before the
-- cut Ra and numbers for cm are those of sections, which d_lambda reads.
function set.membrane(cell, region, values, sections, indices)
    set.check_keys(values, "set")
    local Ra, cm = values.Ra, values.cm
    if Ra ~= nil then
        keys.value("Ra", Ra, "positive")
        if cell.is_cut then
            keys.fail("Ra: the cell is cut into segments already, and their axial resistances with "
                .. "it: set Ra before anything is inserted, located or used")
        elseif not sections then
            keys.fail("Ra: a section has one, but region %s is not of whole sections", region.name)
        end
        cell.core:Ra(sections, Ra)
    end
    if cm ~= nil and not cell.is_cut and sections and type(cm) == "number" then
        cell.core:cm(sections, cm)
        cm = nil
    end
    for _, field in ipairs(keys.names(values)) do
        if field ~= "Ra" and (field ~= "cm" or cm ~= nil) then
            one(cell, region, nil, field, values[field], indices())
        end
    end
end

return set
