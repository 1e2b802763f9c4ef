-- SPDX-License-Identifier: BSD-3-Clause
-- phase: one variable against another, or a trace against its own slope.

local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"
local source = require "hillock.plot.source"
local text = require "hillock.plot.text"

local own = {
    name = "string", against = "string", trace = "count from 1", from = "number", to = "number",
}

-- The slope by central differences; the first and last samples have none.
local function slope(t, v)
    local x, y = {}, {}
    for i = 2, #v - 1 do
        x[#x + 1], y[#y + 1] = v[i], (v[i + 1] - v[i - 1]) / (t[i + 1] - t[i - 1])
    end
    return x, y
end

-- The part of a trace from `from` to `to`.
local function part(t, v, from, to)
    if not from and not to then
        return t, v
    end
    local T, V = {}, {}
    for i = 1, #t do
        if t[i] >= (from or -math.huge) and t[i] <= (to or math.huge) then
            T[#T + 1], V[#V + 1] = t[i], v[i]
        end
    end
    return T, V
end

local function label_of(name)
    local unit, label = source.unit(name)
    return label == "membrane potential" and "v" or label, unit
end

--- A phase plane: see scripts/plot.md.
---@param options table
return function(options)
    local what = "phase"
    panel.options(what, options, own)
    local which = { options.trace or 1 }
    local list, name = source.traces(what, options[1], options.name, which)
    local t, v = part(list[1].t, list[1].v, options.from, options.to)
    if #v < 3 then
        keys.fail("%s: there is nothing to draw: %d samples", what, #v)
    end
    local x_label, x_unit = label_of(name)
    local x, y, y_label, y_unit
    if options.against then
        local other = source.traces(what, options[1], options.against, which)
        x = v
        local _
        _, y = part(other[1].t, other[1].v, options.from, options.to)
        if #y ~= #x then
            keys.fail("%s: %s has %d samples and %s %d", what, name, #x, options.against, #y)
        end
        y_label, y_unit = label_of(options.against)
    else
        x, y = slope(t, v)
        y_label, y_unit = ("d%s/dt"):format(x_label), x_unit and text.unit(x_unit) .. "/ms" or nil
    end
    return panel.new(what, options, {
        kind = "phase", title = "Phase plane", natural = 6,
        layers = { { type = "lines", x = x, y = y, width = 0.8,
            colour = panel.colour(what, options, 1) } },
        columns = { { x_label, x }, { y_label, y } },
        x = panel.axis(what, x_label, x_unit, { x }), y = panel.axis(what, y_label, y_unit, { y }),
    })
end
