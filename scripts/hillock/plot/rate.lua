-- SPDX-License-Identifier: BSD-3-Clause
-- rate: the mean rate of a population in time, in bins or smoothed by a kernel.

local analysis = require "hillock.analysis"
local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"
local source = require "hillock.plot.source"

local own = {
    name = "string", groups = "any", bin = "positive", from = "number", to = "number",
    n = "count from 1", kernel = "string", width = "positive",
}

-- The bins as steps; with `closed` an outline, from the axis up and down again.
local function steps_of(rate, bin, closed)
    local x, y = {}, {}
    if closed then
        x[1], y[1] = rate.t[1] - bin / 2, 0
    end
    for i = 1, #rate.t do
        local low, high = rate.t[i] - bin / 2, rate.t[i] + bin / 2
        x[#x + 1], y[#y + 1] = low, rate.rate[i]
        x[#x + 1], y[#y + 1] = high, rate.rate[i]
    end
    if closed then
        x[#x + 1], y[#y + 1] = rate.t[#rate.t] + bin / 2, 0
    end
    return x, y
end

local function layers_of(rate, options, colour, alone, out)
    if options.kernel then
        out[#out + 1] = { type = "lines", x = rate.t, y = rate.rate, colour = colour, width = 1.2 }
        return
    end
    local x, y = steps_of(rate, options.bin or 10, alone)
    if alone then
        out[#out + 1] = { type = "areas", { x = x, y = y }, colour = colour, pale = 0.55 }
    end
    out[#out + 1] = { type = "lines", x = x, y = y, colour = colour, width = 1 }
end

--- The rate of a population: see scripts/plot.md.
---@param options table
return function(options)
    local what = "rate"
    panel.options(what, options, own)
    local list, rows = source.events(what, options[1], options.name or "spikes", "cell",
        options.groups)
    local duration = options.to or source.duration(options[1])
    if not duration then
        keys.fail("%s: 'to' is missing: where time ends, ms", what)
    end
    local layers, legend, rates, columns = {}, {}, {}, {}
    for g, group in ipairs(list) do
        local rate = analysis.rate(group.t, {
            n = options.n or (list[2] and group.n) or math.max(1, rows), bin = options.bin,
            from = options.from,
            to = duration, kernel = options.kernel, width = options.width,
        })
        local colour = group.color or panel.colour(what, options, g)
        layers_of(rate, options, colour, #list == 1, layers)
        legend[g] = { name = group.name, colour = colour, mark = "line" }
        rates[g] = rate.rate
        columns[1] = { "t_ms", rate.t }
        columns[g + 1] = { group.name and group.name .. "_Hz" or "rate_Hz", rate.rate }
    end
    local y = panel.axis(what, "rate", "Hz", rates, 0)
    y.low, y.high = 0, math.max(1e-9, y.high * 1.08)
    return panel.new(what, options, {
        kind = "rate", time = true, columns = columns, layers = layers, title = "Population rate",
        x = { label = "time", unit = "ms", low = options.from or 0, high = duration }, y = y,
        legend = #list > 1 and legend or nil, natural = 3.2,
    })
end
