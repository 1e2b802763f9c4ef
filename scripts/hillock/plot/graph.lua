-- SPDX-License-Identifier: BSD-3-Clause
-- graph: cells on a circle, and an arrow for each connection.

local keys = require "hillock.keys"
local links = require "hillock.plot.links"
local panel = require "hillock.plot.panel"

local own = { groups = "any", n = "count from 1", labels = "boolean|table", node = "positive" }

local MOST <const> = 200 -- cells on a circle
local STEPS <const> = 16 -- straight pieces of a bow
local LOOP <const> = 1.5 -- from a node's middle to that of its loop, by its radius
local LETTER <const> = 0.055 -- about the size of a letter, by the circle's radius

local function circle(x, y, radius)
    local area = { x = {}, y = {} }
    for k = 0, 32 do
        local a = 2 * math.pi * k / 32
        area.x[k + 1], area.y[k + 1] = x + radius * math.cos(a), y + radius * math.sin(a)
    end
    return area
end

-- The first cell is at the top; they go round clockwise.
local function place_of(i, n)
    local a = math.pi / 2 - 2 * math.pi * (i - 1) / n
    return math.cos(a), math.sin(a)
end

-- A bow from a to b that bends to its left, so that the two ways of a pair lie apart, and ends
-- `gap` before b: points, and the direction at the end.
local function bow(ax, ay, bx, by, gap)
    local dx, dy = bx - ax, by - ay
    local bend = 0.09
    local mx, my = (ax + bx) / 2 - dy * bend, (ay + by) / 2 + dx * bend
    local points, ex, ey = {}, nil, nil
    for k = 0, STEPS * 4 do
        local s = k / (STEPS * 4)
        local x = (1 - s) ^ 2 * ax + 2 * s * (1 - s) * mx + s * s * bx
        local y = (1 - s) ^ 2 * ay + 2 * s * (1 - s) * my + s * s * by
        if (x - bx) ^ 2 + (y - by) ^ 2 < gap * gap then
            break
        end
        points[#points + 1], ex, ey = { x, y }, x, y
    end
    if not ex then
        return nil
    end
    local length = math.sqrt((bx - ex) ^ 2 + (by - ey) ^ 2)
    return points, (bx - ex) / length, (by - ey) / length
end

-- The head of an arrow at x, y in the direction u, v.
local function head(x, y, u, v, size)
    local bx, by, h = x - u * size, y - v * size, size * 0.42
    return { x = { x, bx - v * h, bx + v * h, x }, y = { y, by + u * h, by - u * h, y } }
end

local function arrow(edges, list, i, node)
    local pre, post = list.pre[i], list.post[i]
    local ax, ay = place_of(pre, list.n)
    local bx, by = place_of(post, list.n)
    local size = math.min(0.075, node * 0.75)
    if pre == post then -- a loop outside the circle
        local loop = circle(ax * (1 + LOOP * node), ay * (1 + LOOP * node), node * 0.9)
        for k = 2, #loop.x do
            edges:line(loop.x[k - 1], loop.y[k - 1], loop.x[k], loop.y[k])
        end
        return
    end
    local points, u, v = bow(ax, ay, bx, by, node * 1.12)
    if not points then
        return
    end
    local last = points[#points]
    edges.heads[#edges.heads + 1] = head(last[1], last[2], u, v, size)
    for k = 2, #points do -- the line ends within the head
        if (points[k][1] - last[1]) ^ 2 + (points[k][2] - last[2]) ^ 2 > (size * 0.7) ^ 2 then
            edges:line(points[k - 1][1], points[k - 1][2], points[k][1], points[k][2])
        end
    end
end

local function edges_of(colour, width)
    local edges = {
        lines = { type = "pieces", x0 = {}, y0 = {}, x1 = {}, y1 = {}, colour = colour, pale = 0.35,
            width = width },
        heads = { type = "areas", colour = colour, pale = 0.1 },
    }
    function edges:line(x0, y0, x1, y1)
        local l = self.lines
        local k = #l.x0 + 1
        l.x0[k], l.y0[k], l.x1[k], l.y1[k] = x0, y0, x1, y1
    end
    return edges
end

-- Where a node's label stands: beyond the node and its loop, by as much as the label reaches back.
local function label_at(x, y, node, words, loop)
    local reach = (0.5 + math.abs(x) * 0.5 * utf8.len(words)) * LETTER
    local out = 1 + (loop and (LOOP + 0.9) * node or node) + 0.025 + reach
    return x * out, y * out
end

-- Nodes by colour, with their labels; and how far from the middle those reach.
local function nodes_of(list, node, colour_of, labels, layers)
    local by, words, loops, far = {}, {}, {}, 1 + 3 * node
    for k = 1, #list.pre do
        loops[list.pre[k]] = loops[list.pre[k]] or list.pre[k] == list.post[k]
    end
    for i = 1, list.n do
        local x, y = place_of(i, list.n)
        local colour = colour_of(i)
        if not by[colour] then
            by[colour] = { type = "areas", colour = colour, edge = 0.8, edge_colour = "ground" }
            layers[#layers + 1] = by[colour]
        end
        table.insert(by[colour], circle(x, y, node))
        if labels ~= false then
            local name = tostring(type(labels) == "table" and labels[i] or i)
            local at_x, at_y = label_at(x, y, node, name, loops[i])
            local half = 0.5 * utf8.len(name) * LETTER
            far = math.max(far, math.abs(at_x) + half, math.abs(at_y) + LETTER)
            words[i] = { at_x, at_y, name }
        end
    end
    return words, far
end

--- A graph of connections: see scripts/plot.md.
---@param options table
return function(options)
    local what = "graph"
    panel.options(what, options, own)
    local list = links.read(what, options[1], options)
    if list.n > MOST then
        keys.fail("%s: %d cells do not fit on a circle: use hk.plot.matrix, or choose some by "
            .. "groups", what, list.n)
    end
    local several = list.groups and #list.groups > 1
    local function colour_of(i)
        local g = list.group[i]
        local group = list.groups and list.groups[g]
        return several and (group.color or panel.colour(what, options, g))
            or panel.colour(what, options, several and g or i)
    end
    local node = options.node or math.min(0.09, 2.2 / list.n)
    local width = #list.pre > 150 and 0.4 or #list.pre > 60 and 0.6 or 0.8
    local by, layers = {}, {}
    for i = 1, #list.pre do
        local colour = colour_of(list.pre[i])
        if not by[colour] then
            by[colour] = edges_of(colour, width)
            table.insert(layers, by[colour].lines)
            table.insert(layers, by[colour].heads)
        end
        arrow(by[colour], list, i, node)
    end
    for k = #layers, 1, -1 do -- of loops alone there are no heads, of none no lines
        local layer = layers[k]
        if layer.type == "areas" and #layer == 0 or layer.type == "pieces" and #layer.x0 == 0 then
            table.remove(layers, k)
        end
    end
    local labels = options.labels
    if labels == nil then
        labels = list.n <= 40
    end
    local words, reach = nodes_of(list, node, colour_of, labels, layers)
    local legend = {}
    for g, group in ipairs(several and list.groups or {}) do
        legend[g] = { name = group.name, mark = "dot",
            colour = group.color or panel.colour(what, options, g) }
    end
    return panel.new(what, options, {
        kind = "graph", title = "Network", layers = layers, words = words, frame = "none",
        equal = "fit", natural = 6.5, columns = links.columns(list), legend = several and legend,
        x = { low = -reach, high = reach }, y = { low = -reach, high = reach },
    })
end
