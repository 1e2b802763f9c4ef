-- SPDX-License-Identifier: BSD-3-Clause
-- walk: what is below a node of the tree of a mechanism, in the order in which it is computed.

local walk = {}

-- The fields of each kind that hold an expression, and those that hold statements.
local expressions = {
    assign = { "index", "value" }, ["if"] = { "test" }, ["while"] = { "test" },
    from = { "first", "last", "by" }, table = { "from", "to", "with" },
    reaction = { "forward", "backward" }, flux = { "rate" }, equation = { "left", "right" },
    conserve = { "value" }, compartment = { "volume" }, longitudinal = { "volume" },
    name = { "index" }, reactant = { "index" }, binary = { "left", "right" }, unary = { "value" },
    scale = { "value" },
}

local bodies = {
    ["if"] = { "yes", "no" }, ["while"] = { "body" }, from = { "body" }, block = { "body" },
    net_initial = { "body" }, for_netcons = { "body" }, solve = { "iferror" },
}

--- Calls visit(node) for each statement below a list of them, outer before inner.
function walk.statements(list, visit)
    for _, node in ipairs(list or {}) do
        visit(node)
        if node.kind == "protect" then
            visit(node.statement)
        end
        for _, field in ipairs(bodies[node.kind] or {}) do
            walk.statements(node[field], visit)
        end
    end
end

--- The lists of statements in a statement.
function walk.bodies(node)
    local list = {}
    for _, field in ipairs(bodies[node.kind] or {}) do
        list[#list + 1] = node[field]
    end
    return list
end

--- The expressions of a node, statement or expression, without what is below them.
function walk.parts(node)
    local list = {}
    for _, field in ipairs(expressions[node.kind] or {}) do
        if node[field] then
            list[#list + 1] = node[field]
        end
    end
    if node.kind == "call" then
        table.move(node.args, 1, #node.args, 1, list)
    elseif node.kind == "watch" then
        for _, watch in ipairs(node.list) do
            list[#list + 1] = watch.condition
            list[#list + 1] = watch.flag
        end
    end
    return list
end

--- Calls visit(node) for an expression and all below it.
function walk.expression(node, visit)
    visit(node)
    for _, part in ipairs(walk.parts(node)) do
        walk.expression(part, visit)
    end
end

return walk
