-- SPDX-License-Identifier: BSD-3-Clause
-- plugin_values: the values that a protocol gives to a plugin's fields: each must be one of the
-- fields, in its unit and range.

local core = require "hillock.core"
local keys = require "hillock.keys"
local kinds = require "hillock.protocol.kinds"
local report_of = require "hillock.protocol.report"

local plugin_values = {}

local join = report_of.join
local settable = { parameter = true, list = true, table = true, global = true }

--- Calls fn; where it throws, the message is a problem at `path`. Gives what fn gave, or nil.
function plugin_values.try(report, path, fn, ...)
    local good, value = pcall(fn, ...)
    if good then
        return value
    end
    local where = core.where()
    value = tostring(value)
    if where ~= "" and value:sub(1, #where) == where then
        value = value:sub(#where + 1)
    end
    report:add(path, "%s", value)
    return nil
end

local try = plugin_values.try

--- The plugin's description, or nil; kind: "point", "input", "channel".
function plugin_values.find(report, path, name, kind)
    return try(report, path, core.plugin_find, name, kind)
end

--- A number in a unit, or a list of such; `field` may have a range.
function plugin_values.number(report, path, value, unit, field)
    if type(value) == "table" then
        local copy = {}
        for i = 1, #value do
            copy[i] = plugin_values.number(report, join(path, i), value[i], unit, field)
        end
        return copy
    end
    local x = kinds.number(unit)(report, path, value)
    local said = unit ~= "" and " " .. unit or ""
    if x and field and field.low and (x < field.low or x > field.high) then
        report:add(path, field.high == math.huge and "%.15g is below %g%s"
            or "%.15g is not within %g and %g%s", x, field.low,
            table.unpack(field.high == math.huge and { said } or { field.high, said }))
        return nil
    end
    return x
end

-- Rows of a list or table field: each column in its unit, "ms, ms, Hz".
local function rows(report, path, value, field)
    if type(value) ~= "table" then
        report:add(path, "expected a list of %s, got %s", field.width > 1
            and ("rows { %s }"):format(field.unit) or "numbers", keys.describe(value))
        return nil
    end
    local columns = {}
    for unit in ((field.unit or "") .. ","):gmatch "%s*([^,]*)," do
        columns[#columns + 1] = unit
    end
    local copy = {}
    for i, row in ipairs(value) do
        if type(row) == "table" and field.width > 1 and type(row[1]) ~= "table" then
            copy[i] = {}
            for k, x in ipairs(row) do
                copy[i][k] = plugin_values.number(report, join(join(path, i), k), x,
                    columns[k] or columns[#columns])
            end
        elseif type(row) == "table" then -- a list for each of several
            copy[i] = rows(report, join(path, i), row, field)
        else
            copy[i] = plugin_values.number(report, join(path, i), row,
                columns[(i - 1) % field.width + 1] or columns[#columns])
        end
    end
    return copy
end

--- The checked values of fields by their names. `own`: keys of the entry that are no fields.
---@param values table<string, any>
---@param own table<string, boolean>
function plugin_values.fields(report, path, plugin, values, own)
    local by_name, names, copy = {}, {}, {}
    for _, field in ipairs(plugin.fields) do
        if settable[field.role] then
            by_name[field.name] = field
            names[#names + 1] = field.name
        end
    end
    for _, key in ipairs(kinds.sorted_keys(values)) do
        local field, value = by_name[key], values[key]
        local inner = join(path, key)
        if own[key] or key == 1 then
            goto next
        elseif not field then
            local all = table.move(names, 1, #names, 1, {})
            for name in pairs(own) do
                all[#all + 1] = name
            end
            report:unknown(path, key, all)
        elseif field.width then
            copy[key] = rows(report, inner, value, field)
        else
            copy[key] = plugin_values.number(report, inner, value, field.unit or "", field)
        end
        ::next::
    end
    return copy
end

--- The same with defaults where nothing is given; what has no default must be.
function plugin_values.filled(report, path, plugin, values, own)
    local copy = plugin_values.fields(report, path, plugin, values, own or {})
    for _, field in ipairs(plugin.fields) do
        if field.role == "parameter" and values[field.name] == nil then
            copy[field.name] = field.default
            if field.default == nil then
                report:add(path, "%s needs '%s'%s", plugin.name, field.name,
                    field.doc and ": " .. field.doc or "")
            elseif math.abs(field.default) == math.huge then
                copy[field.name] = nil
            end
        end
    end
    return copy
end

--- The unit of the plugin's first weight.
function plugin_values.weight(plugin)
    for _, field in ipairs(plugin.fields) do
        if field.role == "weight" then
            return field
        end
    end
    return { unit = "" }
end

return plugin_values
