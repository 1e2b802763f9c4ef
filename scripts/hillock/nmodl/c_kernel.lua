-- SPDX-License-Identifier: BSD-3-Clause
-- c_kernel: kernels as C. Those of expressions are straight lines in a loop over the instances,
-- which a compiler vectorises; those of statements work on a struct of an instance's variables.

local c = require "hillock.nmodl.c"
local c_statements = require "hillock.nmodl.c_statements"
local program = require "hillock.nmodl.program"

local found, optimise = pcall(require, "hillock.nmodl.optimise")

local c_kernel = {}

local safe, member = c_statements.safe, c_statements.member

--- A field's name as a member of the plugin's struct.
function c_kernel.member(name)
    return member(name)
end

-- ---- all nodes of a kernel

--- Visits the nodes of the steps before the roots.
function c_kernel.visit_steps(kernel, visit)
    for _, step in ipairs(kernel.run and kernel.run.steps or {}) do
        for i = 1, #step.newton do
            visit(step.start[i])
            visit(step.right[i])
            for _, entry in pairs(step.matrix[i]) do
                visit(entry)
            end
        end
    end
end

-- Replaces every node of a kernel by what `change` makes of all of them at once: list -> list.
local function change_all(kernel, change)
    local nodes = {}
    local function take(node)
        nodes[#nodes + 1] = node
    end
    for _, root in ipairs(kernel.roots) do
        take(root.node)
    end
    c_kernel.visit_steps(kernel, take)
    local changed, n = change(nodes), 0
    local function next_node()
        n = n + 1
        return changed[n]
    end
    for _, root in ipairs(kernel.roots) do
        root.node = next_node()
    end
    for _, step in ipairs(kernel.run and kernel.run.steps or {}) do
        for i = 1, #step.newton do
            step.start[i] = next_node()
            step.right[i] = next_node()
            local keys = {}
            for j in pairs(step.matrix[i]) do
                keys[#keys + 1] = j
            end
            for _, j in ipairs(keys) do
                step.matrix[i][j] = next_node()
            end
        end
    end
end

--- Makes the kernels' expressions cheap.
function c_kernel.optimise(p, list)
    if not found or p.plain then
        return
    end
    local kinds = {}
    for kind in pairs(list) do
        kinds[#kinds + 1] = kind
    end
    table.sort(kinds) -- the same text each time: what is made first comes first in products
    for _, kind in ipairs(kinds) do
        local kernel = list[kind]
        if kernel.mode == "graph" then
            change_all(kernel, function(nodes)
                return optimise.roots(p.g, nodes, {})
            end)
        end
    end
end

--- Takes out of the kernels what does not change.
function c_kernel.hoist(list, hoisted)
    for _, kind in ipairs { "current", "advance", "init", "observe" } do
        local kernel = list[kind]
        if kernel and kernel.mode == "graph" then
            change_all(kernel, function(nodes)
                local changed = {}
                for i, node in ipairs(nodes) do
                    changed[i] = hoisted:node(node, kind == "init" or kind == "observe")
                end
                return changed
            end)
        end
    end
end

-- ---- symbols as C

-- The column of a variable in a kernel: which of two where an ion's current has two.
local function column_of(p, columns, variable)
    local field = program.field(variable)
    local symbol = p:symbol(variable)
    if symbol and symbol.ion and symbol.ion.what == "current" and symbol.ion.read
        and columns.of["total_" .. field] then
        return "total_" .. field
    elseif symbol and symbol.class == "parameter" and columns.of[field .. "_now"] then
        return field .. "_now"
    end
    return field
end

-- Gives texts to symbols, and keeps which values are loaded before the loop and in it.
local function new_leaves(p, columns)
    local leaves = { before = {}, inside = {}, names = {} }
    local taken = { b = true, c = true, k = true, e = true }
    local function name_for(text)
        local name = safe(text)
        while taken[name] or name:find "^x%d+$" do
            name = name .. "_"
        end
        taken[name] = true
        return name
    end
    local function add(where, node, name, value)
        name = name_for(name)
        table.insert(leaves[where], ("const double %s = %s;"):format(name, value))
        leaves.names[node] = name
        return name
    end
    function leaves.text(node)
        local known = leaves.names[node]
        if known then
            return known
        end
        local of = node.of
        if of.common then
            return add("before", node, "common" .. of.common, ("b->common[%d]"):format(of.common))
        elseif of.builtin == "v" then
            return add("inside", node, "v", "b->v[k]")
        elseif of.builtin == "diam" or of.builtin == "area" then
            return add("inside", node, of.builtin, ("c->%s[k]"):format(of.builtin))
        elseif of.builtin then
            return add("before", node, of.builtin, "b->" .. of.builtin)
        elseif of.column then
            return add("inside", node, of.column, ("c->%s[k]"):format(member(of.column)))
        elseif of.variable then
            local column = column_of(p, columns, of.variable)
            return add("inside", node, column, ("c->%s[k]"):format(member(column)))
        end
        error("no text for " .. node.name)
    end
    function leaves.own(node, name)
        leaves.names[node] = name_for(name)
        return leaves.names[node]
    end
    return leaves
end

-- ---- a system of equations as a loop

local function depends_on(nodes)
    local set, known = {}, {}
    for _, node in ipairs(nodes) do
        set[node] = true
    end
    local function go(node)
        if set[node] then
            return true
        elseif known[node] ~= nil then
            return known[node]
        end
        local yes = false
        for i = 1, #node do
            yes = go(node[i]) or yes
        end
        known[node] = yes
        return yes
    end
    return go
end

-- Names what the loop needs and does not change, before it.
local function name_outside(writer, nodes, is_inside)
    local seen = {}
    local function go(node)
        if seen[node] then
            return
        end
        seen[node] = true
        if not is_inside(node) then
            writer:name(node)
            return
        end
        for i = 1, #node do
            go(node[i])
        end
    end
    for _, node in ipairs(nodes) do
        go(node)
    end
end

-- Changes the unknowns, and says whether that was the last time.
local function write_change(writer, leaves, step)
    local sum = {}
    for i in ipairs(step.newton) do
        local name = leaves.names[step.newton[i]]
        sum[i] = ("hk_abs(change[%d])"):format(i - 1)
        if not step.sparse then
            sum[i] = ("%s <= 1e-11 * hk_abs(%s) + 1e-18"):format(sum[i], name)
        end
    end
    if step.sparse then
        writer:line("const int near = %s <= 1e-6;", table.concat(sum, " + "))
    else
        writer:line("const int near = %s;", table.concat(sum, " && "))
    end
    for i in ipairs(step.newton) do
        local name = leaves.names[step.newton[i]]
        writer:line("%s -= change[%d];", name, i - 1)
        if step.sparse then
            writer:line("%s = %s < 0 ? 0 : %s;", name, name, name)
        end
    end
end

local function write_newton(writer, leaves, step, number)
    local n = #step.newton
    local nodes = {}
    for i = 1, n do
        nodes[#nodes + 1] = step.right[i]
        for _, entry in pairs(step.matrix[i]) do
            nodes[#nodes + 1] = entry
        end
    end
    local is_inside = depends_on(step.newton)
    name_outside(writer, nodes, is_inside)
    for i = 1, n do
        local start = writer:text(step.start[i], 0)
        local name = leaves.own(step.newton[i], (step.newton[i].name:gsub("`.*", ""):gsub("%[", "_")
            :gsub("%]", "") .. "_new"))
        writer:line("double %s = %s;", name, start)
    end
    writer:line("for (int round%d = 0; round%d < %d; round%d++) {", number, number,
        step.once and 1 or 40, number)
    local names, indent = {}, writer.indent
    for node, name in pairs(writer.names) do
        names[node] = name
    end
    writer.indent = indent .. "    "
    writer:line("double matrix[%d][%d] = {{0}}, change[%d];", n, n, n)
    for i = 1, n do
        writer:line("change[%d] = %s;", i - 1, writer:text(step.right[i], 0))
        for j = 1, n do
            if step.matrix[i][j] then
                writer:line("matrix[%d][%d] = %s;", i - 1, j - 1, writer:text(step.matrix[i][j], 0))
            end
        end
    end
    writer:line("hk_solve(%d, &matrix[0][0], change);", n)
    write_change(writer, leaves, step)
    writer:line "if (near)"
    writer:line "    break;"
    writer.indent = indent
    writer:line "}"
    writer.names = names
end

-- ---- a kernel of expressions

local function line_of(p, at)
    if not at or not p.tree.source then
        return ""
    end
    return (" /* line %d */"):format(p.tree.source:place(at).line)
end

local function write_roots(p, columns, kernel, writer)
    local texts = {}
    for i, root in ipairs(kernel.roots) do -- all values before any store
        local is_leaf = root.node.op == "const" or root.node.op == "symbol"
        texts[i] = is_leaf and writer:text(root.node, 0) or writer:name(root.node)
    end
    for i, root in ipairs(kernel.roots) do
        if root.to == "<i>" then
            writer:line("b->i[k] += %s;", texts[i])
        elseif root.to == "<g>" then
            writer:line("b->g[k] += %s;", texts[i])
        else
            local field = program.field(root.to)
            if columns.of[field .. "_now"] then
                field = field .. "_now"
            end
            writer:line("c->%s[k] = %s;%s", member(field), texts[i], line_of(p, root.at))
        end
    end
end

local function all_nodes(kernel)
    local nodes = {}
    for _, root in ipairs(kernel.roots) do
        nodes[#nodes + 1] = root.node
    end
    c_kernel.visit_steps(kernel, function(node)
        nodes[#nodes + 1] = node
    end)
    return nodes
end

local function write_graph(out, p, prefix, kernel, columns, derived, first_values)
    if #kernel.roots == 0 and #derived == 0 and #first_values == 0 then
        return false
    end
    local leaves = new_leaves(p, columns)
    local writer = c.writer(leaves.text, "        ")
    writer:prepare(all_nodes(kernel))
    for number, step in ipairs(kernel.run.steps or {}) do
        write_newton(writer, leaves, step, number)
        p.includes = p.includes or {}
        p.includes["hillock/nmodl.h"] = true
    end
    write_roots(p, columns, kernel, writer)
    for _, item in ipairs(first_values) do
        writer:line("c->%s[k] = %d;", item[1], item[2])
    end
    out("HK_KERNEL(%s, %s) {", prefix, kernel.kind)
    local first
    if #derived > 0 then
        first = new_leaves(p, columns)
        local before = c.writer(first.text, "        ")
        local nodes = {}
        for i, item in ipairs(derived) do
            nodes[i] = item.node
        end
        before:prepare(nodes)
        for _, item in ipairs(derived) do
            before:line("c->%s[k] = %s;", member(item.name), before:text(item.node, 0))
        end
        p.libm = p.libm or before.libm
        first.lines = before.lines
    end
    local said = {}
    for _, list in ipairs { first and first.before or {}, leaves.before } do
        for _, line in ipairs(list) do
            if not said[line] then
                said[line] = true
                out("    " .. line)
            end
        end
    end
    for _, loop in ipairs { first or false, { inside = leaves.inside, lines = writer.lines } } do
        if loop and #loop.lines > 0 then
            out "    HK_EACH(k, b) {"
            for _, line in ipairs(loop.inside) do
                out("        " .. line)
            end
            for _, line in ipairs(loop.lines) do
                out(line)
            end
            out "    }"
        end
    end
    out "}"
    out ""
    p.libm = p.libm or writer.libm
    return true
end

--- Writes the kernels. Returns the list of hooks that the plugin has.
function c_kernel.write(out, p, prefix, list, hoisted, columns, events)
    local hooks = {}
    for _, kind in ipairs { "init", "current", "advance", "observe" } do
        local kernel = list[kind]
        local written
        if kernel.mode == "graph" then
            written = write_graph(out, p, prefix, kernel, columns,
                kind == "init" and hoisted.derived or {},
                kind == "init" and events:first() or {})
        else
            written = events:write_kernel(out, kernel, columns, hoisted,
                kind == "init" and hoisted.derived or {})
        end
        if written then
            hooks[#hooks + 1] = kind
        end
    end
    return hooks
end

return c_kernel
