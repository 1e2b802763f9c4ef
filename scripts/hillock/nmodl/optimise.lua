-- SPDX-License-Identifier: BSD-3-Clause
-- optimise: other roots for a kernel's expressions, equal in value but for rounding, with as few
-- exponentials and divisions as a hand-written kernel has. The expressions go into a normal form
-- (normal, monomial, exponentials), a plan says what shares an exponential or a division
-- (divisions), and lowering makes nodes of it. What comes out is compared with what went in, at
-- some points; what differs there stays as it was.

local divisions = require "hillock.nmodl.divisions"
local graph = require "hillock.nmodl.graph"
local lowering = require "hillock.nmodl.lowering"
local normal = require "hillock.nmodl.normal"

local optimise = {}

-- Are both equal, but for rounding, wherever the old one is a number?
local function is_same(old, new, points)
    for _, values in ipairs(points) do
        local fine, want = pcall(graph.evaluate, old, values)
        local also, got = pcall(graph.evaluate, new, values)
        if not fine or not also then
            return fine == also -- a function of which nothing is known
        end
        local off = math.abs(got - want)
        if want == want and math.abs(want) < 1e200
            and (off ~= off or off > 1e-9 * math.abs(want) + 1e-13) then
            return false
        end
    end
    return true
end

-- Points at which old and new are compared.
local function points_of(roots)
    local symbols, seen, points = {}, {}, {}
    for _, root in ipairs(roots) do
        normal.symbols_of(root, symbols, seen)
    end
    for seed = 1, 4 do
        local values = normal.values_of(symbols, 100 + seed)
        for _, node in ipairs(symbols) do
            if node.name == "celsius" then
                values.celsius = 10.0 * seed
            elseif node.name == "dt" then
                values.dt = 0.05 / seed
            elseif node.level >= graph.DYNAMIC and node.name ~= "v" then
                values[node.name] = (values[node.name] + 61) / 122 -- a gate, a concentration
            end
        end
        points[seed] = values
    end
    return points
end

local function lower(g, roots, most)
    local algebra = normal.new(g, roots)
    local monos, list = {}, {}
    for _ = 1, 3 do -- until each sum that is a divisor somewhere has one denominator everywhere
        for i, root in ipairs(roots) do
            monos[i] = algebra:normal(root)
        end
        if not algebra.again then
            break
        end
        algebra.again, algebra.normals = false, {}
    end
    local to = lowering.new(algebra, divisions.plan(algebra, monos, most))
    for i, mono in ipairs(monos) do
        list[i] = to:mono(mono)
    end
    return list
end

--- Cheaper nodes in the same graph for these. options.share: how many quotients one division may
--- give (3).
---@param g table the graph
---@param roots table a list of its nodes
---@param options? table
---@return table list
function optimise.roots(g, roots, options)
    options = options or {}
    local fine, list = pcall(lower, g, roots, options.share or 3)
    if not fine then
        if options.strict then
            error(list, 0)
        end
        return { table.unpack(roots) }
    end
    local points = points_of(roots)
    for i, root in ipairs(roots) do
        if not is_same(root, list[i], points) then
            if options.strict then
                error("optimise: root " .. i .. " differs", 0)
            end
            list[i] = root
        end
    end
    return list
end

return optimise
