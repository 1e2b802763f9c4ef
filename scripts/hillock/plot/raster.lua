-- SPDX-License-Identifier: BSD-3-Clause
-- raster: a mark for each spike at its time and its cell, or for each event of an input.

local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"
local source = require "hillock.plot.source"

local raster = {}

local own = {
    name = "string", groups = "any", color = "string", size = "positive", to = "positive",
}

local FEW <const> = 40 -- rows that have upright strokes instead of dots

local function check_color(what, color, list)
    color = color or (#list > 1 and "group" or "cell")
    if color ~= "cell" and color ~= "group" and color ~= "one" then
        keys.fail("%s: color: \"cell\", \"group\" or \"one\" is wanted, not '%s'", what, color)
    end
    return color
end

-- Strokes or dots of one colour.
local function layer_of(t, row, rows, colour, size)
    if rows > FEW then
        return { type = "dots", x = t, y = row, colour = colour, size = size }
    end
    local x0, y0, y1 = t, {}, {}
    for i = 1, #row do
        y0[i], y1[i] = row[i] - 0.36, row[i] + 0.36
    end
    return { type = "pieces", x0 = x0, y0 = y0, x1 = x0, y1 = y1, colour = colour,
        width = size or 1 }
end

-- A layer for each row.
local function by_row(what, group, rows, options, layers)
    local t, row = {}, {}
    for i = 1, #group.t do
        local k = group.row[i]
        if not t[k] then
            t[k], row[k] = {}, {}
        end
        table.insert(t[k], group.t[i])
        table.insert(row[k], k)
    end
    for k = 1, rows do
        if t[k] then
            layers[#layers + 1] = layer_of(t[k], row[k], rows, panel.colour(what, options, k),
                options.size or rows > FEW and 1.1 or nil)
        end
    end
end

-- Dots of so many rows and events that they are seen and do not run into each other.
local function dot_size(rows, n)
    return rows > 2000 and n > 5000 and 0.7 or rows > 200 and 0.9 or 1.2
end

local function columns_of(list, column)
    local t, row, name = {}, {}, {}
    for _, group in ipairs(list) do
        for i = 1, #group.t do
            t[#t + 1], row[#row + 1] = group.t[i], group.row[i]
            name[#name + 1] = group.name or ""
        end
    end
    return { { "t_ms", t }, { column, row }, { "group", name } }
end

-- A panel of events: `word` is what a row is.
function raster.draw(what, options, word, name)
    panel.options(what, options, own)
    local list, rows = source.events(what, options[1], options.name or name, word, options.groups)
    local total, times, layers, legend = 0, {}, {}, {}
    for g, group in ipairs(list) do
        total, times[g] = total + #group.t, group.t
    end
    if total == 0 then
        keys.fail("%s: there is nothing to draw: no %s", what, name)
    end
    local color = check_color(what, options.color, list)
    for g, group in ipairs(list) do
        local colour = group.color or panel.colour(what, options, color == "one" and 1 or g)
        if color == "cell" and rows <= FEW * 5 then
            by_row(what, group, rows, options, layers)
        else
            layers[#layers + 1] = layer_of(group.t, group.row, rows, colour,
                options.size or rows > FEW and dot_size(rows, total) or nil)
        end
        legend[g] = { name = group.name, colour = colour, mark = "dot" }
    end
    local x = panel.axis(what, "time", "ms", times, 0)
    x.low, x.high = math.min(0, x.low), options.to or source.duration(options[1]) or x.high
    return panel.new(what, options, {
        kind = what, time = true, columns = columns_of(list, word), layers = layers,
        title = what == "inputs" and "Inputs" or "Spikes", x = x,
        y = { label = word, low = 0.5 - 0.02 * rows, high = 0.5 + 1.02 * rows, whole = true },
        legend = #list > 1 and color == "group" and legend or nil,
        natural = math.max(3, math.min(5, 2 + 0.15 * rows)),
    })
end

--- Spikes of a result, a recording or { t =, cell = }: see scripts/plot.md.
---@param options table
function raster.spikes(options)
    return raster.draw("raster", options, "cell", "spikes")
end

--- Events of inputs, as net:record "inputs" has them: see scripts/plot.md.
---@param options table
function raster.inputs(options)
    return raster.draw("inputs", options, "input", "inputs")
end

return raster
