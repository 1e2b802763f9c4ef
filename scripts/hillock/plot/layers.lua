-- SPDX-License-Identifier: BSD-3-Clause
-- layers: what a panel draws, as data blocks and elements of gnuplot's `plot`. A layer is one of
--
--     { type = "lines", x =, y =, colour =, width =, series =, dashed = }   a curve
--     { type = "pieces", x0 =, y0 =, x1 =, y1 =, colour =, width = }        separate straight lines
--     { type = "dots", x =, y =, colour =, size = }                       round dots, by the 10 000
--     { type = "areas", { x =, y = }, ..., colour =, edge = }               filled polygons
--
-- Dots are lines of no length with round ends: they are smaller in a file than symbols. What cannot
-- be told apart in print is left out: dots that lie on another, and of a series of samples all but
-- the least and the greatest in each column of a quarter of a point.

local theme = require "hillock.plot.theme"

local layers = {}

local FINE <const> = 4 -- columns a point

-- The samples that show: the first, least, greatest and last of each column.
local function thinned(x, y, low, high, width)
    local columns = math.ceil(width * FINE)
    if #x <= 4 * columns then
        return x, y
    end
    local X, Y = {}, {}
    local function keep(i)
        X[#X + 1], Y[#Y + 1] = x[i], y[i]
    end
    local function column(first, last)
        local least, greatest = first, first
        for i = first, last do
            least = y[i] < y[least] and i or least
            greatest = y[i] > y[greatest] and i or greatest
        end
        local order = { first, math.min(least, greatest), math.max(least, greatest), last }
        for k, i in ipairs(order) do
            if i ~= order[k - 1] then
                keep(i)
            end
        end
    end
    local scale, first, at = columns / (high - low), 1, nil
    for i = 1, #x do
        local here = (x[i] - low) * scale // 1
        if at and here ~= at then
            column(first, i - 1)
            first = i
        end
        at = here
    end
    column(first, #x)
    return X, Y
end

local function curve(layer, box, out)
    local x, y = layer.x, layer.y
    if layer.series then
        x, y = thinned(x, y, box.x.low, box.x.high, box.width)
    end
    for i = 1, #x do
        out[#out + 1] = y[i] == y[i] and ("%.7g %.7g"):format(x[i], y[i]) or ""
    end
end

local function pieces(layer, _, out)
    for i = 1, #layer.x0 do
        out[#out + 1] = ("%.7g %.7g\n%.7g %.7g\n"):format(layer.x0[i], layer.y0[i], layer.x1[i],
            layer.y1[i])
    end
end

local function dots(layer, box, out)
    local grain = 3 / layer.size -- of a dot, a third
    local x_scale = box.width / (box.x.high - box.x.low)
    local y_scale = box.height / (box.y.high - box.y.low)
    local length = 0.05 / x_scale -- gnuplot's SVG leaves out lines of no length at all
    local seen = {}
    for i = 1, #layer.x do
        local x, y = layer.x[i], layer.y[i]
        local here = (x * x_scale * grain // 1) << 24 ~ (y * y_scale * grain // 1)
        if not seen[here] then
            seen[here] = true
            out[#out + 1] = ("%.7g %.7g\n%.7g %.7g\n"):format(x, y, x + length, y)
        end
    end
end

local function areas(layer, _, out)
    for _, area in ipairs(layer) do
        for i = 1, #area.x do
            out[#out + 1] = ("%.7g %.7g"):format(area.x[i], area.y[i])
        end
        out[#out + 1] = ""
    end
end


local writers = { lines = curve, pieces = pieces, dots = dots, areas = areas }

--- The layer's data block, its lines in a list, in the box { x =, y = (axes), width =, height = }.
function layers.data(layer, box)
    local out = {}
    writers[layer.type](layer, box, out)
    return out
end

local function stroke(layer, chosen, width)
    local dash = layer.dashed and " dt (6,4)" or ""
    return ("with lines lw %.3g lc rgb '%s'%s"):format(width,
        theme.colour(chosen, layer.colour, layer.pale), dash)
end

--- The layer's element of `plot`, of the data block of that name.
function layers.element(layer, name, chosen)
    if layer.type == "areas" then
        local colour = theme.colour(chosen, layer.colour, layer.pale)
        local edge = layer.edge or 0
        return ("%s using 1:2 with filledcurves closed fc rgb '%s' fs solid 1.0 %s"):format(name,
            colour, edge > 0 and ("border lc rgb '%s' lw %.3g"):format(
            layer.edge_colour and theme.colour(chosen, layer.edge_colour) or colour, edge)
            or "noborder")
    elseif layer.type == "dots" then
        return ("%s using 1:2 %s"):format(name, stroke(layer, chosen, layer.size))
    end
    return ("%s using 1:2 %s"):format(name, stroke(layer, chosen, layer.width or theme.size.line))
end

return layers
