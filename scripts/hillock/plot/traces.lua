-- SPDX-License-Identifier: BSD-3-Clause
-- traces: values against time: stacked above each other, each in a colour of its own with a scale
-- bar, or over each other with an axis.

local axis = require "hillock.plot.axis"
local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"
local source = require "hillock.plot.source"
local text = require "hillock.plot.text"

local MOST <const> = 60 -- stacked

local own = {
    name = "string", traces = "table", names = "table", stack = "boolean", offset = "positive",
}

-- 1, 2 or 5 times a power of ten, the greatest that is not above x.
local function round_down(x)
    local power = 10.0 ^ math.floor(math.log(x, 10) + 1e-9)
    for _, m in ipairs { 5, 2 } do
        if m * power <= x * (1 + 1e-9) then
            return m * power
        end
    end
    return power
end

local function columns_of(list, name)
    local columns = { { "t_ms", list[1].t } }
    for _, trace in ipairs(list) do
        columns[#columns + 1] = { ("%s.%d"):format(name, trace.number), trace.v }
    end
    return columns
end

-- Each trace above the one before; the tick stands where it begins.
local function stacked(what, list, options, unit)
    local apart = options.offset
    if not apart then
        apart = 0
        for _, trace in ipairs(list) do
            local low, high = axis.extent { trace.v }
            if not low then
                keys.fail("%s: trace %d has no numbers", what, trace.number)
            end
            apart = math.max(apart, high - low)
        end
        apart = apart > 0 and apart * 1.08 or 1
    end
    local layers, ticks, moved = {}, {}, {}
    local every = math.max(1, math.ceil(#list / 20))
    for k, trace in ipairs(list) do
        local up, base, shifted = (k - 1) * apart, axis.extent { trace.v } or 0, {}
        for i = 1, #trace.v do
            shifted[i] = trace.v[i] - base + up
        end
        moved[k] = shifted
        layers[k] = {
            type = "lines", series = true, x = trace.t, y = shifted, width = 0.6,
            colour = panel.colour(what, options, k),
        }
        if (k - 1) % every == 0 then
            ticks[#ticks + 1] = { up + 0.12 * apart, options.names and options.names[k]
                or tostring(trace.number) }
        end
    end
    local y = panel.axis(what, "cell", nil, moved, 0.02)
    y.list = ticks
    local length = round_down(apart)
    local bar = { along = "y", length = length,
        text = ("%s%s"):format(text.number(length, length < 1 and 3 or 0),
            unit and " " .. text.unit(unit) or "") }
    return layers, y, { bar }
end

local function overlaid(what, list, options, unit, label)
    local layers, lists, legend = {}, {}, {}
    for k, trace in ipairs(list) do
        local colour = panel.colour(what, options, k)
        lists[k] = trace.v
        layers[k] = { type = "lines", series = true, x = trace.t, y = trace.v, colour = colour }
        legend[k] = { colour = colour, mark = "line",
            name = options.names and options.names[k] or ("cell %d"):format(trace.number) }
    end
    return layers, panel.axis(what, label, unit, lists), #list > 1 and #list <= 12 and legend or nil
end

--- Traces of a result, a recording or { t =, v = }: see scripts/plot.md.
---@param options table
return function(options)
    local what = "traces"
    panel.options(what, options, own)
    local list, name = source.traces(what, options[1], options.name, options.traces)
    local unit, label = source.unit(name)
    local drawing = {
        kind = "traces", time = true, columns = columns_of(list, name),
        title = label:gsub("^%l", string.upper, name == "v" and 1 or 0),
        x = panel.axis(what, "time", "ms", { list[1].t }, 0),
    }
    local stack = options.stack
    if stack == nil then
        stack = #list > 1
    end
    if stack then
        if #list > MOST then
            keys.fail("%s: %d traces do not fit above each other: choose some, as in "
                .. "traces = { 1, 2 }", what, #list)
        end
        drawing.layers, drawing.y, drawing.bars = stacked(what, list, options, unit)
        drawing.natural = 1.8 + 0.42 * #list
    else
        drawing.layers, drawing.y, drawing.legend = overlaid(what, list, options, unit, label)
        drawing.natural = 4.5
    end
    return panel.new(what, options, drawing)
end
