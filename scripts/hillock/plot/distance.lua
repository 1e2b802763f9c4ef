-- SPDX-License-Identifier: BSD-3-Clause
-- distance: a parameter, or another value of segments, against their distance from the soma.

local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"
local segments = require "hillock.plot.segments"

--- A parameter against distance: see scripts/plot.md.
---@param options table
return function(options)
    local what = "distance"
    panel.options(what, options, segments.options)
    local state = segments.cell(what, options[1], options.type)
    local values, label, unit = segments.of(what, state, options)
    if not values then
        keys.fail("%s: 'parameter' is missing, as in parameter = \"Na.gbar\"", what)
    end
    local names, number = segments.domains(state)
    local layers, legend, x, y, domain = {}, {}, {}, {}, {}
    for i = 1, #values do
        local segment = state.segment(state, i)
        if values[i] == values[i] then
            local d = number[segment.domain]
            if not layers[d] then
                local colour = panel.colour(what, options, d)
                layers[d] = { type = "dots", x = {}, y = {}, colour = colour, size = 3.2 }
                legend[d] = { name = names[d], colour = colour, mark = "dot" }
            end
            table.insert(layers[d].x, segment.distance)
            table.insert(layers[d].y, values[i])
            x[#x + 1], y[#y + 1], domain[#domain + 1] = segment.distance, values[i], segment.name
        end
    end
    local drawn, named = {}, {}
    for d = 1, #names do
        drawn[#drawn + 1], named[#named + 1] = layers[d], legend[d]
    end
    local x_axis = panel.axis(what, "distance from the soma", "um", { x }, 0.03)
    local y_axis = panel.axis(what, label, unit, { y })
    if y_axis.low < 0 and math.min(table.unpack(y, 1, math.min(#y, 200))) >= 0 then
        y_axis.low = 0
    end
    return panel.new(what, options, {
        kind = "distance", title = ("%s: %s"):format(state.name, label), layers = drawn,
        legend = #named > 1 and named or nil, natural = 5.5, x = x_axis, y = y_axis,
        columns = { { "segment", domain }, { "distance_um", x }, { label, y } },
    })
end
