-- SPDX-License-Identifier: BSD-3-Clause
-- data: the numbers of a figure's panels as CSV files, whole, however few of them its lines show.

local keys = require "hillock.keys"

local data = {}

local function field(value)
    if type(value) == "number" then
        local short = ("%.15g"):format(value)
        return tonumber(short) == value and short or value == value and ("%.17g"):format(value)
            or "nan"
    end
    value = tostring(value)
    return value:find '[,"\n]' and '"' .. value:gsub('"', '""') .. '"' or value
end

local function table_of(columns)
    local rows, names, n = {}, {}, 0
    for i, column in ipairs(columns) do
        names[i], n = field(column[1]), math.max(n, #column[2])
    end
    rows[1] = table.concat(names, ",")
    for k = 1, n do
        local row = {}
        for i, column in ipairs(columns) do
            row[i] = column[2][k] ~= nil and field(column[2][k]) or ""
        end
        rows[k + 1] = table.concat(row, ",")
    end
    return table.concat(rows, "\n") .. "\n"
end

--- Writes BASE.csv of one panel, BASE.1-KIND.csv and so on of several. Gives the paths.
function data.write(what, base, panels, files)
    local paths = {}
    for i, p in ipairs(panels) do
        local path = #panels == 1 and base .. ".csv" or ("%s.%d-%s.csv"):format(base, i, p.kind)
        local written, why = files.write(path, table_of(p.columns))
        if not written then
            keys.fail("%s: data: %s", what, why)
        end
        paths[i] = path
    end
    return paths
end

return data
