-- SPDX-License-Identifier: BSD-3-Clause
-- fi: the rate of firing against the current, of one cell or of several.

local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"

local own = { names = "table" }

-- Curves { current =, rate =, name = }: the table itself, or its list.
local function curves_of(what, value)
    keys.value(what, value, "table")
    local list = value.current and { value } or value
    for i, one in ipairs(list) do
        local which = #list > 1 and ("%s: curve %d"):format(what, i) or what
        keys.check(which, one, { current = "list!", rate = "list!", name = "string" })
        keys.numbers(which .. ": current", one.current)
        keys.numbers(which .. ": rate", one.rate)
        if #one.current ~= #one.rate or #one.current == 0 then
            keys.fail("%s: %d currents and %d rates", which, #one.current, #one.rate)
        end
    end
    if #list == 0 then
        keys.fail("%s: there is nothing to draw: { current =, rate = } is wanted", what)
    end
    return list
end

--- Rate against current: see scripts/plot.md.
---@param options table
return function(options)
    local what = "fi"
    panel.options(what, options, own)
    local list = curves_of(what, options[1])
    local layers, legend, currents, rates, columns = {}, {}, {}, {}, {}
    for i, one in ipairs(list) do
        local colour = panel.colour(what, options, i)
        local x, y = one.current, one.rate
        layers[#layers + 1] = { type = "lines", x = x, y = y, colour = colour, width = 1 }
        layers[#layers + 1] = { type = "dots", x = x, y = y, colour = colour, size = 3.6 }
        legend[i] = { name = one.name or ("cell %d"):format(i), colour = colour, mark = "line" }
        currents[i], rates[i] = x, y
        local tail = #list > 1 and "." .. i or ""
        columns[#columns + 1] = { "current_nA" .. tail, x }
        columns[#columns + 1] = { "rate_Hz" .. tail, y }
    end
    local y = panel.axis(what, "rate", "Hz", rates)
    y.low = 0
    return panel.new(what, options, {
        kind = "fi", title = "f-I curve", layers = layers, columns = columns, natural = 5.5,
        x = panel.axis(what, "current", "nA", currents, 0.03), y = y,
        legend = #list > 1 and legend or nil,
    })
end
