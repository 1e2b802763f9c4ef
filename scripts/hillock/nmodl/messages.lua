-- SPDX-License-Identifier: BSD-3-Clause
-- messages: what a compiler has to say about a source, each with its position:
--
--     list:error(at, "'%s' is not declared%s", name, hint)
--     for _, text in ipairs(list:render()) do print(text) end
--
-- A message is { kind = "error", "warning" or "note", at =, text =, code = }; `code` is a short
-- name of what kind of finding it is, where somebody may ask for it.

local messages = {}
messages.__index = messages

--- A list without messages.
---@param source table of source.new
function messages.new(source)
    return setmetatable({ source = source, errors = 0, warnings = 0 }, messages)
end

local function add(self, kind, at, text, ...)
    local message = {
        kind = kind, at = at, order = #self,
        text = select("#", ...) > 0 and text:format(...) or text,
    }
    self[#self + 1] = message
    return message
end

--- Each adds a message and returns it, so that a code may be set. With arguments, the text is a
--- format.
---@param at integer
---@param text string
function messages:error(at, text, ...)
    self.errors = self.errors + 1
    return add(self, "error", at, text, ...)
end

function messages:warning(at, text, ...)
    self.warnings = self.warnings + 1
    return add(self, "warning", at, text, ...)
end

--- A note belongs to the message before it, and follows it when the list is sorted.
function messages:note(at, text, ...)
    local before = self[#self]
    local message = add(self, "note", at, text, ...)
    if before then
        message.with = before.with or before
    end
    return message
end

--- In the order of the source; of one position, in the order in which they were said.
function messages:sort()
    table.sort(self, function(a, b)
        local at, bt = (a.with or a).at, (b.with or b).at
        if at ~= bt then
            return at < bt
        end
        return a.order < b.order
    end)
    return self
end

local most = 160   -- bytes of a line that are shown

-- A line and a caret under its column, both indented. Of a long line the part around the column.
local function show(text, column)
    local first = 1
    if #text > most then
        first = math.max(1, math.min(column - most // 2, #text - most + 1))
        text = text:sub(first, first + most - 1)
    end
    text = text:gsub("[%z\1-\8\11-\31\127]", "?")
    -- A character of several bytes takes one column of the terminal: its later bytes take none.
    local before = text:sub(1, math.max(column - first, 0)):gsub("[\x80-\xbf]", "")
        :gsub("[^\t]", " ")
    return ("\n    %s\n    %s^"):format(text, before)
end

--- The messages as text: "FILE:LINE:COLUMN: error: text", the line, and a caret.
---@return string[]
function messages:render()
    local list = {}
    for i, message in ipairs(self) do
        local place = self.source:place(message.at)
        list[i] = ("%s:%d:%d: %s: %s%s"):format(place.file, place.line, place.column, message.kind,
            message.text, show(place.text, place.column))
    end
    return list
end

return messages
