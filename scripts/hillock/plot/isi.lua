-- SPDX-License-Identifier: BSD-3-Clause
-- isi: how often which interval lies between two spikes of one cell.

local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"
local source = require "hillock.plot.source"

local own = { name = "string", groups = "any", bin = "positive", to = "positive" }

-- Intervals between spikes that follow each other in one row.
local function intervals_of(list)
    local intervals, last = {}, {}
    for _, group in ipairs(list) do
        for i = 1, #group.t do
            local row = group.row[i]
            if last[row] then
                intervals[#intervals + 1] = group.t[i] - last[row]
            end
            last[row] = group.t[i]
        end
    end
    return intervals
end

local function mean_and_cv(intervals)
    local sum, squares = 0, 0
    for _, x in ipairs(intervals) do
        sum = sum + x
    end
    local mean = sum / #intervals
    for _, x in ipairs(intervals) do
        squares = squares + (x - mean) ^ 2
    end
    return mean, math.sqrt(squares / #intervals) / mean
end

-- The bars' outline.
local function histogram(intervals, bin, to)
    local count, most = {}, 0
    local bins = math.ceil(to / bin - 1e-9)
    for k = 1, bins do
        count[k] = 0
    end
    for _, x in ipairs(intervals) do
        local k = math.floor(x / bin) + 1
        if k <= bins then
            count[k] = count[k] + 1
            most = math.max(most, count[k])
        end
    end
    return count, most
end

--- A histogram of intervals: see scripts/plot.md. [1] may be the intervals themselves.
---@param options table
return function(options)
    local what = "isi"
    panel.options(what, options, own)
    local value, intervals = options[1]
    if type(value) == "userdata" or type(value) == "table" and getmetatable(value) == nil
        and value.t == nil then
        intervals = {}
        for i, x in ipairs(keys.numbers(what, value)) do
            intervals[i] = x
        end
    else
        intervals = intervals_of((source.events(what, value, options.name or "spikes", "cell",
            options.groups)))
    end
    if #intervals == 0 then
        keys.fail("%s: there is nothing to draw: no cell has two spikes", what)
    end
    local most = 0
    for _, x in ipairs(intervals) do
        most = math.max(most, x)
    end
    local to = options.to or most * 1.02
    local bin = options.bin or 10.0 ^ math.floor(math.log(to / 20, 10) + 0.7)
    local count, highest = histogram(intervals, bin, to)
    local bars, from = { type = "areas", colour = panel.colour(what, options, 1), edge = 0.6,
        edge_colour = "ground" }, {}
    for k, n in ipairs(count) do
        local a, b = (k - 1) * bin, k * bin
        from[k] = a
        if n > 0 then
            table.insert(bars, { x = { a, a, b, b, a }, y = { 0, n, n, 0, 0 } })
        end
    end
    local mean, cv = mean_and_cv(intervals)
    return panel.new(what, options, {
        kind = "isi", title = "Interspike intervals", natural = 5, layers = { bars },
        columns = { { "from_ms", from }, { "count", count } },
        x = { label = "interval", unit = "ms", low = 0, high = #count * bin },
        y = { label = "intervals", low = 0, high = highest * 1.08, whole = true },
        legend = { { mark = "area", colour = panel.colour(what, options, 1),
            name = ("n = %d, mean %.3g ms, CV %.2f"):format(#intervals, mean, cv) } },
    })
end
