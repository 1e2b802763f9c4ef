-- SPDX-License-Identifier: BSD-3-Clause
-- columns: a recording's CSV file as lists of numbers, and lists of numbers as bytes.

local columns = {}

-- The names in the first line; those with a comma or a quote stand in quotes.
local function names_of(line)
    local names, at = {}, 1
    repeat
        local quoted, after = line:match('^"([^"]*)"()', at)
        if quoted then
            local more
            while line:sub(after, after) == '"' do
                more, after = line:match('^"([^"]*)"()', after)
                if not more then
                    return nil
                end
                quoted = quoted .. '"' .. more
            end
            names[#names + 1] = quoted
        else
            names[#names + 1], after = line:match("^([^,]*)()", at)
        end
        at = after + 1
    until after > #line
    return names
end

local special = {
    nan = 0 / 0, ["-nan"] = 0 / 0, inf = math.huge, ["-inf"] = -math.huge,
}

--- The columns' names, and a list of numbers for each; nil and what is wrong in which line.
---@param text string
function columns.parse(text)
    local first, body = text:match "^([^\r\n]*)\r?\n?()"
    local names = first ~= "" and names_of(first)
    if not names then
        return nil, "line 1: names of columns are needed"
    end
    local n, lists, row = #names, {}, 0
    for k = 1, n do
        lists[k] = {}
    end
    for line in text:gmatch("[^\n]+", body) do
        local k = 0
        row = row + 1
        for field in line:gmatch "[^,\r]+" do
            k = k + 1
            local x = tonumber(field) or special[field]
            if not x or k > n then
                return nil, k > n and ("line %d: more than %d fields"):format(row + 1, n)
                    or ("line %d: '%s' is no number"):format(row + 1, field)
            end
            lists[k][row] = x
        end
        if k < n then
            return nil, ("line %d: %d fields instead of %d"):format(row + 1, k, n)
        end
    end
    return names, lists
end

--- Numbers as bytes, in the form of string.pack: "<f", "<d", "<I4".
---@param list number[]
---@param form string
function columns.pack(list, form)
    local order, one = form:sub(1, 1), form:sub(2)
    local chunk <const> = 128
    local all, out = order .. one:rep(chunk), {}
    for at = 1, #list, chunk do
        local last = math.min(at + chunk - 1, #list)
        local form_now = last - at + 1 == chunk and all or order .. one:rep(last - at + 1)
        out[#out + 1] = string.pack(form_now, table.unpack(list, at, last))
    end
    return table.concat(out)
end

return columns
