-- SPDX-License-Identifier: BSD-3-Clause
-- shape: the outline of a cell in a plane: a quadrilateral for each piece between two points, as
-- wide as it is thick, and round joints. Sections without points are laid out: each goes on from
-- where it joins its parent, and those that join at one place spread like a fan.

local shape = {}

local FAN <const> = 2 * math.pi / 3

-- The points { x, y, z, diameter } of sections that have none.
local function laid_out(section, parent, k, of)
    local from = { 0, 0, 0 }
    local angle = 0
    if parent then
        local a, b = parent.points[1], parent.points[#parent.points]
        local x = section.parent_x
        from = { a[1] + (b[1] - a[1]) * x, a[2] + (b[2] - a[2]) * x, a[3] + (b[3] - a[3]) * x }
        angle = parent.angle or math.atan(b[2] - a[2], b[1] - a[1])
        if x == 0 then
            angle = angle + math.pi
        elseif x < 1 then
            angle = angle + math.pi / 2
        end
        if of > 1 then
            angle = angle + FAN * ((k - 1) / (of - 1) - 0.5)
        end
    end
    local L, d = section.L, section.diam
    local to = { from[1] + L * math.cos(angle), from[2] + L * math.sin(angle), from[3], d }
    return { { from[1], from[2], from[3], d }, to }, angle
end

--- The sections of a cell type's state: lists { points =, section = }.
function shape.sections(state)
    local list, joined, order = {}, {}, {}
    local sections = state.sections(state)
    for i, section in ipairs(sections) do
        local key = ("%s/%s"):format(section.parent, section.parent_x)
        joined[key] = (joined[key] or 0) + 1
        order[i] = joined[key]
    end
    for i, section in ipairs(sections) do
        local points, angle = state.morph:points(i), nil
        if #points == 0 then
            local key = ("%s/%s"):format(section.parent, section.parent_x)
            points, angle = laid_out(section, list[section.parent], order[i], joined[key])
        end
        list[i] = { points = points, section = section, angle = angle }
    end
    return list
end

local columns = { x = 1, y = 2, z = 3 }

--- The two columns of points that a plane such as "xy" shows; nil where it is none.
function shape.plane(name)
    local a, b = name:match "^([xyz])([xyz])$"
    if a and a ~= b then
        return columns[a], columns[b]
    end
end

-- A disc, as a polygon.
local function disc(x, y, radius)
    local area = { x = {}, y = {} }
    for k = 0, 16 do
        local a = 2 * math.pi * k / 16
        area.x[k + 1], area.y[k + 1] = x + radius * math.cos(a), y + radius * math.sin(a)
    end
    return area
end

-- The piece from a to b; a disc where it points at the reader.
local function piece(a, b, u, v)
    local dx, dy = b[u] - a[u], b[v] - a[v]
    local length = math.sqrt(dx * dx + dy * dy)
    if length < 1e-6 then
        return disc(a[u], a[v], math.max(a[4], b[4]) / 2)
    end
    local nx, ny = -dy / length / 2, dx / length / 2
    return {
        x = { a[u] + nx * a[4], b[u] + nx * b[4], b[u] - nx * b[4], a[u] - nx * a[4],
            a[u] + nx * a[4] },
        y = { a[v] + ny * a[4], b[v] + ny * b[4], b[v] - ny * b[4], a[v] - ny * a[4],
            a[v] + ny * a[4] },
    }
end

local function between(a, b, s)
    local point = {}
    for k = 1, 4 do
        point[k] = a[k] + (b[k] - a[k]) * s
    end
    return point
end

local function distance(a, b)
    return math.sqrt((b[1] - a[1]) ^ 2 + (b[2] - a[2]) ^ 2 + (b[3] - a[3]) ^ 2)
end

-- Whether the way from a over b to c has a corner (of more than 3 degrees).
local function bends(a, b, c)
    local dot = 0
    for k = 1, 3 do
        dot = dot + (b[k] - a[k]) * (c[k] - b[k])
    end
    return dot < 0.9986 * distance(a, b) * distance(b, c)
end

--- Calls add(area, number of the segment) for each piece of a section, cut where segments end; `u`
--- and `v` are the columns of the plane.
function shape.pieces(one, u, v, add)
    local points, section = one.points, one.section
    local whole = 0
    for k = 2, #points do
        whole = whole + distance(points[k - 1], points[k])
    end
    local gone, before = 0, nil
    for k = 2, #points do
        local a, b = points[k - 1], points[k]
        local step = distance(a, b)
        if step > 0 then
            local from, to = gone / whole * section.nseg, (gone + step) / whole * section.nseg
            local first = math.min(section.nseg - 1, math.floor(from + 1e-9))
            local last = math.max(first, math.min(section.nseg - 1, math.ceil(to - 1e-9) - 1))
            for n = first, last do
                local s = math.max(0, (n - from) / (to - from))
                local e = math.min(1, (n + 1 - from) / (to - from))
                local begin = between(a, b, s)
                if n == first and before and bends(before, a, b) then
                    add(disc(begin[u], begin[v], begin[4] / 2), section.first + n)
                end
                add(piece(begin, between(a, b, e), u, v), section.first + n)
            end
            gone, before = gone + step, a
        end
    end
end

return shape
