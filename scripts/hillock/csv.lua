-- SPDX-License-Identifier: BSD-3-Clause
-- csv: tables of numbers and words in text files: a first line of names, then lines of fields.

local core = require "hillock.core"
local keys = require "hillock.keys"
local track = require "hillock.track"

local csv = {}

--- A file's names in order, and its columns: lists of numbers, or with `arrays` arrays, in which
--- nan and inf are numbers too; lists of strings where a field is none. nil and what is wrong.
---@param path string
---@param arrays? boolean
function csv.columns(path, arrays)
    local file, why = io.open(path, "rb")
    if not file then
        return nil, why
    end
    local text
    text, why = file:read "a"
    file:close()
    if not text then
        return nil, ("%s: %s"):format(path, why)
    elseif text == "" then
        return nil, ("%s is empty: a first line of names is needed"):format(path)
    end
    local names, columns, fields = core.csv(text, arrays)
    if not names then
        local first = core.csv(text:match "^[^\n]*")
        return nil, ("%s:%d: %d fields, but the first line has %d"):format(path, columns, fields,
            #first)
    end
    return names, columns
end

--- Columns by their names: lists of numbers where each field of the column is one, of strings where
--- not.
---@param path string
---@return table<string, (number|string)[]>
function csv.read(path)
    keys.value("read_csv: path", path, "string")
    local names, columns = csv.columns(track.file(path, "data"))
    if not names then
        keys.fail("read_csv: %s", columns)
    end
    local by_name = {}
    for i, name in ipairs(names) do
        by_name[name] = columns[i]
    end
    return by_name
end

return csv
