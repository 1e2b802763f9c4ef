-- SPDX-License-Identifier: BSD-3-Clause
-- points: the points of an SWC file as the tree that DendroTweaks (0.5) makes of it: doublets gone,
-- the soma three points, children in its order, the whole moved and turned upright. Sections hold
-- points in single precision, so that lengths depend on where the cell lies: hence the last step.

local core = require "hillock.core"
local keys = require "hillock.keys"
local track = require "hillock.track"

local points = {}

local SOMA, APICAL = 1, 4

-- Half way goes to the even neighbour, as in IEEE's rint.
local function nearest_whole(x)
    local shift = 6755399441055744.0 -- 1.5 * 2^52
    return x + shift - shift
end

-- To eight decimals, as numpy rounds.
local function rounded(x)
    return nearest_whole(x * 1e8) / 1e8
end

-- ---- the tree

-- All nodes below and with the root, each before its children.
local function preorder(root)
    local list, stack = {}, { root }
    while #stack > 0 do
        local node = table.remove(stack)
        list[#list + 1] = node
        for i = #node.children, 1, -1 do
            stack[#stack + 1] = node.children[i]
        end
    end
    return list
end

local function detach(node)
    local siblings = node.parent.children
    for i = 1, #siblings do
        if siblings[i] == node then
            table.remove(siblings, i)
            break
        end
    end
    node.parent = nil
end

local function attach(node, parent)
    node.parent = parent
    table.insert(parent.children, node)
end

-- A new node of the kind of one, in the place of another.
local function like(kind, place)
    return {
        id = -1, type = kind.type, domain = kind.domain, line = kind.line, children = {},
        x = place.x, y = place.y, z = place.z, diam = place.diam,
    }
end

-- Are they at the same place, to five digits?
local function overlap(node, parent)
    for _, axis in ipairs { "x", "y", "z" } do
        if math.abs(node[axis] - parent[axis]) > 1e-8 + 1e-5 * math.abs(parent[axis]) then
            return false
        end
    end
    return true
end

-- Takes out what overlaps with its parent; its children move up, behind the others there.
local function remove_doublets(tree)
    local doublets = {}
    for _, node in ipairs(preorder(tree.nodes[1])) do
        if node.parent and overlap(node, node.parent) then
            doublets[#doublets + 1] = node
            doublets[node] = true
        end
    end
    for _, node in ipairs(doublets) do
        for _, child in ipairs(table.move(node.children, 1, #node.children, 1, {})) do
            attach(child, node.parent)
        end
        detach(node)
    end
    local kept = {}
    for _, node in ipairs(tree.nodes) do
        if not doublets[node] then
            kept[#kept + 1] = node
        end
    end
    tree.nodes = kept
end

-- Are the ids 0, 1, ... in an order that visits each branch as a whole?
local function is_sorted(tree)
    for i, node in ipairs(tree.nodes) do
        if node.id ~= i - 1 then
            return false
        end
    end
    for i, node in ipairs(preorder(tree.nodes[1])) do
        if node ~= tree.nodes[i] then
            return false
        end
    end
    return true
end

-- Children with fewer branching points come first, those with as many stay as they are; nodes are
-- numbered branch after branch.
local function sort(tree)
    if is_sorted(tree) then
        return
    end
    local list, forks = preorder(tree.nodes[1]), {}
    for i = #list, 1, -1 do
        local node = list[i]
        local n = #node.children > 1 and 1 or 0
        for k, child in ipairs(node.children) do
            n, child.place = n + forks[child], k
        end
        forks[node] = n
        table.sort(node.children, function(a, b)
            if forks[a] ~= forks[b] then
                return forks[a] < forks[b]
            end
            return a.place < b.place
        end)
    end
    tree.nodes = preorder(tree.nodes[1])
    for i, node in ipairs(tree.nodes) do
        node.id = i - 1
    end
end

-- ---- the soma

local function of_type(tree, type)
    local list = {}
    for _, node in ipairs(tree.nodes) do
        if node.type == type then
            list[#list + 1] = node
        end
    end
    return list
end

-- A soma of one point gets two more, a radius away along x.
local function complete_soma(tree)
    local soma = of_type(tree, SOMA)
    if #soma > 3 then
        keys.fail("%s:%d: a soma of %d points: DendroTweaks reads one point, or three of which the "
            .. "second and the third hang on the first; draw it as one of these", tree.path,
            soma[1].line, #soma)
    elseif #soma == 1 then
        local middle = soma[1]
        for _, side in ipairs { 1, -1 } do
            local node = like(middle, middle)
            node.x = middle.x + side * middle.diam / 2
            attach(node, middle)
            table.insert(tree.nodes, node)
        end
    end
end

-- ---- where the cell lies

local function centre(list)
    local x, y, z = 0.0, 0.0, 0.0
    for _, node in ipairs(list) do
        x, y, z = x + node.x, y + node.y, z + node.z
    end
    return x / #list, y / #list, z / #list
end

-- Puts the soma's middle at the origin.
local function move(tree)
    local x, y, z = centre(of_type(tree, SOMA))
    for _, node in ipairs(tree.nodes) do
        node.x, node.y, node.z = rounded(node.x - x), rounded(node.y - y), rounded(node.z - z)
    end
end

-- The rotation by an angle about an axis, which has the length 1, as rows: by a quaternion.
local function rotation(x, y, z, angle)
    local s, w = math.sin(angle / 2), math.cos(angle / 2)
    x, y, z = s * x, s * y, s * z
    return {
        { x * x - y * y - z * z + w * w, 2 * (x * y - z * w), 2 * (x * z + y * w) },
        { 2 * (x * y + z * w), -x * x + y * y - z * z + w * w, 2 * (y * z - x * w) },
        { 2 * (x * z - y * w), 2 * (y * z + x * w), -x * x - y * y + z * z + w * w },
    }
end

-- Turns the cell so that the apical points' middle is above the soma, in the direction of y.
local function turn(tree)
    local apical = of_type(tree, APICAL)
    if #apical == 0 then
        return
    end
    local sx, sy, sz = centre(of_type(tree, SOMA))
    local ax, ay, az = centre(apical)
    local x, y, z = ax - sx, ay - sy, az - sz
    local length = math.sqrt(x * x + y * y + z * z)
    local upright = math.abs(x / length) <= 1e-8 and math.abs(z / length) <= 1e-8
        and math.abs(y / length - 1) <= 1e-8 + 1e-5
    local sideways = math.sqrt(x * x + z * z)
    if upright or sideways == 0 then
        return
    end
    local m = rotation(-z / sideways, 0.0, x / sideways, math.acos(y / length))
    for _, node in ipairs(tree.nodes) do
        x, y, z = node.x - sx, node.y - sy, node.z - sz
        node.x = m[1][1] * x + m[1][2] * y + m[1][3] * z + sx
        node.y = m[2][1] * x + m[2][2] * y + m[2][3] * z + sy
        node.z = m[3][1] * x + m[3][2] * y + m[3][3] * z + sz
    end
end

-- ---- all of it

-- Each branch begins with a copy of the point that it leaves, the root's branches excepted.
local function begin_branches(tree)
    for _, fork in ipairs(table.move(tree.nodes, 1, #tree.nodes, 1, {})) do
        if fork.parent and #fork.children > 1 then
            for _, child in ipairs(table.move(fork.children, 1, #fork.children, 1, {})) do
                local copy = like(child, fork)
                attach(copy, fork)
                detach(child)
                attach(child, copy)
                table.insert(tree.nodes, copy)
            end
        end
    end
end

--- The points of an SWC file, branch after branch; the first is the root. Each is a table { type,
--- domain (what the file's header calls the type, or nil), x, y, z, diam, parent, children, line }.
--- The first point of a branch stands where the one that it hangs on does, except at the root.
---@param path string
function points.read(path)
    local nodes = core.swc_points(track.file(path, "morphology"))
    for _, node in ipairs(nodes) do
        node.parent, node.children = node.parent and nodes[node.parent], {}
    end
    table.sort(nodes, function(a, b) return a.line < b.line end)
    local root
    for _, node in ipairs(nodes) do
        if node.parent then
            table.insert(node.parent.children, node)
        else
            root = node
        end
    end
    local tree = { path = path, nodes = nodes }
    if nodes[1] ~= root then -- lines in another order: the root goes first
        for i, node in ipairs(nodes) do
            if node == root then
                table.insert(nodes, 1, table.remove(nodes, i))
                break
            end
        end
    end
    remove_doublets(tree)
    complete_soma(tree)
    sort(tree)
    move(tree)
    turn(tree)
    for _, node in ipairs(tree.nodes) do
        node.x, node.y, node.z = rounded(node.x), rounded(node.y), rounded(node.z)
        node.diam = 2 * rounded(node.diam / 2)
    end
    begin_branches(tree)
    sort(tree)
    return tree.nodes
end

return points
