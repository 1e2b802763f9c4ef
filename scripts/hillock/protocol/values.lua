-- SPDX-License-Identifier: BSD-3-Clause
-- values: what a protocol sets over the model's own values. On a cell type that is the protocol's
-- own it is the type's values, on a network those of cells.

local builder = require "hillock.protocol.builder"
local distribution = require "hillock.distribution"
local keys = require "hillock.keys"
local kinds = require "hillock.protocol.kinds"
local plugin_values = require "hillock.protocol.plugin_values"
local report_of = require "hillock.protocol.report"

local Builder = builder.Builder
local join, try = report_of.join, plugin_values.try

local function unit_of_membrane(name)
    if name == "cm" then
        return "uF/cm2"
    elseif name == "Ra" then
        return "ohm cm"
    end
    return name:find "^e" and "mV" or "mM"
end

-- A number in a unit, or a distribution { "linear", slope =, intercept = }.
function Builder:spread(path, value, unit, field)
    if type(value) ~= "table" then
        return plugin_values.number(self.report, path, value, unit, field)
    end
    local makers = {}
    for _, name in ipairs { "linear", "sinusoidal", "exponential", "sigmoid", "gaussian", "step",
        "polynomial", "inherit" } do
        makers[name] = distribution[name]
    end
    local make = type(value[1]) == "string" and makers[value[1]]
    if not make then
        self.report:add(path, "expected a number or a distribution such as { \"linear\", slope =, "
            .. "intercept = }%s", keys.hint(tostring(value[1]), keys.names(makers)))
        return nil
    end
    local options = {}
    for key, inner in pairs(value) do
        options[key] = key ~= 1 and inner or nil
    end
    return try(self.report, path, make, options)
end

local set_own = { at = true, mechanism = true, population = true }

function Builder:set_values(path, entry)
    local values = {}
    local plugin = entry.mechanism
        and plugin_values.find(self.report, path .. ".mechanism", entry.mechanism, "channel")
    if entry.mechanism and not plugin then
        return nil
    end
    local fields, names = {}, {}
    for _, field in ipairs(plugin and plugin.fields or {}) do
        if field.role == "parameter" or field.role == "global" then
            fields[field.name], names[#names + 1] = field, field.name
        end
    end
    local any = false
    for _, key in ipairs(kinds.sorted_keys(entry)) do
        local value = entry[key]
        any = any or not set_own[key]
        if set_own[key] then
            goto next
        elseif plugin and not fields[key] then
            self.report:unknown(path, key, table.move(names, 1, #names, 1, {}))
        else
            local field = fields[key]
            values[key] = self:spread(join(path, key), value,
                field and (field.unit or "") or unit_of_membrane(key), field)
        end
        ::next::
    end
    if not any then
        self.report:add(path, "it sets nothing: name fields with their values")
    end
    return values
end

-- On a cell type that is the protocol's own: the type's values; else those of the cells.
function Builder:set(path, entry)
    local values = self:set_values(path, entry)
    local at = entry.at and builder.region(entry.at)
    local target
    if self.type then
        target = self.type
        if entry.population and entry.population ~= self.type.name then
            return self:population(path, entry.population)
        elseif at then
            target = try(self.report, path .. ".at", function() return self.type:region(at) end)
        end
    else
        target = self:cells(path, entry)
    end
    for _, field in ipairs(keys.names(target and values or {})) do
        try(self.report, join(path, field), function()
            local one = { [field] = values[field] }
            if self.type then
                target:set(table.unpack(entry.mechanism and { entry.mechanism, one } or { one }))
            elseif entry.mechanism then
                target:set(entry.mechanism, one, at)
            else
                target:set(one, at)
            end
        end)
    end
    local full = {}
    for key, value in pairs(entry) do
        local number = values and values[key]
        full[key] = type(number) == "number" and number or value
    end
    return full
end
