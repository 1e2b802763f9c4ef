-- SPDX-License-Identifier: BSD-3-Clause
-- figure: panels on one picture: their order, shared axes, marked windows, and the files that come
-- of it.

local files = require "hillock.files"
local keys = require "hillock.keys"
local object = require "hillock.object"
local data = require "hillock.plot.data"
local gnuplot = require "hillock.plot.gnuplot"
local layout = require "hillock.plot.layout"
local panel = require "hillock.plot.panel"
local redirect = require "hillock.redirect"
local script = require "hillock.plot.script"
local theme = require "hillock.plot.theme"

local figure = {}

local allowed = {
    panels = "table!", size = "table", title = "string", theme = "string", share = "string|boolean",
    highlight = "table", path = "string!", script = "string", data = "boolean|string",
    dpi = "positive", needed = "boolean",
}

local cm <const> = 72 / 2.54
local px <const> = 72 / 96
local MOST <const> = 200 * cm -- of a side

-- ---- panels

-- The drawings of one panel: its parts, or itself; copies, for layout and sharing set them.
local function drawings(state)
    local list = {}
    for _, part in ipairs(state.parts or { state }) do
        local copy = {}
        for key, value in pairs(part) do
            copy[key] = value
        end
        for _, name in ipairs { "x", "y", "colorbar" } do
            local a = {}
            for key, value in pairs(part[name] or {}) do
                a[key] = value
            end
            copy[name] = part[name] and a
        end
        list[#list + 1] = copy
    end
    return list
end

local function row_of(what, list)
    local row = {}
    for i, one in ipairs(list) do
        local state = object.state(panel.Panel, one, ("%s: panels[%d]"):format(what, i))
        table.move(drawings(state), 1, #(state.parts or { 1 }), #row + 1, row)
    end
    return row
end

-- Rows of drawings: each element of `panels` is a panel, or a list of those of one row.
local function rows_of(what, panels)
    local rows = {}
    for i, one in ipairs(panels) do
        local is_row = type(one) == "table" and getmetatable(one) == nil
        rows[i] = row_of(what, is_row and one or { one })
        if #rows[i] == 0 then
            keys.fail("%s: panels: row %d is empty", what, i)
        end
    end
    if #rows == 0 then
        keys.fail("%s: panels: the list is empty", what)
    end
    return rows
end

-- ---- shared axes and windows

local function share_column(list)
    local low, high = math.huge, -math.huge
    for _, p in ipairs(list) do
        if p.x.fixed then
            low, high = p.x.low, p.x.high
            break
        end
        low, high = math.min(low, p.x.low), math.max(high, p.x.high)
    end
    for i, p in ipairs(list) do
        p.x.low, p.x.high = low, high
        p.x.hidden = i < #list
    end
end

local function share(what, rows, said)
    if said ~= nil and said ~= "x" and said ~= false then
        keys.fail("%s: share: \"x\", or false for none, is wanted, not %s", what,
            keys.describe(said))
    end
    for c = 1, #rows[1] do
        local list, all_time = {}, true
        for _, row in ipairs(rows) do
            list[#list + 1] = row[c]
            all_time = all_time and row[c] ~= nil and row[c].time
        end
        if said == "x" or said == nil and all_time and #list > 1 then
            share_column(list)
        end
    end
end

local function mark_windows(what, rows, windows)
    windows = windows and panel.windows(what, windows)
    local named = {}
    for _, row in ipairs(rows) do
        for c, p in ipairs(row) do
            p.windows = p.highlight or p.time and windows or nil
            local has_name = false
            for _, window in ipairs(p.windows or {}) do
                local seen = window[1] < p.x.high and window[2] > p.x.low
                has_name = has_name or seen and window[3] ~= nil and window[3] ~= ""
            end
            p.window_names = has_name and (p.highlight or not named[c])
            named[c] = named[c] or p.window_names
        end
    end
end

-- ---- size

-- A length in pt: a number is cm, "800 px" and "12 cm" say what they are. Its second value: px.
local function length(what, value)
    local number, unit = value, "cm"
    if type(value) == "string" then
        number, unit = value:match "^%s*([%d.]+)%s*(%a+)%s*$"
        number = tonumber(number)
    end
    if not number or type(number) ~= "number" or number <= 0 or (unit ~= "cm" and unit ~= "px") then
        keys.fail("%s: a number of cm, \"12 cm\" or \"800 px\" is a length, not %s", what,
            keys.describe(value))
    end
    local points = number * (unit == "cm" and cm or px)
    if points > MOST then
        keys.fail("%s: %s is more than 200 cm", what, tostring(value))
    end
    return points, unit == "px"
end

local function set_size(what, it, rows, given)
    given = given or {}
    local columns = 0
    for _, row in ipairs(rows) do
        columns = math.max(columns, #row)
    end
    local in_px
    it.width, in_px = length(what .. ": size[1]", given[1] or (columns > 1 and 17.6 or 8.5))
    local above = it.title and theme.size.title * 1.3 + 8 or 0
    it.above = above
    it.height = given[2] and length(what .. ": size[2]", given[2]) or layout.natural(rows, above)
    it.dpi = it.dpi or (in_px and 96 or 200)
end

-- ---- the picture

local formats = { png = true, svg = true, pdf = true }

local function format_of(what, path)
    local ending = path:match "%.([^./]+)$"
    local format = ending and ending:lower()
    if not formats[format or ""] then
        keys.fail("%s: path: a picture's name ends in .svg, .png or .pdf: '%s' does not", what,
            path)
    end
    return format
end

local function draw(what, it)
    local drawn, why, missing = gnuplot.draw(script.write(it), it.path, it.format, it.script)
    if missing and not it.needed then
        gnuplot.tell_missing(it.path)
        return nil
    elseif not drawn then
        keys.fail("%s: %s", what, why)
    end
    return it.path
end

local Figure = object.class {
    name = "figure",
    fields = {
        path = function(state) return state.drawn end,
        data = function(state) return state.data end,
        script = function(state) return state.script end,
    },
    meta = {
        __tostring = function(self)
            local state = object.test(object.classes.figure, self)
            return ("figure of %d panels, %s"):format(state.n, state.drawn or "not drawn")
        end,
    },
}

--- Draws panels: { panels = { panel, ... } (under each other) or { { panel, panel }, ... } (rows),
--- path = "x.svg", size = { width, height } (cm, or "800 px"), title =, theme =, share =, highlight
--- =, script =, data =, dpi =, needed = }. See scripts/plot.md.
---@param options table
function figure.new(options, what)
    what = what or "figure"
    keys.check(what, options, allowed)
    local rows = rows_of(what, options.panels)
    local it = {
        path = redirect.output(options.path), format = format_of(what, options.path),
        title = options.title, theme = theme.get(options.theme), dpi = options.dpi,
        needed = options.needed, script = redirect.output(options.script), panels = {},
    }
    set_size(what, it, rows, options.size)
    share(what, rows, options.share)
    mark_windows(what, rows, options.highlight)
    layout.place(rows, it.width, it.height, it.above)
    for _, row in ipairs(rows) do
        for _, p in ipairs(row) do
            it.panels[#it.panels + 1] = p
            p.number = #it.panels
        end
    end
    local written
    if options.data then
        local base = options.data == true and it.path:match "^(.*)%.[^./]+$"
            or redirect.output(options.data)
        written = data.write(what, base, it.panels, files)
    end
    local drawn = draw(what, it)
    return object.new(Figure, {
        n = #it.panels, drawn = drawn, data = written, script = options.script,
    })
end

return figure
