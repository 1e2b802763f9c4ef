-- SPDX-License-Identifier: BSD-3-Clause
-- layout: where the panels of a figure stand, in pt from its lower left corner: margins as wide as
-- their labels, ticks a comfortable distance apart, boxes of one column under each other.

local keys = require "hillock.keys"
local axis = require "hillock.plot.axis"
local text = require "hillock.plot.text"
local theme = require "hillock.plot.theme"

local layout = {}

local size = theme.size
local LINE <const> = 1.3 -- of a line of text, by the letters' size
local TICK <const> = 3
local GAP <const> = 7 -- between panels
local EDGE <const> = 4 -- around the figure
local X_APART <const>, Y_APART <const> = 32, 18 -- of ticks
local LEAST <const> = 18 -- of a box
layout.bar = { gap = 7, width = 6 } -- of a colour bar

-- The entries of a legend in lines that are at most `room` wide: lists of { entry, offset }.
local function legend_lines(entries, room)
    local lines, line, at = {}, {}, 0
    for _, entry in ipairs(entries or {}) do
        local width = 12 + text.width(entry.name, size.small)
        if at > 0 and at + 9 + width > room then
            line.width = at
            lines[#lines + 1], line, at = line, {}, 0
        end
        local from = at > 0 and at + 9 or 0
        line[#line + 1] = { entry = entry, at = from }
        at = from + width
    end
    line.width = at
    lines[#lines + 1] = #line > 0 and line or nil
    return lines
end

local function widest(ticks)
    local most = 0
    for _, tick in ipairs(ticks) do
        most = math.max(most, text.width(tick[2], size.small))
    end
    return most
end

local function has_axes(p)
    return p.frame ~= "none"
end

local function left_of(p)
    if not has_axes(p) then
        return 0
    end
    return TICK + 3 + widest(p.y.ticks) + (axis.title(p.y) and size.text * LINE + 2 or 0)
end

local function right_of(p)
    local last = p.x.ticks[#p.x.ticks]
    local shown = has_axes(p) and last and not p.x.hidden
    if p.colorbar then
        local bar = p.colorbar
        return layout.bar.gap + layout.bar.width + TICK + 2 + widest(bar.ticks)
            + (axis.title(bar) and size.text * LINE + 3 or 0)
    elseif p.bars and p.bars[1].along == "y" then
        return 6 + size.small * LINE
    end
    return shown and text.width(last[2], size.small) / 2 or 0
end

local function bottom_of(p)
    if not has_axes(p) then
        return p.bars and size.small * LINE + 8 or 0
    elseif p.x.hidden then
        return TICK + 1
    end
    return TICK + 2 + size.small * LINE + (axis.title(p.x) and size.text * LINE or 0)
end

-- The names of marked windows in rows, none over another: { name, middle, row } each.
local function window_names(p, width)
    local names, ends = {}, {}
    for _, window in ipairs(p.window_names and p.windows or {}) do
        local from, to = math.max(window[1], p.x.low), math.min(window[2], p.x.high)
        if from < to and window[3] and window[3] ~= "" then
            local half = text.width(window[3], size.small) / 2
            local middle = ((from + to) / 2 - p.x.low) / (p.x.high - p.x.low) * width
            middle = math.max(half, math.min(width - half, middle))
            local row = 1
            while ends[row] and ends[row] > middle - half do
                row = row + 1
            end
            ends[row] = middle + half + 4
            names[#names + 1] = { window[3], middle, row }
        end
    end
    return names, #ends
end

-- The title, the legend beside it or under it, the names of windows.
local function top_of(p, width)
    local lines = legend_lines(p.legend, width)
    local title = p.title and text.width(p.title, size.title) * 1.1 or 0
    p.legend_lines = lines
    p.legend_beside = #lines == 1 and title + 14 + lines[1].width <= width
    local rows = #lines - ((p.legend_beside or not p.title) and #lines > 0 and 1 or 0)
    local top = (p.title or #lines > 0) and size.title * LINE + 3 or size.small / 2
    p.legend_rows = rows
    top = top + rows * size.small * LINE
    local names
    p.named_windows, names = window_names(p, width)
    return top + names * size.small * LINE
end

-- ---- a grid

-- What all the panels of a column, or of a row, need at most.
local function most(list, of, ...)
    local greatest = 0
    for _, p in ipairs(list) do
        greatest = math.max(greatest, of(p, ...))
    end
    return greatest
end

local function column_of(rows, c)
    local list = {}
    for _, row in ipairs(rows) do
        list[#list + 1] = row[c]
    end
    return list
end

local function even(rows)
    for _, row in ipairs(rows) do
        if #row ~= #rows[1] then
            return false
        end
    end
    return true
end

local function few(a) -- rows that are counted
    return a.whole and a.high - a.low < 14
end

local function set_ticks(p)
    axis.ticks(p.x, p.width or 200, few(p.x) and X_APART / 2 or X_APART)
    axis.ticks(p.y, p.height or 80, few(p.y) and Y_APART / 2 or Y_APART)
    if p.colorbar then
        axis.ticks(p.colorbar, p.height or 80, Y_APART)
    end
end

-- Sets left and width of the panels of one row; `group(c)` are those that share a column's margins.
local function across(row, group, width)
    local margins, room = {}, width - 2 * EDGE - (#row - 1) * GAP
    for c in ipairs(row) do
        local list = group(c)
        margins[c] = { most(list, left_of), most(list, right_of) }
        room = room - margins[c][1] - margins[c][2]
    end
    local at = EDGE
    for c, p in ipairs(row) do
        p.left, p.width = at + margins[c][1], room / #row
        p.y_room = most(group(c), function(q) return has_axes(q) and widest(q.y.ticks) or 0 end)
        at = p.left + p.width + margins[c][2] + GAP
    end
end

-- Sets bottom and height; `above` is what the figure's title takes.
local function down(rows, height, above)
    local tops, bottoms, wanted, room = {}, {}, 0, height - above - 2 * EDGE - (#rows - 1) * GAP
    for r, row in ipairs(rows) do
        tops[r] = 0
        for _, p in ipairs(row) do
            tops[r] = math.max(tops[r], top_of(p, p.width))
        end
        bottoms[r] = most(row, bottom_of)
        room = room - tops[r] - bottoms[r]
        wanted = wanted + most(row, function(p) return p.natural end)
    end
    local at = height - above - EDGE
    for r, row in ipairs(rows) do
        local share = most(row, function(p) return p.natural end) / wanted
        for _, p in ipairs(row) do
            p.height = room * share
            p.bottom, p.top = at - tops[r] - p.height, at
        end
        at = at - tops[r] - room * share - bottoms[r] - GAP
    end
end

-- One scale for both axes: the one that has room to spare shows more, or the box shrinks.
local function equalise(p)
    local x, y = p.x.high - p.x.low, p.y.high - p.y.low
    local unit = math.min(p.width / x, p.height / y)
    if p.equal == "box" then
        local width, height = x * unit, y * unit
        p.left, p.bottom = p.left + (p.width - width) / 2, p.bottom + (p.height - height)
        p.width, p.height = width, height
        return
    end
    local function spread(a, length)
        local middle, half = (a.low + a.high) / 2, length / unit / 2
        a.low, a.high = middle - half, middle + half
    end
    spread(p.x, p.width)
    spread(p.y, p.height)
end

--- The height in pt that suits the panels, and the figure's title.
function layout.natural(rows, above)
    local height = above + 2 * EDGE + (#rows - 1) * GAP
    for _, row in ipairs(rows) do
        height = height + most(row, function(p)
            return p.natural * 72 / 2.54
        end)
    end
    return height
end

--- Sets left, bottom, width and height of the box of each panel in the rows.
function layout.place(rows, width, height, above)
    local aligned = even(rows)
    for _ = 1, 3 do -- ticks need the boxes' sizes, and boxes the labels' widths
        for _, row in ipairs(rows) do
            for _, p in ipairs(row) do
                set_ticks(p)
            end
        end
        for _, row in ipairs(rows) do
            across(row, function(c)
                return aligned and column_of(rows, c) or { row[c] }
            end, width)
        end
        down(rows, height, above)
    end
    for _, row in ipairs(rows) do
        for _, p in ipairs(row) do
            if p.width < LEAST or p.height < LEAST then
                keys.fail("figure: the panels do not fit in %.4g cm by %.4g cm: give it a greater "
                    .. "size", width * 2.54 / 72, height * 2.54 / 72)
            end
            if p.equal then
                equalise(p)
                set_ticks(p)
            end
        end
    end
end

return layout
