-- SPDX-License-Identifier: BSD-3-Clause
-- source: the text of a mechanism, with the files that it includes. All of them stand one after the
-- other in `text`, so that a position is one number, an offset from 1; place() says which file,
-- line and column it is.

local source = {}
source.__index = source

--- A source of one file.
---@param name string what messages call it
---@param text string
function source.new(name, text)
    local self = setmetatable({ name = name, text = "", files = {} }, source)
    self:add(name, text)
    return self
end

--- Adds a file at the end. Returns the position of its first character.
---@param name string
---@param text string
---@return integer
function source:add(name, text)
    -- The newline between files is no part of either: it keeps the end of one and the beginning of
    -- the next apart.
    local first = #self.files == 0 and 1 or #self.text + 2
    self.text = #self.files == 0 and text or self.text .. "\n" .. text
    self.files[#self.files + 1] = { name = name, first = first, last = first + #text }
    return first
end

-- The file that a position is in.
local function file_of(self, at)
    for i = #self.files, 2, -1 do
        if at >= self.files[i].first then
            return self.files[i]
        end
    end
    return self.files[1]
end

-- Where the lines of a file begin.
local function lines_of(self, file)
    if not file.lines then
        local lines = { file.first }
        for ended, after in self.text:sub(file.first, file.last - 1):gmatch "([\r\n])()" do
            local at = file.first + after - 1
            if ended == "\n" or self.text:byte(at) ~= 10 then
                lines[#lines + 1] = at
            end
        end
        file.lines = lines
    end
    return file.lines
end

--- The place of a position: file, line and column (both from 1; columns are bytes), and the text of
--- that line. A position outside the text means its nearest end.
---@param at integer
function source:place(at)
    at = math.max(1, math.min(at, #self.text + 1))
    local file = file_of(self, at)
    at = math.min(at, file.last)
    local lines = lines_of(self, file)
    local low, high = 1, #lines
    while low < high do
        local middle = (low + high + 1) // 2
        if lines[middle] <= at then
            low = middle
        else
            high = middle - 1
        end
    end
    local stop = low < #lines and lines[low + 1] - 2 or file.last - 1
    local text = self.text:sub(lines[low], stop):gsub("\r$", "")
    return { file = file.name, line = low, column = at - lines[low] + 1, text = text }
end

return source
