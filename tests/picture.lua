-- SPDX-License-Identifier: BSD-3-Clause
-- picture: what is on a picture, for tests that look at one.
--
--     local seen = require "picture".svg "a.svg"
--     seen.width, seen.height     px
--     seen.texts                  the list of its words, in the order of drawing
--     seen:has "time (ms)"        is it one of them?
--     seen.colours                how many pieces have which colour: { ["#0072b2"] = 12 }

local picture = {}
picture.__index = picture

local function read(path)
    local file <close> = assert(io.open(path, "rb"))
    return file:read "a"
end

local entities = { ["&lt;"] = "<", ["&gt;"] = ">", ["&amp;"] = "&", ["&quot;"] = '"' }

function picture.svg(path)
    local text = read(path)
    local seen = setmetatable({ texts = {}, colours = {}, size = #text }, picture)
    assert(text:sub(-8):find("</svg>", 1, true), path .. " is whole")
    local width, height = text:match 'viewBox="0 0 ([%d.]+) ([%d.]+)"'
    seen.width, seen.height = tonumber(width), tonumber(height)
    for words in text:gmatch "<text>(.-)</text>" do
        words = words:gsub("<[^>]*>", ""):gsub("&%l+;", entities)
        seen.texts[#seen.texts + 1] = words
    end
    for kind, body in text:gmatch "<(%l+)([^>]*)>" do
        local r, g, b = body:match "rgb%( *(%d+), *(%d+), *(%d+)%)"
        if r and (kind == "path" or kind == "polygon" or kind == "rect") then
            local colour = ("#%02x%02x%02x"):format(r, g, b)
            local _, n = body:gsub("M", "")
            seen.colours[colour] = (seen.colours[colour] or 0) + math.max(1, n)
        end
    end
    return seen
end

function picture:has(words)
    for _, one in ipairs(self.texts) do
        if one == words then
            return true
        end
    end
    return false
end

-- The words as one text, for messages.
function picture:said()
    return table.concat(self.texts, " | ")
end

-- Width and height of a PNG, px, and the least, greatest and mean of its red channel, by gnuplot.
function picture.png(path)
    local head = read(path)
    local width, height = (">I4I4"):unpack(head, 17)
    local command = ([[gnuplot -e "set table; plot '%s' binary filetype=png using 1:2:3 ]]
        .. [[with rgbimage" 2>&1]]):format(path)
    local least, greatest, sum, n = 255, 0, 0, 0
    local pipe <close> = io.popen(command)
    for line in pipe:lines() do
        local red = tonumber(line:match "^%s*%S+%s+%S+%s+(%d+)%s+%d+%s+%d+")
        if red then
            least, greatest = math.min(least, red), math.max(greatest, red)
            sum, n = sum + red, n + 1
        end
    end
    assert(n == width * height, path .. " has all its pixels")
    return { width = width, height = height, least = least, greatest = greatest, mean = sum / n }
end

-- Width and height of a PDF's page, pt.
function picture.pdf(path)
    local text = read(path)
    local width, height = text:match "/MediaBox %[ *0 0 ([%d.]+) ([%d.]+)"
    return { width = tonumber(width), height = tonumber(height),
        whole = text:sub(1, 5) == "%PDF-" and text:sub(-16):find "%%%%EOF" ~= nil }
end

function picture.drawn()
    return os.execute "gnuplot --version >/dev/null 2>&1"
end

return picture
