-- SPDX-License-Identifier: BSD-3-Clause
-- matrix: who is connected to whom: a square for each pair of cells, presynaptic ones down the
-- side.

local axis = require "hillock.plot.axis"
local links = require "hillock.plot.links"
local panel = require "hillock.plot.panel"

local own = { groups = "any", n = "count from 1", value = "string" }

local FINEST <const> = 100 -- cells a side that have squares of their own
local LEVELS <const> = 16 -- of colours

local function square(x, y, half)
    return { x = { x - half, x + half, x + half, x - half, x - half },
        y = { y - half, y - half, y + half, y + half, y - half } }
end

-- Sums of the links by square of `block` cells a side: a list of { pre, post, value }.
local function squares_of(pairs_, value, block)
    local at, list = {}, {}
    for i = 1, #pairs_.pre do
        local pre, post = (pairs_.pre[i] - 1) // block, (pairs_.post[i] - 1) // block
        local key = pre << 32 | post
        if not at[key] then
            at[key] = { pre, post, 0 }
            list[#list + 1] = at[key]
        end
        at[key][3] = at[key][3] + (value == "weight" and pairs_.weight[i] or 1)
    end
    return list
end

-- Layers of squares by colour, and the colours' axis where they differ.
local function coloured(what, list, block, label, unit)
    local values = {}
    for i, one in ipairs(list) do
        values[i] = one[3]
    end
    local low, high = axis.extent { values }
    local groups, layers = {}, {}
    local bar = high > low and panel.axis(what, label, unit, { values }, 0) or nil
    if bar and low > 0 then
        bar.low = 0
    end
    for _, one in ipairs(list) do
        local level = bar and math.floor((one[3] - bar.low) / (bar.high - bar.low) * LEVELS) or 0
        level = math.min(level, LEVELS - 1)
        if not groups[level] then
            groups[level] = { type = "areas", edge = 0,
                colour = bar and { value = (level + 0.5) / LEVELS } or 1 }
            layers[#layers + 1] = groups[level]
        end
        local half = block * (block > 1 and 0.5 or 0.46)
        local x, y = (one[2] + 0.5) * block + 0.5, (one[1] + 0.5) * block + 0.5
        table.insert(groups[level], square(x, y, half))
    end
    return layers, bar
end

--- A matrix of connections: see scripts/plot.md.
---@param options table
return function(options)
    local what = "matrix"
    panel.options(what, options, own)
    local list = links.read(what, options[1], options)
    local n = list.n
    local block = n > FINEST and math.ceil(n / FINEST) or 1
    local value = links.value(what, options.value, list, block)
    local label = value == "weight" and "weight" or "connections"
    local layers, bar = coloured(what, squares_of(list, value, block), block, label,
        value == "weight" and "uS" or nil)
    return panel.new(what, options, {
        kind = "matrix", title = "Connections", layers = layers, colorbar = bar, frame = "box",
        equal = "box", natural = 6.5, columns = links.columns(list),
        x = { label = "postsynaptic cell", low = 0.5, high = n + 0.5, whole = true },
        y = { label = "presynaptic cell", low = 0.5, high = n + 0.5, whole = true, down = true },
    })
end
