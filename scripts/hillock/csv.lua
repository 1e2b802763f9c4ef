-- SPDX-License-Identifier: BSD-3-Clause
-- csv: tables of numbers and words in text files: a first line of names, then lines of fields.

local core = require "hillock.core"
local files = require "hillock.files"
local keys = require "hillock.keys"
local track = require "hillock.track"

local csv = {}

-- As csv.columns, of a text; messages call it `name`.
local function parse(text, name, arrays)
    if text == "" then
        return nil, ("%s is empty: a first line of names is needed"):format(name)
    end
    local names, columns, fields = core.csv(text, arrays)
    if not names then
        local first = core.csv(text:match "^[^\n]*")
        return nil, ("%s:%d: %d fields, but the first line has %d"):format(name, columns, fields,
            #first)
    end
    return names, columns
end

--- The names and arrays of a text of numbers alone, as recorders write it; nil and what is wrong
--- with what is called `name`, in which line.
---@param text string
---@param name string
function csv.numbers(text, name)
    local names, columns = parse(text, name, true)
    for _, column in ipairs(names and columns or {}) do
        for i, field in ipairs(core.is_array(column) and {} or column) do
            if not tonumber(field) and not field:find "^-?nan$" and not field:find "^-?inf$" then
                return nil, ("%s:%d: '%s' is no number"):format(name, i + 1, field)
            end
        end
    end
    return names, columns
end

--- A file's names in order, and its columns: lists of numbers, or with `arrays` arrays, in which
--- nan and inf are numbers too; lists of strings where a field is none. nil and what is wrong.
---@param path string
---@param arrays? boolean
function csv.columns(path, arrays)
    local text, why = files.read(path)
    if not text then
        return nil, why
    end
    return parse(text, path, arrays)
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
