-- SPDX-License-Identifier: BSD-3-Clause
-- csv: tables of numbers and words in text files: a first line of names, then lines of fields.

local keys = require "hillock.keys"
local track = require "hillock.track"

local csv = {}

local function split(line)
    local fields = {}
    for field in (line .. ","):gmatch("([^,]*),") do
        fields[#fields + 1] = field
    end
    return fields
end

--- Columns by their names: lists of numbers where each field of the column is one, of strings where
--- not.
---@param path string
---@return table<string, (number|string)[]>
function csv.read(path)
    keys.value("read_csv: path", path, "string")
    local file, why = io.open(track.file(path, "data"), "r")
    if not file then
        keys.fail("read_csv: %s", why)
    end
    local first = file:read("l")
    if not first then
        file:close()
        keys.fail("read_csv: %s is empty: a first line of names is needed", path)
    end
    local names = split((first:gsub("\r$", "")))
    local columns, row = {}, 0
    for i = 1, #names do
        columns[i] = {}
    end
    for line in file:lines() do
        line = line:gsub("\r$", "")
        if line ~= "" then
            row = row + 1
            local fields = split(line)
            if #fields ~= #names then
                file:close()
                keys.fail("read_csv: %s:%d: %d fields, but the first line has %d", path, row + 1,
                    #fields, #names)
            end
            for i, field in ipairs(fields) do
                columns[i][row] = field
            end
        end
    end
    file:close()
    local by_name = {}
    for i, name in ipairs(names) do
        local column = columns[i]
        local numbers = {}
        for k, field in ipairs(column) do
            local number = tonumber(field)
            if not number then
                numbers = column
                break
            end
            numbers[k] = number
        end
        by_name[name] = numbers
    end
    return by_name
end

return csv
