-- SPDX-License-Identifier: BSD-3-Clause
-- morphology: a cell in space, with its diameters, coloured by domain or by a value of its
-- segments.

local axis = require "hillock.plot.axis"
local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"
local segments = require "hillock.plot.segments"
local shape = require "hillock.plot.shape"
local text = require "hillock.plot.text"

local own = { plane = "string", scale = "positive" }
for key, types in pairs(segments.options) do
    own[key] = types
end

local LEVELS <const> = 48 -- of colours
local LEAST <const> = 0.35 -- pt: how thin a process may get on paper

-- A layer for each colour, made when it is first needed.
local function layer_for(layers, by, key, colour)
    if not by[key] then
        by[key] = { type = "areas", colour = colour, edge = LEAST }
        layers[#layers + 1] = by[key]
    end
    return by[key]
end

-- The colour's key and colour of each segment, by value.
local function by_value(bar, values)
    return function(i)
        local value = values[i]
        if value ~= value then
            return "none", "faint"
        end
        local level = math.floor((value - bar.low) / (bar.high - bar.low) * LEVELS)
        level = math.max(0, math.min(LEVELS - 1, level))
        return level, { value = (level + 0.5) / LEVELS }
    end
end

-- The least and greatest of the areas' corners, as axes.
local function axes_of(layers)
    local x, y = {}, {}
    for _, layer in ipairs(layers) do
        for _, area in ipairs(layer) do
            x[#x + 1], y[#y + 1] = area.x, area.y
        end
    end
    local a, b = {}, {}
    for one, lists in pairs { [a] = x, [b] = y } do
        local low, high = axis.extent(lists)
        one.low, one.high = axis.padded(low, high, 0.02)
    end
    return a, b
end

-- About a third of the width, 1, 2 or 5 times a power of ten.
local function scale_length(x, y)
    local wanted = math.max(x.high - x.low, 0.4 * (y.high - y.low)) / 3
    local power = 10.0 ^ math.floor(math.log(wanted, 10))
    return (wanted >= 5 * power and 5 or wanted >= 2 * power and 2 or 1) * power
end

local function columns_of(state, values, label)
    local names, numbers = {}, {}
    for i = 1, state.core:segments() do
        local segment = state.segment(state, i)
        names[i], numbers[i] = segment.name, values and values[i] or segment.diam
    end
    return { { "segment", names }, { values and label or "diam_um", numbers } }
end

--- A picture of a cell: see scripts/plot.md.
---@param options table
return function(options)
    local what = "morphology"
    panel.options(what, options, own)
    local state = segments.cell(what, options[1], options.type)
    local u, v = shape.plane(options.plane or "xy")
    if not u then
        keys.fail("%s: plane: two of the letters x, y and z are wanted, not '%s'", what,
            options.plane)
    end
    local values, label, unit = segments.of(what, state, options)
    local names, number = segments.domains(state)
    local bar, pick = nil, nil
    if values then
        bar = panel.axis(what, label, unit, { values }, 0)
        pick = by_value(bar, values)
    end
    local layers, by, legend = {}, {}, {}
    for _, one in ipairs(shape.sections(state)) do
        local d = number[one.section.domain]
        local colour = panel.colour(what, options, d)
        shape.pieces(one, u, v, function(area, segment)
            local key, shade = d, colour
            if pick then
                key, shade = pick(segment)
            end
            table.insert(layer_for(layers, by, key, shade), area)
        end)
    end
    for d, name in ipairs(values and {} or names) do
        legend[d] = { name = name, colour = panel.colour(what, options, d), mark = "area" }
    end
    local x, y = axes_of(layers)
    local length = options.scale or scale_length(x, y)
    return panel.new(what, options, {
        kind = "morphology", layers = layers, colorbar = bar, legend = not values and legend or nil,
        title = options.t and ("%s, %g ms"):format(state.name, options.t) or state.name,
        frame = "none", equal = "fit", natural = 8, x = x, y = y,
        bars = { { along = "x", length = length,
            text = ("%s µm"):format(text.number(length, length < 1 and 2 or 0)) } },
        columns = columns_of(state, values, label),
    })
end
