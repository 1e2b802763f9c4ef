-- SPDX-License-Identifier: BSD-3-Clause
-- report: what is wrong with a protocol, all of it: each problem with the file, the line where it
-- is known, and the path of the key, "clamps[2].amp".

local keys = require "hillock.keys"

local report = {}
report.__index = report

--- Problems of a protocol. name: the file, or what stands for it; lines: by path, see lines.lua.
---@param name string
---@param lines? table<string, integer>
function report.new(name, lines)
    return setmetatable({ name = name, lines = lines or {}, list = {}, seen = {}, order = {} },
        report)
end

--- One with the same problems, to which more can be added.
function report:copy()
    local copy = report.new(self.name, self.lines)
    for i, text in ipairs(self.list) do
        copy.list[i], copy.seen[text], copy.order[text] = text, true, self.order[text]
    end
    return copy
end

-- The line of the path, or of the nearest that holds it.
local function line_of(self, path)
    while path do
        if self.lines[path] then
            return self.lines[path]
        end
        path = path:match "^(.*)%.[^.%[]+$" or path:match "^(.*)%[[^%[]+%]$"
    end
end

local function put(self, path, line, text)
    local where = line and ("%s:%d"):format(self.name, line) or self.name
    text = ("%s: %s%s"):format(where, path ~= "" and path .. ": " or "", text)
    if not self.seen[text] then
        self.seen[text] = true
        table.insert(self.list, text)
        self.order[text] = { line or 0, #self.list }
    end
end

--- Adds one.
---@param path string "" for all of the protocol
function report:add(path, format, ...)
    local text = select("#", ...) > 0 and format:format(...) or format
    put(self, path, line_of(self, path), text)
end

--- All problems, in the order of their lines.
function report:sorted()
    local list = table.move(self.list, 1, #self.list, 1, {})
    table.sort(list, function(a, b)
        local x, y = self.order[a], self.order[b]
        if x[1] ~= y[1] then
            return x[1] < y[1]
        end
        return x[2] < y[2]
    end)
    return list
end

--- Reports keys that are not in `allowed`, with the nearest of `names` (all of allowed).
function report:unknown(path, key, names)
    local shown = (type(key) == "string" and "'%s'" or "[%s]"):format(tostring(key))
    local inner = type(key) == "string" and (path == "" and key or path .. "." .. key)
        or ("%s[%s]"):format(path, tostring(key))
    put(self, path, line_of(self, inner),
        ("unknown key %s%s"):format(shown, keys.hint(key, names)))
end

--- The path of an entry's key.
function report.join(path, key)
    if math.type(key) == "integer" then
        return ("%s[%d]"):format(path, key)
    end
    return path == "" and key or path .. "." .. key
end

return report
