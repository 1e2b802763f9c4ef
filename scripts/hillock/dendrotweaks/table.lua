-- SPDX-License-Identifier: BSD-3-Clause
-- table: the rows of a CSV file, checked where they are read: errors name file, line and column.

local files = require "hillock.files"
local keys = require "hillock.keys"
local track = require "hillock.track"

local table_of = {}

local Row = {}
Row.__index = Row

--- An error about a field of the row.
function Row:fail(_, format, ...)
    keys.fail("%s:%d: %s", self.path, self.line, format:format(...))
end

---@param column string
---@return string
function Row:text(column)
    return self.fields[column]
end

---@param column string
---@return number
function Row:number(column)
    local value = tonumber(self.fields[column])
    if not value or value ~= value then
        self:fail(column, "%s is '%s', not a number", column, self.fields[column])
    end
    return value
end

---@param column string
---@return integer
function Row:whole(column)
    local value = math.tointeger(self:number(column))
    if not value or value < 0 then
        self:fail(column, "%s is %s, not a whole number from 0", column, self.fields[column])
    end
    return value
end

--- A row made by hand, for messages about the path and line.
function table_of.row(path, line, fields)
    return setmetatable({ path = path, line = line, fields = fields }, Row)
end

local function split(line)
    local fields = {}
    for field in (line .. ","):gmatch "([^,]*)," do
        fields[#fields + 1] = field:match "^%s*\"?(.-)\"?%s*$"
    end
    return fields
end

--- The rows of a file, or what is a list of rows already.
---@param path string|table
---@param wanted string[] columns that it must have
function table_of.read(path, wanted)
    if type(path) == "table" then
        return path
    end
    local text, why = files.read(track.file(path, "protocol"))
    if not text then
        keys.fail("dendrotweaks: %s", why)
    end
    local rows, names, line = {}, nil, 0
    for here in (text:gsub("\r\n?", "\n") .. "\n"):gmatch "([^\n]*)\n" do
        line = line + 1
        local fields = here:find "%S" and split(here)
        if fields and not names then
            names = fields
            for _, column in ipairs(wanted) do
                if not table.concat(names, "\n"):find("%f[^\0\n]" .. column .. "%f[\0\n]") then
                    keys.fail("%s:%d: the column '%s' is missing%s", path, line, column,
                        keys.hint(column, names))
                end
            end
        elseif fields then
            if #fields ~= #names then
                keys.fail("%s:%d: %d fields, but the first line has %d", path, line, #fields,
                    #names)
            end
            local by_name = {}
            for i, name in ipairs(names) do
                by_name[name] = fields[i]
            end
            rows[#rows + 1] = table_of.row(path, line, by_name)
        end
    end
    if not names then
        keys.fail("%s: the file is empty: a first line of columns is needed", path)
    end
    return rows
end

return table_of
